"""Excel workbooks in and out: every kind of cell, sheets that are not ours, hostile files, and text that stays text."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from formatpicker import Catalog
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import archives
from formatpicker.batch.readers.source import Source, Watched
from formatpicker.batch.readers.xlsx import read
from formatpicker.batch.records import FIELDS, Record, Reject, output_columns
from formatpicker.batch.writers import WriterOptions
from formatpicker.batch.writers import xlsx as workbook
from formatpicker.batch.writers.csv import inert
from formatpicker.batch.writers.output_file import opened_output
from formatpicker.errors import InputError
from running import run, run_here
from tabular import answers_in, bytes_of, rows_in, scored, workbook_of

HEADER: Sequence[object] = ["id", "goals", "weeks", "pay", "age"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook_of([HEADER, ["a", "explore", 4, "required", 20]], tmp_path / "a.xlsx")


# --- cells -----------------------------------------------------------------------------------------------------------


def test_every_kind_of_cell_becomes_text_or_a_number(toy: Catalog, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["id", "weeks", "note"],
        [17.0, 2.5, None],
        [date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), time(5, 6)],
        [True, "  3 days ", "x" * 32_767],
        [0, 10**14, -1],
    ]
    _, [chunk] = rows_in(toy, workbook_of(rows, tmp_path / "a.xlsx"))
    assert chunk.cells == [
        [17, 2.5, ""],
        ["2026-01-02", "2026-01-02T03:04:00", "05:06:00"],
        ["true", "  3 days ", "x" * 32_767],
        [0, 10**14, -1],
    ]
    assert all(isinstance(row[0], int) for row in (chunk.cells[0], chunk.cells[3]))


def test_an_error_is_no_empty_cell(shipped: Catalog, tmp_path: Path) -> None:
    sheet = openpyxl.Workbook()
    for row in (HEADER, ["a", "explore", "#N/A", "required", 20], ["b", None, 4, None, "#DIV/0!"]):
        sheet.active.append(row)
    sheet.active["C2"].data_type = sheet.active["E3"].data_type = "e"
    sheet.save(tmp_path / "a.xlsx")
    first, second = scored(shipped, tmp_path / "a.xlsx")
    assert isinstance(first, Reject)
    assert (first.row, first.line, first.id, first.column, first.value) == (1, 2, "a", "weeks", "#N/A")
    assert isinstance(second, Reject)
    assert (second.column, second.value) == ("age", "#DIV/0!")


def test_empty_rows_are_nobody(shipped: Catalog, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, [], ["b", "income"], [None, " "], ["c", "nonsense"]):
        book.active.append(row)
    for number in range(6, 60):
        book.active.cell(number, 3).font = Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    found = scored(shipped, tmp_path / "a.xlsx")
    # Rows 2 to 5 of the sheet: nothing, b, nothing but a space, c.
    assert [(each.row, each.id) for each in found] == [(1, "b"), (2, "c")]
    assert isinstance(found[1], Reject)
    assert found[1].line == 5


def test_the_table_may_stand_anywhere_on_any_sheet(shipped: Catalog, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "what this is"])
    book.create_chartsheet("Chart")
    book.create_sheet("Empty")
    data = book.create_sheet("Data")
    for column, name in enumerate(HEADER, 3):
        data.cell(4, column, name)
        data.cell(5, column, "weird" if name == "pay" else None)
    book.save(tmp_path / "a.xlsx")
    [found] = scored(shipped, tmp_path / "a.xlsx")
    assert isinstance(found, Reject)
    assert (found.row, found.line, found.column, found.value) == (1, 5, "pay", "weird")


def test_standard_input_is_read_as_well(book: Path) -> None:
    from_file, piped = run("batch", str(book)), run("batch", "-", stdin=book.read_bytes())
    assert from_file.code == piped.code == 0
    assert from_file.out == piped.out
    assert b'"id": "a"' in piped.out


def test_two_hundred_columns_and_a_million_empty_formatted_cells(shipped: Catalog, tmp_path: Path) -> None:
    cells = "".join(f'<c r="{_letters(column)}{{row}}" s="0"/>' for column in range(1, 101))
    rows = "".join(f'<row r="{row}">{cells.format(row=row)}</row>' for row in range(3, 10_003))
    head = "".join(
        f'<c r="{_letters(column)}1" t="inlineStr"><is><t>c{column}</t></is></c>' for column in range(2, 201)
    )
    first = f'<row r="1">{FAR.format("A1")}{head}</row><row r="2"><c r="A2"><v>4</v></c></row>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_sheet(f"<sheetData>{first}{rows}</sheetData>"))
    table, [chunk] = rows_in(shipped, path)
    assert len(table.sheet.headers) == 200
    assert [row[0] for row in chunk.cells] == [4]


# --- hostile files ---------------------------------------------------------------------------------------------------


def _letters(column: int) -> str:
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def plain_book() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["a", "explore", 4, "required", 20])
    return bytes_of(book)


BOOK = plain_book()


def with_sheet(inner: str) -> bytes:
    """A workbook whose only sheet holds some XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return zipped({**parts_of(BOOK), SHEET: f'<worksheet xmlns="{space}">{inner}</worksheet>'.encode()})


SHEET = "xl/worksheets/sheet1.xml"
FAR = '<c r="{}" t="inlineStr"><is><t>weeks</t></is></c>'


def bomb() -> bytes:
    """A workbook whose directory says that it unpacks to more than the bound."""
    data = bytearray(zipped({**parts_of(BOOK), "xl/media/zeros": bytes(1_000_000)}))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/media/zeros"))
    struct.pack_into("<I", data, entry + 24, 3_000_000_000)
    return bytes(data)


def lying_bomb() -> bytes:
    """A workbook that unpacks to more than its directory says."""
    data = bytearray(zipped({**parts_of(BOOK), SHEET: b"<worksheet>" + bytes(3_000_000)}))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    struct.pack_into("<I", data, entry + 24, 500)
    return bytes(data)


def encrypted_part() -> bytes:
    data = bytearray(BOOK)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def two_far_cells(first: str, second: str) -> bytes:
    return with_sheet(f"<sheetData><row>{FAR.format(first)}</row><row>{FAR.format(second)}</row></sheetData>")


HOSTILE = {
    "no zip": (b"PK\x03\x04 and nothing more", ("cannot be read as an Excel workbook",)),
    "text": (b"id,weeks\n1,4\n", ("cannot be read as an Excel workbook: it is text", ".csv")),
    "empty": (b"", ("is empty",)),
    "cut off": (BOOK[:-200], ("cannot be read as an Excel workbook", "cut off")),
    "half": (BOOK[:2500], ("cannot be read as an Excel workbook",)),
    "an old one, damaged": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ("cannot be read", "save it as .xlsx")),
    "encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        ("is encrypted", "without a password"),
    ),
    "an encrypted part": (encrypted_part(), ("encrypted", "without a password")),
    "another zip": (zipped({"a.png": b"text"}), ("is a ZIP archive with no table", "unpack it")),
    "OpenDocument, damaged": (
        zipped({"content.xml": b"<a/>", "mimetype": b""}),
        ("cannot be read", "save it as .xlsx"),
    ),
    "a damaged binary workbook": (zipped({"xl/workbook.bin": b"x"}), ("cannot be read", "save it as .xlsx")),
    "no sheets": (
        zipped({**parts_of(BOOK), "xl/workbook.xml": b"<workbook><sheets/></workbook>"}),
        ("holds no table",),
    ),
    "an empty sheet": (bytes_of(openpyxl.Workbook()), ("holds no table",)),
    "nothing known": (
        with_sheet(f"<sheetData><row>{FAR.format('A1')}</row></sheetData>".replace("weeks", "weaks")),
        ("did you mean 'weeks'",),
    ),
    "a bomb": (bomb(), ("unpacks to more than 1,000,000,000 bytes",)),
    "a bomb that lies": (lying_bomb(), ("longer than the directory says",)),
    "two cells far apart": (two_far_cells("A1", "XFD1048576"), ("row 1,048,576 and column 16,384",)),
    "a row that no sheet has": (two_far_cells("A1", "B4000000"), ("no sheet has",)),
    "a column that no sheet has": (two_far_cells("A1", "ABCDEF1"), ("no sheet has",)),
    "a sheet that is no XML": (
        with_sheet('<sheetData><row r="1></sheetData>'),
        ("cannot be read as an Excel workbook",),
    ),
    "deep nesting": (with_sheet("<a>" * 200_000), ("cannot be read as an Excel workbook", "no table")),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_one_clear_message(kind: str, tmp_path: Path) -> None:
    data, words = HOSTILE[kind]
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    start = run if kind == "cut off" else run_here
    for done in (start("batch", str(path)), start("batch", "-", "--from", "xlsx", stdin=data)):
        if kind == "old or encrypted" and b"standard input" in done.err:
            continue  # told by name that it is a workbook, it is still none
        assert done.code == 2
        assert done.out == b""
        [line] = done.message.splitlines()
        assert line.startswith("formatpicker: ")
        assert any(word in line for word in words), line


def test_a_bound_holds_before_the_library_sees_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_000)
    with pytest.raises(InputError, match="unpacks to more than 1,000 bytes"):
        archives.inspected(BOOK, "a.xlsx")


def test_a_crash_of_the_library_is_a_message(monkeypatch: pytest.MonkeyPatch, shipped: Catalog) -> None:
    class PanicException(BaseException):
        """As the library's own: no Exception."""

    def crash(*_: object) -> None:
        raise PanicException("called `Option::unwrap()` on a `None` value")

    class Crashing:
        from_filelike = crash

    monkeypatch.setattr("python_calamine.CalamineWorkbook", Crashing)
    with pytest.raises(InputError, match="cannot be read as an Excel workbook"):
        read_whole(shipped, BOOK)


def read_whole(catalog: Catalog, data: bytes) -> int:
    watched = Watched(data[:100], io.BytesIO(data[100:]))
    source = Source("a.xlsx", "a.xlsx", data[:100], io.BufferedReader(watched), watched, len(data))
    return sum(len(rows.cells) for rows in read(source, Headers(catalog), None).rows())


@given(st.data())
def test_any_change_to_a_workbook_reads_or_is_one_message(shipped: Catalog, data: st.DataObject) -> None:
    parts = parts_of(BOOK)
    name = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", ""]))
    whole = bytearray(parts[name] if name else BOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.integers(0, 20))
        whole[at : at + cut] = data.draw(st.sampled_from([b"", b"0", b"-1", b"99999999999", b"<", b'"', b"\xff", b"e"]))
    changed = zipped({**parts, name: bytes(whole)}) if name else bytes(whole)
    with suppress(InputError):
        assert read_whole(shipped, changed) >= 0


# --- out -------------------------------------------------------------------------------------------------------------


def record(id: str | int | None, row: int = 1) -> Record:
    return Record(
        id, row, ("one", "two"), 94.8, "three", 40.0, 54.8, "fits", ("one:pay",), (), (), None, None, ("pay",), 0.5
    )


def written(records: Sequence[Record], path: Path, fields: Sequence[str] = FIELDS) -> Path:
    with ExitStack() as stack:
        target = opened_output(str(path))
        stack.callback(target.abandon)
        sink = workbook.opened(target, fields, stack, WriterOptions())
        sink.begin()
        columns = output_columns(fields, ())
        sink.take(workbook.encode(columns.rows(records, [()] * len(records), [()] * len(records)), columns.names))
        sink.finish()
        target.commit()
        stack.pop_all()
    return path


def cells_of(path: Path) -> Iterator[tuple[object, ...]]:
    yield from openpyxl.load_workbook(path).active.iter_rows(values_only=True)


def test_a_record_is_a_row_of_plain_cells(tmp_path: Path) -> None:
    header, row = cells_of(written([record("a")], tmp_path / "a.xlsx"))
    assert header == FIELDS
    assert row == ("a", 1, "one;two", 94.8, "three", 40, 54.8, "fits", "one:pay", None, None, None, None, "pay", 0.5)


def test_the_header_stays_in_sight_and_has_a_filter(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written([record("a"), record("b", 2)], tmp_path / "a.xlsx", ("id", "top"))).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["A1"].font.bold


def test_the_same_records_make_the_same_bytes(tmp_path: Path) -> None:
    first, second = (written([record("a")], tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


@given(st.one_of(st.text(max_size=40), st.text("=+-@\t\r\n _x0DA3\ud800\ufffe\x00", max_size=12)))
@example("=1+1")
@example("_x003D_1+1")
@example("\ud800")
@example("x" * 40_000)
def test_no_text_breaks_the_file_or_runs(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written([record(text)], tmp_path_factory.mktemp("out") / "a.xlsx", ("id", "row"))
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A2"].data_type != "f"
    assert sheet["B2"].value == 1
    [_, [shown, _]] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    # Line ends are one character in XML; all else is as it was, but for what no cell takes and what would run.
    expected = workbook.plain_text(inert(text))
    assert str(shown).replace("\r", "\n") == expected.replace("\r", "\n")
    assert inert(str(shown)) == shown


def test_numbers_that_a_sheet_would_round_stay_text(tmp_path: Path) -> None:
    _, row = cells_of(written([record(12345678901234567890)], tmp_path / "a.xlsx", ("id",)))
    assert row == ("12345678901234567890",)


def test_an_abandoned_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ExitStack() as stack:
        target = opened_output(str(tmp_path / "a.xlsx"))
        stack.callback(target.abandon)
        workbook.opened(target, ("id",), stack, WriterOptions()).take([["a"]])
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_full_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    path = tmp_path / "a.xlsx"
    assert len(list(cells_of(written([record("a"), record("b", 2)], path)))) == 3
    before = path.read_bytes()
    with pytest.raises(InputError, match="holds 2 records, and there are more; use --to csv or jsonl"):
        written([record("a")] * 3, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_batch_writes_a_workbook_that_batch_can_be_checked_against(book: Path, tmp_path: Path) -> None:
    done = run_here("batch", str(book), "-o", str(tmp_path / "out.xlsx"))
    assert done.code == 0
    header, row = cells_of(tmp_path / "out.xlsx")
    piped = run("batch", str(book), "--to", "xlsx")
    assert piped.out == (tmp_path / "out.xlsx").read_bytes()
    assert dict(zip(header, row, strict=True))["id"] == "a"


def test_answers_are_those_of_the_same_rows_as_text(shipped: Catalog, tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        HEADER,
        ["a", "explore;income", 4, "required", 20],
        [7, None, "3 months", "No, I can do it unpaid", None],
    ]
    text = "\n".join(",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows)
    (tmp_path / "a.csv").write_text(text)
    first = answers_in(shipped, workbook_of(rows, tmp_path / "a.xlsx"))
    second = answers_in(shipped, tmp_path / "a.csv")
    assert [answers for _, answers in first] == [answers for _, answers in second]
    assert [id for id, _ in first] == ["a", 7]
