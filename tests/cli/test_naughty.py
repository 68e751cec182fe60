"""Naughty strings in every place that takes text: a message or a result, and nothing that does harm.

Harm is a traceback, a character that a terminal obeys, markup that a text of ours did not mean, and an answer anywhere
but in the message to the person who gave it.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from markdown_it import MarkdownIt
from test_site import USUAL_ADDRESS, USUAL_ATTRIBUTES, USUAL_TAGS, rendered

from formatpicker import AnswerError, Catalog, FormatpickerError, load_catalog, parse_answers
from formatpicker.base.terminal import LiveTerminal
from formatpicker.base.text import printable
from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog import store
from formatpicker.catalog.store import shipped_path
from formatpicker.cli.dialogue import Quit, lead_plainly
from formatpicker.cli.question_steps import next_step
from formatpicker.cli.session import AnswersSession
from formatpicker.scoring.answer_files import with_settings
from hostile import Browser, catalog_file
from naughty import naughty_strings
from running import Ended, controls, ended, run_here, seen, spawn
from site_pages import format_pages

STRINGS = naughty_strings()
# Marks that no terminal shows and some obey; joiners that emoji and scripts need are not among them.
UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]")
OUTPUTS: list[tuple[str, ...]] = [
    ("recommend",),
    ("recommend", "--json"),
    ("recommend", "--details"),
    ("recommend", "--pathways"),
    ("explain",),
    ("explain", "--json"),
    ("explain", "--format", "markdown"),
]
# A command line longer than this cannot be given; no system takes a NUL in one.
ARGUMENTS = [text for text in STRINGS if "\0" not in text]
PARTS = 8


@pytest.fixture(autouse=True, scope="module")
def made_once(shipped: Catalog) -> Iterator[None]:
    """The catalog is read and the commands are put together once, not for each of some thousand calls."""
    load = store.load_catalog
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "load_catalog", lambda path=None: load(path) if path else shipped)
        patch.setattr("typer.testing._get_command", cache(typer.main.get_command), raising=False)
        yield


def part(texts: list[str], number: int) -> list[str]:
    """Every eighth string: enough for one test, so that failures say roughly where."""
    return texts[number::PARTS]


def assert_harmless(text: str) -> None:
    assert "Traceback" not in text
    assert controls(text) == set()
    assert UNSEEN.search(text) is None


def assert_decent(done: Ended, given: str) -> None:
    """A result, or a message and nothing else."""
    assert done.code in (0, 1, 2), given
    assert_harmless(done.text)
    assert_harmless(done.message)
    assert len(done.message) < 2500, given
    if done.code == 2:
        # Help without a command is printed as a result; a check prints the faults it found.
        assert done.out == b"" or done.text.startswith(("Usage: ", '{\n  "schema": "formatpicker/check/'))
        assert done.out or done.message
    if done.code in (0, 1):
        assert done.message == ""


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", load_catalog(shipped_path()).questions)
def test_a_setting_of_any_question(id: str, shipped: Catalog) -> None:
    nothing = parse_answers(shipped, {})
    for text in STRINGS:
        try:
            with_settings(shipped, nothing, [f"{id}={text}"])
        except AnswerError as error:
            message = str(error)
            assert_harmless(printable(message))
            assert len(message) < 1500


@pytest.mark.parametrize("number", range(PARTS))
def test_a_setting_through_every_output(
    number: int, shipped: Catalog, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    questions = cycle(shipped.questions)
    with caplog.at_level(logging.DEBUG):
        for text, id, output in zip(part(ARGUMENTS, number), questions, cycle(OUTPUTS), strict=False):
            assert_decent(run_here(*output, "--set", f"{id}={text}"), text)
    assert caplog.records == []
    assert list(tmp_path.iterdir()) == []


def shapes(id: str, text: str) -> list[Any]:
    """The places of an answers file that take text."""
    return [{id: text}, {id: [text]}, {id: {text: 3}}, {id: {"explore": text}}, {text: 1}, text, [text]]


@pytest.mark.parametrize("number", range(PARTS))
def test_an_answers_file(number: int, shipped: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    for text, id in zip(part(STRINGS, number), cycle(shipped.questions), strict=False):
        for data, write in product(shapes(id, text), (json.dumps, yaml.safe_dump)):
            try:
                parse_answers(shipped, parse_document(write(data).encode(), file.name).data, file.name)
            except FormatpickerError as error:
                assert_harmless(printable(str(error)))
        file.write_text(yaml.safe_dump(data), "utf-8")  # what a file becomes is the same from both
        assert_decent(run_here("recommend", str(file)), text)


@pytest.mark.parametrize("number", range(PARTS))
def test_an_answers_file_that_is_nothing_else(number: int) -> None:
    for text in part(STRINGS, number):
        assert_decent(run_here("recommend", "-", stdin=text.encode("utf-8", "surrogatepass")), text)


@pytest.mark.parametrize("number", range(PARTS))
def test_an_answer_is_told_to_the_person_alone(number: int, shipped: Catalog, tmp_path: Path) -> None:
    """What cannot be used is in the message; what can is in no message; and neither is in the output of an error."""
    for text, id in zip(part(ARGUMENTS, number), cycle(shipped.questions), strict=False):
        done = run_here("recommend", "--set", f"{id}=zq{text}")
        assert done.out == b""
        assert done.code == 2
        assert "zq" in done.message


# --- names, files and other arguments --------------------------------------------------------------------------------

ARGUMENT_PLACES: list[Any] = [
    lambda text: ("formats", text),
    lambda text: ("formats", text, "--json"),
    lambda text: ("compare", "internship", text),
    lambda text: ("compare", "internship", "apprenticeship", "--for", text),
    lambda text: ("schema", text),
    lambda text: ("recommend", text),
    lambda text: ("explain", text),
    lambda text: ("explain", "--set", "pay=required", "--format", text),
    lambda text: ("recommend", "--set", text),
    lambda text: ("recommend", "--set", f"{text}=1"),
    lambda text: ("recommend", "--set", "pay=required", "--catalog", text),
    lambda text: ("catalog", "check", text),
    lambda text: ("catalog", "check", "--json", text),
    lambda text: ("catalog", "diff", text, text),
    lambda text: ("catalog", "audit", "--people", "1", "--on", text),
    lambda text: ("catalog", "audit", "--people", text),
    lambda text: ("verify", "--people", text),
    lambda text: (text,),
    lambda text: ("catalog", text),
]


@pytest.mark.parametrize("number", range(PARTS))
def test_an_argument(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Every string in two of the places; over all strings, every place many times.
    for turn in (0, 7):
        places = islice(cycle(ARGUMENT_PLACES), turn + number, None)
        for text, place in zip(part(ARGUMENTS, number), places, strict=False):
            if "--people" in place(text) and text.strip().isdecimal():
                continue  # a number of people, which takes its time
            assert_decent(run_here(*place(text)), text)


# --- catalogs --------------------------------------------------------------------------------------------------------

PERSON = ("--set", "goals=deep,easy", "--set", "weeks=12", "--set", "country=north", "--set", "permit=unsure")
CATALOG_CALLS: list[tuple[str, ...]] = [
    *((*output, *PERSON) for output in OUTPUTS),
    ("formats",),
    ("formats", "--json"),
    ("formats", "short"),
    ("formats", "quickie"),
    ("formats", "short", "--json"),
    ("compare", "short", "long"),
    ("compare", "short", "long", "--json"),
    ("schema", "answers"),
    ("schema", "catalog"),
    ("catalog", "check"),
    ("catalog", "audit", "--people", "3"),
    ("catalog", "audit", "--people", "3", "--json"),
    ("verify", "--people", "2"),
    ("verify", "--people", "2", "--json"),
]
# A rule's texts may name only what the rule knows; that is a fault of its own.
TEXTS = [
    f"{text} {number}" for number, text in enumerate(STRINGS) if len(text) < 1900 and not re.search(r"\{\w+\}", text)
]


@pytest.fixture(scope="module", params=range(PARTS))
def naughty_catalog(request: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A catalog whose texts are naughty strings; over all catalogs, each string stands in several fields."""
    texts = part(TEXTS, request.param)
    numbered = [f"{text} {turn}" for turn in range(20) for text in texts]
    return str(catalog_file(tmp_path_factory.mktemp("naughty"), numbered))


def test_a_catalog_through_every_command(naughty_catalog: str) -> None:
    for call in CATALOG_CALLS:
        done = run_here(*call, "--catalog", naughty_catalog)
        assert done.code in (0, 1), (call, done.message)
        assert done.message == ""
        assert_harmless(done.text)


def test_the_difference_of_two_catalogs(naughty_catalog: str, tmp_path: Path) -> None:
    other = catalog_file(tmp_path, [f"{text} x{number}" for number in range(20) for text in TEXTS[:40]])
    (tmp_path / "me.yaml").write_text("goals: [deep]\nweeks: 12\n", "utf-8")
    for options in ((), ("--json",), ("--answers", str(tmp_path / "me.yaml"))):
        done = run_here("catalog", "diff", naughty_catalog, str(other), *options)
        assert (done.code, done.message) == (0, "")
        assert_harmless(done.text)


def test_a_catalog_as_markdown_brings_no_markup(naughty_catalog: str) -> None:
    done = run_here("explain", *PERSON, "--format", "markdown", "--catalog", naughty_catalog)
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    page = Browser(reader.render(done.text))
    lists = {"ul", "ol", "li"}
    assert page.tags <= {"h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", *lists}
    assert page.attributes <= {"style", "start"}  # where a column is aligned, where a list begins


def test_a_catalog_on_the_site_brings_no_markup(naughty_catalog: str) -> None:
    for path, source in format_pages(load_catalog(naughty_catalog)).items():
        assert_harmless(source)
        page = Browser(rendered(source))
        assert page.tags <= USUAL_TAGS, path
        assert page.attributes <= USUAL_ATTRIBUTES, path
        assert [address for address in page.addresses if not USUAL_ADDRESS.fullmatch(address)] == []


@pytest.mark.parametrize("number", range(PARTS))
def test_faults_of_a_catalog_are_told_harmlessly(number: int, tmp_path: Path) -> None:
    """Each string as the whole file; every fourth as a kind and as the id of an attribute too."""
    usual = catalog_file(tmp_path, [f"usual {turn}" for turn in range(400)]).read_text("utf-8")
    load_catalog(tmp_path / "hostile.yaml")
    for turn, text in enumerate(part(STRINGS, number)):
        contents = [text]
        if turn % 4 == 0:
            quoted = json.dumps(text)
            contents.append(usual.replace('"kind": "alias"', f'"kind": {quoted}').replace('"wage": {', f"{quoted}: {{"))
        for content, options in zip(contents, ((), ("--json",)), strict=False):
            file = tmp_path / "faulty.yaml"
            file.write_bytes(content.encode("utf-8", "surrogatepass"))
            done = run_here("catalog", "check", str(file), *options)
            assert done.code == 2, text
            assert_harmless(done.text)
            assert_harmless(done.message)


# --- the questionnaire -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(PARTS))
@pytest.mark.parametrize("plain", [True, False], ids=["plain", "usual"])
def test_whatever_is_typed(number: int, plain: bool, shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line into the questionnaire; where one is taken as an answer, the next question gets the rest."""
    lines = [text.replace("\n", " ") for text in part(STRINGS, number) if text.strip()]
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines) + "\n"))
    while True:
        try:
            session = AnswersSession(shipped, LiveTerminal(stream, plain))
            session.live = False
            session.go(next_step(session))
            lead_plainly(session, session.terminal)
        except (Quit, EOFError):
            break
    assert_harmless(stream.getvalue())
    assert stream.getvalue().count("That does not work") > len(lines) // 2


def test_whatever_is_typed_into_a_terminal(tmp_path: Path) -> None:
    """A sample, through a real one; it keeps for itself what would interrupt, stop or edit the line."""
    child = spawn("ask", "--plain", cwd=tmp_path)
    for text in STRINGS[::12]:
        line = "".join(each for each in text if each.isprintable()).strip()[:200]
        if len(line) > 1:
            child.expect("\n> ")
            child.sendline(line)
    child.expect("\n> ")
    child.sendline("q")
    assert ended(child) == 0
    assert "Traceback" not in seen(child.before)
    assert list(tmp_path.iterdir()) == []
