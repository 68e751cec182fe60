"""Work on all cores, results in order and memory bounded: rows in processes, whole columns in threads.

Two processes take 0.6 of the time of one. What starts them is imported where it is used: with it, loading this module
takes 20 ms more, and most tables are too small for it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, islice, repeat, takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from formatpicker.errors import FormatpickerError

if TYPE_CHECKING:
    from concurrent.futures import Future

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

# Fewer chunks than this are not worth starting a process for.
_WORTH_STARTING = 8
# Of a worker process: the function that it was started for.
_function: list[Callable[[Any], Any]] = []


class WorkerDied(FormatpickerError):
    """A worker process ended by itself, killed or out of memory."""


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
    else:
        yield from _in_workers(make, everything, cores())


def in_threads(
    begin: Callable[[Chunk], Callable[[], Result]], chunks: Iterable[Chunk], reading: bool
) -> Iterator[Result]:
    """The result for each chunk, in order, made by two threads while the caller uses earlier ones; for work of arrays.

    The first thread calls ``begin`` for a chunk after the other, the second one what that returns; each works one chunk
    ahead. More threads only wait for each other, since each holds the interpreter a third of the time.

    Args:
        begin: Does the first part of the work, and returns what does the rest.
        chunks: What it is called with.
        reading: Read the chunks in the first thread as well. That is for files alone: whoever stops has to wait for it,
            and a pipe may wait for somebody who writes nothing.
    """
    from concurrent.futures import ThreadPoolExecutor

    remaining = iter(chunks)

    def read_and_begin() -> Callable[[], Result] | None:
        """None where there are no more chunks."""
        chunk = next(remaining, None)
        return None if chunk is None else begin(chunk)

    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        tasks = repeat(read_and_begin) if reading else (partial(begin, chunk) for chunk in remaining)
        try:
            yield from _in_order(second.submit, takewhile(callable, _in_order(first.submit, tasks, 1)), 1)
        finally:
            for each in (first, second):
                each.shutdown(wait=False, cancel_futures=True)


def _in_order(submit: Callable[[Any], Future[Any]], tasks: Iterable[Any], ahead: int) -> Iterator[Any]:
    """The result of each task, in order; so many more are submitted before the first one is waited for."""
    waiting: deque[Future[Any]] = deque()
    for task in tasks:
        waiting.append(submit(task))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


# --- worker processes ------------------------------------------------------------------------------------------------


def _in_workers(make: Callable[[], Callable[[Chunk], Result]], chunks: Iterable[Chunk], size: int) -> Iterator[Result]:
    """The result for each chunk, in order, from so many processes."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    def submit(chunk: Chunk) -> Future[Result]:
        with _signals_put_off():  # it may start a process
            return pool.submit(_work, chunk)

    others = {*multiprocessing.active_children()}
    with safe_path():
        pool, done = ProcessPoolExecutor(size, initializer=_start_worker, initargs=(make,)), False
        try:
            yield from _in_order(submit, chunks, 2 * size)
            done = True
        except BrokenProcessPool:
            raise WorkerDied("a worker process ended before its work was done; is there enough memory?") from None
        finally:
            for each in () if done else {*multiprocessing.active_children()} - others:
                each.kill()  # one that was stopped heeds nothing else
            with suppress(RuntimeError):  # an interrupt came before the pool had begun: nobody is there to wait for
                pool.shutdown(cancel_futures=not done)


def abandon_all() -> None:
    """Kill every worker, for a process that ends at once: one that was stopped would outlive it."""
    # What is not loaded has started none, and this is no time to load it.
    children = getattr(sys.modules.get("multiprocessing"), "active_children", tuple)
    for each in children():
        with suppress(OSError):
            each.kill()


@contextmanager
def safe_path() -> Iterator[None]:
    """Let no process import from the folder it is started in, where a table may lie beside a file named re.py."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


@contextmanager
def _signals_put_off() -> Iterator[None]:
    """Put requests to end off until something is done, since Python drops what is raised while a process is forked."""
    if threading.current_thread() is not threading.main_thread():  # it gets no signals
        yield
        return
    came: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    usual = {each: signal.getsignal(each) for each in numbers if callable(signal.getsignal(each))}
    for each in usual:
        signal.signal(each, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for each, was in usual.items():
            signal.signal(each, was)
        for each in came[:1]:
            signal.raise_signal(each)


def _start_worker(make: Callable[[], Callable[[Any], Any]]) -> None:
    """Interrupts are for the parent; when that ends, however it ends, so does this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)  # what the parent watches is not told of signals that a child gets
    for name in ("SIGTERM", "SIGHUP"):  # no SIGHUP on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _function.append(make())


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(chunk: Any) -> Any:
    return _function[-1](chunk)
