"""Offers asked for one after the other, on a real pseudo-terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_live_ask import DOWN, ENTER, ESC, TAB, Terminal

from formatpicker.base.yaml_reader import parse_document
from running import ended, run_here, seen, spawn

ME = "goals: [portfolio]\nmentorship: required\nregion: de\nweeks: 3 months\n"
Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts ``formatpicker offers --ask`` for somebody; drafts go into the folder of the test."""
    children: list[Any] = []
    (tmp_path / "me.yaml").write_text(ME)

    def begin(*options: str) -> Any:
        env = {"XDG_STATE_HOME": str(tmp_path), "FORMATPICKER_TODAY": "2026-11-25"}
        children.append(spawn("offers", "--ask", "--for", "me.yaml", *options, cwd=tmp_path, env=env))
        return children[-1]

    yield begin
    for child in children:
        child.close(force=True)


def kept(file: Path) -> Any:
    return parse_document(file.read_bytes(), "").data


def test_two_offers_are_written_down_compared_and_saved(start: Start, tmp_path: Path) -> None:
    terminal = Terminal(start("mine.yaml"))
    terminal.sees("Offer 1: 1 of 7")
    terminal.types("Hafen", ENTER)
    terminal.sees("> 1  Internship")
    terminal.types("flash inter", ENTER)  # no choice has this word
    terminal.sees("did you mean 'flash-internship'")
    terminal.types(DOWN, DOWN, ENTER)  # the third
    terminal.sees("Offer 1, Hafen: 3 of 7")
    terminal.types(ESC)  # back, and another kind
    terminal.sees("> 3  Apprenticeship")
    terminal.types("fractional", ENTER)
    terminal.sees("Length: what does the offer say")
    terminal.types("2 months", ENTER)
    terminal.sees("Hours in a week")
    terminal.types(TAB)
    terminal.sees("Pay: what")
    terminal.types("?")
    terminal.sees('Ask them: "Is it paid, and how much')
    terminal.types("600", ENTER)
    terminal.sees("'600': has no currency")
    terminal.types("600 EUR/month", ENTER)
    terminal.sees("> 3  Not known yet")
    terminal.types("y", ENTER)
    terminal.sees("Finished work to show")
    terminal.types(ENTER)
    terminal.sees("1 offer. What next")
    hafen = {"name": "Hafen", "format": "fractional-internship", "weeks": "2 months", "pay": "600 EUR/month"}
    assert kept(tmp_path / "mine.yaml") == [{**hafen, "mentorship": "yes"}]
    terminal.types(ENTER)  # add another
    terminal.sees("Offer 2: 1 of 7")
    terminal.types("Blick", ENTER)
    terminal.sees("What kind is it")
    terminal.types("2", ENTER)
    terminal.sees("Offer 2, Blick: 3 of 7")
    terminal.types("f", ENTER)  # the rest is not known
    terminal.sees("^Hafen suits you best")
    terminal.types("w")
    terminal.sees("Save to which file")
    terminal.types("mine.html", ENTER)
    terminal.sees("Saved the page")
    assert "For it:" in (tmp_path / "mine.html").read_text()
    terminal.types("e")
    terminal.sees("Change Blick")
    terminal.types("4", ENTER)
    terminal.sees("x and Enter take this offer out")
    terminal.types("x", ENTER)
    terminal.sees("Blick is taken out")
    terminal.types("f", ENTER)
    terminal.sees("Nothing that you answered speaks against Hafen")
    terminal.types(ENTER)
    assert terminal.ends() == 0
    assert "Nothing that you answered" in terminal.text
    assert [each["name"] for each in kept(tmp_path / "mine.yaml")] == ["Hafen"]


def test_plain_text_runs_from_top_to_bottom_and_what_is_left_behind_is_offered_again(
    start: Start, tmp_path: Path
) -> None:
    child = start("--plain")
    for typed in ("B", "intern", "10 weeks", "", "", "y"):
        child.expect("\n> ")
        child.sendline(typed)
    child.expect("\n> ")
    child.sendline("q")
    assert ended(child) == 0
    text = seen(child.before)
    assert "\x1b" not in text
    assert re.sub(r"\s+", " ", text).strip().endswith("Go on with: formatpicker offers --ask --for me.yaml")
    again = start("--plain")
    again.expect("that you wrote down earlier")
    again.expect("Enter adds another")
    again.expect("\n> ")
    again.sendline("1")
    again.expect("Enter to finish > ")
    assert "Nothing that you answered speaks against B." in seen(again.before)
    again.sendline("w mine.yaml")
    again.expect("Saved to mine.yaml. Go on with it later")
    again.expect("Enter to finish > ")
    again.sendline("")
    assert ended(again) == 0
    assert kept(tmp_path / "mine.yaml") == [
        {"name": "B", "format": "internship", "weeks": "10 weeks", "mentorship": "yes"}
    ]
    assert not list((tmp_path / "formatpicker").glob("*.yaml"))


def test_a_file_that_cannot_be_used_is_told_before_anything_is_asked(start: Start, tmp_path: Path) -> None:
    for name, content, told in (
        ("mine.csv", None, "name a file that ends in .yaml"),
        ("mine.yaml", "- {format: intership}", "did you mean 'internship'"),
    ):
        if content:
            (tmp_path / name).write_text(content)
        child = start(name)
        assert ended(child) == 2
        assert told in re.sub(r"\s+", " ", seen(child.before))


@pytest.mark.parametrize(("options", "told"), [([], "needs a terminal"), (["--for", "me.yaml"], "needs a terminal")])
def test_without_a_terminal_it_says_what_to_do(options: list[str], told: str) -> None:
    result = run_here("offers", "--ask", *options)
    assert result.code == 2
    assert told in result.message


def test_without_answers_it_says_how_to_give_some(tmp_path: Path) -> None:
    child = spawn("offers", "--ask", cwd=tmp_path)
    assert ended(child) == 2
    assert "formatpicker ask --save FILE" in re.sub(r"\s+", " ", seen(child.before))


def test_a_file_to_fill_in_is_written_once_and_told_while_nobody_has_filled_it_in(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert run_here("offers", "--template", "-o", str(file)).code == 0
    text = file.read_text()
    assert "is there already" in run_here("offers", "--template", "-o", str(file)).message
    assert file.read_text() == text == run_here("offers", "--template").text

    told = run_here("offers", str(file), "--set", "goals=explore").message
    assert told == f"formatpicker: {file}: these are still the template's examples; write your own offers over them\n"
    file.write_text(text.replace("weeks:   ", "weeks: 8", 1))
    told = run_here("offers", str(file), "--set", "goals=explore").message
    assert told.endswith(": Second offer is still an example of the template; fill it in, or take it out\n")
    file.write_text(text.replace("First offer", "Acme").replace("Second offer", "Blick"))
    assert run_here("offers", str(file), "--set", "goals=explore").message == ""


def test_a_comparison_goes_to_a_file_by_report(tmp_path: Path) -> None:
    done = run_here("offers", str(tmp_path / "mine.yaml"), "-o", str(tmp_path / "page.html"))
    assert done.code == 2
    assert "formatpicker report --offers FILE -o FILE" in done.message
