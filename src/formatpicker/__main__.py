"""The way in, for the ``formatpicker`` command and ``python -m formatpicker``: as little as can be around the work."""

import gc
import os
import sys

from formatpicker import __version__


def main() -> None:
    """Run the command line and end the process; Ctrl-C ends it with exit code 130, even while it is being loaded."""
    try:
        _end(0 if _version_told() else _run())
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _version_told() -> bool:
    """Tell the version without the command line, which takes five times as long; that is asked where this fails."""
    if sys.argv[1:] != ["--version"] or "_FORMATPICKER_COMPLETE" in os.environ:
        return False
    try:
        sys.stdout.write(f"formatpicker {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):  # closed before the start, or full
        return False
    return True


def _run() -> int:
    # Modules and the catalog are many objects and no garbage: to look for some among them takes 10 of 100 ms. A command
    # that runs for long still gets its garbage collected.
    gc.set_threshold(100_000)
    from formatpicker.cli import main as run

    try:
        run()
    except SystemExit as stop:
        if isinstance(stop.code, int):
            return stop.code
        raise
    return 0


def _end(code: int) -> None:
    """End without taking apart every module and object, which takes 10 of 100 ms, unless somebody waits for that."""
    threads = "threading" in sys.modules and sys.modules["threading"].active_count() > 1
    if threads or sys.getprofile() or sys.gettrace() or sys.flags.interactive:
        sys.exit(code)
    import atexit

    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):  # the interpreter has its own way to say so
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":  # a worker process imports this module anew
    main()
