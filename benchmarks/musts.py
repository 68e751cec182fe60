"""What musts, edges and the right to work come to on random people of the shipped catalog, the same on every run.

Of those who name a must, whose first place meets it only rarely; whose first place moves when half a year is said in
months instead of weeks; whom a judged value alone rules out; who on a student visa gets work first that it forbids. Run
it with the Python that formatpicker is installed for:

    .venv/bin/python benchmarks/musts.py
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator

from formatpicker import load_catalog, recommend
from formatpicker.catalog.criteria import REQUIRED, RuleKind, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import shipped_path
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.ranking import Ranked, assess, rank, top
from formatpicker.scoring.rules import decisive, judge

WEEKS = "weeks"
SAME = ((26, "6 months"), (52, "12 months"), (104, "2 years"))


def ranked(catalog: Catalog, answers: Answers) -> list[Ranked]:
    return rank(assess(catalog, answers, catalog.core))


def first(catalog: Catalog, answers: Answers) -> frozenset[str]:
    return frozenset(each.assessment.format.id for each in top(ranked(catalog, answers)))


def musts(catalog: Catalog, people: Iterable[Answers]) -> Iterator[str]:
    """For each need: of those who require it, whose first place meets it rarely or never, though another one does."""
    needs = [id for id, each in catalog.questions.items() if each.rule and each.rule.kind is RuleKind.NEED]
    asked, missed, shown = dict.fromkeys(needs, 0), dict.fromkeys(needs, 0), dict.fromkeys(needs, 0)
    for person in people:
        standing = ranked(catalog, person)
        leaders = top(standing)
        for need in needs:
            if person.get(need) == REQUIRED and leaders:
                asked[need] += 1
                rare = [each.assessment for each in leaders if verdict_on(each, need) is Verdict.UNLIKELY]
                shown[need] += bool(rare)
                fewer = [each for each in standing if each.rank and each.assessment.unlikely < min_unlikely(leaders)]
                missed[need] += bool(rare and fewer)
    for need in needs:
        yield f"{need} required: for {shown[need]} of {asked[need]} the first place meets it rarely, which is told;"
        yield f"  for {missed[need]} of them another format misses fewer musts"


def verdict_on(each: Ranked, criterion: str) -> Verdict | None:
    return next((term.verdict for term in each.assessment.terms if term.criterion.id == criterion), None)


def min_unlikely(leaders: list[Ranked]) -> int:
    return min(each.assessment.unlikely for each in leaders)


def units(catalog: Catalog, people: Iterable[Answers]) -> Iterator[str]:
    """Of all people, whose first place moves when the same time is said in another unit."""
    crowd = list(people)
    question = catalog.questions[WEEKS]
    for weeks, months in SAME:
        one, other = parse_answer(question, weeks), parse_answer(question, months)
        moved = [
            person
            for person in crowd
            if first(catalog, person.replaced(catalog, WEEKS, one))
            != first(catalog, person.replaced(catalog, WEEKS, other))
        ]
        yield f"{weeks} weeks and {months}: another first place for {len(moved)} of {len(crowd)}"


def judged(catalog: Catalog, people: Iterable[Answers]) -> Iterator[str]:
    """Of all people, who have a core format ruled out by a least that no source gives."""
    count = total = 0
    region = catalog.region_question
    for person in people:
        total += 1
        place = person.get(region.id) if region else None
        alone = False
        for each in ranked(catalog, person):
            for term in each.assessment.terms:
                rule = term.rule
                if term.verdict is Verdict.BLOCKED and rule.kind in (RuleKind.LIMIT, RuleKind.NEED):
                    regional = catalog.regional(each.assessment.format, rule.attribute)
                    value = decisive(rule, term.answer, regional, str(place) if place else None)
                    alone |= not value.decides and not regional.reference.decides
        count += alone
    yield f"A core format ruled out by a judged value alone: {count} of {total}"


def visas(catalog: Catalog, people: Iterable[Answers], permit: str, visa: str) -> Iterator[str]:
    """Of people on a student visa, whose first place is work that it forbids, and how many of them are told."""
    total = forbidden = told = better = 0
    criterion = catalog.criteria[permit]
    for person in people:
        holder = person.replaced(catalog, permit, visa)
        region = catalog.region_question
        place = holder.get(region.id) if region else None
        result = recommend(catalog, holder)
        total += 1
        for entry in result.best:
            regional = catalog.regional(entry.assessment.format, criterion.rule.attribute)
            verdict = judge(criterion.rule, visa, regional, str(place) if place else None).verdict
            if verdict in (Verdict.UNLIKELY, Verdict.BLOCKED):
                forbidden += 1
                told += permit in [each.question for each in entry.long_shots]
                better += any(not rival.long_shots for rival in result.rivals)
    yield f"On a student visa: {forbidden} of {total} first places are work that it forbids, {told} told as long shots;"
    yield f"  another format without any long shot stands behind {better} of them"


def main() -> int:
    parser = argparse.ArgumentParser(description="Count what musts, edges and the right to work come to.")
    parser.add_argument("--people", type=int, default=2000, help="random people (default 2000)")
    options = parser.parse_args()
    catalog = load_catalog(shipped_path())
    people = list(random_people(catalog, options.people, "musts"))
    for lines in (
        musts(catalog, people),
        units(catalog, people),
        judged(catalog, people),
        visas(catalog, people, "work_permit", "student_visa"),
    ):
        for line in lines:
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
