"""Inputs that a fuzzer found, kept so that they stay mended; and that the fuzzer itself still finds its way in.

``tools/fuzz.py`` makes such inputs. Here they go through the program without it.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from test_bad_input import assert_refused
from test_run import cohort, done, ends, interrupted_at, job_in, safe_at_once

from formatpicker import Catalog
from fuzz import TARGETS, attempt, restructured
from running import run_here

__all__ = ["cohort", "safe_at_once"]

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
}


def test_an_escape_that_is_none_is_told(tmp_path: Path) -> None:
    # A pair of escapes is one character in JSON; with a capital U it is something else in YAML, and a fault here.
    (tmp_path / "a.json").write_bytes(rb'{"pay": "\UD83D\UDE00"}')
    assert_refused(run_here("recommend", str(tmp_path / "a.json")), "a.json:1: not valid YAML or JSON")


@pytest.mark.parametrize("case", REFUSED)
def test_what_was_found_is_refused_with_a_message(tmp_path: Path, case: str) -> None:
    arguments, data, words = REFUSED[case]
    (tmp_path / "input.csv").write_bytes(data)
    assert_refused(run_here("batch", str(tmp_path / "input.csv"), *arguments), *words)


# What stands in the journal of a run interrupted after two parts, what was found in its place, and how many parts can
# still be gone on with.
DAMAGED = {
    "a key that is gone": (b'"read"', b'"raed"', 0),
    "a key of the counts that is gone": (b'"accepted"', b'"acepted"', 0),
    "a part without a hash": (b'"parts": [[', b'"parts": [null, [', 0),
    "a part that is text": (b'"parts": [[', b'"parts": ["', 0),
    "counts that are no numbers": (b'"rejected": ', b'"rejected": null, "": ', 0),
    "tops without a count": (b'"tops": [[', b'"tops": [[[]], [', 0),
    "a run that says nothing of itself": (b'{"input"', b'"{"', 0),
    "a list for a run": (b'{"input"', b'["input"]', 0),
    "a last part that is text": (b'"rejected": 1', b'"rejected": "1"', 1),
}


@pytest.mark.usefixtures("safe_at_once")
@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_line_of_a_journal_counts_as_never_written(
    shipped: Catalog, cohort: Path, tmp_path: Path, case: str
) -> None:
    there, found, parts = DAMAGED[case]
    usual = ends(shipped, cohort, job_in(tmp_path))
    whole = (tmp_path / "out").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path), interrupted_at(usual[1]))
    journal = tmp_path / ".out.journal"
    assert there in journal.read_bytes()
    journal.write_bytes(journal.read_bytes().replace(there, found, 1))
    rows: list[int] = []
    done(shipped, cohort, job_in(tmp_path, resume=True), rows.append)
    assert rows == usual[parts:]  # what is made again
    assert (tmp_path / "out").read_bytes() == whole


@pytest.mark.usefixtures("safe_at_once")
def test_a_journal_of_one_line_can_be_gone_on_with_twice(shipped: Catalog, cohort: Path, tmp_path: Path) -> None:
    usual = ends(shipped, cohort, job_in(tmp_path))
    whole = (tmp_path / "out").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path), interrupted_at(usual[0]))
    journal = tmp_path / ".out.journal"
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(KeyboardInterrupt):
        done(shipped, cohort, job_in(tmp_path, resume=True), interrupted_at(usual[0]))
    rows: list[int] = []
    done(shipped, cohort, job_in(tmp_path, resume=True), rows.append)
    assert rows == usual[1:]
    assert (tmp_path / "out").read_bytes() == whole


@pytest.mark.parametrize("name", TARGETS)
def test_no_target_finds_anything_in_its_own_seeds(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    seeds = list(target.seeds())
    assert seeds
    for seed in seeds:
        attempt(target, seed)
    for _ in range(20 if target.structured else 0):
        attempt(target, restructured(chance.choice(seeds), chance) or b"")
