from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from conftest import CASES
from formatpicker.advice.recommendation import recommend
from formatpicker.base.terminal import emit_json
from formatpicker.catalog.model import Catalog, find_format
from formatpicker.catalog.store import shipped_path
from formatpicker.cli.app import app, command_tree
from formatpicker.output.json.person import recommendation_data
from running import HOSTILE, controls, ended, environment, spawn

# One person for whom a format is left, one for whom none is, one of whom nothing is known that matters.
STUDENT = {"goals": ["explore", "portfolio"], "weeks": 4, "hours_per_week": 10, "pay": "required"}
ANSWERS = json.dumps(STUDENT)
SETTINGS = [
    "--set",
    "goals=explore,portfolio",
    "--set",
    "weeks=4",
    "--set",
    "hours_per_week=10",
    "--set",
    "pay=required",
]
NO_TIME = ["--set", "weeks=0.14", "--set", "hours_per_week=1"]


class Ran:
    """A command run in this process: its exit code and what it wrote to each stream."""

    def __init__(self, *arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> None:
        result = CliRunner().invoke(app, list(arguments), input=stdin, env=env, prog_name="formatpicker")
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def answers(tmp_path: Path) -> str:
    file = tmp_path / "answers.yaml"
    file.write_text("goals: [explore, portfolio]\nweeks: 4\nhours_per_week: 10\npay: required\n")
    return str(file)


# --- recommend: where answers come from ------------------------------------------------------------------------


def test_recommend_reads_a_file_standard_input_and_settings_alike(answers: str) -> None:
    from_file = Ran("recommend", answers, "--json")
    assert (from_file.code, from_file.err) == (0, "")
    assert from_file.json["answers"] == STUDENT
    assert Ran("recommend", "-", "--json", stdin=ANSWERS).out == from_file.out
    assert Ran("recommend", *SETTINGS, "--json").out == from_file.out


def test_recommend_lays_settings_over_a_file(answers: str) -> None:
    ran = Ran("recommend", answers, "--set", "weeks=1 year", "--set", "credit=preferred", "--json")
    # A year is 365.25 days, so 365, so 52.14 weeks.
    assert ran.json["answers"] == {**STUDENT, "weeks": 52.14, "credit": "preferred"}


@pytest.mark.parametrize("nothing", ["skip", "", "SKIP"])
def test_a_setting_can_take_an_answer_of_the_file_away(answers: str, nothing: str) -> None:
    ran = Ran("recommend", answers, "--set", f"pay={nothing}", "--json")
    assert "pay" not in ran.json["answers"]
    assert "pay" in ran.json["unanswered"]


def test_recommend_json_is_the_recommendation_of_the_library(shipped: Catalog) -> None:
    assert Ran("recommend", *SETTINGS, "--json").json == recommendation_data(recommend(shipped, STUDENT))


def test_details_come_after_the_summary(answers: str) -> None:
    summary, details = Ran("recommend", answers), Ran("recommend", answers, "--details")
    assert details.code == summary.code == 0
    assert details.out.startswith(summary.out)
    assert "https://" in details.out.removeprefix(summary.out)


def test_details_name_every_text_of_the_json(answers: str) -> None:
    flat = re.sub(r"\s+", " ", Ran("recommend", answers, "--details").out)
    for entry in Ran("recommend", answers, "--json").json["ranking"]:
        for item in (*entry["blockers"], *entry["conditions"], *entry["contributions"], *entry["cautions"]):
            assert item["text"] in flat


# --- exit codes and streams ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["recommend", *SETTINGS], id="a top"),
        pytest.param(["recommend", *SETTINGS, "--json"], id="a top as JSON"),
        pytest.param(["recommend", *SETTINGS, "--details"], id="details"),
        pytest.param(["formats"], id="list"),
        pytest.param(["formats", "internship"], id="one format"),
        pytest.param(["compare", "internship", "apprenticeship"], id="compare"),
        pytest.param(["schema", "answers"], id="schema"),
        pytest.param(["catalog", "check"], id="check"),
        pytest.param(["catalog", "path"], id="path"),
        pytest.param(["--version"], id="version"),
        pytest.param(["--help"], id="help"),
        pytest.param(["-h"], id="short help"),
    ],
)
def test_exit_0_with_the_result_on_standard_output_alone(arguments: list[str]) -> None:
    ran = Ran(*arguments)
    assert ran.code == 0
    assert ran.out.endswith("\n")
    assert ran.err == ""


@pytest.mark.parametrize("json_option", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("settings", [NO_TIME, ["--set", "region=us"]], ids=["all blocked", "nothing separates"])
def test_exit_1_where_nothing_can_be_recommended(settings: list[str], json_option: list[str]) -> None:
    ran = Ran("recommend", *settings, *json_option)
    assert ran.code == 1
    assert ran.out.strip()
    assert ran.err == ""


def test_the_message_says_why_there_is_no_top() -> None:
    blocked, open_ = Ran("recommend", *NO_TIME, "--json").json, Ran("recommend", "--set", "region=us", "--json").json
    assert blocked["top"] == open_["top"] == []
    assert "ruled out" in blocked["message"]
    assert "tells the formats apart" in open_["message"]
    assert "message" not in Ran("recommend", *SETTINGS, "--json").json


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["recommend"], "no answers: name a FILE", id="no answers"),
        pytest.param(["recommend", "missing.yaml"], "missing.yaml: cannot be read", id="missing file"),
        pytest.param(["recommend", "--set", "weeks"], "weeks: is not key=value", id="setting without a value"),
        pytest.param(["recommend", "--set", ""], "'': is not key=value", id="nothing set"),
        pytest.param(["recommend", "--set", "pay=required", "--set", "PAY=preferred"], "is set twice", id="set twice"),
        pytest.param(["recommend", "--set", "wekks=4"], "did you mean 'weeks'?", id="unknown question"),
        pytest.param(["recommend", "--set", "pay=requird"], "did you mean 'required'?", id="unknown answer"),
        pytest.param(["recommend", "--catalog", "missing.yaml", "--set", "weeks=4"], "missing.yaml", id="no catalog"),
        pytest.param(
            ["recommend", "--nonsense"],
            "--nonsense: not a known option of `formatpicker recommend` (known: --set",
            id="unknown option",
        ),
        pytest.param(["recommend", "--sett"], "`; did you mean '--set'?", id="option typo"),
        pytest.param(["recommend", "--set"], "--set: needs a value behind it", id="no value"),
        pytest.param(["recommend", "--json=1"], "--json: takes no value", id="a value too many"),
        pytest.param(
            ["recomend"], "'recomend' is not a known command; did you mean 'recommend'?", id="unknown command"
        ),
        pytest.param(["catalog", "chek"], "'chek' is not a known command; did you mean 'check'?", id="one of a group"),
        pytest.param(["catalog"], "needs a command (known: check, path, audit, diff)", id="no command of a group"),
        pytest.param(["batch", "a", "b"], "takes no 'b' as well", id="an argument too many"),
        pytest.param(["compare", "internship"], "two different formats", id="one to compare"),
        pytest.param(["compare", "internship", "INTERNSHIP"], "two different formats", id="the same twice"),
        pytest.param(["compare", "internship", "aprenticeship"], "did you mean 'apprenticeship'?", id="compare typo"),
        pytest.param(["compare", "internship", "apprenticeship", "--for", "no.yaml"], "no.yaml", id="no such person"),
        pytest.param(["formats", "intership"], "did you mean 'internship'?", id="unknown format"),
        pytest.param(["batch", str(CASES / "toy.yaml")], "looks like the answers of one person", id="batch of one"),
        pytest.param(["report", "--set", "weeks=4", "-o", "no/p.docx"], "pages are written as .html", id="docx page"),
        pytest.param(["template", "-o", "no/t.docx"], "templates are written as .csv", id="template as docx"),
        pytest.param(
            ["batch", "-", "-o", "no/r.xls"], "written as .jsonl, .csv, .xlsx or .parquet", id="records as xls"
        ),
        pytest.param(["batch", "-", "-o", "r.xslx"], "did you mean .xlsx? Records are", id="records as xslx"),
        pytest.param(
            ["batch", "-", "-o", "r.pdf"], "written as .jsonl, .csv, .xlsx or .parquet", id="records as a page"
        ),
        pytest.param(["recommend", "."], ".: is a folder; name a file in it", id="a folder of answers"),
        pytest.param(["template", "-o", "no/t.csv"], "there is no folder no; make it first", id="no such folder"),
        pytest.param(["schema", "anwsers"], "did you mean 'answers'?", id="unknown schema"),
        pytest.param(["schema"], "`formatpicker schema` needs NAME; `formatpicker schema -h`", id="no schema"),
        pytest.param(["catalog", "check", "missing.yaml"], "missing.yaml: cannot be read", id="no catalog to check"),
        pytest.param(["ask"], "needs a terminal", id="ask without a terminal"),
        pytest.param(["ask", "--json"], "needs a terminal", id="ask --json without a terminal"),
    ],
)
def test_exit_2_with_the_message_on_standard_error_alone(arguments: list[str], message: str) -> None:
    ran = Ran(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1 or "--json" in arguments
    assert ran.out == ""


def test_without_a_terminal_the_bare_command_prints_help_and_exits_2() -> None:
    ran = Ran()
    assert ran.code == 2
    assert ran.out == Ran("--help").out
    for command in ("ask", "recommend", "formats", "compare", "schema", "catalog"):
        assert re.search(rf"^  {command}\s", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ["recommend", *SETTINGS],
        ["recommend", *SETTINGS, "--details"],
        ["recommend", *NO_TIME],
        ["formats"],
        ["formats", "gigternship"],
        ["compare", "internship", "apprenticeship"],
        ["catalog", "check"],
    ],
    ids=" ".join,
)
def test_json_is_one_document_and_nothing_else(arguments: list[str]) -> None:
    ran = Ran(*arguments, "--json")
    assert ran.json
    assert ran.err == ""
    assert ran.out.endswith("\n")


# --- formats, compare, schema, catalog -------------------------------------------------------------------------


def test_formats_lists_every_format(shipped: Catalog) -> None:
    listed = Ran("formats").out
    assert [id for id in shipped.formats if id not in listed.split()] == []
    assert [line["format"] for line in Ran("formats", "--json").json] == list(shipped.formats)


@pytest.mark.parametrize(
    "name", ["micro-internship", "Micro-internship", "MICRO_INTERNSHIP", " micro internship ", "Micro Internship"]
)
def test_formats_finds_one_by_id_or_name_however_it_is_spelled(name: str) -> None:
    assert Ran("formats", name, "--json").json["format"] == "micro-internship"


def test_formats_finds_every_format_by_its_name_and_aliases(shipped: Catalog) -> None:
    called = {name: each.id for each in shipped.formats.values() for name in (each.name, *each.aliases)}
    assert {name: find_format(shipped, name).id for name in called} == called
    alias = shipped.formats["micro-internship"].aliases[0]
    assert Ran("formats", alias).out == Ran("formats", "micro-internship").out


def test_formats_shows_what_a_lookup_stands_for(shipped: Catalog) -> None:
    ran = Ran("formats", "flash-internship")
    assert shipped.formats["flash-internship"].covered_by == "micro-internship"
    assert "formatpicker formats micro-internship" in re.sub(r"\s+", " ", ran.out)


def test_compare_puts_the_formats_side_by_side_with_sources() -> None:
    ran = Ran("compare", "internship", "apprenticeship")
    header = next(line for line in ran.out.splitlines() if line.strip())
    assert header.split() == ["Internship", "Apprenticeship"]
    assert "Fit" not in ran.out
    assert re.search(r"^\[1\] .+", ran.out, re.MULTILINE)


def test_every_footnote_of_a_comparison_is_listed_and_used() -> None:
    table, _, notes = Ran("compare", "internship", "micro-internship").out.partition("\nSources\n")
    listed = [int(number) for number in re.findall(r"^\[(\d+)\] ", notes, re.MULTILINE)]
    used = {int(number) for number in re.findall(r"\d+(?=[,\]])", " ".join(re.findall(r"\[[\d,\s]+\]", table)))}
    assert listed == list(range(1, len(listed) + 1))
    assert used <= set(listed)


def test_compare_for_a_person_shows_the_fit(answers: str) -> None:
    ran = Ran("compare", "internship", "micro-internship", "--for", answers)
    assert ran.code == 0
    assert "Fit for this" in ran.out
    assert "ruled out" in ran.out
    assert "rank 1" in ran.out


def test_compare_for_a_person_shows_what_holds_in_their_region(tmp_path: Path) -> None:
    (tmp_path / "me.yaml").write_text("country: south\n")
    toy = ("compare", "short", "long", "--catalog", str(CASES / "toy.yaml"))
    assert " ".join(Ran(*toy).out.split()).count("(6 months to 2") == 1
    fitted = " ".join(Ran(*toy, "--for", str(tmp_path / "me.yaml")).out.split())
    assert "(13 weeks to 3" in fitted
    assert "(6 months to 2" not in fitted
    assert "These are the values in the South where they are known, else those in general." in fitted
    assert "rank 1 rank 1" in fitted  # nothing was answered that gives points


def test_compare_json_holds_every_attribute_and_the_fit(answers: str, shipped: Catalog) -> None:
    plain = Ran("compare", "apprenticeship", "gigternship", "--json").json
    assert [line["format"] for line in plain["formats"]] == ["apprenticeship", "gigternship"]
    assert list(plain["attributes"]) == list(shipped.attributes)
    assert "fit" not in plain
    fitted = Ran("compare", "apprenticeship", "gigternship", "--for", answers, "--json").json
    entries = {entry["format"]: entry for entry in fitted["fit"]}
    recommended = Ran("recommend", answers, "--json").json
    assert entries == {
        entry["format"]: entry
        for entry in recommended["ranking"] + recommended["variants"]
        if entry["format"] in ("apprenticeship", "gigternship")
    }


def test_compare_accepts_names_and_more_than_two() -> None:
    ran = Ran("compare", "Internship", "micro internship", "APPRENTICESHIP", "--json")
    assert [line["format"] for line in ran.json["formats"]] == ["internship", "micro-internship", "apprenticeship"]


@pytest.mark.parametrize("name", ["answers", "recommendation", "catalog"])
def test_schema_prints_a_json_schema(name: str) -> None:
    assert Ran("schema", name).json["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_catalog_path_names_the_shipped_catalog() -> None:
    assert Ran("catalog", "path").out == f"{shipped_path()}\n"


def test_the_option_goes_before_the_environment_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMATPICKER_CATALOG", str(tmp_path / "of-environment.yaml"))
    assert Ran("catalog", "path").out == f"{tmp_path / 'of-environment.yaml'}\n"
    assert Ran("catalog", "path", "--catalog", "of-option.yaml").out == "of-option.yaml\n"


def test_another_catalog_replaces_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(re.sub(r"^title: .*$", "title: Mine", shipped_path().read_text("utf-8"), flags=re.MULTILINE))
    assert Ran("recommend", *SETTINGS, "--json", "--catalog", str(file)).json["catalog"]["title"] == "Mine"
    monkeypatch.setenv("FORMATPICKER_CATALOG", str(file))
    assert Ran("recommend", *SETTINGS, "--json").json["catalog"]["title"] == "Mine"


def test_catalog_check_counts_what_it_found(shipped: Catalog) -> None:
    ran = Ran("catalog", "check")
    assert f"{len(shipped.formats)} formats" in ran.out
    assert f"{len(shipped.questions)} questions" in ran.out
    assert Ran("catalog", "check", "--json").json == {
        "schema": "formatpicker/check/1",
        "file": str(shipped_path()),
        "valid": True,
        "faults": [],
    }


def test_version_is_the_installed_one() -> None:
    from importlib.metadata import version

    assert Ran("--version").out == f"formatpicker {version('formatpicker')}\n"


# --- any width, any character ----------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["20", "1", "0", "-5", "wide", "1000000000000", ""])
@pytest.mark.parametrize(
    "arguments",
    [["recommend", *SETTINGS, "--details"], ["formats"], ["compare", "internship", "apprenticeship"]],
    ids=lambda arguments: arguments[0],
)
def test_any_width_that_is_told_gives_a_result(arguments: list[str], columns: str) -> None:
    # Only while the command runs: pytest, too, believes COLUMNS.
    ran = Ran(*arguments, env={"COLUMNS": columns})
    assert (ran.code, ran.err) == (0, "")


QUOTED = json.dumps(HOSTILE)


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        pytest.param(["recommend", "-"], f'{{"goals": [{QUOTED}]}}', id="a goal"),
        pytest.param(["recommend", "-"], f'{{"goals": {{{QUOTED}: 3}}}}', id="a weighed goal"),
        pytest.param(["recommend", "-"], f'{{"goals": {{"explore": {QUOTED}}}}}', id="an importance"),
        pytest.param(["recommend", "-"], f'{{"weeks": {QUOTED}, "weeks": 3}}', id="a duration"),
        pytest.param(["recommend", "-"], f"{{{QUOTED}: 1, {QUOTED}: 2}}", id="a key twice"),
        pytest.param(["recommend", "--set", f"pay={HOSTILE}"], "", id="a setting"),
        pytest.param(["recommend", "--set", f"{HOSTILE}=3"], "", id="the key of a setting"),
        pytest.param(["recommend", "--set", HOSTILE], "", id="a setting without a value"),
        pytest.param(["recommend", *SETTINGS, "--catalog", HOSTILE], "", id="a catalog"),
        pytest.param(["catalog", "check", HOSTILE], "", id="a catalog to check"),
        pytest.param(["formats", HOSTILE], "", id="a format"),
        pytest.param(["schema", HOSTILE], "", id="a schema"),
    ],
)
def test_control_characters_of_an_input_never_reach_a_stream(arguments: list[str], stdin: str) -> None:
    ran = Ran(*arguments, stdin=stdin)
    assert ran.code == 2
    assert ran.err
    assert controls(ran.err) == set()
    assert ran.out == ""


def hostile_catalog(folder: Path) -> str:
    """The shipped catalog with control characters in its title, in a name and in a text."""
    escaped = QUOTED[1:-1].replace("\\u00", "\\x").replace('"', '\\"')
    data = shipped_path().read_text("utf-8")
    data = data.replace("name: Internship\n", f'name: "Intern{escaped}ship"\n', 1)
    data = data.replace("text: What do you want to get out of it?", f'text: "What {escaped} do you want?"', 1)
    lines = [f'title: "T{escaped}"' if line.startswith("title: ") else line for line in data.split("\n")]
    file = folder / "hostile.yaml"
    file.write_text("\n".join(lines), "utf-8")
    return str(file)


@pytest.mark.parametrize(
    "arguments",
    [
        ["recommend", *SETTINGS],
        ["recommend", *SETTINGS, "--details"],
        ["recommend", *SETTINGS, "--json"],
        ["formats"],
        ["formats", "internship"],
        ["formats", "internship", "--json"],
        ["compare", "internship", "apprenticeship"],
        ["schema", "answers"],
    ],
    ids=" ".join,
)
def test_control_characters_of_a_catalog_never_reach_a_stream(arguments: list[str], tmp_path: Path) -> None:
    ran = Ran(*arguments, "--catalog", hostile_catalog(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert controls(ran.out) == set()


def test_json_escapes_what_a_terminal_would_obey_or_hide(capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\x9b\u200b\u200e\u2028\u202e\u2060\ufeff\ufff9\ud800\U000e0041 é \U0001f469\u200d\U0001f4bb"
    emit_json({"text": text})
    out = capsys.readouterr().out
    assert json.loads(out) == {"text": text}
    assert "\\u200b" in out
    assert "\\udb40\\udc41" in out
    # Letters and the joiners that emoji need stay as they are.
    assert "é \U0001f469\u200d\U0001f4bb" in out
    assert out.isprintable() or set(filter(lambda each: not each.isprintable(), out)) == {"\n", "\u200d"}


# --- help: every command shows an example that runs ------------------------------------------------------------


def commands(command: Any, way: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group, by the words that call it."""
    below = getattr(command, "commands", {})
    return [way, *(found for name, each in below.items() for found in commands(each, (*way, name)))]


COMMANDS = commands(command_tree())
# Those without commands below them. ``ask`` needs a terminal and has a test of its own.
RUNNABLE = [
    way for way in COMMANDS if way != ("ask",) and not any(way == each[: len(way)] != each for each in COMMANDS)
]


def example_of(way: tuple[str, ...]) -> str:
    """The example in the help of a command, on a terminal wide enough to show it on one line."""
    arguments = [*way, "--help"]
    shown = CliRunner().invoke(app, arguments, prog_name="formatpicker", terminal_width=300).stdout
    found = re.search(r"Example: (.+)\n", shown)
    return found[1] if found else ""


@pytest.fixture
def workplace(tmp_path: Path, answers: str) -> Path:
    """A folder with the files that examples name, and the command on the way to it."""
    (tmp_path / "my-answers.yaml").write_text(Path(answers).read_text())
    (tmp_path / "students.csv").write_text("id,goals,pay\na1,explore,required\n")
    for name in ("my-catalog.yaml", "old.yaml", "new.yaml"):
        (tmp_path / name).write_bytes(shipped_path().read_bytes())
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "formatpicker"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m formatpicker "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return tmp_path


@pytest.mark.parametrize("way", COMMANDS, ids=lambda way: " ".join(way) or "formatpicker")
def test_the_help_of_every_command_shows_an_example(way: tuple[str, ...]) -> None:
    assert "formatpicker" in example_of(way)


@pytest.mark.parametrize("way", RUNNABLE, ids=" ".join)
def test_the_example_in_the_help_works(way: tuple[str, ...], workplace: Path) -> None:
    assert example_of(way)
    path = f"{workplace / 'bin'}:{environment()['PATH']}"
    ran = subprocess.run(
        ["sh", "-c", example_of(way)], cwd=workplace, env=environment({"PATH": path}), capture_output=True, check=False
    )
    # What batch has to say of a run, and where a page is, is no error.
    assert (ran.returncode, ran.stderr if way not in (("batch",), ("report",)) else b"") == (0, b"")


def test_the_example_of_ask_works(tmp_path: Path) -> None:
    words = example_of(("ask",)).split()
    assert words[0] == "formatpicker"
    child = spawn(*words[1:], cwd=tmp_path)
    child.expect("formatpicker")
    child.sendline("q")
    assert ended(child) == 0


@pytest.mark.parametrize("way", COMMANDS, ids=lambda way: " ".join(way) or "formatpicker")
def test_help_fits_80_columns_and_no_sentence_of_it_is_cut(way: tuple[str, ...]) -> None:
    lines = Ran(*way, "--help").out.splitlines()
    assert max(map(len, lines)) <= 80
    commands = lines[lines.index("Commands:") :] if "Commands:" in lines else []
    assert not [line for line in commands if line.endswith("...")]
