"""The mapping file: what the headers and texts of a table that is not ours stand for; and one to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from formatpicker.base.text import canonical, shortened
from formatpicker.batch.cells import read_cell
from formatpicker.batch.headers import ID, Headers, Mapped, Meaning, likely_id, likely_question, quoted
from formatpicker.batch.readers import INPUT_KINDS, kind_of, opened_table, unpacked
from formatpicker.batch.readers.jsonl import values
from formatpicker.batch.readers.source import Source
from formatpicker.batch.rows import is_text
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError, InputError, one_of
from formatpicker.scoring.answers import SKIP
from formatpicker.scoring.parsing import parse_answer, split_goals

if TYPE_CHECKING:
    from formatpicker.base.yaml_reader import Document, Place


SECTIONS = ("columns", "values")


def parse_mapping(catalog: Catalog, document: Document) -> Mapped:
    """What a mapping file says.

    Raises:
        InputError: An unknown section, key or answer, two headers for one key, or texts equal when compared.
    """
    if not isinstance(document.data, Mapping):
        raise InputError(document.name, "must be a mapping of columns and values; batch --suggest-map writes one", 1)
    reader = _MappingReader(catalog, document)
    for section in document.data:
        if section not in SECTIONS:
            raise reader.fault((section,), f"{shortened(section)} is {one_of(section, SECTIONS, 'section')}")
    return Mapped(reader.columns(), reader.values(), document.name)


class _MappingReader:
    """One file while it is read."""

    def __init__(self, catalog: Catalog, document: Document) -> None:
        self.catalog = catalog
        self.document = document
        self.headers = Headers(catalog)

    def fault(self, place: Place, problem: str) -> InputError:
        where = ": ".join(str(each)[:60] for each in place[:-1])
        return InputError(self.document.name, f"{where}: {problem}" if where else problem, self.document.line(place))

    def section(self, name: str) -> Iterator[tuple[str, Any]]:
        given = self.document.data.get(name)
        if given is not None and not isinstance(given, Mapping):
            raise self.fault((name,), f"{name} must be a mapping, not {shortened(given)}")
        yield from (given or {}).items()

    def once(self, place: Place, key: str, taken: dict[str, str], problem: str) -> None:
        """See that nothing before has the same key; what is told names both."""
        if key in taken:
            raise self.fault(place, problem.format(shortened(place[-1]), shortened(taken[key])))
        taken[key] = str(place[-1])

    def columns(self) -> dict[str, str]:
        """The key of each header; ``skip`` for a column that holds no answer."""
        found: dict[str, str] = {}
        seen: dict[str, str] = {}
        keys: dict[str, str] = {}
        for header, given in self.section("columns"):
            place = ("columns", header)
            self.once(place, canonical(header), seen, "{} is mapped twice (first as {}); keep one")
            found[header] = key = self._key(place, given)
            if key != SKIP:
                self.once(place, key, keys, f"{{}} and {{}} are both {key}; keep one")
        return found

    def _key(self, place: Place, key: object) -> str:
        if key is None or canonical(str(key)) == SKIP:
            return SKIP
        meaning = self.headers.named(str(key)) if isinstance(key, str) else None
        if meaning is None:
            known = [ID, *self.catalog.questions, SKIP]
            raise self.fault(place, f"{shortened(place[-1])} = {shortened(key)}: {one_of(str(key), known, 'key')}")
        return str(meaning)

    def values(self) -> dict[str, dict[str, str]]:
        """The answer that each text of each question stands for."""
        ids = {canonical(id): id for id in self.catalog.questions}
        answers: dict[str, dict[str, str]] = {}
        for key, texts in self.section("values"):
            id = ids.get(canonical(key))
            if id is None:
                raise self.fault(("values", key), f"{shortened(key)} is {one_of(key, [*ids.values()], 'question')}")
            if id in answers:
                raise self.fault(("values", key), f"{id} stands twice; keep one")
            if not isinstance(texts, Mapping):
                raise self.fault(("values", key), f"{key} must be a mapping of texts to answers")
            answers[id], seen = {}, dict[str, str]()
            for text, value in texts.items():
                place = ("values", key, text)
                self.once(place, canonical(text), seen, "{} and {} are equal when compared; keep one")
                answers[id][text] = self._value(self.catalog.questions[id], place, value)
        return answers

    def _value(self, question: Question, place: Place, value: Any) -> str:
        if value is None or (isinstance(value, str) and canonical(value) in ("", SKIP)):
            return SKIP
        # A goal's text stands for one goal or several, never for a whole list with importances.
        given = [value] if question.goals and not isinstance(value, str) else value
        try:
            parse_answer(question, given)
        except AnswerError as error:
            raise self.fault(place, f"{shortened(place[-1])} = {shortened(value)}: {error.problem}") from None
        return str(value)


# --- a mapping to begin with; values of columns that are no answers are never shown ----------------------------------

# Objects of hostile input have a new key in every line.
MOST_COLUMNS = 2_000
# As many different texts of a column are looked at; more are free text.
MOST_TEXTS, MOST_CHARACTERS = 300, 200
# As many options does a form offer at most.
MOST_OPTIONS = 40
# A key in quotes may be longer by what is escaped; YAML takes 1,024 characters.
_MOST_KEY = 1_000
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
        meaning: What it is by its header; of several columns for one answer, the first one alone.
        guess: The question that it may answer where its header is not known.
    """

    texts: dict[str, str] = field(default_factory=dict)
    more: bool = False
    again: bool = False
    meaning: Meaning | None = None
    guess: Question | None = None

    def add(self, text: str) -> None:
        """Take one cell, or one part of it."""
        form = canonical(text)
        if not form or form in self.texts:
            self.again = True
        elif len(self.texts) >= MOST_TEXTS or len(text) > MOST_CHARACTERS:
            self.more = True
        else:
            self.texts[form] = text.strip()


def columns_seen(source: Source, headers: Headers, kind: str | None, encoding: str | None) -> dict[str, Seen]:
    """What each column holds, whether its header is known or not; of a column of goals, each part of a cell.

    Raises:
        InputError: The table cannot be read.
    """
    source = unpacked(source)
    seen: dict[str, Seen] = {}
    cells: Iterable[tuple[str, object]]
    if INPUT_KINDS[kind or kind_of(source)].keyed:
        rows = (pairs for _, pairs in values(source, headers, encoding) if not isinstance(pairs, str))
        items = ((key, value if isinstance(value, list) else [value]) for pairs in rows for key, value in pairs)
        cells = ((key, each) for key, several in items for each in several)
    else:
        table = opened_table(source, headers, kind, encoding)
        seen = {name: Seen() for name in table.sheet.headers}
        table_rows = (row for chunk in table.rows() for row in chunk.cells)
        cells = (pair for row in table_rows for pair in zip(table.sheet.headers, row, strict=False))
    for name, cell in cells:
        if name in seen or len(seen) < MOST_COLUMNS:
            column, question = seen.setdefault(name, Seen()), headers.question(name)
            text = str(cell) if isinstance(cell, str | int | float) else ""
            for part in split_goals(question, text) if text and question and question.goals else [text]:
                column.add(part)
    return seen


def suggestion(headers: Headers, seen: Mapping[str, Seen]) -> str:
    """A mapping in YAML that reads back, with what to check as comments."""
    catalog, taken = headers.catalog, set[Meaning]()
    for header, each in seen.items():
        meaning = headers.meaning(header)
        if meaning is not None and meaning not in taken:
            each.meaning = meaning
            taken.add(meaning)
    answered = {meaning.key for meaning in taken}
    left = {id: question for id, question in catalog.questions.items() if id not in answered}
    for header, each in seen.items():
        if each.meaning is None and header.strip() and each.texts:
            each.guess = _by_header(catalog, left, header, each) or _by_texts(catalog, left, each)
            if each.guess is not None:
                del left[each.guess.id]
    id = None if Meaning(ID) in taken else _id_column(seen)
    lines = [
        "# What the headers and the texts of this table stand for. Check it, then use it with --map FILE.",
        "columns:",
        *(line for header, each in seen.items() for line in _column_line(header, each, header == id)),
        "values:",
        *_values(headers, seen),
    ]
    if left:
        lines.append(
            "# No column answers these questions yet. If one does, write its header and the key under columns."
        )
    lines += [f"#   {question.id}: {question.text}" for question in left.values()]
    return "\n".join(lines) + "\n"


def _by_header(catalog: Catalog, left: Mapping[str, Question], header: str, seen: Seen) -> Question | None:
    """The question that a header is near to, if half of the texts may be answers to it."""
    question = likely_question(header, catalog)
    if question is None or question.id not in left:
        return None
    parts = _parts(question, seen)
    strange = [text for text in parts if not _is_understood(catalog, question, text)]
    if 2 * len(strange) <= len(parts):
        return question
    # Options of somebody's own: few, of which several people tick the same.
    ticked = [split_goals(question, text) for text in seen.texts.values()] if question.goals else []
    return question if len(parts) < sum(map(len, ticked)) and len(parts) <= MOST_OPTIONS else None


def _by_texts(catalog: Catalog, left: Mapping[str, Question], seen: Seen) -> Question | None:
    """The only question that two thirds of the texts answer, and two of them at least."""
    fitting = []
    for question in left.values():
        unread, parts = len(_unread(catalog, question, seen)), len(_parts(question, seen))
        if question.choices and not seen.more and parts - unread >= LEAST_READ and 3 * unread <= parts:
            fitting.append(question)
    return fitting[0] if len(fitting) == 1 else None


def _id_column(seen: Mapping[str, Seen]) -> str | None:
    """What may be the id where none is: by its header, or the first column without a gap in which all cells differ."""
    free = {header: each for header, each in seen.items() if each.meaning is None and each.guess is None}
    all_differ = (header for header, each in free.items() if each.texts and not each.again and not _TIME.search(header))
    return likely_id([*free]) or next(all_differ, None)


def _column_line(header: str, seen: Seen, id: bool) -> Iterator[str]:
    key = quoted(header)
    if len(key) > _MOST_KEY or not header.strip() or not is_text(header):
        return
    if answered := seen.meaning or (seen.guess and f"{seen.guess.id}{_CHECK}"):
        yield f"  {key}: {answered}"
    elif id:
        yield f"  # {key}: {ID}  # take the first # away to carry this column through"
    else:
        yield f"  # {key}: {SKIP}"


def _values(headers: Headers, seen: Mapping[str, Seen]) -> Iterator[str]:
    """For each question the texts of its columns that are no answer, each once; what was mapped stays so."""
    catalog, notes = headers.catalog, list[str]()
    by_question: dict[str, dict[str, str]] = {}
    for each in seen.values():
        question = catalog.questions.get(each.meaning.key) if each.meaning else each.guess
        if question is None or (each.meaning and each.meaning.mark):
            continue
        unread = [text for text in _unread(catalog, question, each) if is_text(text)]
        if unread and each.more:
            notes.append(f"  # {question.id}: {len(unread)} or more texts that are no answer; they look like free text")
            continue
        if each.guess and not question.choices:
            # What stands in a column that is no answer after all is nobody's business.
            strange = [text for text in unread if not _is_understood(catalog, question, text)]
            unread = [text for text in unread if text not in strange]
            if strange:
                texts = "1 more text that is" if len(strange) == 1 else f"{len(strange)} more texts that are"
                what = "out of range" if all(_out(catalog, question, text) for text in strange) else "no answer"
                notes.append(f"  # {question.id}: {texts} {what} and not shown here")
        given = headers.mapped.answers.get(question.id, {})
        for text in unread:
            out = _out(catalog, question, text)
            proposed = f"{_meant(catalog, question, text) or SKIP}{f'  # {out}' if out else _CHECK}"
            said = given.get(canonical(text)) or proposed
            by_question.setdefault(question.id, {}).setdefault(canonical(text), f"    {quoted(text)}: {said}")
    yield from notes
    for id, lines in by_question.items():
        if choices := catalog.questions[id].choices:
            yield f"# An answer to {id} is one of: {', '.join(each.id for each in choices)}, {SKIP}"
        yield f"  {id}:"
        yield from lines.values()


def _parts(question: Question, seen: Seen) -> list[str]:
    """The different texts, a cell of several goals part by part."""
    if not question.goals:
        return [*seen.texts.values()]
    return [*{canonical(part): part for text in seen.texts.values() for part in split_goals(question, text)}.values()]


def _unread(catalog: Catalog, question: Question, seen: Seen) -> list[str]:
    return [text for text in _parts(question, seen) if _problem(catalog, question, text)]


def _problem(catalog: Catalog, question: Question, text: str) -> AnswerError | None:
    """Why ``batch`` does not read a text as it is; None where it does."""
    read = read_cell(catalog, question, text)
    return read if isinstance(read, AnswerError) else None


def _out(catalog: Catalog, question: Question, text: str) -> str:
    """That a number is out of range, and of which, where it is."""
    problem = _problem(catalog, question, text)
    return problem.problem if problem and problem.problem.startswith("out of range") else ""


def _is_understood(catalog: Catalog, question: Question, text: str) -> bool:
    """Whether a text is an answer, or one may be meant by it, be it in doubt which."""
    problem = _problem(catalog, question, text)
    return problem is None or bool(problem.candidates) or _meant(catalog, question, text) is not None


def _meant(catalog: Catalog, question: Question, text: str) -> str | None:
    """What a text that is no answer may mean: the number in it, or the nearest answer that is not its opposite."""
    problem = _problem(catalog, question, text)
    candidates = problem.candidates if problem else ()
    if len(candidates) > 1:  # it is in doubt
        return None
    if question.choices:  # what a record's fault proposes is proposed here as well
        return _goals_between(question, text) or (candidates[0] if candidates else None)
    return quoted(candidates[0]) if candidates and not _problem(catalog, question, candidates[0]) else None


def _goals_between(question: Question, text: str) -> str | None:
    """Of a text that names several goals, each of them."""
    parts = [question.ids_by_name.get(canonical(part)) for part in _BETWEEN_GOALS.split(text)]
    ids = {part for part in parts if part is not None}
    several = question.goals and 1 < len(parts) == len(ids)
    return quoted(";".join(filter(None, parts))) if several else None
