"""Completion on Tab: Typer speaks to the shell; formats, questions and answers come from the catalog."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from formatpicker import Catalog
from formatpicker.cli.app import COMMANDS
from formatpicker.output.json.schemas import SCHEMAS
from running import HOSTILE, Ended, controls, environment, run

TOY = Path(__file__).parent.parent / "cases" / "toy.yaml"


def asked(line: str, **env: str | None) -> Ended:
    """What fish is told when Tab is pressed at the end of a line: a word a line, a tab, its meaning."""
    variables = {
        "_FORMATPICKER_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": f"formatpicker {line}",
    }
    return run(env={**variables, **env})


def words(line: str) -> list[str]:
    """The words that may stand at the end of a line."""
    return [word.partition("\t")[0] for word in asked(line).text.splitlines() if word]


def test_commands_are_completed_with_what_they_do() -> None:
    told = dict(line.split("\t") for line in asked("").text.splitlines())
    assert list(told) == list(COMMANDS)
    assert told["formats"] == "List the formats, or show one whole."


ANSWERS_ON_PAY = ["pay=required", "pay=preferred", "pay=not_needed"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("expl", ["explain"], id="a command"),
        pytest.param("catalog di", ["diff"], id="a command of a group"),
        pytest.param("recommend --se", ["--set"], id="an option"),
        pytest.param("recommend --set pay=required --se", ["--set"], id="an option that may be repeated"),
        pytest.param("explain --format ", ["text", "markdown"], id="the choices of an option"),
        pytest.param("formats micro-in", ["micro-internship"], id="a format"),
        pytest.param("compare internship micro-int", ["micro-internship"], id="the next format"),
        pytest.param("schema ", list(SCHEMAS), id="schemas"),
        pytest.param("recommend --set hours", ["hours_per_week="], id="a question with numbers for answers"),
        pytest.param("recommend --set cre", ["credit=", "credential="], id="two questions"),
        pytest.param("recommend --set pa", ANSWERS_ON_PAY, id="the only question, with its answers"),
        pytest.param("recommend --set pay=", ANSWERS_ON_PAY, id="the answers of a question"),
        pytest.param("recommend --set pay=r", ["pay=required"], id="one answer"),
        pytest.param("recommend --json me.yaml --set pay=r", ["pay=required"], id="after other arguments"),
        pytest.param("recommend --set goals=portf", ["goals=portfolio"], id="a goal"),
        pytest.param("recommend --set goals=explore,expl", [], id="no goal twice"),
        pytest.param("recommend --set goals=explore,portf", ["goals=explore,portfolio"], id="a second goal"),
        pytest.param("recommend --set weeks=", [], id="a number, which nobody can complete"),
        pytest.param("recommend --set nothing=", [], id="a question that is not known"),
        pytest.param("formats nothing", [], id="a format that is not known"),
        pytest.param("recommend ", [], id="a file is left to the shell"),
    ],
)
def test_words_are_completed(line: str, expected: list[str]) -> None:
    assert words(line) == expected


def test_all_formats_and_all_questions_are_offered(shipped: Catalog) -> None:
    assert words("formats ") == list(shipped.formats)
    assert words("explain --set ") == [f"{id}=" for id in shipped.questions]


def test_a_catalog_that_the_line_or_the_environment_names_is_the_one_in_force(toy: Catalog) -> None:
    ids = list(toy.formats)
    assert words(f"formats --catalog {TOY} ") == ids
    named = asked("formats ", FORMATPICKER_CATALOG=str(TOY))
    assert [line.partition("\t")[0] for line in named.text.splitlines()] == ids


@pytest.mark.parametrize("name", ["broken.yaml", "missing.yaml"])
def test_a_broken_catalog_is_no_reason_to_write_into_a_prompt(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.yaml").write_text("formats: [\n")
    for line in ("formats", "recommend --set"):
        done = asked(f"{line} --catalog {tmp_path / name} m")
        assert (done.out.strip(), done.err) == (b"", b"")


def test_control_characters_of_a_catalog_never_reach_the_prompt(tmp_path: Path) -> None:
    text = TOY.read_text("utf-8")
    hostile = tmp_path / "hostile.yaml"
    shown = HOSTILE.encode("unicode_escape").decode()
    assert "    label: Goals\n" in text
    hostile.write_text(text.replace("    label: Goals\n", f'    label: "{shown}"\n'), "utf-8")
    done = asked(f"recommend --catalog {hostile} --set ")
    assert "goals=\t" in done.text
    assert controls(done.text) <= {"\t"}
    assert done.err == b""


ON_PATH = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])


@pytest.fixture
def typed_in_bash(tmp_path: Path) -> Callable[[str], str]:
    """What a line becomes in a real bash that has the script of ``--show-completion``; a Tab in it is pressed."""

    def type_in(line: str) -> str:
        script = tmp_path / "script.bash"
        script.write_bytes(run(env={"_FORMATPICKER_COMPLETE": "source_bash"}).out)
        env = environment({"TERM": "dumb", "PATH": ON_PATH, "HOME": str(tmp_path), "PS1": "> "})
        child: Any = pexpect.spawn(
            "bash",
            ["--norc", "--noprofile", "-i"],
            env=env,
            cwd=str(tmp_path),
            encoding="utf-8",
            timeout=30,
            dimensions=(24, 200),
        )
        child.sendline(f". {script}; echo rea''dy")
        child.expect("ready")
        child.send(line)
        child.send("\x01echo 'the line is: '\x05\n")  # to the beginning of the line, and back to its end
        child.expect("\nthe line is: ([^\r\n]*)\r?\n")
        found = str(child.match[1])
        child.close(force=True)
        return found

    return type_in


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("formatpicker expl\t", "formatpicker explain"),
        ("formatpicker recommend --set pa\t", "formatpicker recommend --set pay="),
        ("formatpicker compare internship appr\t", "formatpicker compare internship apprenticeship"),
        ("formatpicker recommend answ\t", "formatpicker recommend answers.yaml"),
    ],
)
def test_a_real_shell_completes(typed_in_bash: Callable[[str], str], tmp_path: Path, typed: str, becomes: str) -> None:
    (tmp_path / "answers.yaml").touch()
    assert typed_in_bash(typed).rstrip() == becomes
