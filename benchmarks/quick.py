"""How many questions ``ask --quick`` asks, against asking all, and whether the result is the same.

Random people of the shipped catalog, the same on every run: one set leaves questions open as people do (they pass them
over when asked), the other answers everything. Then people on a student visa: how many are asked about it, and how many
miss a caution on law or safety, or a long shot, that asking all would have told them. Run it with the Python that
formatpicker is installed for:

    .venv/bin/python benchmarks/quick.py --check
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from formatpicker import load_catalog
from formatpicker.advice.explanation import Explainer
from formatpicker.advice.questionnaire import Interview, started
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import shipped_path
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.ranking import assess
from formatpicker.scoring.tables import EffectTable


@dataclass(frozen=True)
class Measured:
    """What quick interviews of some people came to: questions asked of each, and how many results differ."""

    name: str
    questions: int
    asked: tuple[int, ...]
    certified: int
    different: int

    @property
    def line(self) -> str:
        """The figures in words."""
        mean, middle = statistics.mean(self.asked), statistics.median(self.asked)
        return (
            f"{self.name}: {mean:.2f} of {self.questions} questions on average (median {middle:g}, at most "
            f"{max(self.asked)}), {100 * (1 - mean / self.questions):.0f}% saved; {self.certified} of "
            f"{len(self.asked)} stops certified; {self.different} results differ from asking all"
        )


def interviewed(interview: Interview, person: Answers) -> Interview:
    """A quick interview to its end; what the person leaves open is passed over."""
    while (question := interview.question) is not None:
        interview = interview.at(question.id).answered(person.get(question.id))
    return interview


def measure(catalog: Catalog, name: str, people: Iterable[Answers]) -> Measured:
    table, begun = EffectTable(catalog, catalog.core), started(catalog, quick=True)
    asked, certified, different = [], 0, 0
    for person in people:
        done = interviewed(begun, person)
        asked.append(len(done.asked))
        certified += done.settled
        different += table.top(done.answers) != table.top(person)
    return Measured(name, len(catalog.questions), tuple(asked), certified, different)


def completed(catalog: Catalog, count: int) -> Iterable[Answers]:
    """People with an answer to everything: what one leaves open is filled from the next ones."""
    fill: dict[str, Answer] = {}
    for person in random_people(catalog, 50, "quick fill"):
        fill = {**person.values, **fill}
    for person in random_people(catalog, count, "quick completed"):
        fill = {**fill, **person.values}
        yield Answers({id: fill[id] for id in catalog.questions})


PERMIT, VISA = "work_permit", "student_visa"
VISA_HOLDERS = 250


@dataclass(frozen=True)
class Warned:
    """Of people on a student visa: how many were asked about it, and how many miss what it raises."""

    people: int
    asked: int
    missing: int

    @property
    def line(self) -> str:
        """The figures in words."""
        return (
            f"On a student visa: {self.asked} of {self.people} are asked about it; {self.missing} miss a caution or a "
            "long shot that asking all tells"
        )


def warned(catalog: Catalog, count: int) -> Warned:
    asked = missing = 0
    begun = started(catalog, quick=True)
    for each in completed(catalog, count):
        person = each.replaced(catalog, PERMIT, VISA)
        done = interviewed(begun, person)
        asked += PERMIT in done.asked
        missing += bool(warnings(catalog, person) - warnings(catalog, done.answers))
    return Warned(count, asked, missing)


def warnings(catalog: Catalog, answers: Answers) -> set[tuple[str, str]]:
    """What questions of law and safety raise, for each format that is not ruled out: cautions and long shots."""
    always = {question.id for question in catalog.questions.values() if question.always}
    explainer = Explainer(catalog, answers)
    found = set()
    for assessment in assess(catalog, answers, catalog.scored):
        if not assessment.blocked:
            id = assessment.format.id
            found |= {
                (id, caution.id) for caution, _ in explainer.concerning(assessment.format) if caution.about in always
            }
            found |= {(id, shot.question) for shot in explainer.long_shots(assessment) if shot.question in always}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how many questions a quick interview asks.")
    parser.add_argument("--people", type=int, default=1000, help="people of each kind (default 1000)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a result differs from asking all")
    options = parser.parse_args()
    catalog = load_catalog(shipped_path())
    results = [
        measure(catalog, "Leaving some open", random_people(catalog, options.people, "quick")),
        measure(catalog, "Answering everything", completed(catalog, options.people)),
    ]
    for each in results:
        print(each.line)
    visas = warned(catalog, VISA_HOLDERS)
    print(visas.line)
    return 1 if options.check and (visas.missing or any(each.different for each in results)) else 0


if __name__ == "__main__":
    sys.exit(main())
