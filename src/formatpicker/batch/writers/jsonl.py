"""Records as JSON Lines, or as one JSON document for programs that want exactly one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from formatpicker.base.terminal import escapes_json
from formatpicker.base.text import ascii_json, safe_json
from formatpicker.batch.records import Row
from formatpicker.batch.writers import WriterOptions
from formatpicker.batch.writers.output_file import Output, Text, TextSink

if TYPE_CHECKING:
    from formatpicker.batch.writers import EncodeColumns

JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
# Names the shape of the document; raised with every change that a reader would notice.
BATCH_SCHEMA = "formatpicker/batch/2"


def encode(rows: Sequence[Row], names: Sequence[str]) -> str:
    """A line for each row."""
    return safe_json("".join([JSON.encode(dict(zip(names, row, strict=True))) + "\n" for row in rows]))


def json_text(value: object) -> str:
    """A value as JSON; what a terminal would obey stays escaped."""
    return safe_json(JSON.encode(value))


class LineSink(TextSink):
    """Lines of JSON; in ASCII where that is asked for. They come from other processes too, which do not know of it."""

    def take(self, piece: Text) -> None:
        """Write one piece."""
        super().take(ascii_json(piece if isinstance(piece, str) else str(piece, "utf-8")) if escapes_json() else piece)


class DocumentSink(LineSink):
    """Lines as the items of one JSON document."""

    def __init__(self, output: Output) -> None:
        super().__init__(output, f'{{"schema": "{BATCH_SCHEMA}", "records": [\n')
        self._between = ""

    def take(self, piece: Text) -> None:
        """Write one piece; what it holds are lines of JSON, so a line end is between two of them."""
        text = piece if isinstance(piece, str) else str(piece, "utf-8")
        if text:
            super().take(self._between + text.removesuffix("\n").replace("\n", ",\n"))
            self._between = ",\n"

    def finish(self) -> None:
        """Close the document."""
        super().take("\n]}\n")


def opened(output: Output, names: Sequence[str], stack: ExitStack, options: WriterOptions) -> LineSink:
    """A file of lines, or a document of them."""
    return DocumentSink(output) if options.document else LineSink(output)


def columns_encoder() -> EncodeColumns:
    """What writes the same lines as bytes, out of whole columns."""
    from formatpicker.batch.writers.text_columns import Style, TextColumns

    return TextColumns(
        Style(
            value=json_text,
            head=lambda name, first: f"{'{' if first else ', '}{json_text(name)}: ",
            tail="}\n",
            items=lambda items: json_text(items)[1:-1],
            between=", ",
            around=lambda several: ("[", "]"),
            bare=r"^[ !#-\[\]-~]*$",
            quote='"',
        )
    ).lines
