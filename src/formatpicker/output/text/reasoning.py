"""The whole reasoning behind a recommendation, as a document whose sums a person can check by hand."""

from __future__ import annotations

from formatpicker.advice.certainty import disagreements
from formatpicker.advice.notices import full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.catalog.model import Catalog
from formatpicker.output.text import sentences
from formatpicker.output.text.document_layout import Block, Grid, Heading, Items, Paragraph, listed
from formatpicker.output.text.format_words import Footnotes, checks, definitions, place_words, ruled_out_words
from formatpicker.scoring.answers import MOST_IMPORTANCE, Goals, answer_text
from formatpicker.scoring.ranking import Term
from formatpicker.scoring.rules import ONE

_HEADINGS = ("Criterion", "Your answer", "Value", "Weight", "Points", "Sources")
_NUMBERS = frozenset({2, 3, 4})
MOST_FLIPS = 6
# Nobody can picture something that matters 22 times as much.
MOST_FACTOR = 5


def reasoning(recommendation: Recommendation) -> list[Block]:
    """The document: the answer, how sure it is, the sum of each format, what would change it, the sources."""
    notes = Footnotes(recommendation.catalog)
    blocks: list[Block] = [Heading(sentences.headline(recommendation), 1)]
    blocks += [Paragraph(text) for text in definitions(recommendation)]
    blocks += listed("Answers that stand in each other's way", [each.text for each in recommendation.conflicts])
    blocks += listed(
        "How sure this is",
        [*sentences.certainty_words(recommendation), *sentences.certainty_sentences(recommendation).values()],
    )
    for entry in recommendation.ranking:
        blocks += _entry_blocks(recommendation.catalog, notes, entry)
    blocks += _change_blocks(recommendation)
    blocks += listed("Variants", _variant_texts(recommendation))
    blocks += listed("What to do next", sentences.step_words(recommendation, recommendation.next_steps))
    return blocks + listed("Sources", notes.texts(), numbered=True)


def _entry_blocks(catalog: Catalog, notes: Footnotes, entry: Entry) -> list[Block]:
    """One format: its sum, line by line, then what rules it out, what to check, what was not checked."""
    assessment = entry.assessment
    place = place_words(entry)
    blocks: list[Block] = [Heading(f"{assessment.format.name}: {place}")]
    if assessment.scale:
        blocks.append(_sum(catalog, notes, entry))
        low, high = entry.score_range
        blocks.append(Paragraph(f"Inside what the sources say, the score can be anything from {low} to {high}."))
    for title, notices in (
        ("Ruled out because:", entry.blockers),
        ("A long shot because:", entry.long_shots),
        ("Before you say yes:", checks(entry)),
    ):
        texts = notes.noted(notices)
        blocks += [Paragraph(title), Items(texts)] if texts else []
    if entry.unchecked:
        labels = ", ".join(catalog.questions[id].label.lower() for id in entry.unchecked)
        blocks.append(Paragraph(f"Not checked, because not answered: {labels}."))
    return blocks


def _sum(catalog: Catalog, notes: Footnotes, entry: Entry) -> Grid:
    points = entry.points
    rows = [
        (
            each.term.weighed.criterion.label,
            given_text(catalog, each.term),
            f"{each.term.judgement.typical / ONE:.3f}",
            f"{each.term.weighed.weight * ONE / entry.assessment.scale:.3f}",
            f"{earned:.1f}",
            notes.marks(each.citations),
        )
        for each, earned in zip(entry.contributions, points.values(), strict=True)
    ]
    rows.append(("Sum", "", "", "1.000", f"{sum(points.values()):.1f}", ""))
    return Grid(_HEADINGS, rows, _NUMBERS)


def given_text(catalog: Catalog, term: Term) -> str:
    """The answer that a term weighs, in words: ``goal 1 of 3``, ``20 hours``."""
    answer, criterion = term.weighed.answer, term.weighed.criterion
    if isinstance(answer, Goals):
        share = answer.shares[criterion.id]
        place = answer.ordered.index(criterion.id) + 1
        return f"goal {place} of {len(answer.shares)}" if answer.ranked else f"{share} of {MOST_IMPORTANCE}"
    question = catalog.questions.get(criterion.id)
    return answer_text(question, answer) if question else str(answer)


def _change_blocks(recommendation: Recommendation) -> list[Block]:
    blocks: list[Block] = []
    if len(recommendation.best) == 1:
        rivals = [entry.assessment for entry in recommendation.rivals]
        found = disagreements(recommendation.best[0].assessment, rivals)
        blocks += listed("Where sources differ and it matters", [sentences.disagreement_words(each) for each in found])
    flips = [each for each in recommendation.flip_points if each.factor <= MOST_FACTOR]
    blocks += listed("How close the call is", [sentences.flip_words(each) for each in flips[:MOST_FLIPS]])
    changes = sentences.what_if_words(recommendation, recommendation.what_ifs)
    blocks += listed("What would change the answer", changes)
    opened = sentences.relaxation_words(recommendation, recommendation.relaxations)
    return blocks + listed("What would open the formats that are ruled out", opened)


def _variant_texts(recommendation: Recommendation) -> list[str]:
    """A line for each variant; those that no answer tells apart share one."""
    group_of = {id: group for group in recommendation.indistinguishable for id in group.formats}
    texts: dict[str, None] = {}
    for entry in recommendation.variants:
        group = group_of.get(entry.id)
        if entry.blockers:
            texts[f"{entry.name}: {ruled_out_words(entry, full_text(entry.blockers[0]))}"] = None
        elif group:
            texts[f"{sentences.group_words(recommendation.catalog, group)} {_score(entry)} of 100 points each."] = None
        else:
            shot = f", a long shot: {full_text(entry.long_shots[0])}" if entry.long_shots else ""
            texts[f"{entry.name}: {_score(entry)} of 100 points{shot}"] = None
    return list(texts)


def _score(entry: Entry) -> str:
    return "-" if entry.score is None else str(entry.score)
