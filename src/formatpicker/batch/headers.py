"""What the columns of a table mean: headers to questions, and how the texts of a survey are read as answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from formatpicker.base.text import canonical, nearest, shortened
from formatpicker.catalog.model import AnswerKind, Catalog
from formatpicker.errors import InputError, one_of

ID = "id"
# So many columns without a question are looked at for a misspelled one, and headers up to this length.
_MOST_LIKELY, _MOST_HEADER = 50, 200
# What survey tools put after a question's text in a header, and the number of one of several columns of a ranking.
_TAIL = re.compile(r"\s*[?:*.]*\s*(?:[-\u2013:]\s*selected choice\s*)?[?:*.]*\s*(?:\([^)]{3,}\))?\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"(.+?)[\s_.#(\[-]*([1-9][0-9]?)[)\]]?")


class Target(NamedTuple):
    """What a column holds: the id of a question, or ``id``; ``place`` counts several columns of one ranking."""

    key: str
    place: int = 0


@dataclass(frozen=True)
class Mapped:
    """What a mapping file says: column header to target, and for each question its texts for answers."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: str = ""


class Headers:
    """Which header stands for what: mapped ones first, then keys, labels and texts of questions.

    ``lenient`` takes a table of which nothing is known, to look at what it holds. ``kept`` are columns that are carried
    through, each text one or several between commas; ``by`` is the column that tells groups apart.
    """

    def __init__(
        self,
        catalog: Catalog,
        mapped: Mapped | None = None,
        id_column: str | None = None,
        lenient: bool = False,
        kept: Sequence[str] = (),
        by: str | None = None,
    ) -> None:
        self.lenient = lenient
        self.catalog = catalog
        self.mapped = mapped or Mapped()
        self.id_column = id_column
        self.kept = kept
        self.by = by
        self._mapped = {canonical(header): key for header, key in self.mapped.columns.items()}
        self._targets: dict[str, Target | None] = {}

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {} if self.id_column else {canonical(ID): ID}
        for question in reversed([*self.catalog.questions.values()]):
            names |= {_bare(name): question.id for name in (question.text, question.label)}
        return names | {canonical(id): id for id in self.catalog.questions}

    @property
    def names(self) -> dict[str, str]:
        """The question of every key, label and text, as people write them."""
        return {
            name: question.id
            for question in self.catalog.questions.values()
            for name in (question.text, question.label, question.id)
        }

    @cached_property
    def _claimed(self) -> frozenset[Target | None]:
        return frozenset(self.named(key) for key in self._mapped.values())

    def target(self, header: str) -> Target | None:
        """What a column is; None where it is none of ours."""
        if header not in self._targets:
            self._targets[header] = self._found(header)
        return self._targets[header]

    def _found(self, header: str) -> Target | None:
        if self.id_column is not None and canonical(header) == canonical(self.id_column):
            return Target(ID)
        if canonical(header) in self._mapped:
            return self.named(self._mapped[canonical(header)])
        found = self.named(header)
        # Where the mapping names the column that holds an answer, another one of that name is not asked.
        return None if found in self._claimed else found

    def is_goal(self, header: str, text: str) -> bool:
        """Whether a text is a goal of the question that a column answers."""
        target = self.target(header)
        question = self.catalog.questions.get(target.key) if target else None
        return question is not None and bool(question.goals) and canonical(text) in question.ids_by_name

    def named(self, name: str) -> Target | None:
        """What a key, a label or a text of a question stands for, ``goals 2`` too."""
        if name in self._names.values():
            return Target(name)
        bare = _bare(name)
        if bare in self._names:
            return Target(self._names[bare])
        numbered = _NUMBERED.fullmatch(bare)
        key = self._names.get(_bare(numbered[1])) if numbered else None
        question = self.catalog.questions.get(key) if key else None
        if numbered and question and question.answer is AnswerKind.GOALS and int(numbered[2]) <= len(question.goals):
            return Target(question.id, int(numbered[2]))
        return None

    def suggestion(self, headers: Iterable[str]) -> str:
        """For a table of which nothing is known: what its headers may have meant."""
        for header in headers:
            problem = one_of(header, [*self.catalog.questions], "question")
            if "did you mean" in problem:
                return f"{shortened(header)} is {problem}"
        return f"none of {', '.join(map(shortened, list(headers)[:5]))} is a question"


def _bare(name: str) -> str:
    return canonical(_TAIL.sub("", name))


@dataclass(frozen=True)
class Sheet:
    """The columns of one table. ``columns`` gives for each question where its cells are, several only for goals.

    ``kept`` are carried through as they stand; ``by`` tells groups apart.
    """

    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    id_column: int | None
    ignored: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[int, ...] = ()
    by: int | None = None

    @property
    def kept_names(self) -> tuple[str, ...]:
        """The headers of the columns that are carried through."""
        return tuple(self.headers[index] for index in self.kept)

    @property
    def by_name(self) -> str | None:
        """The header of the column that tells groups apart."""
        return None if self.by is None else self.headers[self.by]

    def likely(self, ignored: Sequence[str]) -> list[tuple[str, str]]:
        """Columns that were not read although their headers are near a question that no other column answers."""
        open_names = {name: id for name, id in self.questions.items() if id not in self.columns}
        near = [(name, nearest(name, open_names)) for name in ignored[:_MOST_LIKELY] if len(name) < _MOST_HEADER]
        return [(name, open_names[found]) for name, found in near if found is not None]

    @classmethod
    def of(cls, headers: Headers, names: Sequence[str], file: str) -> Sheet:
        """The meaning of a header row.

        Raises:
            InputError: Two columns for one question, a mapped or id column that is missing, or nothing known at all.
        """
        targets = _with_one_id(names, [headers.target(name) for name in names])
        if not headers.lenient:
            _check(headers, names, targets, file)
        places: dict[str, list[tuple[int, int]]] = {}
        for index, target in enumerate(targets):
            if target is not None:
                places.setdefault(target.key, []).append((target.place, index))
        columns = {key: tuple(index for _, index in sorted(found)) for key, found in places.items()}
        id_columns = columns.pop(ID, None)
        kept, by = asked_columns(headers, names)
        return cls(
            tuple(names),
            columns,
            id_columns[0] if id_columns else None,
            tuple(
                name
                for index, (name, target) in enumerate(zip(names, targets, strict=True))
                if target is None and name.strip() and index not in (*kept, by)
            ),
            readable(headers.mapped.values),
            headers.names,
            kept,
            by,
        )

    @classmethod
    def of_keys(cls, headers: Headers) -> Sheet:
        """The columns of input that names its keys in every row: the id, then every question."""
        own = (ID, *headers.catalog.questions)
        columns = {id: (index,) for index, id in enumerate(own) if index}
        asked = [part.strip() for text in headers.kept for part in text.split(",")]
        asked += [headers.by] if headers.by else []
        names = tuple(dict.fromkeys([*own, *(name for name in asked if headers.target(name) is None)]))
        kept, by = asked_columns(headers, names)
        return cls(names, columns, 0, (), readable(headers.mapped.values), kept=kept, by=by)


def _with_one_id(names: Sequence[str], targets: Sequence[Target | None]) -> list[Target | None]:
    """Of several columns for the id the one that is called just so: Kobo adds an ``_id`` of its own."""
    ids = [index for index, target in enumerate(targets) if target is not None and target.key == ID]
    exact = [index for index in ids if names[index].strip().lower() == ID]
    others = {*ids} - {*exact} if len(exact) == 1 else set()
    return [None if index in others else target for index, target in enumerate(targets)]


def asked_columns(headers: Headers, names: Sequence[str]) -> tuple[tuple[int, ...], int | None]:
    """Where the columns stand that are carried through, and the one that tells groups apart.

    Raises:
        InputError: There is no such column; the nearest one is told.
    """
    kept: list[int] = []
    for text in headers.kept:
        whole = _place(headers, names, text)
        kept += [_placed(headers, names, part, "--keep") for part in text.split(",")] if whole is None else [whole]
    by = None if headers.by is None else _placed(headers, names, headers.by, "--by")
    return tuple(dict.fromkeys(kept)), by


def _place(headers: Headers, names: Sequence[str], asked: str) -> int | None:
    """The column of this header, else the one that holds this question's answer."""
    wanted, target = canonical(asked), headers.target(asked.strip())
    exact = (index for index, name in enumerate(names) if canonical(name) == wanted)
    same = (index for index, name in enumerate(names) if target is not None and headers.target(name) == target)
    return next(exact, next(same, None))


def _placed(headers: Headers, names: Sequence[str], asked: str, option: str) -> int:
    found = _place(headers, names, asked)
    if found is None:
        raise InputError(option, f"{shortened(asked.strip())} is {one_of(asked.strip(), names, 'column')}")
    return found


def readable(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Texts for answers in the form in which cells are looked up."""
    return {key: {canonical(text): answer for text, answer in texts.items()} for key, texts in values.items()}


def _check(headers: Headers, names: Sequence[str], targets: Sequence[Target | None], file: str) -> None:
    seen: dict[Target, str] = {}
    for name, target in zip(names, targets, strict=True):
        if target is not None and target in seen:
            raise InputError(
                file,
                f"the columns {shortened(seen[target])} and {shortened(name)} both hold {target.key}; keep one, or say"
                " with --map which counts",
                1,
            )
        if target is not None:
            seen[target] = name
    present = {canonical(name) for name in names}
    if headers.id_column is not None and canonical(headers.id_column) not in present:
        raise InputError(
            file, f"--id: {shortened(headers.id_column)} is {one_of(headers.id_column, names, 'column')}", 1
        )
    for header in headers.mapped.columns:
        if canonical(header) not in present:
            raise InputError(headers.mapped.file, f"columns: {shortened(header)} is {one_of(header, names, 'column')}")
    if not any(target.key != ID for target in seen):
        hint = f"{headers.suggestion(names)}; `batch --suggest-map` writes a mapping to fill in"
        raise InputError(file, f"no column holds an answer: {hint}", 1)
