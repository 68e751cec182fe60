"""Parquet: whole columns, or rows as from any table. Rows stream; memory is bounded."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from formatpicker.base.new_file import writing
from formatpicker.base.temporary_folders import TEMPORARY
from formatpicker.base.text import shortened
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers.source import BLOCK_ROWS, CHUNK, Source, Table, chunks
from formatpicker.batch.rows import Reading, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.errors import InputError, install_hint

if TYPE_CHECKING:
    from formatpicker.batch.columns.cells import Block

EXTRA = f"to read and write Parquet, {install_hint('arrow')}"
# Rows that are read at once: dictionaries are made anew for each batch.
BATCH = 131_072
_BUFFER = 1 << 20
# Together these keep a run below 1 GB, whatever a file declares.
MOST_CHUNK = 500_000_000
MOST_TEXT = 100_000_000
MOST_DICTIONARY = 20_000_000
# Of lists so many values in one group of rows, and so many in the rows that are read at once: equal ones take no room.
MOST_VALUES = 20_000_000
MOST_AT_ONCE = 3_000_000
# Ways of writing that let a long text, or the beginning of one, stand in many rows and take room once.
_PREFIXED = {"DELTA_BYTE_ARRAY"}
_SHARING = {"RLE_DICTIONARY", "PLAIN_DICTIONARY"}


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


class ParquetTable(Table):
    """A table whose rows, or columns, are read as they are needed."""

    columnar = True

    def __init__(self, source: Source, headers: Headers, encoding: str | None) -> None:
        """The table in a source.

        Raises:
            InputError: It is no Parquet file, none of its columns holds an answer, or one has a type that cannot.
        """
        try:
            from formatpicker.batch.columns.cells import check_types
        except ImportError:
            raise InputError(source.name, EXTRA) from None
        self._source = source
        self._name = source.name
        self._stream = _seekable(source)
        with _readable(source.name):
            self._schema = _opened(self._stream).schema_arrow
            names = self._schema.names
        sheet = Sheet.of(headers, names, source.name).narrowed()
        check_types(headers.catalog, sheet, self._schema, source.name)
        super().__init__(sheet, Reading(), iter(()))

    def rows(self) -> Iterator[Rows]:
        """All rows once, in order."""
        for block in self._blocks(CHUNK):
            rows = block.rows()
            for piece in chunks(enumerate(rows.cells), CHUNK):
                yield Rows(rows.first + piece[0][0], [cells for _, cells in piece], None, {})

    def blocks(self) -> Iterator[Block]:
        """The same by whole columns."""
        for block in self._blocks(BATCH):
            yield from block.parts(BLOCK_ROWS)

    def _blocks(self, size: int) -> Iterator[Block]:
        from formatpicker.batch.columns.cells import Block

        first = 1
        for batch in self._batches(size):
            yield Block(first, batch, partial(_readable, self._name))
            first += batch.num_rows

    def _opened_within_bounds(self, size: int) -> tuple[Any, list[int]]:
        """The file, and how many rows of each group to read at once: so many, or fewer where they are large.

        Texts are read as dictionaries: a file can say in a few bytes that one long text stands in a million rows. Ids,
        which mostly differ, are so only where the file has a dictionary of them.
        """
        from pyarrow import types

        from formatpicker.batch.columns.cells import is_text_type

        file = _opened(self._stream)
        columns = tuple(f"{name}." for name in self.sheet.headers)
        groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
        # By place: what a part calls itself may not be what the schema has there.
        paths = [file.schema.column(at).path for at in range(len(file.schema))]
        needed = [(at, path) for at, path in enumerate(paths) if f"{path}.".startswith(columns)]
        parts = [[(path, group.column(at)) for at, path in needed if at < group.num_columns] for group in groups]
        flat = [*chain.from_iterable(parts)]
        self._check_declared("bytes", [each.total_uncompressed_size for _, each in flat], MOST_CHUNK)
        self._check_declared("values", [each.num_values for path, each in flat if "." in path], MOST_VALUES)
        shared = {path for path, each in flat if _SHARING & {*each.encodings}}
        ids = None if self.sheet.id_column is None else self.sheet.headers[self.sheet.id_column]
        kinds = {name: self._schema.field(name).type for name in self.sheet.headers}
        plain = {name for name, kind in kinds.items() if not is_text_type(kind) or (name == ids and name not in shared)}
        plain = {name for name in plain if not types.is_nested(kinds[name])}
        written = [(path, each) for path, each in flat if each.physical_type == "BYTE_ARRAY" and path not in plain]
        # A dictionary that is made here grows with the group: large texts that differ are better off without.
        large = {path for path, each in written if each.total_uncompressed_size > MOST_DICTIONARY}
        texts = {path for path, _ in written} - (large - shared)
        sizes = [each.total_uncompressed_size for path, each in written if path in shared]
        self._check_declared("bytes", sizes, MOST_TEXT)
        uneven = any(_PREFIXED & {*each.encodings} for _, each in flat)
        rows = []
        for group, own in zip(groups, parts, strict=True):
            declared = sum(each.total_uncompressed_size for _, each in own)
            fit = group.num_rows * MOST_TEXT // (2 * max(declared, 1))
            rows.append(max(1, min(size, fit, CHUNK if uneven else size)))
        return _opened(self._stream, sorted(texts)), rows

    def _check_declared(self, what: str, declared: Sequence[int], most: int) -> None:
        largest = max(declared, default=0)
        if largest > most:
            problem = f"holds {largest:,} {what} of one column in one group of rows, and {most:,} are the most"
            raise InputError(self._name, f"{problem}; write it in smaller groups")

    def _check(self, batch: Any) -> None:
        """See that the values of a batch, and its texts, fit into memory when they are written out."""
        import pyarrow.compute as pc
        from pyarrow import types

        from formatpicker.batch.columns.cells import levels

        size = 0
        for name, column in zip(self.sheet.headers, batch.columns, strict=True):
            parts = [*levels(column)]
            if (values := sum(map(len, parts))) > MOST_AT_ONCE:
                raise self._too_much(f"{values:,} values", len(column), name)
            for each in parts:
                if types.is_dictionary(each.type) and len(each):
                    if (pc.max(each.indices).as_py() or 0) >= max(len(each.dictionary), 1):
                        raise InputError(self._name, "cannot be read as Parquet; is it whole? (An index is too large)")
                    lengths = pc.binary_length(each.dictionary)
                    most = (pc.max(lengths).as_py() or 0) * len(each)
                    size += most if most + size <= MOST_TEXT else pc.sum(lengths.take(each.indices)).as_py() or 0
                elif not types.is_nested(each.type):
                    size += each.nbytes
            if size > MOST_TEXT:
                raise self._too_much(f"{MOST_TEXT:,} bytes", len(column), name)

    def _plain(self, batch: Any) -> Any:
        """A batch without dictionaries in lists."""
        import pyarrow as pa
        from pyarrow import types

        names = batch.schema.names
        columns = zip([self._schema.field(name).type for name in names], batch.columns, strict=True)
        plain = [column.cast(kind) if types.is_nested(kind) else column for kind, column in columns]
        return pa.RecordBatch.from_arrays(plain, names=names)

    def _too_much(self, what: str, rows: int, name: str) -> InputError:
        told = f"holds more than {what} in {rows:,} rows as far as column {shortened(name)}"
        return InputError(self._name, f"{told}; no answer and no id needs that")

    def _batches(self, size: int) -> Iterator[Any]:
        """The columns that are needed, in the order of the sheet; one empty batch where there are no rows."""
        import pyarrow as pa

        names, done = list(self.sheet.headers), 0
        with _readable(self._name):
            file, rows = self._opened_within_bounds(size)
            # One group of rows after the other: no batch then mixes the dictionaries of two.
            batches = chain.from_iterable(
                file.iter_batches(batch_size=most, columns=names, row_groups=[group]) for group, most in enumerate(rows)
            )
        while True:
            with _readable(self._name):
                batch = next(batches, None)
                if batch is None:
                    break
                batch = batch.select(names)
            self._check(batch)
            with _readable(self._name):
                batch = self._plain(batch)
            done += batch.num_rows
            self._source.watched.taken = done * (self._source.size or 0) // max(file.metadata.num_rows, 1)
            yield batch
        if not done:
            schema = file.schema_arrow
            yield pa.RecordBatch.from_pylist([], schema=pa.schema([schema.field(name) for name in names]))


read = ParquetTable
