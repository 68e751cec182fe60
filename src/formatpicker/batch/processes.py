"""Work on all cores, results in order and memory bounded: rows in processes, whole columns in threads.

Two processes take 0.6 of the time of one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

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


# So many results are made before they are asked for.
_AHEAD = 2


def in_threads(
    begin: Callable[[Chunk], Callable[[], Result]], chunks: Iterable[Chunk], reading: bool
) -> Iterator[Result]:
    """The result for each chunk, in order, made in two threads while others are used; for work of arrays.

    One begins with a chunk after the other, one ends what was begun. More of them only wait for each other, since each
    holds the interpreter a third of the time. With ``reading`` another thread reads chunks. That is for files alone:
    who stops has to wait for it, and a pipe may wait for somebody who writes nothing.
    """
    from concurrent.futures import ThreadPoolExecutor

    remaining = iter(chunks)
    busy: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as beginner, ThreadPoolExecutor(1) as ender:
        try:
            read = reader.submit(next, remaining, None) if reading else None
            while (chunk := read.result() if read else next(remaining, None)) is not None:
                read = reader.submit(next, remaining, None) if reading else None
                busy.append(ender.submit(_ended, beginner.submit(begin, chunk)))
                if len(busy) == _AHEAD:
                    yield busy.popleft().result()
            while busy:
                yield busy.popleft().result()
        finally:
            for each in (reader, beginner, ender):
                each.shutdown(wait=False, cancel_futures=True)


def _ended(begun: Future[Callable[[], Result]]) -> Result:
    return begun.result()()
