"""The shape of offers compared for one person."""

from typing import Annotated, Literal

from formatpicker.advice.certainty import Call
from formatpicker.catalog.json_types import (
    Answers,
    CatalogRecord,
    FormatId,
    Name,
    Points,
    Rank,
    Score,
    Sources,
    Text,
    TypedDict,
    says,
)
from formatpicker.output.json.person_types import (
    Blocker,
    Certainty,
    Contribution,
    Eligibility,
    FlipPoint,
    Notice,
    WhatIf,
)

OfferId = Annotated[str, says("Id of an offer: offer-01 is the first one given.")]
OfferIds = Annotated[list[str], says("Ids of offers.")]
Field = Annotated[str, says("Id of something that an offer can state.")]


class PayCheck(TypedDict):
    """Pay beside the least that the law asks for; numbers compared, no legal advice."""

    below: Annotated[bool | None, says("Whether it is below; null where it could not be compared.")]
    sum: Annotated[list[str], says("The steps of the sum, in words.")]
    minimum: Annotated[float, says("The least pay.")]
    currency: Annotated[str, says("Currency of the least pay.")]
    per: Annotated[str, says("hour or month.")]
    least_age: Annotated[int, says("From which age it is due, in years.")]
    most_age: Annotated[int, says("Up to which age it is due, in years.")]
    valid_from: Annotated[str, says("First day of the rate.")]
    valid_to: Annotated[str | None, says("Last day of the rate; null where none is set.")]
    text: Text
    sources: Sources


class OfferPay(TypedDict):
    """The pay that an offer states."""

    amount: Annotated[float, says("How much.")]
    currency: Annotated[str, says("Currency, three letters.")]
    per: Annotated[str, says("hour, week, month, year or total.")]
    checks: Annotated[list[PayCheck], says("The pay beside each least pay that may be due.")]


class OfferEntry(TypedDict):
    """What is said of one offer."""

    offer: OfferId
    name: Name
    format: FormatId
    named: Annotated[str, says("Id of the format that was named; ``format`` is the one that covers it.")]
    region: Annotated[str | None, says("Whose rules hold for it; null where none is known.")]
    stated: Annotated[dict[str, str], says("What the offer states, as it was written.")]
    unknown: Annotated[list[str], says("What it does not state and could matter for this person.")]
    definition: Annotated[str, says("What its format is, in one line.")]
    rank: Rank
    score: Score
    score_low: Annotated[Points | None, says("The least that the score can be with what is unknown.")]
    score_high: Annotated[Points | None, says("The most that the score can be with what is unknown.")]
    eligibility: Eligibility
    conditions: Annotated[list[Notice], says("What to look for.")]
    long_shots: Annotated[list[Notice], says("What only a rare instance offers.")]
    blockers: Annotated[list[Blocker], says("What rules the offer out.")]
    unchecked: Annotated[list[str], says("Ids of limits that were not answered.")]
    contributions: Annotated[list[Contribution], says("What the score is made of, the largest first.")]
    cautions: Annotated[list[Notice], says("What to know before deciding.")]
    lacks: Annotated[list[str], says("What it gives less of than a usual one of its format.")]
    pay: Annotated[OfferPay | None, says("The pay, where an amount is stated.")]
    notes: Annotated[str | None, says("The notes of the person.")]


class Dominance(TypedDict):
    """An offer that another one is at least as good as in all that counts, and better in something."""

    offer: OfferId
    by: OfferId


class AskOutcome(TypedDict):
    """One answer of an employer, and who then comes first; worked out by running it."""

    answer: Annotated[str, says("The answer, in words.")]
    top: OfferIds


class Ask(TypedDict):
    """A question to an employer of which an answer changes the order."""

    offer: OfferId
    field: Field
    question: Annotated[str, says("The question, in words.")]
    decides: Annotated[bool, says("Whether an answer changes the first place.")]
    text: Text
    outcomes: Annotated[list[AskOutcome], says("What each answer would do.")]


class Offers(TypedDict):
    """Concrete offers, compared for one person."""

    schema: Annotated[Literal["formatpicker/offers/1"], says("Name and version of this document.")]
    catalog: Annotated[CatalogRecord, says("What was judged by.")]
    today: Annotated[str, says("The day from which starts are counted and rates are looked up.")]
    answers: Annotated[Answers, says("The answers of the person.")]
    top: OfferIds
    call: Annotated[Call, says("How far the first place can be trusted.")]
    contenders: OfferIds
    headline: Annotated[str, says("The answer in one sentence.")]
    certainty: Annotated[Certainty, says("How sure the first place is.")]
    settled: Annotated[bool, says("Whether it is proved that nothing unknown can change the first place.")]
    offers: Annotated[list[OfferEntry], says("All offers, the best first.")]
    dominated: Annotated[list[Dominance], says("Offers that another one beats.")]
    ask: Annotated[list[Ask], says("What to ask whom, the most decisive first.")]
    what_ifs: Annotated[list[WhatIf], says("Changes of answers that put another offer first, by its id.")]
    flip_points: Annotated[list[FlipPoint], says("What weight would have to change for another offer.")]
