"""The same people scored by libraries for weighted sums: pymcdm and scikit-criteria. Their scores are to be ours.

For each person the catalog gives a decision matrix, a row for each format and a column for each criterion that takes
part, and the weights. The libraries get both ready-made; ours starts from the answers. The two are no dependencies:

    .venv/bin/pip install pymcdm scikit-criteria
    .venv/bin/python benchmarks/libraries.py --check
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from formatpicker import Answers, Catalog, load_catalog
from formatpicker.batch.headers import ID, Headers
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import written_answers
from formatpicker.scoring.ranking import assess
from formatpicker.scoring.rules import ONE, judge
from formatpicker.scoring.weights import region_of, weigh

# Binary fractions cannot hold thousandths; more than this is no rounding.
TOLERANCE = 1e-9

Floats = NDArray[np.float64]


class Problem(NamedTuple):
    """One person as the libraries see it: values between 0 and 1, and weights that add up to 1."""

    matrix: Floats
    weights: Floats


@dataclass(frozen=True)
class Measured:
    """How long a person takes, in microseconds, and the greatest difference to the exact scores."""

    name: str
    microseconds: float
    difference: float | None

    @property
    def holds(self) -> bool:
        """Whether the scores are the same."""
        return self.difference is None or self.difference <= TOLERANCE

    @property
    def line(self) -> str:
        """The row of the table."""
        difference = "-" if self.difference is None else f"{self.difference:.1e}"
        return f"{self.name:<44}{self.microseconds:>12.1f}{difference:>14}  {'yes' if self.holds else 'NO'}"


def problem_of(catalog: Catalog, answers: Answers) -> Problem:
    """The decision matrix of all scored formats, straight from the rules and the values of the catalog."""
    weighed = [each for each in weigh(catalog, answers) if each.weight]
    region = region_of(catalog, answers)
    matrix = [
        [
            judge(
                each.criterion.rule, each.answer, catalog.regional(format, each.criterion.rule.attribute), region
            ).typical
            / ONE
            for each in weighed
        ]
        for format in catalog.formats.values()
        if format.scored
    ]
    weights = np.array([each.weight for each in weighed], np.float64)
    return Problem(np.array(matrix), weights / weights.sum())


def exact(catalog: Catalog, answers: Answers) -> Floats:
    """Our own scores as shares of 1."""
    return np.array([each.total / each.scale for each in assess(catalog, answers, catalog.scored)])


def by_pymcdm() -> Callable[[Problem], Floats]:
    from pymcdm.methods import WSM

    method = WSM(normalization_function=lambda column, cost: column)
    return lambda problem: np.asarray(method(problem.matrix, problem.weights, np.ones(len(problem.weights))))


def by_scikit_criteria() -> Callable[[Problem], Floats]:
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel

    def scores(problem: Problem) -> Floats:
        objectives: list[Any] = [max] * len(problem.weights)
        found = WeightedSumModel().evaluate(skcriteria.mkdm(problem.matrix, objectives, weights=problem.weights))
        return np.asarray(found.e_.score)

    return scores


def measured(
    name: str, method: Callable[[Problem], Floats], problems: Sequence[Problem], own: Sequence[Floats]
) -> Measured:
    begun = time.perf_counter()
    scores = [method(problem) for problem in problems]
    taken = time.perf_counter() - begun
    difference = max(float(np.abs(found - exact).max()) for found, exact in zip(scores, own, strict=True))
    return Measured(name, 1e6 * taken / len(problems), difference)


def measured_own(catalog: Catalog, people: Sequence[Answers]) -> Measured:
    """One person after the other, from the answers to all scores with their terms."""
    begun = time.perf_counter()
    for person in people:
        assess(catalog, person, catalog.scored)
    return Measured("formatpicker, one by one", 1e6 * (time.perf_counter() - begun) / len(people), None)


def measured_rows(catalog: Catalog, people: Sequence[Answers]) -> Measured:
    """As ``batch`` does it: from the texts of cells to whole records, in the second pass over the same people."""
    scorer = Scorer(catalog, Sheet.of(Headers(catalog), (ID, *catalog.questions), "people"))
    written = [written_answers(catalog, person) for person in people]
    cells: list[list[Cell]] = [
        [str(at), *(cell(row.get(id)) for id in catalog.questions)] for at, row in enumerate(written)
    ]
    scorer.scored(Rows(1, [*cells], None, {}))
    begun = time.perf_counter()
    scorer.scored(Rows(1, [*cells], None, {}))
    return Measured(
        "formatpicker, batch of rows, whole records", 1e6 * (time.perf_counter() - begun) / len(people), None
    )


def cell(value: Any) -> str | None:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, dict):
        return "; ".join(f"{goal}: {importance}" for goal, importance in value.items())
    return None if value is None else str(value)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare scores and times with libraries for weighted sums.")
    parser.add_argument("--people", type=int, default=2_000, help="how many random people (default 2000)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a score differs")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # those of other projects
    catalog = load_catalog()
    drawn = random_people(catalog, options.people, "libraries")
    people = [person for person in drawn if any(each.weight for each in weigh(catalog, person))]
    problems = [problem_of(catalog, person) for person in people]
    own = [exact(catalog, person) for person in people]
    results = [
        measured_own(catalog, people),
        measured_rows(catalog, people),
        measured("pymcdm WSM, from a ready matrix", by_pymcdm(), problems, own),
        measured("scikit-criteria WeightedSumModel, the same", by_scikit_criteria(), problems, own),
    ]
    print(f"Python {sys.version.split()[0]}, {len(people):,} people, {problems[0].matrix.shape[0]} formats")
    print(f"{'':<44}{'us a person':>12}{'difference':>14}  same")
    print("\n".join(each.line for each in results))
    return 1 if options.check and not all(each.holds for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
