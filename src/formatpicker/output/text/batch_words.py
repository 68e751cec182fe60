"""What a run over many people came to, in plain words."""

from __future__ import annotations

from formatpicker.base.text import shortened
from formatpicker.batch.tally import Tally
from formatpicker.batch.troubles import Troubles
from formatpicker.batch.writers.rejects import reject_text
from formatpicker.catalog.model import Catalog

# So many different faults are told, and so many columns named that a mapping would help.
MOST_GROUPS = 20
MOST_COLUMNS = 3


def closing_lines(catalog: Catalog, tally: Tally, rejects: str | None = None, leave_open: bool = False) -> list[str]:
    """What could not be read, what comes first for how many, how many rows were read, and what would help.

    Args:
        catalog: The catalog in force, for the names of the formats.
        tally: The counts of the whole run.
        rejects: The file that what cannot be read was written to, if there is one; without it all is told here.
        leave_open: Whether answers that cannot be read were left open.
    """
    told = [] if rejects else trouble_lines(tally.troubles)
    return [*told, *_result_lines(catalog, tally), rows_line(tally, rejects), *_help(tally, leave_open)]


def trouble_lines(troubles: Troubles) -> list[str]:
    """What could not be read, equal faults once with their count."""
    groups = list(troubles.groups.values())
    lines = [reject_text(each.first, each.count, each.rows) for each in groups[:MOST_GROUPS]]
    more = sum(each.count for each in groups[MOST_GROUPS:]) + troubles.more
    return [*lines, f"{more:,} more faults; --rejects FILE writes every one."] if more else lines


def rows_line(tally: Tally, rejects: str | None = None) -> str:
    """How many rows were read, accepted and rejected, in one sentence."""
    where = f" (see {rejects})" if rejects and (tally.rejected or tally.troubles.rows) else ""
    noun = "row" if tally.rows == 1 else "rows"
    left = f", {tally.left_open:,} of them with an answer left open" if tally.left_open else ""
    return f"{tally.rows:,} {noun} read: {tally.accepted:,} accepted{left}, {tally.rejected:,} rejected{where}."


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
        texts = sum(map(len, troubles.texts.values()))
        columns = ", ".join(map(shortened, list(troubles.texts)[:MOST_COLUMNS]))
        noun = "text" if texts == 1 else "texts"
        saved = _of(troubles.mapped, troubles.rows)
        found.append(
            f"a mapping of {texts:,} {noun} in {columns} (--suggest-map writes one, --map uses it) reads {saved}"
        )
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
