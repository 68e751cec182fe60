"""Sentences about certainty and change, for people."""

from __future__ import annotations

from formatpicker.advice.counterfactuals import Change, Relaxation, WhatIf
from formatpicker.advice.indistinguishable import Group
from formatpicker.advice.recommendation import Recommendation
from formatpicker.advice.sensitivity import DRAWS, Disagreement, FlipPoint
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.model import AnswerKind, Catalog, NextStep, Question
from formatpicker.scoring.answers import Answer, answer_text


def certainty_sentences(recommendation: Recommendation) -> dict[str, str]:
    """A plain sentence for each of the three numbers that there are."""
    certainty = recommendation.certainty
    found = {"coverage": f"You have answered {_percent(certainty.coverage)} of what can count."}
    if certainty.evidence is not None:
        found["evidence"] = (
            f"{_percent(certainty.evidence)} of the score rests on texts that are cited, the rest is judged."
        )
    if certainty.robustness is not None:
        found["robustness"] = (
            f"With other weights it comes first in {round(100 * certainty.robustness)} of 100 tries ({DRAWS:,} made)."
            if recommendation.rivals
            else "No other format is open, so no re-weighting could change it."
        )
    return found


def certainty_line(recommendation: Recommendation) -> str:
    """The three numbers in one line."""
    certainty = recommendation.certainty
    parts = [f"{_percent(certainty.coverage)} of what counts is answered"]
    if certainty.evidence is not None:
        parts.append(f"{_percent(certainty.evidence)} of the score rests on cited texts")
    if certainty.robustness is not None and recommendation.rivals and _weighing(recommendation) > 1:
        parts.append(f"it stays first in {round(100 * certainty.robustness)} of 100 tries with other weights")
    return f"How sure: {'; '.join(parts)}.{_unchecked(recommendation)}"


def _weighing(recommendation: Recommendation) -> int:
    return len(recommendation.best[0].contributions)


def _unchecked(recommendation: Recommendation) -> str:
    """What could still rule out the format that is recommended."""
    labels = [recommendation.catalog.questions[id].label.lower() for id in recommendation.best[0].unchecked]
    return f" Not checked: {', '.join(labels)}." if labels else ""


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"


def change_words(recommendation: Recommendation, change: Change) -> str:
    """A change of answers: ``Longest time: 10 weeks instead of 3 weeks``, ``less than 2 years instead of 3 years``."""
    catalog, parts = recommendation.catalog, []
    for id, answer in change.items():
        question, given = catalog.questions[id], recommendation.answers.get(id)
        before = f" instead of {answer_text(question, given)}" if given is not None else " (not answered so far)"
        parts.append(f"{question.label}: {_changed_text(question, answer, given)}{before}")
    return joined(parts)


def _changed_text(question: Question, answer: Answer, given: Answer | None) -> str:
    """An answer that is proposed; a shorter time of odd days is told by what it stays below: ``less than 8 months``.

    A turning point is one day below the least or the usual time of a format, which is a plain one: "8 months".
    """
    text = answer_text(question, answer)
    if question.answer is not AnswerKind.DURATION or not isinstance(answer, int) or not isinstance(given, int):
        return text
    limit = answer_text(question, answer + 1)
    return f"less than {limit}" if answer < given and len(limit) < len(text) else text


def what_if_words(recommendation: Recommendation, what_if: WhatIf) -> str:
    """A change and what would then come first."""
    return f"{change_words(recommendation, what_if.change)}: then {names(recommendation.catalog, what_if.top)} first."


def relaxation_words(recommendation: Recommendation, relaxation: Relaxation) -> str:
    """A change and what it would open."""
    opened = recommendation.catalog.formats[relaxation.unlocks].phrase
    return f"{change_words(recommendation, relaxation.change)}: that would open {opened}."


def names(catalog: Catalog, ids: tuple[str, ...]) -> str:
    """Formats in a sentence: ``an internship comes``, ``an internship and a micro-internship come``."""
    phrases = [catalog.formats[id].phrase for id in ids]
    return f"{joined(phrases)} {'comes' if len(phrases) == 1 else 'come'}"


def flip_words(flip: FlipPoint) -> str:
    """How far a weight would have to move for a rival to draw level."""
    label, rival = flip.term.weighed.criterion.label, flip.rival.format.phrase
    if not flip.numerator:
        return f'Only if "{label}" did not matter at all would {rival} draw level.'
    if flip.factor > 1:
        return f'If "{label}" mattered {flip.factor:.2g} times as much, {rival} would draw level.'
    if flip.factor == 1:
        return f"{capitalized(rival)} is level already."
    return f'If "{label}" mattered only {flip.factor:.2g} times as much, {rival} would draw level.'


def disagreement_words(disagreement: Disagreement) -> str:
    """Where sources that disagree could turn the order."""
    label = disagreement.term.weighed.criterion.label
    return (
        f'Sources differ on "{label}" for {disagreement.assessment.format.phrase}. At the {disagreement.end} end of '
        f"what they say, {disagreement.rival.format.phrase} would draw level or come first."
    )


def step_words(recommendation: Recommendation, step: NextStep) -> str:
    """Where to look next, with the region it holds for where the person named none."""
    return " ".join(filter(None, [f"{step_place(recommendation, step)}{step.text}", step.url]))


def step_place(recommendation: Recommendation, step: NextStep) -> str:
    """The regions a step holds for, where the person named none: ``In Germany: ``."""
    question = recommendation.catalog.region_question
    where = ""
    if question and step.regions and recommendation.answers.get(question.id) is None:
        options = [question.option(region) for region in step.regions]
        where = f"{capitalized(joined([option.phrase or option.label for option in options], 'or'))}: "
    return where


def group_words(catalog: Catalog, group: Group) -> str:
    """Variants that are alike so far and the question that would tell them apart."""
    listed = joined([catalog.formats[id].name for id in group.formats])
    if group.separated_by is None:
        return f"{listed} are alike so far, and no single further answer would tell them apart."
    return (
        f'{listed} are alike so far; the question "{catalog.questions[group.separated_by].text}" would tell them apart.'
    )
