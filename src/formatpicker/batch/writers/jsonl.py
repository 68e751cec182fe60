"""Records as JSON Lines: any of their columns, or, as fast as can be, all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from operator import itemgetter

from formatpicker.base.text import safe_json
from formatpicker.batch.effects import Verdicts
from formatpicker.batch.outcomes import Outcomes
from formatpicker.batch.packing import Packing
from formatpicker.batch.records import FIELDS, Identity, Record
from formatpicker.batch.remembered import Remembered
from formatpicker.batch.writers.output_file import Target, TextSink

JSON = json.JSONEncoder(ensure_ascii=False)


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


class LineEncoder:
    """The same lines as those of ``encode`` with all columns, made column by column of remembered pieces of text.

    It takes a fifth of the time, which is why this second way exists; a test holds both together.
    """

    def __init__(self, packing: Packing) -> None:
        effects, ids = packing.effects, packing.effects.ids
        self._tops = Remembered[tuple[int, ...], str](lambda best: JSON.encode([ids[index] for index in best]))
        self._names: dict[int | None, str] = {None: "null"} | {index: JSON.encode(id) for index, id in enumerate(ids)}
        self._words = Remembered[str | None, str](JSON.encode)
        self._reasons = Remembered[float, str](lambda reason: f'"{packing.criterion(reason)}", ')
        self._coverage = Remembered[int, str](lambda weight: JSON.encode(effects.coverage(weight)))
        # Of 0 to 100 points, a text for each tenth.
        self._tenths: dict[int | None, str] = {None: "null"}
        self._tenths |= {tenths: JSON.encode(tenths / 10) for tenths in range(1001)}

    def __call__(self, outcomes: Outcomes) -> str:
        """A line for each outcome."""
        tenths, names = self._tenths.__getitem__, self._names.__getitem__
        columns = zip(
            _id_texts(outcomes.ids),
            outcomes.rows,
            map(self._tops.__getitem__, outcomes.best),
            map(tenths, outcomes.scores),
            map(names, outcomes.second),
            map(tenths, outcomes.second_scores),
            map(tenths, outcomes.margins),
            map(self._words.__getitem__, outcomes.eligibility),
            _item_texts(outcomes.verdicts, "conditions_text"),
            _item_texts(outcomes.verdicts, "blocked_text"),
            map(names, outcomes.variants),
            map(tenths, outcomes.variant_scores),
            ["".join(map(self._reasons.__getitem__, reasons))[:-2] for reasons in outcomes.reasons],
            map(self._coverage.__getitem__, outcomes.weights),
            strict=True,
        )
        return "".join(
            [
                f'{{"id": {id}, "row": {row}, "top": {top}, "score": {score}, "runner_up": {second}, '
                f'"runner_up_score": {second_score}, "margin": {margin}, "eligibility": {eligibility}, '
                f'"conditions": [{conditions}], "blocked": [{blocked}], "best_variant": {variant}, '
                f'"best_variant_score": {variant_score}, "reasons": [{reasons}], "coverage": {coverage}}}\n'
                for (
                    id,
                    row,
                    top,
                    score,
                    second,
                    second_score,
                    margin,
                    eligibility,
                    conditions,
                    blocked,
                    variant,
                    variant_score,
                    reasons,
                    coverage,
                ) in columns
            ]
        )


def _item_texts(verdicts: Sequence[tuple[Verdicts, ...]], name: str) -> list[str]:
    """For each row the items of a list, those of all core formats together."""
    text = itemgetter(Verdicts._fields.index(name))
    columns = [map(text, of_format) for of_format in zip(*verdicts, strict=True)]
    return ["".join(texts)[:-2] for texts in zip(*columns, strict=True)] if columns else [""] * len(verdicts)


def _id_texts(ids: Sequence[Identity]) -> list[str]:
    texts = [_quoted(id) if isinstance(id, str) else JSON.encode(id) for id in ids]
    every = "".join(texts)
    return texts if safe_json(every) is every else list(map(safe_json, texts))


_quoted = json.encoder.encode_basestring
