"""Records as one JSON document, for programs that want exactly one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from formatpicker.batch.writers.beside import NOTHING, Beside
from formatpicker.batch.writers.jsonl import LineSink, columns_encoder, encode
from formatpicker.batch.writers.output_file import Target, Text

# Names the shape of the document; raised with every change that a reader would notice.
BATCH_SCHEMA = "formatpicker/batch/2"

__all__ = ["columns_encoder", "encode", "opened"]


class DocumentSink(LineSink):
    """Lines as the items of one JSON document."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, f'{{"schema": "{BATCH_SCHEMA}", "records": [\n')
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


def opened(target: Target, names: Sequence[str], stack: ExitStack, beside: Beside = NOTHING) -> DocumentSink:
    """A document of lines."""
    return DocumentSink(target)
