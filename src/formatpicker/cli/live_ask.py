"""The questionnaire with arrows and single keys, drawn at one place of the screen. The only user of prompt_toolkit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Size
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import ConditionalContainer, HSplit, Layout, VSplit, Window
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.output import ColorDepth, create_output

from formatpicker.base.terminal import DIM, YELLOW, LiveTerminal, Screen, finished, marked, takes_colour, wrapped
from formatpicker.base.text import printable
from formatpicker.cli.dialogue import SKIP, WHY, Dialogue, Quit
from formatpicker.output.text.question_screen import choice_lines

# Longer than any answer needs; what is pasted beyond it is dropped.
_MOST_TYPED = 500
# In a small window what stands above them gives way first.
_LEAST_CHOICES = 4
_UNBROKEN = "\N{NO-BREAK SPACE}"
# In plain characters, for terminals that have no others.
_ASCII = str.maketrans({"↑": "Up/", "↓": "Down", "←": "Left/", "→": "Right", "·": "|"})


class Page:
    """The parts of the screen for the step at hand, worked out once for each drawing."""

    def __init__(self, dialogue: Dialogue, window: Screen, text: str) -> None:
        self.step = dialogue.step
        columns = window.columns
        self.keys = [marked(DIM, line) for line in _key_lines(self.step.help, window)][: window.height // 3]
        said = [marked(YELLOW, line) for line in wrapped(dialogue.said, columns)] if dialogue.said else []
        # What is left for the step itself, with a line for what is typed.
        room = window.height - len(self.keys) - self.step.takes_text
        self.screen = Screen(window.width, max(1, room - len(said)), window.unicode)
        self.below = [*self.step.foot(self.screen, text), *said][: room // 2]
        room -= len(self.below)
        above = [*self.step.head(window), *self.step.body(self.screen)]
        most = room - min(_LEAST_CHOICES, len(self.step.choices))
        above = above[-most:] if most > 0 else []
        self.above = above + self._choices(text, room - len(above))

    def _choices(self, text: str, room: int) -> list[str]:
        """The choices around the cursor, as many as there is room for."""
        step = self.step
        shown = step.shown(text)
        chosen = step.highlighted(text)
        cursor = shown.index(chosen) if chosen in shown else None
        picks = step.picks if step.most_picks else None
        blocks = choice_lines(shown, self.screen.columns, cursor, picks)
        first, at = 0, cursor or 0
        while sum(map(len, blocks[first : at + 1])) > room and first < at:
            first += 1
        return [line for block in blocks[first:] for line in block][: max(0, room)]


def _key_lines(keys: str, screen: Screen) -> list[str]:
    """The keys in lines that break between two of them."""
    if not screen.unicode:
        keys = keys.translate(_ASCII)
    between = " · " if screen.unicode else " | "
    whole = (key if len(key) > screen.columns else key.replace(" ", _UNBROKEN) for key in keys.split(between))
    unbroken = between.join(whole)
    return [line.replace(_UNBROKEN, " ") for line in wrapped(unbroken, screen.columns)]


def can_draw(stream: TextIO) -> bool:
    """Whether a terminal can be drawn on; on Windows some have no console behind them, such as that of Git Bash."""
    try:
        create_output(stdout=stream)
    except Exception as error:
        if type(error).__name__ != "NoConsoleScreenBufferError":  # a class that can be imported on Windows only
            raise
        return False
    return True


def lead(dialogue: Dialogue, terminal: LiveTerminal) -> None:
    """Lead a person through a dialogue to its end.

    Raises:
        Quit: The person typed q, pressed Ctrl-D, or the terminal went away.
        KeyboardInterrupt: They pressed Ctrl-C.
    """
    try:
        _Live(dialogue, terminal).app.run(handle_sigint=True)
    except EOFError:
        raise Quit from None


class _Live:
    """The application: it draws the step at hand and hands it the keys."""

    def __init__(self, dialogue: Dialogue, terminal: LiveTerminal) -> None:
        self.dialogue, self.unicode = dialogue, terminal.screen.unicode
        self.explained = ""  # why something is asked, while that is what was done last
        self.buffer = Buffer(multiline=False, on_text_changed=self._bounded)
        typing = Condition(lambda: dialogue.step.takes_text)
        prompt = Window(FormattedTextControl("> "), width=2, height=1)
        typed = ConditionalContainer(VSplit([prompt, Window(BufferControl(self.buffer), height=1)], height=1), typing)
        parts = [self._window("above"), typed, self._window("below"), Window(), self._window("keys")]
        self.app: Application[None] = Application(
            Layout(HSplit(parts)),
            key_bindings=self._keys(typing),
            full_screen=True,
            output=create_output(stdout=terminal.stream),
            color_depth=None if takes_colour(terminal.stream) else ColorDepth.DEPTH_1_BIT,
            enable_page_navigation_bindings=False,
            before_render=self._draw,
        )
        # Esc is a key of its own here: do not wait long for the rest of an arrow key.
        self.app.ttimeoutlen = self.app.timeoutlen = 0.05

    def _window(self, part: str) -> Window:
        def text() -> ANSI:
            return ANSI(finished("\n".join(getattr(self.page, part)), colour=True))

        return Window(FormattedTextControl(text), height=lambda: Dimension.exact(len(getattr(self.page, part))))

    def _draw(self, app: Any) -> None:
        size: Size = self.app.output.get_size()
        self.page = Page(self.dialogue, Screen(size.columns, size.rows, self.unicode), self.buffer.text)

    def _bounded(self, buffer: Buffer) -> None:
        clean = printable(buffer.text.replace("\n", " "))[:_MOST_TYPED]
        if clean != buffer.text:
            buffer.text = clean

    def _do(self, action: Callable[[], object], clear: bool = True) -> None:
        """Let the step act; what was typed is used up by it."""
        if clear:
            self.buffer.reset()
        self.explained = ""
        try:
            action()
        except Quit as stop:
            self.app.exit(exception=stop)
        else:
            if self.dialogue.ended:
                self.app.exit()

    def _keys(self, typing: Condition) -> KeyBindings:
        bound = KeyBindings()
        empty = Condition(lambda: not self.buffer.text)

        def on(key: str, action: Callable[[], object], when: Any = True) -> None:
            bound.add(key, filter=when, eager=True)(lambda event: action())

        def moves(by: int) -> Callable[[], None]:
            return lambda: self._do(lambda: self.dialogue.step.move(by, self.buffer.text), clear=False)

        on("up", moves(-1))
        on("down", moves(1))
        on("pageup", moves(-10))
        on("pagedown", moves(10))
        for key in ("enter", "c-j"):
            on(key, lambda: self._do(partial(self.dialogue.step.enter, self.buffer.text.strip())))
        on("left", lambda: self._do(lambda: self.dialogue.step.left()), empty)
        on("right", lambda: self._do(lambda: self.dialogue.step.right()), empty)
        on("escape", lambda: self._do(lambda: self.dialogue.step.back()), empty)
        on("escape", self.buffer.reset, ~empty)
        # Who has read why something is asked closes that, and answers nothing by it. What is bound last goes first.
        reading = Condition(lambda: bool(self.explained) and self.dialogue.said == self.explained) & empty
        for key in ("enter", "c-j", "escape"):
            on(key, lambda: self._do(lambda: setattr(self.dialogue, "said", "")), reading)
        on("tab", lambda: self._command(SKIP))
        on(WHY, self._explain, empty)
        on(" ", self._space)
        on("+", lambda: self._reorder(-1), empty)
        on("-", lambda: self._reorder(1), empty)
        for key in ("c-c", "<sigint>"):
            on(key, lambda: self.app.exit(exception=KeyboardInterrupt()))
        on("c-d", lambda: self.app.exit(exception=Quit()))
        on("c-l", lambda: self.app.renderer.clear())
        if sys.platform != "win32":
            on("c-z", lambda: self.app.suspend_to_background())

        @bound.add(Keys.Any, filter=~typing)
        def _(event: KeyPressEvent) -> None:
            self._command(event.data.casefold())

        return bound

    def _command(self, key: str) -> None:
        command = self.dialogue.step.commands.get(key)
        if command is not None:
            self._do(command)

    def _explain(self) -> None:
        self._command(WHY)
        self.explained = self.dialogue.said

    def _space(self) -> None:
        text = self.buffer.text
        if self.dialogue.step.space(text):
            self.buffer.reset()
        elif self.dialogue.step.takes_text:
            self.buffer.insert_text(" ")

    def _reorder(self, by: int) -> None:
        if not self.dialogue.step.reorder(by) and self.dialogue.step.takes_text:
            self.buffer.insert_text("+" if by < 0 else "-")
