"""What a catalog file looks like, as pydantic models: shapes and types, nothing that takes a look across the file.

References between parts (sources, attributes, formats) and meanings (a level from 0 to 4) are checked by ``resolve``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from formatpicker.catalog.attributes import AttributeKind
from formatpicker.catalog.criteria import About, AnswerKind, Verdict
from formatpicker.catalog.guidance_schema import (
    CautionPart,
    CertaintyPart,
    CitationMap,
    ConflictPart,
    Hundredths,
    Id,
    NextStepPart,
    OffersPart,
    Part,
    PathwaysPart,
    Weight,
    Words,
    Written,
)


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
    """An answer that can be chosen; ``phrase`` serves in sentences, ``preface`` opens cautions that it shares."""

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
