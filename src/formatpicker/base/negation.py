"""Whether two texts say the opposite of one another, so that neither is offered for the other."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
# "n't" counts as well, and words that begin with "un" but for those that are no negation.
_NEGATIONS = frozenset(
    "no not never none neither nor nothing without cannot nein nicht nie kein keine keinen ohne ne pas non sans aucun"  # noqa: SIM905
    " aucune jamais dont cant wont doesnt isnt".split()
)
_NO_NEGATION = ("under", "until", "uni", "unless", "unlimited", "unter", "und", "une", "uns")
# Words that say nothing by themselves.
_EMPTY = frozenset("i am is are do does did to a an the it be can me my on in of for not no".split())  # noqa: SIM905
_OPPOSITES = (("yes", "no"), ("ja", "nein"), ("oui", "non"), ("with", "without"), ("mit", "ohne"), ("avec", "sans"))


def opposed(text: str, other: str) -> bool:
    """Whether one of two texts has a negation that the other has not: ``not required`` and ``required``.

    Two that have one must have more in common than that.
    """
    words, others = _words(text), _words(other)
    if _is_negated(words) != _is_negated(others):
        return True
    content = {word for word in words - _EMPTY if not _is_negation(word)}
    if _is_negated(words) and content and not content & others:
        return True
    pairs = [*_OPPOSITES, *((word.removeprefix("un"), word) for word in words | others if word.startswith("un"))]
    return any(
        (one in words and two in others and one not in others and two not in words)
        or (two in words and one in others and two not in others and one not in words)
        for one, two in pairs
    )


def _words(text: str) -> set[str]:
    return {word.casefold().replace("\u2019", "'") for word in _WORD.findall(text.replace("_", " "))}


def _is_negated(words: set[str]) -> bool:
    return any(map(_is_negation, words))


def _is_negation(word: str) -> bool:
    """Whether a word denies something; "ont" and "nt" are misspelled."""
    begun = word.startswith("un") and len(word) > 2 and not word.startswith(_NO_NEGATION)
    return begun or word in _NEGATIONS or word.endswith("n't") or sorted(word) in (["n", "o", "t"], ["n", "t"])
