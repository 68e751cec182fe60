"""Inputs that a fuzzer found, kept so that they stay mended; and that the fuzzer itself still finds its way in.

``tools/fuzz.py`` makes such inputs. Here they go through the program without it.
"""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from test_bad_input import assert_refused

from fuzz import TARGETS, attempt, restructured, score
from running import run_here


def nameless() -> bytes:
    """A ZIP archive of one file that has no name: zipfile ends a name at the first NUL, and writes none without one."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("Z", "id,weeks\n1,4\n")
    return data.getvalue().replace(b"Z", b"\0")


# Arguments after the name of the input, its bytes, and what the message must say.
REFUSED = {
    "an encoding that cannot go on after a fault": (
        ["--encoding", "idna"],
        b"id,weeks,pay\n1,4,required\n",
        ("--encoding", "'idna' is no encoding"),
    ),
    "an encoding that cannot mark what is no text": (
        ["--encoding", "punycode"],
        b"id,weeks,pay\n1,4,required\n",
        ("--encoding", "'punycode' is no encoding"),
    ),
    "a nameless file in an archive": ([], nameless(), ("input.csv", "a ZIP archive with no table in it")),
}


def test_an_escape_that_is_none_is_told(tmp_path: Path) -> None:
    # A pair of escapes is one character in JSON; with a capital U it is something else in YAML, and a fault here.
    (tmp_path / "a.json").write_bytes(rb'{"pay": "\UD83D\UDE00"}')
    assert_refused(run_here("recommend", str(tmp_path / "a.json")), "a.json:1: not valid YAML or JSON")


def test_lines_that_an_early_fault_puts_back_come_before_those_behind_them() -> None:
    """Whole columns are read from where the rows that show the header end, and these may end in the midst of a row."""
    rows = [f"{row},{row % 9}\n" for row in range(30)]
    for at in range(1, 30):
        score("".join(["id,weeks\n", *rows[:at], '"opened,4\n', 'closed" here,5\n', *rows[at:]]).encode(), "csv")


@pytest.mark.parametrize("case", REFUSED)
def test_what_was_found_is_refused_with_a_message(tmp_path: Path, case: str) -> None:
    arguments, data, words = REFUSED[case]
    (tmp_path / "input.csv").write_bytes(data)
    assert_refused(run_here("batch", str(tmp_path / "input.csv"), *arguments), *words)


@pytest.mark.parametrize("name", TARGETS)
def test_no_target_finds_anything_in_its_own_seeds(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    seeds = list(target.seeds())
    assert seeds
    for seed in seeds:
        attempt(target, seed)
    for _ in range(20 if target.structured else 0):
        attempt(target, restructured(chance.choice(seeds), chance) or b"")
