"""Steps that both front ends lead a person through: what is shown, and what each key does.

A front end shows the step at hand and hands it what was typed; it decides nothing. ``live_ask`` draws on the screen,
``lead_plainly`` writes from top to bottom. What is asked next, and what a typed answer means, is up to
``advice.questionnaire``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from formatpicker.base.terminal import LiveTerminal, Screen, wrapped
from formatpicker.output.text.question_screen import Choice, choice_lines, numbered_lines

BACK, SKIP, WHY, QUIT, FINISH = "b", "s", "?", "q", "f"


class Quit(Exception):
    """The person stops here."""


class Step:
    """One screen. ``dialogue.step`` is the one at hand; a step goes on by putting another in its place.

    Attributes:
        prompt: What stands before what is typed.
        takes_text: Whether anything but commands can be typed; without it a command needs no Enter.
        most_picks: How many choices may be picked, in order, before Enter takes them; 0 where Enter takes one.
        help: The keys, for the last line of a live screen.
        how: How to answer, for the last line where nothing can be drawn twice.
        listed: Whether the choices stand one below the other there, and never in columns.
        after: Where Esc leads back to; None where it leads nowhere.
        choices: What can be chosen.
        commands: What single letters do.
        cursor: The place of the highlighted choice among those shown; None where nothing is highlighted.
        picks: The choices picked so far, in order.
    """

    prompt = "> "
    takes_text = True
    most_picks = 0
    help = how = ""
    listed = False
    choices: Sequence[Choice] = ()
    cursor: int | None = None

    def __init__(self, dialogue: Dialogue, after: Step | None = None) -> None:
        self.dialogue, self.after = dialogue, after
        self.commands: dict[str, Callable[[], None]] = {}
        self.picks: list[str] = []

    def head(self, screen: Screen) -> list[str]:
        """What stands at the top of a live screen."""
        return []

    def body(self, screen: Screen) -> list[str]:
        """What stands above the choices."""
        return []

    def foot(self, screen: Screen, text: str) -> list[str]:
        """What stands below the choices; ``text`` is what is being typed."""
        return []

    def plain(self, screen: Screen) -> list[str]:
        """The whole step where nothing can be drawn twice."""
        if self.listed:
            choices = [line for lines in choice_lines(self.choices, screen.columns) for line in lines]
        else:
            choices = numbered_lines(self.choices, screen.columns)
        return [*self.body(screen), *choices, *self.foot(screen, ""), *([self.how] if self.how else [])]

    def shown(self, text: str) -> Sequence[Choice]:
        """The choices that what is being typed leaves."""
        return self.choices

    def highlighted(self, text: str) -> Choice | None:
        """The choice under the cursor."""
        shown = self.shown(text)
        return None if self.cursor is None or not shown else shown[min(self.cursor, len(shown) - 1)]

    def point_at(self, id: object) -> None:
        """Highlight a choice, or the first one where there is none such, if the screen can be drawn anew."""
        if self.dialogue.live and self.choices:
            self.cursor = next((at for at, each in enumerate(self.choices) if each.id == id), 0)

    def numbered(self, text: str) -> Choice | None:
        """The choice whose number was typed."""
        return next((each for each in self.choices if str(each.number) == text), None)

    def chosen(self, text: str) -> Choice | None:
        """The choice whose number was typed, or with nothing typed the one under the cursor."""
        return self.numbered(text) if text else self.highlighted("")

    def enter(self, text: str) -> None:
        """Enter was pressed on what was typed, a single command included.

        Raises:
            Quit: The person stops.
        """
        command = self.commands.get(text.casefold())
        if command is not None:
            command()
        elif text.casefold() == QUIT:
            raise Quit
        else:
            self.take(text)

    def take(self, text: str) -> None:
        """Use what was typed."""

    def space(self, text: str) -> bool:
        """Space was pressed; False where it is a character like any other."""
        choice = self.highlighted(text)
        if not self.most_picks or choice is None or (text and not text.isdecimal()):
            return False
        self.toggle((self.numbered(text) or choice).id)
        return True

    def toggle(self, id: str) -> None:
        """Pick a choice, or take it out again."""
        self.dialogue.said = ""
        if id in self.picks:
            self.picks.remove(id)
        elif len(self.picks) < self.most_picks:
            self.picks.append(id)
        else:
            self.dialogue.said = f"At most {self.most_picks}; take one out first (space)."

    def reorder(self, by: int) -> bool:
        """Move the highlighted pick forward or back in the order; False where there is none."""
        choice = self.highlighted("")
        if choice is None or choice.id not in self.picks:
            return False
        at = self.picks.index(choice.id)
        to = max(0, min(at + by, len(self.picks) - 1))
        self.picks.insert(to, self.picks.pop(at))
        return True

    def move(self, by: int, text: str) -> None:
        """Move the cursor."""
        count = len(self.shown(text))
        if count:
            self.cursor = ((-1 if by > 0 else count) if self.cursor is None else min(self.cursor, count - 1)) + by
            self.cursor %= count

    def left(self) -> None:
        """The left arrow, with nothing typed: back, unless the step has a better use for it."""
        self.back()

    def right(self) -> None:
        """The right arrow, with nothing typed."""

    def back(self) -> None:
        """Esc: one step back."""
        if self.after is not None:
            self.dialogue.go(self.after)


class Dialogue(ABC):
    """A person on the way through steps.

    Attributes:
        step: The step at hand.
        live: Whether the screen can be drawn anew; otherwise text only ever follows text.
        said: A line for the person about what they just did.
        told: Whole texts to be shown below, where they cannot be paged through.
        turn: How often a step was put in place, which is when it is worth showing as a whole.
        ended: Whether the person is content with the result.
        what: What is asked for.
    """

    step: Step
    what = "answers"

    def __init__(self, live: bool) -> None:
        self.live, self.said, self.ended, self.turn = live, "", False, 0
        self.told: list[Callable[[Screen], str]] = []

    def go(self, step: Step, said: str = "") -> None:
        """Show another step."""
        self.step, self.said = step, said
        self.turn += 1

    @abstractmethod
    def save(self, name: str) -> str:
        """Write a file that the person names; what to say of it.

        Raises:
            InputError: The file cannot be written, or something else is there.
        """


def lead_plainly(dialogue: Dialogue, terminal: LiveTerminal) -> None:
    """Lead a person through a dialogue to its end, as text for screen readers and simple terminals.

    Everything is typed and followed by Enter. Nothing moves the cursor and nothing is written twice: a step is shown
    when one comes to it, and after that only what is new.

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
