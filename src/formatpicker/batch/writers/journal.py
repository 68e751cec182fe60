"""What of a long run is safe on disk, so that an interrupted one can be continued where it stopped.

Beside the hidden file that a run writes stands its journal: a line that says what the run is, then a line for each part
that has reached the disk. What is continued is verified first: the parts by their hashes, the input by the hash of all
that had been read. So is each line of the journal: one that was damaged counts as one that was never written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from typing import Any, BinaryIO, NamedTuple

from formatpicker.base.files import read_bytes
from formatpicker.batch.tally import Tally, restored
from formatpicker.batch.writers.output_file import File, Part, writing
from formatpicker.errors import InputError

# A part ends after so many seconds, when the chunk at hand is done.
SECONDS = 5.0
_MOST_BYTES = 50_000_000

Identity = dict[str, Any]


class Done(NamedTuple):
    """How far an earlier run came: the counts of its rows, and the hash of the input it had read by then."""

    tally: Tally
    read: str


class Journal:
    """The journal of the files of one run, the records first and the rejects, if they go to a file, second."""

    def __init__(self, files: list[File], identity: Identity) -> None:
        self.files = files
        self._identity = identity
        self._path = files[0].hidden.with_suffix(".journal")
        self._stream: BinaryIO | None = None
        self._found = False
        self._last = time.monotonic()

    @property
    def kept(self) -> bool:
        """Whether there is anything that could be continued."""
        return self._stream is not None or self._found

    def resumed(self) -> Done | None:
        """Take over what an earlier run left, as far as it is whole; None where there is nothing.

        Raises:
            InputError: The earlier run was another one: its catalog, columns or options differ.
        """
        entries = self._entries()
        self._found = bool(entries)
        if entries and entries[0] != self._identity:
            changed = sorted(key for key in self._identity if self._identity[key] != entries[0].get(key))
            raise InputError(
                "--resume",
                f"the interrupted run differs in: {', '.join(changed)}; repeat its command, or leave --resume out to"
                " begin anew",
            )
        done = entries[1:]
        good = min([file.verified([Part(*entry["parts"][at]) for entry in done]) for at, file in enumerate(self.files)])
        self._begin(done[:good])
        return Done(restored(done[good - 1]["tally"]), done[good - 1]["read"]) if good else None

    def _entries(self) -> list[Any]:
        """The lines of a journal, up to the first that is damaged or cut off; none where there is no journal."""
        found: list[Any] = []
        with contextlib.suppress(InputError, ValueError):
            for line in read_bytes(self._path, _MOST_BYTES).decode().splitlines():
                found.append(_unsealed(line))
        return found

    def begin_anew(self) -> None:
        """Forget what an earlier run left."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._begin([])

    def _begin(self, done: list[Any]) -> None:
        for at, file in enumerate(self.files):
            file.begin(done[-1]["parts"][at][0] if done else 0)
        if done:
            self._write([self._identity, *done])

    def note(self, tally: Tally, read: str) -> None:
        """All up to here is written: every few seconds, make it safe and say so."""
        if time.monotonic() - self._last < SECONDS:
            return
        entry = {"parts": [file.settle() for file in self.files], "read": read, "tally": tally.data()}
        self._write([entry] if self._stream is not None else [self._identity, entry])
        self._last = time.monotonic()

    def _write(self, entries: list[Any]) -> None:
        with writing(self._path):
            if self._stream is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
                self._stream = os.fdopen(os.open(self._path, flags, 0o600), "wb")
            self._stream.write("".join(map(_sealed, entries)).encode())
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def close(self, keep: bool) -> None:
        """The run is over; keep the journal where it can be continued."""
        if self._stream is not None:
            self._stream.close()
        if not keep:
            with contextlib.suppress(OSError):
                self._path.unlink()


def _sealed(entry: Any) -> str:
    """A line of the journal: the hash of what it says, and what it says."""
    body = json.dumps(entry)
    return f"{hashlib.sha256(body.encode()).hexdigest()} {body}\n"


def _unsealed(line: str) -> Any:
    seal, _, body = line.partition(" ")
    if hashlib.sha256(body.encode()).hexdigest() != seal:
        raise ValueError("damaged")
    return json.loads(body)
