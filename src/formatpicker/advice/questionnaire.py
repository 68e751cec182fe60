"""The questionnaire as a state: what was asked, what was answered, what comes next. It knows nothing of terminals.

Beside it: what a typed text means, whether an open question, one on which law or safety hang, can still add a verdict
or a caution, and where formats open and close along a number that is being entered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.advice.answer_ranges import breakpoints, round_answers
from formatpicker.advice.early_stopping import Outlook
from formatpicker.advice.explanation import Explainer
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.base.text import canonical
from formatpicker.catalog.criteria import AnswerKind, Goal, Option, Question, Verdict
from formatpicker.catalog.model import Catalog, Format
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import ID, SKIP, Answer, Answers, Said, written_answer
from formatpicker.scoring.parsing import as_said, parse_answers
from formatpicker.scoring.ranking import assess
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.unread_answers import in_doubt

DRAFT_HEADER = "# Answers for formatpicker. Edit them here, or with: formatpicker ask --resume THIS_FILE\n"


class Interview(Struct, frozen=True, dict=True):
    """Answers so far, the questions passed over, those asked in their order, and the one at hand.

    ``asked`` keeps the place of a question that is answered again. Without a question at hand the open one that can
    still move the ranking farthest comes next; once one was answered, those on which law and safety hang go first. A
    quick interview leaves out those that can move nothing, and ends when no answer can change the top any more.
    """

    catalog: Catalog
    answers: Answers
    outlook: Outlook
    quick: bool = False
    skipped: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()
    at_hand: str | None = None

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Questions neither answered nor passed over, the one that matters most first, equals as in the catalog."""
        reach = {id: self.outlook.influence(self.answers, self.catalog.questions[id]) for id in self._left}
        due = self.due if self.asked or self.answers.values else ()
        return (*due, *sorted((id for id in self._left if id not in due), key=lambda id: -reach[id]))

    @property
    def _left(self) -> tuple[str, ...]:
        return tuple(id for id in self.catalog.questions if id not in self.skipped and self.answers.get(id) is None)

    @cached_property
    def due(self) -> tuple[str, ...]:
        """Open questions that may not be left out: an answer to them can add a verdict or a caution."""
        always = [id for id in self._left if self.catalog.questions[id].always]
        return tuple(id for id in always if can_add(self.catalog, self.answers, self.catalog.questions[id]))

    @property
    def question(self) -> Question | None:
        """The question at hand, None where nothing is left to ask."""
        if self.at_hand is not None:
            return self.catalog.questions[self.at_hand]
        left = self.open_questions
        if self.quick:
            left = () if self.settled else tuple(id for id in left if id in self.due or self._matters(id))
        return self.catalog.questions[left[0]] if left else None

    @property
    def number(self) -> int:
        """The number of the question at hand, from 1; one that was asked before keeps its number."""
        asked = self.at_hand in self.asked
        return self.asked.index(str(self.at_hand)) + 1 if asked else len(self.asked) + 1

    @property
    def expected(self) -> int | None:
        """About how many questions it takes in all, as things stand; None before anything tells the formats apart.

        None as well once questions were passed over unasked: nothing more is to come.

        That many more, those that are due and then the weightiest, must be answered before the rest cannot change the
        top: if none of them moves the lead, the bounds on the rest fall below it.
        """
        if self.skipped.difference(self.asked):
            return None
        left = self.open_questions
        enough = (
            count
            for count in range(len(self.due), len(left) + 1)
            if self.outlook.is_settled(self.answers, left[count:])
        )
        count = next(enough, None)
        return None if count is None else max(len(self.asked) + count, self.number)

    @property
    def at_most(self) -> int:
        """How many questions it takes if none is left out."""
        return max(len(self.asked) + len(self.open_questions), self.number)

    @property
    def settled(self) -> bool:
        """Whether no open question may not be left out, and no answer can change the top any more."""
        return not self.due and self.outlook.is_settled(self.answers, self.open_questions)

    def _matters(self, id: str) -> bool:
        return self.outlook.can_matter(self.answers, self.catalog.questions[id])

    def answered(self, answer: Answer | None) -> Interview:
        """After an answer to the question at hand (None: passed over), with none at hand."""
        question = self.question
        if question is None:
            return self
        skipped = self.skipped | {question.id} if answer is None else self.skipped - {question.id}
        answers = self.answers.replaced(self.catalog, question.id, answer)
        asked = self.asked if question.id in self.asked else (*self.asked, question.id)
        return replace(self, answers=answers, skipped=skipped, asked=asked, at_hand=None)

    def back(self) -> Interview:
        """At the question asked before the one at hand; the first one has none."""
        before = self.asked[: self.number - 1]
        return replace(self, at_hand=before[-1]) if before else self

    @property
    def in_order(self) -> tuple[str, ...]:
        """All questions: those asked in the order in which they were asked, then the rest as in the catalog."""
        return (*self.asked, *(id for id in self.catalog.questions if id not in self.asked))

    def at(self, question: str) -> Interview:
        """At a certain question."""
        return replace(self, at_hand=question)

    def finished(self) -> Interview:
        """With every open question passed over."""
        return replace(self, skipped=self.skipped | set(self.open_questions), at_hand=None)


def started(catalog: Catalog, quick: bool = False) -> Interview:
    """An interview with nothing answered."""
    return Interview(catalog, parse_answers(catalog, {}), Outlook(EffectTable(catalog, catalog.core)), quick)


def resumed(catalog: Catalog, raw: Mapping[str, object], answers: Answers, quick: bool = False) -> Interview:
    """An interview from a saved draft: its raw data (to know what was passed over) and the answers parsed from it."""
    given = dict.fromkeys(canonical(str(key)) for key in raw)
    ids = {canonical(id): id for id in catalog.questions}
    asked = tuple(ids[key] for key in given if key in ids)
    skipped = frozenset(id for id in asked if answers.get(id) is None)
    return replace(started(catalog, quick), answers=answers, skipped=skipped, asked=asked)


def draft(interview: Interview) -> str:
    """The answers as a YAML file that ``recommend`` and ``ask --resume`` read back; questions passed over stay so.

    They stand in the order in which they were asked and in the words that were used, so that going on looks the same.
    """
    own = interview.answers.id
    lines = [DRAFT_HEADER, *([] if own is None else [f"{ID}: {json.dumps(own)}\n"])]
    for question in (interview.catalog.questions[id] for id in interview.in_order):
        answer = interview.answers.get(question.id)
        if answer is not None:
            written = answer.written if isinstance(answer, Said) else written_answer(question, answer)
            lines.append(f"{question.id}: {json.dumps(written)}\n")
        elif question.id in interview.skipped:
            lines.append(f"{question.id}: {SKIP}\n")
    return "".join(lines) if len(lines) > 1 else DRAFT_HEADER + "{}\n"


def can_add(catalog: Catalog, answers: Answers, question: Question) -> bool:
    """Whether some answer to an open question adds a verdict or a caution to a scored format that is not ruled out."""
    open_ones = [each.format for each in assess(catalog, answers, catalog.scored) if not each.blocked]
    before = _said(catalog, answers, open_ones)
    changed = (answers.replaced(catalog, question.id, each) for each in _answers(catalog, answers, open_ones, question))
    return any(_said(catalog, after, open_ones) - before for after in changed)


def _said(catalog: Catalog, answers: Answers, formats: list[Format]) -> set[tuple[str, ...]]:
    """The verdicts but ``fits``, and the cautions, of each format."""
    explainer = Explainer(catalog, answers)
    verdicts = {
        (assessment.format.id, term.criterion.id, term.verdict)
        for assessment in assess(catalog, answers, formats)
        for term in assessment.terms
        if term.verdict is not Verdict.FITS
    }
    return verdicts | {(format.id, caution.id) for format in formats for caution, _ in explainer.concerning(format)}


def _answers(catalog: Catalog, answers: Answers, formats: list[Format], question: Question) -> list[Answer]:
    """Every option, or every number at which a verdict or a test of a caution turns."""
    if question.options:
        return [*question.option_ids]
    if question.goals:
        return []
    unit = DAYS_PER_WEEK if question.answer is AnswerKind.DURATION else 1
    tested = [
        int(test.operand * unit) + step
        for caution in catalog.cautions
        for test in (*caution.tests, *caution.unless)
        if (test.subject, test.name) == ("question", question.id) and isinstance(test.operand, int | float)
        for step in (-1, 0)
    ]
    points = {*breakpoints(EffectTable(catalog, formats), answers, question), *tested}
    least, most = question.ends
    return [point for point in sorted(points) if least <= point <= most]


class Opening(NamedTuple):
    """A format and the span of answers to one question, in days or whole units, with which nothing rules it out."""

    format: Format
    least: int
    most: int


def openings(table: EffectTable, answers: Answers, question: Question) -> list[Opening]:
    """The formats of a table that some answer to a number or duration leaves open, those that open first in front.

    The other answers count as they are, so a format that another one rules out is not among them. The ends of a span
    are round numbers, as in what relaxations propose.
    """
    if question.answer not in (AnswerKind.NUMBER, AnswerKind.DURATION):
        return []
    points = round_answers(question)
    ruled_out = [table.standings(answers.replaced(table.catalog, question.id, point)).blocked for point in points]
    found = []
    for index, format in enumerate(table.formats):
        at = [point for point, blocked in zip(points, ruled_out, strict=True) if not blocked[index]]
        if at:
            found.append(Opening(format, at[0], at[-1]))
    return sorted(found, key=lambda each: each.least)


_DIGITS = frozenset("0123456789 ")


def typed_answer(question: Question, typed: str) -> Answer | None:
    """What was typed at a prompt as an answer: a number of an option, an id, a label, a word of it or the start of one.

    Raises:
        AnswerError: It is none of these, or the question does not accept it. Where it may mean one of several,
            ``candidates`` are what could be typed instead.
    """
    try:
        if question.answer is AnswerKind.CHOICE:
            return as_said(question, named(question, typed))
        return _typed_goals(question, typed) if question.answer is AnswerKind.GOALS else as_said(question, typed)
    except AnswerError as error:
        part = str(error.value or "").strip()
        if part and part != typed.strip():
            error.candidates = tuple(typed.replace(part, each, 1) for each in error.candidates)
        raise


def _typed_goals(question: Question, typed: str) -> Answer | None:
    whole = typed if set(typed) <= _DIGITS else named(question, typed, doubt=False)
    if whole in question.goal_ids:
        return as_said(question, [whole])
    parts = typed.split() if set(typed) <= _DIGITS else typed.replace(";", ",").split(",")
    pairs = [part.partition("=" if "=" in part else ":") for part in parts if part.strip()]
    if pairs and all(separator for _, separator, _ in pairs):
        return as_said(question, {named(question, name): importance for name, _, importance in pairs})
    return as_said(question, [named(question, part) for part in parts if part.strip()])


def named(question: Question, typed: str, doubt: bool = True) -> str:
    """The id of the option or goal that was typed; what was typed where there is none.

    Raises:
        AnswerError: Several begin like that, and ``doubt`` is to be told.
    """
    choices, wanted = question.choices, canonical(typed)
    if wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(choices):
        return choices[int(wanted) - 1].id
    exact = question.ids_by_name.get(wanted)
    if exact is not None or wanted in (question.words or {}):
        return exact or typed.strip()
    found = matching(question, typed)
    if len(found) > 1 and doubt:
        raise in_doubt(question, typed.strip(), [each.id for each in found])
    return found[0].id if len(found) == 1 else typed.strip()


def matching(question: Question, typed: str) -> Sequence[Option | Goal]:
    """The options or goals that a text may mean: those whose name begins with it, else those with such words in it."""
    wanted = canonical(typed)
    if not wanted:
        return question.choices
    names = {each.id: [canonical(each.label), canonical(each.id)] for each in question.choices}
    for word, meanings in (question.words or {}).items():
        for id in meanings:
            names[id].append(word)
    starts = [each for each in question.choices if any(name.startswith(wanted) for name in names[each.id])]
    return starts or [each for each in question.choices if _has_words(" ".join(names[each.id]), wanted.split())]


def _has_words(name: str, wanted: list[str]) -> bool:
    """Whether each wanted word begins some word of a name."""
    words = name.replace("(", " ").replace(",", " ").split()
    return all(any(word.startswith(each) for word in words) for each in wanted)
