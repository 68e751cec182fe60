"""A mapping to begin with, made from what a table holds. Values of columns that are no answers are never shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formatpicker.base.text import canonical, nearest
from formatpicker.batch.cells import read_cell
from formatpicker.batch.headers import ID, Headers, Target, likely_id, likely_question
from formatpicker.batch.readers import kind_of, opened_table, unpacked
from formatpicker.batch.readers.jsonl import values
from formatpicker.batch.readers.source import Source
from formatpicker.batch.rows import is_text
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import SKIP
from formatpicker.scoring.parsing import parse_answer, split_goals

# Objects of hostile input have a new key in every line.
MOST_COLUMNS = 2_000
# As many different texts of a column are looked at; more are free text.
MOST_TEXTS = 300
MOST_CHARACTERS = 200
# As many options does a form offer at most.
MOST_OPTIONS = 40
# A key in quotes may be longer by what is escaped; YAML takes 1,024 characters.
_MOST_KEY = 1_000
_LISTED = (AnswerKind.CHOICE, AnswerKind.GOALS)
# A column of which fewer texts than this are answers may hold them by chance.
LEAST_READ = 2
_CHECK = "  # check this"
# A column of dates or times, which all differ and say nothing of a person.
_TIME = re.compile(r"time|date|datum|zeit|stamp|heure|horodat", re.IGNORECASE)
# What people put between goals in place of a comma.
_BETWEEN_GOALS = re.compile(r"\s*(?:[/|&+\n]|\band\b)\s*")


@dataclass
class Seen:
    """What a column holds.

    Attributes:
        texts: Its different texts, as far as they are kept, by the form in which they are compared.
        more: Whether there are more of them.
        again: Whether one came again, or a cell was empty.
        target: What it is by its header; of several columns for one answer, the first one alone.
        guess: The question that it may answer where its header is not known.
    """

    texts: dict[str, str] = field(default_factory=dict)
    more: bool = False
    again: bool = False
    target: Target | None = None
    guess: Question | None = None

    def add(self, text: str) -> None:
        """Take one cell, or one part of it."""
        form = canonical(text)
        if not form or form in self.texts:
            self.again = True
            return
        if len(self.texts) >= MOST_TEXTS or len(text) > MOST_CHARACTERS:
            self.more = True
        else:
            self.texts[form] = text.strip()


def columns_seen(source: Source, headers: Headers, kind: str | None, encoding: str | None) -> dict[str, Seen]:
    """What each column holds, whether its header is known or not.

    Raises:
        InputError: The table cannot be read.
    """
    source = unpacked(source)
    seen: dict[str, Seen] = {}
    cells: Iterable[tuple[str, object]]
    if (kind or kind_of(source)) == "jsonl":
        rows = (pairs for _, pairs in values(source, headers, encoding) if not isinstance(pairs, str))
        cells = ((key, each) for pairs in rows for key, value in pairs for each in _items(value))
    else:
        table = opened_table(source, headers, kind, encoding)
        seen = {name: Seen() for name in table.sheet.headers}
        table_rows = (row for chunk in table.rows() for row in chunk.cells)
        cells = (pair for row in table_rows for pair in zip(table.sheet.headers, row, strict=False))
    for name, cell in cells:
        if name in seen or len(seen) < MOST_COLUMNS:
            add_cell(headers, name, cell, seen)
    return seen


def _items(value: object) -> list[object]:
    """A value, or the items of a list."""
    parts = value if isinstance(value, list) else [value]
    return [each if isinstance(each, str | int | float) else None for each in parts]


def add_cell(headers: Headers, header: str, cell: object, seen: dict[str, Seen]) -> None:
    """Take the cell of a column; of a column of goals, each part of it."""
    found = seen.setdefault(header, Seen())
    if cell is None:
        found.again = True
        return
    question = headers.question(header)
    if question is not None and question.goals:
        for part in split_goals(question, str(cell)):
            found.add(part)
    else:
        found.add(str(cell))


def suggestion(headers: Headers, seen: Mapping[str, Seen]) -> str:
    """A mapping in YAML that reads back, with what to check as comments."""
    catalog = headers.catalog
    _take_known(headers, seen)
    _take_guesses(catalog, seen)
    lines = [
        "# What the headers and the texts of this table stand for. Check it, then use it with --map FILE.",
        "columns:",
    ]
    id = _id_column(seen)
    for header, each in seen.items():
        lines += _column_line(header, each, header == id)
    lines += ["values:", *_values(headers, seen), *_left(catalog, seen)]
    return "\n".join(lines) + "\n"


def _take_known(headers: Headers, seen: Mapping[str, Seen]) -> None:
    taken: set[Target] = set()
    for header, each in seen.items():
        target = headers.target(header)
        if target is not None and target not in taken:
            each.target = target
            taken.add(target)


def _take_guesses(catalog: Catalog, seen: Mapping[str, Seen]) -> None:
    """Guess what each other column answers: its header is near a question, or its texts answer only that one."""
    answered = {each.target.key for each in seen.values() if each.target}
    left = {id: question for id, question in catalog.questions.items() if id not in answered}
    for header, each in seen.items():
        if each.target is None and header.strip() and each.texts:
            each.guess = _by_header(catalog, left, header, each) or _by_texts(catalog, left, each)
            if each.guess is not None:
                del left[each.guess.id]


def _id_column(seen: Mapping[str, Seen]) -> str | None:
    """What may be the id where none is: by its header, or the first column without a gap in which all cells differ."""
    if any(each.target == Target(ID) for each in seen.values()):
        return None
    free = {header: each for header, each in seen.items() if each.target is None and each.guess is None}
    all_differ = (header for header, each in free.items() if each.texts and not each.again and not _TIME.search(header))
    return likely_id([*free]) or next(all_differ, None)


def _left(catalog: Catalog, seen: Mapping[str, Seen]) -> Iterator[str]:
    """The questions that no column answers yet, for whoever knows the column."""
    answered = {each.target.key if each.target else each.guess.id if each.guess else "" for each in seen.values()}
    left = [question for question in catalog.questions.values() if question.id not in answered]
    if left:
        yield "# No column answers these questions yet. If one does, write its header and the key under columns."
    for question in left:
        yield f"#   {question.id}: {question.text}"


def _values(headers: Headers, seen: Mapping[str, Seen]) -> Iterator[str]:
    """For each question the texts of its columns that are no answer, each once; what was mapped stays so."""
    catalog, notes = headers.catalog, list[str]()
    found: dict[str, dict[str, str]] = {}
    for each in seen.values():
        question = catalog.questions.get(each.target.key) if each.target else each.guess
        if question is None or (each.target and each.target.mark):
            continue
        unread = [text for text in _unread(catalog, question, each) if is_text(text)]
        if unread and each.more:
            notes.append(f"  # {question.id}: {len(unread)} or more texts that are no answer; they look like free text")
            continue
        if each.guess and question.answer not in _LISTED:
            # What stands in a column that is no answer after all is nobody's business.
            strange = [text for text in unread if not _is_understood(catalog, question, text)]
            unread = [text for text in unread if text not in strange]
            if strange:
                texts = "1 more text that is" if len(strange) == 1 else f"{len(strange)} more texts that are"
                notes.append(f"  # {question.id}: {texts} no answer and not shown here")
        given = headers.mapped.answers.get(question.id, {})
        for text in unread:
            said = given.get(canonical(text)) or f"{_meant(catalog, question, text) or SKIP}{_CHECK}"
            line = f"    {quoted(text)}: {said}"
            found.setdefault(question.id, {}).setdefault(canonical(text), line)
    yield from notes
    for id, lines in found.items():
        if choices := catalog.questions[id].choices:
            yield f"# An answer to {id} is one of: {', '.join(each.id for each in choices)}, {SKIP}"
        yield f"  {id}:"
        yield from lines.values()


def _by_header(catalog: Catalog, left: Mapping[str, Question], header: str, seen: Seen) -> Question | None:
    question = likely_question(header, catalog)
    if question is None or question.id not in left:
        return None
    parts = _parts(question, seen)
    strange = [text for text in parts if not _is_understood(catalog, question, text)]
    return question if 2 * len(strange) <= len(parts) or (question.goals and _ticked(question, seen)) else None


def _ticked(question: Question, seen: Seen) -> bool:
    """Whether the cells of a column hold options of somebody's own: few, and ticked by several people."""
    parts = len(_parts(question, seen))
    return parts <= MOST_OPTIONS and parts < sum(len(split_goals(question, text)) for text in seen.texts.values())


def _by_texts(catalog: Catalog, left: Mapping[str, Question], seen: Seen) -> Question | None:
    """The only question that two thirds of the texts answer, and two of them at least."""
    fitting = []
    for question in left.values():
        unread, parts = len(_unread(catalog, question, seen)), len(_parts(question, seen))
        if question.answer in _LISTED and not seen.more and parts - unread >= LEAST_READ and 3 * unread <= parts:
            fitting.append(question)
    return fitting[0] if len(fitting) == 1 else None


def _parts(question: Question, seen: Seen) -> list[str]:
    """The different texts, a cell of several goals part by part."""
    texts = list(seen.texts.values())
    if question.answer is AnswerKind.GOALS:
        texts = list({canonical(part): part for text in texts for part in split_goals(question, text)}.values())
    return texts


def _unread(catalog: Catalog, question: Question, seen: Seen) -> list[str]:
    return [text for text in _parts(question, seen) if _problem(catalog, question, text)]


def _problem(catalog: Catalog, question: Question, text: str) -> AnswerError | None:
    """Why ``batch`` does not read a text as it is; None where it does."""
    found = read_cell(catalog, question, text)
    return found if isinstance(found, AnswerError) else None


def _is_understood(catalog: Catalog, question: Question, text: str) -> bool:
    """Whether a text is an answer, or one may be meant by it, be it in doubt which."""
    problem = _problem(catalog, question, text)
    return problem is None or bool(problem.candidates) or _meant(catalog, question, text) is not None


def _column_line(header: str, seen: Seen, id: bool) -> Iterator[str]:
    key = quoted(header)
    if len(key) > _MOST_KEY or not header.strip() or not is_text(header):
        return
    if seen.target is not None:
        yield f"  {key}: {seen.target}"
    elif seen.guess is not None:
        yield f"  {key}: {seen.guess.id}{_CHECK}"
    elif id:
        yield f"  # {key}: {ID}  # take the first # away to carry this column through"
    else:
        yield f"  # {key}: {SKIP}"


def _meant(catalog: Catalog, question: Question, text: str) -> str | None:
    """What a text that is no answer may mean: the number in it, or the nearest answer that is not its opposite."""
    try:
        parse_answer(question, text)
    except AnswerError as error:
        if len(error.candidates) > 1:  # it is in doubt
            return None
        if question.choices:
            return _nearest(question, text)
        near = error.candidates[0] if error.candidates else None
        return quoted(near) if near is not None and not _problem(catalog, question, near) else None
    return None


def _nearest(question: Question, text: str) -> str | None:
    """The answer that a text may mean; of a text with several goals, each of them."""
    parts = [question.ids_by_name.get(canonical(part)) for part in _BETWEEN_GOALS.split(text)]
    if question.answer is AnswerKind.GOALS and len(parts) > 1:
        ids = [part for part in parts if part is not None]
        if len(ids) == len(set(ids)) == len(parts):
            return quoted(";".join(ids))
    near = nearest(text, [name for each in question.choices for name in (each.label, each.id)])
    return question.ids_by_name[canonical(near)] if near is not None else None


def quoted(text: str) -> str:
    """A text in quotes as YAML reads it on one line."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in plain)
