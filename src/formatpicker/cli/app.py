"""The application, its options and its exit codes: what all commands share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from formatpicker.errors import FormatpickerError
from formatpicker.text import printable

if TYPE_CHECKING:
    from formatpicker.answers import Answers
    from formatpicker.catalog.model import Catalog

DONE, NOTHING_FOUND, BAD_INPUT = 0, 1, 2


class _Commands(TyperGroup):
    """The one place where what goes wrong becomes a message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except FormatpickerError as error:
            from formatpicker.terminal import notify

            notify(f"formatpicker: {error}")
            raise typer.Exit(BAD_INPUT) from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """As the base class has it, but that what a person typed reaches the terminal without control characters."""
        settings = {"complete_var": complete_var, "windows_expand_args": windows_expand_args, **extra}
        if not standalone_mode:
            return super().main(args, prog_name, standalone_mode=False, **settings)
        try:
            code = super().main(args, prog_name, standalone_mode=False, **settings)
        except OSError as error:
            code = _unwritable(error)
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            error.message = printable(error.message)  # type: ignore[attr-defined]
            error.show()  # type: ignore[attr-defined]
            code = error.exit_code  # type: ignore[attr-defined]
        sys.exit(code if isinstance(code, int) else DONE)


def _unwritable(error: OSError) -> int:
    """Help or a version that cannot be written: quietly where the reader went away."""
    from formatpicker.terminal import notify, silence

    silence(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return DONE
    notify(f"formatpicker: standard output: cannot be written ({error.strerror or error})")
    return BAD_INPUT


def _app(**settings: Any) -> typer.Typer:
    return typer.Typer(
        cls=_Commands,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )


app = _app()
catalog_app = _app(
    help="Look after the catalog of formats.\n\nExample: formatpicker catalog check", no_args_is_help=True
)
app.add_typer(catalog_app, name="catalog")

CatalogOption = Annotated[
    str | None,
    typer.Option(
        "--catalog",
        metavar="FILE",
        help="Use this catalog.",
        envvar="FORMATPICKER_CATALOG",
        show_envvar=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AnswersArgument = Annotated[
    str | None, typer.Argument(metavar="[FILE]", help="Answers in YAML or JSON; - reads standard input.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set one answer, over those of the file; may be repeated."),
]
DetailsOption = Annotated[bool, typer.Option("--details", help="Show every reason, check and source as well.")]


def loaded_catalog(path: str | None) -> Catalog:
    """The catalog in force."""
    from formatpicker.catalog.store import load_catalog

    return load_catalog(path)


def answers_of(catalog: Catalog, path: str) -> Answers:
    """The answers in a file."""
    from formatpicker.intake import read_answers

    return read_answers(catalog, path)[1]
