"""What a request to end does: the first one lets the program unwind, so that no half-written file stays."""

from __future__ import annotations

import _thread
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SECONDS_TO_UNWIND = 3.0
# Not all of them exist on Windows.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Unwind at the first request to end; at the second, or after a few seconds, remove what grows and end at once.

    The seconds are for requests that get lost: Python calls handlers between two of its instructions, so never in a
    thread that waits in a system call while another one got the signal, and some libraries drop whatever is raised
    while they are loaded. A signal that whoever started the program has turned off, as ``nohup`` does, stays off.
    """
    if threading.current_thread() is not threading.main_thread():  # it gets no signals
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    usual = {each: signal.getsignal(each) for each in numbers}
    before = {each: was for each, was in usual.items() if was in (signal.SIG_DFL, signal.default_int_handler)}
    for each in before:
        signal.signal(each, _unwind)
    writer = _watched() if os.name == "posix" else None
    try:
        yield
    finally:
        if all(signal.getsignal(each) is not _leave_to_thread for each in before):
            for each, was in before.items():
                signal.signal(each, was)
            if writer is not None:
                signal.set_wakeup_fd(-1)
                os.close(writer)
        # Else the process is on its way out: the thread sees to it that it gets there.


def _unwind(number: int, frame: FrameType | None) -> None:
    if os.name == "posix":  # the thread sees to every further request; a second exception would disturb the first
        for each in (getattr(signal, name, number) for name in _NAMES):
            if signal.getsignal(each) is _unwind:
                signal.signal(each, _leave_to_thread)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def _leave_to_thread(number: int, frame: FrameType | None) -> None:
    pass


def _watched() -> int:
    """Have a thread of its own see to it that signals are obeyed; closing what is returned ends it."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _thread.start_new_thread(_watch, (reader,))
    return writer


def _watch(reader: int) -> None:
    number = os.read(reader, 1)
    if number and (not select.select([reader], [], [], _SECONDS_TO_UNWIND)[0] or os.read(reader, 1)):
        # Whoever waits for a module to be loaded, as an import here would, may wait for the thread that is stuck.
        for name in ("batch.processes", "base.new_file", "base.temporary_folders"):
            if module := sys.modules.get(f"formatpicker.{name}"):
                module.abandon_all()
        os._exit(128 + number[0])
    os.close(reader)
