"""Inputs that a fuzzer found, kept so that they stay mended; and that the fuzzer itself still finds its way in.

``tools/fuzz.py`` makes such inputs. Here they go through the program without it.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from test_bad_input import assert_refused

from fuzz import TARGETS, attempt, restructured
from running import run_here

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


@pytest.mark.parametrize("name", TARGETS)
def test_no_target_finds_anything_in_its_own_seeds(name: str) -> None:
    target, chance = TARGETS[name], random.Random(name)
    seeds = list(target.seeds())
    assert seeds
    for seed in seeds:
        attempt(target, seed)
    for _ in range(20 if target.structured else 0):
        attempt(target, restructured(chance.choice(seeds), chance) or b"")
