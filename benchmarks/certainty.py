"""How often each call is made, and whether a clear first place stays first once the open questions are answered.

Random people of the shipped catalog, the same on every run. The open answers of each are filled again and again with
those of other random people, who name short limits and musts as often as long ones and wishes. Run it with the Python
that formatpicker is installed for:

    .venv/bin/python benchmarks/certainty.py --check
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from formatpicker import load_catalog, recommend
from formatpicker.advice.certainty import Call, Certainty, certainty
from formatpicker.advice.robustness import Draws
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import shipped_path
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.tables import EffectTable

LEAST_SURVIVING = 0.95


class Person(NamedTuple):
    """What came out for one person."""

    certainty: Certainty
    survived: float
    outdone: bool


def fillings(catalog: Catalog) -> Iterator[dict[str, Answer]]:
    """Answers to everything, of ever other people: what one leaves open is that of the last who did not."""
    fill: dict[str, Answer] = {}
    for person in random_people(catalog, 10**9, "completion"):
        fill = {**fill, **person.values}
        if len(fill) == len(catalog.questions):
            yield fill


def measured(catalog: Catalog, count: int, tries: int) -> list[Person]:
    """Everybody's certainty, and the share of fillings in which the top stays the same."""
    draws, table, filling = Draws(catalog), EffectTable(catalog, catalog.core), fillings(catalog)
    found = []
    for answers in random_people(catalog, count, "population"):
        result = recommend(catalog, answers)
        best, rivals = ([each.assessment for each in entries] for entries in (result.best, result.rivals))
        sure = certainty(draws, answers, best, rivals, bool(result.turning))
        filled = [
            Answers({id: answers.values.get(id, fill[id]) for id in catalog.questions})
            for fill in (islice(filling, tries) if sure.call not in (Call.NONE, Call.TOO_CLOSE) else ())
        ]
        stayed = sum(table.top(each) == set(result.top) for each in filled)
        found.append(Person(sure, stayed / tries, outdone(draws, answers, sure, result.top)))
    return found


def outdone(draws: Draws, answers: Answers, sure: Certainty, top: tuple[str, ...]) -> bool:
    """Whether a format that is not named comes first in more draws than one at the top."""
    firsts = draws.firsts(answers)
    unnamed = [firsts[id] for id in firsts if id not in sure.contenders]
    return bool(top) and max(unnamed, default=0) > min(firsts[id] for id in top)


def calls_of_the_complete(catalog: Catalog, count: int) -> Counter[str]:
    """The calls of as many people who answered everything."""
    filled = (Answers({id: fill[id] for id in catalog.questions}) for fill in islice(fillings(catalog), count))
    return Counter(str(recommend(catalog, each).certainty.call) for each in filled)


def told(calls: Counter[str]) -> str:
    """Counts with their shares."""
    return ", ".join(f"{name} {calls[name]} ({100 * calls[name] / calls.total():.1f}%)" for name in Call)


def report(people: list[Person], catalog: Catalog) -> bool:
    """Print the figures; whether everything holds."""
    calls = Counter(str(each.certainty.call) for each in people)
    print(f"Calls: {told(calls)}")
    print(f"Calls of as many who answered everything: {told(calls_of_the_complete(catalog, len(people)))}")
    named = Counter(len(each.certainty.contenders) for each in people if each.certainty.contenders)
    print("Contenders named: " + ", ".join(f"{count} for {named[count]}" for count in sorted(named)))
    groups: dict[str, list[float]] = defaultdict(list)
    steady = catalog.certainty.clear * DRAWS / 100
    for each in people:
        sure = each.certainty
        groups[str(sure.call)].append(each.survived)
        if sure.call in (Call.CLEAR, Call.LEANING) and (sure.robustness or 0) * DRAWS >= steady:
            groups["first in enough draws, whatever is open"].append(each.survived)
    for name in ("clear", "leaning", "only_one", "long_shot", "first in enough draws, whatever is open"):
        found = groups[name]
        if found:
            share = 100 * sum(found) / len(found)
            print(f"Stays first once the open answers are filled, {name}: {share:.1f}% of {len(found)}")
    worse = sum(each.outdone for each in people)
    print(f"First in fewer draws than a format that is not named: {worse}")
    clear = groups["clear"]
    return not worse and sum(clear) >= LEAST_SURVIVING * len(clear)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how often each call is made, and whether it holds.")
    parser.add_argument("--people", type=int, default=2000, help="random people (default 2000)")
    parser.add_argument("--tries", type=int, default=20, help="fillings of each (default 20)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if clear tops do not stay, or one is outdone")
    options = parser.parse_args()
    catalog = load_catalog(shipped_path())
    held = report(measured(catalog, options.people, options.tries), catalog)
    return 1 if options.check and not held else 0


if __name__ == "__main__":
    sys.exit(main())
