"""What the columns of a table mean: headers to questions, and how the texts of a survey are read as answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import chain, islice
from typing import NamedTuple

from formatpicker.base.text import canonical, shortened
from formatpicker.batch.asked_columns import asked_columns
from formatpicker.batch.near_headers import likely_question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import InputError, one_of

ID = "id"
# So many columns without a question are looked at for a misspelled one; no header of a question is longer than this.
_MOST_LIKELY, _MOST_HEADER = 50, 400
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


class Target(NamedTuple):
    """What a column holds: the id of a question, or ``id``; ``place`` counts several columns of one ranking.

    ``mark`` is the option, or the goal, that a mark in this column chooses.
    """

    key: str
    place: int = 0
    mark: str = ""

    def __str__(self) -> str:
        """As a mapping file writes it."""
        return f"{self.key} = {self.mark}" if self.mark else f"{self.key} {self.place}" if self.place else self.key


@dataclass(frozen=True)
class Mapped:
    """What a mapping file says: column header to target, and for each question its texts for answers."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: str = ""


class Headers:
    """Which header stands for what: mapped ones first, then keys, labels and texts of questions.

    ``lenient`` takes a table of which nothing is known, to look at what it holds. ``sheet`` is that of a workbook to
    read, and ``ranked`` says whether several goals in a cell are a ranking; None where nobody said. ``kept`` are
    columns that are carried through, each text one or several between commas; ``by`` is the column that tells groups
    apart.
    """

    def __init__(
        self,
        catalog: Catalog,
        mapped: Mapped | None = None,
        id_column: str | None = None,
        lenient: bool = False,
        sheet: str | None = None,
        ranked: bool | None = None,
        kept: Sequence[str] = (),
        by: str | None = None,
        last_of: str | None = None,
    ) -> None:
        self.sheet = sheet
        self.ranked = ranked
        self.lenient = lenient
        self.catalog = catalog
        self.mapped = mapped or Mapped()
        self.id_column = id_column
        self.kept = kept
        self.by = by
        self.last_of = last_of
        self._mapped = {canonical(header): key for header, key in self.mapped.columns.items()}
        self._targets: dict[str, Target | None] = {}

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {} if self.id_column else {canonical(ID): ID}
        for question in reversed([*self.catalog.questions.values()]):
            names |= {_bare(name): question.id for name in (question.text, question.label, *question.names)}
        return names | {canonical(id): id for id in self.catalog.questions}

    @cached_property
    def labels(self) -> dict[str, Target]:
        """What a mark in a column is that is called as a goal alone, where no other question has such an answer."""
        found: dict[str, list[Target]] = {}
        for question in self.catalog.questions.values():
            for each in question.choices:
                found.setdefault(canonical(each.label), []).append(Target(question.id, 0, each.id))
        return {
            name: targets[0]
            for name, targets in found.items()
            if len(targets) == 1 and self.catalog.questions[targets[0].key].goals
        }

    @cached_property
    def _claimed(self) -> frozenset[Target | None]:
        return frozenset(self.named(key) for key in self._mapped.values())

    def target(self, header: str) -> Target | None:
        """What a column is; None where it is none of ours."""
        if header in self._targets:
            return self._targets[header]
        found = self._found(header)
        if len(self._targets) < _MOST_REMEMBERED and len(header) < _MOST_HEADER:
            self._targets[header] = found
        return found

    def _found(self, header: str) -> Target | None:
        if self.id_column is not None and canonical(header) == canonical(self.id_column):
            return Target(ID)
        if canonical(header) in self._mapped:
            return self.named(self._mapped[canonical(header)])
        found = self.named(header)
        # Where the mapping names the column that holds an answer, another one of that name is not asked.
        return None if found in self._claimed else found

    def is_choice(self, header: str, text: str) -> bool:
        """Whether a text is an option or a goal of the question that a column answers."""
        target = self.target(header)
        question = self.catalog.questions.get(target.key) if target else None
        return question is not None and canonical(text) in question.ids_by_name

    def named(self, name: str, inside: int = 0) -> Target | None:
        """What a key, a label or a text of a question stands for; ``goals 2`` and ``goals = explore`` too.

        So many groups of questions were taken off before it.
        """
        if name in self._names.values():
            return Target(name)
        if len(name) >= _MOST_HEADER:
            return None
        name = " ".join(name.split())
        bare = _bare(name)
        if bare in self._names:
            # "(choice=...)" behind a question is more than a remark.
            return (self._marked(name) if name.rstrip().endswith(")") else None) or Target(self._names[bare])
        # Kobo writes the group of a question before it: "intake/goals".
        grouped = self.named(name.partition("/")[2], inside + 1) if "/" in name and inside < _MOST_INSIDE else None
        return self._numbered(bare) or self._marked(name) or grouped

    def _numbered(self, bare: str) -> Target | None:
        """One place of a ranking."""
        numbered = _NUMBERED.search(bare)
        key = self._names.get(_bare(bare[: numbered.start()].rstrip(_BEFORE_NUMBER))) if numbered else None
        question = self.catalog.questions.get(key) if key else None
        if numbered and question and question.goals and int(numbered[1]) <= len(question.goals):
            return Target(question.id, int(numbered[1]))
        return None

    def _marked(self, name: str) -> Target | None:
        """One option of a question, where a header names both."""
        for between in chain.from_iterable(islice(each.finditer(name), _MOST_BETWEEN) for each in (_BETWEEN, _EQUAL)):
            key = self._names.get(_bare(name[: between.start()]))
            question = self.catalog.questions.get(key) if key else None
            if question and question.choices:
                text = _CHOICE.sub("", name[between.end() :]).strip(" \t\xa0'\"")
                id = question.ids_by_name.get(canonical(text)) or question.ids_by_name.get(canonical(text.rstrip(")]")))
                if id is not None:
                    return Target(question.id, 0, id)
        return None

    def suggestion(self, headers: Iterable[str]) -> str:
        """For a table of which nothing is known: what its headers may have meant."""
        headers = [*islice(headers, _MOST_LIKELY)]
        for header in headers:
            found = likely_question(header, self.catalog.questions.values())
            if found is not None:
                return f"{shortened(header)} is not a known question; did you mean {found.id!r}?"
        return f"none of {', '.join(map(shortened, headers[:5]))} is a question"


def _bare(name: str) -> str:
    if "<" in name or "&" in name:
        name = unescape(_MARKUP.sub(" ", name))
    name = name.rstrip()
    if name.endswith(")"):
        remark = name.find("(", name.rfind(")", 0, -1) + 1)
        name = name[:remark] if 0 <= remark <= len(name) - _LEAST_REMARK else name
    return canonical(_SELECTED.sub("", name.rstrip(_AFTER)).rstrip(_AFTER))


@dataclass(frozen=True)
class Sheet:
    """The columns of one table.

    Attributes:
        headers: The header of each column.
        columns: For each question where its cells are: several for goals, for marks, and where a header comes twice.
        id_column: Where the ids are.
        ignored: The headers of columns that hold no answer.
        values: For each question what its texts stand for.
        targets: What each column of a question is, where it is more than the question's only one.
        ranked: Whether several goals in a cell are a ranking; None where nobody said.
        kept: Which columns are carried through as they stand.
        by: The column that tells groups apart.
        last_of: The column of which each text counts once, in its last row.
    """

    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    id_column: int | None
    ignored: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    targets: Mapping[int, Target] = field(default_factory=dict)
    ranked: bool | None = None
    kept: tuple[int, ...] = ()
    by: int | None = None
    last_of: int | None = None

    @property
    def kept_names(self) -> tuple[str, ...]:
        """The headers of the columns that are carried through."""
        return tuple(self.headers[index] for index in self.kept)

    @property
    def by_name(self) -> str | None:
        """The header of the column that tells groups apart."""
        return None if self.by is None else self.headers[self.by]

    def likely(self, ignored: Sequence[str], catalog: Catalog) -> list[tuple[str, str]]:
        """Columns that were not read although their headers may ask a question that no other column answers."""
        guessed = [(name, likely_question(name, catalog.questions.values())) for name in ignored[:_MOST_LIKELY]]
        return [(name, found.id) for name, found in guessed if found is not None and found.id not in self.columns]

    @classmethod
    def of(cls, headers: Headers, names: Sequence[str], file: str) -> Sheet:
        """The meaning of a header row.

        Raises:
            InputError: A mapped or id column that is missing, or nothing known at all.
        """
        targets = _with_one_id(names, _targets(headers, names))
        if not headers.lenient:
            _check(headers, names, targets, file)
        places: dict[str, list[tuple[int, int]]] = {}
        for index, target in enumerate(targets):
            if target is not None:
                places.setdefault(target.key, []).append((target.place, index))
        columns = {key: tuple(index for _, index in sorted(found)) for key, found in places.items()}
        id_columns = columns.pop(ID, None)
        own = {index: targets[index] for found in columns.values() for index in found}
        kept, by, last_of = asked_columns(names, headers.target, headers.kept, headers.by, headers.last_of)
        return cls(
            tuple(names),
            columns,
            id_columns[0] if id_columns else None,
            tuple(
                name
                for index, (name, target) in enumerate(zip(names, targets, strict=True))
                if target is None and name.strip() and index not in (*kept, by, last_of)
            ),
            readable(headers.mapped.values),
            targets={
                index: target
                for index, target in own.items()
                if target and (target.mark or len(columns[target.key]) > 1)
            },
            ranked=headers.ranked,
            kept=kept,
            by=by,
            last_of=last_of,
        )

    @classmethod
    def of_keys(cls, headers: Headers) -> Sheet:
        """The columns of input that names its keys in every row: the id, then every question."""
        own = (ID, *headers.catalog.questions)
        columns = {id: (index,) for index, id in enumerate(own) if index}
        asked = [part.strip() for text in headers.kept for part in text.split(",")]
        asked += filter(None, (headers.by, headers.last_of))
        names = tuple(dict.fromkeys([*own, *(name for name in asked if headers.target(name) is None)]))
        kept, by, last_of = asked_columns(names, headers.target, headers.kept, headers.by, headers.last_of)
        values = readable(headers.mapped.values)
        return cls(names, columns, 0, (), values, ranked=headers.ranked, kept=kept, by=by, last_of=last_of)


def _with_one_id(names: Sequence[str], targets: Sequence[Target | None]) -> list[Target | None]:
    """Of several columns for the id the one that is called just so: Kobo adds an ``_id`` of its own."""
    ids = [index for index, target in enumerate(targets) if target is not None and target.key == ID]
    exact = [index for index in ids if names[index].strip().lower() == ID]
    others = {*ids} - {*exact} if len(exact) == 1 else set()
    return [None if index in others else target for index, target in enumerate(targets)]


def _targets(headers: Headers, names: Sequence[str]) -> list[Target | None]:
    """What each column is; columns called as goals alone are marks where there are several, and no other goals."""
    found = [headers.target(name) for name in names]
    alone = {
        index: headers.labels[form] for index, name in enumerate(names) if (form := canonical(name)) in headers.labels
    }
    keys = {target.key for target in found if target is not None}
    if len(alone) > 1 and not any(target.key in keys for target in alone.values()):
        found = [target or alone.get(index) for index, target in enumerate(found)]
    return found


def readable(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Texts for answers in the form in which cells are looked up."""
    return {key: {canonical(text): answer for text, answer in texts.items()} for key, texts in values.items()}


def _check(headers: Headers, names: Sequence[str], targets: Sequence[Target | None], file: str) -> None:
    present = {canonical(name) for name in names}
    if headers.id_column is not None and canonical(headers.id_column) not in present:
        raise InputError(
            file, f"--id: {shortened(headers.id_column)} is {one_of(headers.id_column, names, 'column')}", 1
        )
    for header in headers.mapped.columns:
        if canonical(header) not in present:
            raise InputError(headers.mapped.file, f"columns: {shortened(header)} is {one_of(header, names, 'column')}")
    if not any(target is not None and target.key != ID for target in targets):
        hint = f"{headers.suggestion(names)}; `batch --suggest-map` writes a mapping to fill in"
        raise InputError(file, f"no column holds an answer: {hint}", 1)
