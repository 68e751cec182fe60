"""Offers compared, as a document: which comes first, why, how they differ, and what to ask whom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import cast

from formatpicker.advice.notices import Notice, full_text
from formatpicker.advice.offer_comparison import Ask, AskOutcome, OfferComparison
from formatpicker.advice.offers import Offer, offer_rules, stated_text
from formatpicker.advice.pay import PayCheck, amount_text, unit_text
from formatpicker.advice.recommendation import Entry
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.attributes import ALWAYS, NEVER, AttributeKind, Level, level_text, value_phrase
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.guidance import OfferField
from formatpicker.output.text.catalog import Footnotes
from formatpicker.output.text.document_layout import (
    Block,
    Grid,
    Heading,
    Items,
    Paragraph,
    day_words,
    heading_blocks,
    listed,
)
from formatpicker.output.text.format_words import checks, span_text, weakest
from formatpicker.output.text.person_document import ADVICE, answers_given, catalog_line, range_mark
from formatpicker.output.text.sentences import Wording, answered_little, certainty_words, headline, what_if_words
from formatpicker.scoring.answers import given_words
from formatpicker.scoring.ranking import score_text
from formatpicker.scoring.rules import speaks_for

TITLE = "Your offers"
# So many reasons, questions and differences stand on the first page; the JSON document has all.
MOST_REASONS, MOST_ASKS, MOST_CHANGES = 3, 6, 3
EMPLOYERS_WORD = "What an offer says of itself is the employer's word; everything else is what is usual for its format."
NO_ANSWERS = (
    "Which offer suits you depends on you: `formatpicker ask --save me.yaml` asks for your answers; "
    "then add --for me.yaml."
)
BETTER = "is at least as good in everything, as far as is known, and better in something"
NOT_LEGAL = "Pay is only compared by its numbers; that is no legal advice."
_RESULTS = {
    True: "The pay stated is below it: ask before you sign.",
    False: "The pay is not below it.",
    None: "The two could not be compared.",
}
OFFERS = Wording(
    "is the only one of your offers that your answers leave open", "None of your offers goes with your answers.", str
)
OTHER_GROUNDS = "the offers' own word or our judgement"
# An age beyond it stands for no upper end.
OLDEST = 99


def offers_headline(comparison: OfferComparison) -> str:
    """The answer in one sentence."""
    found = comparison.recommendation
    if not comparison.answers.values:
        return NO_ANSWERS
    names = [comparison.name(entry.id) for entry in found.ranking]
    if len(names) == 1 and found.ranking[0].rank and not found.ranking[0].long_shots:
        return f"Nothing that you answered speaks against {names[0]}. Add your other offers to compare it with them."
    level = [entry for entry in found.ranking if entry.rank == 1]
    if not found.top and level:
        return f"Nothing that is known so far tells {joined([comparison.name(each.id) for each in level])} apart."
    return headline(found, OFFERS)


def offers_summary(comparison: OfferComparison) -> list[Block]:
    """The answer, where each offer stands and what to ask next."""
    return [Heading(offers_headline(comparison), 1), _standings(comparison), *_asked(comparison)]


def offers_document(comparison: OfferComparison, kept: bool = False) -> list[Block]:
    """All that is said of some offers, the answer first; to be ``kept``, with what each kind is and the answers."""
    notes, found = Footnotes(comparison.catalog), comparison.recommendation
    blocks = offers_summary(comparison)
    shared = _shared(found.ranking)
    blocks += listed("Check first, whichever you take", notes.noted(shared), boxes=kept)
    for entry in found.ranking:
        blocks += _card(comparison, notes, entry, {full_text(each) for each in shared}, kept)
    blocks += _side_by_side(comparison)
    beaten = [f"{comparison.name(each.offer)}: {comparison.name(each.by)} {BETTER}." for each in comparison.dominated]
    blocks += listed("Beaten in all that counts for you so far", beaten)
    changes = what_if_words(found, found.single_changes[:MOST_CHANGES]) if found.best else []
    blocks += listed("What would change the order", changes)
    sure = certainty_words(found, OTHER_GROUNDS)
    blocks += [Heading("How sure this is"), *([Paragraph(" ".join(sure))] if sure else [])]
    paid = any(comparison.pay_checks(offer) for offer in comparison.offers)
    blocks.append(Paragraph(" ".join([EMPLOYERS_WORD, *([NOT_LEGAL] if paid else [])])))
    if kept:
        kinds = {offer.named.name: offer.named.summary for offer in comparison.offers}
        blocks += listed("What each kind is", [f"{name}: {summary}" for name, summary in kinds.items()])
        blocks += answers_given(found)
    return blocks + listed("Sources", notes.texts(), numbered=True)


def offers_page(comparison: OfferComparison, name: str = "", day: str = "") -> list[Block]:
    """The same as a page to keep: for whom and when, with boxes to tick, what each kind is, and what was answered."""
    title, *rest = offers_document(comparison, kept=True)
    origins = (name and f"For {name}", day_words(day))
    last = [Paragraph(ADVICE, soft=True), Paragraph(catalog_line(comparison.catalog), soft=True)]
    return [*heading_blocks(cast(Heading, title).text, *origins), *rest, *last]


def _shared(ranking: Sequence[Entry]) -> list[Notice]:
    """What has to be checked for each offer that is not ruled out alike."""
    sets = [{full_text(each) for each in checks(entry)} for entry in ranking if entry.rank is not None]
    alike = set.intersection(*sets) if len(sets) > 1 else set()
    found = {full_text(each): each for entry in ranking for each in checks(entry)}
    return [notice for text, notice in found.items() if text in alike]


def _standings(comparison: OfferComparison) -> Grid:
    """A row for each offer; no points where the answers are few."""
    found = comparison.recommendation
    few = answered_little(found)
    rows, marks = [], {}
    for at, entry in enumerate(found.ranking):
        place = "ruled out" if entry.rank is None else f"{entry.rank}{', a long shot' * bool(entry.long_shots)}"
        row = [comparison.name(entry.id), comparison.by_id[entry.id].named.name, place]
        scored = bool(entry.assessment.scale) and not few
        if scored and entry.rank is not None:
            marks[at, 4] = range_mark(entry.assessment)
        points = (score_text(entry.assessment), span_text(entry.assessment)) if scored else ("", "")
        rows.append(row if few else [*row, *points])
    if few:
        return Grid(("Offer", "Kind", "Place"), rows)
    return Grid(("Offer", "Kind", "Place", "Points of 100", "Can be"), rows, frozenset({3}), marks)


def _asked(comparison: OfferComparison) -> list[Block]:
    """What to ask next, or that nothing unknown can change the first place."""
    if len(comparison.offers) == 1 or not comparison.answers.values:
        return []
    deciding = [ask for ask in comparison.asks if ask.decides]
    if comparison.settled:
        first = comparison.name(comparison.recommendation.top[0])
        return [Paragraph(f"Whatever the employers still tell you, {first} stays first.")]
    shown = deciding[:MOST_ASKS] or list(comparison.asks[:MOST_ASKS])
    if not shown:
        return [Paragraph("No single answer of an employer changes the order; several together still could.")]
    title = "Ask next, the most decisive first" if deciding else "No single answer changes the first place; ask next"
    return [Heading(title), Items([ask_words(comparison, ask) for ask in shown], numbered=True)]


def ask_words(comparison: OfferComparison, ask: Ask) -> str:
    """A question to an employer, and what either answer would do."""
    name = comparison.name(ask.offer)
    if len({outcome[1:] for outcome in ask.outcomes}) == 1:
        effect = "This changes the order behind the first place."
    else:
        effect = "; ".join(f"if {words}, {_effect(comparison, each)}" for words, each in _effects(comparison, ask))
        effect = f"{capitalized(effect)}."
    return f'Ask {name}: "{ask.field.ask}" {effect}'


def _effects(comparison: OfferComparison, ask: Ask) -> list[tuple[str, AskOutcome]]:
    """What an employer can answer, in words, beside what then comes first; answers with the same effect together."""
    levels = [outcome.level for outcome in ask.outcomes]
    if comparison.catalog.attributes[ask.field.attribute].kind not in (AttributeKind.DURATION, AttributeKind.NUMBER):
        alike: dict[tuple[object, ...], list[AskOutcome]] = {}
        for outcome in ask.outcomes:
            alike.setdefault(outcome[1:], []).append(outcome)
        told = [[level_words(comparison, ask.field, each.level) for each in group] for group in alike.values()]
        return [(joined(words, "or"), group[0]) for words, group in zip(told, alike.values(), strict=True)]
    found = []
    for _, grouped in groupby(ask.outcomes, lambda outcome: outcome[1:]):
        outcomes = [*grouped]
        each = [outcome.level for outcome in outcomes]
        ends = [level_words(comparison, ask.field, level) for level in (each[0], each[-1])]
        words = ends[0] if len(each) == 1 else f"{ends[0]} to {ends[1]}"
        words = f"{ends[1]} or less" if each[0] == levels[0] else words
        words = f"{ends[0]} or more" if each[-1] == levels[-1] else words
        found.append((words, outcomes[0]))
    return found


def _effect(comparison: OfferComparison, outcome: AskOutcome) -> str:
    names = [comparison.name(id) for id in outcome.top]
    if outcome.closed:
        return "none of your offers is left"
    if not names:
        return "they stand level"
    return f"{names[0]} comes first" if len(names) == 1 else f"{joined(names)} come first together"


def level_words(comparison: OfferComparison, field: OfferField, level: Level) -> str:
    """One value of a field in words that follow ``if``."""
    attribute = comparison.catalog.attributes[field.attribute]
    if attribute.kind is AttributeKind.FREQUENCY and level in (ALWAYS, NEVER):
        return "yes" if level == ALWAYS else "no"
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        unit = "" if attribute.kind is AttributeKind.DURATION else f" {attribute.unit}"
        return f"{given_words(attribute, cast(int, level))}{unit}".rstrip()
    return f"it {value_phrase(attribute, level)}"


def _card(comparison: OfferComparison, notes: Footnotes, entry: Entry, said: set[str], kept: bool) -> list[Block]:
    """One offer: why it fits, what speaks against it, what to check beside what is said already, its pay, its lacks."""
    offer = comparison.by_id[entry.id]
    place = "ruled out" if entry.rank is None else f"place {entry.rank}"
    question = comparison.catalog.region_question
    where = f", {question.option(offer.region).label}" if question and offer.region else ""
    reasons = [each.text for each in entry.contributions if speaks_for(each.term.judgement)]
    # What is told as a hurdle or a check already is left out.
    weak = [each for each in weakest(entry) if each.term.verdict in (None, Verdict.FITS)][:MOST_REASONS]
    against = [*map(full_text, entry.blockers), *map(full_text, entry.long_shots), *(each.text for each in weak)]
    known = {*said, *against}
    to_check = notes.noted(each for each in checks(entry) if full_text(each) not in known)
    to_check += [pay_words(check) + notes.bracketed(check.citations) for check in comparison.pay_checks(offer)]
    told = {each.term.rule.attribute for each in weak}
    attributes = comparison.catalog.attributes
    lacks = [
        f"Unlike most of its kind, {offer.name} {value_phrase(attributes[each.field.attribute], each.stated)}."
        for each in comparison.lacks(offer)
        if each.field.attribute not in told
    ]
    lists = (("For it:", reasons[:MOST_REASONS]), ("Against it:", against), ("Less than usual:", lacks))
    blocks: list[Block] = [Heading(f"{offer.name}: {offer.named.name}{where}, {place}")]
    for title, texts in lists:
        blocks += [Paragraph(title), Items(list(dict.fromkeys(texts)))] if texts else []
    blocks += [Paragraph("Check first:"), Items(list(dict.fromkeys(to_check)), boxes=kept)] if to_check else []
    return [*blocks, Paragraph(f"Your notes: {offer.notes}")] if offer.notes else blocks


def pay_words(check: PayCheck) -> str:
    """What pay comes to beside the least by law: the sum, the rate with its dates, and whom it does not cover."""
    rule = check.minimum
    least = f"{amount_text(rule.amount)} {rule.currency} {unit_text(rule.unit)}"
    ages = "" if rule.most_age > OLDEST and not rule.least_age else f" at age {_ages(rule.least_age, rule.most_age)}"
    until = f" to {rule.valid_to}" if rule.valid_to else ""
    rate = f"The least by law{ages} is {least} (rate from {rule.valid_from}{until})."
    return " ".join([*check.sums, rate, _RESULTS[check.below], rule.text])


def _ages(least: int, most: int) -> str:
    return f"{least} and over" if most > OLDEST else f"up to {most}" if least == 0 else f"{least} to {most}"


def _side_by_side(comparison: OfferComparison) -> list[Block]:
    """A row for each field that one of the offers states and in which they differ, or that matters and is not known."""
    unknown = {(offer.name, field.id) for offer in comparison.offers for field in comparison.unknown(offer)}
    rows = []
    for field in offer_rules(comparison.catalog).fields:
        cells = [_cell(comparison, offer, field, (offer.name, field.id) in unknown) for offer in comparison.offers]
        stated = any(field.id in offer.written for offer in comparison.offers)
        if (stated and len(set(cells)) > 1) or any(cell.startswith("ask") for cell in cells):
            rows.append((field.label, *cells))
    headings = ("", *(offer.name for offer in comparison.offers))
    return [Heading("Side by side"), Grid(headings, rows)] if rows else []


def _cell(comparison: OfferComparison, offer: Offer, field: OfferField, matters: bool) -> str:
    """What is stated, as it was written; else what is usual, marked where it is worth asking."""
    if field.id in offer.written:
        return stated_text(comparison.catalog, offer, field)
    attribute = comparison.catalog.attributes[field.attribute]
    value = comparison.catalog.regional(offer.format, field.attribute).within(comparison.region(offer))
    if not value.known:
        return "ask" if matters else "-"
    phrase = value_phrase(attribute, value.typical)
    usual = f"its kind {phrase}" if phrase else f"its kind: {level_text(attribute, value.typical)}"
    return f"ask ({usual})" if matters else usual
