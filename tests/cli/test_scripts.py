"""The command line in scripts: what is read and written without a person in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract import document_faults
from formatpicker.cli.app import MAY_FIND_NOTHING, command_tree
from running import run, run_here

ANA = "id: Zoë\ngoals: [explore, portfolio]\nweeks: 8\n"
BEN = '{"goals": ["employment"], "weeks": "2 years"}'
# Too little time for any format.
CEM = "weeks: 1 day\nhours_per_week: 1\n"
WRONG = "weks: 3\ngoals: [exlore]\npay: maybe\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"ana.yaml": ANA, "ben.json": BEN, "cem.yaml": CEM, "wrong.yaml": WRONG}.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def errors(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    assert document_faults(document) == []
    found: list[dict[str, Any]] = document["errors"]
    return found


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_all_faults_of_a_file_are_told_at_once(folder: Path, command: str) -> None:
    done = run_here(command, "wrong.yaml", "--json")
    assert (done.code, done.text) == (2, "")
    found = errors(done.message)
    assert [(each["file"], each["line"], each["key"], each["value"]) for each in found] == [
        ("wrong.yaml", 1, "weks", None),
        ("wrong.yaml", 2, "goals", "exlore"),
        ("wrong.yaml", 3, "pay", "maybe"),
    ]
    assert found[0]["hint"].startswith("did you mean 'weeks'?")


def test_all_faults_are_told_to_people_a_line_each(folder: Path) -> None:
    done = run_here("recommend", "wrong.yaml")
    assert [line.partition(": not")[0] for line in done.message.splitlines()] == [
        "formatpicker: wrong.yaml:1: weks",
        "formatpicker: wrong.yaml:2: goals = 'exlore'",
        "formatpicker: wrong.yaml:3: pay = 'maybe'",
    ]


def test_all_faults_of_settings_are_told_at_once() -> None:
    done = run_here("recommend", "--set", "weeks=soon", "--set", "pay=maybe", "--json")
    assert [each["key"] for each in errors(done.message)] == ["weeks", "pay"]


def test_a_value_is_told_as_it_was_typed() -> None:
    (found,) = errors(run_here("recommend", "--set", "weeks=9000", "--json").message)
    assert found["value"] == "9000"


def test_a_fault_of_the_program_is_json_too(tmp_path: Path) -> None:
    # Nothing of the package can be made to fail from outside; a module of that name in its place does.
    broken = tmp_path / "formatpicker_broken.py"
    broken.write_text(
        "import sys\nfrom formatpicker import __main__, cli\n"
        "def fail(): raise KeyError('a secret')\n"
        "cli.main = fail\nsys.argv = ['formatpicker', 'recommend', '--json']\n__main__.main()\n"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, str(broken)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (70, "")
    (found,) = errors(done.stderr)
    assert found["message"].startswith("a fault of the program itself, KeyError in ")
    assert "secret" not in done.stderr


# --- exit codes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["recommend", "explain", "report"])
def test_exit_zero_takes_the_place_of_exit_one(folder: Path, command: str) -> None:
    plain, asked = run_here(command, "cem.yaml"), run_here(command, "cem.yaml", "--exit-zero")
    assert (plain.code, asked.code) == (1, 0)
    assert plain.text == asked.text


def test_exit_zero_is_for_rejected_rows_and_broken_laws_too(folder: Path) -> None:
    (folder / "people.csv").write_text("weeks\n4\nsoon\n")
    assert run_here("batch", "people.csv").code == 1
    assert run_here("batch", "people.csv", "--exit-zero").code == 0


def test_exit_zero_hides_no_error(folder: Path) -> None:
    assert run_here("recommend", "wrong.yaml", "--exit-zero").code == 2


def test_every_command_that_may_find_nothing_has_the_option() -> None:
    commands = command_tree().commands
    having = {name for name, each in commands.items() if "--exit-zero" in [opt for p in each.params for opt in p.opts]}
    assert having == set(MAY_FIND_NOTHING)


# --- streams ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["recommend", "explain", "report"])
def test_standard_input_is_read_where_no_file_is_named(command: str) -> None:
    named, piped = run_here(command, "-", stdin=BEN.encode()), run_here(command, stdin=BEN.encode())
    assert (piped.code, piped.text) == (0, named.text)


@pytest.mark.parametrize("given", [b"", b"  \n\n"], ids=["nothing", "blank"])
def test_an_empty_standard_input_holds_no_answers(given: bytes) -> None:
    done = run_here("recommend", stdin=given)
    assert (done.code, done.text) == (2, "")
    assert done.message == (
        "formatpicker: recommend: no answers: name a FILE, - for standard input, or use --set KEY=VALUE\n"
    )


def test_settings_alone_leave_standard_input_to_others() -> None:
    assert json.loads(run_here("recommend", "--set", "weeks=8", "--json", stdin=BEN.encode()).text)["answers"] == {
        "weeks": 8
    }


def test_faults_of_what_was_piped_name_it_and_the_line() -> None:
    done = run_here("recommend", stdin=WRONG.encode())
    assert done.message.startswith("formatpicker: standard input:1: weks: not a known question")


def test_ascii_escapes_what_json_holds_and_says_the_same(folder: Path) -> None:
    plain = run("recommend", "ana.yaml", "--json", cwd=folder)
    escaped = run("recommend", "ana.yaml", "--json", "--ascii", cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert not plain.out.isascii()
    assert escaped.out.isascii()
    assert json.loads(escaped.out) == json.loads(plain.out)


def test_ascii_holds_for_one_run_only(folder: Path) -> None:
    assert run_here("recommend", "ana.yaml", "--json", "--ascii").out.isascii()
    assert not run_here("recommend", "ana.yaml", "--json").out.isascii()


@pytest.mark.parametrize("kind", ["jsonl", "json"])
def test_ascii_holds_for_the_lines_of_a_table(folder: Path, kind: str) -> None:
    (folder / "people.csv").write_text("id,weeks\nZoë \u2192 \U0001f600,4\n", "utf-8")
    more = ["--json"] if kind == "json" else []
    plain = run_here("batch", "people.csv", "-o", f"plain.{kind}", *more)
    escaped = run_here("batch", "people.csv", "-o", f"escaped.{kind}", "--ascii", *more)
    assert (plain.code, escaped.code) == (0, 0)
    texts = [(folder / f"{name}.{kind}").read_text("utf-8") for name in ("plain", "escaped")]
    assert [text.isascii() for text in texts] == [False, True]
    assert json.loads(texts[0]) == json.loads(texts[1])


# --- many files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_several_files_give_a_line_each(folder: Path, command: str) -> None:
    done = run_here(command, "ana.yaml", "ben.json", "cem.yaml", "--json", "--set", "region=us")
    lines = [json.loads(line) for line in done.text.splitlines()]
    assert done.code == 1  # nothing for the third
    # Who has no id goes by the name of the file.
    assert [each["id"] for each in lines] == ["Zoë", "ben.json", "cem.yaml"]
    for line, file in zip(lines, ("ana.yaml", "ben.json", "cem.yaml"), strict=True):
        assert document_faults(line) == []
        alone = json.loads(run_here(command, file, "--json", "--set", "region=us").text)
        assert {**line, "id": None, "answers": None} == {**alone, "id": None, "answers": None}


def test_a_file_at_fault_keeps_no_other_from_its_result(folder: Path) -> None:
    done = run_here("recommend", "wrong.yaml", "ana.yaml", "missing.yaml", "--json", "--fields", "id,top")
    assert done.code == 2
    assert json.loads(done.text) == {"id": "Zoë", "top": ["micro-internship"]}
    assert [each["file"] for each in errors(done.message)] == ["wrong.yaml"] * 3 + ["missing.yaml"]


def test_several_files_give_a_page_each(folder: Path) -> None:
    done = run_here("recommend", "ana.yaml", "ben.json")
    pages = [run_here("recommend", name).text for name in ("ana.yaml", "ben.json")]
    assert done.text == f"== Zoë ==\n{pages[0]}== ben.json ==\n{pages[1]}"
