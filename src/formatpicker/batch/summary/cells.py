"""Every cell of a summary, and how the cells add up: what a reader could put together again from what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from formatpicker.batch.summary.counts import (
    AWAY,
    BLOCKED_ALONE,
    BLOCKED_BY,
    CLOSE_CALL,
    CLOSED,
    CONDITION,
    ELIGIBILITY,
    FEW_ANSWERS,
    LEFT_OPEN,
    MOVED,
    OPENED,
    VARIANT,
    VERDICT,
    joined_ids,
)
from formatpicker.batch.summary.suppression import Cell, Equation
from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import Catalog, Verdict

# What stands for itself, and the first words of cells that are sums of what a census counts.
ACCEPTED, TIED, INFEASIBLE, UNDECIDED = ("accepted",), ("tied",), ("infeasible",), ("undecided",)
FRAGILE, CLOSE, FEW = ("fragile",), (CLOSE_CALL,), (FEW_ANSWERS,)
TOP, ALONE, TIED_WITH = "top", "alone", "tied with"
OPEN, NEAR, AFTER, CHANGED = "open", "near", "after", "changed"
# No table shows these; they are here since a reader can work them out.
_NO_TOP, _REST = ("no top",), "rest"


class Cells:
    """The counts of a cohort, the equations between them, and the cells that no table shows."""

    def __init__(self, catalog: Catalog, tally: Tally, others: Sequence[Catalog] = ()) -> None:
        self.counts: Counter[Cell] = Counter({ACCEPTED: tally.accepted})
        self.equations: list[Equation] = []
        self.silent: set[Cell] = set()
        self._tally = tally
        self._catalog = catalog
        core = core_of(catalog)
        # What an advisor asks first.
        self.dear = {(word, id) for word in (ALONE, OPEN) for id in core} | {INFEASIBLE, FRAGILE}
        self._tops(core)
        for format in core:
            self._format(format)
        self._answers()
        for at, other in enumerate(others):
            self._other(str(at), core, core_of(other))

    # --- how cells are put in --------------------------------------------------------------------------------------

    def _counted(self, *cell: str) -> Cell:
        """A cell of the census."""
        self.counts[cell] = self._tally.counts[cell]
        return cell

    def _given(self, cell: Cell, count: int) -> Cell:
        self.counts[cell] = count
        return cell

    def _sum(self, total: Cell, parts: Iterable[Cell]) -> Cell:
        """A cell that is the sum of others."""
        equation = Equation(total, tuple(parts))
        self.equations.append(equation)
        return self._given(total, sum(self.counts[part] for part in equation.parts))

    def _rest(self, total: Cell, parts: Sequence[Cell], *name: str) -> Cell:
        """What some parts leave of a total; no table shows it."""
        rest = self._given((_REST, *name), self.counts[total] - sum(self.counts[part] for part in parts))
        self.silent.add(rest)
        self.equations.append(Equation(total, (*parts, rest)))
        return rest

    def _found(self, *start: str) -> list[Cell]:
        """The cells of the census that begin so."""
        return [self._counted(*cell) for cell in sorted(self._tally.counts) if cell[: len(start)] == start]

    # --- what is counted -------------------------------------------------------------------------------------------

    def _tops(self, core: Sequence[str]) -> None:
        tops = self._tally.tops
        alone = [self._given((ALONE, id), tops[(id,)]) for id in core]
        shared = {top: self._given((TOP, joined_ids(top)), tops[top]) for top in sorted(tops) if len(top) > 1}
        self._sum(TIED, shared.values())
        for id in core:
            self._sum((TIED_WITH, id), [cell for top, cell in shared.items() if id in top])
        self._given(INFEASIBLE, self._tally.infeasible)
        self._given(UNDECIDED, self._tally.undecided)
        self.silent.add(self._sum(_NO_TOP, [INFEASIBLE, UNDECIDED]))
        self._sum(ACCEPTED, [*alone, TIED, _NO_TOP])
        self._sum(ACCEPTED, [_NO_TOP, *(self._counted(ELIGIBILITY, verdict) for verdict in _OPEN_VERDICTS)])
        self._counted(*CLOSE)
        self._sum(FRAGILE, [CLOSE, TIED])
        self._rest(ACCEPTED, [FRAGILE, _NO_TOP], "steady")

    def _format(self, format: str) -> None:
        """One format: whom it is open to, what closes it, what it depends on, and who is one answer away."""
        fits = [self._counted(VERDICT, format, verdict) for verdict in _OPEN_VERDICTS]
        blocked = self._counted(VERDICT, format, Verdict.BLOCKED)
        self._sum((OPEN, format), fits)
        self._sum(ACCEPTED, [(OPEN, format), blocked])
        self._blockers(format, blocked)
        for cell in self._found(CONDITION, format):
            self._rest(fits[-1], [cell], *cell)
        self._sum((NEAR, format), self._found(AWAY, format))
        self._rest(blocked, [(NEAR, format)], NEAR, format)

    def _blockers(self, format: str, blocked: Cell) -> None:
        """By what a format is blocked: who is blocked by one thing alone, and who by several."""
        by = self._found(BLOCKED_BY, format)
        alone = [self._counted(BLOCKED_ALONE, *cell[1:]) for cell in by]
        several = self._rest(blocked, alone, BLOCKED_ALONE, format)
        both = []
        for whole, single in zip(by, alone, strict=True):
            both.append(self._rest(whole, [single], *whole))
            self._rest(blocked, [whole], VERDICT, *whole)
        if len(by) == 2:  # of two things, those who are blocked by several are blocked by both
            self.equations += [Equation(several, (cell,)) for cell in both]

    def _answers(self) -> None:
        self._counted(*FEW)
        self._rest(ACCEPTED, [FEW], *FEW)
        for id in self._catalog.questions:
            cell = self._counted(LEFT_OPEN, id)
            self._rest(ACCEPTED, [cell], *cell)
        variants = [id for id, format in self._catalog.formats.items() if format.scored and not format.core]
        self._sum(ACCEPTED, [self._counted(VARIANT, id) for id in ("", *variants)])

    def _other(self, name: str, before: Sequence[str], after: Sequence[str]) -> None:
        """The same people under another catalog."""
        for id in dict.fromkeys((*before, *after)):
            opened, closed = self._counted(OPENED, name, id), self._counted(CLOSED, name, id)
            stays = self._given((_REST, OPEN, name, id), self.counts[OPEN, id] - self.counts[closed])
            self.silent.add(stays)
            if id in before:
                self.equations.append(Equation((OPEN, id), (closed, stays)))
                self._rest((VERDICT, id, Verdict.BLOCKED), [opened], OPENED, name, id)
            self._sum((AFTER, name, id), [stays, opened])
            self._rest(ACCEPTED, [(AFTER, name, id)], AFTER, name, id)
        moves = self._found(MOVED, name)
        self._sum((CHANGED, name), moves)
        unmoved = [self._unmoved(name, top, moves) for top in sorted(self._tally.tops)]
        rest = self._rest(ACCEPTED, [(CHANGED, name)], CHANGED, name)
        self.equations.append(Equation(rest, tuple(unmoved)))

    def _unmoved(self, name: str, top: Sequence[str], moves: Sequence[Cell]) -> Cell:
        """Those of one top who keep it."""
        gone = [cell for cell in moves if cell[2] == joined_ids(top)]
        return self._rest(_top_cell(top), gone, MOVED, name, joined_ids(top))


_OPEN_VERDICTS = (Verdict.FITS, Verdict.CONDITIONAL, Verdict.UNLIKELY)


def _top_cell(top: Sequence[str]) -> Cell:
    if not top:
        return _NO_TOP
    return (ALONE, *top) if len(top) == 1 else (TOP, joined_ids(top))


def core_of(catalog: Catalog) -> tuple[str, ...]:
    """The ids of the core formats, in the order of the catalog."""
    return tuple(id for id, format in catalog.formats.items() if format.core)
