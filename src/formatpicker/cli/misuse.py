"""A command line that Typer does not understand, told as any other error: what is wrong, the nearest, what to do."""

from __future__ import annotations

import re
from typing import Any

from formatpicker.base.text import printable, shortened
from formatpicker.errors import FormatpickerError, InputError, one_of


def no_such_command(ctx: Any, word: str, known: list[str]) -> FormatpickerError:
    """What to say of a word that is no command of a group."""
    return FormatpickerError(
        f"{shortened(word)} is {one_of(word, known, 'command')}; `{ctx.command_path} -h` explains them"
    )


def misuse(error: Any) -> FormatpickerError:
    """What to say of an error of Typer's, by what it holds: a context, an option, or a parameter that is missing."""
    ctx: Any = getattr(error, "ctx", None)
    message = printable(error.format_message()).rstrip(".")
    path = ctx.command_path if ctx else "formatpicker"
    if message.startswith("Usage: "):  # a group without a command
        listed = ", ".join(ctx.command.list_commands(ctx))
        return FormatpickerError(f"`{path}` needs a command (known: {listed}); `{path} -h` explains them")
    option = getattr(error, "option_name", "")
    if hasattr(error, "possibilities"):
        known = [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")]
        return InputError(option, one_of(option, known, f"option of `{path}`"))
    if option:
        return InputError(option, _VALUE if "requires" in message else _NO_VALUE)
    if hasattr(error, "param_type") and error.param is not None:
        return FormatpickerError(f"`{path}` needs {error.param.make_metavar(ctx)}; `{path} -h` shows an example")
    if extra := re.search(_TOO_MANY, message):
        return FormatpickerError(f"`{path}` takes no {shortened(extra[1])} as well; `{path} -h` shows an example")
    return FormatpickerError(f"{message[:1].lower()}{message[1:]}; `{path} -h` shows an example")


_TOO_MANY = r"unexpected extra arguments?(?:\(s\))? \((.*)\)$"
_VALUE = "needs a value behind it; `-h` behind the command shows which"
_NO_VALUE = "takes no value; leave out what stands behind ="
