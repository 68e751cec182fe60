"""Offers compared, as a document: which comes first, why, how they differ, and what to ask whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from formatpicker.advice.explanation import full_text, level_text, value_phrase
from formatpicker.advice.offer_comparison import Ask, Comparison
from formatpicker.advice.offers import Offer, offer_rules
from formatpicker.advice.pay import PayCheck, amount_text, unit_text
from formatpicker.advice.recommendation import Entry
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.model import ALWAYS, NEVER, AttributeKind, Level, OfferField
from formatpicker.output.text.document_layout import Block, Grid, Heading, Items, Paragraph
from formatpicker.output.text.footnotes import Footnotes
from formatpicker.output.text.headline import headline
from formatpicker.output.text.screen import checks
from formatpicker.scoring.rounding import in_tenths
from formatpicker.scoring.rules import speaks_for

# So many reasons, questions and differences stand on the first page; the JSON document has all.
MOST_REASONS, MOST_ASKS = 3, 6
EMPLOYERS_WORD = "What an offer says of itself is the employer's word; everything else is what is usual for its format."
NOT_LEGAL = "This compares numbers; it is no legal advice."
_RESULTS = {
    True: "The pay is below it: ask why before you sign.",
    False: "The pay is not below it.",
    None: "The two could not be compared.",
}
# An age beyond it stands for no upper end.
OLDEST = 99


def offers_document(comparison: Comparison) -> list[Block]:
    """All that is said of some offers, the answer first."""
    notes = Footnotes(comparison.catalog)
    blocks: list[Block] = [Heading("Your offers", 1), Paragraph(headline(comparison.recommendation))]
    blocks.append(_standings(comparison))
    blocks += _asked(comparison)
    for entry in comparison.recommendation.ranking:
        blocks += _card(comparison, notes, entry)
    blocks += _side_by_side(comparison)
    if comparison.dominated:
        blocks += [Heading("You can leave out"), Items([_dominated(comparison, *pair) for pair in _pairs(comparison)])]
    blocks.append(Paragraph(EMPLOYERS_WORD))
    return [*blocks, Heading("Sources"), Items(notes.texts(), numbered=True)] if notes.places else blocks


def _pairs(comparison: Comparison) -> list[tuple[str, str]]:
    return [(comparison.name(each.offer), comparison.name(each.by)) for each in comparison.dominated]


def _dominated(comparison: Comparison, offer: str, by: str) -> str:
    return f"{offer}: as far as is known, {by} is at least as good in all that counts for you, and better in something."


def _standings(comparison: Comparison) -> Grid:
    rows = []
    for entry in comparison.recommendation.ranking:
        found = entry.assessment
        low, score, high = (in_tenths(total, found.scale) for total in (found.total_low, found.total, found.total_high))
        place = "-" if entry.rank is None else str(entry.rank)
        fit = "no answers to compare by" if score is None else f"{score}"
        spread = "" if score is None else f"{low} to {high}"
        rows.append((place, comparison.name(entry.id), comparison.by_id[entry.id].named.name, fit, spread))
    return Grid(("Place", "Offer", "Kind", "Fit", "Can be"), rows, frozenset({0, 3}))


def _asked(comparison: Comparison) -> list[Block]:
    """What to ask next, or that nothing unknown can change the first place."""
    deciding = [ask for ask in comparison.asks if ask.decides]
    if comparison.settled:
        return [Paragraph("Nothing that you do not know yet can change the first place.")]
    shown = deciding[:MOST_ASKS] or list(comparison.asks[:MOST_ASKS])
    if not shown:
        return [Paragraph("No single answer of an employer changes the order; several together still could.")]
    title = "Ask next, the most decisive first" if deciding else "No single answer changes the first place; ask next"
    return [Heading(title), Items([ask_words(comparison, ask) for ask in shown], numbered=True)]


def ask_words(comparison: Comparison, ask: Ask) -> str:
    """A question to an employer, and what either answer would do."""
    name = comparison.name(ask.offer)
    by_top: dict[tuple[str, ...], list[str]] = {}
    for outcome in ask.outcomes:
        by_top.setdefault(outcome.top, []).append(level_words(comparison, ask.field, outcome.level))
    if len(by_top) == 1:
        effect = "This changes the order behind the first place."
    else:
        effect = capitalized(
            "; ".join(f"if {joined(words, 'or')}, {_tops(comparison, tops)}" for tops, words in by_top.items())
        )
        effect += "."
    return f'Ask {name}: "{ask.field.ask}" {effect}'


def _tops(comparison: Comparison, tops: Sequence[str]) -> str:
    names = [comparison.name(id) for id in tops]
    if not names:
        return "nothing tells them apart"
    return f"{names[0]} comes first" if len(names) == 1 else f"{joined(names)} come first together"


def level_words(comparison: Comparison, field: OfferField, level: Level) -> str:
    """One value of a field in words that follow ``if``."""
    attribute = comparison.catalog.attributes[field.attribute]
    if attribute.kind is AttributeKind.FREQUENCY and level in (ALWAYS, NEVER):
        return "yes" if level == ALWAYS else "no"
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        unit = "" if attribute.kind is AttributeKind.DURATION else f" {attribute.unit}"
        return f"{level_text(attribute, level)}{unit}".rstrip()
    return f"it {value_phrase(attribute, level)}"


def _card(comparison: Comparison, notes: Footnotes, entry: Entry) -> list[Block]:
    """One offer: why it fits, what speaks against it, what to check, its pay, and what it lacks."""
    offer = comparison.by_id[entry.id]
    place = "ruled out" if entry.rank is None else f"place {entry.rank}"
    question = comparison.catalog.region_question
    where = f", {question.option(offer.region).label}" if question and offer.region else ""
    reasons = [each.text for each in entry.contributions if speaks_for(each.term.judgement)]
    against = [*map(full_text, entry.blockers), *map(full_text, entry.long_shots)]
    against += [_lack(comparison, offer, lack.field, lack.stated) for lack in comparison.lacks(offer)]
    hurdles = {*map(full_text, entry.long_shots)}
    to_check = [each for each in checks(entry) if full_text(each) not in hurdles]
    checked = [f"{full_text(each)}{notes.bracketed(each.citations)}" for each in to_check]
    checked += [pay_words(check) + notes.bracketed(check.citations) for check in comparison.pay_checks(offer)]
    lists = (("For it:", reasons[:MOST_REASONS]), ("Against it:", against), ("Check first:", checked))
    blocks: list[Block] = [Heading(f"{offer.name}: {offer.named.name}{where}, {place}")]
    for title, texts in lists:
        blocks += [Paragraph(title), Items(list(dict.fromkeys(texts)))] if texts else []
    return [*blocks, Paragraph(f"Your notes: {offer.notes}")] if offer.notes else blocks


def _lack(comparison: Comparison, offer: Offer, field: OfferField, stated: Level) -> str:
    attribute = comparison.catalog.attributes[field.attribute]
    return f"Unlike most of its kind, {offer.name} {value_phrase(attribute, stated)}."


def pay_words(check: PayCheck) -> str:
    """What pay comes to beside the least by law: the sum, the rate with its dates, and whom it does not cover."""
    rule = check.minimum
    least = f"{amount_text(rule.amount)} {rule.currency} {unit_text(rule.unit)}"
    ages = "" if rule.most_age > OLDEST and not rule.least_age else f" at age {_ages(rule.least_age, rule.most_age)}"
    until = f" to {rule.valid_to}" if rule.valid_to else ""
    rate = f"The least by law{ages} is {least} (rate from {rule.valid_from}{until})."
    return " ".join([*check.sums, rate, _RESULTS[check.below], rule.text, NOT_LEGAL])


def _ages(least: int, most: int) -> str:
    return f"{least} and over" if most > OLDEST else f"up to {most}" if least == 0 else f"{least} to {most}"


def _side_by_side(comparison: Comparison) -> list[Block]:
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


def _cell(comparison: Comparison, offer: Offer, field: OfferField, matters: bool) -> str:
    """What is stated, as it was written; else what is usual, marked where it is worth asking."""
    if field.id in offer.written:
        return str({True: "yes", False: "no"}.get(cast(bool, offer.written[field.id]), offer.written[field.id]))
    attribute = comparison.catalog.attributes[field.attribute]
    value = comparison.catalog.regional(offer.format, field.attribute).within(comparison.region(offer))
    if not value.known:
        return "ask" if matters else "-"
    phrase = value_phrase(attribute, value.typical)
    usual = f"its kind {phrase}" if phrase else f"its kind: {level_text(attribute, value.typical)}"
    return f"ask ({usual})" if matters else usual
