"""Naughty strings in every place of a table, a mapping and a summary: a record, a reject or a message, and no harm."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from test_naughty import UNSEEN, assert_harmless

from formatpicker import Catalog
from naughty import naughty_strings
from running import Ended, run, run_here

STRINGS = naughty_strings()
# What a spreadsheet may take for a formula, however far it is indented.
FORMULA = re.compile(r"[\s\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
QUESTIONS = ("goals", "weeks", "hours_per_week", "pay", "region", "age")


def table(rows: list[list[str]]) -> bytes:
    """A table as a careful program writes it; half a character goes in as the bytes it has."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogatepass")


def counts(done: Ended) -> tuple[int, int, int]:
    found = re.search(r"([\d,]+) rows? read: ([\d,]+) accepted, ([\d,]+) rejected", done.message)
    assert found, done.message[-500:]
    read, accepted, rejected = (int(text.replace(",", "")) for text in found.groups())
    return read, accepted, rejected


@pytest.fixture(scope="module")
def ids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person for each string, who is called so."""
    path = tmp_path_factory.mktemp("ids") / "ids.csv"
    path.write_bytes(table([["id", "pay"], *[[text, "required"] for text in STRINGS]]))
    return path


def test_an_id_comes_through_every_kind_of_output(ids: Path, tmp_path: Path) -> None:
    for kind in ("csv", "jsonl", "xlsx", "parquet"):
        done = run_here("batch", str(ids), "-o", str(tmp_path / f"out.{kind}"), "--rejects", str(tmp_path / "r.jsonl"))
        read, accepted, rejected = counts(done)
        assert (read, accepted + rejected) == (len(STRINGS), read)
        assert_harmless(done.message)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    # What csv may read back otherwise: line ends of other systems inside quotes stay, a NUL and all else too.
    assert [line["id"] or "" for line in lines] == [STRINGS[line["row"] - 1] for line in lines]


def test_no_id_is_a_live_formula(ids: Path, tmp_path: Path) -> None:
    run_here("batch", str(ids), "-o", str(tmp_path / "out.csv"))
    run_here("batch", str(ids), "-o", str(tmp_path / "out.xlsx"))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        cells = [row["id"] for row in csv.DictReader(stream)]
    assert [text for text in cells if FORMULA.match(text) and not NUMBER.fullmatch(text)] == []
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
    assert [cell for row in book.active.iter_rows() for cell in row if cell.hyperlink] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_a_record_or_a_reject(question: str, tmp_path: Path) -> None:
    rows = [[str(at), text] for at, text in enumerate(STRINGS)]
    (tmp_path / "in.csv").write_bytes(table([["id", question], *rows]))
    done = run_here("batch", str(tmp_path / "in.csv"), "--rejects", str(tmp_path / "r.jsonl"))
    read, accepted, rejected = counts(done)
    assert (read, accepted + rejected) == (len(STRINGS), read)
    assert rejected > accepted
    assert_harmless(done.text)
    told = run_here("batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv"))
    assert counts(told) == (read, accepted, rejected)
    assert_harmless(told.message)
    columns = [json.loads(line)["column"] for line in (tmp_path / "r.jsonl").read_text("ascii").splitlines()]
    assert set(columns) == {question}


def test_objects_of_json_hold_anything(tmp_path: Path) -> None:
    people = [{"id": text, text: text, "goals": [text], "weeks": 4} for text in STRINGS]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(person) + "\n" for person in people), "ascii")
    done = run_here("batch", str(tmp_path / "in.jsonl"))
    assert counts(done)[0] == len(STRINGS)
    assert_harmless(done.text)
    assert_harmless(done.message)


def test_headers_are_ignored_or_refused(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(table([[*STRINGS, "pay"], [*STRINGS, "required"]]))
    for arguments in (["batch", "in.csv"], ["batch", "in.csv", "--suggest-map"]):
        done = run(*arguments, cwd=tmp_path)
        assert done.code in (0, 1, 2)
        assert_harmless(done.text)
        assert_harmless(done.message)


def test_a_suggested_mapping_of_anything_reads_back(tmp_path: Path) -> None:
    for question in ("pay", "goals"):
        texts = [text for text in STRINGS if len(text) < 60]
        (tmp_path / "in.csv").write_bytes(table([["id", question], *[["x", text] for text in texts[:250]]]))
        suggested = run_here("batch", str(tmp_path / "in.csv"), "--suggest-map")
        assert_harmless(suggested.text)
        (tmp_path / "map.yaml").write_bytes(suggested.out)
        done = run_here("batch", str(tmp_path / "in.csv"), "--map", str(tmp_path / "map.yaml"))
        assert done.code in (0, 1), done.message[:500]
        assert_harmless(done.message)


@pytest.mark.parametrize("place", ["columns", "values", "answer"])
def test_a_mapping_that_says_anything_is_told(shipped: Catalog, place: str, tmp_path: Path) -> None:
    for text in STRINGS[::6]:
        whole = {
            "columns": {"columns": {text: "pay"}},
            "values": {"values": {"pay": {text: "required"}}},
            "answer": {"values": {"pay": {"x": text}}},
        }[place]
        (tmp_path / "map.json").write_text(json.dumps(whole), "ascii")
        done = run_here("batch", "-", "--map", str(tmp_path / "map.json"), stdin=b"id,pay\na,required\n")
        assert done.code in (0, 1, 2), text
        assert_harmless(done.text)
        assert_harmless(done.message)


def test_a_summary_that_says_anything_makes_no_page_that_runs(tmp_path: Path) -> None:
    rows = [["a", "explore", "4"], ["b", "income", "8"]]
    (tmp_path / "in.csv").write_bytes(table([["id", "goals", "weeks"], *rows]))
    run_here("batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "o.csv"), "--summary", str(tmp_path / "s.json"))
    plain = (tmp_path / "s.json").read_text("utf-8")
    for text in STRINGS[::4]:
        hostile = json.loads(plain)
        for format in hostile["formats"]:
            format["name"] = text
        (tmp_path / "s.json").write_text(json.dumps(hostile), "ascii")
        done = run_here("report", "--cohort", str(tmp_path / "s.json"))
        assert done.code in (0, 2), text
        assert "<script" not in done.text.lower()
        assert not re.search(r"<[^>]*\son\w+\s*=", done.text)
        assert UNSEEN.search(done.text) is None
        assert_harmless(done.message)


def test_settings_of_a_template_and_a_report_are_answered(tmp_path: Path) -> None:
    for text in [text for text in STRINGS if "\0" not in text][::9]:
        for arguments in (
            ["template", "--to", text],
            ["report", "--set", f"goals={text}"],
            ["batch", "-", "--id", text],
        ):
            done = run_here(*arguments, stdin=b"id,pay\na,required\n")
            assert done.code in (0, 1, 2), text
            assert_harmless(done.message)
