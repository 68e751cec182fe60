"""``batch`` as a process: streams, exit codes, and what is left when it is ended from outside at any moment."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from formatpicker import Catalog
from formatpicker.batch.records import FIELDS
from running import COMMAND, ESCAPE, controls, environment, run, run_here, spawn

TABLE = b"id,goals,weeks,hours_per_week,pay\na1,explore;portfolio,4,10,required\na2,employment,2 years,40,not_needed\n"
OLD = "what was here before\n"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows enough for a run of some seconds."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    rows = [f"p{row},explore,{1 + row % 500},{1 + row % 60},required" for row in range(12_000)]
    path.write_text("\n".join(["id,goals,weeks,hours_per_week,pay", *rows]) + "\n", "utf-8")
    return path


# --- streams ---------------------------------------------------------------------------------------------------


def test_records_go_to_standard_output_and_counts_to_standard_error() -> None:
    done = run("batch", "-", stdin=TABLE)
    assert done.code == 0
    first, second = (json.loads(line) for line in done.text.splitlines())
    assert list(first) == list(FIELDS)
    assert (first["id"], first["row"], first["top"]) == ("a1", 1, ["micro-internship"])
    assert (second["id"], second["row"], second["top"]) == ("a2", 2, ["apprenticeship"])
    assert done.message.splitlines()[-1] == "2 rows read: 2 accepted, 0 rejected."


def test_a_row_that_cannot_be_read_is_told_and_does_not_stop_the_run() -> None:
    done = run("batch", "-", stdin=TABLE + b"a3,explore,4,10,maybe\na4,explore,4,10,required\n")
    assert done.code == 1
    assert [json.loads(line)["id"] for line in done.text.splitlines()] == ["a1", "a2", "a4"]
    read, told, *_, last, hint = done.message.splitlines()
    assert read.startswith("Questions found: goals, weeks, hours_per_week, pay. Not found: ")
    assert told.startswith("row 3 (line 4), id 'a3', column 'pay': 'maybe': pay: not a known answer")
    assert last == "4 rows read: 3 accepted, 1 rejected."
    assert hint == (
        "To lose fewer: --leave-open keeps 1 row, with what cannot be read left open; a mapping of 1 text in 'pay'"
        " (--suggest-map writes one, --map uses it) reads 1 row."
    )


def test_one_json_document() -> None:
    done = run("batch", "-", "--json", stdin=TABLE)
    data = json.loads(done.out)
    assert data["schema"] == "formatpicker/batch/2"
    assert [record["id"] for record in data["records"]] == ["a1", "a2"]
    empty = run("batch", "-", "--json", stdin=TABLE.splitlines()[0])
    assert json.loads(empty.out)["records"] == []


def test_the_whole_recommendation_of_each_row() -> None:
    done = run("batch", "-", "--full", stdin=TABLE)
    first = json.loads(done.text.splitlines()[0])
    alone = run(
        "recommend", "-", "--json", stdin=b"goals: explore;portfolio\nweeks: 4\nhours_per_week: 10\npay: required\n"
    )
    assert first == {"id": "a1", "row": 1, "recommendation": json.loads(alone.out)}


def test_fields_pick_columns_in_their_order() -> None:
    done = run("batch", "-", "--to", "csv", "--fields", "top,id,blocked", stdin=TABLE)
    rows = list(csv.reader(io.StringIO(done.text)))
    assert rows[0] == ["top", "id", "blocked"]
    assert rows[1][:2] == ["micro-internship", "a1"]
    assert "apprenticeship:weeks" in rows[1][2].split(";")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--fields", "top,scor"], "did you mean 'score'?"),
        (["--fields", "top,top"], "stands twice"),
        (["--to", "cvs"], "did you mean 'csv'?"),
        (["--from", "jsonx"], "did you mean 'jsonl'?"),
        (["--id", "nmae"], "--id: 'nmae' is not a known column"),
        (["--encoding", "utf-9"], "is no encoding"),
        (["--encoding", "base64"], "is no encoding"),
        (["--full", "--to", "csv"], "--full: writes JSON Lines"),
        (["--full", "--fields", "id"], "leave --fields out"),
        (["--json", "--to", "csv"], "leave --to out"),
        (["-o", "/no/such/folder/out.csv"], "cannot be written"),
        (["-o", "."], "is a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_asked_for(
    arguments: list[str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_here("batch", "-", *arguments, stdin=TABLE)
    assert (done.code, done.out) == (2, b"")
    assert problem in done.message
    assert list(tmp_path.iterdir()) == []


def test_a_missing_input_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text(OLD)
    done = run("batch", "missing.csv", "-o", "out.csv", cwd=tmp_path)
    assert done.code == 2
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"out.csv": OLD}


def test_a_reader_that_goes_away_ends_it_quietly(large: Path) -> None:
    process = subprocess.Popen([*COMMAND, "batch", str(large)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline().startswith(b'{"id": "p0"')
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_a_full_disk_is_told(large: Path) -> None:
    for arguments in (["-o", "/dev/full"], ["-o", "/dev/null", "--rejects", "/dev/full"]):
        done = run("batch", str(large), *arguments)
        if "--rejects" in arguments:
            assert done.code == 0  # nothing was rejected, so nothing had to be written
        else:
            assert done.code == 2
            assert "/dev/full: cannot be written (No space left on device)" in done.message
    assert run("batch", "-", "-o", "/dev/null", stdin=TABLE).code == 0


def test_a_pipe_can_be_the_output(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        done = run("batch", "-", "-o", str(pipe), stdin=TABLE)
        assert done.code == 0
        assert reader.stdout is not None
        assert len(reader.stdout.read().splitlines()) == 2
    assert pipe.is_fifo()


def test_no_control_reaches_a_terminal(tmp_path: Path) -> None:
    hostile = "a\x1b]0;owned\x07\x1b[31m\u202eb"
    (tmp_path / "in.csv").write_text(f"id,pay,Na\x1b[31mme\n{hostile},required,x\n{hostile},may\x1b[2Jbe,x\n", "utf-8")
    for kind in ("csv", "jsonl"):
        child = spawn(
            "batch", "in.csv", "--to", kind, cwd=tmp_path, env={"TERM": "dumb"}
        )  # no bar, which moves the cursor
        child.expect_exact("1 rejected.")
        shown = child.before
        child.close()
        assert "owned" not in shown.replace("\\u001b]0;owned", "")
        assert controls(shown) <= {"\r", "\n"}


def test_a_terminal_gets_a_bar_and_a_file_does_not(large: Path, tmp_path: Path) -> None:
    child = spawn("batch", str(large), "-o", "out.jsonl", cwd=tmp_path)
    child.expect("[0-9,]+ rows")
    child.expect_exact("12,000 rows read: 12,000 accepted, 0 rejected.")
    child.close()
    assert ESCAPE not in run("batch", "-", "-o", "out.jsonl", stdin=TABLE, cwd=tmp_path).message


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\uff1d1+1"]
FORMULAS += ['=HYPERLINK("x")', "-2+3|x"]
NUMBERS = ["-5", "+3.5", "12"]


def test_a_formula_in_an_id_is_inert_in_csv_and_a_number_stays_one() -> None:
    source = io.StringIO()
    csv.writer(source).writerows([["id", "pay"], *([each, "required"] for each in [*FORMULAS, *NUMBERS])])
    done = run("batch", "-", "--to", "csv", stdin=source.getvalue().encode())
    _, *rows = csv.reader(io.StringIO(done.out.decode("utf-8"), newline=""))
    # One more apostrophe where a reader that splits at tabs, or at the end of a line, would begin a cell.
    expected = [re.sub(r"[\t\r](?==)", r"\g<0>'", f"'{each}") for each in FORMULAS]
    assert [row[0] for row in rows] == [*expected, *NUMBERS]


# --- ended from outside ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(large: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "out.jsonl"
    assert run("batch", str(large), "-o", str(path)).code == 0
    return path.read_bytes()


def test_killed_at_any_moment_the_file_is_the_old_or_the_new_one(large: Path, whole: bytes, tmp_path: Path) -> None:
    moments = random.Random("kill")
    output = tmp_path / "out.jsonl"
    for _ in range(3):
        output.write_text(OLD)
        process = subprocess.Popen(
            [*COMMAND, "batch", str(large), "-o", str(output)],
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        time.sleep(moments.uniform(0.1, 2.5))
        process.kill()
        process.wait()
        assert output.read_bytes() in (OLD.encode(), whole)
    assert run("batch", str(large), "-o", str(output)).code == 0
    assert output.read_bytes() == whole
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"])
def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    large: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text(OLD)
    process = subprocess.Popen(
        [*COMMAND, "batch", str(large), "-o", str(output), "--full"], stderr=subprocess.PIPE, env=environment()
    )
    assert process.stderr is not None
    with process.stderr:
        while not list(tmp_path.glob(".out.jsonl.*partial")):
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(number)
        assert process.wait(30) == code
        assert b"Traceback" not in process.stderr.read()
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"out.jsonl": OLD}


def test_the_shipped_catalog_is_not_needed(toy: Catalog, tmp_path: Path) -> None:
    table = b"id,goals,weeks\na,deep,6\n"
    done = run("batch", "-", "--catalog", str(Path(__file__).parent.parent / "cases" / "toy.yaml"), stdin=table)
    assert json.loads(done.out)["top"] == ["middle"]
