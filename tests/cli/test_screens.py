"""The screens of ten people at 80 by 24, from the first question to the result, as files to be read.

After a change that moves them: ``make golden``, and read the difference as
somebody would who sees these screens for the first time.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from formatpicker import Catalog, load_catalog
from formatpicker.base.terminal import LiveTerminal, Screen, finished
from formatpicker.catalog.store import shipped_path
from formatpicker.cli.dialogue import SKIP, Dialogue
from formatpicker.cli.live_ask import Page
from formatpicker.cli.question_steps import QuestionStep, next_step
from formatpicker.cli.result_steps import ResultStep
from formatpicker.cli.session import AnswersSession

FOLDER = Path(__file__).parent.parent / "golden" / "screens"
SCREEN = Screen(80, 24, True, "2026-11-25")
RULE = "=" * 80
# What each one types at each question; the rest they skip.
PEOPLE: dict[str, dict[str, str]] = {
    "pupil in Germany": {
        "goals": "1, 12", "situation": "school", "region": "germany", "age": "16", "weeks": "3 weeks",
        "hours_per_week": "35", "start_within_weeks": "no rush", "pay": "not", "experience": "none",
    },
    "student on a visa in the United States": {
        "goals": "11, 9, 5", "situation": "full", "region": "us", "work_permit": "visa", "age": "20",
        "weeks": "a summer", "hours_per_week": "40", "start_within_weeks": "2 months", "pay": "2", "credit": "3",
    },
    "career changer in England": {
        "goals": "9, 2, 10", "situation": "job", "region": "uk", "work_permit": "1", "age": "34",
        "weeks": "2 years", "hours_per_week": "40", "pay": "1", "experience": "none", "credential": "1",
    },
    "parent with little time": {
        "goals": "13, 10", "situation": "none", "region": "uk", "work_permit": "1", "age": "29",
        "weeks": "no limit", "hours_per_week": "half days", "flexible_schedule": "1", "location": "1", "pay": "1",
    },
    "student in France who needs the credit": {
        "goals": "9, 6, 2", "situation": "full", "region": "france", "age": "21", "weeks": "5-6 months",
        "hours_per_week": "35", "credit": "1", "mentorship": "1", "location": "5", "work_permit": "1",
    },
    "graduate in the United States": {
        "goals": "9", "situation": "none", "region": "us", "work_permit": "1", "age": "23",
        "weeks": "a year and a half", "hours_per_week": "40", "start_within_weeks": "asap", "experience": "some",
    },
    "gap year in another country": {
        "goals": "1, 8, 6", "situation": "none", "region": "another", "age": "17", "weeks": "a year",
        "hours_per_week": "30", "location": "4",
    },
    "employee with free evenings": {
        "goals": "3, 5, 13", "situation": "job", "region": "germany", "work_permit": "1", "age": "31",
        "weeks": "6 weeks", "hours_per_week": "6 hrs", "flexible_schedule": "1", "location": "1",
    },
    "somebody who skips nearly everything": {"goals": "7"},
    "somebody for whom nothing is open": {
        "goals": "9, 10", "situation": "school", "region": "uk", "age": "14", "weeks": "1 day",
        "hours_per_week": "1", "start_within_weeks": "today", "pay": "1", "credential": "1",
    },
}  # fmt: skip


def screens(catalog: Catalog, typed: dict[str, str]) -> str:
    """All screens that somebody sees, with what they type below each."""
    dialogue = AnswersSession(catalog, LiveTerminal(sys.stdout, plain=False), result=ResultStep)
    dialogue.go(next_step(dialogue))
    shown = []
    while True:
        shown.append(drawn(dialogue))
        step = dialogue.step
        if isinstance(step, ResultStep):
            return f"\n{RULE}\n".join(shown) + "\n"
        if isinstance(step, QuestionStep):
            text = typed.get(step.question.id, SKIP)
        else:  # in doubt the first reading is meant; of the answers all are right
            text = "1" if "You typed" in shown[-1] else ""
        shown[-1] += f"\n[types: {text or 'Enter'}]"
        step.enter(text)


def drawn(dialogue: Dialogue) -> str:
    """One screen without its colours and without what is empty between its parts."""
    page = Page(dialogue, SCREEN, "")
    lines = [*page.above, *([">"] if dialogue.step.takes_text else []), *page.below]
    assert len(lines) + len(page.keys) <= SCREEN.height
    text = "\n".join([*lines, "", *page.keys])
    return "\n".join(line.rstrip() for line in finished(text, False).splitlines())


def file_of(name: str) -> Path:
    return FOLDER / f"{name.replace(' ', '-').lower()}.txt"


@pytest.mark.parametrize("name", PEOPLE)
def test_the_screens_are_those_that_were_read(name: str, shipped: Catalog) -> None:
    assert screens(shipped, PEOPLE[name]) == file_of(name).read_text("utf-8")


def test_no_line_is_too_wide_and_there_are_no_other_files() -> None:
    files = {file_of(name) for name in PEOPLE}
    assert set(FOLDER.iterdir()) == files
    assert max(len(line) for file in files for line in file.read_text("utf-8").splitlines()) <= SCREEN.width


if __name__ == "__main__":
    for each, answers in PEOPLE.items():
        file_of(each).write_text(screens(load_catalog(shipped_path()), answers), "utf-8")
