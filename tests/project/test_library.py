"""The library as a Python program meets it: in a session, a notebook or another process, with tables and numbers."""

from __future__ import annotations

import copy
import importlib
import io
import json
import math
import os
import pickle
import pydoc
import rlcompleter
import subprocess
import sys
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import html5lib
import numpy as np
import pandas as pd
import pytest
import yaml

import formatpicker
from conftest import CASES
from formatpicker import (
    AnswerError,
    Catalog,
    CatalogError,
    InputError,
    compare_offers,
    load_catalog,
    parse_answers,
    recommend,
)
from formatpicker.output.json.person import recommendation_data
from running import environment

ADA: dict[str, Any] = {"id": "ada", "goals": ["explore", "portfolio"], "weeks": "6 weeks", "pay": "required"}
NESTED: list[Any] = []
for _ in range(10_000):
    NESTED = [NESTED]


@pytest.fixture(scope="module")
def ada(shipped: Catalog) -> formatpicker.Recommendation:
    return recommend(shipped, ADA)


# --- names -----------------------------------------------------------------------------------------------------------


def test_every_public_name_is_there_for_tab_and_help() -> None:
    assert {*formatpicker.__all__} <= {*dir(formatpicker)}
    completer = rlcompleter.Completer({"formatpicker": formatpicker})
    found = [completer.complete("formatpicker.re", at) for at in range(3)]
    assert found[0] is not None
    assert found[0].startswith("formatpicker.recommend(")
    page = pydoc.plain(pydoc.render_doc(formatpicker))
    assert [name for name in formatpicker.__all__ if name not in page] == []


def test_a_room_of_the_package_says_that_it_is_private() -> None:
    package = Path(formatpicker.__file__).parent
    rooms = [each.parent for each in package.glob("*/__init__.py") if each.parent.name != "cli"]
    assert len(rooms) > 5
    for room in rooms:
        module = importlib.import_module(f"formatpicker.{room.name}")
        assert module.__all__ == []
        assert "Private" in str(module.__doc__)


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'recomend'"):
        _ = formatpicker.recomend


# --- results ---------------------------------------------------------------------------------------------------------


def test_a_result_is_shown_in_one_line(ada: formatpicker.Recommendation, shipped: Catalog) -> None:
    entry = ada.ranking[0]
    assert (
        repr(ada)
        == f"<Recommendation micro-internship {entry.score}, "
        + ", ".join(f"{each.id} {each.score}{' blocked' if each.rank is None else ''}" for each in ada.ranking[1:])
        + ">"
    )
    for shown in (ada, entry, entry.contributions, shipped, shipped.formats, entry.assessment):
        assert len(repr(shown)) < 2000
        assert "\n" not in repr(shown)


def test_score_and_points_are_those_of_the_document(ada: formatpicker.Recommendation) -> None:
    document = ada.to_dict()
    first = document["ranking"][0]
    assert ada.score == first["score"]
    assert ada.points == {each["criterion"]: each["points"] for each in first["contributions"]}
    assert round(sum(ada.points.values()), 1) == ada.score
    assert ada.ranking[0].score_range == (first["score_low"], first["score_high"])


def test_what_has_no_top_has_no_score(shipped: Catalog) -> None:
    nothing = recommend(shipped, {})
    assert (nothing.score, nothing.points, nothing.top) == (None, {}, ())


def test_the_document_is_that_of_the_command_line(ada: formatpicker.Recommendation) -> None:
    assert ada.to_dict() == recommendation_data(ada)
    assert "pathways" in ada.to_dict(pathways=True)
    assert (ada.headline, ada.call) == (ada.to_dict()["headline"], ada.to_dict()["call"])
    assert json.loads(json.dumps(ada.to_dict()))["id"] == "ada"


def test_answers_and_changes_are_in_units_that_are_accepted(shipped: Catalog) -> None:
    result = recommend(shipped, {**ADA, "hours_per_week": "ten hours"})
    assert result.given == {**ADA, "weeks": 6, "hours_per_week": 10}
    assert recommend(shipped, result.given) == result
    changes = [*(each.change for each in result.what_ifs), *(each.change for each in result.relaxations)]
    assert changes
    for change in changes:
        assert recommend(shipped, {**result.given, **change}) != result


def test_a_notebook_shows_a_table_in_which_no_text_is_markup(ada: formatpicker.Recommendation) -> None:
    page = ada._repr_html_()
    assert ada.headline in page
    cells = html5lib.parseFragment(page, namespaceHTMLElements=False).iter("th")
    assert [cell.text for cell in cells] == ["rank", "format", "points", "why"]
    assert "<script" not in page


def test_results_are_equal_hash_alike_and_sort_out_doubles(ada: formatpicker.Recommendation, shipped: Catalog) -> None:
    again = recommend(shipped, {"pay": "Required", **{key: value for key, value in ADA.items() if key != "pay"}})
    other = recommend(shipped, {**ADA, "weeks": 30})
    assert {ada, again, other} == {ada, other}
    assert len({*ada.ranking, *again.ranking}) == len(ada.ranking)
    assert len({*other.what_ifs, *other.relaxations}) == len(other.what_ifs) + len(other.relaxations)


# --- kept and passed on ----------------------------------------------------------------------------------------------


def test_a_pickle_is_small_and_gives_the_same(ada: formatpicker.Recommendation) -> None:
    kept = pickle.dumps(ada)
    assert len(kept) < 1000
    assert pickle.loads(kept) == ada
    assert copy.deepcopy(ada) == ada


def test_a_pickle_is_read_by_another_process_that_loads_the_catalog_itself(ada: formatpicker.Recommendation) -> None:
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).top)"
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(ada), env=environment(), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == repr(ada.top)


def test_a_pickle_says_which_catalog_it_needs(ada: formatpicker.Recommendation) -> None:
    missing = pickle.dumps(ada).replace(ada.catalog.sha256.encode(), b"0" * 64)
    with pytest.raises(InputError, match=r"0{64} is not at hand; load it by load_catalog first"):
        pickle.loads(missing)


def test_errors_are_kept_too(shipped: Catalog) -> None:
    with pytest.raises(AnswerError) as caught:
        recommend(shipped, {"weeks": "soon", "pay": "maybe"})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


# --- what is handed over ---------------------------------------------------------------------------------------------

PLAIN = {"goals": ["explore", "portfolio"], "weeks": 6, "hours_per_week": 12, "age": 17}


@pytest.mark.parametrize(
    "answers",
    [
        {
            "goals": np.array(["explore", "portfolio"]),
            "weeks": np.float64(6),
            "hours_per_week": np.int64(12),
            "age": 17,
        },
        {"goals": ("explore", "portfolio"), "weeks": Decimal("6.0"), "hours_per_week": Fraction(25, 2), "age": 17.9},
        {**PLAIN, "pay": None, "credit": math.nan, "mentorship": np.nan, "region": pd.NA, "location": pd.NaT},
        {
            **PLAIN,
            "weeks": np.float32(6),
            "hours_per_week": np.longdouble(12),
            "age": np.array(17),
            "credit": Decimal("NaN"),
        },
        pd.DataFrame([{**PLAIN, "region": None, "credit": math.nan}]).iloc[0],
        {np.str_("goals"): pd.Series(["explore", "portfolio"]).to_numpy(), "weeks": 6, "hours_per_week": 12, "age": 17},
    ],
    ids=["numpy", "decimal", "missing", "narrow", "row", "names"],
)
def test_numbers_and_missing_values_of_other_libraries_are_read(shipped: Catalog, answers: Any) -> None:
    assert parse_answers(shipped, answers) == parse_answers(shipped, PLAIN)


@pytest.mark.parametrize(
    "value",
    [np.True_, 3 + 4j, np.array([4, 5]), Decimal("Infinity"), Decimal("sNaN"), Fraction(10**400), object()],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_number_is_told(shipped: Catalog, value: object) -> None:
    with pytest.raises(AnswerError):
        parse_answers(shipped, {"weeks": value})


def test_importance_may_be_of_numpy(shipped: Catalog) -> None:
    given = {"goals": {"explore": np.int64(5), "income": np.float64(3)}}
    assert recommend(shipped, given).given == {"goals": {"explore": 5, "income": 3}}


@pytest.mark.parametrize("id", ["a1", 7, 7.5, np.int64(7)], ids=repr)
def test_an_id_is_carried_through(shipped: Catalog, id: Any) -> None:
    result = recommend(shipped, {"ID": id, "goals": ["explore"]})
    assert result.answers.id == id
    assert result.to_dict()["id"] == id
    assert result.answers.replaced(shipped, "pay", "required").id == id
    assert recommend(shipped, result.given) == result


@pytest.mark.parametrize("id", [None, "", math.nan], ids=repr)
def test_no_id_is_none(shipped: Catalog, id: Any) -> None:
    assert "id" not in recommend(shipped, {"id": id}).to_dict()


@pytest.mark.parametrize("id", [True, ["a"], "x" * 2001], ids=["bool", "list", "long"])
def test_an_id_is_a_short_text_or_a_number(shipped: Catalog, id: Any) -> None:
    with pytest.raises(AnswerError, match="must be a short text or a number"):
        recommend(shipped, {"id": id})


def test_all_faults_of_the_answers_are_told_at_once(shipped: Catalog) -> None:
    with pytest.raises(AnswerError) as caught:
        recommend(shipped, {"goals": ["exlore"], "weks": 3, "weeks": 3, "age": 300})
    assert [fault["key"] for fault in caught.value.to_dict()["errors"]] == ["goals", "weks", "age"]
    assert str(caught.value).count("\n") == 2


# --- catalogs --------------------------------------------------------------------------------------------------------

TOY = CASES / "toy.yaml"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(lambda: TOY, id="path"),
        pytest.param(lambda: str(TOY), id="name"),
        pytest.param(lambda: TOY.read_text("utf-8"), id="text"),
        pytest.param(TOY.read_bytes, id="bytes"),
        pytest.param(lambda: TOY.open(encoding="utf-8"), id="open file"),
        pytest.param(lambda: TOY.open("rb"), id="open file of bytes"),
        pytest.param(lambda: io.StringIO(TOY.read_text("utf-8")), id="stream"),
        pytest.param(lambda: yaml.safe_load(TOY.read_text("utf-8")), id="mapping"),
    ],
)
def test_a_catalog_comes_from_a_file_from_text_and_from_data(toy: Catalog, source: Any) -> None:
    given = source()
    found = load_catalog(given)
    if hasattr(given, "close"):
        given.close()
    assert (found.title, found.formats) == (toy.title, toy.formats)


def test_faults_of_a_mapping_name_the_place_and_no_line() -> None:
    data = yaml.safe_load(TOY.read_text("utf-8"))
    with pytest.raises(CatalogError, match=r"^catalog: formats: is missing$"):
        load_catalog({key: value for key, value in data.items() if key != "formats"})
    with pytest.raises(InputError, match="is no plain data"):
        load_catalog({("a", "b"): 1})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "source", [123, True, [1], "a\n\ud800", io.StringIO("a: \ud800"), {"a": NESTED}, io.FileIO(os.devnull, "w")]
)
def test_what_is_no_catalog_is_an_input_error(source: Any) -> None:
    with pytest.raises(InputError):
        load_catalog(source)


@pytest.mark.parametrize("answers", [{"weeks": 10**5000}, {"goals": NESTED}])
def test_an_answer_that_python_cannot_print_is_told(shipped: Catalog, answers: Any) -> None:
    with pytest.raises(AnswerError) as caught:
        recommend(shipped, answers)
    assert str(caught.value)
    assert caught.value.to_dict()["errors"]


@pytest.mark.parametrize("day", ["2026-02-31", "9999-12-31", "\u0662\u0660\u0662\u0666-01-01", "soon"])
def test_the_day_of_a_comparison_is_one_that_the_calendar_has(shipped: Catalog, day: str) -> None:
    with pytest.raises(AnswerError, match="today"):
        compare_offers(shipped, ADA, [{"format": "internship"}, {"format": "micro-internship"}], today=day)


def test_a_catalog_is_found_in_a_zipped_package(tmp_path: Path) -> None:
    package = Path(formatpicker.__file__).parent
    archive = tmp_path / "formatpicker.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in package.rglob("*"):
            if file.suffix in (".py", ".css"):
                zipped.write(file, Path("formatpicker", file.relative_to(package)))
        for file in (
            package.parent.parent / "data" / "formats.yaml",
            package.parent.parent / "schemas" / "catalog-2.json",
        ):
            zipped.write(file, Path("formatpicker", "data", file.name))
    code = (
        "import formatpicker as f; print(f.__file__); r = f.recommend(f.load_catalog(), {'weeks': 4});"
        "from formatpicker.output.json.schemas import json_schema; json_schema('catalog', r.catalog);"
        "from formatpicker.output.html import document_page; print(r.top[0])"
    )
    env = environment({"PYTHONPATH": str(archive), "XDG_CACHE_HOME": str(tmp_path)})
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    where, top = done.stdout.split()
    assert where.startswith(str(archive) + os.sep)
    assert top == "micro-internship"


# --- offers ----------------------------------------------------------------------------------------------------------


def test_offers_compared_can_be_shown_and_are_a_document(shipped: Catalog) -> None:
    offers = [{"name": "Acme", "format": "internship", "weeks": 10}, {"name": "Beta", "format": "micro-internship"}]
    found = compare_offers(shipped, ADA, offers)
    assert "Acme" in repr(found)
    assert "\n" not in repr(found)
    assert found.to_dict()["schema"] == "formatpicker/offers/1"
