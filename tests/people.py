"""The people of the scenarios and what they are recommended, worked out once for all tests that look at it."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from conftest import CASES
from formatpicker import load_catalog, recommend
from formatpicker.advice.recommendation import Recommendation
from formatpicker.catalog.store import shipped_path

_SCENARIOS: list[dict[str, Any]] = yaml.safe_load((CASES / "scenarios.yaml").read_text("utf-8"))
PEOPLE: dict[str, dict[str, Any]] = {case["id"]: case["answers"] for case in _SCENARIOS if "answers" in case}


@cache
def recommended(id: str) -> Recommendation:
    """What a person of the scenarios is recommended with the shipped catalog."""
    return recommend(load_catalog(shipped_path()), PEOPLE[id])
