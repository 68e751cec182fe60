"""Records as JSON Lines: any of their columns, or, as fast as can be, all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from formatpicker.batch.effects import Effects
from formatpicker.batch.outcomes import Outcome
from formatpicker.batch.records import FIELDS, Record
from formatpicker.rules import ONE
from formatpicker.text import safe_json
from formatpicker.writers.target import Target, TextSink

JSON = json.JSONEncoder(ensure_ascii=False)
_MOST_REMEMBERED = 20_000


def encode(records: Sequence[Record], fields: Sequence[str]) -> str:
    """A line for each record."""
    places = [(field, FIELDS.index(field)) for field in fields]
    return "".join(
        "{" + ", ".join(f'"{field}": {json_text(record[place])}' for field, place in places) + "}\n"
        for record in records
    )


def json_text(value: object) -> str:
    """A value as JSON; what a terminal would obey stays escaped."""
    return safe_json(JSON.encode(value))


def opened(target: Target, fields: Sequence[str], stack: ExitStack) -> TextSink:
    """A file of lines."""
    return TextSink(target)


class _Texts(dict[Any, str]):
    """The JSON text of each value, made when it is first asked for."""

    def __init__(self, text: Callable[[Any], str]) -> None:
        super().__init__()
        self._text = text

    def __missing__(self, value: Any) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        text = self[value] = self._text(value)
        return text


class LineEncoder:
    """The same lines as those of ``encode`` with all columns, made of remembered pieces of text.

    It takes a third of the time, which is why this second way exists; a test holds both together.
    """

    def __init__(self, effects: Effects) -> None:
        ids = effects.ids
        self._tops = _Texts(lambda best: JSON.encode([ids[index] for index in best]))
        self._names: dict[int | None, str] = {None: "null"} | {index: JSON.encode(id) for index, id in enumerate(ids)}
        self._lists = _Texts(JSON.encode)
        self._words = _Texts(JSON.encode)
        self._coverage = _Texts(lambda weight: JSON.encode(effects.coverage(weight)))
        # Of 0 to 100 points, a text for each tenth.
        self._tenths = [JSON.encode(tenths / 10) for tenths in range(1001)]

    def __call__(self, outcomes: Sequence[Outcome]) -> str:
        """A line for each outcome."""
        return "".join(map(self._line, outcomes))

    def _line(self, outcome: Outcome) -> str:
        id, row, best, second, variant, totals, verdicts, reasons, weight = outcome
        scale = totals[-1] * ONE
        score = second_score = margin = variant_score = "null"
        if best and scale:
            tenths, twice, top = self._tenths, 2 * scale, totals[best[0]]
            score = tenths[(2000 * top + scale) // twice]
            if second is not None:
                second_score = tenths[(2000 * totals[second] + scale) // twice]
                margin = tenths[(2000 * (top - totals[second]) + scale) // twice]
        if variant is not None and scale:
            variant_score = self._tenths[(2000 * totals[variant] + scale) // (2 * scale)]
        conditions = "".join([each.conditions_text for each in verdicts])
        blocked = "".join([each.blocked_text for each in verdicts])
        return (
            f'{{"id": {json_text(id)}, "row": {row}, "top": {self._tops[best]}, "score": {score}, '
            f'"runner_up": {self._names[second]}, "runner_up_score": {second_score}, "margin": {margin}, '
            f'"eligibility": {self._words[outcome.eligibility]}, '
            f'"conditions": [{conditions[:-2]}], "blocked": [{blocked[:-2]}], '
            f'"best_variant": {self._names[variant]}, "best_variant_score": {variant_score}, '
            f'"reasons": {self._lists[reasons]}, "coverage": {self._coverage[weight]}}}\n'
        )
