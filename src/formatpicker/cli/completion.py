"""What a shell asks on Tab: the words that may come next. Silent on errors, since a prompt is no place for them.

The scripts in ``cli.shells`` set ``_FORMATPICKER_COMPLETE`` to ``complete_bash``, ``complete_zsh`` or ``complete_fish``
and ``_TYPER_COMPLETE_ARGS`` to the line up to the cursor. The answer is one word a line, for zsh and fish with a tab
and its meaning. Where there is none, the exit code tells whether a file name would do (0) or nothing would (1).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from formatpicker.base.text import canonical, printable

INSTRUCTION = "_FORMATPICKER_COMPLETE"
LINE = "_TYPER_COMPLETE_ARGS"
FILES, NOTHING = 0, 1
# Where bash begins a new word inside an argument; what stands before is no part of what it replaces.
BREAKS = "=:"

Word = tuple[str, str]


def answer(group: Any) -> int:
    """Write the words that may come next; the exit code."""
    try:
        shell = os.environ[INSTRUCTION].removeprefix("complete_")
        before, partial, quoted = _typed(shell)
        words, takes_file = candidates(group, before, partial)
        skipped = 0 if shell != "bash" or quoted else max(partial.rfind(sign) for sign in BREAKS) + 1
        lines = [_shown(word[skipped:], "" if shell == "bash" else meaning) for word, meaning in words]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except Exception:
        return NOTHING
    return FILES if words or takes_file else NOTHING


def _shown(word: str, meaning: str) -> str:
    return printable(f"{word}\n{meaning}".strip("\n").replace("\t", " ")).replace("\n", "\t", 1).replace("\n", " ")


def _typed(shell: str) -> tuple[list[str], str, bool]:
    """The words before the cursor, the one at it, and whether that one stands in quotes."""
    line = os.environ.get(LINE)
    if line is None:  # as scripts made by other tools have it
        words = os.environ["COMP_WORDS"].split("\n" if "\n" in os.environ["COMP_WORDS"] else " ")
        line = " ".join(words[: int(os.environ["COMP_CWORD"]) + 1])
    words, whole = _split(line)
    partial = words.pop() if words and not (whole and line[-1:].isspace()) else ""
    return words[1:], partial, not whole or line.endswith(("'", '"'))


def _split(line: str) -> tuple[list[str], bool]:
    """The words of a line as a shell takes them, and whether the last one is closed."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:  # an open quote, or a backslash at the end
        return [*words, lexer.token], False
    return words, True


@dataclass
class _Place:
    """How far a line has come: the command, what it was given, the option that waits for its value."""

    command: Any
    context: Any
    waiting: Any = None
    positional: int = 0
    given: list[str] = field(default_factory=list)
    only_arguments: bool = False

    def takes(self, word: str) -> None:
        """Go on by one whole word."""
        if self.waiting is not None:
            self._keep(self.waiting, word)
            self.waiting = None
        elif word == "--":
            self.only_arguments = True
        elif word.startswith("-") and word != "-" and not self.only_arguments:
            self._takes_option(*word.partition("="))
        elif hasattr(self.command, "get_command"):
            self.command = self.command.get_command(self.context, word)
            self.context = _context(self.command, word, self.context)
            self.given = []
        else:
            self.positional += 1

    def _takes_option(self, name: str, separator: str, value: str) -> None:
        option = self.option(name)
        self.given.append(name)
        if option is None or option.is_flag:
            return
        if separator:
            self._keep(option, value)
        else:
            self.waiting = option

    def _keep(self, option: Any, value: str) -> None:
        self.context.params[option.name] = value

    def option(self, name: str) -> Any:
        """The option of a name."""
        return next((each for each in self.options() if name in each.opts), None)

    def options(self) -> list[Any]:
        """What begins with a hyphen."""
        return [each for each in self.command.get_params(self.context) if each.param_type_name == "option"]

    def argument(self) -> Any:
        """The argument that comes next."""
        found = [each for each in self.command.get_params(self.context) if each.param_type_name == "argument"]
        if self.positional < len(found):
            return found[self.positional]
        return found[-1] if found and found[-1].nargs == -1 else None


def _context(command: Any, name: str, parent: Any = None) -> Any:
    """A context that runs nothing."""
    return command.context_class(command, info_name=name, parent=parent, resilient_parsing=True)


def candidates(group: Any, before: list[str], partial: str) -> tuple[list[Word], bool]:
    """The words that may stand at the cursor with their meanings, and whether a file may."""
    place = _Place(group, _context(group, "formatpicker"))
    for word in before:
        place.takes(word)
    if place.waiting is not None:
        return _values(place, place.waiting, partial)
    if partial.startswith("-") and not place.only_arguments:
        name, separator, value = partial.partition("=")
        option = place.option(name) if separator else None
        if option is not None:
            words, takes_file = _values(place, option, value)
            return [(f"{name}={word}", meaning) for word, meaning in words], takes_file
        return _beginning(_option_names(place), partial), False
    if hasattr(place.command, "list_commands"):
        return _beginning(_command_names(place), partial), False
    argument = place.argument()
    return _values(place, argument, partial) if argument is not None else ([], False)


def _beginning(words: Iterator[Word], partial: str) -> list[Word]:
    return [(word, meaning) for word, meaning in words if word.startswith(partial)]


def _option_names(place: _Place) -> Iterator[Word]:
    for option in place.options():
        used = set(option.opts) & set(place.given)
        if not option.hidden and (option.multiple or not used):
            yield max(option.opts, key=len), option.help or ""


def _command_names(place: _Place) -> Iterator[Word]:
    for name in place.command.list_commands(place.context):
        command = place.command.get_command(place.context, name)
        if not command.hidden:
            yield name, command.get_short_help_str(80)


def _values(place: _Place, parameter: Any, partial: str) -> tuple[list[Word], bool]:
    """The values of an option or an argument; one that has none of its own may be a file."""
    choices = getattr(parameter.type, "choices", None)
    if choices is not None:
        return _beginning(((str(getattr(each, "value", each)), "") for each in choices), partial), False
    # Click and Typer know no public way to ask whether a parameter completes itself.
    if getattr(parameter, "_custom_shell_complete", None) is None:
        return [], True
    found = parameter.shell_complete(place.context, partial)
    return [(item.value, item.help or "") for item in found], False


# --- what the parameters of the commands complete to; Typer hands over the context and the word ---------------------


def format_names(ctx: Any, incomplete: str) -> list[Word]:
    """The ids of formats."""
    return [(each.id, each.name) for each in _catalog(ctx).formats.values() if each.id.startswith(incomplete)]


def schema_names(incomplete: str) -> list[str]:
    """The names of schemas."""
    from formatpicker.output.json.schemas import SCHEMAS

    return [name for name in SCHEMAS if name.startswith(incomplete)]


def settings(ctx: Any, incomplete: str) -> list[Word]:
    """``KEY=`` first, then the values that the question knows."""
    questions = _catalog(ctx).questions
    key, separator, value = incomplete.partition("=")
    if not separator:
        return [(f"{id}=", each.label) for id, each in questions.items() if id.startswith(incomplete)]
    question = questions[next(id for id in questions if canonical(id) == canonical(key))]
    return [(f"{key}={each}", meaning) for each, meaning in _answers(question, value)]


def _answers(question: Any, value: str) -> list[Word]:
    """The options of a question; of goals the next one of a list."""
    cut = max(value.rfind(sign) for sign in ",;") + 1
    kept, partial = (value[:cut], value[cut:]) if question.goals else ("", value)
    named = {canonical(each) for each in kept.replace(";", ",").split(",")}
    known = [*question.goals, *question.options]
    return [
        (kept + each.id, each.label)
        for each in known
        if each.id.startswith(partial) and canonical(each.id) not in named
    ]


def _catalog(ctx: Any) -> Any:
    from formatpicker.catalog.store import load_catalog

    return load_catalog(ctx.params.get("catalog"))
