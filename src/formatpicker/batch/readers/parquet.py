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

from formatpicker.base.new_file import writing
from formatpicker.base.temporary import TEMPORARY
from formatpicker.base.text import shortened
from formatpicker.batch.headers import Headers, Sheet
from formatpicker.batch.readers.source import BLOCK_ROWS, CHUNK, Source
from formatpicker.batch.reading import Reading
from formatpicker.batch.rows import Rows
from formatpicker.errors import InputError, install_hint

if TYPE_CHECKING:
    from formatpicker.batch.arrowcells import Block

EXTRA = f"to read and write Parquet, {install_hint('arrow')}"
# Rows that are read at once: dictionaries are made anew for each batch.
BATCH = 131_072
_BUFFER = 1 << 20
# Together these keep a run below 1 GB, whatever a file declares.
MOST_CHUNK = 500_000_000
MOST_TEXT = 250_000_000
# Ways of writing that let a long text, or the beginning of one, stand in many rows and take room once.
_PREFIXED = {"DELTA_BYTE_ARRAY"}
_SHARING = {"RLE_DICTIONARY", "PLAIN_DICTIONARY"}


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
    if source.is_file:
        return source.closing.enter_context(Path(source.path).open("rb"))
    with writing(TEMPORARY):
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
        return (block.rows() for block in self._blocks(CHUNK))

    def blocks(self) -> Iterator[Block]:
        """The same by whole columns."""
        for block in self._blocks(BATCH):
            yield from block.parts(BLOCK_ROWS)

    def _blocks(self, size: int) -> Iterator[Block]:
        from formatpicker.batch.arrowcells import Block

        first = 1
        for batch in self._batches(size):
            yield Block(first, batch, partial(_readable, self._name))
            first += batch.num_rows

    def _opened_within_bounds(self) -> tuple[Any, bool]:
        """The file, and whether a few rows of it may be as large as all the rest.

        Texts are read as dictionaries: a file can say in a few bytes that one long text stands in a million rows. Ids,
        which mostly differ, are so only where the file has a dictionary of them.
        """
        from pyarrow import types

        metadata = _opened(self._stream).metadata
        chunks = [
            metadata.row_group(group).column(at)
            for group in range(metadata.num_row_groups)
            for at in range(metadata.num_columns)
            if metadata.row_group(group).column(at).path_in_schema.split(".")[0] in self.sheet.headers
        ]
        largest = max([each.total_uncompressed_size for each in chunks], default=0)
        if largest > MOST_CHUNK:
            problem = f"holds {largest:,} bytes of one column in one group of rows, and {MOST_CHUNK:,} are the most"
            raise InputError(self._name, f"{problem}; write it in smaller groups")
        shared = {each.path_in_schema for each in chunks if _SHARING & {*each.encodings}}
        schema = _opened(self._stream).schema_arrow
        ids = None if self.sheet.id_column is None else self.sheet.headers[self.sheet.id_column]
        names = [name for name in self.sheet.headers if name != ids or name in shared]
        texts = [name for name in names if types.is_string(schema.field(name).type)]
        return _opened(self._stream, texts), any(_PREFIXED & {*each.encodings} for each in chunks)

    def _check_texts(self, batch: Any) -> None:
        """See that the texts of a batch fit into memory when they are written out."""
        import pyarrow.compute as pc
        from pyarrow import types

        for name, column in zip(self.sheet.headers, batch.columns, strict=True):
            if types.is_dictionary(column.type):
                lengths = pc.binary_length(column.dictionary)
                most = (pc.max(lengths).as_py() or 0) * len(column)
                if most > MOST_TEXT and (pc.sum(lengths.take(column.indices)).as_py() or 0) > MOST_TEXT:
                    raise InputError(
                        self._name,
                        f"holds more than {MOST_TEXT:,} bytes of text in {len(column):,} rows of column"
                        f" {shortened(name)}; no answer and no id needs that",
                    )

    def _batches(self, size: int) -> Iterator[Any]:
        """The columns that are needed, in the order of the sheet; one empty batch where there are no rows."""
        import pyarrow as pa

        names, done = list(self.sheet.headers), 0
        with _readable(self._name):
            found, uneven = self._opened_within_bounds()
            rows = min(size, CHUNK) if uneven else size
            # One group of rows after the other: no batch then mixes the dictionaries of two.
            groups = range(found.metadata.num_row_groups)
            batches = chain.from_iterable(
                found.iter_batches(batch_size=rows, columns=names, row_groups=[group]) for group in groups
            )
        while True:
            with _readable(self._name):
                batch = next(batches, None)
                if batch is None:
                    break
                batch = batch.select(names)
            self._check_texts(batch)
            done += batch.num_rows
            self._source.watched.taken = done * (self._source.size or 0) // max(found.metadata.num_rows, 1)
            yield batch
        if not done:
            schema = found.schema_arrow
            yield pa.RecordBatch.from_pylist([], schema=pa.schema([schema.field(name) for name in names]))
