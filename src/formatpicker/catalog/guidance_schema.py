"""What a catalog file says beside its formats looks like: cautions, conflicts, next steps, pathways, certainty, offers.

And the types that all parts of a file share.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from formatpicker.catalog.attributes import Record

_Record = TypeVar("_Record", bound=Record)
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Hundredths = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[int, Field(ge=0, le=10_000)]
Written = int | float | str | None
CitationMap = dict[Id, str]
DATE = r"^\d{4}-\d{2}-\d{2}$"


class Part(BaseModel):
    """A part of a catalog file: no unknown keys, no conversion of types."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True)

    def resolved(self, record: type[_Record], **others: Any) -> _Record:
        """A record that takes over the fields of the same name, lists as tuples; the others are given."""
        shared = [name for name in record.__struct_fields__ if name in type(self).model_fields and name not in others]
        own = {name: tuple(value) if isinstance(value := getattr(self, name), list) else value for name in shared}
        return record(**own, **others)


class OfferFieldPart(Part):
    """One thing that an offer can state: a value of an attribute, or how well it serves a goal."""

    id: Id
    attribute: Id | None = None
    goal: Id | None = None
    label: Words
    ask: Words
    aliases: list[Words] = []
    example: str = ""
    words: dict[str, int | str] = {}
    money: bool = False


class MinimumPayPart(Part):
    """The least pay that the law of a region asks for."""

    region: Id
    formats: Annotated[list[Id], Field(min_length=1)]
    amount: Annotated[float, Field(gt=0, le=1_000_000_000)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    per: Literal["hour", "month"]
    valid_from: Annotated[str, StringConstraints(pattern=DATE)]
    valid_to: Annotated[str, StringConstraints(pattern=DATE)] | None = None
    ages: Annotated[list[int], Field(min_length=2, max_length=2)] = [0, 200]
    if_longer_than: str | None = None
    text: Words
    sources: CitationMap


class PayTermsPart(Part):
    """Which fields and which question pay is worked out with."""

    hours: Id
    length: Id
    wait: Id
    age: Id


class OffersPart(Part):
    """What can be said of single offers, and what they are held against."""

    words: dict[Literal["frequency", "level"], dict[str, int | str]] = {}
    fields: Annotated[list[OfferFieldPart], Field(min_length=1)]
    minimum_pay: list[MinimumPayPart] = []
    pay_terms: PayTermsPart | None = None


class TestPart(Part):
    """One test: ``question`` or ``attribute`` names the subject, exactly one further key is the operator."""

    question: Id | None = None
    attribute: Id | None = None
    is_: list[Id] | None = Field(None, alias="is")
    is_not: list[Id] | None = None
    includes: list[Id] | None = None
    below: float | None = None
    at_least: float | None = None


class CautionPart(Part):
    """A warning, shown where all of ``when`` holds and none of ``unless``; an open question holds no test.

    A rate or a rule that changes has its dates.
    """

    id: Id
    about: Id
    formats: list[Id] = []
    regions: list[Id] = []
    when: list[TestPart] = []
    unless: list[TestPart] = []
    text: Words
    amount: bool = False
    sources: CitationMap
    valid_from: str | int = ""
    valid_to: str | int = ""


class ConflictPart(Part):
    """Two wishes, or a wish and a limit, that no format may be able to meet together."""

    id: Id
    between: Annotated[list[Id], Field(min_length=2, max_length=2)]
    least_value: Hundredths
    text: Words
    sources: CitationMap


class NextStepPart(Part):
    """Where to look next; without regions it holds everywhere, without tests for everybody."""

    formats: Annotated[list[Id], Field(min_length=1)]
    regions: list[Id] = []
    when: list[TestPart] = []
    unless: list[TestPart] = []
    text: Words
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None
    official: bool
    sources: CitationMap


class LinkPart(Part):
    """One experience may come after another."""

    from_: Id = Field(alias="from")
    to: Id
    reason: Words
    sources: CitationMap


class StackingPart(Part):
    """An attribute that grows with each further experience, in levels."""

    attribute: Id
    gain: Annotated[int, Field(ge=1, le=4)]
    most: Annotated[int, Field(ge=1, le=4)]
    reason: Words
    sources: CitationMap


class PathwaysPart(Part):
    """How experiences may be strung together."""

    duration: Id
    per_week: Id
    most_steps: Annotated[int, Field(ge=2, le=4)]
    weakest_counts: list[Id] = []
    stacking: list[StackingPart] = []
    links: Annotated[list[LinkPart], Field(min_length=1)]


class CertaintyPart(Part):
    """When a first place is called clear, who contends for it, and what is said or kept back; per cent.

    ``clear`` and ``leaning`` are least shares of the draws for the call, ``contender`` that of a format that is named
    beside the first. Under ``few_answers`` of coverage a result is one so far and shows no score. Variants are offered
    from ``variant_floor`` points on.
    """

    clear: Hundredths = 80
    leaning: Hundredths = 60
    contender: Annotated[int, Field(ge=1, le=50)] = 20
    few_answers: Hundredths = 35
    variant_floor: Hundredths = 60
