"""Offers compared for one person by the same engine as formats, and what to ask the employers next.

Reasons tell what an offer says itself from what is usual for its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, cast

from msgspec.structs import replace

from formatpicker.advice.explanation import Explainer
from formatpicker.advice.offers import STATED, Offer, as_format, offer_rules, stated_text, stated_value
from formatpicker.advice.pay import PayCheck, WorkingTime, pay_checks
from formatpicker.advice.recommendation import Entry, Recommendation, recommend
from formatpicker.catalog.attributes import ALWAYS, NEVER, AttributeKind, Level, RegionalValue, level_text
from formatpicker.catalog.criteria import RuleKind, Verdict
from formatpicker.catalog.guidance import OfferField
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers, given_words, own_text
from formatpicker.scoring.ranking import Term, assess, dominates, rank, top
from formatpicker.scoring.rules import judge, severity
from formatpicker.scoring.weights import region_of, weigh


class OfferExplainer(Explainer, frozen=True, dict=True):
    """Explains assessments of offers: their own words as such, all else as what is usual for the kind.

    Offers that state something are the subject of a sentence only where it rests on that. Of an offer that says
    nothing of jobs, what is said of jobs is said of its kind. ``offers`` are by the ids of their formats.
    """

    offers: Mapping[str, Offer]

    def __hash__(self) -> int:
        return hash((self.catalog, self.answers))

    @cached_property
    def _fields(self) -> dict[str, OfferField]:
        return {field.attribute: field for field in offer_rules(self.catalog).fields}

    def _sentence(self, format: Format, term: Term, template: str) -> str:
        offer, attribute = self.offers[format.id], term.rule.attribute
        field = self._fields.get(attribute)
        if field is not None and field.id in offer.written:
            said = f"{field.label}: {stated_text(self.catalog, offer, field)}, says the offer."
            return f"{said}{self._held_against(term)}"
        value = self._value(format, term)
        if field is not None and value.known and term.verdict is not Verdict.FITS and self._limit(term):
            usual = level_text(self.catalog.attributes[attribute], value.typical)
            return f'Ask: "{field.ask}" Usual for {offer.format.phrase}: {usual}.{self._held_against(term)}'
        stated = value.basis == STATED
        return super()._sentence(format if stated else replace(format, phrase=offer.format.phrase), term, template)

    def _limit(self, term: Term) -> bool:
        return term.rule.kind is RuleKind.LIMIT

    def _held_against(self, term: Term) -> str:
        """What was answered, where a limit or an unmet need is told; empty for goals and for what is met."""
        criterion = term.criterion
        question = self.catalog.questions.get(criterion.id)
        if question is None:
            return ""
        if self._limit(term):
            attribute = self.catalog.attributes[criterion.rule.attribute]
            return f" Your limit: {given_words(attribute, term.answer)}."
        return "" if term.verdict is Verdict.FITS else f" Your answer: {own_text(question, term.answer)}."


class AskOutcome(NamedTuple):
    """One answer that an employer can give: its level, and the names of the offers that then come first.

    ``closed`` is True where that answer would leave every offer ruled out.
    """

    level: Level
    top: tuple[str, ...]
    closed: bool


class Ask(NamedTuple):
    """A question to one employer whose answer can change the order; ``decides`` if it can change the first place.

    ``outcomes`` has been worked out by running each answer.
    """

    offer: str
    field: OfferField
    outcomes: tuple[AskOutcome, ...]
    decides: bool


class Dominance(NamedTuple):
    """An offer that another one is at least as good as in all that counts for this person, and better in something."""

    offer: str
    by: str


class Lack(NamedTuple):
    """Something that an offer gives less of than its format usually does."""

    field: OfferField
    stated: Level


class OfferComparison:
    """Several offers for one person.

    ``offers`` and ``formats`` stand in the order in which they were given; ``recommendation`` ranks them.
    """

    def __init__(self, catalog: Catalog, answers: Answers, offers: Sequence[Offer], today: str) -> None:
        self.catalog = catalog
        self.answers = answers
        self.offers: tuple[Offer, ...] = tuple(offers)
        self.today = today
        self._region = region_of(catalog, answers)
        self.formats: tuple[Format, ...] = tuple(
            self._alternative(index, offer.stated) for index, offer in enumerate(self.offers)
        )
        self.by_id: dict[str, Offer] = {
            format.id: offer for format, offer in zip(self.formats, self.offers, strict=True)
        }
        # The formats of the catalog take no part: what is compared are the offers.
        self._own = replace(catalog, formats={format.id: format for format in self.formats}, pathways=None)
        self.recommendation: Recommendation = self._recommended()

    def region(self, offer: Offer) -> str | None:
        """Whose rules hold for an offer: its own region, or that of the person."""
        return offer.region or self._region

    def _alternative(self, index: int, stated: Mapping[str, Level]) -> Format:
        offer = self.offers[index]
        return as_format(self.catalog, offer, f"offer-{index + 1:02}", self.region(offer), stated)

    def _recommended(self) -> Recommendation:
        """The recommendation; what is said of each offer tells its own word from what is usual, by its own region."""
        found = recommend(self._own, self.answers)
        return replace(found, ranking=tuple(self._explained(entry) for entry in found.ranking))

    def _explained(self, entry: Entry) -> Entry:
        region, question = self.by_id[entry.id].region, self.catalog.region_question
        answers = self.answers
        if region is not None and question is not None and region != self._region:
            answers = answers.replaced(self._own, question.id, region)
        return replace(entry, explainer=OfferExplainer(self._own, answers, self.by_id))

    def name(self, id: str) -> str:
        """What an offer is called."""
        return self.by_id[id].name

    # --- dominance ---------------------------------------------------------------------------------------------------

    @cached_property
    def dominated(self) -> tuple[Dominance, ...]:
        """Offers that lose to one other offer in nothing but never win against it, each with the best such offer."""
        ranked = [entry.assessment for entry in self.recommendation.ranking]
        found = []
        for worse in ranked:
            better = next((each for each in ranked if each is not worse and dominates(each, worse, _as_known)), None)
            if better is not None:
                found.append(Dominance(worse.format.id, better.format.id))
        return tuple(found)

    # --- what to ask -------------------------------------------------------------------------------------------------

    def unknown(self, offer: Offer) -> tuple[OfferField, ...]:
        """The fields that could matter for this person and that an offer says nothing of."""
        fields = offer_rules(self.catalog).fields
        known = {field.attribute for field in fields if field.id in offer.stated}
        matter = {each.criterion.rule.attribute for each in weigh(self._own, self.answers)} - known
        return tuple(field for field in fields if field.attribute in matter)

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """What to ask whom, most decisive first: questions of which an answer changes the first place, then the order.

        Among equals that with the larger share of answers that change something comes first, then the larger swing.
        """
        found = [
            ask
            for index, offer in enumerate(self.offers)
            for field in self.unknown(offer)
            if (ask := self._ask(index, field)) is not None
        ]
        return tuple(ask for _, ask in sorted(found, key=lambda each: each[0]))

    def _ask(self, index: int, field: OfferField) -> tuple[tuple[object, ...], Ask] | None:
        now = [entry.assessment for entry in self.recommendation.ranking]
        order, first = [entry.id for entry in self.recommendation.ranking], self.recommendation.top
        own = self.formats[index]
        others = [each for each in now if each.format.id != own.id]
        outcomes, moved, decided, totals = [], 0, 0, []
        levels = self._possible(own, field)
        for level in levels:
            format = self._alternative(index, {**self.offers[index].stated, field.id: level})
            (assessment,) = assess(self._own, self.answers, [format])
            ranked = rank([*others, assessment])
            tops = tuple(each.assessment.format.id for each in top(ranked))
            outcomes.append(AskOutcome(level, tops, all(each.rank is None for each in ranked)))
            moved += [each.assessment.format.id for each in ranked] != order
            decided += set(tops) != set(first)
            totals.append(assessment.total)
        if not moved and not decided:
            return None
        key = (-decided / len(levels), -moved / len(levels), min(totals) - max(totals), own.id, field.id)
        return key, Ask(own.id, field, tuple(outcomes), bool(decided))

    def _possible(self, format: Format, field: OfferField) -> tuple[Level, ...]:
        """What a single instance of a format can be: yes or no, any place, either end of a range or a limit between."""
        attribute = self.catalog.attributes[field.attribute]
        value = self.catalog.regional(format, field.attribute).within(self._region)
        if attribute.kind is AttributeKind.FREQUENCY:
            return (NEVER, ALWAYS)
        if attribute.kind is AttributeKind.CATEGORY:
            return tuple(attribute.phrases)
        ends = [end for end in (value.low, value.typical, value.high) if isinstance(end, int)]
        if attribute.kind is AttributeKind.LEVEL:
            return tuple(range(min(ends), max(ends) + 1)) if ends else tuple(range(5))
        limits = [
            each.answer
            for each in weigh(self._own, self.answers)
            if each.criterion.rule.attribute == field.attribute and isinstance(each.answer, int)
        ]
        inside = [limit for limit in limits if ends and min(ends) < limit < max(ends)]
        return tuple(sorted({*ends, *inside}))

    @cached_property
    def settled(self) -> bool:
        """Whether nothing that is unknown can change the first place, whatever the employers answer, all at once.

        Proved by bounds: the first offer at its worst still comes before every other one at its best. Each criterion
        takes part with the best or the worst of what its attribute can be, which bounds every combination.
        """
        first = self.recommendation.top
        if len(first) != 1:
            return False
        bounds = {format.id: self._bounds(index, format) for index, format in enumerate(self.formats)}
        worst = bounds[first[0]][0]
        return all(worst < best for id, (_, best) in bounds.items() if id != first[0])

    def _bounds(self, index: int, format: Format) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """The worst and the best standing that an offer can have, each as (blocked, unlikely verdicts, -total)."""
        unknown = {field.attribute: field for field in self.unknown(self.offers[index])}
        worst, best = [0, 0, 0], [0, 0, 0]
        for weighed in weigh(self._own, self.answers):
            rule = weighed.criterion.rule
            field = unknown.get(rule.attribute)
            values = [self.catalog.regional(format, rule.attribute)]
            if field is not None:
                values += [
                    RegionalValue(stated_value(self.catalog, field.attribute, level), {})
                    for level in self._possible(format, field)
                ]
            judged = [judge(rule, weighed.answer, value, self._region) for value in values]
            for place, verdict in enumerate((Verdict.BLOCKED, Verdict.UNLIKELY)):
                met = [each.verdict is verdict for each in judged]
                worst[place] += any(met)
                best[place] += all(met)
            worst[2] -= weighed.weight * min(each.typical for each in judged)
            best[2] -= weighed.weight * max(each.typical for each in judged)
        return _standing(worst), _standing(best)

    # --- pay and what is lacking -------------------------------------------------------------------------------------

    def pay_checks(self, offer: Offer) -> tuple[PayCheck, ...]:
        """The offer's pay beside the least that law asks for where it is, where both are known."""
        rules, region = offer_rules(self.catalog), self.region(offer)
        if offer.pay is None or region is None or rules.pay_terms is None:
            return ()
        names = rules.pay_terms
        hours, days, wait = (
            cast(int | None, offer.stated.get(each)) for each in (names.hours, names.length, names.wait)
        )
        formats = tuple(offer.format.covered)
        age = cast(int | None, self.answers.get(names.age))
        return pay_checks(
            rules.minimum_pay, formats, region, age, offer.pay, WorkingTime(hours, days, wait), self.today
        )

    def lacks(self, offer: Offer) -> tuple[Lack, ...]:
        """What an offer says that it gives less of than a usual one of its format."""
        found = []
        for field in offer_rules(self.catalog).fields:
            kind = self.catalog.attributes[field.attribute].kind
            if field.id not in offer.stated or kind not in (AttributeKind.FREQUENCY, AttributeKind.LEVEL):
                continue
            usual = self.catalog.regional(offer.format, field.attribute).within(self.region(offer))
            stated = cast(int, offer.stated[field.id])
            low, high = cast(int | None, usual.low), cast(int | None, usual.high)
            less = high is not None and stated > high if field.mirrored else low is not None and stated < low
            if less:
                found.append(Lack(field, stated))
        return tuple(found)


def _standing(values: Sequence[int]) -> tuple[int, int, int]:
    return min(values[0], 1), values[1], values[2]


def _as_known(term: Term) -> tuple[int, ...]:
    """The verdict and the value, as far as known: typical, and both ends of its range."""
    judged = term.judgement
    return (-severity(judged.verdict), *((judged.typical, judged.low, judged.high) if term.weight else ()))
