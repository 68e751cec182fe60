"""Writes the manual page from the command tree: ``python tools/manpage.py``, after a change to a command or its help.

Commands, arguments and options come from the program itself, so a new command needs no line here.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import formatpicker
from formatpicker.cli.app import command_tree

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "man" / "formatpicker.1"
NAME = "formatpicker"
EXAMPLE = "Example: "

ABOUT = [
    "On a terminal and without a command it asks its questions, as with the command ask. "
    "The option --help after any command shows an example."
]
NOTES = [
    "It is advice, not a prediction, and not legal advice.",
    "It uses no network. Answers are written only to files that you name, and while the questions are asked to a draft "
    "that only you can read.",
]
EXIT_STATUS = {
    "0": "Done.",
    "1": "It ran, but every format is ruled out, or nothing tells the formats apart, or a law of the method is broken.",
    "2": "Wrong usage, or an input or a catalog that cannot be read.",
    "70": "A fault of the program itself. Please report it with its message, which holds no answers.",
    "130": "Interrupted; the answers so far are kept.",
}
ENVIRONMENT = {
    "FORMATPICKER_CATALOG": "The catalog to use instead of the one that is shipped. The option --catalog goes first.",
    "FORMATPICKER_TODAY": "The day (YYYY-MM-DD) that the dates of amounts and rules are held against, instead of "
    "that of the clock.",
    "FORMATPICKER_BROWSER": "The browser that prints a report as PDF, instead of a Chromium, Chrome or Edge that is "
    "found.",
    "NO_COLOR": "If set, no colors on a terminal.",
    "TERM": "If it is dumb or unknown, no colors, no keys and no pager.",
    "COLUMNS, LINES": "The size of the page, instead of that of the terminal.",
    "ACCESSIBLE": "If set to anything but 0, the questionnaire is the one for screen readers, as with --plain, "
    "and nothing goes through a pager.",
    "PAGER": "What shows a comparison or a format that is longer than the screen; less or more where it is not set, "
    "nothing where it is empty or cat.",
    "LESS": "Options of less; -RX where it is not set.",
    "XDG_STATE_HOME": "Where the draft and the key of the cache are.",
    "XDG_CACHE_HOME, HOME": "Where the cache is. With neither there is no cache.",
}
FILES = {
    "$XDG_CACHE_HOME/formatpicker/, or ~/.cache/formatpicker/": "Checked copies of catalogs. They hold no answers, and "
    "may be removed at any time.",
    "$XDG_STATE_HOME/formatpicker/draft.yaml, or ~/.local/state/formatpicker/draft.yaml": "The answers of an "
    "unfinished questionnaire, readable by their owner only. The next one offers to go on with them or to delete them.",
    "$XDG_STATE_HOME/formatpicker/cache-key": "Seals the checked copies of catalogs. Removed, it costs one check.",
    "a file named with --save or --resume": "The answers, whole at every moment and readable by their owner only.",
}


def filled(text: str) -> list[str]:
    """Running text in lines of the usual length."""
    return [escaped(line) for line in textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False)]


def escaped(text: str) -> str:
    """Text that stands for itself: no escape, no hyphen that may break or turn into a dash, no control line."""
    text = (
        text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha").replace("`", "\\(ga")
    )
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def bold(text: str) -> str:
    """Text to be typed as it stands."""
    return f"\\fB{escaped(text)}\\fR"


def list_of(pairs: dict[str, str]) -> Iterator[str]:
    """Terms with what they mean."""
    for term, meaning in pairs.items():
        yield from (".TP", bold(term), *filled(meaning))


def subcommands(command: Any, context: Any) -> dict[str, Any]:
    """The commands of a group, in its order; those that are hidden are left out."""
    names = command.list_commands(context) if hasattr(command, "list_commands") else []
    found = {name: command.get_command(context, name) for name in names}
    return {name: each for name, each in found.items() if not each.hidden}


def leaves(command: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """Every command that does something, with its context, in the order of the help."""
    below = subcommands(command, context)
    for name, each in below.items():
        yield from leaves(each, type(context)(each, info_name=name, parent=context))
    if not below:
        yield command, context


def paragraphs(command: Any) -> tuple[list[str], str]:
    """The help of a command, and the example at its end."""
    found = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
    example = next((part.removeprefix(EXAMPLE) for part in found if part.startswith(EXAMPLE)), "")
    return [part for part in found if not part.startswith(EXAMPLE)], example


def spaced(texts: list[str]) -> Iterator[str]:
    """Paragraphs of running text."""
    for number, text in enumerate(texts):
        yield from ([".PP"] if number else [])
        yield from filled(text)


def parameters(command: Any, context: Any) -> Iterator[str]:
    """Arguments and options with their help, defaults included; help itself is told once for all."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and parameter.name != "help":
            term = re.sub(r" {2,}", " ", record[0])
            yield from (".TP", bold(term), *filled(record[1]))


def section(command: Any, context: Any) -> Iterator[str]:
    """One command: how it is called, what it does, what it takes, an example."""
    texts, example = paragraphs(command)
    path = context.command_path
    yield f".SS {escaped(path.removeprefix(NAME + ' '))}"
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (".nh", f"{bold(path)} {escaped(usage)}", ".hy", ".PP")
    yield from spaced(texts)
    yield from parameters(command, context)
    if example:
        yield from (".PP", "Example:", ".PP", ".RS 4", ".nf", escaped(example), ".fi", ".RE")


def released() -> str:
    """The day of the latest release; no clock, so that the same sources give the same page."""
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    return re.findall(r"^## \[\d.*\] - (\S+)$", changes, re.MULTILINE)[0]  # type: ignore[no-any-return]


def page() -> Iterator[str]:
    """The lines of the manual page."""
    group: Any = command_tree()
    context = group.make_context(NAME, [], resilient_parsing=True)
    texts, _ = paragraphs(group)
    yield r".\" Written by tools/manpage.py from the commands themselves; changes made here are lost."
    yield f'.TH FORMATPICKER 1 {released()} "{NAME} {formatpicker.__version__}" "User Commands"'
    yield from (".SH NAME", rf"{NAME} \- find the kind of work experience that suits you")
    yield from (".SH SYNOPSIS", f"{bold(NAME)} [options] [command] [arguments]")
    yield from (".SH DESCRIPTION", *spaced([*texts, *ABOUT]))
    yield from (".SH OPTIONS", *parameters(group, context))
    yield from (".TP", bold("-h, --help"), "Show help and exit; after a command, its help.")
    yield ".SH COMMANDS"
    for command, its_context in leaves(group, context):
        yield from section(command, its_context)
    yield from (".SH EXIT STATUS", *list_of(EXIT_STATUS))
    yield from (".SH ENVIRONMENT", *list_of(ENVIRONMENT))
    yield from (".SH FILES", *list_of(FILES))
    yield from (".SH NOTES", *spaced(NOTES))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.write_text("\n".join(page()) + "\n", "utf-8")
