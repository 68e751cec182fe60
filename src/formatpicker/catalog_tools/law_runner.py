"""Runs the laws on random people, and reduces the first violation of each to the simplest person who shows it."""

from __future__ import annotations

from typing import cast

from msgspec import Struct

from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.laws import LAWS, Law
from formatpicker.catalog_tools.random_people import Draw, random_people, simplest
from formatpicker.scoring.answers import Answers

PEOPLE = 500


class Counterexample(Struct, frozen=True):
    """The simplest person found for whom a law does not hold, and what goes wrong."""

    answers: Answers
    violation: str


class LawReport(Struct, frozen=True):
    """A law run on some people; no counterexample means that none was found among them."""

    name: str
    statement: str
    people: int
    counterexample: Counterexample | None


def verify(catalog: Catalog, people: int = PEOPLE) -> list[LawReport]:
    """Run every law on seeded random people."""
    crowd = list(random_people(catalog, people, "laws"))
    return [_report(catalog, name, law, crowd[:: law.every]) for name, law in LAWS.items()]


def _report(catalog: Catalog, name: str, law: Law, crowd: list[Answers]) -> LawReport:
    for number, answers in enumerate(crowd):
        if law.check(catalog, answers, Draw(f"{name} {number}")):
            counterexample = _simplest(catalog, law, answers, f"{name} {number}")
            return LawReport(name, law.statement, number + 1, counterexample)
    return LawReport(name, law.statement, len(crowd), None)


def _simplest(catalog: Catalog, law: Law, answers: Answers, seed_name: str) -> Counterexample:
    def violation(answers: Answers) -> str | None:
        seeds = [seed_name, *(f"{seed_name} {number}" for number in range(1, law.tries))]
        return next(filter(None, (law.check(catalog, answers, Draw(seed)) for seed in seeds)), None)

    least = simplest(catalog, answers, lambda each: violation(each) is not None)
    return Counterexample(least, cast(str, violation(least)))
