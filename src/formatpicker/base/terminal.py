"""The terminal: what it can show, text laid out for it, and the one place where text is written to it.

Renderers put marks for emphasis into text; ``finished`` turns them into colours, or drops them, and makes everything
else safe for a terminal. A mark begins with characters drawn at random for this process, so no text from a catalog, a
table or an answer can hold one.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, TextIO

import msgspec
from msgspec import Struct

from formatpicker.base.text import ascii_json, printable, safe_json
from formatpicker.base.validity import today
from formatpicker.errors import InputError

# Eight characters for private use: ``printable`` leaves none of them in any text.
_SECRET = "".join(chr(0x100000 + byte) for byte in os.urandom(8))
MARKS = tuple(f"{_SECRET}{sign}" for sign in "0123456")
_END, BOLD, DIM, GREEN, YELLOW, RED, CYAN = MARKS
_CODES = dict(zip(MARKS, ("0", "1", "2", "32", "33", "31", "36"), strict=True))
_MARKS = f"({_SECRET}[0-6])"
LEAST_WIDTH = 20
MOST_WIDTH = 100


class Screen(Struct, frozen=True):
    """What the output can show: its size, whether it takes more than ASCII in bars and marks, and the day of reading.

    Without a day, nothing is said to have run out.
    """

    width: int = 80
    height: int = 24
    unicode: bool = True
    today: str | None = None

    @property
    def columns(self) -> int:
        """The width that text is set in."""
        return max(LEAST_WIDTH, min(self.width, MOST_WIDTH))


def marked(mark: str, text: str) -> str:
    """Text with emphasis."""
    return f"{mark}{text}{_END}"


def finished(text: str, colour: bool) -> str:
    """Marked text as it may be written: controls stripped, marks turned into colours or dropped."""
    drawn = {mark: f"\x1b[{code}m" if colour else "" for mark, code in _CODES.items()}
    return "".join(drawn[piece] if piece in drawn else printable(piece) for piece in re.split(_MARKS, text))


def wrapped(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """Text in lines of at most some columns, with an indent for the first line and one for the rest."""
    lines = textwrap.wrap(
        printable(re.sub(_MARKS, "", text)).replace("\n", " "),
        columns,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_on_hyphens=False,
    )
    return lines or [first.rstrip()]


def titled(text: str, columns: int) -> list[str]:
    """A heading in lines of at most some columns."""
    return emphasized(BOLD, text, columns)


def emphasized(mark: str, text: str, columns: int, indent: str = "") -> list[str]:
    """Text in lines of at most some columns, with emphasis on every line."""
    return [marked(mark, line) for line in wrapped(text, columns, indent)]


def bar(share: float, columns: int, unicode: bool = True) -> str:
    """A bar for a share of 1."""
    full = round(share * columns)
    fill, rest = ("█", "░") if unicode else ("#", ".")
    return fill * full + rest * (columns - full)


def emit(text: str) -> None:
    """Write a result to standard output."""
    write(text, sys.stdout)


def notify(text: str) -> None:
    """Write a line to standard error, where there is one."""
    with contextlib.suppress(InputError):
        write(text + "\n", sys.stderr)


def emit_json(data: Any, indent: int | None = 2) -> None:
    """Write a JSON document to standard output, on one line without an indent; what a terminal obeys stays escaped."""
    put(_json_text(data, sys.stdout, indent), sys.stdout)


def escape_json(wanted: bool) -> None:
    """Whether JSON is written in ASCII from now on, all other characters escaped."""
    _JSON["ascii"] = wanted


def escapes_json() -> bool:
    """Whether it is; for what writes JSON by itself."""
    return _JSON["ascii"]


_JSON = {"ascii": False}


def notify_json(data: Any) -> None:
    """Write one JSON document to standard error, where there is one."""
    with contextlib.suppress(InputError):
        put(_json_text(data, sys.stderr), sys.stderr)


def _json_text(data: Any, stream: TextIO | None, indent: int | None = 2) -> str:
    try:
        written = msgspec.json.format(msgspec.json.encode(data), indent=indent or 0).decode()
    except UnicodeEncodeError:  # half a pair of surrogates, as an id may hold: msgspec writes UTF-8 only
        import json

        written = json.dumps(data, indent=indent, ensure_ascii=False)
    text = safe_json(written) + "\n"
    return text if not escapes_json() and (stream is None or _takes(stream, text)) else ascii_json(text)


def emit_paged(text: str) -> None:
    """Write a result to standard output; on a terminal that is too low for it, through the user's pager.

    ``PAGER`` names it, else it is ``less``, which shows what is left by the arrow keys, or ``more``. Without one, for
    screen readers (``ACCESSIBLE``) and on a dumb terminal the text is written as it is.
    """
    lines = text.count("\n") + 1
    command = _pager() if is_terminal(sys.stdin) and is_terminal(sys.stdout) else []
    if not command or is_dumb() or is_accessible() or lines < screen_of(sys.stdout).height:
        emit(text)
        return
    import subprocess

    shown = finished(text, takes_colour(sys.stdout)).encode("utf-8", "replace")
    try:
        # less: colours as they are, and no wiping of the screen at the end.
        env = {"LESS": "-RX", **os.environ}
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=env) as pager, _left_to_pager():
            pager.communicate(shown)
    except OSError:
        emit(text)


@contextlib.contextmanager
def _left_to_pager() -> Iterator[None]:
    """Let Ctrl-C be for the pager, which goes on after it, and a pager that ends early be no fault."""
    import signal
    import threading

    in_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main else None
    try:
        with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
            yield
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)


def _pager() -> list[str]:
    """The pager's command; empty where there is none, or where ``PAGER`` is empty or ``cat``."""
    import shlex

    from formatpicker.base.files import program

    named = os.environ.get("PAGER")
    if named is not None:
        return [] if named.strip() in ("", "cat") else shlex.split(named, posix=os.name != "nt")
    found = program("less", "more")
    return [found] if found else []


def is_accessible() -> bool:
    """Whether the user asks for plain text from top to bottom, as screen readers need it."""
    return os.environ.get("ACCESSIBLE", "0") not in ("", "0")


def write(text: str, stream: TextIO | None) -> None:
    """Write marked text: controls stripped, colours where the stream takes them."""
    put(finished(text, stream is not None and takes_colour(stream)), stream)


def put(text: str, stream: TextIO | None) -> None:
    """Write and flush; a reader that went away ends the program quietly.

    Raises:
        InputError: The stream was closed before the start, or cannot take more (a full disk).
    """
    if stream is None:
        raise InputError("standard output", "is closed")
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        silence(stream)
        raise SystemExit(0) from None
    except OSError as error:
        silence(stream)
        raise InputError("standard output", f"cannot be written ({error.strerror or error})") from None


def silence(stream: TextIO) -> None:
    """Let what is left in a broken stream go nowhere: the interpreter would complain of it again at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_dumb() -> bool:
    """Whether the terminal says that it can do nothing but print."""
    return os.environ.get("TERM", "") in ("dumb", "unknown")


def takes_colour(stream: TextIO) -> bool:
    """Whether a stream takes colours: a terminal that is not dumb, and no NO_COLOR."""
    return is_terminal(stream) and not is_dumb() and not os.environ.get("NO_COLOR")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal; one that was closed before the start is None."""
    return stream is not None and stream.isatty()


def screen_of(stream: TextIO | None, plain: bool = False) -> Screen:
    """The size of a terminal, 80 by 24 where there is none; COLUMNS and LINES are believed first."""
    if stream is None:
        return Screen(today=today())
    try:
        size = os.get_terminal_size(stream.fileno())
        columns, rows = size.columns or 80, size.lines or 24
    except (OSError, ValueError, AttributeError):
        columns, rows = 80, 24
    return Screen(
        _environ_number("COLUMNS", columns),
        _environ_number("LINES", rows),
        not plain and _takes(stream, "█░"),
        today(),
    )


def _environ_number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    number = int(text[:6]) if text.isascii() and text.isdecimal() else 0
    return number or default


def _takes(stream: TextIO, text: str) -> bool:
    """Whether a stream has all characters of a text."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class LiveTerminal(Struct, frozen=True):
    """The terminal of a questionnaire: reads standard input, writes to a stream."""

    stream: TextIO
    plain: bool

    @property
    def screen(self) -> Screen:
        """The size now; a window may change while a person answers."""
        return screen_of(self.stream, self.plain)

    def write(self, text: str) -> None:
        """Write text, in plain mode without colours."""
        put(finished(text, takes_colour(self.stream) and not self.plain), self.stream)

    def read(self, prompt: str) -> str:
        """A line of standard input; raises EOFError at its end."""
        self.write(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line
