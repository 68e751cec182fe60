"""What is said of a run over many people: how far it is, what was read, and what it came to."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from formatpicker.base.durations import counted
from formatpicker.base.terminal import is_dumb, is_terminal
from formatpicker.base.text import canonical, shortened
from formatpicker.batch.cells import TICKED, TOO_MANY
from formatpicker.batch.headers import likely_id
from formatpicker.batch.readers.source import Source, Table
from formatpicker.batch.records import reject_text
from formatpicker.batch.rows import NOT_TEXT, is_text
from formatpicker.batch.tally import MOST_NOTICED, Tally, Troubles
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.model import Catalog

# So many different faults are told, and so many columns named that a mapping would help.
MOST_FAULTS = 10
MOST_COLUMNS = 3
_MOST_NAMED = 10
_MOST_LIKELY = 3
# Where what is wrong ends and what to do begins, and where the answers that would do are listed.
_ADVICE = re.compile(r"(?=; )|(?= \(known: )")
_RANKING = ("rank", "order of", "most important", "wichtigste", "reihenfolge", "rang", "classe", "ordre")


@contextmanager
def progress(source: Source) -> Iterator[Callable[[int], None]]:
    """What to call with the number of rows that are done; the bar goes by the bytes that were read."""
    if not is_terminal(sys.stderr) or is_dumb():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[rows]:,} rows"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=source.size, rows=0)
        yield lambda rows: bar.update(task, completed=source.watched.taken, rows=rows)


# --- what was read ---------------------------------------------------------------------------------------------------


def reading_lines(catalog: Catalog, table: Table, tally: Tally) -> list[str]:
    """What was read of a table, to its end, in at most six lines."""
    done = "; ".join([*table.reading.rows_left_out(), *_tidied(tally)])
    lines = [
        " ".join([*_place(table), _questions(catalog, table), *_id(table)]),
        # With the wrong encoding its questions are not found, and no row shows it.
        *([] if all(map(is_text, table.sheet.headers)) else [f"WARNING: the header {NOT_TEXT}."]),
        *_goals(catalog, table, tally),
        *([f"{done[:1].upper()}{done[1:]}."] if done else []),
        *_ignored(catalog, table),
    ]
    return lines[:6]


def _place(table: Table) -> Iterator[str]:
    """Which sheet or file was read, and what stands beside it and above the header."""
    reading = table.reading
    above, line = reading.above
    if reading.part or above:
        where = f"Read {reading.part}" if reading.part else "Read"
        header = f" with the header in line {line} ({counted(above, 'row')} above it left out)" if above else ""
        yield f"{where}{header}."
    if reading.others:
        one = len(reading.others) == 1
        verbs = "also holds answers and was" if one else "also hold answers and were"
        yield f"Sheet{'s' * (not one)} {_listed(reading.others)} {verbs} not read (--sheet NAME reads one)."


def _questions(catalog: Catalog, table: Table) -> str:
    read = table.found()
    found = [id for id in catalog.questions if id in read]
    missing = [id for id in catalog.questions if id not in read]
    told = f"Questions found: {', '.join(found) or 'none'}."
    return f"{told} Not found: {', '.join(missing)}." if missing else told


def _id(table: Table) -> Iterator[str]:
    """The column of ids, or the one that would do where there is none."""
    if table.keyed:
        return
    index, best = table.sheet.id_column, likely_id(table.sheet.headers)
    if index is not None:
        yield f"The id is column {shortened(table.sheet.headers[index])}."
    elif best:
        yield f"No column is the id; --id {shortened(best)} would carry it through."
    else:
        yield "No column is the id (--id COLUMN carries one through)."


def _goals(catalog: Catalog, table: Table, tally: Tally) -> Iterator[str]:
    """What was made of goals, where people may have meant something else."""
    question = next((each for each in catalog.questions.values() if each.goals), None)
    if question is None:
        return
    if question.id not in table.found():
        yield (
            f"WARNING: {question.id} were not found, and they count most: every result stands on other answers alone."
            f" The column is called {shortened(question.text)}, or named with --map."
        )
    elif table.sheet.ranked is None:
        yield from _order(question, table, tally)


def _order(question: Question, table: Table, tally: Tally) -> Iterator[str]:
    headers = [canonical(table.sheet.headers[index]) for index in table.sheet.columns[question.id]]
    if TICKED in tally.noticed.done:
        yield (
            "Goals stand in a column each: they were ticked, not ranked, and all count the same"
            " (--goals ranked takes the order of the columns)."
        )
    elif tally.noticed.one_order and not any(word in header for header in headers for word in _RANKING):
        yield (
            "Goals keep one order in all rows, as boxes that are ticked do. They were taken as a ranking, the first the"
            " most important; if they were ticked, --goals equal makes them count the same (--goals ranked: no notice)."
        )


def _tidied(tally: Tally) -> Iterator[str]:
    """What had to be done to read texts, each with the number of different texts."""
    done = {name: texts for name, texts in sorted(tally.noticed.done.items()) if name not in (TICKED, TOO_MANY)}
    if done:
        listed = ", ".join(f"{name} in {_texts(len(texts))}" for name, texts in done.items())
        yield f"to read answers: {listed}"
    if many := len(tally.noticed.done.get(TOO_MANY, ())):
        noun = "text names" if many == 1 else "texts name"
        yield f"{many:,} {noun} more goals than count: only the first ones were taken"


def _texts(count: int) -> str:
    return counted(count, "text") if count < MOST_NOTICED else f"{MOST_NOTICED:,} texts or more"


def _ignored(catalog: Catalog, table: Table) -> Iterator[str]:
    """The columns that hold no answer, and what some of them may be meant for."""
    ignored = table.ignored()
    if not ignored:
        return
    found = table.sheet.likely(ignored, catalog)
    likely = [f"{shortened(name)} may be meant for {question}" for name, question in found[:_MOST_LIKELY]]
    more = [f"{len(found) - len(likely)} more may be meant for others"] if found[_MOST_LIKELY:] else []
    them = "it" if len(found) == 1 else "them"
    hint = f" {'; '.join([*likely, *more])}: rename {them}, or see --suggest-map." if likely else ""
    yield f"Columns that hold no answer, ignored: {_listed(ignored)}.{hint}"


def _listed(names: Sequence[str]) -> str:
    """The first few of some names, and how many more there are."""
    more = len(names) - _MOST_NAMED
    return ", ".join(map(shortened, names[:_MOST_NAMED])) + (f" and {more:,} more" if more > 0 else "")


# --- what it came to -------------------------------------------------------------------------------------------------


def closing_lines(catalog: Catalog, tally: Tally, rejects: str | None = None, leave_open: bool = False) -> list[str]:
    """What could not be read, what comes first for how many, how many rows were read, and what would help.

    ``rejects`` is the file that what cannot be read was written to; without one it is told here. ``leave_open`` says
    whether answers that cannot be read were left open.
    """
    told = [] if rejects else trouble_lines(tally.troubles)
    return [*told, *_result_lines(catalog, tally), rows_line(tally, rejects), *_help(tally, leave_open)]


def trouble_lines(troubles: Troubles) -> list[str]:
    """What could not be read, equal faults once with their count, the most frequent first; long advice is said once."""
    faults = sorted(troubles.faults.values(), key=lambda each: -each.count)
    told: set[str] = set()
    lines = []
    for each in faults[:MOST_FAULTS]:
        problem, *advice = _ADVICE.split(each.first.error)
        new = [part for part in advice if part not in told]
        told |= {part for part in advice if "did you mean" not in part}
        lines.append(reject_text(each.first._replace(error="".join([problem, *new])), each.count, each.rows))
    more = sum(each.count for each in faults[MOST_FAULTS:]) + troubles.more
    return (
        [*lines, f"and {more:,} more fault{'s' * (more > 1)} (batch --rejects FILE writes every one)"]
        if more
        else lines
    )


def rows_line(tally: Tally, rejects: str | None = None) -> str:
    """How many rows were read, accepted and rejected, in one sentence."""
    where = f" (see {rejects})" if rejects and (tally.rejected or tally.troubles.rows) else ""
    left = f", {tally.left_open:,} of them with an answer left open" if tally.left_open else ""
    return f"{counted(tally.rows, 'row')} read: {tally.accepted:,} accepted{left}, {tally.rejected:,} rejected{where}."


def _help(tally: Tally, leave_open: bool) -> list[str]:
    """The options that would help, each with the number of rows that it would save."""
    troubles = tally.troubles
    if not troubles.rows:
        return []
    found = []
    if troubles.dates:
        cells = "1 cell is a date or time" if troubles.dates == 1 else f"{troubles.dates:,} cells are dates or times"
        found.append(f"{cells} that Excel made of what was typed, type them again as text")
    if troubles.encoding:
        found.append(f"--encoding windows-1252 may read {_of(troubles.encoding, troubles.rows)}")
    if troubles.readable and not leave_open:
        found.append(f"--leave-open keeps {_of(troubles.readable, troubles.rows)}, with what cannot be read left open")
    if troubles.mapped:
        texts = counted(sum(map(len, troubles.texts.values())), "text")
        columns = ", ".join(map(shortened, list(troubles.texts)[:MOST_COLUMNS]))
        saved = _of(troubles.mapped, troubles.rows)
        found.append(f"a mapping of {texts} in {columns} (--suggest-map writes one, --map uses it) reads {saved}")
    return [f"To {'leave fewer open' if leave_open else 'lose fewer'}: {'; '.join(found)}."] if found else []


def _of(count: int, rows: int) -> str:
    noun = "row" if rows == 1 else "rows"
    return f"{'all ' if count == rows > 1 else ''}{count:,}{f' of {rows:,}' if count < rows else ''} {noun}"


def _result_lines(catalog: Catalog, tally: Tally) -> list[str]:
    if not tally.accepted:
        return []
    leading = tally.leading()
    counts = {each.name: leading[each.id] for each in catalog.formats.values() if each.core}
    lines = [(f"{name} comes first", count) for name, count in counts.items()]
    lines += [
        (words, count)
        for words, count in (
            ("Several formats share the first place (counted at each of them)", tally.ties),
            ("No format is open: some answer rules out each one", tally.infeasible),
            ("No result: no answer tells the formats apart", tally.undecided),
        )
        if count
    ]
    width = max(len(f"{count:,}") for _, count in lines)
    return [f"  {f'{count:,}':>{width}}  {words}" for words, count in lines]
