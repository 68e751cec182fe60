"""The document of ``explain``: its sums add up for somebody with a pencil, and its JSON says the same exactly."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from conftest import CASES
from formatpicker import Catalog, Recommendation, recommend
from formatpicker.base.terminal import finished
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.cli import app
from formatpicker.output.json.person import explanation_data, recommendation_data
from formatpicker.output.json.schemas import json_schema
from formatpicker.output.text.document_layout import Grid, Heading, Items, Paragraph, to_markdown, to_text
from formatpicker.output.text.person_document import reasoning

Raw = dict[str, Any]

SIX_WEEKS: Raw = {"goals": ["deep"], "weeks": 6}
HEADINGS = ("Criterion", "Your answer", "Value", "Weight", "Points", "Sources")


def sums(result: Recommendation) -> dict[str, Grid]:
    """The table of each format, by the heading above it."""
    found, title = {}, ""
    for block in reasoning(result):
        if isinstance(block, Heading):
            title = block.text
        elif isinstance(block, Grid):
            assert title not in found
            found[title] = block
    return found


def section(result: Recommendation, title: str) -> list[str]:
    """The list under a heading."""
    blocks = reasoning(result)
    for heading, block in pairwise(blocks):
        if heading == Heading(title) and isinstance(block, Items):
            return list(block.texts)
    return []


# --- sums ------------------------------------------------------------------------------------------------------------


def test_the_sums_of_one_person(toy: Catalog) -> None:
    """Of a weight of 120, deep has 100 and weeks 20.

    Middle: 1/2 * 0.833 = 41.7 and 1/2 * 0.167 = 8.3 make 50. Short: 20.8 + 16.7.
    """
    found = sums(recommend(toy, SIX_WEEKS))
    assert list(found) == ["Middle: rank 1", "Short: rank 2", "Long: ruled out"]
    assert all(grid.headings == HEADINGS for grid in found.values())
    middle = [tuple(row[:4]) for row in found["Middle: rank 1"].rows]
    assert middle == [
        ("Deep skill", "goal 1 of 1", "0.500", "0.833"),
        ("Longest time", "6 weeks", "0.500", "0.167"),
        ("Sum", "", "", "1.000"),
    ]
    assert [row[4] for row in found["Middle: rank 1"].rows] == ["41.7", "8.3", "50.0"]
    assert [row[4] for row in found["Short: rank 2"].rows] == ["20.8", "16.7", "37.5"]


@pytest.mark.parametrize(
    ("goals", "given"),
    [
        (["soon", "deep"], {"A skill soon": "goal 1 of 2", "Deep skill": "goal 2 of 2"}),
        ({"deep": 5, "soon": 3}, {"Deep skill": "5 of 5", "A skill soon": "3 of 5"}),
    ],
    ids=["ranked", "weighed"],
)
def test_goals_say_how_they_were_given(toy: Catalog, goals: Any, given: dict[str, str]) -> None:
    grid = sums(recommend(toy, {"goals": goals}))["Short: rank 1" if goals == ["soon", "deep"] else "Long: rank 1"]
    assert {row[0]: row[1] for row in grid.rows[:-1]} == given


def numbers(row: tuple[str, ...]) -> list[Fraction]:
    return [Fraction(cell) for cell in row[2:5]]


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_anybodys_sums_add_up(request: pytest.FixtureRequest, name: str) -> None:
    """Value times weight is the points, each to its decimals; the points add up to the sum, and that is the score."""
    catalog: Catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 40, "reasoning"):
        result = recommend(catalog, answers)
        scores = {entry["name"]: entry["score"] for entry in recommendation_data(result)["ranking"]}
        for title, grid in sums(result).items():
            *rows, last = [tuple(row) for row in grid.rows]
            points = Fraction()
            weights = Fraction()
            for row in rows:
                value, weight, tenths = numbers(row)
                # 0.0005 from rounding either factor, and less than a tenth from making the points add up
                assert abs(100 * value * weight - tenths) < Fraction(1, 10) + Fraction(1, 10), (title, row)
                points, weights = points + tenths, weights + weight
            assert last[:4] == ("Sum", "", "", "1.000")
            assert points == Fraction(last[4]) == Fraction(str(scores[title.rpartition(": ")[0]]))
            assert abs(weights - 1) <= Fraction(len(rows), 2000)
            seen += 1
    assert seen > 60


def parsed_rows(markdown: str) -> list[list[str]]:
    return [[cell.strip() for cell in line[1:-1].split(" | ")] for line in markdown.splitlines() if line[:1] == "|"]


def test_sums_can_be_read_off_the_markdown(toy: Catalog) -> None:
    rows = parsed_rows(to_markdown(reasoning(recommend(toy, SIX_WEEKS))))
    assert rows[0] == list(HEADINGS)
    assert rows[1] == ["---", "---", "---:", "---:", "---:", "---"]
    assert [row[4] for row in rows if row[0] == "Sum"] == ["50.0", "37.5", "83.3"]


def test_sums_can_be_read_off_the_text(toy: Catalog) -> None:
    text = finished(to_text(reasoning(recommend(toy, SIX_WEEKS)), 100), colour=False)
    assert re.findall(r"^  Sum +1\.000 +(\S+)$", text, re.MULTILINE) == ["50.0", "37.5", "83.3"]


def test_ranges_of_a_score(toy: Catalog) -> None:
    """Middle: depth 1 to 3 and 16 to 4 weeks: (25 + 20/6)/120 and (75 + 20)/120."""
    assert Paragraph("Inside what the sources say, the score can be anything from 23.6 to 79.2.") in reasoning(
        recommend(toy, SIX_WEEKS)
    )


# --- what else is in the document ------------------------------------------------------------------------------------


def test_the_document_of_one_person(toy: Catalog) -> None:
    result = recommend(toy, SIX_WEEKS)
    (weeks,) = [text for text in section(result, "How close the call is") if "Longest time" in text]
    # 5/2 and 2/5
    assert weeks == 'If "Longest time" mattered 2.5 times as much, a short would draw level.'
    (deep,) = [text for text in section(result, "How close the call is") if "Deep skill" in text]
    assert deep == 'If "Deep skill" mattered only 0.4 times as much, a short would draw level.'
    (disagreement,) = section(result, "Where sources differ and it matters")
    assert '"Deep skill"' in disagreement
    assert "low end" in disagreement
    assert section(result, "What would open the formats that are ruled out") == [
        "Longest time: 3 months instead of 6 weeks. That would open a long, as a long shot."
    ]
    assert "Longest time: at least 4 months instead of 6 weeks. Then a long comes first." in section(
        result, "What would change the answer"
    )
    # goals 100 and weeks 20 of 260; every value is sourced
    assert section(result, "How sure this is")[-3:-1] == [
        "You have answered 46% of what can count.",
        "100% of what puts it ahead rests on sources.",
    ]
    assert "All of what puts it ahead is backed by sources." in section(result, "How sure this is")
    assert Paragraph("The middle one.") in reasoning(result)


def test_sources_are_numbered_and_written_out(toy: Catalog) -> None:
    """One source for all: chapter 1 throughout, and chapter 2 for what the long one takes in the South."""
    result = recommend(toy, SIX_WEEKS)
    (source,) = section(result, "Sources")
    assert "The handbook (Example Press, 2025); chapter 1; chapter 2" in source
    assert sums(result)["Middle: rank 1"].rows[0][5] == "1"
    assert sums(result)["Long: ruled out"].rows[1][5] == "1"


def test_nothing_answered_has_no_sums(toy: Catalog) -> None:
    result = recommend(toy, {"country": "north"})
    assert sums(result) == {}
    assert section(result, "How close the call is") == []


# --- the command -----------------------------------------------------------------------------------------------------

COMMAND = ["explain", "--catalog", str(CASES / "toy.yaml"), "--set", "goals=deep", "--set", "weeks=6"]


def test_explain_prints_the_document() -> None:
    done = CliRunner().invoke(app, COMMAND)
    assert done.exit_code == 0, done.output
    assert "Middle: rank 1" in done.stdout
    assert "50.0" in done.stdout
    assert "|" not in done.stdout


def test_explain_as_markdown(toy: Catalog) -> None:
    done = CliRunner().invoke(app, [*COMMAND, "--format", "markdown"])
    assert done.exit_code == 0, done.output
    assert done.stdout == to_markdown(reasoning(recommend(toy, SIX_WEEKS)))
    assert done.stdout.startswith("# A middle suits you best so far.\n\n")


def test_explain_as_json(toy: Catalog) -> None:
    done = CliRunner().invoke(app, [*COMMAND, "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["schema"] == "formatpicker/explanation/2"
    assert {(each["rival"], each["criterion"]): Fraction(each["exact"]) for each in data["flip_points"]} == {
        ("short", "deep"): Fraction(2, 5),
        ("short", "weeks"): Fraction(5, 2),
    }
    assert [each["factor"] for each in data["flip_points"]] in ([0.4, 2.5], [2.5, 0.4])
    assert data["disagreements"] == [{"format": "middle", "criterion": "deep", "end": "low", "rival": "short"}]


def test_explain_of_nobody_with_a_format_left_exits_with_1() -> None:
    done = CliRunner().invoke(app, ["explain", "--catalog", str(CASES / "toy.yaml"), "--set", "weeks=1 day"])
    assert done.exit_code == 1
    assert "What would open the formats that are ruled out" in done.stdout


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_json_is_a_recommendation_and_more(request: pytest.FixtureRequest, name: str) -> None:
    """Without what only an explanation has it is what recommend prints, and that is valid by its schema."""
    catalog: Catalog = request.getfixturevalue(name)
    validator = jsonschema.Draft202012Validator(json_schema("recommendation", catalog))
    flips = 0
    for answers in random_people(catalog, 20, "json"):
        result = recommend(catalog, answers)
        data = json.loads(json.dumps(explanation_data(result)))
        own, plain = {"flip_points", "disagreements", "schema"}, recommendation_data(result)
        assert {key: value for key, value in data.items() if key not in own} == json.loads(
            json.dumps({key: value for key, value in plain.items() if key not in own})
        )
        validator.validate(plain)
        for flip in data["flip_points"]:
            assert set(flip) == {"rival", "criterion", "factor", "exact"}
            assert abs(Fraction(flip["exact"]) - Fraction(str(flip["factor"]))) <= Fraction(1, 20000)
            flips += 1
    assert flips > 10
