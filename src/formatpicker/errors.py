"""What can go wrong with what people give us. One root, caught in one place (the command line)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from formatpicker.base.text import nearest, printable, shortened, text_of

# A list of more words than this does not help beside a suggestion.
MOST_LISTED = 16
# Without one, so many are named: a table may have any number of columns.
_MOST_KNOWN = 100
# So many faults of one file are told, the first ones.
MOST_FAULTS = 100


class FormatpickerError(Exception):
    """The root: its text is one clear message for the user, a line for each fault.

    ``others`` holds further errors of the same input; the text and the document have all of them.
    """

    others: tuple[FormatpickerError, ...] = ()

    def each(self) -> Iterator[FormatpickerError]:
        """This error and all others."""
        yield self
        for error in self.others:
            yield from error.each()

    def __str__(self) -> str:
        return "\n".join(error.text for error in self.each())

    @property
    def text(self) -> str:
        """What this error says, without the others."""
        return super().__str__()

    def to_dict(self) -> dict[str, Any]:
        """The document ``formatpicker/error/1``: every fault with its file, line, key, value, message and hint.

        It repeats what was given, so it is for whoever gave it and not for logs.
        """
        return {
            "schema": "formatpicker/error/1",
            "errors": [fault for error in self.each() for fault in error._faults()],
        }

    def _faults(self) -> list[dict[str, Any]]:
        return [fault_data(self.text)]


class Fault(NamedTuple):
    """One thing wrong at one place of a file."""

    line: int
    place: str
    problem: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.place + ': ' if self.place else ''}{self.problem}"


class InputError(FormatpickerError):
    """A file that cannot be read as a document at all: its name, the line where known, the problem."""

    def __init__(self, file: str, problem: str, line: int = 0) -> None:
        self.file: str = file
        self.problem: str = problem
        self.line: int = line

    @property
    def text(self) -> str:
        """The place and the problem."""
        return f"{located(self.file, self.line)}: {self.problem}"

    def _faults(self) -> list[dict[str, Any]]:
        option = self.file if self.file.startswith("--") else ""
        return [fault_data(self.problem, file=self.file, line=self.line, key=option)]


class CatalogError(FormatpickerError):
    """A catalog that is readable but not valid: every fault found, in the order of the file."""

    def __init__(self, file: str, faults: Iterable[Fault] = ()) -> None:
        self.file: str = file
        self.faults: list[Fault] = list(faults)

    @property
    def text(self) -> str:
        """A line for each fault."""
        lines = [
            f"{located(self.file, fault.line)}: {fault.place + ': ' if fault.place else ''}{fault.problem}"
            for fault in sorted(self.faults)[:MOST_FAULTS]
        ]
        if len(self.faults) > MOST_FAULTS:
            lines.append(f"{located(self.file, 0)}: and more; mend these first")
        return "\n".join(lines)

    def _faults(self) -> list[dict[str, Any]]:
        return [
            fault_data(each.problem, file=self.file, line=each.line, key=each.place) for each in sorted(self.faults)
        ]


class AnswerError(FormatpickerError):
    """An answer that cannot be used: the key, the value as given, what is wrong and what would do.

    ``candidates`` are answers that may have been meant, as they would be written: a prompt can offer them.
    """

    def __init__(
        self,
        key: str,
        value: object,
        problem: str,
        file: str = "",
        line: int = 0,
        candidates: Sequence[str] = (),
    ) -> None:
        self.key: str = key
        self.value: object = value
        self.problem: str = problem
        self.file: str = file
        self.line: int = line
        self.candidates: tuple[str, ...] = tuple(candidates)

    def _faults(self) -> list[dict[str, Any]]:
        return [fault_data(self.problem, file=self.file, line=self.line, key=self.key, value=self.value)]

    @property
    def text(self) -> str:
        """The place, the answer and the problem."""
        where = f"{located(self.file, self.line)}: " if self.file else ""
        given = "" if self.value is None else f" = {shortened(self.value)}"
        return f"{where}{shortened(self.key, quote=False)}{given}: {self.problem}"


def fault_data(problem: str, *, file: str = "", line: int = 0, key: str = "", value: object = None) -> dict[str, Any]:
    """One fault as JSON has it. Problems are written as what is wrong, a semicolon, and what to do."""
    return {
        "file": None if file.startswith("--") else file or None,
        "line": line or None,
        "key": key or None,
        "value": None if value is None else text_of(value),
        "message": printable(problem),
        "hint": printable(problem.partition("; ")[2]) or None,
    }


def install_hint(extra: str) -> str:
    """How the libraries of an extra are installed; the package is had from a clone, so that is where it is named."""
    return f"run pip install '.[{extra}]' in your clone of formatpicker"


def located(file: str, line: int) -> str:
    """``file:line``, or the file alone where the line is not known (0)."""
    name = shortened(file, 200, quote=False) or "(no name)"
    return f"{name}:{line}" if line else name


def one_of(word: str, allowed: Sequence[str], noun: str, meant: str = "") -> str:
    """The problem text for a word that is not among the allowed ones, with the one that is meant or nearest."""
    hint = meant or nearest(word, allowed)
    suggestion = f"; did you mean {shortened(hint)}?" if hint else ""
    more = [f"and {len(allowed) - _MOST_KNOWN:,} more"] if len(allowed) > _MOST_KNOWN else []
    listed = ", ".join([*(shortened(each, quote=False) for each in allowed[:_MOST_KNOWN]), *more]) or "none"
    known = f" (known: {listed})" if len(allowed) <= MOST_LISTED or not hint else ""
    return f"not a known {noun}{suggestion}{known}"


def word_of(option: str, word: str, allowed: Sequence[str], noun: str) -> str:
    """A word that an option takes, in small letters.

    Raises:
        InputError: It is none of those that are allowed.
    """
    if word.lower() not in allowed:
        raise InputError(option, f"{word!r} is {one_of(word, allowed, noun)}")
    return word.lower()
