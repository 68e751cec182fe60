"""Rows in several processes: the same bytes, nothing run from the folder of the table, and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from formatpicker.batch import processes
from formatpicker.batch.processes import in_processes
from running import environment, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up under /proc")
METHODS = ["fork", "spawn", "forkserver"]

# The program without pyarrow, so that it goes row by row, and with one way to start processes.
DRIVER = """
import multiprocessing, os, sys
if __name__ == "__main__":
    sys.modules["pyarrow"] = None
    multiprocessing.set_start_method(sys.argv.pop(1))
    os.sched_getaffinity = lambda process: {0, 1}
    from formatpicker.__main__ import main
    main()
"""


def adding(more: int) -> object:
    """What a worker does in the tests: a chunk is a number."""
    return partial(int.__add__, more)


def started(method: str, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    (folder / "driver").mkdir(exist_ok=True)
    driver = folder / "driver" / "driver.py"
    driver.write_text(DRIVER)
    command = [sys.executable, str(driver), method, "batch", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a shell may have turned it off
    )  # fmt: skip


def table(path: Path, rows: int) -> Path:
    lines = [f"p{row},explore,{1 + row % 500},{1 + row % 60},required" for row in range(rows)]
    path.write_text("\n".join(["id,goals,weeks,hours_per_week,pay", *lines]) + "\n", "utf-8")
    return path


def children(process: int) -> list[int]:
    """All processes below one."""
    try:
        own = [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []
    return [*own, *(each for child in own for each in children(child))]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def waited(condition: object, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("count", [0, 1, 7, 8, 50])
def test_results_come_in_order(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(processes, "cores", lambda: 2)
    found: Sequence[int] = list(in_processes(partial(adding, 3), range(count)))  # type: ignore[arg-type]
    assert found == [each + 3 for each in range(count)]


@pytest.mark.parametrize("method", METHODS)
def test_the_same_bytes_and_nothing_is_run_that_lies_beside_the_table(tmp_path: Path, method: str) -> None:
    people = table(tmp_path / "people.csv", 9_000)
    for name in ("re", "signal", "csv", "json", "multiprocessing", "formatpicker"):
        (tmp_path / f"{name}.py").write_text("open('executed', 'w').close()\nraise SystemExit(3)\n")
    process = started(method, tmp_path, str(people), "-o", "out.jsonl")
    _, told = process.communicate(timeout=120)
    assert (process.returncode, told.splitlines()[-1]) == (0, b"9,000 rows read: 9,000 accepted, 0 rejected.")
    assert not (tmp_path / "executed").exists()
    assert run("batch", str(people), "-o", str(tmp_path / "alone.jsonl")).code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "alone.jsonl").read_bytes()


@pytest.mark.parametrize("method", METHODS)
def test_workers_end_when_their_parent_is_killed(tmp_path: Path, method: str) -> None:
    process = started(method, tmp_path, str(table(tmp_path / "people.csv", 300_000)), "-o", "out.jsonl")
    assert process.stderr is not None
    with process.stderr:
        assert waited(lambda: len(children(process.pid)) >= 2)
        workers = children(process.pid)
        process.kill()
        process.wait()
    assert waited(lambda: not any(map(is_running, workers)))


def test_a_worker_that_dies_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old")
    process = started("fork", tmp_path, str(table(tmp_path / "people.csv", 300_000)), "-o", "out.jsonl")
    assert waited(lambda: len(children(process.pid)) >= 2)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 2
    assert b"a worker process ended before its work was done" in told
    assert b"Traceback" not in told
    assert (tmp_path / "out.jsonl").read_text() == "old"


def test_a_run_ends_though_a_worker_has_been_stopped(tmp_path: Path) -> None:
    process = started("fork", tmp_path, str(table(tmp_path / "people.csv", 300_000)), "-o", "out.jsonl")
    assert waited(lambda: len(children(process.pid)) >= 2)
    workers = children(process.pid)
    os.kill(workers[0], signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in told) == (130, False)
    assert waited(lambda: not any(map(is_running, workers)))
    assert not (tmp_path / "out.jsonl").exists()
