"""Random catalogs that are valid, and random answers to any catalog, for the property tests."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from formatpicker.base.durations import DAYS_PER_WEEK, parse_days
from formatpicker.catalog.attributes import FREQUENCIES, RegionalValue, Value
from formatpicker.catalog.criteria import AnswerKind, Question, RuleKind
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import parse_catalog
from formatpicker.scoring.rules import turns

REGIONS = ("red", "blue")
CATEGORIES = ("one", "two", "three")
NEED_OPTIONS = ("required", "preferred", "not_needed")

Data = dict[str, Any]
Draw = st.DrawFn

# Weights are few and small, so that ties are frequent.
_WEIGHTS = st.sampled_from([0, 10, 20, 40, 100])
_HUNDREDTHS = st.sampled_from([0, 30, 50, 100])
_VERDICTS = st.sampled_from(["fits", "fits", "conditional", "unlikely", "blocked"])
# What each kind of attribute can hold; durations in days, all of them inside what the questions accept.
_NUMBERS = {"duration": (1, 60), "number": (1, 12), "level": (0, 4), "frequency": (0, 4)}


def options(*ids: str) -> list[Data]:
    return [{"id": id, "label": f"Label {id}"} for id in ids]


def asked(id: str, answer: str, about: str, **more: Any) -> Data:
    return {"id": id, "answer": answer, "about": about, "text": f"Text {id}?", "why": "Because.", **more}


@st.composite
def plain_values(draw: Draw, kind: str) -> Data:
    """One value of an attribute, now and then unknown or without an upper end."""
    if draw(st.integers(0, 9)) == 0:
        return {"value" if kind not in ("duration", "number") else "typical": None, "basis": "inferred", "note": "none"}
    evidence: Data = {"basis": "sourced", "sources": {"book": ""}}
    if draw(st.integers(0, 3)) == 0:
        evidence = {"basis": "inferred", "note": "judged"}
    if kind == "category":
        return {"value": draw(st.sampled_from(CATEGORIES)), **evidence}
    low, typical, high = sorted(draw(st.lists(st.integers(*_NUMBERS[kind]), min_size=3, max_size=3)))
    if kind == "level":
        return {"low": low, "value": typical, "high": high, **evidence}
    if kind == "frequency":
        return {"low": FREQUENCIES[low], "value": FREQUENCIES[typical], "high": FREQUENCIES[high], **evidence}
    unit = " days" if kind == "duration" else 0
    ends = {name: f"{each}{unit}" if unit else each for name, each in (("min", low), ("typical", typical))}
    if draw(st.integers(0, 4)):
        ends["max"] = f"{high}{unit}" if unit else high
    return {**ends, **evidence}


@st.composite
def values(draw: Draw, kind: str) -> Data:
    """A value that may differ in a region."""
    value = draw(plain_values(kind))
    if draw(st.integers(0, 3)) == 0:
        value["regions"] = {draw(st.sampled_from(REGIONS)): draw(plain_values(kind))}
    return value


def limit_rule(draw: Draw, attribute: str) -> Data:
    return {"kind": "limit", "attribute": attribute, "weight": draw(_WEIGHTS), "texts": {}}


@st.composite
def tables(draw: Draw, answers: tuple[str, ...]) -> Data:
    """A choice table whose last answer takes no part."""
    rows: Data = {
        answer: {category: {"value": draw(_HUNDREDTHS), "verdict": draw(_VERDICTS)} for category in CATEGORIES}
        for answer in answers[:-1]
    }
    return {**rows, answers[-1]: {}}


@st.composite
def question_parts(draw: Draw) -> tuple[list[Data], Data]:
    """The questions and the attributes (name to kind) that they are judged by."""
    goals = ["g1", "g2", "g3"][: draw(st.integers(1, 3))]
    attributes = {f"level-{goal}": "level" for goal in goals}
    goal_parts = {
        goal: {"label": f"Goal {goal}", "attribute": f"level-{goal}", "less_is_better": draw(st.booleans())}
        for goal in goals
    }
    parts = [
        asked("aims", "goals", "goal", most=3, weight=100, goals=goal_parts),
        asked("area", "choice", "fact", options=options(*REGIONS, "green"), selects_region=True),
    ]
    if draw(st.booleans()):
        attributes["span"] = "duration"
        parts.append(asked("days", "duration", "limit", least=0.14, most=20, rule=limit_rule(draw, "span")))
    if draw(st.booleans()):
        attributes["load"] = "number"
        parts.append(asked("hours", "number", "limit", least=1, most=15, rule=limit_rule(draw, "load")))
    if draw(st.booleans()):
        attributes["often"] = "frequency"
        weight = {"required": draw(_WEIGHTS), "preferred": draw(_WEIGHTS)}
        rule: Data = {"kind": "need", "attribute": "often", "weight": weight, "texts": {}}
        parts.append(asked("need", "choice", "need", options=options(*NEED_OPTIONS), rule=rule))
    for id, about in (("wish", "wish"), ("fact", "fact")):
        if draw(st.booleans()):
            attributes[f"kind-{id}"] = "category"
            table = draw(tables(("yes", "no", "any")))
            rule = {"kind": "choice", "attribute": f"kind-{id}", "weight": draw(_WEIGHTS), "table": table}
            parts.append(asked(id, "choice", about, options=options("yes", "no", "any"), rule=rule))
    if draw(st.booleans()):
        attributes["window"] = "number"
        rule = {"kind": "window", "attribute": "window", "texts": {}}
        parts.append(asked("years", "number", "fact", least=1, most=15, rule=rule))
    return parts, attributes


def attribute_part(id: str, kind: str) -> Data:
    words: tuple[Any, ...] = {"level": tuple("01234"), "frequency": FREQUENCIES, "category": CATEGORIES}.get(kind, ())
    return {"label": f"Attribute {id}", "kind": kind, "phrases": {word: f"is {word}" for word in words}}


def format_part(id: str, kind: str, attributes: Data, **more: Any) -> Data:
    words: Data = {"name": f"Name {id}", "phrase": f"a {id}", "summary": f"About {id}."}
    return {"kind": kind, **words, "good_for": ["x"], "speaks_against": ["y"], "attributes": attributes, **more}


@st.composite
def catalog_data(draw: Draw) -> Data:
    """A whole catalog as plain data: two to four core formats, up to two variants, up to three values by region."""
    parts, kinds = draw(question_parts())
    ids = {part["id"] for part in parts}
    derived = []
    if {"days", "hours"} <= ids and draw(st.booleans()):
        kinds["sum"] = "number"
        rule = limit_rule(draw, "sum")
        derived.append({"id": "all-hours", "label": "All", "product_of": ["hours", "days"], "rule": rule})
    formats = {
        f"core{at}": format_part(f"core{at}", "core", {name: draw(values(kind)) for name, kind in kinds.items()})
        for at in range(draw(st.integers(2, 4)))
    }
    for at in range(draw(st.integers(0, 2))):
        changed = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=3, unique=True))
        own = {name: {**draw(values(kinds[name])), "reason": "It differs."} for name in changed}
        parent = draw(st.sampled_from(sorted(formats)[:2]))
        formats[f"variant{at}"] = format_part(f"variant{at}", "subtype", own, variant_of=[parent])
    worth = sorted(draw(st.lists(st.integers(0, 100), min_size=5, max_size=5)))
    return {
        "schema": "formatpicker/catalog/2",
        "title": "Random",
        "version": "1",
        "updated": "never",
        "frequency_values": dict(zip(FREQUENCIES, worth, strict=True)),
        "edges": {
            "unlikely_below": draw(st.integers(0, 50)),
            "tolerance": draw(st.integers(3, 20)),
            "met_within": draw(st.integers(0, 1)),
        },
        "attributes": {id: attribute_part(id, kind) for id, kind in kinds.items()},
        "questions": parts,
        "derived": derived,
        "sources": {"book": {"title": "B", "publisher": "P", "url": None, "date": None, "kind": "article"}},
        "formats": formats,
    }


def parsed_catalog(data: Data) -> Catalog:
    """The catalog in plain data, through the loader that files go through (JSON is YAML)."""
    return parse_catalog(json.dumps(data).encode(), "random catalog")


def catalogs() -> st.SearchStrategy[Catalog]:
    """Random valid catalogs."""
    return catalog_data().map(parsed_catalog)


def importances(question: Question) -> st.SearchStrategy[Any]:
    """Goals as a mapping to their importance."""
    ids = [goal.id for goal in question.goals]
    return st.dictionaries(st.sampled_from(ids), st.integers(1, 5), min_size=1, max_size=5)


def _rankings(question: Question) -> st.SearchStrategy[Any]:
    ids = [goal.id for goal in question.goals]
    return st.lists(st.sampled_from(ids), min_size=1, max_size=min(int(question.most), len(ids)), unique=True)


def turning_points(catalog: Catalog, question: Question) -> list[int]:
    """The answers, in whole days or numbers, at which something turns for some format, and those beside them."""
    least, most = bounds(question)
    points = {least, most}
    if question.rule:
        for format in catalog.formats.values():
            regional = catalog.regional(format, question.rule.attribute)
            for value in (regional.general, *regional.regions.values()):
                ends = {*_ends(value), *_edges(question, value, regional)}
                points |= {end + step for end in ends for step in (-1, 0, 1)}
    return sorted(point for point in points if least <= point <= most)


def bounds(question: Question) -> tuple[int, int]:
    """The smallest and the largest answer in whole days or numbers."""
    if question.answer is AnswerKind.DURATION:
        return parse_days(question.least) or 0, int(question.most * DAYS_PER_WEEK)
    return int(question.least), int(question.most)


def _ends(value: Value) -> list[int]:
    return [end for end in (value.low, value.typical, value.high) if isinstance(end, int)]


def _edges(question: Question, value: Value, regional: RegionalValue) -> list[int]:
    rule = question.rule
    return turns(rule, value, regional.reference) if rule and rule.kind is RuleKind.LIMIT and value.known else []


def numbers(catalog: Catalog, question: Question) -> st.SearchStrategy[int]:
    """Answers in whole days or numbers, turning points more often than the rest."""
    return st.one_of(st.sampled_from(turning_points(catalog, question)), st.integers(*bounds(question)))


def written_number(question: Question, number: int) -> Any:
    return f"{number} days" if question.answer is AnswerKind.DURATION else number


def answers_to(catalog: Catalog, question: Question) -> st.SearchStrategy[Any]:
    """Any answer that a question accepts, as a file would hold it."""
    if question.answer is AnswerKind.GOALS:
        return st.one_of(_rankings(question), importances(question))
    if question.answer is AnswerKind.CHOICE:
        return st.sampled_from([option.id for option in question.options])
    return numbers(catalog, question).map(lambda number: written_number(question, number))


@st.composite
def raw_answers(draw: Draw, catalog: Catalog) -> Data:
    """Answers to some of a catalog's questions, in any order."""
    ids = draw(st.lists(st.sampled_from(list(catalog.questions)), unique=True))
    return {id: draw(answers_to(catalog, catalog.questions[id])) for id in ids}
