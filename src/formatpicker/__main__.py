"""The way in, for the ``formatpicker`` command and ``python -m formatpicker``: as little as can be around the work."""

import gc
import os
import sys

import formatpicker

# ``python -m`` puts the current folder first, where a file ``re.py`` that came with a table would be run.
_run_by_name = __name__ == "__main__" and not sys.flags.safe_path
if _run_by_name and f"{sys.path[0]}{os.sep}formatpicker" not in formatpicker.__path__:  # the source may be run in place
    del sys.path[0]

# sysexits.h: an internal software error
OWN_FAULT = 70


def main() -> None:
    """Run the command line and end the process; Ctrl-C ends it with exit code 130, even while it is being loaded."""
    try:
        if not _version_told():
            _run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        raise SystemExit(_own_fault(error)) from None
    finally:
        gc.freeze()  # or the interpreter looks for garbage among all objects once more as it ends: 16 of 100 ms


def _version_told() -> bool:
    """Tell the version without the command line, which takes five times as long; that is asked where this fails."""
    if sys.argv[1:] != ["--version"] or "_FORMATPICKER_COMPLETE" in os.environ:
        return False
    try:
        # Past the buffer: what cannot be written would stay in it, and be in the way of what is asked then.
        os.write(sys.stdout.fileno(), f"formatpicker {formatpicker.__version__}{os.linesep}".encode())
    except (AttributeError, OSError):  # closed before the start, or full
        return False
    return True


def _run() -> None:
    # Modules and the catalog are many objects and no garbage: to look for some among them takes 10 of 100 ms. A command
    # that runs for long still gets its garbage collected.
    gc.set_threshold(100_000)
    from formatpicker.cli import main as run

    run()


def _own_fault(error: Exception) -> int:
    """Ask for a report of a fault of the program: where it happened, and nothing of what was typed or read.

    Of Tab nothing is told: a prompt is no place for it.
    """
    if "_FORMATPICKER_COMPLETE" in os.environ:
        return 1
    from pathlib import PurePath
    from traceback import extract_tb

    if sys.stderr is not None:
        places = [
            f"{frame.name} ({PurePath(frame.filename).name}:{frame.lineno})"
            for frame in extract_tb(error.__traceback__)
        ]
        fault = f"a fault of the program itself, {type(error).__name__} in {' > '.join(places[-4:])}"
        version = formatpicker.__version__
        wish = f"Please report it with this line, the version ({version}) and the command; it holds no answers."
        if "--json" in sys.argv:
            import json

            from formatpicker.errors import FormatpickerError

            text = json.dumps(FormatpickerError(f"{fault}; {wish}").to_dict(), indent=2)
        else:
            text = f"formatpicker: {fault}\n{wish}"
        sys.stderr.write(text + "\n")
    return OWN_FAULT


if __name__ == "__main__":  # a worker process imports this module anew
    main()
