"""Work on all cores, results in order and memory bounded: rows in processes, whole columns in threads.

Two processes take 0.6 of the time of one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice, repeat, takewhile
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

# Fewer chunks than this are not worth starting a process for.
_WORTH_STARTING = 8


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(make: Callable[[], Callable[[Chunk], Result]], chunks: Iterable[Chunk]) -> Iterator[Result]:
    """The result for each chunk, in order; in this process where there is one core, or little to do.

    Args:
        make: Makes the function; it is called once in every process, and can be pickled.
        chunks: What the function is called with.

    Raises:
        WorkerDied: A process ended before its work was done.
    """
    remaining = iter(chunks)
    first = list(islice(remaining, _WORTH_STARTING if cores() > 1 else 1))
    everything = chain(first, remaining)
    if len(first) < _WORTH_STARTING:
        yield from map(make(), everything)
        return
    from formatpicker.batch.pool import pooled  # with what it loads, 7 of 100 ms

    yield from pooled(make, everything, cores())


def in_threads(
    begin: Callable[[Chunk], Callable[[], Result]], chunks: Iterable[Chunk], reading: bool
) -> Iterator[Result]:
    """The result for each chunk, in order, made in two threads while others are used; for work of arrays.

    The first thread calls ``begin`` for a chunk after the other, the second one what that returns; each works one chunk
    ahead. More threads only wait for each other, since each holds the interpreter a third of the time.

    Args:
        begin: Does the first part of the work, and returns what does the rest.
        chunks: What it is called with.
        reading: Read the chunks in the first thread as well. That is for files alone: whoever stops has to wait for it,
            and a pipe may wait for somebody who writes nothing.
    """
    from concurrent.futures import ThreadPoolExecutor

    calls: Iterable[Callable[[], Any]] = (partial(begin, chunk) for chunk in chunks)
    if reading:  # the last of them returns None: there are no more chunks
        calls = repeat(partial(next, map(begin, chunks), None))
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        try:
            yield from _ahead(second, takewhile(callable, _ahead(first, calls)))
        finally:
            for each in (first, second):
                each.shutdown(wait=False, cancel_futures=True)


def _ahead(pool: ThreadPoolExecutor, calls: Iterable[Callable[[], Any]]) -> Iterator[Any]:
    """What some calls return, in order, made in a thread: each is begun before the one before it is asked for."""
    busy: deque[Future[Any]] = deque()
    for call in calls:
        busy.append(pool.submit(call))
        if len(busy) > 1:
            yield busy.popleft().result()
    while busy:
        yield busy.popleft().result()
