"""Parquet: whole columns, or rows as from any table. Rows stream; memory is bounded."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from formatpicker.batch.headers import Headers, Sheet
from formatpicker.batch.readers.source import CHUNK, Source
from formatpicker.batch.reading import Reading
from formatpicker.batch.rows import Rows
from formatpicker.errors import InputError

if TYPE_CHECKING:
    from formatpicker.batch.arrowcells import Block

EXTRA = "to read and write Parquet, install 'formatpicker[arrow]'"
# Rows that are scored at once: what one thread holds, and what becomes one group of rows in the output.
BATCH = 131_072
_BUFFER = 1 << 20


def read(source: Source, headers: Headers, encoding: str | None) -> ParquetTable:
    """The table in a source.

    Raises:
        InputError: It is no Parquet file, none of its columns holds an answer, or one has a type that cannot.
    """
    try:
        from formatpicker.batch.arrowcells import check_types, narrowed
    except ImportError:
        raise InputError(source.name, EXTRA) from None
    stream = _seekable(source)
    with _readable(source.name):
        schema = _opened(stream).schema_arrow
        names = schema.names
    sheet = Sheet.of(headers, names, source.name)
    needed = narrowed(sheet)
    check_types(headers.catalog, needed, schema, source.name)
    return ParquetTable(source, stream, needed)


def _seekable(source: Source) -> IO[bytes]:
    """The bytes with a way back: the file itself, or a nameless copy of what comes from a pipe."""
    path = Path(source.path)
    if source.size is not None and path.is_file():
        return source.closing.enter_context(path.open("rb"))
    copy = source.closing.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (the stack is the context)
    shutil.copyfileobj(source.stream, copy, _BUFFER)
    return copy


def _opened(stream: IO[bytes], texts: list[str] | None = None) -> Any:
    import pyarrow.parquet as pq

    stream.seek(0)
    # Buffered column by column: a group of rows can be as large as the file.
    return pq.ParquetFile(stream, read_dictionary=texts, buffer_size=_BUFFER, pre_buffer=False)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Say what a file is where it cannot be read as Parquet."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, MemoryError, ValueError, OverflowError) as error:
        problem = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(name, f"cannot be read as Parquet; is it whole? ({problem})") from None


class ParquetTable:
    """A table whose rows, or columns, are read as they are needed."""

    def __init__(self, source: Source, stream: IO[bytes], sheet: Sheet) -> None:
        self.sheet = sheet
        self.reading = Reading()
        self._source = source
        self._name = source.name
        self._stream = stream

    def ignored(self) -> tuple[str, ...]:
        """The headers of columns that hold no answer."""
        return self.sheet.ignored

    def rows(self) -> Iterator[Rows]:
        """All rows once, in order."""
        return (block.rows() for block in self._blocks(CHUNK, []))

    def blocks(self) -> Iterator[Block]:
        """The same by whole columns."""
        return self._blocks(BATCH, self._texts())

    def _blocks(self, size: int, texts: list[str]) -> Iterator[Block]:
        from formatpicker.batch.arrowcells import Block

        first = 1
        for batch in self._batches(size, texts):
            yield Block(first, batch, partial(_readable, self._name))
            first += batch.num_rows

    def _texts(self) -> list[str]:
        """The columns of text that hold answers: few different ones, so that they are read as dictionaries."""
        from pyarrow import types

        with _readable(self._name):
            schema = _opened(self._stream).schema_arrow
        names = [name for index, name in enumerate(self.sheet.headers) if index != self.sheet.id_column]
        return [name for name in names if types.is_string(schema.field(name).type)]

    def _batches(self, size: int, texts: list[str]) -> Iterator[Any]:
        """The columns that are needed, in the order of the sheet; one empty batch where there are no rows."""
        import pyarrow as pa

        names, done = list(self.sheet.headers), 0
        with _readable(self._name):
            found = _opened(self._stream, texts)
            # One group of rows after the other: no batch then mixes the dictionaries of two.
            groups = range(found.metadata.num_row_groups)
            batches = chain.from_iterable(
                found.iter_batches(batch_size=size, columns=names, row_groups=[group]) for group in groups
            )
        while True:
            with _readable(self._name):
                batch = next(batches, None)
                if batch is None:
                    break
                batch = batch.select(names)
            done += batch.num_rows
            self._source.watched.taken = done * (self._source.size or 0) // max(found.metadata.num_rows, 1)
            yield batch
        if not done:
            schema = found.schema_arrow
            yield pa.RecordBatch.from_pylist([], schema=pa.schema([schema.field(name) for name in names]))
