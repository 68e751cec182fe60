"""Completion on Tab: what the shells are told, what real ones make of it, and how it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from formatpicker import Catalog
from formatpicker.cli import app
from formatpicker.cli.completion import answer, candidates
from formatpicker.cli.shells import SCRIPTS, installed
from formatpicker.errors import InputError
from formatpicker.output.json.schemas import SCHEMAS
from running import COMMAND, HOSTILE, Ended, controls, environment, run

GROUP: Any = typer.main.get_command(app)
A_FILE, NOTHING = 0, 1
# Runs the command line as ``main`` does, then tells what was imported.
PROBE = """
import sys
from formatpicker.cli import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def asked(shell: str, line: str, **env: str | None) -> Ended:
    """What a shell is told when Tab is pressed at the end of a line."""
    return run(env={"_FORMATPICKER_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line, **env})


def told(shell: str, line: str) -> list[str]:
    done = asked(shell, line)
    assert done.err == b""
    return done.text.splitlines()


def words(line: str) -> list[str]:
    """The same without a process and without the meanings."""
    *before, partial = line.split(" ")
    return [word for word, _ in candidates(GROUP, before, partial)[0]]


# --- what may come next -------------------------------------------------------------------------------------------


def test_commands_are_completed_with_what_they_do() -> None:
    told_ = dict(line.split("\t") for line in told("fish", "formatpicker "))
    assert list(told_) == list(GROUP.commands)
    assert told_["formats"] == "List the formats, or show one whole."
    assert words("expl") == ["explain"]
    assert words("catalog di") == ["diff"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("recommend --se", ["--set"], id="an option"),
        pytest.param("recommend --set pay=required --se", ["--set"], id="an option that may be repeated"),
        pytest.param("recommend --json --js", [], id="an option that was given"),
        pytest.param("recommend -- --js", [], id="no option after two hyphens"),
        pytest.param("explain --format ", ["text", "markdown"], id="the choices of an option"),
        pytest.param("explain --format=m", ["--format=markdown"], id="joined to the option"),
        pytest.param("formats micro-in", ["micro-internship"], id="a format"),
        pytest.param("compare internship micro-int", ["micro-internship"], id="the next format"),
        pytest.param("schema ", list(SCHEMAS), id="schemas"),
        pytest.param("recommend --set hours", ["hours_per_week="], id="a question"),
        pytest.param("recommend --set pay=", ["pay=required", "pay=preferred", "pay=not_needed"], id="its answers"),
        pytest.param("recommend --set pay=r", ["pay=required"], id="one answer"),
        pytest.param("recommend --json me.yaml --set pay=r", ["pay=required"], id="after other arguments"),
        pytest.param("recommend --set=pay=r", ["--set=pay=required"], id="joined to its option"),
        pytest.param("recommend --set goals=portf", ["goals=portfolio"], id="a goal"),
        pytest.param("recommend --set goals=explore,expl", [], id="no goal twice"),
        pytest.param("recommend --set goals=explore,portf", ["goals=explore,portfolio"], id="a second goal"),
        pytest.param("recommend --set weeks=", [], id="a number, which nobody can complete"),
    ],
)
def test_words_are_completed(line: str, expected: list[str]) -> None:
    assert words(line) == expected


def test_all_formats_and_all_questions_are_offered(shipped: Catalog) -> None:
    assert words("formats ") == list(shipped.formats)
    assert words("explain --set ") == [f"{id}=" for id in shipped.questions]


def test_a_catalog_that_the_line_or_the_environment_names_is_the_one_in_force(toy: Catalog) -> None:
    file = str(Path(__file__).parent.parent / "cases" / "toy.yaml")
    ids = list(toy.formats)
    assert words(f"formats --catalog {file} ") == ids
    assert words(f"formats --catalog={file} ") == ids
    done = asked("bash", "formatpicker formats ", FORMATPICKER_CATALOG=file)
    assert done.text.splitlines() == ids


@pytest.mark.parametrize(
    "line", ["recommend ", "recommend --catalog ", "catalog check x", "catalog diff a ", "ask --save "]
)
def test_file_names_are_left_to_the_shell(line: str) -> None:
    done = asked("bash", f"formatpicker {line}")
    assert (done.code, done.out, done.err) == (A_FILE, b"", b"")


@pytest.mark.parametrize(
    "line",
    [
        "recommend --set weeks=",
        "nothing ",
        "formats nothing",
        "recommend --set nothing=",
        "formats a b ",
        "'",
        "x\\",
        "",
    ],
)
@pytest.mark.parametrize("shell", ["bash", "other"])
def test_where_nothing_fits_nothing_is_told(shell: str, line: str) -> None:
    done = asked(shell, f"formatpicker {line}")
    assert (done.code, done.out, done.err) == (NOTHING, b"", b"") or line in ("'", "x\\", "")
    assert done.err == b""


def test_a_broken_catalog_is_no_reason_to_write_into_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("formats: [\n")
    for name in ("broken.yaml", "missing.yaml"):
        done = asked("zsh", f"formatpicker formats --catalog {tmp_path / name} m")
        assert (done.code, done.out, done.err) == (NOTHING, b"", b"")


@given(
    st.lists(
        st.sampled_from(["recommend", "--set", "catalog", "=", "pay=", "--catalog", "-", "--", "--x=y"]) | st.text()
    )
)
def test_no_line_makes_it_complain(parts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_FORMATPICKER_COMPLETE", "complete_zsh")
        patch.setenv("_TYPER_COMPLETE_ARGS", " ".join(["formatpicker", *parts]).replace("\0", ""))
        patch.setattr(sys, "stdout", open(os.devnull, "w"))  # noqa: SIM115, PTH123
        assert answer(GROUP) in (A_FILE, NOTHING)
        sys.stdout.close()


# --- the protocol of each shell -----------------------------------------------------------------------------------


def test_bash_is_told_only_what_it_replaces() -> None:
    # Bash begins a new word after "=": "pay=" must not stand there twice.
    assert told("bash", "formatpicker recommend --set pay=re") == ["required"]
    assert told("bash", "formatpicker recommend --set 'pay=re") == ["pay=required"]  # but not inside quotes


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_are_told_whole_words_and_what_they_mean(shell: str) -> None:
    assert told(shell, "formatpicker recommend --set pay=re") == ["pay=required\tYes, it must be paid"]


def test_a_line_given_as_words_is_understood_as_well() -> None:
    env = {"_FORMATPICKER_COMPLETE": "complete_bash", "COMP_WORDS": "formatpicker\nrec\nx", "COMP_CWORD": "1"}
    assert run(env=env).text == "recommend\n"


def test_control_characters_of_a_catalog_never_reach_the_prompt(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "cases" / "toy.yaml").read_text("utf-8")
    hostile = tmp_path / "hostile.yaml"
    shown = HOSTILE.encode("unicode_escape").decode()
    assert "    label: Goals\n" in text
    hostile.write_text(text.replace("    label: Goals\n", f'    label: "{shown}"\n'), "utf-8")
    done = asked("fish", f"formatpicker recommend --catalog {hostile} --set ")
    assert "goals=\t" in done.text
    assert controls(done.text) <= {"\t"}
    assert done.err == b""


def test_completion_loads_only_what_it_needs() -> None:
    def loaded(line: str) -> set[str]:
        env = environment({"_FORMATPICKER_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": f"formatpicker {line}"})
        done = subprocess.run([sys.executable, "-c", PROBE], env=env, capture_output=True, text=True, check=False)
        return set(done.stderr.split())

    loaded("recommend --set pay=")  # the first run leaves the checked catalog in the cache
    heavy = {"rich", "pydantic", "yaml", "formatpicker.advice.recommendation", "formatpicker.catalog.schema"}
    with_catalog, without = loaded("recommend --set pay="), loaded("recommend --de")
    assert "formatpicker.catalog.store" in with_catalog
    assert with_catalog & heavy == set()
    assert without & {*heavy, "formatpicker.catalog.store"} == set()


# --- real shells --------------------------------------------------------------------------------------------------

ON_PATH = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
SHELLS = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i"]}
BEGINNING_OF_LINE, END_OF_LINE, RESULT = "\x01", "\x05", "the line is: "


@pytest.fixture
def typed_in(tmp_path: Path) -> Callable[[str, str], str]:
    """What a line becomes in a real shell that has completion; a Tab in it is pressed."""

    def type_in(shell: str, line: str) -> str:
        script = tmp_path / f"script.{shell}"
        script.write_text(SCRIPTS[shell])
        env = environment({"TERM": "dumb", "PATH": ON_PATH, "HOME": str(tmp_path), "PS1": "> ", "ZDOTDIR": None})
        child: Any = pexpect.spawn(
            shell, SHELLS[shell], env=env, cwd=str(tmp_path), encoding="utf-8", timeout=30, dimensions=(24, 200)
        )
        child.sendline(f". {script}; echo rea''dy")
        child.expect("ready")
        child.send(line)
        child.send(f"{BEGINNING_OF_LINE}echo '{RESULT}'{END_OF_LINE}\n")
        child.expect(f"\n{RESULT}([^\r\n]*)\r?\n")
        found = str(child.match[1])
        child.close(force=True)
        return found

    return type_in


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("formatpicker expl\t", "formatpicker explain"),
        ("formatpicker recommend --set pa\trequ\t--js\t", "formatpicker recommend --set pay=required --json"),
        ("formatpicker recommend --set goals=explore,portf\t", "formatpicker recommend --set goals=explore,portfolio"),
        ("formatpicker compare internship appr\t", "formatpicker compare internship apprenticeship"),
        ("formatpicker recommend answ\t", "formatpicker recommend answers.yaml"),
        ("formatpicker recommend --set weeks=answ\t", "formatpicker recommend --set weeks=answ"),
    ],
)
def test_a_real_shell_completes(typed_in: Callable[[str, str], str], tmp_path: Path, typed: str, becomes: str) -> None:
    (tmp_path / "answers.yaml").touch()
    assert typed_in("bash", typed).rstrip() == becomes


def test_every_shell_that_is_here_completes_a_setting(typed_in: Callable[[str, str], str]) -> None:
    here = [shell for shell in SHELLS if shutil.which(shell)]
    assert "bash" in here
    for shell in here:
        assert typed_in(shell, "formatpicker recommend --set pay=re\t").rstrip().endswith("--set pay=required"), shell


# --- installing it ------------------------------------------------------------------------------------------------


def in_bash(home: Path, option: str, **env: str | None) -> Ended:
    """Run from a bash that stays alive, as it is detected by the program that started this one."""
    done = subprocess.run(
        ["bash", "--norc", "-c", '"$@"; exit $?', "bash", *COMMAND, option],
        env=environment({"HOME": str(home), "XDG_DATA_HOME": None, "XDG_CONFIG_HOME": None, **env}),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def test_the_script_of_the_shell_in_use_is_shown(tmp_path: Path) -> None:
    done = in_bash(tmp_path, "--show-completion")
    assert (done.code, done.text, done.err) == (0, SCRIPTS["bash"], b"")
    assert list(tmp_path.iterdir()) == []


def test_installing_adds_one_line_to_the_settings_and_changes_no_other_byte(tmp_path: Path) -> None:
    settings = tmp_path / ".bashrc"
    settings.write_bytes(b"alias ll='ls -l' # \xff\r\nexport A=1")  # no UTF-8, no newline at the end
    for _ in range(2):  # a second time adds nothing
        done = in_bash(tmp_path, "--install-completion", LC_ALL="C")
        assert (done.code, done.err) == (0, b"")
        assert "Start a new bash to use it." in done.text
    script = tmp_path / ".local" / "share" / "formatpicker" / "completion.bash"
    assert script.read_text() == SCRIPTS["bash"]
    line = f"[ ! -r {script} ] || . {script}\n"
    assert settings.read_bytes() == b"alias ll='ls -l' # \xff\r\nexport A=1\n" + line.encode()


def test_what_is_installed_works_in_the_next_shell_and_does_no_harm_once_removed(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    home.mkdir()
    assert in_bash(home, "--install-completion").code == 0
    command = ["bash", "--rcfile", str(home / ".bashrc"), "-i", "-c", "complete -p formatpicker; true"]
    env = environment({"HOME": str(home)})
    loaded = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert loaded.stdout == "complete -o default -F _formatpicker_completion formatpicker\n"
    (home / ".local/share/formatpicker/completion.bash").unlink()
    removed = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (removed.returncode, removed.stdout) == (0, "")
    assert "completion.bash" not in removed.stderr


def test_zsh_and_fish_get_their_scripts_where_they_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(variable, raising=False)
    assert installed("fish") == tmp_path / ".config/fish/completions/formatpicker.fish"
    monkeypatch.setenv("ZDOTDIR", str(tmp_path / "zsh"))
    (tmp_path / "zsh").mkdir()
    script = installed("zsh")
    assert str(script) in (tmp_path / "zsh" / ".zshrc").read_text()


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = tmp_path / ".local"
    in_the_way.write_text("a file, not a folder")
    done = in_bash(tmp_path, "--install-completion")
    assert (done.code, done.out) == (2, b"")
    assert str(in_the_way) in done.message
    in_the_way.unlink()
    (tmp_path / ".bashrc").mkdir()
    done = in_bash(tmp_path, "--install-completion")
    assert (done.code, done.out) == (2, b"")
    assert ".bashrc: cannot be written (Is a directory)" in done.message


def test_a_shell_that_is_not_known_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from formatpicker.cli import shells

    monkeypatch.setattr("shellingham.detect_shell", lambda: ("tcsh", "/bin/tcsh"))
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    with pytest.raises(InputError, match="made for bash, zsh, fish; start one of them, or set SHELL to it"):
        shells.shell_in_use()
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert shells.shell_in_use() == "fish"
