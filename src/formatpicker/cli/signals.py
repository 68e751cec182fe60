"""What a request to end does: the first one lets the program unwind, so that no half-written file stays."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Not all of them exist on Windows.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Unwind at the first request to end; at the second, remove what grows and end at once.

    A signal that whoever started the program has turned off, as ``nohup`` does, stays off. Other threads of a program
    that uses the command line as a library get no signals.
    """
    asked: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if asked:
            from formatpicker.base.new_file import abandon_all

            abandon_all()
            os._exit(128 + number)
        asked.append(number)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
