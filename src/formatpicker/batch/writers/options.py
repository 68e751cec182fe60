"""What is written with the records of a file: each of them in words, where they are from, and what the columns mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from formatpicker.batch.records import LISTS, Row

if TYPE_CHECKING:
    from formatpicker.advice.recommendation import Recommendation

# Rows up to this number are put into words in a workbook: each takes some 10 ms, most of it for how sure a result is.
MOST_IN_WORDS = 1_000
# How the name of the file goes on that stands beside a CSV file; CSV on the Web looks for it there.
SIDECAR = "-metadata.json"


class InWords(NamedTuple):
    """A sheet of a workbook with each record in words.

    Attributes:
        headings: The columns behind the id and the kept columns.
        row: What stands in them, of a recommendation of the core formats alone, its call and who contends.
        points: Which of them hold points of 100 and get a bar, from 0.
    """

    headings: tuple[str, ...]
    row: Callable[[Recommendation, str, Sequence[str]], Row]
    points: tuple[int, ...]


class TableDescription(NamedTuple):
    """Where a table is from, and what stands in it.

    Attributes:
        origin: What it was made by and of, and when, each with its label.
        columns: What each field of a record means.
        ids: What the ids of formats and questions stand for.
    """

    origin: Mapping[str, str]
    columns: Mapping[str, str]
    ids: Mapping[str, str]

    def described(self, names: Sequence[str]) -> dict[str, str]:
        """What each of these columns means, in order."""
        return {name: self.columns.get(name, "As in the table that was read.") for name in names}

    def text(self, names: Sequence[str], output: str) -> str:
        """The file beside a CSV file of these columns, by CSV on the Web."""
        columns = [
            {"titles": name, "dc:description": said, **({"separator": ";"} if name in LISTS else {})}
            for name, said in self.described(names).items()
        ]
        document = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": Path(output).name,
            "notes": [self.origin],
            "tableSchema": {"columns": columns},
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


class WriterOptions(NamedTuple):
    """How the file of records is written; a kind of file takes those that it has a use for.

    Attributes:
        in_words: The sheet with each record in words.
        description: What is said of the table.
        kept: The names of the kept columns.
        bom: Whether a byte order mark begins the file, for Excel.
        document: Whether lines of JSON are one document.
        title: The title of the sheet of records in a workbook.
    """

    in_words: InWords | None = None
    description: TableDescription | None = None
    kept: tuple[str, ...] = ()
    bom: bool = False
    document: bool = False
    title: str = "Records"
