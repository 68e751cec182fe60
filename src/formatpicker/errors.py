"""What can go wrong with what people give us. One root, caught in one place (the command line)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from formatpicker.base.text import nearest, shortened

# A list of more words than this does not help beside a suggestion.
MOST_LISTED = 16
# So many faults of one file are told, the first ones.
MOST_FAULTS = 100


class FormatpickerError(Exception):
    """The root: its text is one clear message for the user."""


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
        self.file, self.problem, self.line = file, problem, line

    def __str__(self) -> str:
        return f"{located(self.file, self.line)}: {self.problem}"


class CatalogError(FormatpickerError):
    """A catalog that is readable but not valid: every fault found, in the order of the file."""

    def __init__(self, file: str, faults: Iterable[Fault] = ()) -> None:
        self.file = file
        self.faults = list(faults)

    def __str__(self) -> str:
        lines = [
            f"{located(self.file, fault.line)}: {fault.place + ': ' if fault.place else ''}{fault.problem}"
            for fault in sorted(self.faults)[:MOST_FAULTS]
        ]
        if len(self.faults) > MOST_FAULTS:
            lines.append(f"{located(self.file, 0)}: and more; mend these first")
        return "\n".join(lines)


class AnswerError(FormatpickerError):
    """One answer that cannot be used: the key, the value as given, what is wrong and what would do.

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
        self.key, self.value, self.problem = key, value, problem
        self.file, self.line = file, line
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        where = f"{located(self.file, self.line)}: " if self.file else ""
        given = "" if self.value is None else f" = {shortened(self.value)}"
        return f"{where}{shortened(self.key, quote=False)}{given}: {self.problem}"


def located(file: str, line: int) -> str:
    """``file:line``, or the file alone where the line is not known (0)."""
    name = shortened(file, 200, quote=False) or "(no name)"
    return f"{name}:{line}" if line else name


def one_of(word: str, allowed: Sequence[str], noun: str) -> str:
    """The problem text for a word that is not among the allowed ones, with the nearest valid spelling."""
    hint = nearest(word, allowed)
    suggestion = f"; did you mean {hint!r}?" if hint else ""
    listed = ", ".join(allowed) or "none"
    known = f" (known: {listed})" if len(allowed) <= MOST_LISTED or not hint else ""
    return f"not a known {noun}{suggestion}{known}"
