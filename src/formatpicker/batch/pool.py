"""One function on many chunks, in this process or in several, results in order and memory bounded.

Not a pool of the standard library: its workers outlive a parent that is killed. Here a worker ends as soon as its pipe
does.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, cycle, islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from formatpicker.errors import FormatpickerError

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

_OBJECTS_BEFORE_A_LOOK = 1_000_000
_ENDING = (signal.SIGINT, signal.SIGTERM)
# Fewer chunks than this are not worth starting a process for.
_WORTH_STARTING = 4


class WorkerDied(FormatpickerError):
    """A worker process ended by itself, killed or out of memory."""


def usual_jobs() -> int:
    """As many processes as this one may use cores."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each_done(make: Callable[[], Callable[[Chunk], Result]], chunks: Iterable[Chunk], jobs: int) -> Iterator[Result]:
    """The result for each chunk, in order.

    Args:
        make: Makes the function; it is called once in every process, and can be pickled.
        chunks: What the function is called with.
        jobs: How many processes may work.

    Raises:
        WorkerDied: A process ended before its work was done.
    """
    remaining = iter(chunks)
    first = list(islice(remaining, _WORTH_STARTING if jobs > 1 else 1))
    everything = chain(first, remaining)
    collect_seldom()
    if jobs < 2 or len(first) < _WORTH_STARTING:
        yield from map(make(), everything)
        return
    team = _Team(make, jobs)
    try:
        yield from team.results(everything)
    finally:
        team.dismiss()


def collect_seldom() -> None:
    """Look for circles of objects seldom: rows make very many objects and no circles, and looking costs a third."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)


class _Team(Generic[Chunk, Result]):
    """Processes that take chunks in turn."""

    def __init__(self, make: Callable[[], Callable[[Chunk], Result]], jobs: int) -> None:
        context = multiprocessing.get_context("spawn")  # the same on every system, and no copies of open pipes
        self._members = []
        with _undisturbed():
            for _ in range(jobs):
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(theirs,), daemon=True)
                process.start()
                theirs.close()
                self._members.append((process, ours))
        for _, pipe in self._members:
            self._send(pipe, make)  # not an argument of the process: one whose parent ends would complain of half of it

    def results(self, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Chunks go out in turn, and results come back in the same turn."""
        busy: deque[Connection] = deque()
        for chunk, (_, pipe) in zip(chunks, cycle(self._members), strict=False):
            # A worker gets its next chunk once its result is here, and before that is used: were one end to send while
            # the other does, both would wait for ever.
            found = [self._received(busy.popleft())] if len(busy) == len(self._members) else []
            self._send(pipe, chunk)
            busy.append(pipe)
            yield from found
        while busy:
            yield self._received(busy.popleft())

    def _send(self, pipe: Connection, given: object) -> None:
        try:
            pipe.send(given)
        except OSError:
            raise WorkerDied("a worker process ended before its work was done; try --jobs 1") from None

    def _received(self, pipe: Connection) -> Result:
        try:
            found: Result = pipe.recv()
        except (EOFError, OSError):
            raise WorkerDied("a worker process ended before its work was done; try --jobs 1") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def dismiss(self) -> None:
        """End all processes."""
        for process, pipe in self._members:
            pipe.close()
            process.terminate()
        for process, _ in self._members:
            process.join()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back while processes start, which inherit that until they are ready to be ended."""
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    resource_tracker.ensure_running()  # it would be started with the first process, and let the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection) -> None:
    """What a process does until its pipe ends. Interrupts are for the parent, which then closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    collect_seldom()
    with contextlib.suppress(EOFError, OSError):
        function = pipe.recv()()
        while True:
            chunk = pipe.recv()
            try:
                pipe.send(function(chunk))
            except FormatpickerError as error:
                pipe.send(error)
