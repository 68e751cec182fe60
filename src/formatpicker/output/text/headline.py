"""The answer in one sentence, by its call; the same on the screen, in pages, documents and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from formatpicker.advice.call import Call
from formatpicker.advice.notices import Notice
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.relaxations import Relaxation
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.criteria import About
from formatpicker.output.text.sentences import change_words, opened_words

NOTHING_OPEN = "Nothing is open to you as it stands."


class Wording(NamedTuple):
    """What is said of alternatives in a headline: of the only open one, and where none is open.

    ``begun`` makes of what one is called the beginning of a sentence; names that people gave stay as they are.
    """

    only_one: str
    none_open: str
    begun: Callable[[str], str] = capitalized


FORMATS = Wording("is the only format that your answers leave open", NOTHING_OPEN)


def headline(recommendation: Recommendation, wording: Wording = FORMATS) -> str:
    """The answer in one sentence; where there is none, why, and what would open something."""
    call = recommendation.certainty.call
    if call is Call.NONE:
        return _nothing(recommendation, wording)
    if call is Call.LONG_SHOT:
        return _long_shot(recommendation, wording)
    named = [recommendation.catalog.formats[id].phrase for id in recommendation.certainty.contenders]
    first, others, so_far = wording.begun(named[0]), named[1:], " so far" * is_so_far(recommendation)
    if call is Call.ONLY_ONE:
        return f"{first} {wording.only_one}{so_far}."
    if call is Call.TOO_CLOSE:
        return (
            f"Too close to call{so_far}: {joined(named, 'or')}." if others else f"{first} is only just ahead{so_far}."
        )
    if call is Call.CLEAR or _rivalled_by_open_answers_only(recommendation):
        return f"{first} suits you best{so_far}."
    behind = f"{joined(others, 'or')} could still come first" if others else "not by much"
    return f"{first} suits you best{so_far}, but {behind}."


def is_so_far(recommendation: Recommendation) -> bool:
    """Whether the answers are too few, or a single open one could put another format first."""
    few = 100 * recommendation.certainty.coverage < recommendation.catalog.certainty.few_answers
    return few or bool(recommendation.turning)


def _rivalled_by_open_answers_only(recommendation: Recommendation) -> bool:
    return 100 * (recommendation.certainty.robustness or 0) >= recommendation.catalog.certainty.clear


def _nothing(recommendation: Recommendation, wording: Wording) -> str:
    nearest = recommendation.nearest_opening
    return f"{wording.none_open} {opening_words(recommendation, nearest)}" if nearest else recommendation.message


def opening_words(recommendation: Recommendation, nearest: Relaxation) -> str:
    """The nearest opening: ``Smallest change: latest start: 1 day instead of today. That would open an internship``."""
    change = change_words(recommendation, nearest.change)
    return f"Smallest change: {change[:1].lower()}{change[1:]}. {opened_words(recommendation, nearest)}"


def _long_shot(recommendation: Recommendation, wording: Wording) -> str:
    """What comes nearest, why it is a long shot, and the nearest change to something usual."""
    best = recommendation.best
    named = joined([entry.assessment.format.phrase for entry in best], "or")
    sentences = [
        f"{wording.begun(named)} comes nearest, but is a long shot.",
        facts_first(best[0], best[0].long_shots)[0].text,
    ]
    for way in recommendation.ways_out[:1]:
        change = change_words(recommendation, way.change)
        usual = joined([recommendation.catalog.formats[id].phrase for id in way.top], "or")
        sentences.append(f"With another answer ({change[:1].lower()}{change[1:]}) {usual} is no long shot.")
    return " ".join(sentences)


def facts_first(entry: Entry, notices: Iterable[Notice]) -> list[Notice]:
    """Notices of a format: first what a fact about the person raises (a visa, an age), then the rest."""
    facts = {
        term.weighed.criterion.question for term in entry.assessment.terms if term.weighed.criterion.about is About.FACT
    }
    return sorted(notices, key=lambda notice: notice.question not in facts)
