"""Sentences for people: the answer in one, how sure it is, and what would change it. The same in every output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, cast

from formatpicker.advice.answer_ranges import Change
from formatpicker.advice.certainty import Call
from formatpicker.base.durations import round_text
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.criteria import About, AnswerKind, Question
from formatpicker.catalog.guidance import DRAWS, NextStep
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Goals, answer_text
from formatpicker.scoring.parsing import parse_answers
from formatpicker.scoring.ranking import per_cent
from formatpicker.scoring.weights import region_of

if TYPE_CHECKING:
    from formatpicker.advice.certainty import Disagreement, FlipPoint
    from formatpicker.advice.comparison import Indistinguishable
    from formatpicker.advice.notices import Notice
    from formatpicker.advice.recommendation import Entry, Recommendation
    from formatpicker.advice.relaxations import Relaxation
    from formatpicker.advice.what_ifs import WhatIf

# Per cent of the draws from which on a first place is said to hold in all of them.
ALWAYS = 99
# As many as one sentence can name.
MOST_LABELS = 4

# Shares in words: the nearest one is taken.
_SHARES = (
    (0.0, "None"),
    (0.1, "A little"),
    (0.25, "About a quarter"),
    (0.33, "About a third"),
    (0.5, "About half"),
    (0.67, "About two thirds"),
    (0.75, "About three quarters"),
    (0.9, "Most"),
    (1.0, "All"),
)


def certainty_sentences(recommendation: Recommendation) -> list[str]:
    """A plain sentence with its figure for each of the three numbers that there are."""
    certainty = recommendation.certainty
    found = [f"You have answered {per_cent(certainty.coverage)}% of what can count."]
    if certainty.evidence is not None:
        ahead = "what puts it ahead" if recommendation.rivals else "its score"
        rest = "" if certainty.evidence == 1 else ", the rest on our judgement"
        found.append(f"{per_cent(certainty.evidence)}% of {ahead} rests on sources{rest}.")
    if certainty.robustness is not None:
        tries = f"{per_cent(certainty.robustness)} of 100 tries ({DRAWS:,} made)"
        found.append(f"With other weights, values and limits it comes first in {tries}.")
    return found


def certainty_words(recommendation: Recommendation, rest: str = "our judgement") -> list[str]:
    """How sure a first place is, without figures: what moves it, what is not known yet, and what it rests on.

    The last one, of sources, must not be left out where ``rests_on_little`` says so.
    ``rest`` is what it rests on beside sources.
    """
    certainty, rules = recommendation.certainty, recommendation.catalog.certainty
    evidence = certainty.evidence
    if evidence is None or certainty.robustness is None:
        return []
    found = []
    if recommendation.rivals:
        steady = 100 * certainty.robustness >= rules.clear
        found.append(_steady(recommendation) if steady else _SWAYS[certainty.call])
    if answered_little(recommendation):
        found.append("You have answered little so far.")
    labels = [recommendation.catalog.questions[id].label.lower() for id in recommendation.turning]
    if len(labels) > MOST_LABELS:
        labels[MOST_LABELS - 1 :] = [f"{len(labels) - MOST_LABELS + 1} more"]
    found += [f"Not known yet, and it could change this: {joined(labels)}."] if labels else []
    share = min(_SHARES, key=lambda each: abs(each[0] - evidence))[1]
    behind = {"None": f"; it is {rest}", "All": ""}.get(share, f"; the rest is {rest}")
    this = "what puts it ahead" if recommendation.rivals else "this"
    general = " The facts are general ones, none for your country alone."
    general = general if share != "None" and _is_general(recommendation) else ""
    return [*found, f"{share} of {this} is backed by sources{behind}.{general}"]


def _is_general(recommendation: Recommendation) -> bool:
    """Whether a region was named, and nothing that adds to the first format's score is a value of that region."""
    catalog, best = recommendation.catalog, recommendation.best[0].assessment
    region = region_of(catalog, recommendation.answers)
    counted = [term.rule.attribute for term in best.terms if term.product]
    return region is not None and not any(
        region in catalog.regional(best.format, attribute).regions for attribute in counted
    )


def rests_on_little(recommendation: Recommendation) -> bool:
    """Whether sources back less than half of what puts the first place ahead."""
    evidence = recommendation.certainty.evidence
    return evidence is not None and evidence < 0.5


def _steady(recommendation: Recommendation) -> str:
    """That a first place stands firm, under the weights that were tried and no others: another order is a what-if."""
    often = "Still" if per_cent(recommendation.certainty.robustness or 0) >= ALWAYS else "Mostly still"
    return f"{often} {'level' if recommendation.best[1:] else 'first'} if your answers count double or half."


# What is said where a first place does not stand firm.
_SWAYS = {
    Call.LEANING: "It may not stay first if an answer counts double or half.",
    Call.TOO_CLOSE: "Small things decide this: what matters a little more to you, or how the single offer turns out.",
    Call.LONG_SHOT: "Other things could put another long shot first.",
}


def change_words(recommendation: Recommendation, change: Change, back_at: int | None = None) -> str:
    """A change of answers: ``Longest time: 10 weeks instead of 3 weeks``, ``less than 8 months instead of 2 years``.

    ``back_at`` is the nearest answer on the way back that does not change the same, where all beyond the change do.
    """
    catalog = recommendation.catalog
    parts: list[str] = []
    for id, answer in parse_answers(catalog, change).values.items():
        question, given = catalog.questions[id], recommendation.answers.get(id)
        other = _other_goals(question, answer, given)
        if other:
            parts.append(f"{question.label}: {other}")
            continue
        before = f" instead of {_as_said(question, given)}" if given is not None else " (not answered so far)"
        text = (
            proposed_text(question, answer) if back_at is None else _reach(question, cast(int, answer), back_at, given)
        )
        label = question.label if not parts else f"{question.label[:1].lower()}{question.label[1:]}"
        parts.append(f"{label}: {text}{before}")
    return joined(parts)


def _other_goals(question: Question, goals: Answer, given: Answer | None) -> str:
    """What differs where one goal of a ranking was moved to the front, left out or put behind; else nothing."""
    if not (isinstance(goals, Goals) and isinstance(given, Goals) and goals.ranked and given.ranked):
        return ""
    label = {goal.id: f'"{goal.label}"' for goal in question.goals}
    new, old = goals.ordered, given.ordered
    first, gone = new[0], [goal for goal in old if goal not in new]
    if new == (first, *(goal for goal in old if goal != first)) and first in old:
        return f"{label[first]} first, before {label[old[0]]}"
    if len(gone) == 1 and new == tuple(goal for goal in old if goal not in gone):
        return f"without {label[gone[0]]}"
    return f"{label[new[-1]]} as well, as the last one" if new[:-1] == old else ""


def _as_said(question: Question, answer: Answer) -> str:
    """An answer inside a sentence; an option, which is a sentence of its own, in quotation marks."""
    text = answer_text(question, answer)
    return f'"{text}"' if question.answer is AnswerKind.CHOICE else text


def proposed_text(question: Question, answer: Answer) -> str:
    """A round answer that is proposed, in the words that people have for it."""
    if question.answer is AnswerKind.DURATION and answer:
        return round_text(cast(int, answer))
    return _as_said(question, answer)


def _reach(question: Question, answer: int, back_at: int, given: Answer | None) -> str:
    """A number and all beyond it: ``at least 6 months``, ``less than 8 months``, ``7 weeks or less``."""
    if answer > back_at:
        return f"at least {proposed_text(question, answer)}"
    if given is not None and back_at >= cast(int, given):
        return f"{proposed_text(question, answer)} or less"
    return f"less than {proposed_text(question, back_at)}"


def what_if_words(recommendation: Recommendation, what_ifs: Iterable[WhatIf]) -> list[str]:
    """Changes and what would then come first, and whether only as a long shot.

    Where it is too close to call, points decide no more after a change than before it.
    """
    texts = []
    close = recommendation.certainty.call is Call.TOO_CLOSE
    for each in what_ifs:
        change = change_words(recommendation, each.change, each.back_at)
        long_shot = recommendation.would_be_long_shot(each.top[0], each.change)
        phrases = [recommendation.catalog.formats[id].phrase for id in each.top]
        first = "share first place" if phrases[1:] else "comes first"
        end = "would be ahead on points" if close else first
        texts.append(f"{change}. Then {joined(phrases)} {end}{', as a long shot' * long_shot}.")
    return texts


def relaxation_words(recommendation: Recommendation, relaxations: Iterable[Relaxation]) -> list[str]:
    """Changes and what each would open."""
    return [f"{change_words(recommendation, each.change)}. {_opened(recommendation, each)}" for each in relaxations]


def _opened(recommendation: Recommendation, relaxation: Relaxation) -> str:
    """What a change would open, and whether only as a long shot."""
    opened = recommendation.catalog.formats[relaxation.unlocks]
    long_shot = recommendation.would_be_long_shot(opened.id, relaxation.change)
    return f"That would open {opened.phrase}{', as a long shot' * long_shot}."


def flip_words(flip: FlipPoint) -> str:
    """How far a weight would have to move for a rival to draw level."""
    label, rival = flip.term.criterion.label, flip.rival.format.phrase
    if not flip.numerator:
        return f'Only if "{label}" did not matter at all would {rival} draw level.'
    if flip.factor > 1:
        return f'If "{label}" mattered {flip.factor:.2g} times as much, {rival} would draw level.'
    if flip.factor == 1:
        return f"{capitalized(rival)} is level already."
    return f'If "{label}" mattered only {flip.factor:.2g} times as much, {rival} would draw level.'


def disagreement_words(disagreement: Disagreement) -> str:
    """Where sources that disagree could turn the order."""
    label = disagreement.term.criterion.label
    return (
        f'Sources differ on "{label}" for {disagreement.assessment.format.phrase}. At the {disagreement.end} end of '
        f"what they say, {disagreement.rival.format.phrase} would draw level or come first."
    )


def step_words(recommendation: Recommendation, steps: Iterable[NextStep]) -> list[str]:
    """Where to look next, with the regions it holds for where the person named none: ``In Germany: ...``."""
    catalog, texts = recommendation.catalog, []
    open_region = catalog.region_question and recommendation.answers.get(catalog.region_question.id) is None
    for step in steps:
        regions = joined([*map(catalog.region_name, step.regions)], "or") if open_region else ""
        where = f"{capitalized(regions)}: " if regions else ""
        texts.append(" ".join(filter(None, [f"{where}{step.text}", step.url])))
    return texts


def group_words(catalog: Catalog, group: Indistinguishable) -> str:
    """Variants that are alike so far and the question that would tell them apart."""
    listed = joined([catalog.formats[id].name for id in group.formats])
    if group.separated_by is None:
        return f"{listed} are alike so far, and no single further answer would tell them apart."
    return (
        f'{listed} are alike so far; the question "{catalog.questions[group.separated_by].text}" would tell them apart.'
    )


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
    certainty, call = recommendation.certainty, recommendation.certainty.call
    if call is Call.NONE:
        return _nothing(recommendation, wording)
    if call is Call.LONG_SHOT:
        return _long_shot(recommendation, wording)
    named = [recommendation.catalog.formats[id].phrase for id in certainty.contenders]
    # A single open answer could put another format first.
    unsettled = answered_little(recommendation) or bool(recommendation.turning)
    first, others, so_far = wording.begun(named[0]), named[1:], " so far" * unsettled
    if call is Call.ONLY_ONE:
        return f"{first} {wording.only_one}{so_far}."
    if call is Call.TOO_CLOSE:
        return (
            f"Too close to call{so_far}: {joined(named, 'or')}." if others else f"{first} is only just ahead{so_far}."
        )
    steady = 100 * (certainty.robustness or 0) >= recommendation.catalog.certainty.clear
    if call is Call.CLEAR or steady:  # only open answers rival it
        return f"{first} suits you best{so_far}."
    behind = f"{joined(others, 'or')} could still come first" if others else "not by much"
    return f"{first} suits you best{so_far}, but {behind}."


def answered_little(recommendation: Recommendation) -> bool:
    """Whether the answers are too few for points to be shown."""
    return 100 * recommendation.certainty.coverage < recommendation.catalog.certainty.few_answers


def _nothing(recommendation: Recommendation, wording: Wording) -> str:
    """That nothing is open, and the smallest change that would open something."""
    nearest = recommendation.nearest_opening
    if nearest is None:
        return recommendation.message
    change = change_words(recommendation, nearest.change)
    smallest = f"Smallest change: {change[:1].lower()}{change[1:]}."
    return f"{wording.none_open} {smallest} {_opened(recommendation, nearest)}"


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
    facts = {term.criterion.question for term in entry.assessment.terms if term.criterion.about is About.FACT}
    return sorted(notices, key=lambda notice: notice.question not in facts)
