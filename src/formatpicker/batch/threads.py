"""One function on many chunks in several threads, results in order: for work that arrays do without the interpreter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


def each_done_by_threads(function: Callable[[Chunk], Result], chunks: Iterable[Chunk], jobs: int) -> Iterator[Result]:
    """The result for each chunk, in order; chunks are taken, and results used, in the thread that asks for them.

    Args:
        function: What is called, by several threads at once.
        chunks: What it is called with.
        jobs: How many threads may work. No more chunks than that wait for their result, and one more.
    """
    busy: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for chunk in chunks:
                busy.append(pool.submit(function, chunk))
                if len(busy) > jobs:
                    yield busy.popleft().result()
            while busy:
                yield busy.popleft().result()
        finally:
            for each in busy:
                each.cancel()
