"""The command line: options in, text out, exit codes. Wiring only; every command imports what it needs when it runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from formatpicker.cli.app import BAD_INPUT, app, option

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line."""
    app(prog_name="formatpicker")


def _version(wanted: bool) -> None:
    if wanted:
        from formatpicker import __version__

        typer.echo(f"formatpicker {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, option("--version", "Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Find the kind of work experience that suits you: an internship, a micro-internship or an apprenticeship.

    Example: formatpicker ask
    """
    if ctx.invoked_subcommand is not None:
        return
    from formatpicker.base.terminal import is_terminal

    if is_terminal(sys.stdin) and is_terminal(sys.stdout):
        from formatpicker.cli.person import ask

        ask()
    else:
        typer.echo(ctx.get_help())
        raise typer.Exit(BAD_INPUT)
