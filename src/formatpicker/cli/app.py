"""The application, its commands, options and exit codes: what all commands share."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from formatpicker.base.text import printable
from formatpicker.errors import FormatpickerError

if TYPE_CHECKING:
    from formatpicker.catalog.model import Catalog
    from formatpicker.scoring.answers import Answers

DONE, NOTHING_FOUND, BAD_INPUT = 0, 1, 2


# Every command, in the order in which help lists them, and the module of this package that registers it. A command that
# runs loads its own module only; help, completion and a command that is not known load them all.
COMMANDS = {
    "ask": "ask",
    "recommend": "person",
    "explain": "person",
    "batch": "batch",
    "template": "template",
    "report": "report",
    "formats": "formats",
    "compare": "formats",
    "schema": "formats",
    "verify": "catalog",
    "catalog": "catalog",
}


class _Commands(TyperGroup):
    """Commands, loaded when asked for; the one place where what goes wrong becomes a message and an exit code."""

    @property
    def commands(self) -> Any:
        """All of them, in the order of help."""
        self._load(COMMANDS)
        return self._loaded

    @commands.setter
    def commands(self, loaded: Any) -> None:
        self._loaded = loaded

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS:
            self._load([cmd_name])
        return self._loaded.get(cmd_name)

    def _load(self, names: Iterable[str]) -> None:
        if not self._loaded.keys() >= set(names):
            for name in names:
                import_module(f"formatpicker.cli.{COMMANDS[name]}")
            found: Any = get_group(app)
            self._loaded = {name: found._loaded[name] for name in COMMANDS if name in found._loaded}

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
        if os.environ.get("_FORMATPICKER_COMPLETE", "").startswith("complete_"):
            from formatpicker.cli import completion

            sys.exit(completion.answer(self))
        settings = {"complete_var": complete_var, "windows_expand_args": windows_expand_args, **extra}
        if not standalone_mode:
            return super().main(args, prog_name, standalone_mode=False, **settings)
        if sys.stdout is None:
            sys.stdout = _Closed()
        try:
            code = super().main(args, prog_name, standalone_mode=False, **settings)
        except FormatpickerError as error:
            code = _told(str(error))
        except OSError as error:
            code = _unwritable(error)
        except SystemExit as stop:
            # Typer ends with 1 where the reader of its help went away.
            code = _unwritable(stop.__context__) if isinstance(stop.__context__, BrokenPipeError) else stop.code
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            code = _misused(error)
        sys.exit(code if isinstance(code, int) else DONE)


class _Closed(io.TextIOBase):
    """Stands for a standard output that was closed before the start: Typer would drop its help without a word."""

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")


def _told(problem: str) -> int:
    from formatpicker.base.terminal import notify

    notify(f"formatpicker: {problem}")
    return BAD_INPUT


def _unwritable(error: OSError) -> int:
    """Help or a version that cannot be written: quietly where the reader went away."""
    from formatpicker.base.terminal import silence

    silence(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return DONE
    return _told(f"standard output: cannot be written ({error.strerror or error})")


def _misused(error: Any) -> int:
    """What Typer says of a command line that it does not understand; nobody may be there to read it."""
    from formatpicker.base.terminal import silence

    error.message = printable(error.message)
    try:
        if sys.stderr is not None:  # Typer would write to standard output instead
            error.show()
    except OSError:
        silence(sys.stderr)
    code: int = error.exit_code
    return code


def new_app(cls: type[TyperGroup] = TyperGroup, **settings: Any) -> typer.Typer:
    """An application or a group of commands, with the settings that all share."""
    return typer.Typer(
        cls=cls,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )


app = new_app(_Commands)


def _completed_setting(ctx: typer.Context, incomplete: str) -> Any:
    from formatpicker.cli.completion import settings

    return settings(ctx, incomplete)


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
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set one answer, over those of the file; may be repeated.",
        autocompletion=_completed_setting,
    ),
]
DetailsOption = Annotated[bool, typer.Option("--details", help="Show every reason, check and source as well.")]


def loaded_catalog(path: str | None) -> Catalog:
    """The catalog in force."""
    from formatpicker.catalog.store import load_catalog

    return load_catalog(path)


def answers_of(catalog: Catalog, path: str, own_words: bool = False) -> Answers:
    """The answers in a file; ``own_words`` as for ``parse_answers``."""
    from formatpicker.scoring.answer_files import read_answers

    return read_answers(catalog, path, own_words)[1]


def answers_of_each(catalogs: tuple[Catalog, Catalog], path: str) -> tuple[Answers, Answers]:
    """The answers in a file as two catalogs take them; it is read once, since it may be a pipe."""
    from formatpicker.scoring.answer_files import answers_in, document_of

    document = document_of(path)
    return answers_in(catalogs[0], document), answers_in(catalogs[1], document)
