"""What a catalog can and cannot do: who gets each format first, which questions decide, and what its values rest on.

Nothing is claimed that was not found: a witness is run before it is named, domination is proved over every answer, and
where neither is found the result says so. The date of today is given, never read from a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Annotated, Literal, NamedTuple

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints, every_answer, listed_answers
from formatpicker.advice.recommendation import recommend
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import AnswerKind, Criterion, Question, Verdict
from formatpicker.catalog.json_types import Answers as Written
from formatpicker.catalog.json_types import CatalogRecord, Count, FormatId, Portion, says
from formatpicker.catalog.model import Catalog, Format
from formatpicker.catalog_tools import evidence
from formatpicker.catalog_tools.random_people import random_people, simplest, size
from formatpicker.scoring.answers import Answer, Answers, Goals, written_answers
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import ranked_goals, region_of, unit_of

PEOPLE = 1000

# How many random people with a format first are made simpler, and from how many others a climb starts.
_SHORTENED = 20
_CLIMBS = 5
# More than any weighted sum.
_FAR = 10**9

# Beyond so many formats two searches are left out that take minutes: climbing to people that no simpler search finds,
# and the value of research. Their time grows with the square of the number of formats.
MANY_FORMATS = 40


class FormatAudit(Struct, frozen=True):
    """Whether a format can come first at all."""

    format: FormatId
    core: Annotated[bool, says("Whether it is one of the core formats.")]
    witness: Annotated[Written | None, says("Answers that put it first; null if none were found.")]
    dominated_by: Annotated[str | None, says("Id of a format that is at least as good in everything.")]
    better_on: Annotated[list[str], says("Ids of the criteria that the other is better on.")]
    duplicate: Annotated[bool, says("Whether the two are the same in everything.")]


class QuestionAudit(Struct, frozen=True):
    """How often a question decides."""

    question: Annotated[str, says("Id of the question.")]
    answered: Annotated[Count, says("Random people who answered it.")]
    decides: Annotated[Count, says("Those for whom the top would be another without it.")]
    share: Annotated[Portion, says("The same as a share of all.")]


class Audit(Struct, frozen=True, kw_only=True):
    """What ``catalog audit --json`` prints."""

    schema: Annotated[Literal["formatpicker/audit/1"], says("Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, says("The catalog that was audited.")]
    today: Annotated[str | None, says("The day that dates were held against.")]
    people: Annotated[Count, says("Random people that were tried.")]
    formats: Annotated[list[FormatAudit], says("Whether each format can come first.")]
    questions: Annotated[list[QuestionAudit], says("How often each question decides.")]
    values: Annotated[Count, says("Values in all.")]
    unsourced_counts: Annotated[dict[str, Count], says("Values without an outside source, by reason.")]
    unsourced: Annotated[list[evidence.Unsourced], says("Each of them.")]
    dated: Annotated[list[evidence.Dated], says("Values that are out of date.")]
    home_pages: Annotated[list[evidence.HomePage], says("Sources whose address is that of a whole site.")]
    unstepped: Annotated[list[evidence.Unstepped], says("Levels whose step is not named.")]
    research: Annotated[list[evidence.Research], says("Values worth research, the most decisive first.")]


def audit(catalog: Catalog, today: str | None = None, people: int = PEOPLE) -> Audit:
    """Audit a catalog; of one with more than ``MANY_FORMATS`` formats without the searches that take minutes.

    Validity is held against ``today`` (YYYY-MM-DD); None leaves dates unchecked.
    """
    crowd = list(random_people(catalog, people, "audit"))
    core = EffectTable(catalog, catalog.core)
    variants = EffectTable(catalog, catalog.variants)
    bare = list(evidence.unsourced(catalog))
    few = len(catalog.formats) <= MANY_FORMATS
    return Audit(
        schema="formatpicker/audit/1",
        catalog=catalog.record,
        today=today,
        people=people,
        formats=[found for table in (core, variants) for found in _format_audits(table, crowd)],
        questions=_question_audits(catalog, core, crowd),
        values=sum(1 for _ in evidence.values_of(catalog)),
        unsourced_counts={id: sum(each.format == id for each in bare) for id in catalog.formats},
        unsourced=bare,
        dated=list(evidence.dated(catalog, today)) if today else [],
        home_pages=list(evidence.home_pages(catalog)),
        unstepped=list(evidence.unstepped(catalog)),
        research=evidence.research_values(catalog, (core, variants), crowd) if few else [],
    )


# --- who gets a format first -----------------------------------------------------------------------------------------


def _format_audits(table: EffectTable, crowd: Sequence[Answers]) -> Iterator[FormatAudit]:
    cases = _every_case(table)
    search = _Search(table, crowd)
    for index, format in enumerate(table.formats):
        found = _domination(table, cases, index)
        if found:
            by, better_on = found
            yield FormatAudit(format.id, format.core, None, by, better_on, not better_on)
        else:
            witness = search.witness(index)
            written = None if witness is None else written_answers(table.catalog, witness)
            yield FormatAudit(format.id, format.core, written, None, [], False)


class _Search:
    """Looks for people who get a format of a table first and alone."""

    def __init__(self, table: EffectTable, crowd: Sequence[Answers]) -> None:
        self.catalog = table.catalog
        self.table = table
        self.crowd = crowd
        self.tops = [table.top(person) for person in crowd]
        self.options = {id: _options(table, question) for id, question in self.catalog.questions.items()}

    def witness(self, index: int) -> Answers | None:
        """The smallest found, run once more through ``recommend``; None where none was found."""
        alone = {self.table.ids[index]}

        def first(answers: Answers) -> bool:
            return self.table.top(answers) == alone

        met = (person for person, top in zip(self.crowd, self.tops, strict=True) if top == alone)
        candidates = (
            [
                *islice(filter(first, self._changes(Answers({}))), 1)
            ]  # nobody needs to say more than one answer that does
            or [*filter(first, self._directed(index)), *islice(met, _SHORTENED)]
            or (self._climbed(index) if len(self.catalog.formats) <= MANY_FORMATS else [])
        )
        found = min((simplest(self.catalog, each, first) for each in candidates), key=size, default=None)
        return found if found and is_first_alone(self.catalog, found, self.table.formats[index]) else None

    def _directed(self, index: int) -> Iterator[Answers]:
        """What speaks most for the format: its best goals, needs and wishes, and limits that block its rivals."""
        best = {id: self._best_option(index, id) for id in self.options}
        choices = [id for id, question in self.catalog.questions.items() if question.answer is AnswerKind.CHOICE]
        limits = [id for id in best if id not in choices]
        for goals, with_choices, with_limits in product(self._best_goals(index), (False, True), (False, True)):
            named = [*(choices if with_choices else ()), *(limits if with_limits else ())]
            change = {id: option for id in named if (option := best[id]) is not None}
            yield goals.with_values(self.catalog, change)

    def _best_goals(self, index: int) -> list[Answers]:
        """No goal, the goal by which the format leads most, the two goals, and so on."""
        found = [Answers({})]
        for question in self.catalog.questions.values():
            leads = {
                goal.id: self._lead(Answers({question.id: ranked_goals([goal.id])}), index) for goal in question.goals
            }
            ordered = sorted(leads, key=lambda id: (-leads[id], id))[: int(question.most)]
            found += [Answers({question.id: ranked_goals(ordered[: at + 1])}) for at in range(len(ordered))]
        return found

    def _best_option(self, index: int, id: str) -> Answer | None:
        """The answer that most tells against the rivals while the format stays open, and among those leads most."""
        if self.catalog.questions[id].goals:
            return None

        def worth(option: Answer) -> tuple[bool, int, Fraction]:
            answers = Answers({id: option})
            standings = self.table.standings(answers)
            against = sum(standings.blocked) + sum(map(bool, standings.unlikely))
            return (not standings.blocked[index] and not standings.unlikely[index], against, self._lead(answers, index))

        return max(self.options[id], key=worth, default=None)

    def _lead(self, answers: Answers, index: int) -> Fraction:
        """The lead over the best open rival, in hundredths of weight; far below zero where the format is blocked.

        An unlikely verdict counts more than any sum.
        """
        standings, unit = self.table.standings(answers), unit_of(answers)
        both = zip(standings.totals, standings.unlikely, strict=True)
        worth = [Fraction(total, unit) - _FAR * unlikely for total, unlikely in both]
        if standings.blocked[index]:
            return Fraction(-1000 * _FAR)
        rivals = [worth[at] for at, blocked in enumerate(standings.blocked) if at != index and not blocked]
        return worth[index] - max(rivals) if rivals else Fraction(_FAR)

    def _climbed(self, index: int) -> list[Answers]:
        """From the people nearest to it, the best single change again and again; the first that gets there."""
        alone = {self.table.ids[index]}
        for start in sorted(self.crowd, key=lambda person: -self._lead(person, index))[:_CLIMBS]:
            answers, lead = start, self._lead(start, index)
            while self.table.top(answers) != alone:
                better = max(self._changes(answers), key=lambda each: self._lead(each, index))
                if self._lead(better, index) <= lead:
                    break
                answers, lead = better, self._lead(better, index)
            else:
                return [answers]
        return []

    def _changes(self, answers: Answers) -> Iterator[Answers]:
        """The answers with one left out or put in another's place."""
        for id, options in self.options.items():
            given = answers.get(id)
            others = _other_goals(self.catalog.questions[id], given) if isinstance(given, Goals) else ()
            yield from (answers.replaced(self.catalog, id, each) for each in (None, *options, *others))


def _other_goals(question: Question, given: Goals) -> Iterator[Goals]:
    """One goal more at the front or at the end, or one less."""
    chosen = list(given.ordered)
    for goal in question.goals:
        others = [each for each in chosen if each != goal.id]
        yield ranked_goals([goal.id, *others][: int(question.most)])
        if others:
            yield ranked_goals([*others, goal.id][-int(question.most) :] if goal.id not in chosen else others)


def _options(table: EffectTable, question: Question) -> list[Answer]:
    """The answers to try: every option, every single goal, every point where something turns in some region."""
    turning = (at for under in _every_region(table.catalog) for at in breakpoints(table, under, question))
    return listed_answers(question) or [*sorted({*turning})]


def is_first_alone(catalog: Catalog, answers: Answers, format: Format) -> bool:
    """Whether a recommendation puts a format first in its list, and no other beside it."""
    recommendation = recommend(catalog, answers)
    entries = recommendation.ranking if format.core else recommendation.variants
    first = [entry.id for entry in entries if entry.rank == 1]
    return first == [format.id] and (not format.core or recommendation.top == (format.id,))


# --- which format is better than another for everybody ---------------------------------------------------------------


def _every_region(catalog: Catalog) -> list[Answers]:
    """No region, and each region."""
    question = catalog.region_question
    regions = [Answers({question.id: option.id}) for option in question.options] if question else []
    return [Answers({}), *regions]


class _Case(NamedTuple):
    """One answer to one criterion in one region, and what it does to every format of a table.

    ``effects`` has for each format the mark of an unlikely verdict or, which is greater, of a blocker, and its points.
    """

    criterion: str
    effects: tuple[tuple[int, int], ...]


def _every_case(table: EffectTable) -> set[_Case]:
    """Every answer in every region; those that look the same for all formats stand once."""
    found, counted = set(), table.bits(Verdict.UNLIKELY) | table.bits(Verdict.BLOCKED)
    for region in (region_of(table.catalog, under) for under in _every_region(table.catalog)):
        for criterion in table.catalog.criteria.values():
            for answer in _domain(table, criterion, region):
                effect = table.effect(criterion.question, answer, region)
                marks = [mark & counted for mark in effect.marks]
                found.add(_Case(criterion.id, tuple(zip(marks, effect.totals, strict=True))))
    return found


def _domain(table: EffectTable, criterion: Criterion, region: str | None) -> Sequence[Answer]:
    """Every answer to a criterion that formats can tell apart.

    Of a quantity worked out from two answers some may be out of reach, so the proof asks for more than it must.
    """
    questions, question = table.catalog.questions, table.catalog.questions.get(criterion.question)
    if question is None:
        item = table.catalog.derived[criterion.id]
        per_week, duration = questions[item.per_week].ends, questions[item.duration].ends
        ends = per_week[0], per_week[1] * duration[1] // DAYS_PER_WEEK
    elif question.choices:
        return [ranked_goals([criterion.id])] if question.goals else question.option_ids
    else:
        ends = question.ends
    return every_answer(table, criterion.rule, ends, region)


def _domination(table: EffectTable, cases: set[_Case], index: int) -> tuple[str, list[str]] | None:
    """The first other format that is never worse, and what it is better on for some answer; nothing for a duplicate.

    Sums add up over the cases, so its score is never worse either.
    """
    for other, format in enumerate(table.formats):
        if other != index and all(_never_worse(table, case.effects[other], case.effects[index]) for case in cases):
            better = {each.criterion for each in cases if _is_better(each.effects[other], each.effects[index])}
            return format.id, [id for id in table.catalog.criteria if id in better]
    return None


def _never_worse(table: EffectTable, ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
    return table.blocks(theirs[0]) or (ours[0] <= theirs[0] and ours[1] >= theirs[1])


def _is_better(ours: tuple[int, int], theirs: tuple[int, int]) -> bool:
    return ours[0] < theirs[0] or ours[1] > theirs[1]


# --- which questions decide ------------------------------------------------------------------------------------------


def _question_audits(catalog: Catalog, core: EffectTable, crowd: Sequence[Answers]) -> list[QuestionAudit]:
    answered = dict.fromkeys(catalog.questions, 0)
    decides = dict.fromkeys(catalog.questions, 0)
    for person in crowd:
        top = core.top(person)
        for id in person.values:
            answered[id] += 1
            decides[id] += core.top(person.replaced(catalog, id, None)) != top
    return [
        QuestionAudit(id, answered[id], decides[id], evidence.share_of(decides[id], len(crowd)))
        for id in catalog.questions
    ]
