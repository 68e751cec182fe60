"""The command line: options in, text out, exit codes. Wiring only; every command imports what it needs when it runs."""

from formatpicker.cli.app import app, main

__all__ = ["app", "main"]
