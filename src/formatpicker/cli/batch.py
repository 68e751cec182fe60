"""Many people at once: batch."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from formatpicker.cli.app import CatalogOption, JsonOption, argument, ended, loaded_catalog, option, refuse
from formatpicker.errors import word_of

if TYPE_CHECKING:
    from formatpicker.batch.headers import Headers, Mapped
    from formatpicker.batch.run import Job
    from formatpicker.batch.summary import SummaryRequest
    from formatpicker.catalog.model import Catalog


def batch(
    input: Annotated[str, argument("INPUT", "A table of answers, a row for each person; - reads standard input.")],
    output: Annotated[str | None, option("--output -o FILE", "Write the records here; it appears whole.")] = None,
    to: Annotated[str | None, option("--to KIND", "jsonl, csv, xlsx or parquet.")] = None,
    origin: Annotated[str | None, option("--from KIND", "The kind of INPUT: csv, jsonl, xlsx or parquet.")] = None,
    encoding: Annotated[
        str | None, option("--encoding NAME", "The encoding of a text INPUT, such as windows-1252.")
    ] = None,
    mapping: Annotated[str | None, option("--map FILE", "What headers and texts stand for, in YAML.")] = None,
    suggest_map: Annotated[
        bool, option("--suggest-map", "Print such a mapping for INPUT to begin with, and nothing else.")
    ] = False,
    id_column: Annotated[str | None, option("--id COLUMN", "The column to carry through as id.")] = None,
    keep: Annotated[
        list[str] | None, option("--keep COLUMN,...", "Carry these columns of INPUT through, such as names.")
    ] = None,
    fields: Annotated[
        str | None,
        option(
            "--fields A,B,...",
            "Write only these columns, in this order; +A,B adds to the usual ones, such as call, contenders,"
            " one_answer_away, why, check and next_step.",
        ),
    ] = None,
    bom: Annotated[
        bool, option("--bom", "Begin CSV with a byte order mark, so that Excel reads letters such as é.")
    ] = False,
    rejects: Annotated[
        str | None, option("--rejects FILE", "Write what cannot be read here: .jsonl, .csv or .xlsx, each cell a line.")
    ] = None,
    leave_open: Annotated[
        bool, option("--leave-open", "Leave answers that cannot be read open, instead of rejecting their rows.")
    ] = False,
    only_finished: Annotated[
        bool, option("--only-finished", "Leave out the rows that a survey tool marks as previews or unfinished.")
    ] = False,
    last_of: Annotated[
        str | None, option("--last-of COLUMN", "Of rows with the same text in this column keep the last one.")
    ] = None,
    goals: Annotated[
        str | None, option("--goals ranked|equal", "Several goals in one cell: in order, or ticked and all the same.")
    ] = None,
    sheet: Annotated[
        str | None, option("--sheet NAME", "The sheet of a workbook to read; else the one with most answers.")
    ] = None,
    strict: Annotated[bool, option("--strict", "Stop at the first row that cannot be read.")] = False,
    summary: Annotated[str | None, option("--summary FILE", "Write counts of the whole cohort here, as JSON.")] = None,
    what_if: Annotated[
        list[str] | None,
        option("--what-if-catalog FILE", "In the summary: what would change with this catalog; may be repeated."),
    ] = None,
    by: Annotated[
        str | None, option("--by COLUMN", "In the summary: also count each group of this column apart.")
    ] = None,
    exact: Annotated[
        bool, option("--exact", "In the summary: do not round counts; for use inside the office.")
    ] = False,
    full: Annotated[bool, option("--full", "Write the whole recommendation for each row.")] = False,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Read a table of answers and write one record for each person.

    Example: formatpicker batch students.csv -o results.csv --rejects rejects.jsonl
    """
    from formatpicker.base.terminal import notify
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.readers import INPUT_KINDS, opened_table
    from formatpicker.batch.readers.source import opened_source
    from formatpicker.batch.records import checked_fields
    from formatpicker.batch.run import Job, Stopped, run
    from formatpicker.batch.writers import WriterOptions, kind_for
    from formatpicker.catalog.store import catalog_path
    from formatpicker.output.text.batch_words import closing_lines, progress, reading_lines

    loaded = loaded_catalog(catalog)
    known = mapped(loaded, mapping)
    read_as = None if origin is None else word_of("--from", origin, [*INPUT_KINDS], "kind of file")
    if suggest_map:
        _suggest(Headers(loaded, known, id_column, lenient=True, sheet=sheet), input, read_as, encoding)
        return
    written = kind_for(output, to)
    kind = "jsonl" if json else written
    refuse(
        (strict and leave_open, "--strict", "stops where --leave-open goes on; keep one of them"),
        (json and to is not None, "--json", "prints one JSON document; leave --to out"),
        (full and written != "jsonl", "--full", "writes JSON Lines; use --to jsonl or a file that ends in .jsonl"),
        (full and fields is not None, "--full", "writes everything; leave --fields out"),
        (bom and kind != "csv", "--bom", "marks CSV for Excel; write it with --to csv, or to a file that ends in .csv"),
        (what_if and summary is None, "--what-if-catalog", _OF_SUMMARY),
        (exact and summary is None, "--exact", _OF_SUMMARY),
        (by and summary is None, "--by", _OF_SUMMARY),
    )
    headers = Headers(
        loaded, known, id_column, sheet=sheet, ranked=ranked(goals), kept=keep or (), by=by, last_of=last_of
    )
    job = Job(
        kind=kind,
        fields=checked_fields(fields, leave_open, keep or ()),
        output=output,
        rejects=rejects,
        strict=strict,
        leave_open=leave_open,
        only_finished=only_finished,
        options=WriterOptions(bom=bom, document=json),
        summary=None if summary is None else _asked(summary, what_if or [], exact, input),
        reads=(
            ("--map", mapping),
            ("the catalog", str(catalog_path(catalog))),
            *(("--what-if-catalog", path) for path in what_if or []),
        ),
    )
    job = _in_words(loaded, job, full, input)
    with ExitStack() as stack:
        source = opened_source(input, stack)
        table = opened_table(source, headers, read_as, encoding)
        watch = stack.enter_context(progress(source))
        try:
            tally = run(loaded, source, table, job, watch)
        except Stopped as stopped:
            notify(f"formatpicker: {stopped}")
            raise ended(False) from None
    notify("\n".join([*reading_lines(loaded, table, tally), *closing_lines(loaded, tally, rejects, leave_open)]))
    raise ended(not tally.rejected)


# What each option that only matters to a summary is told without one.
_OF_SUMMARY = "belongs to --summary FILE; name the file that the summary goes to"


def _asked(path: str, what_if: list[str], exact: bool, input: str) -> SummaryRequest:
    from formatpicker.batch.summary import Origin, SummaryRequest
    from formatpicker.output.json.summary import summary_data

    return SummaryRequest(path, summary_data, tuple(map(loaded_catalog, what_if)), exact, Origin(*_origin(input)))


def _in_words(catalog: Catalog, job: Job, full: bool, input: str) -> Job:
    """The job with what is told in words, in the records and beside those of a file; loaded where there is some."""
    from dataclasses import replace

    from formatpicker.batch.records import FIELDS, LEFT_OPEN
    from formatpicker.batch.writers import OUTPUT_KINDS

    kind = OUTPUT_KINDS[job.kind]
    described = kind.description == "inside" or (kind.description == "beside" and job.output is not None)
    if not (described or full or {*job.fields} - {*FIELDS, LEFT_OPEN}):
        return job
    from formatpicker.output import record_words

    description = record_words.about_table(catalog, *_origin(input)) if described else None
    sheet = record_words.in_words(catalog) if kind.in_words else None
    options = job.options._replace(in_words=sheet, description=description)
    return replace(job, words=record_words.WORDS, whole=record_words.whole_line if full else None, options=options)


def _origin(input: str) -> tuple[str, str]:
    """What a table is called where its results are kept, and the day on which they were made."""
    from formatpicker.base.files import display_name
    from formatpicker.base.validity import today

    return Path(display_name(input)).name, today()


def mapped(catalog: Catalog, path: str | None) -> Mapped:
    """What a mapping file says."""
    from formatpicker.batch.headers import Mapped

    if path is None:
        return Mapped()
    from formatpicker.base.files import display_name, read_bytes
    from formatpicker.base.yaml_reader import parse_document
    from formatpicker.batch.mapping import parse_mapping

    return parse_mapping(catalog, parse_document(read_bytes(path), display_name(path)))


def ranked(goals: str | None) -> bool | None:
    """What ``--goals`` says: whether several goals in one cell are a ranking."""
    meanings = {"ranked": True, "equal": False}
    if goals is None:
        return None
    return meanings[word_of("--goals", goals, list(meanings), "way to take goals")]


def _suggest(headers: Headers, path: str, kind: str | None, encoding: str | None) -> None:
    from formatpicker.batch.mapping import columns_seen, suggestion
    from formatpicker.batch.readers.source import opened_source
    from formatpicker.batch.writers.output_file import StandardOutput

    with ExitStack() as stack:
        seen = columns_seen(opened_source(path, stack), headers, kind, encoding)
    StandardOutput().write(suggestion(headers, seen))
