"""What a catalog file looks like, as pydantic models: shapes and types, nothing that takes a look across the file.

References between parts (sources, attributes, formats) and meanings (a level from 0 to 4) are checked by ``resolve``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from formatpicker.catalog.attributes import AttributeKind
from formatpicker.catalog.criteria import About, AnswerKind, Verdict
from formatpicker.catalog.offer_schema import OffersPart
from formatpicker.catalog.schema_types import CitationMap, Hundredths, Id, Part, Weight, Words, Written


class SourcePart(Part):
    """A publication."""

    title: Words
    publisher: Words
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None
    date: str | int | None
    kind: Literal["article", "law", "statistics", "official", "institution", "platform", "press"]
    note: str = ""
    same_voice_as: str = ""


class AttributePart(Part):
    """The definition of an attribute.

    ``scale`` says what each step of a level is by, in terms that can be observed; ``amount`` is for amounts of money,
    whose dates are shown as those of a rate.
    """

    label: Words
    kind: Annotated[AttributeKind, Field(strict=False)]
    unit: str = ""
    phrases: dict[str, Words] = {}
    scale: dict[str, Words] = {}
    amount: bool = False


class PlainValuePart(Part):
    """A value of an attribute, with its evidence; which keys it needs depends on the attribute's kind."""

    value: Written = None
    low: Written = None
    high: Written = None
    min: Written = None
    typical: Written = None
    max: Written = None
    basis: Literal["sourced", "inferred"]
    sources: CitationMap = {}
    note: str = ""
    as_of: str | int = ""
    valid_from: str | int = ""
    valid_to: str | int = ""


class RegionPart(PlainValuePart):
    """The value of a region; a ``local`` one, such as a placement for its pupils, says nothing of other places."""

    local: bool = False


class ValuePart(PlainValuePart):
    """A value that may differ by region and, in a variant, says why it differs from its core format."""

    regions: dict[Id, RegionPart] = {}
    reason: str = ""


class FormatPart(Part):
    """A format; ``attributes`` of a variant holds what differs from the first format of ``variant_of``."""

    kind: Literal["core", "intermediate", "subtype", "alias", "property", "overlay", "strategy", "delivery-model"]
    name: Words
    phrase: Words
    aliases: list[Words] = []
    variant_of: Annotated[list[Id], Field(max_length=2)] = []
    covered_by: Id | None = None
    also_means: list[Words] = []
    term_unstable: bool = False
    summary: Words
    good_for: Annotated[list[Words], Field(min_length=1)]
    speaks_against: Annotated[list[Words], Field(min_length=1)]
    attributes: dict[Id, ValuePart] = {}


class CellPart(Part):
    """A cell of a choice rule."""

    value: Hundredths
    verdict: Annotated[Verdict, Field(strict=False)] = Verdict.FITS
    text: str = ""


Texts = dict[Literal["fits", "conditional", "unlikely", "blocked", "above"], Words]


class LimitPart(Part):
    """The answer is the most a person can give."""

    kind: Literal["limit"]
    attribute: Id
    weight: Weight
    texts: Texts


class NeedPart(Part):
    """Required, preferred or not needed, held against how often the format offers it."""

    kind: Literal["need"]
    attribute: Id
    weight: dict[Literal["required", "preferred"], Weight]
    texts: Texts


class ChoicePart(Part):
    """A table of answer, category, cell; an answer with an empty row takes no part."""

    kind: Literal["choice"]
    attribute: Id
    weight: Weight | dict[Id, Weight]
    table: dict[Id, dict[Id, CellPart]]
    texts: Texts = {}


class WindowPart(Part):
    """The answer must lie between the least and the most that the format takes; never scored."""

    kind: Literal["window"]
    attribute: Id
    texts: Texts


RulePart = Annotated[LimitPart | NeedPart | ChoicePart | WindowPart, Field(discriminator="kind")]


class GoalPart(Part):
    """A goal and the level it is judged by."""

    label: Words
    attribute: Id
    less_is_better: bool = False


class OptionPart(Part):
    """An answer that can be chosen; ``phrase`` serves in sentences, ``preface`` opens every caution it raises."""

    id: Id
    label: Words
    phrase: str = ""
    preface: str = ""


class QuestionPart(Part):
    """A question."""

    id: Id
    answer: Annotated[AnswerKind, Field(strict=False)]
    about: Annotated[About, Field(strict=False)]
    text: Words
    label: str = ""
    why: Words
    example: str = ""
    unit: str = ""
    least: float = 0
    most: float = 0
    weight: Weight = 0
    options: list[OptionPart] = []
    goals: dict[Id, GoalPart] = {}
    rule: RulePart | None = None
    selects_region: bool = False
    always: bool = False


class VocabularyPart(Part):
    """People's own words for the answers to one question.

    ``words`` gives the answer that a word stands for, or a list of those that it may stand for; ``units`` are further
    spellings of the question's unit; ``names`` are what headers of tables call the question, and ``header_words``
    stand in headers that may ask it.
    """

    words: dict[Words, Written | list[Written]] = {}
    units: list[Words] = []
    names: list[Words] = []
    header_words: list[Words] = []


class DerivedPart(Part):
    """A quantity worked out from a number a week and a duration."""

    id: Id
    label: Words
    product_of: Annotated[list[Id], Field(min_length=2, max_length=2)]
    rule: LimitPart


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


class EdgesPart(Part):
    """Where the verdict of a limit turns, per cent.

    ``unlikely_below`` of the way from the least to the typical, and down to ``tolerance`` below the least, only a rare
    instance fits. ``met_within`` of a value it counts as met, so that 104 weeks are 2 years.
    """

    unlikely_below: Annotated[int, Field(ge=0, le=50)] = 10
    tolerance: Annotated[int, Field(ge=3, le=20)] = 5
    met_within: Annotated[int, Field(ge=0, le=1)] = 1


class CatalogPart(Part):
    """A whole catalog file."""

    schema_: Literal["formatpicker/catalog/2"] = Field(alias="schema")
    title: Words
    version: Words
    updated: Words
    frequency_values: dict[Literal["always", "usually", "sometimes", "rarely", "never"], Hundredths]
    edges: EdgesPart = EdgesPart()
    attributes: dict[Id, AttributePart]
    questions: Annotated[list[QuestionPart], Field(min_length=1)]
    derived: list[DerivedPart] = []
    vocabulary: dict[Id, VocabularyPart] = {}
    no_answer: list[Words] = []
    cautions: list[CautionPart] = []
    conflicts: list[ConflictPart] = []
    next_steps: list[NextStepPart] = []
    pathways: PathwaysPart | None = None
    offers: OffersPart | None = None
    certainty: CertaintyPart = CertaintyPart()
    sources: dict[Id, SourcePart]
    formats: Annotated[dict[Id, FormatPart], Field(min_length=1)]
