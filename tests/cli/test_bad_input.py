"""Every kind of bad input: exit code 2, one clear message that names the place, nothing else.

One input of each kind, and whatever could take the interpreter down, goes to a process of its own; the rest runs in
this one. The catalogs at fault are the toy catalog with one thing changed; the lines expected are looked up in the
changed file.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import CASES
from formatpicker.base.yaml_reader import MOST_DEPTH
from running import Ended, run, run_here

# Exit code of ``catalog check`` for a catalog at fault: the same as wherever such a catalog is to be used.
CHECK_FOUND_FAULTS = 2


def assert_refused(done: Ended, *words: str, code: int = 2) -> None:
    """One message on standard error that says all of the words, nothing on standard output, no traceback."""
    assert done.code == code
    assert done.out == b""
    assert "Traceback" not in done.message
    lines = done.message.rstrip("\n").split("\n")
    assert len(lines) == 1
    assert lines[0].startswith("formatpicker: ")
    assert [word for word in words if word not in lines[0]] == []


# --- answers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """Answers at fault, the line at fault in the file and what the message must say."""

    text: str
    line: int
    words: tuple[str, ...]


ANSWERS = {
    "unknown key": Case("weeks: 4\nhuors_per_week: 5\n", 2, ("huors_per_week", "did you mean 'hours_per_week'?")),
    "unknown value": Case("weeks: 4\n\npay: requred\n", 3, ("pay", "'requred'", "did you mean 'required'?")),
    "unknown goal": Case(
        "goals:\n  - explore\n  - portfolo\n", 3, ("goals", "'portfolo'", "did you mean 'portfolio'?")
    ),
    "unknown weighed goal": Case(
        "goals:\n  explore: 3\n  incme: 2\n", 3, ("goals", "'incme'", "did you mean 'income'?")
    ),
    "a list for a choice": Case("pay: [required]\n", 1, ("pay", "a list")),
    "true for a choice": Case("weeks: 4\npay: true\n", 2, ("pay", "true or false", "required")),
    "a mapping for a number": Case("age: {years: 19}\n", 1, ("age", "not a number of years")),
    "text for a number": Case("age: nineteen\n", 1, ("age", "'nineteen'", "not a number of years")),
    "text for a duration": Case("weeks: soon\n", 1, ("weeks", "'soon'", "3 days")),
    "true for a duration": Case("weeks: true\n", 1, ("weeks", "not a duration")),
    "a clock time": Case("start_within_weeks: 12:30\n", 1, ("start_within_weeks", "12:30")),
    "a number for goals": Case("goals: 3\n", 1, ("goals", "must be a list of goals", "a number")),
    "a list of answers": Case("- weeks: 4\n", 1, ("must be a mapping", "a list")),
    "a text": Case("weeks 4\n", 1, ("must be a mapping", "text")),
    "too few weeks": Case("weeks: 0\n", 1, ("weeks", "0", "out of range", "520")),
    "too many weeks": Case("age: 19\nweeks: 11 years\n", 2, ("weeks", "'11 years'", "out of range", "520")),
    "negative weeks": Case("weeks: -4\n", 1, ("weeks", "-4")),
    "too many hours": Case("hours_per_week: 61\n", 1, ("hours_per_week", "61", "from 1 to 60")),
    "too young": Case("age: 12\n", 1, ("age", "12", "from 13 to 99")),
    "not a number": Case("weeks: .nan\n", 1, ("weeks", ".nan")),
    "an endless number": Case("weeks: 1e999\n", 1, ("weeks",)),
    "a number of many digits": Case(f"age: {'9' * 5000}\n", 1, ("age",)),
    "an importance out of range": Case("goals: {explore: 6}\n", 1, ("goals", "'explore'", "1 to 5")),
    "a fraction of an importance": Case("goals: {explore: 2.5}\n", 1, ("goals", "'explore'", "1 to 5")),
    "duplicate goal": Case("goals:\n- explore\n- income\n- explore\n", 4, ("goals", "explore", "stands twice")),
    "duplicate goal spelled otherwise": Case("goals:\n- explore\n- income\n- Explore\n", 4, ("goals", "stands twice")),
    "duplicate weighed goal": Case("goals: {explore: 1, EXPLORE: 2}\n", 1, ("goals", "same goal twice")),
    "six goals": Case(
        "goals: [explore, income, resume, balance, confidence, immersion]\n", 1, ("goals", "at most 5 goals, not 6")
    ),
    "one question twice": Case("hours_per_week: 4\nHours per week: 5\n", 2, ("hours_per_week", "second time")),
    "duplicate key": Case("weeks: 4\npay: required\nweeks: 5\n", 3, ("'weeks'", "twice", "line 1")),
    "duplicate key inside": Case("goals:\n  income: 4\n  income: 5\n", 3, ("'income'", "twice", "line 2")),
    "an alias": Case("weeks: &w 4\nhours_per_week: *w\n", 1, ("anchors and aliases",)),
    "a tag": Case("weeks: 4\nage: !!python/object/apply:os.getcwd []\n", 2, ("tags",)),
    "a second document": Case("weeks: 4\n---\nweeks: 5\n", 2, ("second document",)),
    "open bracket": Case(
        "goals: [explore\nweeks: 4\n", 2, ("not valid YAML or JSON", "[ is not closed", "opens in line 1")
    ),
    "a tab": Case("goals:\n\t- explore\n", 2, ("not valid YAML or JSON", "a tab")),
    "two answers in a line": Case("goals: explore, weeks: 3\n", 1, ("a second colon",)),
    "hours for a length": Case("weeks: 3 hours\n", 1, ("'3 hours': a number of hours, where days are the least",)),
    "open JSON": Case('{"weeks": 4,\n "pay": "required"\n', 2, ("not valid YAML or JSON",)),
    "deep": Case(f"weeks: 4\ngoals: {'[' * 60}{']' * 60}\n", 2, (f"{MOST_DEPTH} levels",)),
    "bottomless": Case(f"weeks: 4\ngoals: {'[' * 100_000}", 2, (f"{MOST_DEPTH} levels",)),
    "bottomless JSON": Case('{"goals":' * 100_000, 1, (f"{MOST_DEPTH} levels",)),
    "bottomless keys": Case("? " * 100_000 + "x", 1, ()),
    "bottomless indents": Case(f"goals:\n{'- ' * 100_000}x\n", 2, (f"{MOST_DEPTH} levels",)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_bad_answers_in_a_file(name: str, tmp_path: Path) -> None:
    case = ANSWERS[name]
    file = tmp_path / "answers.yaml"
    file.write_text(case.text)
    start = run if name.startswith("bottomless") else run_here
    assert_refused(start("recommend", str(file)), f"{file}:{case.line}: ", *case.words)


@pytest.mark.parametrize(
    "name",
    [
        "unknown key",
        "unknown value",
        "text for a number",
        "too many hours",
        "duplicate goal",
        "duplicate key",
        "an alias",
        "open bracket",
        "deep",
        "bottomless",
    ],
)
def test_bad_answers_on_standard_input(name: str) -> None:
    case = ANSWERS[name]
    start = run if name == "bottomless" else run_here
    assert_refused(start("recommend", "-", stdin=case.text.encode()), f"standard input:{case.line}: ", *case.words)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        pytest.param("wekks=4", ("wekks", "did you mean 'weeks'?"), id="unknown key"),
        pytest.param("pay=requred", ("pay", "'requred'", "did you mean 'required'?"), id="unknown value"),
        pytest.param("age=abc", ("age", "'abc'", "not a number"), id="wrong type"),
        pytest.param("age=120", ("age", "120", "from 13 to 99"), id="out of range"),
        pytest.param("goals=explore,explore", ("goals", "explore", "twice"), id="duplicate goal"),
    ],
)
def test_bad_settings(setting: str, words: tuple[str, ...]) -> None:
    assert_refused(run_here("recommend", "--set", setting), "--set: ", *words)


def test_a_bad_person_to_compare_for(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("weeks: 4\npay: requred\n")
    done = run_here("compare", "internship", "apprenticeship", "--for", str(file))
    assert_refused(done, f"{file}:2: ", "pay", "'requred'", "did you mean 'required'?")


# --- files that are no documents, as answers and as catalogs ---------------------------------------------------


def missing(folder: Path) -> Path:
    return folder / "missing.yaml"


def directory(folder: Path) -> Path:
    return folder


def unreadable(folder: Path) -> Path:
    # Permissions do not stop root, who may run these tests; a socket cannot be opened by anybody.
    file = folder / "unreadable.yaml"
    os.mknod(file, 0o140000 | 0o600)
    return file


def empty(folder: Path) -> Path:
    file = folder / "empty.yaml"
    file.touch()
    return file


def blank(folder: Path) -> Path:
    file = folder / "blank.yaml"
    file.write_text("\n# nothing but a comment\n\n")
    return file


def not_text(folder: Path) -> Path:
    file = folder / "picture.yaml"
    file.write_bytes(b"weeks: 4\n\x89PNG\r\n\x1a\n\x00\xff")
    return file


def latin(folder: Path) -> Path:
    file = folder / "latin.yaml"
    file.write_bytes("weeks: 4\ngoals: [für mich]\n".encode("latin-1"))
    return file


def huge(folder: Path) -> Path:
    file = folder / "huge.yaml"
    file.write_bytes(b"# padding\n" * 500_000)
    return file


UNREADABLE = [
    (missing, "cannot be read (No such file or directory)"),
    (directory, "is a folder; name a file in it"),
    (unreadable, "cannot be read ("),
    (empty, "is empty"),
    (blank, "is empty"),
    (not_text, "UTF-8"),
    (latin, ":2: not UTF-8 text"),
    (huge, "is larger than"),
]


@pytest.mark.parametrize(("make", "words"), UNREADABLE, ids=lambda value: getattr(value, "__name__", ""))
def test_answers_that_cannot_be_read(make: object, words: str, tmp_path: Path) -> None:
    file = make(tmp_path)  # type: ignore[operator]
    start = run if make is missing else run_here
    assert_refused(start("recommend", str(file)), str(file), words)


@pytest.mark.parametrize(("make", "words"), UNREADABLE, ids=lambda value: getattr(value, "__name__", ""))
def test_catalogs_that_cannot_be_read(make: object, words: str, tmp_path: Path) -> None:
    file = make(tmp_path)  # type: ignore[operator]
    start = run if make is missing else run_here
    assert_refused(start("recommend", "--set", "weeks=4", "--catalog", str(file)), str(file), words)
    assert_refused(run_here("catalog", "check", str(file)), str(file), words)


# --- catalogs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """One change to the toy catalog: text replaced (the first time it occurs), the line at fault by a piece of it."""

    old: str
    new: str
    at: str
    words: tuple[str, ...]


CATALOGS = {
    "invalid YAML": Fault("title: Toy formats", "title: [Toy formats", "", ("not valid YAML or JSON",)),
    "duplicate key": Fault(
        "  short:\n    kind: core\n",
        "  short:\n    kind: core\n    kind: core # again\n",
        "# again",
        ("'kind'", "twice"),
    ),
    "alias": Fault("title: Toy formats", "title: &toy Toy formats", "&toy", ("anchors and aliases",)),
    "deep": Fault("title: Toy formats", f"title: {'[' * 60}{']' * 60}", "title: ", (f"{MOST_DEPTH} levels",)),
    "bottomless": Fault("title: Toy formats", f"title: {'[' * 100_000}", "title: ", (f"{MOST_DEPTH} levels",)),
    "missing attribute": Fault(
        "      wage: {value: usually, low: sometimes, high: always, basis: sourced, sources: {handbook: chapter 1}}\n",
        "",
        "  short:",
        ("formats.short", "'wage'"),
    ),
    "unknown attribute": Fault(
        "      wage: {value: usually",
        "      wagee: {value: usually, basis: sourced, sources: {handbook: a}}\n      wage: {value: usually",
        "wagee",
        ("formats.short.attributes.wagee", "did you mean 'wage'?"),
    ),
    "unknown level": Fault(
        "wage: {value: usually,", "wage: {value: usualy,", "usualy", ("wage", "did you mean 'usually'?")
    ),
    "unknown source": Fault(
        "paper: {value: never, basis: sourced, sources: {handbook: chapter 1}}",
        "paper: {value: never, basis: sourced, sources: {handbok: chapter 1}}",
        "handbok",
        ("formats.short.attributes.paper.sources.handbok", "did you mean 'handbook'?"),
    ),
    "unknown operator": Fault(
        "{attribute: permit, is: [ask]}",
        "{attribute: permit, is_nt: [ask]}",
        "is_nt",
        ("is_nt", "did you mean 'is_not'?"),
    ),
    "unknown rule": Fault("kind: window", "kind: windw", "kind: windw", ("'windw'", "did you mean 'window'?")),
    "circular variant_of": Fault(
        "kind: subtype\n    name: Brief middle\n    phrase: a brief middle\n    variant_of: [middle]",
        "kind: subtype\n    name: Brief middle\n    phrase: a brief middle\n    variant_of: [brief-middle]",
        "variant_of: [brief-middle]",
        ("formats.brief-middle.variant_of", "circular", "brief-middle -> brief-middle"),
    ),
    "duplicate format": Fault("  quickie:\n", "  short: # again\n", "# again", ("'short'", "twice")),
    "duplicate id": Fault(
        "  - id: total_hours", "  - id: weeks # again", "# again", ("'weeks'", "used twice", "line 65")
    ),
    "a level out of range": Fault(
        "depth: {value: 1,", "depth: {value: 7,", "value: 7", ("depth", "7", "level from 0 to 4")
    ),
    "no title": Fault("title: Toy formats\n", "", "schema: ", ("title", "is missing")),
    "text for a list": Fault(
        "aliases: [Little one]", "aliases: Little one", "aliases: Little", ("aliases", "must be a list")
    ),
    "unknown key": Fault(
        "aliases: [Little one]", "aliasses: [Little one]", "aliasses", ("aliasses", "did you mean 'aliases'?")
    ),
}

AS_PROCESS = (
    "bottomless",
    "missing attribute",
    "unknown source",
    "unknown operator",
    "circular variant_of",
    "duplicate id",
)


def changed(name: str, folder: Path) -> tuple[Path, int]:
    """The toy catalog with a fault, and the line at fault (0: any)."""
    fault = CATALOGS[name]
    text = (CASES / "toy.yaml").read_text("utf-8")
    assert fault.old in text
    text = text.replace(fault.old, fault.new, 1)
    file = folder / "catalog.yaml"
    file.write_text(text, "utf-8")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if fault.at and fault.at in line]
    return file, lines[0] if lines else 0


@pytest.mark.parametrize("name", CATALOGS)
def test_a_bad_catalog(name: str, tmp_path: Path) -> None:
    file, line = changed(name, tmp_path)
    start = run if name in AS_PROCESS else run_here
    used = start("recommend", "--set", "weeks=4", "--catalog", str(file))
    assert_refused(used, f"{file}:{line}: " if line else f"{file}:", *CATALOGS[name].words)
    checked = run_here("catalog", "check", str(file))
    assert (checked.code, checked.out) == (CHECK_FOUND_FAULTS, b"")
    assert checked.err == used.err


def test_a_circle_of_two_variants(tmp_path: Path) -> None:
    text = (CASES / "toy.yaml").read_text("utf-8")
    text = text.replace("variant_of: [middle]", "variant_of: [quickie]")
    text = text.replace("variant_of: [short]", "variant_of: [brief-middle]")
    file = tmp_path / "catalog.yaml"
    file.write_text(text)
    done = run("catalog", "check", str(file))
    assert done.code == CHECK_FOUND_FAULTS
    assert "brief-middle -> quickie -> brief-middle" in done.message
    assert "Traceback" not in done.message


def test_every_fault_of_a_catalog_is_told_at_once(tmp_path: Path) -> None:
    text = (CASES / "toy.yaml").read_text("utf-8")
    for chapter in ("2", "4", "6"):
        assert f"handbook: chapter {chapter}" in text
        text = text.replace(f"handbook: chapter {chapter}", f"hanbook: chapter {chapter}", 1)
    file = tmp_path / "catalog.yaml"
    file.write_text(text)
    faults = run_here("catalog", "check", str(file)).message.splitlines()
    lines = [number for number, line in enumerate(text.split("\n"), 1) if "hanbook" in line]
    assert [fault.split(": ")[1] for fault in faults] == [f"{file}:{line}" for line in lines]
    report = json.loads(run_here("catalog", "check", str(file), "--json").out)
    assert report["valid"] is False
    assert report["faults"] == [fault.removeprefix("formatpicker: ") for fault in faults]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["batch", "-", "--to", "csv", "-o", "out.xlsx"], ["csv and 'out.xlsx' contradict each other"]),
        (["template", "--to", "csv", "-o", "out.xlsx"], ["csv and 'out.xlsx' contradict each other"]),
        (["recommend", "--set", "hours_per_week=3 weeks"], ["another unit; write the number alone, for example"]),
        (["recommend", "--set", "hours_per_week=2 hours a day"], ["another unit"]),
        (["recommend", "--set", "hours_per_week=10 kg"], ["another unit"]),
        (["recommend", "--set", "age=17 weeks"], ["not in years, but in another unit"]),
        (["recommend", "--set", "goals=explore portfolio"], ["put a comma between them: explore, portfolio"]),
        (["recommend", "--set", "region=germny"], ["did you mean 'Germany'?"]),
        (["recommend", "--set", "region=englnd"], ["did you mean 'england'?"]),
    ],
    ids=lambda value: value[-1],
)
def test_what_contradicts_itself_or_is_misspelled_is_told_so(
    command: list[str], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(run_here(*command), *words)
    assert not [*tmp_path.iterdir()]


def test_a_document_is_not_both_json_and_markdown() -> None:
    done = run_here("explain", "--set", "goals=income", "--json", "--format", "markdown")
    assert (done.code, done.out) == (2, b"")
    assert "and --format markdown ask for two things; keep one" in done.message
