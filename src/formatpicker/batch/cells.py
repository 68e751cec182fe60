"""The answer in the cells of a row: those of several columns put together, each text tidied and read.

Everything here is pure: a row and a column of dictionary values go through the same functions.
"""

# ruff: noqa: RUF001  (what looks like other characters is what has to be found)

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import NamedTuple
from unicodedata import normalize

from formatpicker.base.text import canonical
from formatpicker.batch.headers import Meaning
from formatpicker.batch.rows import Cell, Cells
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import SKIP, Answer, Goals
from formatpicker.scoring.parsing import is_no_answer, parse_answer, split_goals

# What form tools write into the column of an option that was chosen, and of one that was not.
CHOSEN = frozenset("1 x y yes true checked selected on ✓ ✔ ☑ ✅ ja wahr oui vrai".split())  # noqa: SIM905
LEFT = frozenset(
    ["0", "n", "no", "false", "unchecked", "not selected", "off", "☐", "nein", "falsch", "non", "faux", ""]
)
_RANK = re.compile(r"([1-9][0-9]?)(?:\.0)?")


class DifferingCells(str):
    """The texts of several columns that say different things of one question."""


class MadeDateError(AnswerError):
    """A number of which a spreadsheet has made a date."""


# --- the cells of several columns -----------------------------------------------------------------------------------


def together(sheet: Sheet, catalog: Catalog, id: str, cells: Cells) -> Cell:
    """What the columns of a question say as one cell: ``cells`` are those of a row."""
    columns = sheet.columns[id]
    if len(columns) == 1 and columns[0] not in sheet.meanings:
        return cells[columns[0]]
    given = [(sheet.meanings[index], cells[index]) for index in columns]
    return combined(catalog.questions[id], given, bool(sheet.ranked))


def combined(question: Question, given: Sequence[tuple[Meaning, Cell]], ranked: bool) -> Cell:
    """What the cells of several columns say as one, in the order of their ranks.

    A ranking in several columns is joined by semicolons, the most important goal first. Marks give the goals that they
    choose, which all count the same (``explore:1;income:1``) unless the marks are ranks or ``ranked`` is set. Where a
    header comes twice, one of the cells may be empty.
    """
    filled = [(meaning, cell) for meaning, cell in given if _is_filled(cell)]
    plain = [(meaning.rank, cell) for meaning, cell in filled if not meaning.mark]
    if plain:
        return _joined(plain)
    return _marked(question, [(meaning.mark, str(cell)) for meaning, cell in filled], ranked)


def _is_filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _joined(filled: Sequence[tuple[int, Cell]]) -> Cell:
    """The cells of columns that each hold an answer; at one rank they must say the same."""
    by_rank: dict[int, Cell] = {}
    for rank, cell in filled:
        if rank in by_rank and canonical(str(by_rank[rank])) != canonical(str(cell)):
            return DifferingCells(f"{by_rank[rank]} / {cell}")
        by_rank.setdefault(rank, cell)
    if len(by_rank) == 1:
        return next(iter(by_rank.values()))
    # A goal that comes again counts where it stands first.
    return ";".join(dict.fromkeys(str(by_rank[rank]) for rank in sorted(by_rank)))


def _marked(question: Question, marks: Sequence[tuple[str, str]], ranked: bool) -> Cell:
    """What is chosen by marks in a column for each option; among goals, numbers that go beyond 1 are ranks."""
    conflict = DifferingCells(" / ".join(text for _, text in marks))
    chosen: list[str] = []
    ranks: list[int] = []
    for id, text in marks:
        form = canonical(text)
        if form in LEFT:
            continue
        rank = _RANK.fullmatch(form) if question.goals else None
        if not (rank or form in CHOSEN or question.ids_by_name.get(form) == id):
            return conflict
        ranks += [int(rank[1])] if rank else []
        chosen.append(id)
    if ranks and max(ranks) > 1:
        if len(set(ranks)) < len(chosen):  # grades, or marks among ranks
            return conflict
        return ";".join(id for _, id in sorted(zip(ranks, chosen, strict=True)))
    if not question.goals:
        return chosen[0] if len(chosen) == 1 else conflict if chosen else None
    return ";".join(chosen if ranked or len(chosen) < 2 else [f"{id}:1" for id in chosen])


# --- one cell ------------------------------------------------------------------------------------------------------


class ReadCell(NamedTuple):
    """The answer in a cell, and what had to be done to its text to read it."""

    answer: Answer | None
    done: tuple[str, ...] = ()


# No answer is a longer text.
_MOST_TIDIED = 2_000
TICKED = "ticked"
TOO_MANY = "too many goals"


def read_cell(
    catalog: Catalog, question: Question, cell: Cell, texts: Mapping[str, str] = {}, ranked: bool | None = None
) -> ReadCell | AnswerError:
    """The answer in one cell, where some texts stand for others; or why the question does not accept it."""
    if isinstance(cell, DifferingCells):
        return AnswerError(question.id, str(cell), "several columns hold this answer, and they differ; keep one")
    read = _attempt(question, cell, texts)
    if isinstance(read, AnswerError):
        read = _tidied(catalog, question, cell, texts, read)
    if isinstance(read, ReadCell) and ranked is False and isinstance(read.answer, Goals) and read.answer.ranked:
        read = read._replace(answer=Goals(dict.fromkeys(read.answer.shares, 1)))
    return read


def _attempt(
    question: Question, cell: Cell, texts: Mapping[str, str], done: Sequence[str] = ()
) -> ReadCell | AnswerError:
    given: object = texts.get(canonical(str(cell)), cell) if texts else cell
    if isinstance(cell, str) and question.goals:
        given = _goals(question, cell, texts)
    try:
        return ReadCell(parse_answer(question, given), tuple(done))
    except AnswerError as error:
        return error.with_traceback(None)


def _tidied(
    catalog: Catalog, question: Question, cell: Cell, texts: Mapping[str, str], error: AnswerError
) -> ReadCell | AnswerError:
    """The answer in a text once it is tidied, or what is wrong with the text as it was."""
    if not isinstance(cell, str) or len(cell) > _MOST_TIDIED:
        return error
    # Patterns take time with the square of a run of spaces.
    text = "\n".join(filter(None, (" ".join(line.split()) for line in cell.splitlines())))
    done: list[str] = []
    for name, step in STEPS.items():
        tidy = step(question, text)
        if is_no_answer(catalog, question, tidy):
            return ReadCell(None)
        if tidy != text:
            text = tidy
            done.append(name)
            read = _attempt(question, text, texts, done)
            if isinstance(read, ReadCell):
                return read
    parts = _parts(question, text, texts) if question.goals else []
    once = [*{question.ids_by_name.get(canonical(part), part): part for part in reversed(parts)}.values()][::-1]
    if len(parts) > min(len(once), question.most):
        done += [TOO_MANY] if len(once) > question.most else ["goals named twice taken once"]
        read = _attempt(question, ";".join(once[: int(question.most)]), {}, done)
        if isinstance(read, ReadCell):
            return read
    return _explained(question, cell, error)


def _explained(question: Question, cell: str, error: AnswerError) -> AnswerError:
    """An error that says what has happened to the text, where that can be seen."""
    dated = excel_date(cell) if question.answer in (AnswerKind.NUMBER, AnswerKind.DURATION) else ""
    if dated:
        from_today = "" if question.least else "; what counts is the time from today, for example 3 months"
        return MadeDateError(question.id, cell, dated + from_today, candidates=error.candidates)
    if mended(cell) != cell:
        told = f"{error.problem}; the text was saved in the wrong encoding: save the table as CSV UTF-8"
        return AnswerError(question.id, cell, told, candidates=error.candidates)
    return error


def _goals(question: Question, text: str, texts: Mapping[str, str]) -> object:
    """A cell of goals: ids as programs write them, JSON, or parts of which each may be one of the mapped texts."""
    ids = text.split(";")
    if not texts and question.goal_ids.issuperset(ids):
        return ids
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return ";".join(_parts(question, text, texts)) if texts else text


def _parts(question: Question, text: str, texts: Mapping[str, str]) -> list[str]:
    """The goals in a cell, mapped texts replaced and open ones left out."""
    if canonical(text) in texts:
        text = texts[canonical(text)]
    parts = [texts.get(canonical(part), part) for part in split_goals(question, text, texts)]
    return [part for part in parts if part != SKIP]


# --- steps that tidy a text ------------------------------------------------------------------------------------------

_LIST_ITEM = re.compile(r"<\s*(?:br|/p|/li|/div)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[/a-zA-Z][^<>]{0,200}>")
_NUMBERING = re.compile(r"(^|[;,\n|])\s*(?:\(?(?:\d{1,2}|[a-z])[.)]|[-*•·‣▪►✓✔☑]|\d{1,2}\s*[-–—:])\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
# "8-weeks", and "10 heures / semaine".
_HYPHEN = re.compile(r"(?<=\d)\s*-\s*(?=[^\W\d])")
_JOINT = re.compile(r"\s+(?=/)|(?<=/)\s+")
_QUOTES = re.compile(r"[\"“”„«»`]|(?:^|(?<=[;,\s]))['‘’]|['‘’](?=$|[;,\s])")
_BRACKETS = re.compile(r"^\s*[\[(]|[\])]\s*$")
_BETWEEN_GOALS = re.compile(r"\s*[|/&+]\s*|\s+(?:and|und|et)\s+")
_END = " \t\r\n.!;,:"
# What UTF-8 looks like where it was read as windows-1252.
_MOJIBAKE = re.compile("[ÂÃâ][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def mended(text: str) -> str:
    """Text that was written as UTF-8 and read as windows-1252, as it was meant; anything else as it is."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("windows-1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _unquoted(question: Question, text: str) -> str:
    """Goals as other programs write a list of them lose their brackets; a list is an answer to no other question."""
    if question.goals:
        text = _BRACKETS.sub("", text)
    return text if text.lstrip().startswith(("[", "{")) else _QUOTES.sub("", text).strip()


def _parted(question: Question, text: str) -> str:
    """Goals that stand between spaces as ids, as Kobo writes them, or between other marks."""
    if not question.goals:
        return text
    words = text.split()
    if len(words) > 1 and question.goal_ids.issuperset(words):
        return ";".join(words)
    parts = _BETWEEN_GOALS.split(text)
    known = all(canonical(part) in question.ids_by_name for part in parts)
    return ";".join(parts) if len(parts) > 1 and known else text


# Tried in this order, each on what the one before has left, until the text is an answer.
STEPS: Mapping[str, Callable[[Question, str], str]] = {
    "markup taken out": lambda question, text: (
        unescape(_TAG.sub("", _LIST_ITEM.sub("\n", text))).strip() if "<" in text or "&" in text else text
    ),
    "letters saved in the wrong encoding mended": lambda question, text: mended(text),
    # Apostrophes, wide letters, hard spaces.
    "typographic marks made plain": lambda question, text: (
        normalize("NFKC", text).replace("’", "'").replace("‘", "'").replace("\u00ad", "")
    ),
    "numbering taken out": lambda question, text: _NUMBERING.sub(r"\1", text) if question.choices else text,
    "numbered goals parted": lambda question, text: _NUMBERED.sub(";", text) if question.goals else text,
    "units spelled plainly": lambda question, text: (
        text if question.choices else _JOINT.sub("", _HYPHEN.sub(" ", text))
    ),
    "quotation marks taken out": _unquoted,
    "goals parted": _parted,
    "a mark at the end taken out": lambda question, text: text.rstrip(_END),
}


# --- dates that a spreadsheet has made of what was typed: 3-4 hours, or 1.5 weeks in a German sheet ------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar janv january janvier",
            "feb februar févr fevr february février",
            "mar mär mrz märz mars march",
            "apr april avr avril",
            "may mai",
            "jun juni june juin",
            "jul juli july juil juillet",
            "aug august août aout",
            "sep sept september septembre",
            "oct okt oktober october octobre",
            "nov november novembre",
            "dec dez dezember december déc décembre",
        ),
        1,
    )
    for name in names.split()
}
_NAMED = re.compile(r"(\d{1,2})[-./ ]+([^\W\d]{3,9})\.?|([^\W\d]{3,9})\.?[-./ ]+(\d{1,4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_WRITTEN = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})")
# What was typed becomes a date of the year it was typed in; an earlier one is a date of birth.
_FIRST_YEAR = 2020
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?", re.IGNORECASE)


def excel_date(text: str) -> str:
    """What to say of a text that is a date or a time of day where a number belongs; empty where it is neither."""
    day_and_month = _day_and_month(text.strip())
    if day_and_month:
        day, month = day_and_month
        return (
            f"is a date: Excel makes one of {month}-{day} (or {day}.{month}); type it again as text, or as one number"
        )
    if _TIME.fullmatch(text.strip()):
        return "is a time of day: Excel makes one of what is typed with a colon; type it again as one number"
    return ""


def _day_and_month(text: str) -> tuple[int, int] | None:
    iso, written, named = _ISO.fullmatch(text), _WRITTEN.fullmatch(text), _NAMED.fullmatch(text)
    if iso and int(iso[1]) >= _FIRST_YEAR:
        return int(iso[3]), int(iso[2])
    if written and (len(written[4]) == 2 or int(written[4]) >= _FIRST_YEAR):  # Americans write the month first
        first, second = int(written[1]), int(written[3])
        return (first, second) if written[2] == "." else (second, first)
    if named:
        month = _MONTHS.get((named[2] or named[3]).casefold())
        return (int(named[1] or named[4]) % 100, month) if month else None
    return None
