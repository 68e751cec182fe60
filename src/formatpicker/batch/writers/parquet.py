"""Records as Parquet: lists as lists, scores as numbers, and the file whole or not at all."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from formatpicker.base.terminal import silence
from formatpicker.batch.records import Row
from formatpicker.batch.writers import WriterOptions
from formatpicker.batch.writers.output_file import Output, Sink, name_of
from formatpicker.errors import InputError, install_hint

if TYPE_CHECKING:
    import pyarrow as pa

    from formatpicker.batch.columns.records import Keyed
    from formatpicker.batch.writers import EncodeColumns

EXTRA = f"to read and write Parquet, {install_hint('arrow')}"
# Pieces are gathered until they are worth a group of rows.
_GROUP = 32_000
_ALL_DIFFER = ("id", "row")


def encode(rows: Sequence[Row], names: Sequence[str]) -> Any:
    """The rows as a batch of Arrow."""
    from formatpicker.batch.columns.records import batch_of_rows

    return batch_of_rows(rows, names)


def columns_encoder() -> EncodeColumns:
    """What makes such a batch of columns."""
    return _batch


def _batch(columns: Sequence[pa.Array | Keyed], names: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    from formatpicker.batch.columns.records import Keyed

    arrays = [each.array() if isinstance(each, Keyed) else each for each in columns]
    return pa.RecordBatch.from_arrays(arrays, names=[*names])


def opened(output: Output, names: Sequence[str], stack: ExitStack, options: WriterOptions) -> ParquetSink:
    """A file of groups of rows.

    Raises:
        InputError: The library is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401

        import formatpicker.batch.columns.records  # noqa: F401
    except ImportError:
        raise InputError("parquet", EXTRA) from None
    sink = ParquetSink(output, names, options)
    stack.callback(sink.abandon)
    return sink


class ParquetSink(Sink):
    """Takes batches, whose first one tells the type of the ids."""

    def __init__(self, output: Output, names: Sequence[str], options: WriterOptions) -> None:
        self._output = _CountedStream(output)
        self._names = list(names)
        self._description = options.description
        self._waiting: list[Any] = []
        self._writer: Any = None
        self._schema: Any = None

    def take(self, piece: Any) -> None:
        """Write one batch, or keep it until there are more."""
        self._waiting.append(piece)
        if sum(each.num_rows for each in self._waiting) >= _GROUP:
            self._write()

    def finish(self) -> None:
        """Write what is left, and the foot of the file."""
        self._write()
        with self._output.failing():
            if self._description:
                origin = json.dumps(self._description.origin, ensure_ascii=False)
                self._writer.add_key_value_metadata({"formatpicker": origin})
            self._writer.close()
            self._output.flush()

    def abandon(self) -> None:
        """After a run that stopped: let the library write its foot to nowhere, as it does when it is thrown away."""
        writer, self._writer = self._writer, None
        if writer is not None and writer.is_open:
            self._output.discard()
            writer.close()

    def _write(self) -> None:
        import pyarrow as pa

        batches, self._waiting = self._waiting, []
        if self._writer is None:
            self._writer = self._begun(batches)
        if batches:
            table = pa.Table.from_batches([_of_schema(each, self._schema) for each in batches])
            with self._output.failing():
                self._writer.write_table(table, row_group_size=max(table.num_rows, 1))

    def _begun(self, batches: list[Any]) -> Any:
        import pyarrow.parquet as pq

        from formatpicker.batch.columns.records import batch_of_rows

        schema = self._schema = (batches[0] if batches else batch_of_rows([], self._names)).schema
        # Without the schema of Arrow: how texts were laid out here is nobody's concern.
        with self._output.failing():
            return pq.ParquetWriter(self._output, schema, store_schema=False, compression="zstd", **_encodings(schema))


def _of_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch as it is, or laid out like the first one: what was scored row by row has no dictionaries."""
    import pyarrow as pa

    if batch.schema.equals(schema):
        return batch
    columns = [pa.array(each.to_pylist(), field.type) for each, field in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _encodings(schema: Any) -> dict[str, Any]:
    """Few different values stand in a dictionary; where all differ, looking for one costs time and saves nothing."""
    from pyarrow import types

    different = [field.name for field in schema if field.name in _ALL_DIFFER]
    repeated = [
        f"{field.name}.list.element" if types.is_list(field.type) else field.name
        for field in schema
        if field.name not in _ALL_DIFFER
    ]
    return {"use_dictionary": repeated, "write_statistics": different}


class _CountedStream:
    """What the library writes to: counts the bytes itself, since a pipe cannot tell, and keeps the error of a write."""

    closed = False

    def __init__(self, output: Output) -> None:
        self._stream: BinaryIO = output.stream
        self._size = 0
        self._name = name_of(output)

    def write(self, data: Any) -> int:
        self._size += self._stream.write(data)
        return len(data)

    def discard(self) -> None:
        """Take no more."""
        self._stream = io.BytesIO()

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        self._stream.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.flush()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Say of the file that it cannot be written, where that is what goes wrong."""
        try:
            yield
        except OSError as error:
            if isinstance(error, BrokenPipeError) and self._stream is sys.stdout.buffer:
                silence(sys.stdout)
                raise SystemExit(0) from None  # the reader has seen enough
            raise InputError(self._name, f"cannot be written ({error.strerror or error})") from None
