"""What stands beside a table of records: each of them in words, where they are from, and what the columns mean.

In a workbook that is on sheets of its own, beside CSV in a file, by W3C's "CSV on the Web".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.files import STDIN, is_special
from formatpicker.batch.records import LISTS, Row
from formatpicker.batch.writers.output_file import is_stream

# Rows up to this number are put into words in a workbook: each takes some 10 ms, most of it for how sure a result is.
MOST_IN_WORDS = 1_000


class InWords(NamedTuple):
    """A sheet of a workbook with each record in words.

    Attributes:
        headings: The columns behind the id and those that are carried through.
        row: What stands in them, of a recommendation of the core formats alone, its call and who contends.
        points: Which of them hold points of 100 and get a bar, from 0.
    """

    headings: tuple[str, ...]
    row: Callable[[Recommendation, str, Sequence[str]], Row]
    points: tuple[int, ...]


class About(NamedTuple):
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
        found = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": Path(output).name,
            "notes": [self.origin],
            "tableSchema": {"columns": columns},
        }
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


class Beside(NamedTuple):
    """All that stands beside the records of one file; ``kept`` are the columns that are carried through.

    ``bom`` puts a byte order mark before a CSV file, for Excel; ``document`` makes lines of JSON one document.
    """

    in_words: InWords | None = None
    about: About | None = None
    kept: tuple[str, ...] = ()
    bom: bool = False
    document: bool = False


NOTHING = Beside()

# How the name goes on; CSV on the Web looks for it there.
ENDING = "-metadata.json"


def sidecar_path(kind: str, output: str | None) -> str | None:
    """Where the file beside an output goes; None where that is no CSV, or no file of its own."""
    if output is None or output == STDIN or kind != "csv" or is_stream(output) or is_special(output):
        return None
    return f"{output}{ENDING}"
