"""The file beside a CSV table that says where it is from and what its columns mean, by W3C's "CSV on the Web"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from formatpicker.base.files import STDIN, is_special
from formatpicker.batch.records import LISTS
from formatpicker.batch.writers.beside import About
from formatpicker.batch.writers.output_file import Target, is_stream, target_for

# How the name goes on; CSV on the Web looks for it there.
ENDING = "-metadata.json"


def sidecar_path(kind: str, output: str | None) -> str | None:
    """Where it goes; None where the table is no CSV, or goes to no file of its own."""
    if output is None or output == STDIN or kind != "csv" or is_stream(output) or is_special(output):
        return None
    return f"{output}{ENDING}"


class Sidecar:
    """Takes what there is to say of one table."""

    def __init__(self, path: str, output: str) -> None:
        self.target: Target = target_for(path)
        self._output = output

    def write(self, about: About, names: Sequence[str]) -> None:
        """Write it; it is there once the target is committed."""
        columns = [
            {"titles": name, "dc:description": said, **({"separator": ";"} if name in LISTS else {})}
            for name, said in about.described(names).items()
        ]
        found = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": Path(self._output).name,
            "notes": [about.origin],
            "tableSchema": {"columns": columns},
        }
        self.target.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
