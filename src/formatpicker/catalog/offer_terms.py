"""What can be said of single offers, and the least pay by law that they are held against."""

from collections.abc import Mapping

from msgspec import Struct

from formatpicker.catalog.attributes import Citation, Level


class OfferField(Struct, frozen=True):
    """One thing that an offer of one employer can state.

    ``words`` gives the level, frequency or category that a stated word stands for. ``money`` says that an amount is
    accepted too and means that it is paid. ``mirrored``: the offer states how well it serves a goal that asks for
    little of the attribute. ``ask`` is the question to the employer while it is not known.
    """

    id: str
    attribute: str
    label: str
    ask: str
    words: Mapping[str, Level]
    aliases: tuple[str, ...] = ()
    example: str = ""
    money: bool = False
    mirrored: bool = False


class MinimumPay(Struct, frozen=True):
    """The least that the law of a region asks an employer to pay, while it is in force.

    ``amount`` is in hundredths of the currency per ``unit`` (hour or month); ``over_days`` is the length beyond which
    it is due. ``least_age`` and ``most_age`` are in years, both included.
    """

    region: str
    formats: tuple[str, ...]
    amount: int
    currency: str
    unit: str
    valid_from: str
    valid_to: str
    least_age: int
    most_age: int
    over_days: int
    text: str
    citations: tuple[Citation, ...]


class PayTerms(Struct, frozen=True):
    """What pay is worked out with: three fields of offers, and the question about a person's age."""

    hours: str
    length: str
    wait: str
    age: str


class OfferRules(Struct, frozen=True):
    """What can be said of single offers, and what they are held against."""

    fields: tuple[OfferField, ...]
    minimum_pay: tuple[MinimumPay, ...]
    pay_terms: PayTerms | None
