"""The contract, pinned: every document of version 1, its fields and what they mean.

- ``golden/fields.json`` holds the fields and types of every document, by name and version.
- ``golden/toy/`` holds documents made with a catalog of its own that never changes (``golden/toy.yaml``). They must
  come out the same to the last number; only the words of the texts are free.
- ``golden/shipped/`` holds documents of real people with the shipped catalog. Facts change, so the numbers may; no
  field may come, go or change its type.

``make golden`` writes them anew. It takes fields that were added, which a version
allows, and refuses all else until the document has a new version (in ``SCHEMAS`` and in its constant).
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract import document_faults, name_of
from formatpicker.catalog.store import load_catalog, shipped_path
from formatpicker.output.json.schemas import SCHEMAS, json_schema
from running import run_here
from schema_fields import fields

GOLDEN = Path(__file__).parent.parent / "golden"
TOY = GOLDEN / "toy.yaml"
FIELDS = GOLDEN / "fields.json"
# What is put in words: the words may become better, so only that there are some is pinned.
WORDS = {"text", "message", "headline", "definition", "statement", "violation", "stacking"}
# The laws themselves and the random people behind audits are no part of the contract; their fields are.
FIELDS_ONLY = {"audit", "laws"}

# What a run over a table leaves in files: of the lines the first.
WHOLE_TABLE = (
    "batch", "people.csv", "-o", "out.jsonl", "--rejects", "rejects.jsonl",
    "--summary", "summary.json", "--exact", "--what-if-catalog", "changed.yaml",
)  # fmt: skip
WHOLE_LINES = ("batch", "people.csv", "-o", "full.jsonl", "--rejects", "rejects.jsonl", "--full")
LEFT = {"record": "out.jsonl", "reject": "rejects.jsonl", "summary": "summary.json", "full": "full.jsonl"}
TABLE = """id,goals,weeks,hours_per_week,wage
a1,"soon,easy",3,12,required
a2,deep,20,,
a3,deep,1 day,,
a4,,,,
a5,deep,soon,,
"""

TOY_PEOPLE = {
    "hurried": ("goals=soon,easy", "weeks=3", "hours_per_week=12", "wage=required"),
    "torn": ("goals=deep", "weeks=20", "country=south", "permit=unsure", "age=15"),
    "planner": ("goals=deep,easy", "weeks=12", "hours_per_week=25"),
    "silent": ("age=30",),
}
SHIPPED_PEOPLE = {
    "explorer": ("goals=explore,portfolio", "weeks=6", "hours_per_week=10", "pay=required"),
    "trade": ("goals=employment,income,expertise", "weeks=3 years", "region=de", "age=17"),
    "visitor": ("goals=immersion,resume", "weeks=4 months", "work_permit=student_visa"),
    "hopeless": ("weeks=1 day",),
}


def settings(answers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for answer in answers for part in ("--set", answer))


TOY_CALLS: dict[str, tuple[str, ...]] = {
    **{f"recommendation-{who}": ("recommend", *settings(given), "--pathways") for who, given in TOY_PEOPLE.items()},
    **{f"explanation-{who}": ("explain", *settings(given)) for who, given in TOY_PEOPLE.items()},
    "formats": ("formats",),
    "format-core": ("formats", "long"),
    "format-variant": ("formats", "brief-middle"),
    "format-alias": ("formats", "quickie"),
    "comparison": ("compare", "short", "long"),
    "comparison-for-a-person": ("compare", "short", "middle", "long", "--for", "person.yaml"),
    "check-valid": ("catalog", "check", "catalog.yaml"),
    "check-faulty": ("catalog", "check", "faulty.yaml"),
    "audit": ("catalog", "audit", "--people", "20", "--on", "2026-11-21"),
    "diff": ("catalog", "diff", "catalog.yaml", "changed.yaml"),
    "diff-for-a-person": ("catalog", "diff", "catalog.yaml", "changed.yaml", "--answers", "person.yaml"),
    "laws": ("verify", "--people", "5"),
    "batch": ("batch", "people.csv"),
    "record": WHOLE_TABLE,
    "reject": WHOLE_TABLE,
    "summary": WHOLE_TABLE,
    "full": WHOLE_LINES,
    "error": ("recommend", "--set", "wekks=3"),
}
SHIPPED_CALLS: dict[str, tuple[str, ...]] = {
    **{f"recommendation-{who}": ("recommend", *settings(given), "--pathways") for who, given in SHIPPED_PEOPLE.items()},
    "explanation-explorer": ("explain", *settings(SHIPPED_PEOPLE["explorer"])),
    "formats": ("formats",),
    "format-micro": ("formats", "micro-internship"),
    "offers": ("offers", "offers.yaml", *settings(("goals=portfolio,explore", "mentorship=required", "region=de"))),
}


@dataclass(frozen=True)
class Case:
    """A golden file and the call that gives it."""

    folder: str
    name: str
    call: tuple[str, ...]

    @property
    def file(self) -> Path:
        return GOLDEN / self.folder / f"{self.name}.json"

    @property
    def golden(self) -> Any:
        return json.loads(self.file.read_text("utf-8"))

    def printed(self, workplace: Path) -> Any:
        """The document that the program prints now, in a folder with the files that calls name."""
        catalog = [] if self.folder == "shipped" or "diff" in self.call else ["--catalog", "catalog.yaml"]
        done = run_here(*self.call, *([] if self.name in LEFT else ["--json"]), *catalog)
        assert done.code in (0, 1) or self.name in ("check-faulty", "error"), done.message
        if self.name in LEFT:
            text = (workplace / LEFT[self.name]).read_text("utf-8")
            return json.loads(text if self.name == "summary" else text.splitlines()[0])
        return json.loads(done.message if self.name == "error" else done.text)


CASES = [
    Case(folder, name, call)
    for folder, calls in (("toy", TOY_CALLS), ("shipped", SHIPPED_CALLS))
    for name, call in calls.items()
]


OFFERS = """\
- {name: Hafen, format: internship, weeks: 12 weeks, hours_per_week: 40, pay: 600 EUR/month, mentorship: rarely}
- {name: Blick, format: micro-internship, pay: 20 EUR/hour, notes: near home}
- {name: Werk, format: apprenticeship, mentorship: "no"}
"""


def set_up(workplace: Path) -> None:
    """The files that the calls name: the catalog, one with an edit, one with a fault, and a person."""
    text = TOY.read_text("utf-8")
    (workplace / "catalog.yaml").write_text(text, "utf-8")
    edits = [("speed: {value: 4,", "speed: {value: 2,"), ("    aliases: [Little one]\n", ""), ('"1"', '"2"')]
    changed = text
    for old, new in edits:
        assert changed.count(old) == 1
        changed = changed.replace(old, new)
    (workplace / "changed.yaml").write_text(changed, "utf-8")
    (workplace / "faulty.yaml").write_text(text.replace("kind: alias", "kind: elias"), "utf-8")
    (workplace / "people.csv").write_text(TABLE, "utf-8")
    (workplace / "offers.yaml").write_text(OFFERS, "utf-8")
    (workplace / "person.yaml").write_text("goals: [soon, deep]\nweeks: 5\nwage: preferred\n", "utf-8")


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    set_up(tmp_path)
    return tmp_path


def cases(folder: str) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in CASES if case.folder == folder]


def without_words(data: Any) -> Any:
    """A document with its texts blanked."""
    if isinstance(data, list):
        return [without_words(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        key: "words" if key in WORDS and isinstance(value, str) else without_words(value) for key, value in data.items()
    }


def kinds(data: Any, schema: Any, path: str = "", defs: Any = None) -> dict[str, set[str]]:
    """The types that occur at each field of a document; keys that are ids of a catalog stand as ``*``."""
    defs = schema.get("$defs", {}) if defs is None else defs
    schema = resolved(schema, defs)
    found = {path: {_kind(data)} - {"null"}}
    for key, value in data.items() if isinstance(data, dict) else ():
        is_record = "properties" in schema
        below = schema.get("properties", {}).get(key, {}) if is_record else schema.get("additionalProperties", {})
        _merge(found, kinds(value, below, f"{path}.{key if is_record else '*'}", defs))
    for value in data if isinstance(data, list) else ():
        _merge(found, kinds(value, schema.get("items", {}), f"{path}[]", defs))
    return found


def resolved(schema: Any, defs: Any) -> Any:
    """What a reference refers to, or what may be null."""
    for option in [*schema.get("anyOf", []), *schema.get("allOf", [])]:
        if "$ref" in option:
            return resolved(option, defs)
    return defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _merge(into: dict[str, set[str]], more: dict[str, set[str]]) -> None:
    for path, types in more.items():
        into.setdefault(path, set()).update(types)


def _kind(value: Any) -> str:
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "list", dict: "object"}
    return names.get(type(value), "null")


def differences(old: dict[str, set[str]], new: dict[str, set[str]]) -> list[str]:
    """Fields that only one side has, though both have what they would stand in; and types that changed."""
    found = []
    for path in sorted({*old, *new}):
        parent = path[: max(path.rfind("."), path.rfind("["))] if path else ""
        there = [side for side in (old, new) if path in side]
        if len(there) == 1 and not path.endswith(("[]", ".*")) and parent in old and parent in new:
            found.append(f"{path}: {'gone' if path in old else 'new'}")
        elif len(there) == 2 and old[path] and new[path] and not old[path] & new[path]:
            found.append(f"{path}: {old[path]} -> {new[path]}")
    return found


def union(documents: list[Any], schema: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for data in documents:
        _merge(found, kinds(data, schema))
    return found


# --- fields ----------------------------------------------------------------------------------------------------------


def current_fields() -> dict[str, dict[str, str]]:
    """The fields of every document at its version; questions are those of the catalog that never changes."""
    catalog = load_catalog(TOY)
    return {
        f"{name}/{document.version}": dict(fields(json_schema(name, catalog))) for name, document in SCHEMAS.items()
    }


def pinned_fields() -> dict[str, dict[str, str]]:
    pinned: dict[str, dict[str, str]] = json.loads(FIELDS.read_text("utf-8"))
    return pinned


def test_no_field_came_went_or_changed_its_type_without_a_new_version() -> None:
    pinned = pinned_fields()
    for name, found in current_fields().items():
        assert found == pinned.get(name), f"{name}: see the top of this file"


def test_no_version_is_taken_back() -> None:
    versions = {name: document.version for name, document in SCHEMAS.items()}
    for pinned in pinned_fields():
        name, _, version = pinned.partition("/")
        assert int(version) <= versions[name]


def test_every_document_has_a_golden_file() -> None:
    # The small catalog says nothing of offers.
    printed = {name_of(case.golden) for case in CASES if case.folder == "toy" or case.name == "offers"}
    assert set(SCHEMAS) - {"answers", "catalog"} <= printed


def test_every_optional_part_occurs_in_some_golden_file() -> None:
    """A part that is empty everywhere would pin nothing."""
    for name in ("recommendation", "explanation"):
        schema = json_schema(name, load_catalog(TOY))
        documents = [case.golden for case in CASES if name_of(case.golden) == name]
        lists = {path for path, types in union(documents, schema).items() if "list" in types}
        filled = {path.removesuffix("[]") for path in union(documents, schema) if path.endswith("[]")}
        assert lists - filled == set(), name


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("toy"))
def test_a_document_with_the_fixed_catalog_comes_out_the_same(case: Case, workplace: Path) -> None:
    printed, golden = case.printed(workplace), case.golden
    if name_of(golden) in FIELDS_ONLY:
        schema = json_schema(name_of(golden), load_catalog(TOY))
        assert differences(kinds(golden, schema), kinds(printed, schema)) == []
    else:
        assert without_words(printed) == without_words(golden)


@pytest.mark.parametrize("case", cases("shipped"))
def test_a_document_with_the_shipped_catalog_keeps_its_fields(case: Case, workplace: Path) -> None:
    schema = json_schema(name_of(case.golden), load_catalog(shipped_path()))
    assert differences(kinds(case.golden, schema), kinds(case.printed(workplace), schema)) == []


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.folder}-{case.name}") for case in CASES])
def test_a_golden_document_is_valid(case: Case) -> None:
    assert document_faults(case.golden) == []


# --- the net itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda entry: entry.pop("score"), [".ranking[].score: gone"], id="gone"),
        pytest.param(lambda entry: entry.update(stars=3), [".ranking[].stars: new"], id="new"),
        pytest.param(lambda entry: entry.update(name=3), [".ranking[].name: {'string'} -> {'number'}"], id="type"),
        pytest.param(lambda entry: entry.update(score=1.0, conditions=[]), [], id="numbers and empty lists"),
    ],
)
def test_a_changed_field_is_told(change: Any, told: list[str]) -> None:
    schema = json_schema("recommendation", load_catalog(TOY))
    golden = next(case for case in CASES if case.name == "recommendation-hurried").golden
    changed = json.loads(json.dumps(golden))
    for entry in changed["ranking"]:
        change(entry)
    assert differences(kinds(golden, schema), kinds(changed, schema)) == told


# --- writing them anew -----------------------------------------------------------------------------------------------


def refused(old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> list[str]:
    """What a version does not allow: a field gone, or of another type."""
    return [
        f"{name}: {field}: {kind} -> {new[name].get(field, 'gone')}"
        for name, found in old.items()
        if name in new
        for field, kind in found.items()
        if new[name].get(field) != kind
    ]


def test_an_addition_is_taken_and_all_else_is_refused() -> None:
    old = {"x/1": {"a": "string", "b": "number"}}
    assert refused(old, {"x/1": {"a": "string", "b": "number", "c": "string"}}) == []
    assert refused(old, {"x/2": {}}) == []
    assert refused(old, {"x/1": {"a": "string"}}) == ["x/1: b: number -> gone"]
    assert refused(old, {"x/1": {"a": "number", "b": "number"}}) == ["x/1: a: string -> number"]


def main() -> None:
    import os
    import tempfile

    old, new = pinned_fields() if FIELDS.exists() else {}, current_fields()
    if found := refused(old, new):
        sys.exit("These need a new version of the document:\n" + "\n".join(found))
    FIELDS.write_text(json.dumps({**old, **new}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        set_up(Path(folder))
        for case in CASES:
            text = json.dumps(case.printed(Path(folder)), ensure_ascii=False, indent=1)
            case.file.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
