from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import formatpicker
from running import COMMAND, ESCAPE, HOSTILE, Ended, controls, ended, run, spawn

YAML = b"goals: [explore, portfolio]\nweeks: 3 months\nhours_per_week: 10\npay: required\nexperience: none\n"
JSON = json.dumps(
    {
        "goals": ["explore", "portfolio"],
        "weeks": "3 months",
        "hours_per_week": 10,
        "pay": "required",
        "experience": "none",
    }
).encode()
SETTINGS = ["--set", "goals=explore,portfolio", "--set", "weeks=4"]


@pytest.fixture(scope="module")
def usual() -> Ended:
    """A result with every section, run in the environment of these tests."""
    done = run("recommend", "-", "--details", stdin=YAML)
    assert (done.code, done.err) == (0, b"")
    return done


# --- streams ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["recommend", *SETTINGS], ["formats"], ["catalog", "check"]], ids=" ".join)
def test_a_result_goes_to_standard_output(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.code, done.err) == (0, b"")
    assert done.out.endswith(b"\n")


@pytest.mark.parametrize(
    "arguments",
    [["recommend", "missing.yaml"], ["formats", "nothing"], ["ask"], ["recommend", "--no-such"]],
    ids=" ".join,
)
def test_an_error_goes_to_standard_error(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, b"")
    assert done.err.endswith(b"\n")


def test_a_result_without_a_top_ends_with_exit_code_1() -> None:
    done = run("recommend", "--set", "weeks=0.14", "--set", "hours_per_week=1", "--json")
    assert (done.code, done.err) == (1, b"")
    assert json.loads(done.out)["top"] == []


# --- pipes -----------------------------------------------------------------------------------------------------

WRITING = [
    ["recommend", *SETTINGS],
    ["recommend", *SETTINGS, "--json"],
    ["compare", "internship", "apprenticeship"],
    ["schema", "catalog"],
    ["--help"],
]


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_a_closed_pipe_ends_the_program_quietly(arguments: list[str]) -> None:
    # The reader is gone before the first byte, so that every write fails whatever the pipe could hold.
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.stderr == b""


def test_head_takes_one_line_and_no_complaint_follows() -> None:
    command = (
        f"'{sys.executable}' -m formatpicker compare internship micro-internship apprenticeship gigternship --json"
    )
    done = subprocess.run(["sh", "-c", f"{command} | head -1"], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{\n", b"")


@pytest.mark.parametrize(
    "command",
    [
        "recommend - --json >&-",
        "recommend - --json > /dev/full",
        "recommend - <&-",
        "ask <&-",
        "<&-",
        "--help > /dev/full",
    ],
)
def test_a_stream_that_cannot_be_used_makes_no_traceback(command: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m formatpicker {command}"],
        input=b"weeks: 4\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "--help >&-",
        "--version >&-",
        "recommend --help >&-",
        "template --to xlsx >&-",
        "--help > /dev/full",
        "--version > /dev/full",
        "bogus 2> /dev/full",
        "bogus 2>&-",
    ],
)
def test_what_cannot_be_told_ends_with_exit_code_2(command: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m formatpicker {command}"], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    if "2>" in command:
        assert done.stderr == b""
    else:
        assert done.stderr.startswith(b"formatpicker: standard output: cannot be written (")


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_a_reader_that_went_away_is_no_failure(argument: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([*COMMAND, argument], stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


# --- the way in and out ----------------------------------------------------------------------------------------


def ran_in(code: str) -> Ended:
    """Run some code that enters the command line in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    return Ended(done.returncode, done.stdout, done.stderr)


def test_an_interrupt_while_the_program_is_loaded_ends_it_quietly() -> None:
    code = """
import sys
class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from formatpicker.__main__ import main
sys.argv = ["formatpicker", "--help"]
main()
"""
    assert ran_in(code) == Ended(130, b"", b"")


def test_the_version_is_the_same_whichever_way_it_is_told() -> None:
    # Beside another argument the command line tells it, alone it is told before that is loaded.
    told = run("--version")
    assert (told.code, told.err) == (0, b"")
    assert run("--version", "recommend") == told
    assert told.text == f"formatpicker {formatpicker.__version__}\n"


def test_what_is_to_be_done_at_the_end_is_done() -> None:
    code = """
import atexit, sys
atexit.register(sys.stderr.write, "at the end\\n")
from formatpicker.__main__ import main
sys.argv = ["formatpicker", "recommend", "--bogus"]
main()
"""
    done = ran_in(code)
    assert (done.code, done.out) == (2, b"")
    assert done.message.endswith("at the end\n")


def test_a_thread_that_still_works_is_waited_for() -> None:
    code = """
import sys, threading, time
def work():
    time.sleep(0.2)
    print("worked", flush=True)
threading.Thread(target=work).start()
from formatpicker.__main__ import main
sys.argv = ["formatpicker", "--version"]
main()
"""
    done = ran_in(code)
    assert (done.code, done.out.split()[-1]) == (0, b"worked")


# --- standard input and the way back ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(JSON, id="JSON"),
        pytest.param(YAML.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(b"# a note\n---\n" + YAML + b"credit: skip\nage:\n", id="comment, start mark and open answers"),
    ],
)
def test_answers_are_read_from_standard_input(data: bytes, usual: Ended) -> None:
    assert run("recommend", "-", "--details", stdin=data) == usual


def test_answers_from_standard_input_are_told_back() -> None:
    done = run("recommend", "-", "--json", stdin=YAML)
    assert (done.code, done.err) == (0, b"")
    # 3 months are 3 x 365.25 / 12 = 91.3, so 91 days, so 13 weeks.
    assert json.loads(done.out)["answers"] == {**json.loads(JSON), "weeks": 13}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"goals: {income: 5, balance: 5, explore: 1}\nweeks: 3 days\nhours_per_week: 1\n", id="blocked"),
        pytest.param(b"weeks: 8 months\nstart_within_weeks: 0\nage: 17\nwork_permit: unsure\n", id="months and facts"),
    ],
)
def test_the_answers_of_a_recommendation_give_the_same_bytes_again(data: bytes) -> None:
    first = run("recommend", "-", "--json", stdin=data)
    again = run("recommend", "-", "--json", stdin=json.dumps(json.loads(first.out)["answers"]).encode())
    assert (again.code, again.out, again.err) == (first.code, first.out, b"")


# --- the same everywhere ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["recommend", "-", "--details"], ["recommend", "-", "--json"]], ids=" ".join)
def test_the_same_input_gives_the_same_bytes(arguments: list[str], tmp_path: Path) -> None:
    first = run(*arguments, stdin=YAML, env={"PYTHONHASHSEED": "0"})
    assert first.code == 0
    assert run(*arguments, stdin=YAML, env={"PYTHONHASHSEED": "4242"}).out == first.out
    # A cold cache, another folder and another language change nothing either.
    moved = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "random"}
    assert run(*arguments, stdin=YAML, env=moved, cwd=tmp_path).out == first.out


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"NO_COLOR": "1"}, id="NO_COLOR"),
        pytest.param({"TERM": "dumb"}, id="dumb terminal"),
        pytest.param({"LC_ALL": "C"}, id="C locale"),
        pytest.param({"HOME": None, "XDG_CACHE_HOME": None}, id="no HOME"),
        pytest.param({"XDG_CACHE_HOME": "/proc/no/such/folder"}, id="a cache that cannot be written"),
        pytest.param({"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, id="FORCE_COLOR: colour is for terminals"),
    ],
)
def test_the_environment_changes_no_byte(env: Mapping[str, str | None], usual: Ended) -> None:
    assert run("recommend", "-", "--details", stdin=YAML, env=env) == usual


ASCII: list[dict[str, str | None]] = [
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
]


@pytest.mark.parametrize("env", ASCII, ids=["C locale taken at its word", "ASCII streams", "Windows"])
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["text", "JSON"])
def test_files_and_pipes_get_utf_8_whatever_the_console(json: list[str], env: dict[str, str | None]) -> None:
    given = '{"id": "Zoë →", "weeks": 4, "goals": ["explore"]}'.encode()
    done = run("recommend", "-", *json, stdin=given, env=env)
    assert (done.code, done.err) == (0, b"")
    assert done == run("recommend", "-", *json, stdin=given)
    assert ("Zoë →" in done.text) is bool(json)


def test_messages_are_utf_8_too() -> None:
    done = run("recommend", "-", stdin="größe: 4\n".encode(), env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 2
    assert "größe: not a known question" in done.message


def test_a_narrow_terminal_gets_a_result() -> None:
    done = run("recommend", "-", stdin=YAML, env={"COLUMNS": "20"})
    assert (done.code, done.err) == (0, b"")
    assert "micro-internship" in done.text


# --- a terminal ------------------------------------------------------------------------------------------------


def shown(*arguments: str, **env: str | None) -> str:
    """All that a command writes to a terminal, escapes included."""
    child = spawn(*arguments, env=env)
    code = ended(child)
    assert code == 0
    return str(child.before)


def test_a_terminal_that_takes_only_ascii_gets_ascii_and_whole_json(tmp_path: Path) -> None:
    (tmp_path / "me.json").write_text('{"id": "Zoë →", "weeks": 4, "goals": ["explore"]}', "utf-8")
    file = str(tmp_path / "me.json")
    assert shown("recommend", file, "--details", PYTHONIOENCODING="ascii").isascii()
    assert r'"id": "Zo\u00eb \u2192"' in shown("recommend", file, "--json", PYTHONIOENCODING="ascii")


def test_colour_on_a_terminal() -> None:
    assert ESCAPE in shown("recommend", *SETTINGS)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb terminal"])
def test_no_colour_where_it_is_not_wanted(env: dict[str, str | None]) -> None:
    assert ESCAPE not in shown("recommend", *SETTINGS, "--details", **env)


def test_json_on_a_terminal_has_no_colour() -> None:
    assert ESCAPE not in shown("recommend", *SETTINGS, "--json")


# --- control characters ----------------------------------------------------------------------------------------

QUOTED = json.dumps(HOSTILE)


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        pytest.param(["recommend", "-"], f'{{"pay": {QUOTED}}}', id="a value"),
        pytest.param(["recommend", "-"], f'{{{QUOTED}: "required"}}', id="a key"),
        pytest.param([HOSTILE], "", id="a command"),
        pytest.param([f"--{HOSTILE}"], "", id="an option"),
    ],
)
def test_control_characters_of_an_input_never_reach_a_stream(arguments: list[str], stdin: str) -> None:
    done = run(*arguments, stdin=stdin.encode())
    assert done.code == 2
    assert controls(done.message) == set()
    assert done.out == b""


def test_bytes_that_are_no_text_in_arguments_are_answered() -> None:
    for arguments in ([b"recommend", b"--set", b"weeks=\xff"], [b"recommend", b"\xff.yaml"], [b"\xff"]):
        done = run(*arguments)
        assert done.code == 2
        assert b"Traceback" not in done.err


# --- privacy ---------------------------------------------------------------------------------------------------


def test_an_answer_that_is_not_at_fault_is_not_told() -> None:
    done = run("recommend", "-", stdin=b"pay: nonsense\nage: 17\nweeks: 41\n")
    assert done.code == 2
    assert b"17" not in done.err
    assert b"41" not in done.err
    assert b"Traceback" not in done.err


def test_answers_are_kept_nowhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    env: dict[str, str | None] = {"HOME": str(home), "XDG_CACHE_HOME": None, "TMPDIR": str(home)}
    assert run("recommend", "-", stdin=b"age: 17\nweeks: 41.14\nregion: fr\n", env=env, cwd=home).code == 0
    kept = [file for file in home.rglob("*") if file.is_file()]
    # The catalog's cache alone, under the hash of the catalog's file.
    assert [file.parent.relative_to(home).as_posix() for file in kept] == [".cache/formatpicker"]
    assert b"41.14" not in kept[0].read_bytes()


# Runs the command line with a fault in it that has an answer in its message.
FAULTY = """
import sys
from formatpicker.__main__ import main
from formatpicker.advice import recommendation
def faulty(catalog, answers):
    raise KeyError("secret", answers)
recommendation.recommend = faulty
sys.argv = ["formatpicker", "recommend", "--set", "weeks=4"]
main()
"""


def test_a_fault_of_the_program_asks_for_a_report_that_holds_no_answers() -> None:
    done = subprocess.run([sys.executable, "-c", FAULTY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.startswith("formatpicker: a fault of the program itself, KeyError in ")
    assert "Please report it" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
