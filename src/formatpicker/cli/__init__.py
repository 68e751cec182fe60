"""The command line: options in, text out, exit codes. Wiring only; every command imports what it needs when it runs."""

from __future__ import annotations

# The commands register themselves, in the order in which help lists them.
from formatpicker.cli import ask as _ask  # noqa: F401

from formatpicker.cli import person as _person  # noqa: F401  isort: skip
from formatpicker.cli import formats as _formats  # noqa: F401  isort: skip
from formatpicker.cli import catalog as _catalog  # noqa: F401  isort: skip
from formatpicker.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """The entry point of the ``formatpicker`` command."""
    try:
        app(prog_name="formatpicker")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
