"""Which question a header may ask that is not known: a guess, which a person has to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable

from formatpicker.base.text import canonical, nearest
from formatpicker.catalog.criteria import Question

# How alike two words are that may be one: "payd" and "paid" are.
_NEAR = 0.75
_MOST_HEADER = 400
# Words that headers share which have nothing else in common.
_COMMON = frozenset(
    "a an and are at be can count do does end for from have how i in is it long many may must my of on or start the"  # noqa: SIM905
    " time to what when where which will with work would you your".split()
)


def names_of(questions: Iterable[Question]) -> dict[str, Question]:
    """Every text, label, name and id of some questions, as people write them, and the question."""
    return {name: each for each in questions for name in (each.text, each.label, *each.names, each.id)}


def likely_question(header: str, questions: Iterable[Question]) -> Question | None:
    """The question that a header may ask, by how it is spelled or by the words in it; None where that is in doubt."""
    if len(header) >= _MOST_HEADER:
        return None
    questions = [*questions]
    names = names_of(questions)
    near = nearest(header, names)
    return names[near] if near is not None and _share_a_word(header, near) else _by_words(header, questions)


def _by_words(header: str, questions: Iterable[Question]) -> Question | None:
    """The question with most of the words in a row; none where two have as many."""
    words = f" {' '.join(_words(header))} "
    found: dict[int, set[Question]] = {}
    for question in questions:
        for each in question.header_words:
            if f" {each} " in words:
                found.setdefault(len(each.split()), set()).add(question)
    best = found[max(found)] if found else set()
    return best.pop() if len(best) == 1 else None


def _share_a_word(header: str, name: str) -> bool:
    """Whether two headers that are spelled alike may mean the same: they share a word of their own, or nearly one."""
    from difflib import get_close_matches

    given, known = ({*_words(text)} - _COMMON for text in (header, name))
    return any(get_close_matches(word, known, 1, _NEAR) for word in given)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", canonical(text))
