"""Attacks every reader and parser with inputs that a coverage-guided fuzzer makes out of valid ones.

``pip install atheris`` first, in an environment with the project's extra ``test``; the tests do without it.

- ``python tools/fuzz.py --help`` lists the targets.
- ``python tools/fuzz.py TARGET --seconds 60 [--folder FOLDER]`` attacks one of them. Whatever is found stands in FOLDER
  afterwards: the input, and beside it the traceback. Inputs that reach new code are kept there as well.
- ``python tools/fuzz.py TARGET FILE`` does again what was done with one input.

Found is what is no clear message for the user: an exception other than ``FormatpickerError``, a crash, more than 10
seconds for one input, more than 1 GB of memory. Keep each input that was found as a case in
``tests/cli/test_found.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import functools
import hashlib
import io
import json
import os
import pkgutil
import random
import re
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

if __name__ == "__main__" and "--inside" in sys.argv:
    import atheris

    with atheris.instrument_imports(include=["formatpicker"]):
        import formatpicker

        for _module in pkgutil.walk_packages(formatpicker.__path__, "formatpicker."):
            if not _module.name.endswith("__main__"):
                import_module(_module.name)

from formatpicker.advice.recommendation import recommend
from formatpicker.base.yaml_reader import parse_document
from formatpicker.batch.headers import Headers, Mapped
from formatpicker.batch.mapping import columns_seen, parse_mapping, suggestion
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.source import SAMPLE, Source, Watched
from formatpicker.batch.records import FIELDS, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.run import ColumnWorker, Job
from formatpicker.batch.writers.jsonl import encode
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import load_catalog, parse_catalog, shipped_path
from formatpicker.errors import FormatpickerError, InputError
from formatpicker.output.html import to_html
from formatpicker.output.json.cohort_types import Summary
from formatpicker.output.text.cohort_document import cohort_document
from formatpicker.scoring.answer_files import answers_in, with_settings
from formatpicker.scoring.answers import Answers

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
MOST_BYTES = 40_000
SECONDS_FOR_ONE = 10
MEGABYTES = 1_000

Seeds = Iterator[bytes]


class Found(Exception):
    """A promise that was not kept, where nothing else goes wrong."""


# --- what the targets share ----------------------------------------------------------------------------------------


@functools.cache
def shipped() -> Catalog:
    """The catalog that comes with the package."""
    return load_catalog(shipped_path())


@functools.cache
def toy() -> Catalog:
    """The small catalog of the tests."""
    return load_catalog(CASES / "toy.yaml")


def source_of(data: bytes) -> Source:
    """An opened input, as of a file."""
    sample = data[:SAMPLE]
    if not sample:
        raise InputError("input", "is empty")
    watched = Watched(sample, io.BytesIO(data[SAMPLE:]))
    return Source("input", "input", sample, io.BufferedReader(watched), watched, len(data))


def score(data: bytes, kind: str | None, encoding: str | None = None) -> None:
    """Read a whole table and score it, by rows and by columns; both must say the same."""
    (rows, lines), (columns, again) = by_rows(data, kind, encoding), by_columns(data, kind, encoding)
    if rows != columns or lines != again:
        raise AssertionError("rows and columns do not say the same")


def by_rows(data: bytes, kind: str | None, encoding: str | None) -> tuple[list[Reject], str]:
    """The rejects and the lines of a table scored row by row."""
    source = source_of(data)
    with source.closing:
        table = opened_table(source, Headers(shipped()), kind, encoding)
        scorer = Scorer(shipped(), table.sheet)
        scored = [scorer.scored(rows) for rows in table.rows()]
        table.ignored()
    rejects = [each for chunk in scored for each in chunk.rejects]
    return rejects, "".join([encode(chunk.records, FIELDS) for chunk in scored])


def by_columns(data: bytes, kind: str | None, encoding: str | None) -> tuple[list[Reject], str]:
    """The same by whole columns."""
    source = source_of(data)
    with source.closing:
        table = opened_table(source, Headers(shipped()), kind, encoding)
        worker = ColumnWorker(shipped(), table.sheet, Job("jsonl"))
        found = [worker.scored(block)() for block in table.blocks()]
    return [each for result in found for each in result.rejects], b"".join(
        [_bytes(result.piece) for result in found]
    ).decode()


def _bytes(piece: Any) -> bytes:
    return piece.encode() if isinstance(piece, str) else bytes(piece)


PEOPLE: tuple[dict[str, Any], ...] = (
    {"goals": ["explore", "income"], "weeks": 12, "pay": "required", "age": 19},
    {"goals": {"portfolio": 5, "network_depth": 2}, "weeks": "3 days", "hours_per_week": "7,5", "pay": None},
    {
        "goals": "explore: 3, income: 1; network_depth: 2",
        "start_within_weeks": "2 months",
        "age": "17 years",
        "pay": "skip",
    },
)


def table_of_people(delimiter: str) -> bytes:
    """A table in which each of the people has a row."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(["id", *shipped().questions, "Remark"])
    for number, person in enumerate(PEOPLE):
        cells = [person.get(id) for id in shipped().questions]
        writer.writerow([number, *[json.dumps(cell) if isinstance(cell, dict) else cell for cell in cells], "a, \nb"])
    return stream.getvalue().encode()


# --- the targets ---------------------------------------------------------------------------------------------------


def answers(data: bytes) -> None:
    """A file of answers, in YAML or JSON."""
    answers_in(shipped(), parse_document(data, "answers.yaml"))


def answers_seeds() -> Seeds:
    """The people as YAML and as JSON, and the answers of the scenarios."""
    for person in PEOPLE:
        yield json.dumps(person).encode()
        yield "".join(f"{key}: {json.dumps(value)}\n" for key, value in person.items()).encode()
    yield b"goals:\n- explore\n- income\nweeks: 2 months # about\npay: Preferred\n"


def catalog(data: bytes) -> None:
    """A catalog; what is accepted must serve to recommend."""
    found = parse_catalog(data, "catalog.yaml")
    recommend(found, Answers({}))


def catalog_seeds() -> Seeds:
    """The small catalog of the tests."""
    yield (CASES / "toy.yaml").read_bytes()


def delimited(data: bytes) -> None:
    """A table in CSV."""
    score(data, "csv")


def delimited_seeds() -> Seeds:
    """The people with each delimiter, in other encodings, with a line for Excel and with rows above the data."""
    for delimiter in (",", ";", "\t"):
        yield table_of_people(delimiter)
    yield b"sep=;\r\n" + table_of_people(";")
    yield table_of_people(",").decode().encode("utf-16")
    yield table_of_people(";").decode().encode("utf-16-be")
    yield b'Q1,Q2\nHow many weeks?,pay\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n4,required\n'
    yield b"goals,,weeks\nexplore,income,Response\nexplore,income,4\n"


def encoded(data: bytes) -> None:
    """A table in the encoding that the first line names."""
    name, _, rest = data.partition(b"\n")
    score(rest, "csv", name.decode("utf-8", "replace"))


def encoded_seeds() -> Seeds:
    """Encodings of all kinds: of one and of several bytes, with states, and some that are no encodings of text."""
    for name in ("windows-1252", "utf-16", "utf-7", "gb18030", "iso2022_jp", "unicode_escape", "punycode", "idna"):
        yield f"{name}\n".encode() + b"id,weeks,pay\n1,4,required\n"
    for name in ("hex", "rot13", "base64", "undefined", "raw_unicode_escape", "utf-32-be", "hz", "mbcs", "cp037"):
        yield f"{name}\n".encode() + b"id,weeks,pay\n1,4,required\n"


def json_lines(data: bytes) -> None:
    """A table in JSON Lines."""
    score(data, "jsonl")


def json_lines_seeds() -> Seeds:
    """The people, a line each."""
    yield "".join(json.dumps({"id": number, **person}) + "\n" for number, person in enumerate(PEOPLE)).encode()
    yield b'\xef\xbb\xbf{"id": "a", "weeks": 4.5, "goals": [{"a": 1}], "pay": true, "extra": {"b": [1e3]}}\r\n\n{}\n'


def guessed(data: bytes) -> None:
    """A table whose kind is told by its first bytes."""
    score(data, None)


def guessed_seeds() -> Seeds:
    """One of each kind."""
    yield from (next(seeds()) for seeds in (delimited_seeds, json_lines_seeds, workbook_seeds))


def workbook(data: bytes) -> None:
    """A workbook."""
    score(data, "xlsx")


def workbook_seeds() -> Seeds:
    """The people in a workbook, packed and unpacked."""
    sheets = list(sheet_seeds())
    yield workbook_of(sheets[0], zipfile.ZIP_STORED)
    yield workbook_of(sheets[0], zipfile.ZIP_DEFLATED)


def sheet(data: bytes) -> None:
    """The XML of a sheet in a workbook that is whole."""
    score(workbook_of(data), "xlsx")


def sheet_seeds() -> Seeds:
    """The people, and cells of each type."""
    rows = list(csv.reader(io.StringIO(table_of_people(",").decode(), newline="")))
    yield sheet_of([[text_cell(cell) for cell in row] for row in rows])
    names = [text_cell(name) for name in ("weeks", "pay", "age")]
    yield sheet_of(
        [names, ["<v>4.5</v>", 't="b"><v>1</v>', 't="e"><v>#N/A</v>'], ["<f>1/0</f><v/>", "s='1'><v>4e4</v>"]]
    )


def parquet(data: bytes) -> None:
    """A Parquet file."""
    score(data, "parquet")


def parquet_seeds() -> Seeds:
    """The people in text, and columns of other types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    header, *rows = csv.reader(io.StringIO(table_of_people(",").decode(), newline=""))
    texts = pa.table({name: [row[at] for row in rows] for at, name in enumerate(header)})
    others = pa.table({"id": [1, 2], "goals": [["explore"], None], "weeks": [4.5, None], "age": [19, 20]})
    for table in (texts, others):
        for packed in ("none", "zstd"):
            stream = io.BytesIO()
            pq.write_table(table, stream, compression=packed)
            yield stream.getvalue()


def text_cell(text: str) -> str:
    """What stands in a cell of text, and before it in its tag."""
    return f't="inlineStr"><is><t>{text}</t></is>' if "<" not in text and "&" not in text else "<v>1</v>"


def sheet_of(rows: Iterable[list[str]]) -> bytes:
    """The XML of a sheet."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = [
            f'<c r="{chr(65 + at)}{number}" {cell if cell[:1] != "<" else ">" + cell}</c>'
            for at, cell in enumerate(row)
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{start}{''.join(lines)}</sheetData></worksheet>".encode()


def workbook_of(sheet: bytes, packed: int = zipfile.ZIP_STORED) -> bytes:
    """A workbook around the XML of its sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for name, data in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(zipfile.ZipInfo(name), data, packed)
    return stream.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_PARTS: dict[str, str | bytes] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'{_RELATIONS}<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    f' xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_RELATIONS}<Relationship Id="r1" Type="{_OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}


def mapping(data: bytes) -> None:
    """A file for --map, and a table to use it on."""
    mapped = parse_mapping(shipped(), parse_document(data, "map.yaml"))
    _use_mapping(mapped)


def _use_mapping(mapped: Mapped) -> None:
    rows = [[*mapped.columns, "weeks"], [*(text for texts in mapped.values.values() for text in texts), "4"]]
    lines = "\n".join(json.dumps(dict(zip(rows[0], [*rows[1], *rows[1]], strict=False))) for _ in range(2))
    table = opened_table(source_of(lines.encode()), Headers(shipped(), mapped), "jsonl", None)
    scorer = Scorer(shipped(), table.sheet)
    for chunk in table.rows():
        scorer.scored(chunk)


def mapping_seeds() -> Seeds:
    """What a mapping can say."""
    yield (
        b"columns:\n  Ref: id\n  Wish one: goals 1\n  Wish two: goals 2\n  Money: Must it be paid?\n  weeks: skip\n"
        b'  Dauer: weeks\nvalues:\n  pay:\n    ja: required\n    "No": not_needed\n    so so: skip\n'
        b"  weeks:\n    lang: 12\n  goals:\n    Geld: income\n    Beides: income, explore\n"
    )
    yield b'{"columns": {"A": "age", "B": null}, "values": {"age": {"jung": 17}}}'


def settings(data: bytes) -> None:
    """Settings as --set takes them, a line each."""
    with_settings(shipped(), Answers({}), data.decode("utf-8", "surrogateescape").split("\n"))


def settings_seeds() -> Seeds:
    """The people."""
    yield b"goals=explore,income\nweeks=12\npay=required\nage=19"
    yield b"goals=explore: 3; income = 2\nweeks=2 months\nhours_per_week=7,5 hours\nstart_within_weeks=3 days"
    yield b"pay=skip\nweeks= 10 days\nage=17 years"


def suggest(data: bytes) -> None:
    """A table to suggest a mapping for; the suggestion must read back."""
    headers = Headers(shipped(), lenient=True)
    text = suggestion(headers, columns_seen(source_of(data), headers, None, None))
    try:
        parse_mapping(shipped(), parse_document(text.encode(), "suggestion"))
    except FormatpickerError as error:
        if "columns: \n" not in text:
            raise Found(f"the suggestion does not read back: {error}\n{text}") from error


def suggest_seeds() -> Seeds:
    """Tables with headers and texts that are nearly ours."""
    yield b"Ref,Wishes,Money,Wekes\n1,explor; incme,requird,4\n2,networking,prefered,12 weeks\n3,income,not needed,x\n"
    yield b'{"Ref": 1, "pay": "requird", "Money": "x", "goals": ["explor", 3, null]}\n{"weeks": "bald", "A:b": "#"}\n'
    yield from delimited_seeds()


def summary(data: bytes) -> None:
    """A summary as ``report --cohort`` reads it."""
    document = parse_document(data, "summary.json").data
    with contextlib.suppress(msgspec.ValidationError):
        to_html(cohort_document(msgspec.convert(document, Summary)))


def summary_seeds() -> Seeds:
    """The summary that pins its version."""
    yield (ROOT / "tests" / "golden" / "toy" / "summary.json").read_bytes()


@dataclass(frozen=True)
class Target:
    """What is attacked, and with what it begins; ``structured`` inputs are JSON or YAML, changed value by value too."""

    attack: Callable[[bytes], None]
    seeds: Callable[[], Seeds]
    structured: bool = False


TARGETS = {
    "answers": Target(answers, answers_seeds, structured=True),
    "catalog": Target(catalog, catalog_seeds, structured=True),
    "csv": Target(delimited, delimited_seeds),
    "encoding": Target(encoded, encoded_seeds),
    "jsonl": Target(json_lines, json_lines_seeds, structured=True),
    "table": Target(guessed, guessed_seeds),
    "xlsx": Target(workbook, workbook_seeds),
    "sheet": Target(sheet, sheet_seeds),
    "parquet": Target(parquet, parquet_seeds),
    "map": Target(mapping, mapping_seeds, structured=True),
    "set": Target(settings, settings_seeds),
    "suggest-map": Target(suggest, suggest_seeds),
    "summary": Target(summary, summary_seeds, structured=True),
}


def attempt(target: Target, data: bytes) -> None:
    """Attack once: a clear message is what is wished for, and all else goes up."""
    try:
        target.attack(data)
    except FormatpickerError as error:
        message = str(error)
        if not message.strip():
            raise Found("a message without words") from error


# --- inputs changed value by value ---------------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        1e308,
        1e-300,
        10**17,
        "",
        " ",
        "skip",
        "0",
        "a" * 70,
        "\ud800",
        "\x00",
        "\u0663",
    ),
    *("1e999", "-0", "\u202e", "\U0001f600", [], {}, [[]], [None], {"": ""}, {"a": None}, "2026-02-30", "id", "always"),
)


def restructured(data: bytes, chance: random.Random) -> bytes | None:
    """The same JSON, YAML or line of JSON with one value changed; None where it cannot be read."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(lines[at])
        if isinstance(found, dict | list):
            return b"\n".join([*lines[:at], written(changed(found, chance)), *lines[at + 1 :]])
    with contextlib.suppress(FormatpickerError, ValueError):
        return written(changed(parse_document(data, "").data, chance))
    return None


def written(value: Any) -> bytes:
    """A value as JSON."""
    return json.dumps(value).encode()


def changed(root: Any, chance: random.Random) -> Any:
    """Data with one to three of its values replaced, doubled or taken away."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = [(root, key) for key in _keys(root)] if isinstance(root, dict | list) else []
        for around, key in places:
            places += [(around[key], inner) for inner in _keys(around[key])]
        if not places:
            return _odd(chance)
        _change(places, chance)
    return root


def _odd(chance: random.Random) -> Any:
    return deepcopy(chance.choice(ODD))


def _keys(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def _change(places: list[tuple[Any, Any]], chance: random.Random) -> None:
    around, key = chance.choice(places)
    other, name = chance.choice(places)
    how = chance.randrange(5)
    if how == 0:
        del around[key]
    elif how == 1:
        around[key] = deepcopy(other[name])
    elif how == 2 and isinstance(around, dict):
        around[str(name if chance.random() < 0.5 else _odd(chance))[:80]] = around.pop(key)
    elif how == 3 and isinstance(around, list):
        around.append(deepcopy(around[key]))
    else:
        around[key] = _odd(chance)


# --- the run -------------------------------------------------------------------------------------------------------


def dictionary(seeds: Iterable[bytes]) -> str:
    """Words of the seeds, for the fuzzer to put together anew."""
    words = {word for seed in seeds for word in re.findall(rb"[A-Za-z_][A-Za-z_0-9-]{2,40}|[<>=;:,\"'{}\[\]-]", seed)}
    odd = [text.encode("utf-8", "surrogatepass") for text in ODD if isinstance(text, str) and text]
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in [*sorted(words), *odd])


def inside(name: str, seconds: int, folder: Path) -> None:
    """Attack in this process, which the fuzzer ends."""
    target = TARGETS[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = list(target.seeds())
    for seed in seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = folder / "words"
    words.write_text(dictionary(seeds), "utf-8")
    options = {
        "max_total_time": seconds,
        "timeout": SECONDS_FOR_ONE,
        "rss_limit_mb": MEGABYTES,
        "max_len": MOST_BYTES,
        "dict": words,
        "artifact_prefix": f"{folder}/found-",
        "print_final_stats": 1,
    }
    arguments = [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)]
    more = {"custom_mutator": mutated} if target.structured else {}
    atheris.Setup(arguments, functools.partial(watched, target, folder, set()), **more)
    atheris.Fuzz()


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """An input changed as a value every other time, else as bytes."""
    chance = random.Random(seed)
    found = restructured(data, chance) if chance.random() < 0.6 else None
    return found[:most] if found is not None else bytes(atheris.Mutate(data, most))


def watched(target: Target, folder: Path, known: set[str], data: bytes) -> None:
    """Attack once, and keep what is found in a new place, so that the run can go on."""
    try:
        attempt(target, data)
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "formatpicker" in frame.filename]
        place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else repr(error)[:80]
        if place not in known:
            known.add(place)
            stem = f"found-{type(error).__name__}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
            (folder / stem).write_bytes(data)
            (folder / f"{stem}.txt").write_text(traceback.format_exc(), "utf-8", "backslashreplace")


def outside(name: str, seconds: int, folder: Path) -> int:
    """Attack in a process of its own, which may crash; tell what came of it."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, name, "--inside", "--seconds", str(seconds), "--folder", str(folder)]
    log = folder / "log"
    with log.open("wb") as stream:
        code = subprocess.run(command, stdout=stream, stderr=stream, check=False).returncode
    text = log.read_text("utf-8", "replace")
    done = re.findall(r"number_of_executed_units:\s*(\d+)", text) or re.findall(r"^#(\d+)\s", text, re.MULTILINE)
    found = sorted(path for path in folder.glob("found-*") if path.suffix != ".txt")
    print(f"{name}: {seconds} s, {done[-1] if done else 0} inputs, {len(found)} found, exit code {code}")
    for path in found:
        told = path.with_suffix(".txt")
        print(f"  {path}: {told.read_text('utf-8').splitlines()[-1][:200] if told.exists() else path.name}")
    return 1 if found or code else 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Attack a reader or parser.")
    parser.add_argument("target", choices=TARGETS, help="what to attack")
    parser.add_argument("file", nargs="?", type=Path, help="do it again with this input, once")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="where inputs are kept; a new one if left out")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.file:
        attempt(TARGETS[given.target], given.file.read_bytes())
        return 0
    folder = given.folder or Path(tempfile.mkdtemp(prefix=f"fuzz-{given.target}-"))
    if given.inside:
        inside(given.target, given.seconds, folder.resolve())
    return outside(given.target, given.seconds, folder.resolve())


if __name__ == "__main__":
    os.environ.setdefault("PYTHONFAULTHANDLER", "1")
    sys.exit(main())
