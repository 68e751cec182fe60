"""The command line: options in, text out, exit codes. Wiring only; every command imports what it needs when it runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from formatpicker.cli.app import BAD_INPUT, app

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
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
    install_completion: Annotated[
        bool, typer.Option("--install-completion", help="Complete words on Tab in this shell from now on.")
    ] = False,
    show_completion: Annotated[
        bool, typer.Option("--show-completion", help="Print the script that does so, and change nothing.")
    ] = False,
) -> None:
    """Find the kind of work experience that suits you: an internship, a micro-internship or an apprenticeship.

    Example: formatpicker ask
    """
    if install_completion or show_completion:
        _set_up_completion(install_completion)
    if ctx.invoked_subcommand is not None:
        return
    from formatpicker.base.terminal import is_terminal

    if is_terminal(sys.stdin) and is_terminal(sys.stdout):
        from formatpicker.cli.ask import ask

        ask()
    else:
        typer.echo(ctx.get_help())
        raise typer.Exit(BAD_INPUT)


def _set_up_completion(into_shell: bool) -> None:
    from formatpicker.base.terminal import emit
    from formatpicker.cli.shells import SCRIPTS, installed, shell_in_use

    shell = shell_in_use()
    if into_shell:
        emit(f"Completion is in {installed(shell)}. Start a new {shell} to use it.\n")
    else:
        emit(SCRIPTS[shell])
    raise typer.Exit
