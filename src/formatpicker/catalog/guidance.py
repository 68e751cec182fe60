"""What is said beside the ranking: cautions, conflicts, next steps, pathways, how sure a first place is, and offers."""

from collections.abc import Mapping

from formatpicker.base.validity import Validity
from formatpicker.catalog.attributes import Citation, Level, Record


class Test(Record, frozen=True):
    """One test of a caution: on a question's answer or on an attribute of the format."""

    subject: str
    name: str
    operator: str
    operand: tuple[str, ...] | float


class Caution(Record, frozen=True):
    """A warning and whom it concerns: all ``tests`` hold, and none of ``unless``; an open question holds no test.

    ``validity`` holds the dates between which it holds, as far as they are known.
    """

    id: str
    about: str
    text: str
    citations: tuple[Citation, ...]
    formats: tuple[str, ...]
    regions: tuple[str, ...]
    tests: tuple[Test, ...]
    unless: tuple[Test, ...]
    validity: Validity


class Conflict(Record, frozen=True):
    """Two criteria that no format may be able to meet together, and what to say where none does.

    A limit is met by a format that it does not block, anything else by a value of ``least_value`` thousandths.
    """

    id: str
    between: tuple[str, str]
    least_value: int
    text: str
    citations: tuple[Citation, ...]


class NextStep(Record, frozen=True):
    """Where to look next, and for whom, as with cautions; it tests questions only."""

    text: str
    url: str | None
    official: bool
    formats: tuple[str, ...]
    regions: tuple[str, ...]
    tests: tuple[Test, ...]
    citations: tuple[Citation, ...]
    unless: tuple[Test, ...] = ()


class Link(Record, frozen=True):
    """That one experience may come after another, and why; both may be the same format."""

    origin: str
    target: str
    reason: str
    citations: tuple[Citation, ...]


class Stacking(Record, frozen=True):
    """An attribute that grows by ``gain`` levels with each further experience, up to the level ``most``."""

    attribute: str
    gain: int
    most: int
    reason: str
    citations: tuple[Citation, ...]


class PathwayRules(Record, frozen=True):
    """How experiences may be strung together.

    ``duration`` and ``per_week`` are the questions about the whole time and the hours in a week. Of the attributes in
    ``weakest_counts`` a plan is worth what its weakest step is worth, of all others what its best step is.
    """

    duration: str
    per_week: str
    most_steps: int
    weakest_counts: tuple[str, ...]
    stacking: Mapping[str, Stacking]
    links: tuple[Link, ...]


# So often weights, values and limits are drawn anew for the shares that certainty rules speak of.
DRAWS = 2000


class CertaintyRules(Record, frozen=True):
    """Bounds in per cent: when a first place is called clear, who contends for it, what is said or kept back.

    ``clear`` and ``leaning`` are least shares of the draws for the call, ``contender`` that of a format that is named
    beside the first. Under ``few_answers`` of coverage a result is one so far. Variants are offered from
    ``variant_floor`` points on.
    """

    clear: int
    leaning: int
    contender: int
    few_answers: int
    variant_floor: int


class OfferField(Record, frozen=True):
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


class MinimumPay(Record, frozen=True):
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


class PayTerms(Record, frozen=True):
    """What pay is worked out with: three fields of offers, and the question about a person's age."""

    hours: str
    length: str
    wait: str
    age: str


class OfferRules(Record, frozen=True):
    """What can be said of single offers, and what they are held against."""

    fields: tuple[OfferField, ...]
    minimum_pay: tuple[MinimumPay, ...]
    pay_terms: PayTerms | None
