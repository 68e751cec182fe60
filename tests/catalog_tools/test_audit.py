"""The audit: who gets a format first or why nobody does, how often questions decide, what values rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.base.terminal import Screen, finished
from formatpicker.catalog.attributes import Value
from formatpicker.catalog.model import Format
from formatpicker.catalog_tools import audit as auditing
from formatpicker.catalog_tools.audit import Audit, FormatAudit, audit, is_first_alone
from formatpicker.catalog_tools.random_people import random_people, size
from formatpicker.output.text.catalog_tools import audit_text
from running import run_here

FEW = 60
SCREEN = Screen(width=72)


def with_levels(format: Format, id: str, levels: Mapping[str, int], region: str = "") -> Format:
    """A copy under another id with other levels, everywhere or in one region."""
    attributes = dict(format.attributes)
    for name, level in levels.items():
        was = attributes[name]
        value = replace(was.general, low=level, typical=level, high=level)
        if region:
            attributes[name] = replace(was, regions={region: value})
        else:
            attributes[name] = replace(was, general=value)
    return replace(format, id=id, name=id.title(), aliases=(), attributes=attributes)


def with_formats(catalog: Catalog, *formats: Format) -> Catalog:
    return replace(catalog, formats={**catalog.formats, **{format.id: format for format in formats}})


def found(catalog: Catalog, id: str) -> FormatAudit:
    (each,) = [each for each in audit(catalog, people=FEW).formats if each.format == id]
    return each


@pytest.fixture(scope="module")
def shipped_audit(shipped: Catalog) -> Audit:
    return audit(shipped, "2026-11-21")


# --- witnesses -------------------------------------------------------------------------------------------------------


def test_every_scored_format_of_the_shipped_catalog_comes_first_for_somebody(
    shipped: Catalog, shipped_audit: Audit
) -> None:
    assert [each.format for each in shipped_audit.formats] == [id for id, f in shipped.formats.items() if f.scored]
    for each in shipped_audit.formats:
        assert each.witness is not None, each.format
        witness = parse_answers(shipped, each.witness)
        assert is_first_alone(shipped, witness, shipped.formats[each.format])
        assert size(witness) <= 3


@pytest.mark.parametrize("id", ["short", "middle", "long"])
def test_a_witness_of_one_answer_is_found_where_one_will_do(toy: Catalog, id: str) -> None:
    # "soon" gives short 1, middle 0.25, long 0; "deep" gives long 1; middle alone takes people of 14 and 15.
    each = found(toy, id)
    assert each.witness is not None
    assert size(parse_answers(toy, each.witness)) == 1
    assert recommend(toy, each.witness).top == (id,)


def test_no_answer_of_a_witness_can_be_left_out(toy: Catalog) -> None:
    # Against a twin that is less deep, "soon" alone is a tie and "deep" alone goes to the long one.
    catalog = with_formats(toy, with_levels(toy.formats["short"], "pale", {"depth": 0}))
    written = found(catalog, "short").witness
    assert written is not None
    witness = parse_answers(catalog, written)
    assert recommend(catalog, witness).top == ("short",)
    for id in witness.values:
        assert recommend(catalog, witness.replaced(catalog, id, None)).top != ("short",)


def test_a_format_better_in_one_region_only_is_not_dominated(toy: Catalog) -> None:
    catalog = with_formats(toy, with_levels(toy.formats["short"], "southern", {"depth": 4, "hurdle": 1}, "south"))
    catalog = with_formats(catalog, with_levels(catalog.formats["southern"], "southern", {"speed": 3}))
    each = found(catalog, "southern")
    assert each.dominated_by is None
    assert each.witness is not None
    assert each.witness.get("country") == "south"


def domination(found: FormatAudit) -> tuple[str | None, tuple[str, ...]]:
    assert found.duplicate == bool(found.dominated_by and not found.better_on)
    return found.dominated_by, tuple(found.better_on)


# --- domination ------------------------------------------------------------------------------------------------------

DOMINATED: dict[str, tuple[dict[str, int], tuple[str, ...]]] = {
    "duplicate": ({}, ()),
    "less deep": ({"depth": 0}, ("deep",)),
    "less deep and slower": ({"depth": 0, "speed": 3}, ("deep", "soon")),
    # From 2 weeks on as good as the short one; with one week the short one is open and this is not.
    "no shorter ones": ({"length": 14}, ("weeks",)),
    # At least and as a rule 11 hours in all: 11 of 10 to 20 would be conditional, 10.4 unlikely.
    "total that blocks more and weighs nothing": ({"total": 30}, ("total_hours",)),
}


@pytest.mark.parametrize(("levels", "strict"), DOMINATED.values(), ids=DOMINATED)
def test_a_format_never_better_than_another_is_dominated(
    toy: Catalog, levels: dict[str, int], strict: tuple[str, ...]
) -> None:
    each = found(with_formats(toy, with_levels(toy.formats["short"], "pale", levels)), "pale")
    assert (each.witness, *domination(each)) == (None, "short", strict)


def test_duplicates_name_each_other(toy: Catalog) -> None:
    catalog = with_formats(toy, with_levels(toy.formats["short"], "twin", {}))
    assert domination(found(catalog, "twin")) == ("short", ())
    assert domination(found(catalog, "short")) == ("twin", ())


def test_worse_but_open_to_more_is_not_dominated(toy: Catalog) -> None:
    # Everything the short one is but deep; in return it takes 5 hours in all, not 10.
    each = found(with_formats(toy, with_levels(toy.formats["short"], "tiny", {"depth": 0, "total": 5})), "tiny")
    assert each.dominated_by is None
    assert each.witness is not None
    assert {"weeks", "hours_per_week"} <= set(each.witness)


def test_variants_are_held_against_variants_only(toy: Catalog) -> None:
    twin = replace(with_levels(toy.formats["middle"], "weak", {"depth": 0}), kind="subtype", variant_of=("middle",))
    # The brief middle takes half the time and is as good otherwise; the middle, a core format, is not looked at.
    assert domination(found(with_formats(toy, twin), "weak")) == ("brief-middle", ("deep", "weeks"))


def test_neither_a_witness_nor_a_proof_is_said_to_be_neither(toy: Catalog) -> None:
    # Deep and soon at weights w and 1 - w: one scores w, the other 1 - w, the third 0.25, which is below the better of
    # the two for every w, though neither of them is better on both.
    short = toy.formats["short"]
    three = {
        id: with_levels(short, id, {"depth": depth, "speed": speed, "hurdle": 0})
        for id, (depth, speed) in {"one": (4, 0), "other": (0, 4), "third": (1, 1)}.items()
    }
    each = found(replace(toy, formats=three), "third")
    assert (each.witness, each.dominated_by) == (None, None)


# --- questions -------------------------------------------------------------------------------------------------------


def test_how_often_a_question_decides_is_counted_by_running_it(toy: Catalog) -> None:
    crowd = list(random_people(toy, FEW, "audit"))
    for each in audit(toy, people=FEW).questions:
        id = each.question
        having = [person for person in crowd if person.get(id) is not None]
        changed = [
            person
            for person in having
            if set(recommend(toy, person).top) != set(recommend(toy, person.replaced(toy, id, None)).top)
        ]
        assert (each.answered, each.decides) == (len(having), len(changed))


def test_every_question_of_the_shipped_catalog_decides_for_somebody(shipped_audit: Audit) -> None:
    assert all(0 < each.decides <= each.answered < shipped_audit.people for each in shipped_audit.questions)


# --- values ----------------------------------------------------------------------------------------------------------


def test_values_known_from_articles_alone_have_no_outside_source(toy: Catalog) -> None:
    # 12 attributes of each core format, 2 regional values of the long one, 2 of the variant's own.
    whole = audit(toy, people=1)
    assert whole.values == 3 * 12 + 2 + 2
    assert [each.why for each in whole.unsourced].count("articles") == whole.values - 2
    assert whole.unsourced_counts == {"short": 12, "middle": 12, "long": 14, "brief-middle": 2, "quickie": 0}


def test_one_outside_source_is_enough_for_a_value_that_is_sourced(toy: Catalog) -> None:
    lawful = replace(toy, sources={"handbook": replace(toy.sources["handbook"], kind="law")})
    left = [(each.format, each.attribute, each.why) for each in audit(lawful, people=1).unsourced]
    assert left == [("middle", "remark", "unknown"), ("brief-middle", "paper", "unknown")]


def test_an_inferred_value_has_no_outside_source_whatever_it_is_judged_from(toy: Catalog) -> None:
    lawful = replace(toy, sources={"handbook": replace(toy.sources["handbook"], kind="law")})
    guessed = audit(with_value(lawful, basis="inferred"), people=1).unsourced
    assert [(each.attribute, each.why) for each in guessed if each.format == "short"] == [("wage", "inferred")]


def with_value(catalog: Catalog, **changes: str) -> Catalog:
    """The catalog with the short one's wage changed."""
    short = catalog.formats["short"]
    wage = short.attributes["wage"]
    value: Value = replace(wage.general, **changes)
    return with_formats(catalog, replace(short, attributes={**short.attributes, "wage": replace(wage, general=value)}))


DATES = {
    "valid to today": ({"valid_to": "2026-06-30"}, "2026-06-30", []),
    "valid to yesterday": ({"valid_to": "2026-06-30"}, "2026-07-01", ["expired"]),
    "valid to the end of the month": ({"valid_to": "2026-06"}, "2026-06-30", []),
    "valid to a past month": ({"valid_to": "2026-06"}, "2026-07-01", ["expired"]),
    "valid to the end of the year": ({"valid_to": "2026"}, "2026-12-31", []),
    "valid to a past year": ({"valid_to": "2026"}, "2027-01-01", ["expired"]),
    "of 18 months ago": ({"as_of": "2025-01-15"}, "2026-07-15", []),
    "of longer ago": ({"as_of": "2025-01-15"}, "2026-07-16", ["old"]),
    "of 18 months ago across a year": ({"as_of": "2024-12"}, "2026-06-30", []),
    "of a year that ended longer ago": ({"as_of": "2024"}, "2026-07-31", ["old"]),
    "both": ({"as_of": "2020", "valid_to": "2021"}, "2026-01-01", ["expired", "old"]),
    "no date": ({"as_of": "in spring"}, "2026-01-01", ["unreadable"]),
}


@pytest.mark.parametrize(("dates", "today", "expected"), DATES.values(), ids=DATES)
def test_dates_are_held_against_today(toy: Catalog, dates: dict[str, str], today: str, expected: list[str]) -> None:
    dated = audit(with_value(toy, **dates), today, people=1).dated
    assert [(each.format, each.attribute, each.why) for each in dated] == [("short", "wage", w) for w in expected]


def test_without_a_date_nothing_is_held_against_one(toy: Catalog) -> None:
    assert audit(with_value(toy, valid_to="1999"), people=1).dated == []


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_text_says_who_and_why(toy: Catalog) -> None:
    pale = with_levels(toy.formats["short"], "pale", {"depth": 0})
    twin = with_levels(toy.formats["long"], "twin", {})
    catalog = with_formats(toy, pale, twin)
    text = finished(audit_text(audit(catalog, "2026-01-01", people=FEW), catalog, SCREEN), False)
    assert "Toy formats: of 6 scored formats, 3 come first for somebody" in text
    assert "3 for nobody, which is proved" in " ".join(text.split())
    assert "Pale: never first alone; Short is never worse, and can be better on: Deep skill." in " ".join(text.split())
    assert "Twin: never first alone; for every answer it is the same as Long." in " ".join(text.split())
    assert "Short: 12 from articles alone" in text
    assert max(map(len, text.splitlines())) <= SCREEN.columns


def test_the_text_says_that_dates_were_not_checked(toy: Catalog) -> None:
    assert "Dates were not checked" in audit_text(audit(toy, people=1), toy, SCREEN)


def test_the_data_hold_witnesses_that_recommend_accepts(shipped: Catalog, shipped_audit: Audit) -> None:
    data: dict[str, Any] = json.loads(json.dumps(to_builtins(shipped_audit)))
    for each in data["formats"]:
        recommendation = recommend(shipped, each["witness"])
        entries = recommendation.ranking if each["core"] else recommendation.variants
        assert [entry.id for entry in entries if entry.rank == 1] == [each["format"]]
    assert sum(data["unsourced_counts"].values()) == len(data["unsourced"])
    assert all(question["share"] == question["decides"] / 1000 for question in data["questions"])


def test_the_data_name_domination_and_duplicates(toy: Catalog) -> None:
    pale = with_levels(toy.formats["short"], "pale", {"depth": 0})
    twin = with_levels(toy.formats["long"], "twin", {})
    whole = audit(with_formats(toy, pale, twin), people=FEW)
    said = {each.format: (each.dominated_by, each.better_on, each.duplicate) for each in whole.formats}
    assert said["pale"] == ("short", ["deep"], False)
    assert said["twin"] == ("long", [], True)
    assert said["short"] == (None, [], False)


# --- addresses and steps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://example.org", True),
        ("https://example.org/", True),
        ("https://example.org/#pay", True),
        ("https://example.org/pay", False),
        ("https://example.org/?page=3", False),
        (None, False),
    ],
)
def test_an_address_without_a_page_is_a_home_page(toy: Catalog, url: str | None, bare: bool) -> None:
    catalog = replace(toy, sources={"handbook": replace(toy.sources["handbook"], url=url)})
    assert [each.source for each in audit(catalog, people=1).home_pages] == ["handbook"] * bare


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("Step 1: a day or two of practice.", []),
        ("Judged from the length.", ["none"]),
        ("Step 3: half of them.", ["other"]),
    ],
)
def test_a_judged_level_names_its_step(toy: Catalog, note: str, why: list[str]) -> None:
    short = toy.formats["short"]
    depth = short.attributes["depth"]
    judged = replace(depth, general=replace(depth.general, basis="inferred", note=note))
    catalog = with_formats(toy, replace(short, attributes={**short.attributes, "depth": judged}))
    assert [each.why for each in audit(catalog, people=1).unstepped if each.format == "short"] == why


def test_the_page_ends_with_what_to_research_next(shipped: Catalog, shipped_audit: Audit) -> None:
    text = finished(audit_text(shipped_audit, shipped, SCREEN), False)
    assert "What to research next: who of 1,000 random people would get another top" in " ".join(text.split())
    shares = [float(line.split(" %")[0]) for line in text.rpartition("a step off")[2].splitlines() if " %  " in line]
    assert len(shares) == 10
    assert shares == sorted(shares, reverse=True)
    assert shipped_audit.research[0].share == pytest.approx(shares[0] / 100)
    assert all(each.changed <= each.concerned for each in shipped_audit.research)


def test_of_many_formats_what_takes_minutes_is_left_out_and_that_is_said(
    toy: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert audit(toy, people=FEW).research
    monkeypatch.setattr(auditing, "MANY_FORMATS", 2)
    assert audit(toy, people=FEW).research == []
    done = run_here("catalog", "audit", "--people", "5")
    assert done.code == 0
    assert done.message.startswith("More than 2 formats: left out are the value of research")
