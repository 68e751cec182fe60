"""What the columns of a table mean: headers to questions, and how the texts of a survey are read as answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from itertools import chain, islice
from typing import NamedTuple

from formatpicker.base.text import canonical, nearest, shortened
from formatpicker.catalog.criteria import Goal, Option, Question
from formatpicker.catalog.model import Catalog

ID = "id"
# So many columns without a question are looked at for a misspelled one; no header of a question is longer than this.
MOST_LIKELY, _MOST_HEADER = 50, 400
# What survey tools put after a question's text in a header, and the number of one of several columns of a ranking.
_AFTER = " \t\r\n\xa0?:*."
_SELECTED = re.compile(r"[-\u2013:]\s*selected choice\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:rank(?:ing)?|rang|choice|wish|_)?\s*([1-9][0-9]?)(?:st|nd|rd|th)?(?:[_ ]choice)?[)\]]?\Z")
_BEFORE_NUMBER = " _.#([/-"
# What stands between a question and one of its options in the header of a column of marks: "goals/explore",
# "Goals [Steady earnings]", "Goals (choice=Steady earnings)", "Goals - Selected Choice - Steady earnings".
_BETWEEN = re.compile(r"[\[/(:>|.\u2013\u2014-]|_+")
_CHOICE = re.compile(r" ?(?:choice|option) ?=", re.IGNORECASE)
# In a header so many places are looked at where a question may end, and so many groups of questions before it.
_MOST_BETWEEN, _MOST_INSIDE = 16, 4
# So many headers are remembered: hostile lines of JSON have new keys in each.
_MOST_REMEMBERED = 20_000
_EQUAL = re.compile("=")
_MARKUP = re.compile(r"<[^<>]{1,200}>")
# A remark in brackets: "(optional)" is one, "(2)" is the second of several columns.
_LEAST_REMARK = len("(abc)")
# How alike two words are that may be one: "payd" and "paid" are.
_NEAR = 0.75
# Words that headers share which have nothing else in common.
_COMMON = frozenset(
    "a an and are at be can count do does end for from have how i in is it long many may must my of on or start the"  # noqa: SIM905
    " time to what when where which will with work would you your".split()
)
# Headers that tell people apart, as form tools call them, the best first.
_IDS = (
    "student id", "respondent id", "response id", "responseid", "record id", "participant id", "matriculation number",
    "matriculation no", "student number", "matrikelnummer", "numéro d'étudiant", "email address", "email", "e mail",
    "e mail adresse", "e mail address", "adresse e mail", "username", "uuid", "token", "name", "full name", "student",
)  # fmt: skip


class Meaning(NamedTuple):
    """What a column holds: the id of a question, or ``id``; ``rank`` tells the columns of one ranking apart.

    ``mark`` is the option, or the goal, that a mark in this column chooses.
    """

    key: str
    rank: int = 0
    mark: str = ""

    def __str__(self) -> str:
        """As a mapping file writes it."""
        return f"{self.key} = {self.mark}" if self.mark else f"{self.key} {self.rank}" if self.rank else self.key


@dataclass(frozen=True)
class Mapped:
    """What a mapping file says: column header to meaning, and for each question its texts for answers."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: str = ""

    @cached_property
    def answers(self) -> dict[str, dict[str, str]]:
        """The same texts in the form in which cells are looked up."""
        return {key: {canonical(text): answer for text, answer in texts.items()} for key, texts in self.values.items()}


@dataclass(eq=False)
class Headers:
    """Which header stands for what: mapped ones first, then keys, labels and texts of questions.

    Attributes:
        catalog: The catalog whose questions are asked.
        mapped: What a mapping file says.
        id_column: The column of ids; None takes ``id``.
        lenient: Whether a table is taken of which nothing is known, to look at what it holds.
        sheet: The sheet of a workbook to read.
        ranked: Whether several goals in a cell are a ranking; None where nobody said.
        kept: The columns to keep, which go into the output as they stand; each text one or several between commas.
        by: The column that tells groups apart.
        last_of: The column of which each text counts once, in its last row.
    """

    catalog: Catalog
    mapped: Mapped = Mapped()
    id_column: str | None = None
    lenient: bool = False
    sheet: str | None = None
    ranked: bool | None = None
    kept: Sequence[str] = ()
    by: str | None = None
    last_of: str | None = None

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {} if self.id_column else {canonical(ID): ID}
        for question in reversed([*self.catalog.questions.values()]):
            names |= {_bare(name): question.id for name in (question.text, question.label, *question.names)}
        return names | {canonical(id): id for id in self.catalog.questions}

    @cached_property
    def labels(self) -> dict[str, Meaning]:
        """What a mark in a column is that is called as a goal alone, where no other question has such an answer."""
        questions = self.catalog.questions.values()
        counts = Counter(canonical(each.label) for question in questions for each in question.choices)
        goals = [
            (canonical(each.label), Meaning(question.id, 0, each.id))
            for question in questions
            for each in question.goals
        ]
        return {name: meaning for name, meaning in goals if counts[name] == 1}

    @cached_property
    def _mapped(self) -> dict[str, str]:
        return {canonical(header): key for header, key in self.mapped.columns.items()}

    @cached_property
    def _claimed(self) -> frozenset[Meaning | None]:
        return frozenset(self.named(key) for key in self._mapped.values())

    @cached_property
    def _remembered(self) -> Callable[[str], Meaning | None]:
        return lru_cache(_MOST_REMEMBERED)(self._found)

    def meaning(self, header: str) -> Meaning | None:
        """What a column is; None where it is none of ours."""
        return self._remembered(header) if len(header) < _MOST_HEADER else self._found(header)

    def _found(self, header: str) -> Meaning | None:
        if self.id_column is not None and canonical(header) == canonical(self.id_column):
            return Meaning(ID)
        if canonical(header) in self._mapped:
            return self.named(self._mapped[canonical(header)])
        meaning = self.named(header)
        # Where the mapping names the column that holds an answer, another one of that name is not asked.
        return None if meaning in self._claimed else meaning

    def question(self, header: str) -> Question | None:
        """The question that a column answers."""
        meaning = self.meaning(header)
        return self.catalog.questions.get(meaning.key) if meaning else None

    def is_choice(self, header: str, text: str) -> bool:
        """Whether a text is an option or a goal of the question that a column answers."""
        question = self.question(header)
        return question is not None and canonical(text) in question.ids_by_name

    def named(self, name: str, inside: int = 0) -> Meaning | None:
        """What a key, a label or a text of a question stands for; ``goals 2`` and ``goals = explore`` too.

        ``inside`` counts the groups of questions that were taken off before it.
        """
        if name in self._names.values():
            return Meaning(name)
        if len(name) >= _MOST_HEADER:
            return None
        name = " ".join(name.split())
        bare = _bare(name)
        if bare in self._names:
            # "(choice=...)" behind a question is more than a remark.
            return (self._marked(name) if name.rstrip().endswith(")") else None) or Meaning(self._names[bare])
        # Kobo writes the group of a question before it: "intake/goals".
        grouped = self.named(name.partition("/")[2], inside + 1) if "/" in name and inside < _MOST_INSIDE else None
        return self._numbered(bare) or self._marked(name) or grouped

    def _numbered(self, bare: str) -> Meaning | None:
        """One rank of a ranking."""
        numbered = _NUMBERED.search(bare)
        key = self._names.get(_bare(bare[: numbered.start()].rstrip(_BEFORE_NUMBER))) if numbered else None
        question = self.catalog.questions.get(key) if key else None
        if numbered and question and question.goals and int(numbered[1]) <= len(question.goals):
            return Meaning(question.id, int(numbered[1]))
        return None

    def _marked(self, name: str) -> Meaning | None:
        """One option of a question, where a header names both."""
        for between in chain.from_iterable(islice(each.finditer(name), _MOST_BETWEEN) for each in (_BETWEEN, _EQUAL)):
            key = self._names.get(_bare(name[: between.start()]))
            question = self.catalog.questions.get(key) if key else None
            if question and question.choices:
                text = _CHOICE.sub("", name[between.end() :]).strip(" \t\xa0'\"")
                id = question.ids_by_name.get(canonical(text)) or question.ids_by_name.get(canonical(text.rstrip(")]")))
                if id is not None:
                    return Meaning(question.id, 0, id)
        return None

    def suggestion(self, headers: Iterable[str]) -> str:
        """For a table of which nothing is known: what its headers may have meant, and what to do."""
        way = "`batch --suggest-map` writes a mapping to fill in"
        headers = [*islice(headers, MOST_LIKELY)]
        for header in headers:
            likely = likely_question(header, self.catalog)
            if likely is not None:
                return f"{shortened(header)} is not a known question; did you mean {likely.id!r}? {way}"
        return f"none of {', '.join(map(shortened, headers[:5]))} is a question; {way}"


def _bare(name: str) -> str:
    if "<" in name or "&" in name:
        name = unescape(_MARKUP.sub(" ", name))
    name = name.rstrip()
    if name.endswith(")"):
        remark = name.find("(", name.rfind(")", 0, -1) + 1)
        name = name[:remark] if 0 <= remark <= len(name) - _LEAST_REMARK else name
    return canonical(_SELECTED.sub("", name.rstrip(_AFTER)).rstrip(_AFTER))


# --- a header that is not known: a guess, which a person has to confirm --------------------------------------------


def likely_question(header: str, catalog: Catalog) -> Question | None:
    """The question that a header may ask, by how it is spelled or by the words in it; None where that is in doubt."""
    if len(header) >= _MOST_HEADER:
        return None
    questions = catalog.questions.values()
    names = {name: each for each in questions for name in (each.text, each.label, *each.names, each.id)}
    near = nearest(header, names)
    return names[near] if near is not None and _share_a_word(header, near) else _by_words(header, questions)


def _by_words(header: str, questions: Iterable[Question]) -> Question | None:
    """The question with most of the words in a row; none where two have as many."""
    words = f" {' '.join(_words(header))} "
    by_length: dict[int, set[Question]] = {}
    for question in questions:
        for each in question.header_words:
            if f" {each} " in words:
                by_length.setdefault(len(each.split()), set()).add(question)
    best = by_length[max(by_length)] if by_length else set()
    return best.pop() if len(best) == 1 else None


def _share_a_word(header: str, name: str) -> bool:
    """Whether two headers that are spelled alike may mean the same: they share a word of their own, or nearly one."""
    from difflib import get_close_matches

    given, known = ({*_words(text)} - _COMMON for text in (header, name))
    return any(get_close_matches(word, known, 1, _NEAR) for word in given)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", canonical(text))


def likely_id(headers: Sequence[str]) -> str | None:
    """The column that tells people apart, by its header."""
    forms = {canonical(header): header for header in reversed(headers)}
    known = next((forms[name] for name in _IDS if name in forms), None)
    return known or next((header for form, header in forms.items() if form == "id" or form.endswith(" id")), None)


# --- the empty sheet of our own --------------------------------------------------------------------------------------

ID_HELP = "Any name or number that tells this person from the others"


class BlankColumn(NamedTuple):
    """One column of the sheet: its header, what it holds, the help under the header, and what is asked if not an id."""

    header: str
    meaning: Meaning
    help: str
    question: Question | None = None

    @property
    def choices(self) -> tuple[Option | Goal, ...]:
        """The answers to choose from."""
        return self.question.choices if self.question else ()


def blank_columns(catalog: Catalog) -> list[BlankColumn]:
    """The columns: an id, then every question by its key; a ranking of goals has a column for each rank."""
    columns = [BlankColumn(ID, Meaning(ID), ID_HELP)]
    for question in catalog.questions.values():
        if question.goals:
            for rank in range(1, int(question.most) + 1):
                meaning = Meaning(question.id, rank)
                told = f"{question.text} The most important one." if rank == 1 else f"Number {rank}, or leave it empty."
                columns.append(BlankColumn(str(meaning), meaning, told, question))
        else:
            columns.append(BlankColumn(question.id, Meaning(question.id), _help(question), question))
    return columns


def _help(question: Question) -> str:
    example = f" For example {question.example}." if question.example else ""
    unit = f" A number of {question.unit}." if question.unit else ""
    return f"{question.text}{unit}{example}"


def is_help(catalog: Catalog, meanings: Sequence[Meaning | None], row: Sequence[str]) -> bool:
    """Whether a row is the help under the headers: in every column of ours that is not empty."""
    helps = {column.meaning: column.help for column in blank_columns(catalog)}
    told = [
        cell.strip() == helps.get(meaning)
        for meaning, cell in zip(meanings, row, strict=False)
        if meaning and cell.strip()
    ]
    return bool(told) and all(told)


def quoted(text: str) -> str:
    """A text in quotes as YAML reads it on one line."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in plain)
