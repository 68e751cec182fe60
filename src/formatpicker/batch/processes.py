"""Work on all cores, results in order and memory bounded: rows in processes, whole columns in threads.

Two processes take 0.6 of the time of one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

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


def in_threads(function: Callable[[Chunk], Result], chunks: Iterable[Chunk], ahead: bool) -> Iterator[Result]:
    """The result for each chunk, in order; for work that arrays do without the interpreter.

    Results are used in the thread that asks for them, while others are made. With ``ahead`` a thread of its own reads
    chunks. That is for files alone: who stops has to wait for it, and a pipe may wait for somebody who writes nothing.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    remaining = iter(chunks)
    busy: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(jobs := cores()) as pool:
        try:
            read = reader.submit(next, remaining, None) if ahead else None
            while (chunk := read.result() if read else next(remaining, None)) is not None:
                read = reader.submit(next, remaining, None) if ahead else None
                done = [busy.popleft().result()] if len(busy) == jobs else []
                busy.append(pool.submit(function, chunk))
                yield from done
            while busy:
                yield busy.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            reader.shutdown(wait=False, cancel_futures=True)
