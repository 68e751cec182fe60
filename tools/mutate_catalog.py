"""Changes catalogs as editors do by mistake, and sees that each change is read, or refused in plain words.

``python tools/mutate_catalog.py [--runs 1000] [--seed 0] [--every]`` changes the shipped catalog and the one of the
tests. ``--every`` makes every single change to the small one instead of random ones. Each change takes something away,
renames it, empties it, doubles it, or puts something extreme in its place: numbers, texts that are empty, huge or full
of braces, other types. What is read must then serve: a recommendation, an explanation, a comparison of formats and of
offers, the questionnaire and a summary of people have to come of it.

Found is an exception other than ``FormatpickerError``, a message of more than 102 lines, or one that takes 20 seconds.
Keep what was found as a case in ``tests/catalog/test_mutations.py``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from formatpicker import compare_offers
from formatpicker.advice.offer_notes import template_text
from formatpicker.advice.questionnaire import started
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.base.terminal import Screen
from formatpicker.base.yaml_reader import parse_document
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.source import opened_source
from formatpicker.batch.run import Job, run
from formatpicker.batch.summary import SummaryRequest
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import parse_catalog
from formatpicker.errors import FormatpickerError
from formatpicker.output.json.offers import offers_data
from formatpicker.output.json.person import explanation_data, recommendation_data
from formatpicker.output.json.summary import summary_data
from formatpicker.output.text.catalog import comparison, format_list, format_page
from formatpicker.output.text.document_layout import to_text
from formatpicker.output.text.offers import offers_document
from formatpicker.output.text.person_document import reasoning
from formatpicker.output.text.screen import details
from formatpicker.scoring.parsing import parse_answers

ROOT = Path(__file__).parent.parent
CATALOGS = (ROOT / "tests" / "cases" / "toy.yaml", ROOT / "data" / "formats.yaml")
MOST_LINES = 102
MOST_SECONDS = 20

Place = tuple[int | str, ...]
# A key that stands twice, which no mapping of Python can hold: the second one, written behind the first.
_TWICE = "\0twice"
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1, 5, 101, 10**17, -(10**17), 0.5, 1e308, "", " ", "x" * 3_000, "{", "}", "{}", "{nobody}",
    "{0.__class__}", "%s", "\u202e", "-", "3 weeks", "9" * 18 + " years", "2026-13-45", "http://", [], {}, [[]],
    {"": ""}, ["x"] * 200,
)  # fmt: skip


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place below a value."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*at, key)
        yield from places(below, (*at, key))


def mutations(value: Any, chance: random.Random | None) -> Iterator[Any]:
    """Changes to what stands in one place: a function of its container and its key. All of them, or one by chance."""

    def remove(container: Any, key: Any) -> None:
        del container[key]

    def rename(container: Any, key: Any) -> None:
        if isinstance(container, dict):
            renamed = {f"{name}x" if name == key else name: each for name, each in container.items()}
            container.clear()
            container.update(renamed)

    def double(container: Any, key: Any) -> None:
        if isinstance(container, list):
            container.insert(key, deepcopy(container[key]))
        else:
            container[f"{key}{_TWICE}"] = deepcopy(container[key])

    def put(odd: Any) -> Any:
        return lambda container, key: container.__setitem__(key, deepcopy(odd))

    found = [remove, rename, double, *map(put, _ODD)]
    if isinstance(value, str):
        found += [put(value[:-1]), put(f"{value}{{"), put(f"{value} {{label}} {{who}}"), put(value.swapcase())]
    yield from found if chance is None else [chance.choice(found)]


def written(document: Any) -> bytes:
    """A document as JSON, which is YAML, with the keys that stand twice."""
    return json.dumps(document).replace(json.dumps(_TWICE)[1:-1], "").encode()


def outcome(data: bytes) -> str:
    """What becomes of a catalog: ``read``, or the message that refuses it.

    Raises:
        Exception: Whatever is no clear message.
    """
    began = time.perf_counter()
    try:
        catalog = parse_catalog(data, "mine.yaml")
    except FormatpickerError as error:
        text = str(error)
    else:
        use(catalog)
        text = "read"
    if text.count("\n") >= MOST_LINES or time.perf_counter() - began > MOST_SECONDS:
        raise AssertionError(f"{text.count(chr(10)) + 1} lines in {time.perf_counter() - began:.1f} s: {text[:200]}")
    return text


def use(catalog: Catalog) -> None:
    """Ask of a catalog what its users ask: nobody's answers, and those of somebody who answers everything."""
    given: dict[str, Any] = {}
    for question in catalog.questions.values():
        first = [goal.id for goal in question.goals] or [option.id for option in question.options]
        if question.goals:
            given[question.id] = first[: min(2, int(question.most))]
        else:
            given[question.id] = first[0] if first else question.most
    everything = parse_answers(catalog, given)
    for answers in (parse_answers(catalog, {}), everything):
        found = recommend(catalog, answers)
        details(found, Screen())
        to_text(reasoning(found), 80)
        for data in (recommendation_data(found), explanation_data(found)):
            json.dumps(data, allow_nan=False)
        compare(catalog, found)
    format_list(catalog, Screen())
    for format in catalog.formats.values():
        format_page(catalog, format, Screen())
    interview = started(catalog, quick=True)
    while interview.question is not None:
        interview = interview.answered(everything.get(interview.question.id))
    summarize(catalog, [{}, {key: ",".join(each) if isinstance(each, list) else each for key, each in given.items()}])


def compare(catalog: Catalog, person: Recommendation) -> None:
    """Compare the first formats, and the offers of the file that is there to be filled in."""
    comparison(catalog, list(catalog.formats.values())[:3], Screen(), person)
    if catalog.offers is not None:
        offers = parse_document(template_text(catalog).encode(), "offers.yaml").data
        found = compare_offers(catalog, person.answers, offers)
        to_text(offers_document(found), 80)
        json.dumps(offers_data(found), allow_nan=False)


def summarize(catalog: Catalog, people: list[dict[str, Any]]) -> None:
    """Count some people."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        table, summary = Path(folder, "people.jsonl"), str(Path(folder, "summary.json"))
        table.write_text("".join(json.dumps(each) + "\n" for each in people))
        source = opened_source(str(table), stack)
        job = Job("jsonl", output=str(Path(folder, "out")), rejects=str(Path(folder, "rejects")))
        job = replace(job, summary=SummaryRequest(summary, summary_data, (), exact=True))
        run(catalog, source, opened_table(source, Headers(catalog), None, None), job, lambda rows: None)


def mutants(file: Path, runs: int, seed: int, every: bool = False) -> Iterator[tuple[str, bytes]]:
    """Changed catalogs, each with where it was changed."""
    document = parse_document(file.read_bytes(), file.name).data
    everywhere = list(places(document))
    chance = random.Random(f"{file.name} {seed}")
    for place in everywhere if every else [chance.choice(everywhere) for _ in range(runs)]:
        original: Any = document
        for key in place:
            original = original[key]
        for number, change in enumerate(mutations(original, None if every else chance)):
            mutant = deepcopy(document)
            container: Any = mutant
            for key in place[:-1]:
                container = container[key]
            change(container, place[-1])
            yield f"{file.name} {'.'.join(map(str, place))} ({number})", written(mutant)


def main() -> int:
    """Change catalogs; 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000, help="changes to each catalog")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", action="store_true", help="every single change to the small catalog")
    given = parser.parse_args()
    counts = {"read": 0, "refused": 0, "found": 0}
    seen: set[str] = set()
    for file in CATALOGS[:1] if given.every else CATALOGS:
        for where, data in mutants(file, given.runs, given.seed, given.every):
            try:
                counts["read" if outcome(data) == "read" else "refused"] += 1
            except Exception as error:
                counts["found"] += 1
                last = traceback.extract_tb(error.__traceback__)[-1]
                name = f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {str(error)[:150]}"
                if name not in seen:
                    seen.add(name)
                    print(f"{where}: {name}", flush=True)
    print(counts)
    return 1 if counts["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
