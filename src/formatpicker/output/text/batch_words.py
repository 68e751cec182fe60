"""What a run over many people came to, in plain words."""

from __future__ import annotations

from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import Catalog


def closing_lines(catalog: Catalog, tally: Tally, rejects: str | None = None) -> list[str]:
    """What comes first for how many, and as the last line how many rows were read, accepted and rejected.

    Args:
        catalog: The catalog in force, for the names of the formats.
        tally: The counts of the whole run.
        rejects: The file that the rejected rows were written to, if there is one.
    """
    return [*_result_lines(catalog, tally), rows_line(tally, rejects)]


def rows_line(tally: Tally, rejects: str | None = None) -> str:
    """How many rows were read, accepted and rejected, in one sentence."""
    where = f" (see {rejects})" if rejects and tally.rejected else ""
    noun = "row" if tally.rows == 1 else "rows"
    return f"{tally.rows:,} {noun} read: {tally.accepted:,} accepted, {tally.rejected:,} rejected{where}."


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
