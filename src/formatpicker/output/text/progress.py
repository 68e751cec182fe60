"""A progress bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from formatpicker.base.terminal import is_dumb, is_terminal
from formatpicker.batch.readers.source import Source


@contextmanager
def progress(source: Source) -> Iterator[Callable[[int], None]]:
    """What to call with the number of rows that are done; the bar goes by the bytes that were read."""
    if not is_terminal(sys.stderr) or is_dumb():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[rows]:,} rows"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=source.size, rows=0)
        yield lambda rows: bar.update(task, completed=source.watched.taken, rows=rows)
