"""Columns that are asked for by name: those that are carried through, that of groups, and that of persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formatpicker.base.text import canonical, shortened
from formatpicker.errors import InputError, one_of

# What a header stands for, or None.
Meaning = Callable[[str], object]


def asked_columns(
    names: Sequence[str], meaning: Meaning, kept: Sequence[str], by: str | None, last_of: str | None
) -> tuple[tuple[int, ...], int | None, int | None]:
    """Where the columns stand that are carried through, the one that tells groups apart, and the one of persons.

    A column is found by its header, or by the question that it answers.

    Raises:
        InputError: There is no such column; the nearest one is told.
    """
    found: list[int] = []
    for text in kept:
        whole = _place(names, meaning, text)
        found += [_placed(names, meaning, part, "--keep") for part in text.split(",")] if whole is None else [whole]
    groups = None if by is None else _placed(names, meaning, by, "--by")
    persons = None if last_of is None else _placed(names, meaning, last_of, "--last-of")
    return tuple(dict.fromkeys(found)), groups, persons


def _place(names: Sequence[str], meaning: Meaning, asked: str) -> int | None:
    """The column of this header, else the one that holds this question's answer."""
    wanted, target = canonical(asked), meaning(asked.strip())
    exact = (index for index, name in enumerate(names) if canonical(name) == wanted)
    same = (index for index, name in enumerate(names) if target is not None and meaning(name) == target)
    return next(exact, next(same, None))


def _placed(names: Sequence[str], meaning: Meaning, asked: str, option: str) -> int:
    found = _place(names, meaning, asked)
    if found is None:
        raise InputError(option, f"{shortened(asked.strip())} is {one_of(asked.strip(), names, 'column')}")
    return found
