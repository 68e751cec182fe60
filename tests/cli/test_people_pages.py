"""A page for each person of a table: in a folder that is whole or not there, each the page that report writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker.cli.report import _file_name
from running import environment, run, run_here

TABLE = (
    "id,Name,goals,weeks,hours_per_week,pay\n"
    'a1,"Müller, Jörg",explore;portfolio,4,10,required\n'
    "a2,<b>Zoë</b>,employment,2 years,40,not_needed\n"
    "a3,Bad,explore,soon,10,\n"
    "a1,Again,,3 weeks,,\n"
    ",Nobody,,3 weeks,,\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, "utf-8")
    return path


def test_a_table_of_another_encoding_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("id,weeks\nJörg,4\n".encode("windows-1252"))
    done = run_here("report", "--from", str(path), "-o", str(tmp_path / "pages"), "--encoding", "windows-1252")
    assert done.code == 0
    assert [each.name for each in (tmp_path / "pages").iterdir()] == ["Jörg.html"]


def test_equal_faults_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,weeks\na,soon\nb,4\nc,soon\n", "utf-8")
    done = run_here("report", "--from", str(path), "-o", str(tmp_path / "pages"))
    (told,) = (line for line in done.message.splitlines() if "'soon'" in line)
    assert told.startswith("2 rows (1, 3), column 'weeks': 'soon': weeks: not a duration")
    assert done.message.splitlines()[-1].endswith(f"3 rows read: 1 page written to {tmp_path / 'pages'}, 2 rejected.")


def test_each_person_gets_the_page_that_report_writes(table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    done = run_here("report", "--from", str(table), "-o", str(folder), "--name", "Name")
    assert done.code == 1  # one row was rejected
    assert "row 4 (line 4)" not in done.message
    assert "row 3 (line 4), id 'a3', column 'weeks': 'soon'" in done.message
    assert done.message.splitlines()[-1] == f"5 rows read: 4 pages written to {folder}, 1 rejected."
    assert sorted(each.name for each in folder.iterdir()) == ["a1-2.html", "a1.html", "a2.html", "row-5.html"]
    answers = ("goals=explore,portfolio", "weeks=4", "hours_per_week=10", "pay=required")
    settings = [part for answer in answers for part in ("--set", answer)]
    alone = run_here("report", *settings, "--name", "Müller, Jörg")
    assert (folder / "a1.html").read_text("utf-8") == alone.text
    assert "For &lt;b&gt;Zoë&lt;/b&gt;" in (folder / "a2.html").read_text("utf-8")
    # Pages of people are for those who may see them.
    assert folder.stat().st_mode & 0o077 == 0


def test_the_id_stands_on_the_page_where_no_name_is_known(table: Path, tmp_path: Path) -> None:
    run_here("report", "--from", str(table), "-o", str(tmp_path / "pages"), "--to", "md")
    assert "For a2 ·" in (tmp_path / "pages" / "a2.md").read_text("utf-8")
    run_here("report", "--from", str(table), "-o", str(tmp_path / "named"), "--to", "md", "--id", "Name")
    assert "Müller-Jörg.md" in {each.name for each in (tmp_path / "named").iterdir()}


def test_the_table_is_read_as_batch_reads_it(tmp_path: Path) -> None:
    """A bad cell left open, a preview and an earlier row left out, and ticks that are no ranking."""
    table = (
        "id,Status,goals,weeks\n"
        "a,IP Address,explore;portfolio,soon\n"
        "b,Survey Preview,explore,4\n"
        "c,IP Address,explore;portfolio,4\nc,IP Address,explore;portfolio,5\n"
    )
    (tmp_path / "t.csv").write_text(table)
    options = ("--leave-open", "--only-finished", "--last-of", "id", "--goals", "equal", "--to", "md")
    done = run_here("report", "--from", str(tmp_path / "t.csv"), "-o", str(tmp_path / "pages"), *options)
    assert done.code == 0
    assert "'weeks': 'soon'" in done.message
    assert done.message.splitlines()[-1] == f"2 rows read: 2 pages written to {tmp_path / 'pages'}, 0 rejected."
    assert sorted(each.name for each in (tmp_path / "pages").iterdir()) == ["a.md", "c.md"]
    page = (tmp_path / "pages" / "c.md").read_text("utf-8")
    assert "5 weeks" in page
    alone = ("--set", "goals=explore: 1, portfolio: 1", "--set", "weeks=5", "--name", "c")
    run_here("report", *alone, "-o", str(tmp_path / "c.md"))
    assert page == (tmp_path / "c.md").read_text("utf-8")
    assert run_here("report", "--leave-open", "--set", "weeks=4").code == 2


def test_several_processes_write_the_same_pages(tmp_path: Path) -> None:
    rows = "".join(f"p{at},{at % 40 + 1}\n" for at in range(20))
    (tmp_path / "t.csv").write_text(f"id,weeks\n{rows}")
    run_here("report", "--from", str(tmp_path / "t.csv"), "-o", str(tmp_path / "pages"), "--to", "md")
    alone = run_here("report", "--set", "weeks=18", "--name", "p17", "-o", str(tmp_path / "p17.md"))
    assert alone.code in (0, 1)
    assert (tmp_path / "pages" / "p17.md").read_text() == (tmp_path / "p17.md").read_text()
    assert len([*(tmp_path / "pages").iterdir()]) == 20


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--from: writes a page for each person into a folder; name it with -o FOLDER"),
        (["-o", "pages", "--set", "weeks=4"], "--from: takes the table alone"),
        (["-o", "pages", "--to", "doc"], "--to: 'doc' is not a known kind of page"),
        (["-o", "pages", "--name", "Nmae"], "'Nmae' is not a known column; did you mean 'Name'?"),
        (["-o", "table.csv"], "table.csv"),
        (["-o", "missing/pages"], "missing"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing(
    table: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], told: str
) -> None:
    monkeypatch.chdir(table.parent)
    done = run_here("report", "--from", "table.csv", *options)
    assert (done.code, done.text) == (2, "")
    assert told in done.message
    assert [each.name for each in table.parent.iterdir()] == ["table.csv"]
    assert run_here("report", "--to", "md", "--set", "weeks=4").code == 2


def test_a_folder_with_something_in_it_stays_as_it_is(table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    assert run_here("report", "--from", str(table), "-o", str(folder), "--to", "md").code == 1
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    done = run_here("report", "--from", str(table), "-o", str(folder))
    assert done.code == 2
    assert "is a folder with something in it" in done.message
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_without_a_browser_no_page_is_left_behind(table: Path, tmp_path: Path) -> None:
    env = environment({"FORMATPICKER_BROWSER": str(tmp_path / "no-browser")})
    done = run("report", "--from", str(table), "-o", str(tmp_path / "pages"), "--to", "pdf", env=env)
    assert done.code == 2
    assert "Traceback" not in done.message
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


@given(
    st.lists(st.one_of(st.text(max_size=90), st.sampled_from(["a", "A", "../..", "CON", "nul.txt", "a/b", "é", "é"])))
)
@settings(max_examples=60)
def test_every_id_has_a_file_of_its_own_inside_the_folder(ids: list[str]) -> None:
    taken: set[str] = set()
    names = [_file_name(id, row, taken) for row, id in enumerate(ids, 1)]
    assert len({name.casefold() for name in names}) == len(ids)
    for name in names:
        assert name
        assert not name.startswith(".")
        assert Path(name).name == name
        assert name.partition(".")[0].lower() not in ("con", "nul")
        assert len(name.encode()) < 240
