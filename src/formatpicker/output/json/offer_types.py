"""The shape of what is said of concrete offers, compared for one person."""

from typing import Annotated, Literal

from msgspec import Meta

from formatpicker.advice.certainty import Call
from formatpicker.output.json.person_types import (
    Answers,
    Blocker,
    CatalogRecord,
    Certainty,
    Contribution,
    Eligibility,
    FlipPoint,
    FormatId,
    Name,
    Notice,
    Points,
    Rank,
    Score,
    Sources,
    Text,
    TypedDict,
    WhatIf,
)

OfferId = Annotated[str, Meta(description="Id of an offer: offer-01 is the first one given.")]
OfferIds = Annotated[list[str], Meta(description="Ids of offers.")]
Field = Annotated[str, Meta(description="Id of something that an offer can state.")]


class PayCheck(TypedDict):
    """Pay beside the least that the law asks for; numbers compared, no legal advice."""

    below: Annotated[bool | None, Meta(description="Whether it is below; null where it could not be compared.")]
    sum: Annotated[list[str], Meta(description="The steps of the sum, in words.")]
    minimum: Annotated[float, Meta(description="The least pay.")]
    currency: Annotated[str, Meta(description="Currency of the least pay.")]
    per: Annotated[str, Meta(description="hour or month.")]
    least_age: Annotated[int, Meta(description="From which age it is due, in years.")]
    most_age: Annotated[int, Meta(description="Up to which age it is due, in years.")]
    valid_from: Annotated[str, Meta(description="First day of the rate.")]
    valid_to: Annotated[str | None, Meta(description="Last day of the rate; null where none is set.")]
    text: Text
    sources: Sources


class OfferPay(TypedDict):
    """The pay that an offer states."""

    amount: Annotated[float, Meta(description="How much.")]
    currency: Annotated[str, Meta(description="Currency, three letters.")]
    per: Annotated[str, Meta(description="hour, week, month, year or total.")]
    checks: Annotated[list[PayCheck], Meta(description="The pay beside each least pay that may be due.")]


class OfferEntry(TypedDict):
    """What is said of one offer."""

    offer: OfferId
    name: Name
    format: FormatId
    named: Annotated[str, Meta(description="Id of the format that was named; ``format`` is the one that covers it.")]
    region: Annotated[str | None, Meta(description="Whose rules hold for it; null where none is known.")]
    stated: Annotated[dict[str, str], Meta(description="What the offer states, as it was written.")]
    unknown: Annotated[list[str], Meta(description="What it does not state and could matter for this person.")]
    definition: Annotated[str, Meta(description="What its format is, in one line.")]
    rank: Rank
    score: Score
    score_low: Annotated[Points | None, Meta(description="The least that the score can be with what is unknown.")]
    score_high: Annotated[Points | None, Meta(description="The most that the score can be with what is unknown.")]
    eligibility: Eligibility
    conditions: Annotated[list[Notice], Meta(description="What to look for.")]
    long_shots: Annotated[list[Notice], Meta(description="What only a rare instance offers.")]
    blockers: Annotated[list[Blocker], Meta(description="What rules the offer out.")]
    unchecked: Annotated[list[str], Meta(description="Ids of limits that were not answered.")]
    contributions: Annotated[list[Contribution], Meta(description="What the score is made of, the largest first.")]
    cautions: Annotated[list[Notice], Meta(description="What to know before deciding.")]
    lacks: Annotated[list[str], Meta(description="What it gives less of than a usual one of its format.")]
    pay: Annotated[OfferPay | None, Meta(description="The pay, where an amount is stated.")]
    notes: Annotated[str | None, Meta(description="The notes of the person.")]


class Dominance(TypedDict):
    """An offer that another one is at least as good as in all that counts, and better in something."""

    offer: OfferId
    by: OfferId


class AskOutcome(TypedDict):
    """One answer of an employer, and who then comes first; worked out by running it."""

    answer: Annotated[str, Meta(description="The answer, in words.")]
    top: OfferIds


class Ask(TypedDict):
    """A question to an employer of which an answer changes the order."""

    offer: OfferId
    field: Field
    question: Annotated[str, Meta(description="The question, in words.")]
    decides: Annotated[bool, Meta(description="Whether an answer changes the first place.")]
    text: Text
    outcomes: Annotated[list[AskOutcome], Meta(description="What each answer would do.")]


class Offers(TypedDict):
    """Concrete offers, compared for one person."""

    schema: Annotated[Literal["formatpicker/offers/1"], Meta(description="Name and version of this document.")]
    catalog: Annotated[CatalogRecord, Meta(description="What was judged by.")]
    today: Annotated[str, Meta(description="The day from which starts are counted and rates are looked up.")]
    answers: Annotated[Answers, Meta(description="The answers of the person.")]
    top: OfferIds
    call: Annotated[Call, Meta(description="How far the first place can be trusted.")]
    contenders: OfferIds
    headline: Annotated[str, Meta(description="The answer in one sentence.")]
    certainty: Annotated[Certainty, Meta(description="How sure the first place is.")]
    settled: Annotated[bool, Meta(description="Whether it is proved that nothing unknown can change the first place.")]
    offers: Annotated[list[OfferEntry], Meta(description="All offers, the best first.")]
    dominated: Annotated[list[Dominance], Meta(description="Offers that another one beats.")]
    ask: Annotated[list[Ask], Meta(description="What to ask whom, the most decisive first.")]
    what_ifs: Annotated[list[WhatIf], Meta(description="Changes of answers that put another offer first, by its id.")]
    flip_points: Annotated[list[FlipPoint], Meta(description="What weight would have to change for another offer.")]
