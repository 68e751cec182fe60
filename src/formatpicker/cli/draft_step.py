"""The step before the first question where an earlier session left answers behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formatpicker.advice.questionnaire import Interview
from formatpicker.base.durations import counted
from formatpicker.base.style import Screen, titled
from formatpicker.cli.dialogue import Dialogue, Step
from formatpicker.cli.question_steps import next_step
from formatpicker.output.text.question_screen import Choice, in_columns


class DraftStep(Step):
    """An earlier session left answers behind: go on with them or not."""

    help = "↑↓ move · Enter choose · Ctrl-C stop"

    def __init__(
        self, dialogue: Dialogue, earlier: Interview, go_on: Callable[[], None], drop: Callable[[], None]
    ) -> None:
        """The interview left behind, what keeps on writing to its file, and what deletes it."""
        super().__init__(dialogue)
        self.earlier, self.go_on, self.drop = earlier, go_on, drop
        self.cursor = 0

    @property
    def choices(self) -> Sequence[Choice]:
        """On or anew."""
        return [Choice("on", 1, "Go on with them"), Choice("anew", 2, "Start anew and delete them")]

    def body(self, screen: Screen) -> list[str]:
        """What there is, without the answers themselves: somebody else may be sitting here now."""
        count = counted(len(self.earlier.answers.values), "answer")
        text = f"You stopped earlier with {count}, kept on this computer for you alone."
        return titled(text, screen.columns)

    def plain(self, screen: Screen) -> list[str]:
        """The same with the choices."""
        return [
            *self.body(screen),
            *in_columns(self.choices, screen.columns),
            "Type a number; Enter goes on with them.",
        ]

    def take(self, text: str) -> None:
        """Go on with the draft, or delete it."""
        chosen = self.chosen(text)
        if chosen is None:
            self.dialogue.said = "Type 1 or 2."
            return
        if chosen.id == "on":
            self.go_on()
            self.dialogue.interview = self.earlier
        else:
            self.drop()
        self.dialogue.go(next_step(self.dialogue))
