"""Processes that take chunks of rows as they come; loaded only where there are rows enough for several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any, TypeVar

from formatpicker.errors import FormatpickerError

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

_made: list[Callable[[Any], Any]] = []


class WorkerDied(FormatpickerError):
    """A worker process ended by itself, killed or out of memory."""


def pooled(make: Callable[[], Callable[[Chunk], Result]], chunks: Iterable[Chunk], size: int) -> Iterator[Result]:
    """The result for each chunk, in order, from some processes; arguments and errors as in ``in_processes``."""
    others = {*multiprocessing.active_children()}
    with safe_path():
        pool, done = ProcessPoolExecutor(size, initializer=_begin, initargs=(make,)), False
        try:
            busy: deque[Future[Any]] = deque()
            for chunk in chunks:
                with _in_one_go():  # it may start a process
                    busy.append(pool.submit(_work, chunk))
                if len(busy) > 2 * size:
                    yield busy.popleft().result()
            while busy:
                yield busy.popleft().result()
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
    for each in multiprocessing.active_children():
        with suppress(OSError):
            each.kill()


@contextmanager
def _in_one_go() -> Iterator[None]:
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


def _begin(make: Callable[[], Callable[[Any], Any]]) -> None:
    """Interrupts are for the parent; when that ends, however it ends, so does this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)  # what the parent watches is not told of signals that a child gets
    for name in ("SIGTERM", "SIGHUP"):  # no SIGHUP on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _made.append(make())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(chunk: Any) -> Any:
    return _made[-1](chunk)
