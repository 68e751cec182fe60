"""What is asked and how an answer is judged: questions, goals, rules and verdicts."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from formatpicker.base.durations import parse_days
from formatpicker.base.text import canonical
from formatpicker.catalog.attributes import Identified, Record


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


# The words of a need, wherever a question's rule is one.
REQUIRED, PREFERRED, NOT_NEEDED = NEED_WORDS = ("required", "preferred", "not_needed")


class Cell(Record, frozen=True):
    """One cell of a choice rule: the value in thousandths, the verdict, and words of its own if it has any."""

    value: int
    verdict: Verdict
    text: str = ""


class Edges(Record, frozen=True):
    """Where the verdict of a limit turns, per cent: of the way from least to typical, and twice of the value itself."""

    unlikely_below: int
    tolerance: int
    met_within: int


class Rule(Record, frozen=True):
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


class Option(Record, frozen=True):
    """One answer that can be chosen."""

    id: str
    label: str
    phrase: str = ""
    preface: str = ""


class Goal(Record, frozen=True):
    """One goal: its words, and how it is judged."""

    id: str
    label: str
    rule: Rule


class Question(Identified, frozen=True, dict=True):
    """One thing a person is asked. ``least`` and ``most`` are in the units of the text (weeks, hours, years).

    ``words`` holds what people's own words stand for, as it would be written: one answer, or several where a word is in
    doubt. Words and ``units`` are in the form in which they are compared. ``names`` are what tables call it,
    and ``header_words``, in the form in which they are compared, stand in headers that may mean it.
    ``always`` marks a question on which law or safety hangs: it is asked before any early stop.
    """

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
    header_words: tuple[str, ...] = ()
    always: bool = False

    def option(self, id: str) -> Option:
        """The option with an id."""
        return next(option for option in self.options if option.id == id)

    @property
    def option_ids(self) -> list[str]:
        """The ids of the options, in their order."""
        return [option.id for option in self.options]

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The least and the greatest answer: in days for durations, in whole units for numbers."""
        whole = parse_days if self.answer is AnswerKind.DURATION else int
        return whole(self.least) or 0, whole(self.most) or 0

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

    @property
    def most_weight(self) -> int:
        """The most that the question can weigh, in hundredths, whatever is answered."""
        if self.answer is AnswerKind.GOALS:
            return self.weight
        return 0 if self.rule is None else max([self.rule.weight, *(self.rule.weights or {}).values()])

    @cached_property
    def goal_ids(self) -> frozenset[str]:
        """The ids of all goals, as written."""
        return frozenset(goal.id for goal in self.goals)

    @cached_property
    def most_commas(self) -> int:
        """How many commas and semicolons one name of an option or goal holds at most."""
        return max((name.count(",") + name.count(";") for name in self.ids_by_name), default=0)


class Derived(Record, frozen=True):
    """A quantity worked out from two answers: a number a week times a duration, a week counting as the least."""

    id: str
    label: str
    per_week: str
    duration: str
    rule: Rule


class Criterion(Identified, frozen=True):
    """What formats are judged by: a goal, a question, or a derived quantity."""

    question: str
    label: str
    about: About
    rule: Rule
