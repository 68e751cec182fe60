"""A run put together: files that are whole or not there, and what is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from test_row_scorer import cells_of

from formatpicker import Catalog, InputError
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.source import opened_source
from formatpicker.batch.run import Job, Stopped, run
from formatpicker.batch.tally import Tally
from formatpicker.catalog_tools.random_people import random_people

ROWS = 4_017


@pytest.fixture(scope="module")
def cohort(shipped: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of several chunks, in which every 500th row cannot be read."""
    people = [cells_of(shipped, answers, "") for answers in random_people(shipped, 40, "job")]
    lines = [",".join(["id", *shipped.questions])]
    for row in range(1, ROWS + 1):
        cells = [f"p{row}", *[f'"{cell}"' for cell in people[row % len(people)][1:]]]
        lines.append(",".join(cells[:3] + ["maybe"] * 13 if row % 500 == 0 else cells))
    path = tmp_path_factory.mktemp("cohort") / "cohort.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


Watch = Callable[[int], None]


def done(catalog: Catalog, input: Path, job: Job, watch: Watch = lambda rows: None) -> Tally:
    with ExitStack() as stack:
        source = opened_source(str(input), stack)
        return run(catalog, source, opened_table(source, Headers(catalog), None, None), job, watch)


def interrupted_at(row: int) -> Watch:
    def watch(rows: int) -> None:
        if rows >= row:
            raise KeyboardInterrupt

    return watch


def job_in(folder: Path, kind: str = "jsonl", **more: object) -> Job:
    return Job(kind, output=str(folder / "out"), rejects=str(folder / "rejects"), **more)  # type: ignore[arg-type]


# --- whole or not at all ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [1, ROWS])
def test_what_stops_early_changes_no_file(shipped: Catalog, cohort: Path, tmp_path: Path, row: int) -> None:
    for name in ("out", "rejects"):
        (tmp_path / name).write_text("old")
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path), interrupted_at(row))
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"out": "old", "rejects": "old"}


def test_strict_stops_at_the_first_reject(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match=r"row 500 \(line 501\), id 'p500'"):
        done(shipped, cohort, job_in(tmp_path, strict=True))
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_write_one_file(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    def second(rows: int) -> None:
        with pytest.raises(InputError, match="another run is writing it"):
            done(shipped, cohort, job_in(tmp_path))

    assert done(shipped, cohort, job_in(tmp_path), second).rows == ROWS


@pytest.mark.parametrize("same", ["output", "rejects"])
def test_no_output_takes_the_place_of_the_input(shipped: Catalog, cohort: Path, tmp_path: Path, same: str) -> None:
    (tmp_path / "link").symlink_to(cohort)
    before = cohort.read_bytes()
    job = Job("jsonl", **{"output": str(tmp_path / "out"), same: str(tmp_path / "link")})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is INPUT as well; name another file"):
        done(shipped, cohort, job)
    assert cohort.read_bytes() == before


def test_two_outputs_do_not_share_a_place(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is -o as well; name another file"):
        done(shipped, cohort, Job("jsonl", output=str(tmp_path / "out"), rejects=str(tmp_path / "." / "out")))


def test_permissions_and_links_stay(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("old")
    real.chmod(0o640)
    (tmp_path / "out").symlink_to(real)
    done(shipped, cohort, Job("jsonl", output=str(tmp_path / "out"), rejects=str(tmp_path / "r")))
    assert (tmp_path / "out").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text().startswith('{"id": "p1"')


# --- what is told ----------------------------------------------------------------------------------------------


def test_every_reject_is_kept_with_its_place(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    done(shipped, cohort, job_in(tmp_path))
    rejects = [json.loads(line) for line in (tmp_path / "rejects").read_text().splitlines()]
    assert list(dict.fromkeys(each["row"] for each in rejects)) == list(range(500, ROWS + 1, 500))
    assert all(each["line"] == each["row"] + 1 for each in rejects)
    rows = [json.loads(line)["row"] for line in (tmp_path / "out").read_text().splitlines()]
    assert rows == [row for row in range(1, ROWS + 1) if row % 500]


def test_ids_that_come_again_are_told_and_kept(
    shipped: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    input = tmp_path / "in.csv"
    input.write_text("id,pay,Name\na,required,Ann\nb,required,Bo\na,required,Al\n,required,\n,required,\n")
    assert done(shipped, input, job_in(tmp_path)).accepted == 5
    told = capsys.readouterr().err
    assert "1 row has an id that came before; all are kept: 'a' (row 3)." in told
