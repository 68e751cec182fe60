"""The questionnaire as text from top to bottom, for screen readers, simple terminals and whoever prefers it.

Everything is typed and followed by Enter. Nothing moves the cursor and nothing is written twice: a step is shown when
one comes to it, and after that only what is new.
"""

from __future__ import annotations

from formatpicker.base.style import wrapped
from formatpicker.base.terminal import LiveTerminal
from formatpicker.cli.dialogue import Dialogue, Quit


def lead(dialogue: Dialogue, terminal: LiveTerminal) -> None:
    """Lead a person through a dialogue to its end.

    Raises:
        Quit: The person typed q or ended the input.
    """
    turn = -1
    while not dialogue.ended:
        step, screen = dialogue.step, terminal.screen
        new = dialogue.turn != turn
        turn = dialogue.turn
        lines = wrapped(dialogue.said, screen.columns) if dialogue.said else []
        lines += ["", *step.plain(screen)] if new else []
        texts = [text(screen) for text in dialogue.told]
        dialogue.said, dialogue.told = "", []
        terminal.write("".join(["".join(f"{line}\n" for line in lines), *texts]))
        try:
            step.enter(terminal.read(step.prompt).strip())
        except EOFError:
            raise Quit from None
