"""A run put together: files that are whole or not there, runs that go on where they stopped, and what is told."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from test_row_scorer import cells_of

from formatpicker import Catalog, InputError
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers import source as source_module
from formatpicker.batch.readers.source import opened_source
from formatpicker.batch.run import Job, Stopped, run
from formatpicker.batch.tally import Tally
from formatpicker.batch.writers import journal as journal_module
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


def ends(catalog: Catalog, input: Path, job: Job) -> list[int]:
    """Do a whole run, and tell how many rows were done after each chunk."""
    found: list[int] = []
    done(catalog, input, job, found.append)
    assert len(found) > 4
    return found


def interrupted_at(row: int) -> Watch:
    def watch(rows: int) -> None:
        if rows >= row:
            raise KeyboardInterrupt

    return watch


@pytest.fixture
def safe_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks are small, and every one is made safe when it is done."""
    monkeypatch.setattr(journal_module, "SECONDS", -1.0)
    monkeypatch.setattr(source_module, "BLOCK", 100_000)


def job_in(folder: Path, kind: str = "jsonl", **more: object) -> Job:
    return Job(kind, output=str(folder / "out"), rejects=str(folder / "rejects"), jobs=1, **more)  # type: ignore[arg-type]


# --- going on --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("safe_at_once")
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@pytest.mark.parametrize("chunk", [0, 2])
def test_an_interrupted_run_is_continued_to_the_same_bytes(
    shipped: Catalog, cohort: Path, tmp_path: Path, kind: str, chunk: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    usual: list[int] = []
    tally = done(shipped, cohort, job_in(tmp_path / "whole", kind), usual.append)
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path / "parts", kind), interrupted_at(usual[chunk]))
    assert not (tmp_path / "parts" / "out").exists()
    rows: list[int] = []
    again = done(shipped, cohort, job_in(tmp_path / "parts", kind, resume=True), rows.append)
    assert rows == usual[chunk + 1 :]
    assert (again.rows, again.tops, again.rejected) == (ROWS, tally.tops, ROWS // 500)
    for name in ("out", "rejects"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert sorted(each.name for each in (tmp_path / "parts").iterdir()) == ["out", "rejects"]
    assert f"Going on after row {usual[chunk]:,}." in capsys.readouterr().err


@pytest.mark.usefixtures("safe_at_once")
def test_parts_that_are_not_as_they_were_written_are_made_again(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    usual = ends(shipped, cohort, job_in(tmp_path))
    whole = (tmp_path / "out").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path), interrupted_at(usual[3]))
    hidden = tmp_path / ".out.partial"
    data = bytearray(hidden.read_bytes())
    data[len(data) // 2] ^= 1  # in the third of four parts, of which the first is small
    hidden.write_bytes(data)
    rows: list[int] = []
    done(shipped, cohort, job_in(tmp_path, resume=True), rows.append)
    assert rows == usual[2:]
    assert (tmp_path / "out").read_bytes() == whole


@pytest.mark.usefixtures("safe_at_once")
def test_a_journal_that_is_cut_off_counts_as_far_as_it_goes(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    usual = ends(shipped, cohort, job_in(tmp_path))
    whole = (tmp_path / "out").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path), interrupted_at(usual[3]))
    journal = tmp_path / ".out.journal"
    for length in sorted(random.Random("cut").sample(range(journal.stat().st_size), 5), reverse=True):
        journal.write_bytes(journal.read_bytes()[:length])
        with pytest.raises(KeyboardInterrupt):
            done(shipped, cohort, job_in(tmp_path, resume=True), interrupted_at(1))
    done(shipped, cohort, job_in(tmp_path, resume=True))
    assert (tmp_path / "out").read_bytes() == whole


@pytest.mark.usefixtures("safe_at_once")
def test_another_input_or_other_settings_are_not_mixed_in(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    input = tmp_path / "input.csv"
    input.write_bytes(cohort.read_bytes())
    with pytest.raises(KeyboardInterrupt):
        done(shipped, input, job_in(tmp_path), interrupted_at(2_000))
    with pytest.raises(InputError, match="differs in: columns"):
        done(shipped, input, job_in(tmp_path, resume=True, fields=("id", "top")))
    data = input.read_bytes()
    input.write_bytes(data[:3000] + data[3000:].replace(b"p50,", b"q50,", 1))
    with pytest.raises(InputError, match="is not what the interrupted run had read"):
        done(shipped, input, job_in(tmp_path, resume=True))
    input.write_bytes(data)
    assert done(shipped, input, job_in(tmp_path, resume=True)).rows == ROWS


def test_with_nothing_to_go_on_from_it_begins(
    shipped: Catalog, cohort: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert done(shipped, cohort, job_in(tmp_path, resume=True)).rows == ROWS
    assert "Nothing to go on from; beginning at row 1." in capsys.readouterr().err


@pytest.mark.parametrize("job", [Job("jsonl", resume=True), Job("xlsx", output="x.xlsx", resume=True)], ids=str)
def test_only_files_of_text_can_be_gone_on_with(
    shipped: Catalog, cohort: Path, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="needs a file as INPUT and -o with a file of jsonl or csv"):
        done(shipped, cohort, job)
    assert list(tmp_path.iterdir()) == []


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


def test_several_processes_write_the_same_bytes(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    for jobs in (1, 2, 3):
        done(shipped, cohort, Job("jsonl", output=str(tmp_path / f"out{jobs}"), rejects=str(tmp_path / "r"), jobs=jobs))
    assert len({(tmp_path / f"out{jobs}").read_bytes() for jobs in (1, 2, 3)}) == 1


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


@pytest.mark.parametrize("names", [("out", ".out.partial"), (".out.partial", "out"), ("out", ".out.journal")])
def test_no_output_takes_the_name_under_which_another_grows(
    shipped: Catalog, cohort: Path, tmp_path: Path, names: tuple[str, str]
) -> None:
    output, rejects = (str(tmp_path / name) for name in names)
    with pytest.raises(InputError, match="is -o as well; name another file"):
        done(shipped, cohort, Job("jsonl", output=output, rejects=rejects))
    assert list(tmp_path.iterdir()) == []


def test_two_outputs_do_not_share_a_place(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is -o as well; name another file"):
        done(shipped, cohort, Job("jsonl", output=str(tmp_path / "out"), rejects=str(tmp_path / "." / "out")))


def test_permissions_and_links_stay(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("old")
    real.chmod(0o640)
    (tmp_path / "out").symlink_to(real)
    done(shipped, cohort, Job("jsonl", output=str(tmp_path / "out"), rejects=str(tmp_path / "r"), jobs=1))
    assert (tmp_path / "out").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text().startswith('{"id": "p1"')


def test_a_link_under_the_hidden_name_is_not_followed(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / ".out.partial").symlink_to(victim)
    with pytest.raises(InputError, match="cannot be written"):
        done(shipped, cohort, job_in(tmp_path))
    assert victim.read_text() == "mine"


# --- what is told ----------------------------------------------------------------------------------------------


def test_every_reject_is_kept_with_its_place(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    done(shipped, cohort, job_in(tmp_path))
    rejects = [json.loads(line) for line in (tmp_path / "rejects").read_text().splitlines()]
    assert [each["row"] for each in rejects] == list(range(500, ROWS + 1, 500))
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
    assert "Columns that hold no answer, ignored: 'Name'." in told
