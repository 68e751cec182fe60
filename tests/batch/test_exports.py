"""Real exports work as they come: the same three people, whatever wrote them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exports import ANSWERS, EXPORTS
from formatpicker import Catalog, parse_answers
from running import run_here
from tabular import answers_in

# Of the encodings of Excel only this one has to be named.
NAMED = {"Excel in Europe, by name": ("--encoding", "windows-1252")}


def encoding_of(name: str) -> str | None:
    return NAMED[name][1] if name in NAMED else None


def written(name: str, folder: Path) -> tuple[Path, str | None, tuple[object, ...]]:
    ending, data, id_column, ids = EXPORTS[name]
    path = folder / f"export.{ending}"
    path.write_bytes(data())
    return path, id_column, ids


def marked(name: str, answers: dict[str, Any]) -> dict[str, Any]:
    """Goals in a column each are ticked, and all count the same."""
    ticked = name == "SurveyMonkey" and len(answers.get("goals", ())) > 1
    return {"goals": dict.fromkeys(answers["goals"], 1)} if ticked else {}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_people_in_an_export_are_read_as_they_answered(shipped: Catalog, tmp_path: Path, name: str) -> None:
    path, id_column, ids = written(name, tmp_path)
    expected = [
        (id, parse_answers(shipped, {**each, **marked(name, each)})) for id, each in zip(ids, ANSWERS, strict=True)
    ]
    found = answers_in(shipped, path, id_column=id_column, encoding=encoding_of(name))
    assert [answers for _, answers in found] == [answers for _, answers in expected]
    assert [id for id, _ in found] == [id for id, _ in expected]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_goes_through_from_end_to_end(tmp_path: Path, name: str) -> None:
    path, id_column, _ = written(name, tmp_path)
    options = [*(["--id", id_column] if id_column else []), *NAMED.get(name, ())]
    done = run_here("batch", str(path), "--to", "csv", *options)
    assert done.code == 0
    assert len(done.text.splitlines()) == 4
    assert "3 rows read: 3 accepted, 0 rejected." in done.message


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_suggested_for_an_export_changes_nothing(shipped: Catalog, tmp_path: Path, name: str) -> None:
    path, _, _ = written(name, tmp_path)
    suggested = run_here("batch", str(path), "--suggest-map", *NAMED.get(name, ())).text
    (tmp_path / "map.yaml").write_text(suggested, "utf-8")
    with_map = run_here("batch", str(path), "--map", str(tmp_path / "map.yaml"), *NAMED.get(name, ()))
    assert with_map.text == run_here("batch", str(path), *NAMED.get(name, ())).text
    assert [word for word in ("example.org", "Zoë", "192.0.2.7", "R_0") if word in suggested] == []


def test_a_person_who_writes_response_is_no_header(shipped: Catalog, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Name,weeks,Remark\n,4,Response\n")
    assert answers_in(shipped, tmp_path / "a.csv") == [(None, parse_answers(shipped, {"weeks": 4}))]
