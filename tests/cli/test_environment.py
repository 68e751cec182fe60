"""Faults of the surroundings: a message or less of a page, nothing lost, and never a traceback."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect
import pytest
import yaml

import formatpicker.__main__
from formatpicker.catalog.store import shipped_path
from running import COMMAND, Ended, ended, environment, run, run_here, seen, spawn

ANSWERS = b"goals: [explore, portfolio]\nweeks: 13\npay: required\n"
SETTINGS = ["--set", "goals=explore,portfolio", "--set", "weeks=13", "--set", "pay=required"]
EVERY_KIND = [
    ["recommend", *SETTINGS],
    ["recommend", *SETTINGS, "--details", "--pathways"],
    ["explain", *SETTINGS],
    ["formats"],
    ["compare", "internship", "apprenticeship"],
    ["schema", "recommendation"],
    ["catalog", "check"],
    ["catalog", "path"],
    ["--help"],
    ["--version"],
]
kinds = pytest.mark.parametrize("arguments", EVERY_KIND, ids=lambda arguments: " ".join(arguments)[:30])


@pytest.fixture(scope="module")
def usual() -> Ended:
    return run("recommend", *SETTINGS)


def test_no_file_of_the_current_folder_is_run(tmp_path: Path) -> None:
    """``python -m formatpicker`` in a folder with modules of Python's names."""
    for name in ("re", "json", "msgspec", "pyarrow", "typing"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w')")
    assert run("recommend", *SETTINGS, cwd=tmp_path).code == 0
    assert not (tmp_path / "run").exists()


# --- homes, caches, folders, clocks -----------------------------------------------------------------------------


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder without permission to write; root, whom no permission binds, gets one where nobody can."""
    if os.geteuid() == 0:
        yield Path("/proc/self/fdinfo")
        return
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


def test_a_home_and_a_cache_that_cannot_be_written_change_nothing(locked: Path, usual: Ended) -> None:
    homes: list[Mapping[str, str | None]] = [
        {"HOME": str(locked), "XDG_CACHE_HOME": None},
        {"HOME": str(locked / "none"), "XDG_CACHE_HOME": str(locked)},
        {"HOME": "", "XDG_CACHE_HOME": ""},
        {"HOME": None, "XDG_CACHE_HOME": None, "USER": None, "LOGNAME": None},
    ]
    for env in homes:
        assert run("recommend", *SETTINGS, env=env) == usual, env


def test_a_cache_that_is_a_file_or_holds_a_folder_of_that_name_changes_nothing(tmp_path: Path, usual: Ended) -> None:
    file = tmp_path / "file"
    file.write_text("here already")
    assert run("recommend", *SETTINGS, env={"XDG_CACHE_HOME": str(file)}) == usual
    assert file.read_text() == "here already"
    inside = tmp_path / "cache"
    inside.mkdir()
    (inside / "formatpicker").write_text("a file where the folder belongs")
    assert run("recommend", *SETTINGS, env={"XDG_CACHE_HOME": str(inside)}) == usual
    cache = tmp_path / "full"
    assert run("recommend", *SETTINGS, env={"XDG_CACHE_HOME": str(cache)}) == usual
    [entry] = (cache / "formatpicker").iterdir()
    entry.unlink()
    entry.mkdir()
    assert run("recommend", *SETTINGS, env={"XDG_CACHE_HOME": str(cache)}) == usual


@pytest.mark.parametrize("when", [0, 4_000_000_000], ids=["1970", "2096"])
def test_a_cache_of_another_time_is_used_or_not_but_changes_nothing(tmp_path: Path, usual: Ended, when: int) -> None:
    env: dict[str, str | None] = {"XDG_CACHE_HOME": str(tmp_path)}
    assert run("recommend", *SETTINGS, env=env) == usual
    [entry] = (tmp_path / "formatpicker").iterdir()
    os.utime(entry, (when, when))
    assert run("recommend", *SETTINGS, env=env) == usual


def test_an_audit_holds_in_1970(tmp_path: Path) -> None:
    done = run("catalog", "audit", "--people", "3", "--on", "1970-01-01")
    assert (done.code, done.err) == (0, b"")


def test_a_current_folder_that_cannot_be_written_is_no_hindrance(locked: Path, usual: Ended) -> None:
    assert run("recommend", *SETTINGS, cwd=locked) == usual


def test_a_current_folder_that_is_gone_is_no_hindrance(tmp_path: Path, usual: Ended) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"rmdir '{gone}'; exec \"$@\""
    done = subprocess.run(
        ["sh", "-c", command, "sh", *COMMAND, "recommend", *SETTINGS], cwd=gone, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (usual.code, usual.out, b"")


@pytest.mark.parametrize("option", ["--save", "--resume"])
def test_answers_that_cannot_be_kept_are_told_before_anything_is_asked(
    option: str, locked: Path, tmp_path: Path
) -> None:
    place = Path("/dev/null") if option == "--resume" else locked / "mine.yaml"
    child = spawn("ask", option, str(place), cwd=tmp_path)
    assert ended(child) == 2
    assert f"{place}: cannot be written (" in seen(child.before).replace("\n", "")
    assert "Traceback" not in child.before
    # Had it been written to, a file would stand where the device was.
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


# --- what a terminal can show -----------------------------------------------------------------------------------


def test_too_little_memory_is_no_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("formatpicker.base.files.read_bytes", full)
    done = run_here("batch", "-", "--map", "map.yaml")
    assert (done.code, done.message.partition(";")[0]) == (2, "formatpicker: there is not enough memory")


@kinds
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "LANG": None, "TERM": None, "COLUMNS": None, "LINES": None},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TERM": "dumb"},
        {"PYTHONIOENCODING": "ascii", "LC_ALL": "xx_YY.nothing", "TERM": "nothing", "COLUMNS": "-3", "LINES": "many"},
    ],
    ids=["nothing set", "strict C", "nonsense"],
)
def test_every_command_runs_in_poor_surroundings(arguments: list[str], env: dict[str, str | None]) -> None:
    done = run(*arguments, env=env)
    assert (done.code, done.err) == (0, b"")
    assert done.out


# Nothing can be broken in a word that is wider than the window, such as a link or the path of a file.
LONGEST_WORD = 20


@pytest.mark.parametrize(
    "arguments",
    [
        ["recommend", *SETTINGS, "--details"],
        ["explain", *SETTINGS],
        ["formats"],
        ["compare", "internship", "apprenticeship"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_window_of_20_columns_gets_lines_that_fit(arguments: list[str]) -> None:
    child = spawn(*arguments, columns=20)
    assert ended(child) == 0
    wide = [line for line in seen(child.before).split("\n") if len(line) > 20]
    assert [line for line in wide if all(len(word) < LONGEST_WORD for word in line.split())] == []


def test_the_questionnaire_works_in_a_window_of_20_columns(tmp_path: Path) -> None:
    child = spawn("ask", "--save", "mine.yaml", columns=20, cwd=tmp_path)
    child.expect("> ")
    child.send("1, 5\n")
    child.expect("What are")
    child.send("q\n")
    assert ended(child) == 0
    assert "too small" not in child.before
    assert "Traceback" not in child.before
    assert len(yaml.safe_load((tmp_path / "mine.yaml").read_text())["goals"]) == 2


# --- pipes and full disks ---------------------------------------------------------------------------------------


@kinds
def test_a_reader_that_stops_after_some_bytes_hears_no_complaint(arguments: list[str]) -> None:
    whole = run(*arguments).out
    # A reader that is gone before the first byte is in test_cli_process.
    for count in sorted({7, len(whole) - 1}):
        command = ["sh", "-c", f'"$@" | head -c {count}', "sh", *COMMAND, *arguments]
        done = subprocess.run(command, env=environment(), capture_output=True, timeout=60, check=False)
        assert (done.stdout, done.stderr) == (whole[:count], b""), count


@kinds
def test_a_full_disk_is_told_in_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == b"formatpicker: standard output: cannot be written (No space left on device)\n"


def test_a_full_disk_below_both_streams_makes_no_traceback() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "recommend", "none.yaml"], stdout=full, stderr=full, timeout=60, check=False)
    assert done.returncode == 2


# --- signals ----------------------------------------------------------------------------------------------------

MOMENTS = 6


def interrupted(moment: float, number: signal.Signals, pipe: Path) -> Ended:
    """Send a signal some time after the program has opened its input, rather than to an interpreter that starts."""
    os.mkfifo(pipe)
    child = subprocess.Popen(
        [*COMMAND, "recommend", str(pipe)], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    pipe.write_bytes(ANSWERS)  # waits until somebody reads
    time.sleep(moment)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    return Ended(child.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_a_recommendation_cut_short_is_whole_or_nothing(number: signal.Signals, tmp_path: Path, usual: Ended) -> None:
    moments = random.Random(f"moments of {number.name}")
    for attempt in range(MOMENTS):
        done = interrupted(moments.uniform(0, 0.15), number, tmp_path / str(attempt))
        assert done.out in (b"", usual.out)
        assert b"Traceback" not in done.err
        assert done.code in (0, 128 + number, -number)


def test_ctrl_c_while_the_commands_are_being_loaded_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "formatpicker.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "formatpicker.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit) as stop:
        formatpicker.__main__.main()
    assert stop.value.code == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_a_questionnaire_cut_short_keeps_a_whole_private_draft(number: signal.Signals, tmp_path: Path) -> None:
    moments = random.Random(f"questions until {number.name}")
    for attempt in range(3):
        file = tmp_path / f"mine-{attempt}.yaml"
        child = spawn("ask", "--plain", "--save", file.name, cwd=tmp_path)
        child.expect("> ")
        child.send("1\n")
        child.expect("> ")
        # The next answers come faster than they are taken, so that the signal may fall into one that is being kept.
        child.send("s\n" * 4)
        time.sleep(moments.uniform(0, 0.2))
        child.kill(number)
        child.expect(pexpect.EOF)
        child.close()
        assert "Traceback" not in child.before
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        kept = yaml.safe_load(file.read_text())
        assert isinstance(kept["goals"], list)
        again = run("recommend", file.name, cwd=tmp_path)
        assert (again.code, again.err) == (0, b"")
        assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in tmp_path.iterdir())


# --- inputs that are no usual files -----------------------------------------------------------------------------


def fed(pipe: Path, data: bytes) -> threading.Thread:
    """Write into a named pipe once, when somebody opens it."""
    os.mkfifo(pipe)
    thread = threading.Thread(target=pipe.write_bytes, args=(data,), daemon=True)
    thread.start()
    return thread


def test_answers_from_a_named_pipe_are_read_once(tmp_path: Path, usual: Ended) -> None:
    pipe = tmp_path / "pipe"
    thread = fed(pipe, ANSWERS)
    assert run("recommend", str(pipe)) == usual
    thread.join()


@pytest.mark.parametrize("arguments", [["recommend", *SETTINGS, "--catalog"], ["catalog", "check"]], ids=" ".join)
def test_a_catalog_from_a_named_pipe_is_read_once(arguments: list[str], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    thread = fed(pipe, shipped_path().read_bytes())
    done = run(*arguments, str(pipe))
    assert (done.code, done.err) == (0, b"")
    thread.join()


def test_answers_to_two_catalogs_are_read_once() -> None:
    catalog = str(shipped_path())
    toy = str(Path(__file__).parent.parent / "cases" / "toy.yaml")
    assert run("catalog", "diff", catalog, catalog, "--answers", "-", stdin=ANSWERS).code == 0
    done = run("catalog", "diff", toy, toy, "--answers", "-", stdin=b"goals: [nothing]\n")
    assert done.code == 2
    assert b"standard input:1: goals = 'nothing'" in done.err


@pytest.mark.parametrize(
    "place", ["/", "/dev/null", "/dev/zero", "/dev/full", "/proc/self/mem", "none.yaml", "/dev/fd/999"]
)
@pytest.mark.parametrize(
    "before", [["recommend"], ["explain"], ["formats", "--catalog"], ["catalog", "check"]], ids=" ".join
)
def test_folders_and_devices_are_answered(
    before: list[str], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_here(*before, place)
    assert done.code in (1, 2)
    assert done.code == 1 or place.encode() in done.err


def test_a_file_that_changes_all_the_time_is_read_whole_or_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    long, short = ANSWERS + b"# " + b"x" * 100_000 + b"\n", b"weeks: 4\n"
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            for text in (long, short):
                fresh = tmp_path / "fresh"
                fresh.write_bytes(text)
                fresh.replace(file)

    file.write_bytes(short)
    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        found = [run("recommend", str(file)) for _ in range(4)]
    finally:
        stop.set()
        writer.join()
    allowed = [run("recommend", "-", stdin=text) for text in (long, short)]
    assert all(each in allowed for each in found)


@pytest.mark.parametrize("arguments", [("compare", "internship", "apprenticeship"), ("formats", "internship")])
def test_what_does_not_fit_on_the_screen_goes_through_the_pager(arguments: tuple[str, ...]) -> None:
    """The pager here counts the lines it gets; without a terminal, or for screen readers, there is none."""
    child = spawn(*arguments, env={"PAGER": "wc -l"})
    child.expect(pexpect.EOF)
    assert int(child.before) > 24
    for env in ({"PAGER": "wc -l", "ACCESSIBLE": "1"}, {"PAGER": "wc -l", "TERM": "dumb"}, {"PAGER": "cat"}):
        child = spawn(*arguments, env=env)
        child.expect(pexpect.EOF)
        assert "Internship" in child.before
    assert "Internship" in run(*arguments, env={"PAGER": "wc -l"}).text
