"""The application, its commands, options and exit codes: what all commands share."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

from formatpicker.cli import completion
from formatpicker.cli.signals import ended_by_signals
from formatpicker.errors import FormatpickerError, InputError

if TYPE_CHECKING:
    from formatpicker.base.terminal import Screen
    from formatpicker.catalog.model import Catalog

DONE, NOTHING_FOUND, BAD_INPUT = 0, 1, 2


# Every command, in the order in which help lists them, and the module of this package that has it, a function of that
# name or a group.
COMMANDS = {
    "ask": "person",
    "recommend": "person",
    "explain": "person",
    "batch": "batch",
    "template": "catalog",
    "report": "report",
    "offers": "offers",
    "formats": "catalog",
    "compare": "catalog",
    "schema": "catalog",
    "verify": "catalog",
    "catalog": "catalog",
}


# Those that end with exit code 1 where nothing was found, a check found faults or rows were rejected.
MAY_FIND_NOTHING = ("ask", "recommend", "explain", "batch", "report", "offers", "verify")
EXIT_ZERO = "formatpicker.exit_zero"


class _Group(TyperGroup):
    """A group of commands; of a word that is none of them the nearest is told."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if not ctx.resilient_parsing and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from formatpicker.cli.misuse import no_such_command

            raise no_such_command(ctx, args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)


class _Commands(_Group):
    """The commands, and the one place where what goes wrong becomes a message and an exit code.

    A command is built when it is asked for, by the hooks that Click has for that: all of them take 8 ms of 90.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command, built when it is first asked for."""
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            self.commands[cmd_name] = _command(cmd_name)
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """As the base class has it, but that the first lines of docstrings are enough: no command is built for them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first_line(name)) for name in COMMANDS])

    def invoke(self, ctx: Any) -> Any:
        """As the base class has it, but that ``--exit-zero`` takes the place of exit code 1."""
        try:
            return super().invoke(ctx)
        except typer.Exit as stop:
            if stop.exit_code == NOTHING_FOUND and ctx.meta.get(EXIT_ZERO):
                return DONE
            raise

    def main(self, *args: Any, **given: Any) -> Any:
        """As the base class has it, in UTF-8, and ended by signals; every error becomes a message and an exit code.

        What a person typed reaches the terminal without control characters.
        """
        if not given.get("standalone_mode", True):
            return super().main(*args, **given)
        if sys.stdout is None:
            sys.stdout = _Closed()
        _use_utf8()
        words = next(iter(args), given.get("args"))
        as_json = "--json" in (sys.argv[1:] if words is None else words)
        try:
            with ended_by_signals():
                code = super().main(*args, **{**given, "standalone_mode": False})
        except FormatpickerError as error:
            code = _told(error, as_json)
        except OSError as error:
            code = _unwritable(error, as_json)
        except MemoryError:
            code = _told("there is not enough memory; close other programs, or raise the limit of ulimit -v", as_json)
        except SystemExit as stop:
            # Typer ends with 1 where the reader of its help went away.
            gone = stop.__context__
            code = _unwritable(gone, as_json) if isinstance(gone, BrokenPipeError) else stop.code
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            from formatpicker.cli.misuse import misuse

            code = _told(misuse(error), as_json)
        sys.exit(code if isinstance(code, int) else DONE)


def _use_utf8() -> None:
    """Have files and pipes get UTF-8, whatever the system takes for its encoding; a terminal knows its own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def _function_or_group(name: str) -> Any:
    return getattr(import_module(f"formatpicker.cli.{COMMANDS[name]}"), name)


def _first_line(name: str) -> str:
    found = _function_or_group(name)
    text: Any = found.info.help if isinstance(found, typer.Typer) else found.__doc__
    return str(text).strip().partition("\n")[0]


def _command(name: str) -> Any:
    found = _function_or_group(name)
    if not isinstance(found, typer.Typer):
        own = new_app()
        own.command(name)(found)
        found = own
    command: Any = get_command(found)
    for each in getattr(command, "commands", {"": command}).values():
        each.params += _shared_options(each)
    return command


def _shared_options(command: Any) -> list[TyperOption]:
    """Options that are read here and reach no command."""
    options = []
    if any(param.name == "json" for param in command.params):
        words = "In JSON: escape all that is not ASCII."
        options.append(_flag("--ascii", words, _escape_json))
    if command.name in MAY_FIND_NOTHING:
        words = "Exit with 0 where the exit code would be 1."
        options.append(_flag("--exit-zero", words, lambda ctx, wanted: ctx.meta.update({EXIT_ZERO: wanted})))
    return options


def _flag(name: str, words: str, take: Callable[[Any, bool], None]) -> TyperOption:
    return TyperOption(
        param_decls=[name],
        is_flag=True,
        default=False,
        expose_value=False,
        help=words,
        callback=lambda ctx, param, wanted: take(ctx, bool(wanted)),
    )


def _escape_json(ctx: Any, wanted: bool) -> None:
    from formatpicker.base.terminal import escape_json

    escape_json(wanted)


class _Closed(io.TextIOBase):
    """Stands for a standard output that was closed before the start: Typer would drop its help without a word."""

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")

    @property
    def buffer(self) -> io.BufferedIOBase:
        """What workbooks and Parquet are written to."""
        raise OSError(errno.EBADF, "it is closed")


def _told(problem: FormatpickerError | str, as_json: bool = False) -> int:
    from formatpicker.base.terminal import notify, notify_json

    error = FormatpickerError(problem) if isinstance(problem, str) else problem
    if as_json:
        notify_json(error.to_dict())
    else:
        notify("\n".join(f"formatpicker: {each.text}" for each in error.each()))
    return BAD_INPUT


def _unwritable(error: OSError, as_json: bool) -> int:
    """What the system refused: a file where it names one, else help or a version, quietly if the reader went away."""
    from formatpicker.base.terminal import silence

    if error.errno in (errno.EMFILE, errno.ENFILE):
        limit = f"the system lets this program open no more files ({error.strerror})"
        return _told(f"{limit}; raise the limit of ulimit -n", as_json)
    if error.filename is not None:
        return _told(f"{error.filename}: cannot be used ({error.strerror or error})", as_json)
    silence(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return DONE
    return _told(f"standard output: cannot be written ({error.strerror or error})", as_json)


def new_app(cls: type[TyperGroup] = _Group, **settings: Any) -> typer.Typer:
    """An application or a group of commands, with the settings that all share."""
    return typer.Typer(
        cls=cls,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **{"add_completion": False, **settings},
        context_settings={"help_option_names": ["-h", "--help"]},
    )


app = new_app(_Commands, add_completion=True)


def main() -> None:
    """Run the command line."""
    app(prog_name="formatpicker")


def command_tree() -> Any:
    """The group with every command in it, for whoever describes them all."""
    group: Any = get_command(app)
    for name in COMMANDS:
        group.get_command(None, name)
    return group


def option(names: str, help: str, **settings: Any) -> Any:
    """An option, written as in its help: ``--output -o FILE``; without a word for its value it is a switch."""
    *flags, last = names.split()
    if last.startswith("-"):
        return typer.Option(*flags, last, help=help, **settings)
    return typer.Option(*flags, metavar=last, help=help, **settings)


def argument(name: str, help: str, **settings: Any) -> Any:
    """An argument, by the name that it has in the help."""
    return typer.Argument(metavar=name, help=help, **settings)


CatalogOption = Annotated[
    str | None, option("--catalog FILE", "Use this catalog.", envvar="FORMATPICKER_CATALOG", show_envvar=False)
]
JsonOption = Annotated[bool, option("--json", "Print one JSON document and nothing else.")]
_ANSWERS = "Answers in YAML or JSON; - is standard input, which is read if there is no FILE and no --set."
AnswersArgument = Annotated[str | None, argument("[FILE]", _ANSWERS)]
AllAnswersArgument = Annotated[list[str] | None, argument("[FILE]...", f"{_ANSWERS} Several give a result each.")]
SetOption = Annotated[
    list[str] | None,
    option(
        "--set KEY=VALUE",
        "Set one answer, over those of the file; may be repeated.",
        autocompletion=completion.settings,
    ),
]


def tell(json: bool, data: Callable[[], object], text: Callable[[Screen], str]) -> None:
    """Print a result: as one JSON document, or as text for this screen."""
    from formatpicker.base.terminal import emit, emit_json, screen_of

    if json:
        emit_json(data())
    else:
        emit(text(screen_of(sys.stdout)))


def ended(well: object) -> typer.Exit:
    """The end of a command: exit code 1 where nothing was found, a check found faults or rows were rejected, else 0."""
    return typer.Exit(DONE if well else NOTHING_FOUND)


def refuse(*found: tuple[object, str, str]) -> None:
    """Raise ``InputError`` for the first option that something is wrong with: (whether, its name, the problem)."""
    for wrong, name, problem in found:
        if wrong:
            raise InputError(name, problem)


def loaded_catalog(path: str | None) -> Catalog:
    """The catalog in force."""
    from formatpicker.catalog.store import load_catalog

    return load_catalog(path)


# --- the program itself ----------------------------------------------------------------------------------------------


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
        import_module(f"formatpicker.cli.{COMMANDS['ask']}").ask()
    else:
        typer.echo(ctx.get_help())
        raise typer.Exit(BAD_INPUT)
