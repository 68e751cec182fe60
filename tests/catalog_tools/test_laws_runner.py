"""The laws hold on both catalogs, and each can fail: where a rule or a result is bent, a simple person shows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from formatpicker import Answers, Catalog, parse_answers, recommend
from formatpicker.advice import relaxations as ways
from formatpicker.advice.explanation import Explainer
from formatpicker.advice.relaxations import Relaxation
from formatpicker.advice.what_ifs import Gaps, WhatIf
from formatpicker.base.terminal import Screen, finished
from formatpicker.catalog.criteria import RuleKind, Verdict
from formatpicker.catalog.model import Format
from formatpicker.catalog_tools import laws
from formatpicker.catalog_tools.laws import LAWS, verify
from formatpicker.catalog_tools.random_people import Laws, size
from formatpicker.output.text.catalog_tools import laws_text
from formatpicker.scoring import ranking, rules, tables, weights
from formatpicker.scoring.answers import Goals, written_answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.ranking import Assessment, Ranked
from formatpicker.scoring.rules import ONE, Judgement
from formatpicker.scoring.weights import Weighed

PEOPLE = 300
SCREEN = Screen(width=72)

Patch = pytest.MonkeyPatch


def report_on(catalog: Catalog, name: str, monkeypatch: Patch, people: int = PEOPLE) -> Laws:
    """The report on a single law."""
    monkeypatch.setattr(laws, "LAWS", {name: replace(LAWS[name], every=1)})
    return verify(catalog, people)


def broken(catalog: Catalog, name: str, monkeypatch: Patch) -> tuple[Answers, str]:
    """The counterexample to a law, and what goes wrong."""
    (found,) = report_on(catalog, name, monkeypatch).laws
    assert found.counterexample is not None
    return parse_answers(catalog, found.counterexample), str(found.violation)


@pytest.mark.parametrize("fixture", ["toy", "shipped"])
def test_every_law_holds(fixture: str, request: pytest.FixtureRequest) -> None:
    found = verify(request.getfixturevalue(fixture), 75)
    assert [law.law for law in found.laws] == list(LAWS)
    assert [law for law in found.laws if law.counterexample is not None] == []
    assert all(law.people >= 3 for law in found.laws)


# --- each law can fail -----------------------------------------------------------------------------------------------


def bend_assessments(monkeypatch: Patch, bent: Callable[[list[Assessment]], list[Assessment]]) -> None:
    """Whatever is assessed, the result is bent."""

    def assess(catalog: Catalog, answers: Answers, formats: Iterable[Format]) -> list[Assessment]:
        return bent(ranking.assess(catalog, answers, formats))

    monkeypatch.setattr(laws, "assess", assess)


def without_last_term(each: Assessment) -> Assessment:
    return Assessment(each.format, each.terms[:-1])


def bend_by_place(monkeypatch: Patch) -> None:
    """The format that stands first in the catalog is spared its last term."""
    bend_assessments(monkeypatch, lambda found: [without_last_term(found[0]), *found[1:]])


def bend_by_number(monkeypatch: Patch) -> None:
    """Where a format is gone, the others lose a term."""
    bend_assessments(
        monkeypatch, lambda found: found if len(found) == 4 else [without_last_term(each) for each in found]
    )


def bend_skipping(monkeypatch: Patch) -> None:
    """A question that is asked and not answered counts as one that weighs."""

    def weigh(catalog: Catalog, answers: Answers) -> tuple[Weighed, ...]:
        found = original(catalog, answers)
        wage = catalog.criteria.get("wage")
        return found if wage is None or answers.get("wage") else (*found, Weighed(wage, "preferred", 20))

    original = weights.weigh
    monkeypatch.setattr(ranking, "weigh", weigh)


def bend_limits(monkeypatch: Patch) -> None:
    """A format is worth less the more time there is."""

    def limit(answer: object) -> Judgement:
        worth = max(0, ONE - int(str(answer)))
        return Judgement(worth, worth, worth, Verdict.FITS)

    monkeypatch.setitem(rules._RULES, RuleKind.LIMIT, lambda rule, values, general: limit)


def bend_ranks(monkeypatch: Patch) -> None:
    """The worst comes first."""

    def rank(assessments: Any) -> list[Ranked]:
        found = ranking.rank(assessments)
        ranks = [each.rank for each in found if each.rank is not None]
        return [replace(each, rank=max(ranks) + 1 - each.rank) if each.rank else each for each in found]

    monkeypatch.setattr(laws, "rank", rank)


def bend_musts(monkeypatch: Patch) -> None:
    """Points buy off a must."""

    def rank(assessments: Any) -> list[Ranked]:
        ordered = sorted(ranking.rank(assessments), key=lambda each: -each.assessment.total)
        return [replace(each, rank=place if each.rank else None) for place, each in enumerate(ordered, start=1)]

    monkeypatch.setattr(laws, "rank", rank)


def bend_edges(monkeypatch: Patch) -> None:
    """Odd numbers are ruled out."""

    def limit(answer: Any) -> Judgement:
        return Judgement(0, 0, 0, Verdict.BLOCKED if answer % 2 else Verdict.FITS)

    monkeypatch.setitem(rules._RULES, RuleKind.LIMIT, lambda rule, values, general: limit)


def bend_weights(monkeypatch: Patch) -> None:
    """The first goal of a list counts one more."""

    def parsed(question: Any, raw: object) -> Any:
        goals = parse_answer(question, raw)
        if isinstance(raw, list) and isinstance(goals, Goals) and len(raw) > 1:
            return Goals({**goals.shares, raw[0]: len(raw) + 1})
        return goals

    monkeypatch.setattr(laws, "parse_answer", parsed)


def bend_goals(monkeypatch: Patch) -> None:
    """Once a goal counts 5, goals are turned round."""

    def judge(rule: Any, answer: object, regional: Any, region: str | None) -> Judgement:
        judged = rules.judge(rule, answer, regional, region)
        turned = isinstance(answer, Goals) and max(answer.shares.values()) == 5
        return judged._replace(typical=ONE - judged.typical) if turned else judged

    monkeypatch.setattr(ranking, "judge", judge)


def bend_points(monkeypatch: Patch) -> None:
    """The explanation leaves out what a format gets for its wage."""

    def contributions(self: Any, assessment: Assessment) -> Any:
        return tuple(each for each in original(self, assessment) if each.term.criterion.id != "wage")

    original = Explainer.contributions
    monkeypatch.setattr(Explainer, "contributions", contributions)


def bend_reading(monkeypatch: Patch) -> None:
    """An answer is lost when answers are read back."""

    def parsed(catalog: Catalog, raw: dict[str, Any]) -> Answers:
        return parse_answers(catalog, {id: answer for id, answer in raw.items() if id != "place"})

    monkeypatch.setattr(laws, "parse_answers", parsed)


def bend_tables(monkeypatch: Patch) -> None:
    """Tables forget that a place can be out of the question."""

    def value_function(rule: Any, regional: Any, region: str | None) -> Callable[[object], Judgement]:
        judge = rules.value_function(rule, regional, region)
        if rule.kind is not RuleKind.CHOICE:
            return judge
        return lambda answer: judge(answer)._replace(verdict=Verdict.FITS)

    monkeypatch.setattr(tables, "value_function", value_function)


def bend_relaxations(monkeypatch: Patch) -> None:
    """An hour more is offered whatever is in the way."""

    def relaxations(catalog: Catalog, answers: Answers, format: Format) -> list[Relaxation]:
        blocked = ways.unblocks(catalog, answers, format, {}) is False
        return [Relaxation(format.id, {"hours_per_week": 31}, 0)] if blocked else []

    monkeypatch.setattr(laws, "relaxations", relaxations)


def bend_relaxations_upward(monkeypatch: Patch) -> None:
    """More is changed than has to be."""

    def relaxations(catalog: Catalog, answers: Answers, format: Format) -> list[Relaxation]:
        found = original(catalog, answers, format)
        return [Relaxation(each.unlocks, {**each.change, "wage": "not_needed"}, 0) for each in found]

    original = ways.relaxations
    monkeypatch.setattr(laws, "relaxations", relaxations)


def bend_what_ifs(monkeypatch: Patch) -> None:
    """A change of a fact is offered for a what-if."""

    def what_ifs(gaps: Gaps) -> list[WhatIf]:
        table, answers = gaps.table, gaps.answers
        other = answers.replaced(table.catalog, "country", "south")
        top = table.top(other)
        return [WhatIf({"country": "south"}, tuple(sorted(top)))] if top != table.top(answers) else []

    monkeypatch.setattr(laws, "what_ifs", what_ifs)


# Name of the law, what bends it, the most that a simplest person may have answered, and words of the violation.
BENT: dict[str, tuple[str, Callable[[Patch], None], int, str]] = {
    "order": ("order", bend_by_place, 1, "in another order"),
    "removal": ("removal", bend_by_number, 1, "without"),
    "skipping": ("skipping", bend_skipping, 0, "does not ask"),
    "loosening": ("loosening", bend_limits, 1, "but only"),
    "musts": ("musts", bend_musts, 4, "fewer unlikely verdicts"),
    "edges": ("edges", bend_edges, 1, " at "),
    "weights": ("weights", bend_weights, 2, "written in another way"),
    "dominance": ("dominance", bend_ranks, 1, "at least as good"),
    "importance": ("importance", bend_goals, 2, "falls behind"),
    "sum": ("sum", bend_points, 1, "the points of Long make 0, not its score 100"),
    "reading back": ("reading-back", bend_reading, 1, "place reads back as another answer"),
    "tables": ("tables", bend_tables, 1, "looked up in a table"),
    "relaxations that do not unblock": ("relaxations", bend_relaxations, 1, "does not unblock it"),
    "relaxations too large": ("relaxations", bend_relaxations_upward, 1, "is not a smallest one"),
    "what-ifs on facts": ("what-ifs", bend_what_ifs, 2, "changes a fact about the person"),
}


def test_every_law_is_bent_in_a_test() -> None:
    assert {name for name, *_ in BENT.values()} == set(LAWS)


@pytest.mark.parametrize(("name", "bend", "most", "words"), BENT.values(), ids=BENT)
def test_a_broken_law_is_caught_with_a_small_counterexample(
    toy: Catalog, monkeypatch: Patch, name: str, bend: Callable[[Patch], None], most: int, words: str
) -> None:
    bend(monkeypatch)
    answers, violation = broken(toy, name, monkeypatch)
    assert words in violation
    assert size(answers) <= most, written_answers(toy, answers)


def test_a_catalog_can_break_a_law_too(toy: Catalog, monkeypatch: Patch) -> None:
    # Ends in the wrong order, which the reader of catalogs would not let through.
    short = toy.formats["short"]
    depth = short.attributes["depth"]
    attributes = {**short.attributes, "depth": replace(depth, general=replace(depth.general, low=3))}
    bad = replace(toy, formats={**toy.formats, "short": replace(short, attributes=attributes)})
    answers, violation = broken(bad, "sum", monkeypatch)
    assert written_answers(bad, answers) in ({"goals": ["deep"]}, {"goals": {"deep": 1}})
    # Low 3 of 4 and typical 1 of 4.
    assert "the score of Short and its ends are out of order: 75, 25 and" in violation


def test_numbers_of_a_counterexample_are_round(toy: Catalog, monkeypatch: Patch) -> None:
    bend_limits(monkeypatch)
    (answer,) = broken(toy, "loosening", monkeypatch)[0].values.values()
    assert isinstance(answer, int)
    assert answer % 7 == 0 or answer % 5 == 0


# --- how far the law of importance goes ------------------------------------------------------------------------------


def test_beside_a_need_a_goal_can_count_against_the_format_best_on_it(toy: Catalog, monkeypatch: Patch) -> None:
    # Two formats equally soon; one is deep, the other pays. Lead of the deep one, goals weighing 100 and pay 20:
    # deep 1, soon 1: 100 * 1/2 - 20 = 30. deep 1, soon 5: 100 * 1/6 - 20 = -3.3, though both are best on soon.
    short = toy.formats["short"]

    def made(id: str, depth: int, wage: int) -> Format:
        levels = {"depth": depth, "wage": wage}
        attributes = dict(short.attributes)
        for name, level in levels.items():
            value = replace(attributes[name].general, low=level, typical=level, high=level)
            attributes[name] = replace(attributes[name], general=value)
        return replace(short, id=id, name=id, aliases=(), attributes=attributes)

    catalog = replace(toy, formats={"deep": made("deep", 4, 0), "paid": made("paid", 0, 4)})
    need = {"wage": "preferred"}
    assert recommend(catalog, {"goals": {"deep": 1, "soon": 1}, **need}).top == ("deep",)
    assert recommend(catalog, {"goals": {"deep": 1, "soon": 5}, **need}).top == ("paid",)
    assert report_on(catalog, "importance", monkeypatch).holds


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_text_shows_a_counterexample_as_a_file_of_answers(toy: Catalog, monkeypatch: Patch) -> None:
    bend_reading(monkeypatch)
    report = report_on(toy, "reading-back", monkeypatch)
    text = finished(laws_text(report, SCREEN), False)
    assert text.splitlines()[0] == "Toy formats 1: 1 of 1 law broken."
    assert "broken  Answers that are printed are accepted" in text
    assert '          place: "' in text
    assert max(map(len, text.splitlines())) <= SCREEN.columns


def test_the_text_says_that_all_hold(toy: Catalog) -> None:
    text = finished(laws_text(verify(toy, 25), SCREEN), False)
    assert text.startswith(f"Toy formats 1: All {len(LAWS)} laws hold.\n")
    assert "holds   Removing a format changes no other score. (25 people)" in text
    assert "(1 person)" in text


def test_the_data_hold_counterexamples_that_recommend_accepts(toy: Catalog, monkeypatch: Patch) -> None:
    with monkeypatch.context() as patch:
        bend_limits(patch)
        report = report_on(toy, "loosening", patch)
    data = json.loads(json.dumps(to_builtins(report)))
    (law,) = data["laws"]
    assert (data["holds"], law["holds"], law["law"]) == (False, False, "loosening")
    assert recommend(toy, law["counterexample"]).answers.values
    assert law["violation"]
    assert verify(toy, 5).holds
