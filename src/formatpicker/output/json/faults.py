"""What is wrong with an input, as a document for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formatpicker.base.text import printable
from formatpicker.errors import AnswerError, CatalogError, FormatpickerError, InputError

if TYPE_CHECKING:
    from formatpicker.output.json.cohort_types import Error, Fault


def error_data(error: FormatpickerError | str) -> Error:
    """The document for one error, or for a sentence about a command line that is not understood."""
    return {"schema": "formatpicker/error/1", "errors": _faults(error)}


def _faults(error: FormatpickerError | str) -> list[Fault]:
    if isinstance(error, CatalogError):
        return [_fault(each.problem, file=error.file, line=each.line, key=each.place) for each in sorted(error.faults)]
    if isinstance(error, AnswerError):
        return [_fault(error.problem, file=error.file, line=error.line, key=error.key, value=error.value)]
    if isinstance(error, InputError):
        option = error.file if error.file.startswith("--") else ""
        return [_fault(error.problem, file=error.file, line=error.line, key=option)]
    return [_fault(str(error))]


def _fault(problem: str, *, file: str = "", line: int = 0, key: str = "", value: object = None) -> Fault:
    """Problems are written as what is wrong, a semicolon, and what to do."""
    return {
        "file": None if file.startswith("--") else file or None,
        "line": line or None,
        "key": key or None,
        "value": None if value is None else str(value),
        "message": printable(problem),
        "hint": printable(problem.partition("; ")[2]) or None,
    }
