"""Files that commands write: whole or not at all, never one that is read, and nothing of killed runs left behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from formatpicker.base.new_file import NewFile, check_writable, write_private
from formatpicker.base.temporary_folders import new_folder, temporary_folder
from formatpicker.errors import InputError
from running import COMMAND, environment, run, run_here

CASES = Path(__file__).parent.parent / "cases"
ANSWERS = "goals: [explore]\nweeks: 4\n"
TABLE = "id,goals,weeks\na,explore,4\nb,explore,30\n"
# More than a pipe holds, so that a reader has begun when it is written.
MANY = "id,goals,weeks\n" + "".join(f"p{number},explore,4\n" for number in range(10_000))
POSIX_ONLY = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no such files")


@pytest.fixture
def me(tmp_path: Path) -> Path:
    file = tmp_path / "me.yaml"
    file.write_text(ANSWERS)
    return file


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "b.csv"
    file.write_text(TABLE)
    return file


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of a shell in which ``formatpicker`` is the program."""
    program = f'formatpicker() {{ {sys.executable} -m formatpicker "$@"; }}; {command}'
    return subprocess.run(
        ["/bin/sh", "-c", program], cwd=folder, env=environment(), capture_output=True, timeout=60, check=False
    )


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


# --- what stood there before ------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [".r.html.partial", ".r.html.00000000.formatpicker-partial"])
def test_what_an_earlier_run_left_is_no_part_of_the_page(me: Path, tmp_path: Path, hidden: str) -> None:
    (tmp_path / hidden).write_text("X" * 100_000)
    done = run("report", str(me), "-o", "r.html", cwd=tmp_path)
    assert done.code == 0
    assert "X" * 100 not in (tmp_path / "r.html").read_text()
    assert (tmp_path / "r.html").read_text() == run("report", str(me)).text


@POSIX_ONLY
def test_a_killed_run_leaves_a_private_file_that_the_next_one_removes(tmp_path: Path) -> None:
    pipe = tmp_path / "in.csv"
    os.mkfifo(pipe)
    child = subprocess.Popen(
        [*COMMAND, "batch", str(pipe), "--from", "csv", "-o", "out.csv"], cwd=tmp_path, env=environment()
    )
    with pipe.open("w") as stream:
        stream.write(MANY)
        stream.flush()
        left = wait_for(tmp_path, "*partial")
        child.send_signal(signal.SIGKILL)
        child.wait(30)
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    pipe.unlink()
    assert run("template", "-o", "other.csv", cwd=tmp_path).code == 0
    assert names(tmp_path) == ["other.csv"]


@POSIX_ONLY
@pytest.mark.parametrize(
    ("number", "times"),
    [(signal.SIGHUP, 1), (signal.SIGTERM, 1), (signal.SIGINT, 1), (signal.SIGINT, 2)],
    ids=["SIGHUP", "SIGTERM", "SIGINT", "SIGINT twice"],
)
def test_a_run_that_is_asked_to_end_leaves_nothing(tmp_path: Path, number: signal.Signals, times: int) -> None:
    pipe = tmp_path / "in.csv"
    os.mkfifo(pipe)
    child = subprocess.Popen(
        [*COMMAND, "batch", str(pipe), "--from", "csv", "-o", "out.csv"],
        cwd=tmp_path, env=environment(), stderr=subprocess.PIPE,
    )  # fmt: skip
    with pipe.open("w") as stream:
        stream.write(MANY)
        stream.flush()
        wait_for(tmp_path, "*partial")
        for _ in range(times):
            child.send_signal(number)
            time.sleep(0.1)
        assert child.wait(30) == 128 + number
    assert b"Traceback" not in child.communicate()[1]
    assert names(tmp_path) == ["in.csv"]


@pytest.mark.parametrize("other", ["--rejects r.parquet", "--rejects no/r.csv", "--summary no/s.json"])
def test_a_file_that_cannot_be_made_leaves_nothing_of_those_opened_before_it(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_here("batch", people.name, "-o", "out.csv", *other.split()).code == 2
    assert names(tmp_path) == ["b.csv"]


def test_a_run_that_is_stopped_while_its_files_are_put_on_the_disk_changes_none(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def fsync(handle: int) -> None:
        if any(os.path.samestat(os.fstat(handle), each.stat()) for each in tmp_path.glob(".out.jsonl.*")):
            raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", fsync)
    ended = run_here("batch", people.name, "-o", "out.jsonl", "--rejects", "r.csv", "--summary", "s.json")
    assert (ended.code, names(tmp_path)) == (130, ["b.csv"])
    assert "Stopped. No file has changed." in ended.message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="nothing that is always full")
@pytest.mark.parametrize("full", ["-o /dev/full --summary s.json", "--rejects /dev/full -o out.jsonl"])
def test_where_one_file_of_a_run_finds_no_room_no_other_one_appears(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    monkeypatch.chdir(tmp_path)
    people.write_text(f"{TABLE}c,nothing,4\n")
    assert run_here("batch", people.name, *full.split()).code == 2
    assert names(tmp_path) == ["b.csv"]


@POSIX_ONLY
def test_nohup_keeps_a_run_going(tmp_path: Path) -> None:
    done = shell("trap '' HUP; formatpicker template -o t.csv & kill -HUP $!; wait $!", tmp_path)
    assert (done.returncode, names(tmp_path)) == (0, ["t.csv"])


def wait_for(folder: Path, pattern: str) -> Path:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for found in folder.glob(pattern):
            return found
        time.sleep(0.02)
    raise AssertionError(f"no {pattern}")


# --- permissions ------------------------------------------------------------------------------------------------


@POSIX_ONLY
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_file_that_somebody_names_follows_the_umask(me: Path, tmp_path: Path, umask: int, mode: int) -> None:
    assert shell(f"umask {umask:o}; formatpicker report me.yaml -o r.html", tmp_path).returncode == 0
    assert stat.S_IMODE((tmp_path / "r.html").stat().st_mode) == mode


@POSIX_ONLY
def test_what_is_hidden_and_temporary_is_private(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a")
    [hidden] = tmp_path.iterdir()
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o600
    file.abandon()
    with temporary_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# --- never one that is read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "report me.yaml -o me.yaml",
        "report me.yaml -o ./sub/../me.yaml",
        "report me.yaml -o link.yaml",
        "report me.yaml -o hard.yaml",
        "report - -o me.yaml < me.yaml",
        "report --set weeks=4 --catalog toy.yaml -o toy.yaml",
        "report --cohort s.json -o s.json",
        "report --offers offers.yaml --for me.yaml -o offers.yaml",
        "report --offers offers.yaml --for me.yaml -o me.yaml",
        "offers --template -o offers.yaml",
        "FORMATPICKER_CATALOG=toy.yaml formatpicker report --set weeks=4 -o toy.yaml",
        "template --catalog toy.yaml -o toy.yaml",
        "recommend me.yaml >> me.yaml",
        "recommend - < me.yaml >> me.yaml",
        "explain me.yaml >> me.yaml",
        "recommend me.yaml --catalog toy.yaml 2>> toy.yaml",
        "batch - -o b.csv < b.csv",
        "batch b.csv >> b.csv",
        "batch - >> b.csv < b.csv",
        "batch b.csv -o o --rejects b.csv",
        "batch b.csv -o o --summary b.csv",
        "batch b.csv -o map.yaml --map map.yaml",
        "batch b.csv -o toy.yaml --catalog toy.yaml",
        "batch b.csv -o o --summary toy.yaml --what-if-catalog toy.yaml",
    ],
)
def test_no_command_writes_to_what_it_reads(me: Path, people: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.yaml").symlink_to(me)
    (tmp_path / "hard.yaml").hardlink_to(me)
    (tmp_path / "toy.yaml").write_bytes((CASES / "toy.yaml").read_bytes())
    (tmp_path / "s.json").write_text("{}")
    (tmp_path / "offers.yaml").write_text("[{format: internship}]\n")
    (tmp_path / "map.yaml").write_text("headers: {}\n")
    before = {each: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()}
    done = shell(command if "formatpicker" in command else f"formatpicker {command}", tmp_path)
    after = {each: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()}
    # Messages go where the shell sends them.
    assert {each: data[: len(before[each])] for each, data in after.items()} == before
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@POSIX_ONLY
@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("batch b.csv -o /dev/stdout >> all", "all"),
        ("batch b.csv -o /dev/fd/1 >> all", "all"),
        ("batch b.csv -o /dev/fd/5 5>> all", "all"),
        ("batch b.csv -o all >> all", "all"),
        ("batch wrong.csv -o o --rejects /dev/stderr 2>> all", "all"),
        ("report me.yaml -o /dev/stdout >> all", "all"),
        ("template -o /dev/stdout >> all", "all"),
    ],
)
def test_a_standard_stream_is_written_to_and_never_replaced(
    me: Path, people: Path, tmp_path: Path, command: str, kept: str
) -> None:
    (tmp_path / "wrong.csv").write_text("id,weeks\na,many\n")
    (tmp_path / kept).write_text("before\n")
    number = (tmp_path / kept).stat().st_ino
    done = shell(f"formatpicker {command}", tmp_path)
    assert done.returncode in (0, 1)
    assert (tmp_path / kept).read_text().startswith("before\n")
    assert len((tmp_path / kept).read_text()) > 30
    assert (tmp_path / kept).stat().st_ino == number


@POSIX_ONLY
def test_a_pipe_is_written_to(people: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = shell("cat pipe > got & formatpicker batch b.csv -o pipe; wait", tmp_path)
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in (tmp_path / "got").read_text().splitlines()] == ["a", "b"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


# --- several at once --------------------------------------------------------------------------------------------


def test_of_many_writers_each_result_is_one_of_theirs_and_whole(tmp_path: Path) -> None:
    def write(number: int) -> bool:
        try:
            write_private(tmp_path / "a", f"{number}\n" * 20_000)
        except InputError:  # another run is writing it
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = [number for number, done in enumerate(pool.map(write, range(60))) if done]
    assert won
    lines = (tmp_path / "a").read_text().splitlines()
    assert len(lines) == 20_000
    assert {int(line) for line in lines} <= {*won}
    assert len({*lines}) == 1
    assert names(tmp_path) == ["a"]


def test_a_second_run_leaves_the_first_one_alone(tmp_path: Path) -> None:
    first = NewFile(tmp_path / "a")
    with pytest.raises(InputError, match="another run is writing it"):
        NewFile(tmp_path / "a")
    first.write(b"first")
    first.commit()
    assert (tmp_path / "a").read_bytes() == b"first"
    assert names(tmp_path) == ["a"]


def test_a_hidden_file_that_was_taken_away_is_told(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a")
    [hidden] = tmp_path.iterdir()
    hidden.rename(tmp_path / "elsewhere")
    hidden.write_text("theirs")
    with pytest.raises(InputError, match="its hidden file was taken away"):
        file.commit()
    assert not (tmp_path / "a").exists()


@POSIX_ONLY
def test_a_hidden_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a file away")
    theirs = tmp_path / ".a.00000000.formatpicker-partial"
    theirs.write_text("theirs")
    os.chown(theirs, 65534, 65534)
    write_private(tmp_path / "a", "mine")
    assert theirs.read_text() == "theirs"


def test_a_name_of_255_bytes_has_a_hidden_name_too(tmp_path: Path) -> None:
    for name in ("x" * 255, "ü" * 127):
        write_private(tmp_path / name, "a")
        assert (tmp_path / name).read_text() == "a"
    with pytest.raises(InputError, match="cannot be written"):
        check_writable(tmp_path / ("x" * 256))


# --- answers that are kept --------------------------------------------------------------------------------------


def test_a_new_file_never_takes_the_place_of_one_that_appeared(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("theirs")
    with pytest.raises(InputError, match="it exists already"):
        write_private(tmp_path / "a", "mine", None)
    assert (tmp_path / "a").read_text() == "theirs"
    assert names(tmp_path) == ["a"]


def test_a_file_that_somebody_changed_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a"
    write_private(file, "mine", None)
    write_private(file, "mine, longer", b"mine")
    file.write_text("theirs")
    with pytest.raises(InputError, match="something else has changed it meanwhile"):
        write_private(file, "mine again", b"mine, longer")
    assert file.read_text() == "theirs"
    assert names(tmp_path) == ["a"]


# --- temporary folders ------------------------------------------------------------------------------------------


@POSIX_ONLY
def test_temporary_folders_of_killed_runs_go_and_those_in_use_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / "formatpicker-left"
    left.mkdir()
    (left / ".lock").touch()
    (left / "records.xlsx").write_text("somebody's rows")
    (tmp_path / "formatpicker-notes").mkdir()  # no lock: not one of ours
    with temporary_folder() as first, temporary_folder() as second:
        assert first.is_dir()
        assert second.is_dir()
        assert not left.exists()
    assert names(tmp_path) == ["formatpicker-notes"]


@POSIX_ONLY
def test_a_temporary_folder_that_cannot_be_held_or_is_not_yet_is_not_taken_for_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ExitStack() as stack:
        with monkeypatch.context() as patch:
            patch.setattr("formatpicker.base.temporary_folders.try_lock", lambda handle: None)
            first = stack.enter_context(temporary_folder())
        stack.enter_context(temporary_folder())
        assert first.is_dir()
    assert names(tmp_path) == []


@POSIX_ONLY
def test_a_folder_of_pages_appears_whole_and_takes_with_it_what_killed_runs_left(tmp_path: Path) -> None:
    left = tmp_path / ".pages[1].formatpicker-left"
    (left / "whole").mkdir(parents=True)
    (left / ".lock").touch()
    (left / "whole" / "somebody.html").touch()
    with new_folder(tmp_path / "pages[1]") as growing, new_folder(tmp_path / "other") as second:
        assert (stat.S_IMODE(growing.stat().st_mode), second.is_dir(), left.exists()) == (0o700, True, False)
        (growing / "a.html").touch()
        assert not (tmp_path / "pages[1]").exists()
    assert (names(tmp_path), names(tmp_path / "pages[1]")) == (["other", "pages[1]"], ["a.html"])


@POSIX_ONLY
def test_a_folder_for_temporary_files_that_is_full_is_named_itself(people: Path, tmp_path: Path) -> None:
    command = "TMPDIR=/dev/full/none formatpicker batch b.csv -o o.xlsx"
    done = shell(command, tmp_path)
    assert done.returncode in (0, 2)  # Python looks for another folder where it finds none
    limited = shell("ulimit -f 0; formatpicker batch b.csv --to xlsx > /dev/null", tmp_path)
    assert limited.returncode == 2
    assert b"standard output" not in limited.stderr
    assert b"Traceback" not in limited.stderr
