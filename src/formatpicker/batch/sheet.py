"""The columns of one table: which row is the header, what each of them means, and what else each is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from formatpicker.base.text import canonical, shortened
from formatpicker.batch.headers import ID, MOST_LIKELY, Headers, Meaning, is_help, likely_question
from formatpicker.batch.records import FIELDS
from formatpicker.catalog.model import Catalog
from formatpicker.errors import InputError, one_of


@dataclass(frozen=True)
class Sheet:
    """The columns of one table.

    Attributes:
        headers: The header of each column.
        columns: For each question where its cells are: several for goals, for marks, and where a header comes twice.
        id_column: Where the ids are.
        ignored: The headers of columns that hold no answer.
        values: For each question what its texts stand for.
        meanings: What each column of a question is, where it is more than the question's only one.
        ranked: Whether several goals in a cell are a ranking; None where nobody said.
        kept: The kept columns, which go into the output as they stand.
        by: The column that tells groups apart.
        last_of: The column of which each text counts once, in its last row.
    """

    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    id_column: int | None
    ignored: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    meanings: Mapping[int, Meaning] = field(default_factory=dict)
    ranked: bool | None = None
    kept: tuple[int, ...] = ()
    by: int | None = None
    last_of: int | None = None

    @property
    def kept_names(self) -> tuple[str, ...]:
        """The headers of the kept columns."""
        return tuple(self.headers[index] for index in self.kept)

    @property
    def by_name(self) -> str | None:
        """The header of the column that tells groups apart."""
        return None if self.by is None else self.headers[self.by]

    @cached_property
    def needed(self) -> list[int]:
        """The columns that hold answers or ids, or are asked for, in their order."""
        others = {index for index in (self.id_column, self.by, self.last_of, *self.kept) if index is not None}
        return sorted(others.union(*self.columns.values()))

    def narrowed(self) -> Sheet:
        """The same without the columns that nothing is read of."""
        new = {index: at for at, index in enumerate(self.needed)}
        single = (self.id_column, self.by, self.last_of)
        id_column, by, last_of = (None if index is None else new[index] for index in single)
        return replace(
            self,
            headers=tuple(self.headers[index] for index in self.needed),
            columns={id: tuple(new[index] for index in columns) for id, columns in self.columns.items()},
            id_column=id_column,
            kept=tuple(new[index] for index in self.kept),
            by=by,
            last_of=last_of,
            meanings={new[index]: meaning for index, meaning in self.meanings.items()},
        )

    def likely(self, ignored: Sequence[str], catalog: Catalog) -> list[tuple[str, str]]:
        """Columns that were not read although their headers may ask a question that no other column answers."""
        guessed = [(name, likely_question(name, catalog)) for name in ignored[:MOST_LIKELY]]
        return [
            (name, question.id)
            for name, question in guessed
            if question is not None and question.id not in self.columns
        ]

    @classmethod
    def of(cls, headers: Headers, names: Sequence[str], file: str) -> Sheet:
        """The meaning of a header row.

        Raises:
            InputError: A column that is mapped, holds ids or is asked for is missing, or nothing is known at all.
        """
        meanings = _with_one_id(names, _meanings(headers, names))
        if not headers.lenient:
            _check(headers, names, meanings, file)
        ranked: dict[str, list[tuple[int, int]]] = {}
        for index, meaning in enumerate(meanings):
            if meaning is not None:
                ranked.setdefault(meaning.key, []).append((meaning.rank, index))
        columns = {key: tuple(index for _, index in sorted(by_rank)) for key, by_rank in ranked.items()}
        id_columns = columns.pop(ID, None)
        kept, by, last_of = _asked(headers, names)
        return cls(
            tuple(names),
            columns,
            id_columns[0] if id_columns else None,
            tuple(
                name
                for index, (name, meaning) in enumerate(zip(names, meanings, strict=True))
                if meaning is None and name.strip() and index not in (*kept, by, last_of)
            ),
            headers.mapped.answers,
            meanings={
                index: meaning
                for index, meaning in enumerate(meanings)
                if meaning and meaning.key in columns and (meaning.mark or len(columns[meaning.key]) > 1)
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
        names = tuple(dict.fromkeys([*own, *(name for name in asked if headers.meaning(name) is None)]))
        kept, by, last_of = _asked(headers, names)
        answers = headers.mapped.answers
        return cls(names, columns, 0, (), answers, ranked=headers.ranked, kept=kept, by=by, last_of=last_of)


def _with_one_id(names: Sequence[str], meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """Of several columns for the id the one that is called just so: Kobo adds an ``_id`` of its own."""
    ids = [index for index, meaning in enumerate(meanings) if meaning is not None and meaning.key == ID]
    exact = [index for index in ids if names[index].strip().lower() == ID]
    others = {*ids} - {*exact} if len(exact) == 1 else set()
    return [None if index in others else meaning for index, meaning in enumerate(meanings)]


def _meanings(headers: Headers, names: Sequence[str]) -> list[Meaning | None]:
    """What each column is; columns called as goals alone are marks where there are several, and no other goals."""
    meanings = [headers.meaning(name) for name in names]
    alone = {
        index: headers.labels[form] for index, name in enumerate(names) if (form := canonical(name)) in headers.labels
    }
    keys = {meaning.key for meaning in meanings if meaning is not None}
    if len(alone) > 1 and not any(meaning.key in keys for meaning in alone.values()):
        meanings = [meaning or alone.get(index) for index, meaning in enumerate(meanings)]
    return meanings


def _check(headers: Headers, names: Sequence[str], meanings: Sequence[Meaning | None], file: str) -> None:
    present = {canonical(name) for name in names}
    if headers.id_column is not None and canonical(headers.id_column) not in present:
        raise InputError(
            file, f"--id: {shortened(headers.id_column)} is {one_of(headers.id_column, names, 'column')}", 1
        )
    for header in headers.mapped.columns:
        if canonical(header) not in present:
            raise InputError(headers.mapped.file, f"columns: {shortened(header)} is {one_of(header, names, 'column')}")
    if not any(meaning is not None and meaning.key != ID for meaning in meanings):
        results = "these are results of batch; give it the table of answers that they were made of"
        told = results if _is_of_results(names) else headers.suggestion(names)
        raise InputError(file, f"no column holds an answer: {told}", 1)


def _is_of_results(names: Sequence[str]) -> bool:
    """Whether a header is that of what ``batch`` writes: most of the usual columns."""
    return 2 * len({*FIELDS}.intersection(names)) > len(FIELDS)


def _asked(headers: Headers, names: Sequence[str]) -> tuple[tuple[int, ...], int | None, int | None]:
    """Which columns are kept, tell groups apart, and tell persons apart."""
    kept: list[int] = []
    for text in headers.kept:
        whole = _index_of(headers, names, text)
        kept += [_existing(headers, names, part, "--keep") for part in text.split(",")] if whole is None else [whole]
    by = None if headers.by is None else _existing(headers, names, headers.by, "--by")
    last_of = None if headers.last_of is None else _existing(headers, names, headers.last_of, "--last-of")
    return tuple(dict.fromkeys(kept)), by, last_of


def _index_of(headers: Headers, names: Sequence[str], asked: str) -> int | None:
    """The column of this header, else the one that answers this question."""
    wanted, meaning = canonical(asked), headers.meaning(asked.strip())
    exact = (index for index, name in enumerate(names) if canonical(name) == wanted)
    same = (index for index, name in enumerate(names) if meaning is not None and headers.meaning(name) == meaning)
    return next(exact, next(same, None))


def _existing(headers: Headers, names: Sequence[str], asked: str, option: str) -> int:
    index = _index_of(headers, names, asked)
    if index is None:
        raise InputError(option, f"{shortened(asked.strip())} is {one_of(asked.strip(), names, 'column')}")
    return index


# --- which row is the header -----------------------------------------------------------------------------------------

# The header is looked for in so many rows; with those that may follow it, so many are read before the data.
HEADER_WITHIN = 20
HEADER_ROWS = 3
FIRST_ROWS = HEADER_WITHIN + HEADER_ROWS - 1
# What the third header row of a Qualtrics export begins with in every column.
_IMPORT_ID = '{"ImportId"'
# What stands in the second header row of a SurveyMonkey export below a question with one answer.
_RESPONSES = ("response", "open ended response", "antwort", "réponse")


def header_of(headers: Headers, rows: Sequence[Sequence[str]]) -> tuple[list[str], int, int]:
    """The names of the columns, how many rows stand above them, and how many of the first rows are no data.

    ``rows`` are the first ``FIRST_ROWS``, or as many as there are.
    """
    above = _header_at(headers, rows)
    names, taken = _names(headers, rows[above : above + HEADER_ROWS])
    return names, above, above + taken


def known(headers: Headers, row: Sequence[str]) -> int:
    """How many cells of a row name a question; so many goals alone, two at least, name columns of marks."""
    alone = sum(canonical(cell) in headers.labels for cell in row)
    named = sum(meaning is not None and meaning.key != ID for meaning in map(headers.meaning, row))
    return named + (alone if alone > 1 else 0)


def _header_at(headers: Headers, rows: Sequence[Sequence[str]]) -> int:
    """Which row is the header: the one with most questions; where there is none, the first of full width."""
    looked = rows[:HEADER_WITHIN]
    if looked and _is_of_results(looked[0]):  # the question that a record names as a reason is no header
        return 0
    for at in range(len(looked)):
        if _is_import(rows[at + 2 : at + 3]):
            return at
    counts = [known(headers, row) for row in looked]
    if max(counts):
        at = counts.index(max(counts))
        below = at > 0 and counts[at - 1] > 0 and _is_second_header(headers, looked[at - 1], looked[at])
        return at - below
    if headers.mapped.columns or headers.id_column:
        return 0
    widths = [sum(bool(cell.strip()) for cell in row) for row in looked]
    return widths.index(max(widths)) if headers.lenient else 0


def _is_import(rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows) and any(cell.strip().startswith(_IMPORT_ID) for cell in rows[0])


def _names(headers: Headers, rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    first = [*rows[0]]
    if _is_import(rows[2:3]):
        # Of a variable's name and its question's text the one that is known.
        both = zip(first, [*rows[1], *[""] * len(first)], strict=False)
        names = [text if not headers.meaning(name) and headers.meaning(text) else name for name, text in both]
        return names, HEADER_ROWS
    if len(rows) > 1 and _is_second_header(headers, first, rows[1]):
        return _joined(headers, first, rows[1]), 2
    meanings = [headers.meaning(name) for name in first]
    if len(rows) > 1 and is_help(headers.catalog, meanings, rows[1]):
        return first, 2
    return first, 1


def _is_second_header(headers: Headers, names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row says how each question is answered: in no column of ours may it hold an answer of a person.

    Columns without a header continue the question before them. A row that names two options or more below one question,
    or says "Response" below another, is a header.
    """
    if not row or row[0].strip():
        return False
    over, options, responses = "", 0, 0
    for name, cell in zip(names, row, strict=False):
        continued = not name.strip()
        over = over if continued else name
        if not headers.meaning(over) or not cell.strip():
            continue
        if canonical(cell) in _RESPONSES:
            responses += 1
        elif headers.is_choice(over, cell):
            options += continued
        else:
            return False
    return bool(responses or options)


def _joined(headers: Headers, names: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of the columns; a question with a column for each option stands over the first one only."""
    joined: list[str] = []
    over = ""
    for name, option in zip(names, [*below, *[""] * len(names)], strict=False):
        over = name if name.strip() else over
        joined.append(f"{over} [{option}]" if headers.is_choice(over, option) else name)
    return joined
