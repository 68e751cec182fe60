"""The section on plans of several experiences: what it resolves to, and each of its faults by line and place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from formatpicker import Catalog
from formatpicker.catalog.attributes import Citation
from formatpicker.catalog.guidance import Link, PathwayRules, Stacking
from formatpicker.catalog.store import parse_catalog
from formatpicker.errors import CatalogError

TOY = (Path(__file__).parent.parent / "cases" / "toy.yaml").read_text("utf-8")
SECTION = """\
pathways:
  duration: weeks
  per_week: hours_per_week
  most_steps: 3
  weakest_counts: [hurdle]
  stacking:
    - {attribute: depth, gain: 1, most: 3, reason: Depth adds up., sources: {handbook: chapter 7}}
  links:
    - {from: short, to: middle, reason: Try first., sources: {handbook: chapter 8}}
    - {from: short, to: short, reason: Do more than one., sources: {handbook: chapter 9}}
"""
TEXT = f"{TOY}\n{SECTION}"


def faults(old: str, new: str) -> list[str]:
    """What is said of the valid section with one edit."""
    assert TEXT.count(old) == 1, f"{old!r} must stand exactly once"
    with pytest.raises(CatalogError) as caught:
        parse_catalog(TEXT.replace(old, new).encode(), "toy.yaml")
    return str(caught.value).splitlines()


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(TEXT.split("\n"), start=1) if words in line)


def test_the_section_as_the_engine_sees_it() -> None:
    assert parse_catalog(TEXT.encode(), "toy.yaml").pathways == PathwayRules(
        duration="weeks",
        per_week="hours_per_week",
        most_steps=3,
        weakest_counts=("hurdle",),
        stacking={"depth": Stacking("depth", 1, 3, "Depth adds up.", (Citation("handbook", "chapter 7"),))},
        links=(
            Link("short", "middle", "Try first.", (Citation("handbook", "chapter 8"),)),
            Link("short", "short", "Do more than one.", (Citation("handbook", "chapter 9"),)),
        ),
    )


def test_a_catalog_may_do_without_the_section(toy: Catalog) -> None:
    assert toy.pathways is None


@pytest.mark.parametrize("text", [TOY, TEXT], ids=["without", "with"])
def test_the_section_comes_back_from_the_cache(text: str) -> None:
    catalog = parse_catalog(text.encode(), "toy.yaml")
    assert msgspec.json.decode(msgspec.json.encode(catalog), type=Catalog) == catalog


@pytest.mark.parametrize(
    ("old", "new", "at", "place", "says"),
    [
        ("  duration: weeks\n", "  duration: week\n", "duration: weeks", "duration", "did you mean 'weeks'?"),
        (
            "  duration: weeks\n",
            "  duration: hours_per_week\n",
            "duration: weeks",
            "duration",
            "must be a question whose answer is a duration and whose rule is a limit",
        ),
        (
            "per_week: hours_per_week",
            "per_week: hours",
            "per_week: hours_per_week",
            "per_week",
            "'hours' is not a known",
        ),
        (
            "per_week: hours_per_week",
            "per_week: age",  # a number, but its rule is a window
            "per_week: hours_per_week",
            "per_week",
            "must be a question whose answer is a number and whose rule is a limit",
        ),
        ("most_steps: 3", "most_steps: 5", "most_steps", "most_steps", "less than or equal to 4"),
        ("most_steps: 3", "most_steps: 1", "most_steps", "most_steps", "greater than or equal to 2"),
        ("[hurdle]", "[hurdl]", "[hurdle]", "weakest_counts.0", "did you mean 'hurdle'?"),
        ("[hurdle]", "[wage]", "[hurdle]", "weakest_counts.0", "is a frequency; only a level"),
        ("[hurdle]", "[hurdle, hurdle]", "[hurdle]", "weakest_counts.1", "is used twice"),
        ("[hurdle]", "[depth]", "[hurdle]", "weakest_counts.0", "cannot both grow"),
        ("attribute: depth, gain", "attribute: deep, gain", "attribute: depth, gain", "stacking.0.attribute", "'deep'"),
        (
            "attribute: depth, gain",
            "attribute: length, gain",
            "attribute: depth, gain",
            "stacking.0.attribute",
            "is a duration; only a level",
        ),
        (
            "weakest_counts: [hurdle]\n  stacking:\n    - {attribute: depth",
            "weakest_counts: []\n  stacking:\n    - {attribute: hurdle",
            "attribute: depth, gain",
            "stacking.0.attribute",
            "is worth less the more there is of it (goal easy)",
        ),
        ("gain: 1", "gain: 0", "gain: 1", "stacking.0.gain", "greater than or equal to 1"),
        ("most: 3, reason", "most: 5, reason", "gain: 1", "stacking.0.most", "less than or equal to 4"),
        ("{handbook: chapter 7}", "{}", "chapter 7", "stacking.0.sources", "name the source"),
        (
            "{handbook: chapter 7}",
            "{handbok: x}",
            "chapter 7",
            "stacking.0.sources.handbok",
            "did you mean 'handbook'?",
        ),
        ("to: middle", "to: midle", "to: middle", "links.0.to", "did you mean 'middle'?"),
        ("from: short, to: middle", "from: shrt, to: middle", "to: middle", "links.0.from", "did you mean 'short'?"),
        ("to: middle", "to: quickie", "to: middle", "links.0.to", "use 'short', which stands for it"),
        ("to: middle", "to: short", "to: short", "links.1", "'short to short' is linked twice"),
        ("{handbook: chapter 8}", "{}", "chapter 8", "links.0.sources", "name the source"),
        ("to: middle", "two: middle", "to: middle", "links.0.to", "is missing"),
        ("to: middle, reason: Try first.", "to: middle, reason: ''", "to: middle", "links.0.reason", "at least 1"),
    ],
    ids=lambda value: None,
)
def test_a_fault_is_told_with_its_line_and_place(old: str, new: str, at: str, place: str, says: str) -> None:
    begin = f"toy.yaml:{line_of(at)}: pathways.{place}: "
    found = [fault for fault in faults(old, new) if fault.startswith(begin)]
    assert found, faults(old, new)
    assert says in found[0]


@pytest.mark.parametrize(
    ("links", "says"), [("  links: []\n", "at least 1 item"), ("", "pathways.links: is missing")], ids=["empty", "none"]
)
def test_a_section_without_links_leads_nowhere(links: str, says: str) -> None:
    (fault,) = faults(SECTION[SECTION.index("  links:") :], links)
    assert says in fault


def test_a_key_that_the_section_does_not_have() -> None:
    assert any("did you mean 'weakest_counts'?" in fault for fault in faults("weakest_counts:", "weakest_count:"))


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("{from: short, to: middle", "{from: shrt, to: midle")) == 2


def test_shipped_links_lead_from_shorter_to_longer_or_repeat_a_format(shipped: Catalog) -> None:
    rules = shipped.pathways
    assert rules is not None
    length = shipped.criteria[rules.duration].rule.attribute

    def typical(id: str) -> int:
        days = shipped.regional(shipped.formats[id], length).general.typical
        assert isinstance(days, int)
        return days

    backwards = [link for link in rules.links if typical(link.origin) > typical(link.target)]
    assert backwards == []
    repeated = {link.origin for link in rules.links if link.origin == link.target}
    assert repeated == {"micro-internship", "nano-internship", "remote-micro-immersion"}


def test_shipped_reasons_are_one_short_sentence_each_with_a_place_in_its_sources(shipped: Catalog) -> None:
    rules = shipped.pathways
    assert rules is not None
    parts: list[Link | Stacking] = [*rules.links, *rules.stacking.values()]
    for part in parts:
        assert len(part.reason) <= 170, part.reason
        assert part.reason.endswith("."), part.reason
        assert part.reason.count(".") == 1, part.reason
        assert part.citations, part.reason
        assert all(citation.place for citation in part.citations), part.reason
