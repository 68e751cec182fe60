"""Runs the laws on random people, and reduces the first violation of each to the simplest person who shows it."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from msgspec import Struct

from formatpicker.catalog.json_types import Answers as Written
from formatpicker.catalog.json_types import CatalogRecord, Count, Text, says
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools import laws
from formatpicker.catalog_tools.random_people import Draw, random_people, simplest
from formatpicker.scoring.answers import Answers, written_answers

PEOPLE = 500


class Law(Struct, frozen=True):
    """A law of the method, and whether it holds."""

    law: Annotated[str, says("Id of the law.")]
    statement: Text
    people: Annotated[Count, says("Random people that it was tried on.")]
    holds: Annotated[bool, says("Whether no counterexample was found.")]
    counterexample: Annotated[Written | None, says("The simplest answers found that break it.")]
    violation: Annotated[str | None, says("What goes wrong with them.")]


class Laws(Struct, frozen=True):
    """What ``verify --json`` prints."""

    schema: Annotated[Literal["formatpicker/laws/1"], says("Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, says("The catalog that was tried.")]
    holds: Annotated[bool, says("Whether all laws hold.")]
    laws: Annotated[list[Law], says("Each law.")]


def verify(catalog: Catalog, people: int = PEOPLE) -> Laws:
    """Run every law on seeded random people."""
    crowd = list(random_people(catalog, people, "laws"))
    found = [_tried(catalog, name, law, crowd[:: law.every]) for name, law in laws.LAWS.items()]
    return Laws("formatpicker/laws/1", catalog.record, all(each.holds for each in found), found)


def _tried(catalog: Catalog, name: str, law: laws.Law, crowd: list[Answers]) -> Law:
    for number, answers in enumerate(crowd):
        seed = f"{name} {number}"
        if law.check(catalog, answers, Draw(seed)):
            least, violation = _simplest(catalog, law, answers, seed)
            return Law(name, law.statement, number + 1, False, written_answers(catalog, least), violation)
    return Law(name, law.statement, len(crowd), True, None, None)


def _simplest(catalog: Catalog, law: laws.Law, answers: Answers, seed: str) -> tuple[Answers, str]:
    """The simplest person found for whom a law does not hold, and what goes wrong."""

    def violation(answers: Answers) -> str | None:
        seeds = [seed, *(f"{seed} {number}" for number in range(1, law.tries))]
        return next(filter(None, (law.check(catalog, answers, Draw(each)) for each in seeds)), None)

    least = simplest(catalog, answers, lambda each: violation(each) is not None)
    return least, cast(str, violation(least))
