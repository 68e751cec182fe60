"""The questionnaire with keys, on a real pseudo-terminal whose screen is read as a person sees it."""

from __future__ import annotations

import io
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pexpect
import pyte
import pytest

from formatpicker.base.yaml_reader import parse_document
from formatpicker.cli import live_ask
from running import COMMAND, environment, spawn

UP, DOWN, LEFT, RIGHT, ESC, TAB, ENTER, PAGE_DOWN = (
    "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C", "\x1b", "\t", "\r", "\x1b[6~"
)  # fmt: skip
PATIENCE = 15.0


class Terminal:
    """Somebody before a screen: types keys, and waits until the screen shows something."""

    def __init__(self, child: Any, columns: int = 80, rows: int = 24) -> None:
        self.child = child
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.raw = ""

    def read(self, seconds: float) -> None:
        """Take in what comes within a time."""
        try:
            text = self.child.read_nonblocking(100_000, seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.raw += text
        self.stream.feed(text)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def sees(self, pattern: str) -> str:
        """Wait for a pattern on the screen; the whole screen then."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text, re.MULTILINE):
            assert time.monotonic() < end, f"no {pattern!r} on:\n{self.text}"
            self.read(0.1)
        return self.text

    def types(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)
            if key == ESC:  # as fast as a person; at once it would be the beginning of another key
                time.sleep(0.15)

    def skips_to(self, text: str) -> str:
        """Skip questions until one with a text is there."""
        self.sees(r"Question \d+")
        self.read(0.2)  # the rest of a screen that is being drawn
        while text not in self.text:
            number = int(re.findall(r"Question (\d+)", self.text)[0])
            self.types(TAB)
            self.sees(rf"Question {number + 1}\b")
            self.read(0.2)
        return self.text

    def row(self, text: str) -> int:
        """The row that a text stands in."""
        return next(number for number, line in enumerate(self.screen.display) if text in line)

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + PATIENCE
        while self.child.isalive() and time.monotonic() < end:
            self.read(0.1)
        self.read(0.1)
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus)


Start = Callable[..., Terminal]
GOALS, WEEKS, HOURS = "What do you want to get out", "longest it may take", "How many hours"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts ``formatpicker ask``; drafts go into the folder of the test."""
    children: list[Any] = []

    def begin(*options: str, columns: int = 80, **env: str) -> Terminal:
        children.append(
            spawn("ask", *options, cwd=tmp_path, env={"XDG_STATE_HOME": str(tmp_path), **env}, columns=columns)
        )
        return Terminal(children[-1], columns)

    yield begin
    for child in children:
        child.close(force=True)


def answers(file: Path) -> Any:
    return {key: value for key, value in parse_document(file.read_bytes(), "").data.items() if value != "skip"}


def test_goals_are_picked_in_an_order_that_can_be_changed(start: Start, tmp_path: Path) -> None:
    terminal = start("--save", "mine.yaml")
    assert "Your answers stay on this computer" in terminal.sees(GOALS)
    for key in (ENTER, ESC):  # either closes the reason that was asked for, and picks nothing
        terminal.types("?")
        terminal.sees("Enter or Esc closes this")
        terminal.types(key)
        assert "Your order" not in terminal.sees(r"(?s)\A(?!.*closes this)")
    terminal.types(DOWN, " ", DOWN, DOWN, " ")
    # Both, in whichever order they stand on the screen: it may be read while it is drawn.
    terminal.sees(r"> 4  2 Learn several")
    terminal.sees(r"Your order: 1 Get really good at one thing, 2 Learn several")
    terminal.types("+")  # the one under the cursor matters more
    terminal.sees(r"> 4  1 Learn several")
    terminal.types("steady")  # filters; Enter picks what is left
    assert "Try out" not in terminal.sees(r"^ >10  - Steady earnings")
    terminal.types(ENTER)
    terminal.sees(r"^  10  3 Steady earnings")
    terminal.types("2 ")  # a number and space: taken out again
    terminal.sees("Your order: 1 Learn several skills at once, 2 Steady")
    terminal.types(ENTER)
    terminal.sees("Question 2")
    assert answers(tmp_path / "mine.yaml") == {"goals": ["broad_skills", "income"]}
    terminal.types("\x03")
    assert terminal.ends() == 130


def test_the_question_stays_in_its_place_and_what_was_typed_is_read_as_it_is_typed(
    start: Start, tmp_path: Path
) -> None:
    terminal = start("--save", "mine.yaml")
    terminal.sees(GOALS)
    place = terminal.row(GOALS)
    terminal.types("1, 5", ENTER)
    terminal.sees("Question 2")
    terminal.skips_to(WEEKS)
    assert terminal.row(WEEKS) == place
    assert "So far" not in terminal.text
    terminal.types("10 months")
    terminal.sees("> 10 months")
    terminal.types(ENTER)
    # 10 months are long enough for each of them.
    terminal.skips_to(HOURS)
    terminal.sees(r"From \d+ hours an internship opens, from \d+\s+hours")
    terminal.types("12")
    terminal.sees(r"12 hours: a micro-internship and an internship\. From\s+\d+")
    terminal.types(ENTER)
    terminal.sees(r"^So far: \S+ \d+ · ")
    terminal.types(ESC)
    terminal.sees(r"Your answer: 12 hours \(Enter keeps it\)")
    assert terminal.row(HOURS) == place
    while WEEKS not in terminal.text:
        number = re.findall(r"Question (\d+)", terminal.text)[0]
        terminal.types(LEFT)
        terminal.sees(rf"Question (?!{number}\b)")
        terminal.read(0.2)
    terminal.sees(r"Your answer: 10 months \(Enter keeps it\)")
    terminal.types("6-8 weeks", ENTER)
    terminal.sees("Which do you mean")
    terminal.types(DOWN, ENTER)
    terminal.sees(r"Question \d+")
    assert answers(tmp_path / "mine.yaml")["weeks"] == "8 weeks"


def test_what_is_pasted_is_text_and_not_keys(start: Start, tmp_path: Path) -> None:
    terminal = start("--save", "mine.yaml")
    terminal.sees(GOALS)
    terminal.types("\x1b[200~explore,\nportfolio\x1b[201~")
    terminal.sees("> explore, portfolio")
    terminal.types(ENTER)
    terminal.sees("Question 2")
    assert answers(tmp_path / "mine.yaml") == {"goals": ["explore", "portfolio"]}
    terminal.skips_to(WEEKS)
    terminal.types("\x1b[200~six \x1b]0;owned\x07weeks" + "x" * 2000 + "\x1b[201~", ENTER)
    terminal.sees("You typed|That does not work")
    assert "\x1b]0;owned" not in terminal.raw


@pytest.mark.parametrize("columns", [120, 50, 30])
def test_a_window_that_changes_its_size_is_drawn_anew(columns: int, start: Start) -> None:
    terminal = start()
    terminal.sees(GOALS)
    terminal.types(DOWN)
    terminal.child.setwinsize(20, columns)
    terminal.screen.resize(20, columns)
    terminal.screen.reset()
    terminal.sees("> 2  - Get really")
    terminal.types(DOWN)
    shown = terminal.sees("> 3  - Learn one")
    assert shown.splitlines()[0].startswith(("formatpicker", "Question 1"))
    assert "Ctrl-C" in shown


def test_control_z_gives_the_terminal_back_and_fg_goes_on(tmp_path: Path) -> None:
    command = " ".join(f"'{each}'" for each in COMMAND)
    env = environment({"TERM": "xterm-256color", "COLUMNS": None, "LINES": None, "XDG_STATE_HOME": str(tmp_path)})
    child = pexpect.spawn("bash", ["--norc", "-i"], env=env, dimensions=(24, 80), encoding="utf-8", cwd=str(tmp_path))
    terminal = Terminal(child)
    terminal.types(f"{command} ask\r")
    terminal.sees(GOALS)
    terminal.types(DOWN, "\x1a")
    terminal.sees("Stopped")
    terminal.types("echo a $((40+2))\r")
    terminal.sees("^a 42")
    terminal.types("fg\r")
    terminal.sees("> 2  - Get really")
    terminal.types(" ", "\x04")
    terminal.sees("Stopped")
    child.close(force=True)


@pytest.mark.parametrize("way", ["Ctrl-C", "Ctrl-D", "q", "closed window"])
def test_however_it_stops_the_next_start_offers_to_go_on(way: str, start: Start, tmp_path: Path) -> None:
    terminal = start()
    terminal.sees(GOALS)
    terminal.types("3", ENTER)
    terminal.sees("Question 2")
    if way == "closed window":
        terminal.child.kill(signal.SIGHUP)
    else:
        terminal.types(*{"Ctrl-C": "\x03", "Ctrl-D": "\x04", "q": "q\r"}[way])
    assert terminal.ends() == {"Ctrl-C": 130, "closed window": 128 + signal.SIGHUP}.get(way, 0)
    assert answers(tmp_path / "formatpicker" / "draft.yaml") == {"goals": ["quick_skills"]}
    again = start()
    again.sees("You stopped earlier with 1 answer")
    again.types(ENTER)
    again.sees("Question 2")
    assert GOALS not in again.text


def test_after_the_result_one_can_try_compare_read_and_save(start: Start, tmp_path: Path) -> None:
    terminal = start()
    terminal.sees(GOALS)
    terminal.types("1, 5", ENTER)
    terminal.sees("Question 2")
    terminal.skips_to(WEEKS)
    number = int(re.findall(r"Question (\d+)", terminal.text)[0])
    terminal.types("8 weeks", ENTER)
    terminal.sees(rf"Question {number + 1}")
    terminal.types("f", ENTER)
    terminal.sees("Your answers")
    terminal.types(ENTER)
    result = terminal.sees("Enter finish")
    assert "icro-internship" in result
    terminal.types("t")
    before = terminal.sees("What if")
    assert "Longest time: 8 weeks" in before
    # The next round value above 8 weeks is 2 months, 61 days.
    terminal.types(RIGHT)
    terminal.sees("Longest time: 2 months instead of 8 weeks")
    terminal.types(ESC)
    terminal.sees("d all reasons")
    terminal.types("d")
    first = terminal.sees("Page Up/Down")
    terminal.types(PAGE_DOWN)
    deadline = time.monotonic() + PATIENCE
    while terminal.text == first and time.monotonic() < deadline:
        terminal.read(0.1)
    assert terminal.text.splitlines()[0] != first.splitlines()[0]
    terminal.types("q", "c")
    terminal.sees("Which two formats")
    terminal.types(ENTER)
    terminal.sees("Micro-internship +Internship")
    terminal.types(ESC, "w")
    terminal.sees("Save to which file")
    terminal.types("mine.yaml", ENTER)
    terminal.sees("Saved to mine.yaml")
    assert answers(tmp_path / "mine.yaml") == {"goals": ["explore", "portfolio"], "weeks": "8 weeks"}
    assert list((tmp_path / "formatpicker").glob("draft*")) == []
    terminal.types(ENTER)
    assert terminal.ends() == 0
    # What is left on the usual screen is the answer.
    assert "suits you best" in terminal.raw.rpartition("\x1b[?1049l")[2].replace("\r\n", " ")


def test_no_colour_where_none_is_wanted(start: Start) -> None:
    terminal = start(NO_COLOR="1")
    terminal.sees(GOALS)
    terminal.types(TAB)
    terminal.sees("Question 2")
    colours = re.findall(r"\x1b\[(?:[\d;]*;)?(?:3|4|9|10)\d(?:;[\d;]*)?m", terminal.raw)
    assert colours == []


def test_a_terminal_of_windows_without_a_console_is_told_from_other_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoConsoleScreenBufferError(Exception):
        """As prompt_toolkit calls it, in a module that can be imported on Windows only."""

    for error, expected in ((None, True), (NoConsoleScreenBufferError, False)):
        monkeypatch.setattr(live_ask, "create_output", Mock(side_effect=error))
        assert live_ask.can_draw(io.StringIO()) is expected
    monkeypatch.setattr(live_ask, "create_output", Mock(side_effect=OSError("broken")))
    with pytest.raises(OSError, match="broken"):
        live_ask.can_draw(io.StringIO())
