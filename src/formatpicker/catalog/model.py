"""The catalog as the engine sees it: resolved, in whole units, frozen. What a file looks like is in ``schema``.

Units here: durations in whole days, levels 0-4, frequencies 0 (never) to 4 (always), values in thousandths, weights in
hundredths (all goals together weigh what the goals' question says, 100 in the shipped catalog).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.base.text import canonical
from formatpicker.base.validity import Validity


class AttributeKind(StrEnum):
    """What the values of an attribute are."""

    DURATION = "duration"
    NUMBER = "number"
    LEVEL = "level"
    FREQUENCY = "frequency"
    CATEGORY = "category"
    TEXT = "text"


class AnswerKind(StrEnum):
    """What the answers to a question are."""

    GOALS = "goals"
    DURATION = "duration"
    NUMBER = "number"
    CHOICE = "choice"


class About(StrEnum):
    """What a question is about. Advice may suggest changing anything but a fact."""

    GOAL = "goal"
    NEED = "need"
    LIMIT = "limit"
    WISH = "wish"
    FACT = "fact"


class RuleKind(StrEnum):
    """The closed set of rules."""

    GOAL = "goal"
    LIMIT = "limit"
    NEED = "need"
    CHOICE = "choice"
    WINDOW = "window"


class Verdict(StrEnum):
    """How a format stands to one answer, or to all of them; the worst counts."""

    FITS = "fits"
    CONDITIONAL = "conditional"
    UNLIKELY = "unlikely"
    BLOCKED = "blocked"


# From never to always: a frequency is its position here.
FREQUENCIES = ("never", "rarely", "sometimes", "usually", "always")
NEVER, RARELY, ALWAYS = 0, 1, len(FREQUENCIES) - 1
MOST_LEVEL = 4
INFERRED = "inferred"

# The words of a need, wherever a question's rule is one.
REQUIRED, PREFERRED, NOT_NEEDED = NEED_WORDS = ("required", "preferred", "not_needed")

Level = int | str | None

# How the note of a level begins: with the step of the attribute's scale that its figures or words reach.
_STEP = re.compile(rf"Step ([0-{MOST_LEVEL}]): ")


class Citation(Struct, frozen=True):
    """A source and the place in it."""

    source: str
    place: str


class Value(Struct, frozen=True):
    """What is known of one attribute of one format, generally or in one region.

    ``low <= typical <= high`` for ordered kinds (for durations and numbers these are min, typical and max); None is
    unknown. For categories ``low`` and ``high`` equal ``typical``. A ``local`` value, such as that of a placement for
    the pupils of a region, counts only for people who name the region.
    """

    low: Level
    typical: Level
    high: Level
    written: tuple[str, str, str]
    basis: str
    citations: tuple[Citation, ...]
    note: str = ""
    as_of: str = ""
    valid_from: str = ""
    valid_to: str = ""
    local: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return self.typical is not None

    @property
    def decides(self) -> bool:
        """Whether it may rule a format out: a source, or the employer, says it. What is only judged never does."""
        return self.basis != INFERRED

    @property
    def step(self) -> int | None:
        """The step of the attribute's scale that the note names ("Step 3: ..."); None where it names none."""
        named = _STEP.match(self.note)
        return int(named[1]) if named else None


class RegionalValue(Struct, frozen=True):
    """An attribute of a format: the general value, and those of regions that differ.

    ``reason`` says why a variant differs from its core format. ``core`` is what is said of that one in general, which
    only ``Catalog.regional`` knows.
    """

    general: Value
    regions: Mapping[str, Value]
    reason: str = ""
    core: Value | None = None

    @property
    def reference(self) -> Value:
        """What a judged value is held against before it rules out: the general one, or that of the core format."""
        return self.general if self.core is None or self.general.decides else self.core

    def within(self, region: str | None) -> Value:
        """The value that counts in a region: its own, or else the general one, never that of another region."""
        return self.regions.get(region, self.general) if region is not None else self.general

    def judged(self, region: str | None) -> tuple[Value, ...]:
        """The values to judge: that of the region, or, where none was answered, the general one and every region's."""
        if region is not None:
            return (self.within(region),)
        return (self.general, *(value for value in self.regions.values() if not value.local))


class Attribute(Struct, frozen=True):
    """A thing that can be said of every format.

    ``scale`` holds what each step of a level is judged by, "0" to "4"; ``amount`` marks an amount of money, with the
    dates of a rate.
    """

    id: str
    label: str
    kind: AttributeKind
    unit: str
    phrases: Mapping[str, str]
    scale: Mapping[str, str]
    amount: bool = False


class Cell(Struct, frozen=True):
    """One cell of a choice rule: the value in thousandths, the verdict, and words of its own if it has any."""

    value: int
    verdict: Verdict
    text: str = ""


class Edges(Struct, frozen=True):
    """Where the verdict of a limit turns, per cent: of the way from least to typical, and twice of the value itself."""

    unlikely_below: int
    tolerance: int
    met_within: int


class Rule(Struct, frozen=True):
    """How an answer is held against an attribute; which fields matter depends on the kind.

    ``weight`` holds for every answer that ``weights`` does not name. ``table`` is answer -> category -> cell, and an
    answer without cells takes no part. ``edges`` are those of the catalog.
    """

    kind: RuleKind
    attribute: str
    weight: int = 0
    weights: Mapping[str, int] | None = None
    edges: Edges | None = None
    less_is_better: bool = False
    frequency_values: tuple[int, ...] = ()
    table: Mapping[str, Mapping[str, Cell]] | None = None
    texts: Mapping[str, str] | None = None

    def weight_of(self, answer: object) -> int:
        """The weight of the criterion, in hundredths, for an answer."""
        return self.weight if self.weights is None else self.weights.get(str(answer), 0)

    def text(self, name: str) -> str:
        """A template of the rule; empty where it has none."""
        return (self.texts or {}).get(name, "")


class Option(Struct, frozen=True):
    """One answer that can be chosen."""

    id: str
    label: str
    phrase: str = ""
    preface: str = ""


class Goal(Struct, frozen=True):
    """One goal: its words, and how it is judged."""

    id: str
    label: str
    rule: Rule


class Question(Struct, frozen=True, dict=True):
    """One thing a person is asked. ``least`` and ``most`` are in the units of the text (weeks, hours, years).

    ``words`` holds what people's own words stand for, as it would be written: one answer, or several where a word is in
    doubt. Words and ``units`` are in the form in which they are compared. ``names`` are what tables call it.
    ``always`` marks a question on which law or safety hangs: it is asked before any early stop.
    """

    id: str
    answer: AnswerKind
    about: About
    text: str
    label: str
    why: str
    example: str = ""
    unit: str = ""
    least: float = 0
    most: float = 0
    weight: int = 0
    options: tuple[Option, ...] = ()
    goals: tuple[Goal, ...] = ()
    rule: Rule | None = None
    selects_region: bool = False
    words: Mapping[str, tuple[str, ...]] | None = None
    units: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    always: bool = False

    def __repr__(self) -> str:
        return f"<Question {self.id}>"

    def __hash__(self) -> int:
        return hash(self.id)

    def option(self, id: str) -> Option:
        """The option with an id."""
        return next(option for option in self.options if option.id == id)

    @property
    def choices(self) -> tuple[Option | Goal, ...]:
        """What can be chosen: the options, or the goals."""
        return (*self.options, *self.goals)

    @cached_property
    def ids_by_name(self) -> Mapping[str, str]:
        """The id of each option or goal by its id, its label and what people call it, in the form compared."""
        own = {canonical(name): each.id for each in self.choices for name in (each.label, each.id)}
        called = {word: answers[0] for word, answers in (self.words or {}).items() if len(answers) == 1}
        return {**called, **own} if self.choices else {}

    @cached_property
    def goal_ids(self) -> frozenset[str]:
        """The ids of all goals, as written."""
        return frozenset(goal.id for goal in self.goals)

    @cached_property
    def most_commas(self) -> int:
        """How many commas and semicolons one name of an option or goal holds at most."""
        return max((name.count(",") + name.count(";") for name in self.ids_by_name), default=0)


class Derived(Struct, frozen=True):
    """A quantity worked out from two answers: a number a week times a duration, a week counting as the least."""

    id: str
    label: str
    per_week: str
    duration: str
    rule: Rule


class Test(Struct, frozen=True):
    """One test of a caution: on a question's answer or on an attribute of the format."""

    subject: str
    name: str
    operator: str
    operand: tuple[str, ...] | float


class Caution(Struct, frozen=True):
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


class Conflict(Struct, frozen=True):
    """Two criteria that no format may be able to meet together, and what to say where none does.

    A limit is met by a format that it does not block, anything else by a value of ``least_value`` thousandths.
    """

    id: str
    between: tuple[str, str]
    least_value: int
    text: str
    citations: tuple[Citation, ...]


class NextStep(Struct, frozen=True):
    """Where to look next, and for whom, as with cautions; it tests questions only."""

    text: str
    url: str | None
    official: bool
    formats: tuple[str, ...]
    regions: tuple[str, ...]
    tests: tuple[Test, ...]
    citations: tuple[Citation, ...]
    unless: tuple[Test, ...] = ()


class Source(Struct, frozen=True):
    """A publication that values rest on."""

    id: str
    title: str
    publisher: str
    url: str | None
    date: str | None
    kind: str
    note: str = ""
    same_voice_as: str = ""


class Format(Struct, frozen=True):
    """An alternative: a core format, a scored variant of one, or a lookup that stands for a scored one.

    ``attributes`` holds the format's own values; ``Catalog.regional`` also finds those that a variant inherits.
    ``stands_for`` names the formats that an offer is an instance of.
    """

    id: str
    kind: str
    name: str
    phrase: str
    aliases: tuple[str, ...]
    summary: str
    good_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    variant_of: tuple[str, ...]
    covered_by: str
    also_means: tuple[str, ...]
    term_unstable: bool
    attributes: Mapping[str, RegionalValue]
    stands_for: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Format {self.id}>"

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def covered(self) -> frozenset[str]:
        """The ids of the formats of which what is said holds for this one too, its own among them.

        A variant is covered by its first core format, an offer by its format.
        """
        return frozenset((self.id, *(self.stands_for or self.variant_of[:1])))

    @property
    def core(self) -> bool:
        """Whether it is ranked among the core formats."""
        return self.kind == "core"

    @property
    def scored(self) -> bool:
        """Whether it can be recommended at all."""
        return self.kind in SCORED_KINDS


SCORED_KINDS = ("core", "intermediate", "subtype")
LOOKUP_KINDS = ("alias", "property", "overlay", "strategy", "delivery-model")


class Criterion(Struct, frozen=True):
    """What formats are judged by: a goal, a question, or a derived quantity."""

    id: str
    question: str
    label: str
    about: About
    rule: Rule

    def __repr__(self) -> str:
        return f"<Criterion {self.id}>"

    def __hash__(self) -> int:
        return hash(self.id)


class Link(Struct, frozen=True):
    """That one experience may come after another, and why; both may be the same format."""

    origin: str
    target: str
    reason: str
    citations: tuple[Citation, ...]


class Stacking(Struct, frozen=True):
    """An attribute that grows by ``gain`` levels with each further experience, up to the level ``most``."""

    attribute: str
    gain: int
    most: int
    reason: str
    citations: tuple[Citation, ...]


class PathwayRules(Struct, frozen=True):
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


# What every offer has beside its fields.
OWN_KEYS = ("name", "format", "region", "notes")


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


class CertaintyRules(Struct, frozen=True):
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


class Catalog(Struct, frozen=True, dict=True, weakref=True):
    """Everything formatpicker knows. ``sha256`` is that of the file it was read from, and stands for it in a hash.

    ``no_answer`` holds what people write in a table for no answer, in the form in which words are compared.
    """

    title: str
    version: str
    updated: str
    sha256: str
    attributes: Mapping[str, Attribute]
    questions: Mapping[str, Question]
    derived: Mapping[str, Derived]
    cautions: tuple[Caution, ...]
    conflicts: tuple[Conflict, ...]
    next_steps: tuple[NextStep, ...]
    pathways: PathwayRules | None
    offers: OfferRules | None
    sources: Mapping[str, Source]
    formats: Mapping[str, Format]
    edges: Edges
    certainty: CertaintyRules
    no_answer: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"<Catalog {self.title!r} {self.version}: {len(self.formats)} formats, {len(self.questions)} questions>"

    def __hash__(self) -> int:
        return hash(self.sha256)

    def regional(self, format: Format, attribute: str) -> RegionalValue:
        """An attribute of a format: its own, or that of its first core format."""
        if self.formats.get(format.id) is not format:  # one that is being tried out
            return self._found(format, attribute)
        found = self._regional.get((format.id, attribute))
        if found is None:
            found = self._regional[format.id, attribute] = self._found(format, attribute)
        return found

    def _found(self, format: Format, attribute: str) -> RegionalValue:
        own = format.attributes.get(attribute)
        if own and not (format.variant_of and format.variant_of[0] in self.formats):
            return own
        inherited = self.regional(self.formats[format.variant_of[0]], attribute)
        return replace(own, core=inherited.general) if own else inherited

    @cached_property
    def _regional(self) -> dict[tuple[str, str], RegionalValue]:
        return {}

    def inherited(self, format: Format, attribute: str) -> bool:
        """Whether a format takes an attribute over from its first core format."""
        return attribute not in format.attributes

    @property
    def region_question(self) -> Question | None:
        """The question whose answer selects among regional values."""
        return next((question for question in self.questions.values() if question.selects_region), None)

    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion by its id, in the order of the questions, derived ones last."""
        return self._criteria

    @cached_property
    def criteria_of(self) -> Mapping[str, tuple[Criterion, ...]]:
        """The criteria that the answer to a question, or a derived quantity, brings into play."""
        found: dict[str, list[Criterion]] = {}
        for criterion in self._criteria.values():
            found.setdefault(criterion.question, []).append(criterion)
        return {id: tuple(criteria) for id, criteria in found.items()}

    @cached_property
    def _criteria(self) -> dict[str, Criterion]:
        found = [
            Criterion(goal.id, question.id, goal.label, question.about, goal.rule)
            for question in self.questions.values()
            for goal in question.goals
        ]
        found += [
            Criterion(question.id, question.id, question.label, question.about, question.rule)
            for question in self.questions.values()
            if question.rule
        ]
        found += [Criterion(item.id, item.id, item.label, About.LIMIT, item.rule) for item in self.derived.values()]
        return {criterion.id: criterion for criterion in found}
