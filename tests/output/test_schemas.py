from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import publish_schemas
from conftest import CASES
from contract import faults, validator
from formatpicker import Catalog, parse_answers, recommend
from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.store import shipped_path
from formatpicker.output.json.person import PARTS, recommendation_data
from formatpicker.output.json.schemas import SCHEMAS, json_schema
from formatpicker.scoring.answers import written_answers
from people import PEOPLE, recommended
from schema_fields import fields
from strategies import raw_answers


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_itself_valid(name: str, shipped: Catalog) -> None:
    schema = json_schema(name, shipped)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", ["answers", "recommendation", "catalog"])
def test_a_schema_is_there(name: str) -> None:
    assert name in SCHEMAS


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_document_says_the_name_and_version_of_its_schema(name: str, shipped: Catalog) -> None:
    schema, version = json_schema(name, shipped), SCHEMAS[name].version
    assert schema["$id"] == f"urn:formatpicker:{name}:{version}"
    said = schema.get("properties", {}).get("schema", {}).get("const")
    # Answers are a flat mapping of questions, the list of formats is a list, and lines of a batch have their columns:
    # none has a field to say it in.
    assert said == (
        None if name in ("answers", "formats", "record", "reject", "full") else f"formatpicker/{name}/{version}"
    )


# --- published files -------------------------------------------------------------------------------------------------


def test_the_published_files_are_those_that_the_program_prints() -> None:
    """After a change: python tools/publish_schemas.py. A file of an older version stays."""
    texts = publish_schemas.texts()
    written = {name: (publish_schemas.FOLDER / name).read_text("utf-8") for name in texts}
    assert written == texts


# --- answers ---------------------------------------------------------------------------------------------------


def test_the_answers_of_all_scenarios_are_valid(shipped: Catalog) -> None:
    answers = validator("answers", shipped)
    assert {id: found for id, given in PEOPLE.items() if (found := faults(answers, given))} == {}


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"goals": None, "weeks": "skip", "pay": None, "age": "skip"}, id="left open"),
        pytest.param({"weeks": "3 months", "hours_per_week": "10 hours", "age": 17.5}, id="units"),
        pytest.param({"goals": "explore, portfolio", "pay": "Yes, it must be paid"}, id="as typed"),
        pytest.param({"goals": {"explore": 5, "income": 5}}, id="ties"),
        pytest.param({"goals": ["explore"], "weeks": 0.14, "start_within_weeks": 0}, id="least"),
    ],
)
def test_the_schema_takes_what_the_parser_takes(answers: dict[str, Any], shipped: Catalog) -> None:
    parse_answers(shipped, answers)
    assert faults(validator("answers", shipped), answers) == []


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"wekks": 3}, id="unknown key"),
        pytest.param({"weeks": 521}, id="out of range"),
        pytest.param({"age": 12}, id="too young"),
        pytest.param({"weeks": True}, id="wrong type"),
        pytest.param({"pay": 3}, id="a number for a choice"),
        pytest.param({"goals": ["explore", "explore"]}, id="a goal twice"),
        pytest.param({"goals": ["nothing"]}, id="unknown goal"),
        pytest.param({"goals": {"explore": 6}}, id="importance out of range"),
        pytest.param({"goals": ["explore", "income", "resume", "balance", "confidence", "immersion"]}, id="six goals"),
        pytest.param([{"weeks": 3}], id="a list"),
    ],
)
def test_the_schema_refuses_what_the_parser_refuses(answers: Any, shipped: Catalog) -> None:
    from formatpicker import AnswerError

    with pytest.raises(AnswerError):
        parse_answers(shipped, answers)
    assert faults(validator("answers", shipped), answers)


@given(data=st.data())
def test_any_answers_and_what_is_written_of_them_are_valid(shipped: Catalog, data: st.DataObject) -> None:
    answers = data.draw(raw_answers(shipped))
    checked = validator("answers", shipped)
    assert faults(checked, answers) == []
    assert faults(checked, written_answers(shipped, parse_answers(shipped, answers))) == []


# --- recommendations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", PEOPLE)
def test_every_recommendation_is_valid(id: str) -> None:
    recommendation = recommended(id)
    checked = validator("recommendation", recommendation.catalog)
    assert faults(checked, recommendation_data(recommendation)) == []


@settings(max_examples=10)
@given(data=st.data())
def test_a_recommendation_for_any_answers_is_valid(shipped: Catalog, data: st.DataObject) -> None:
    recommendation = recommend(shipped, data.draw(raw_answers(shipped)))
    assert faults(validator("recommendation", shipped), recommendation_data(recommendation)) == []


def test_a_recommendation_with_less_is_not_valid_and_one_with_more_is() -> None:
    recommendation = recommended(next(iter(PEOPLE)))
    checked = validator("recommendation", recommendation.catalog)
    data: Any = recommendation_data(recommendation)
    for key in [key for key in data if key != "message"]:
        assert faults(checked, {name: value for name, value in data.items() if name != key})
    assert faults(checked, {**data, "more": 1}) == []
    assert faults(checked, {**data, "schema": "formatpicker/recommendation/1"})


def test_the_parts_of_a_recommendation_are_those_of_its_type(shipped: Catalog) -> None:
    assert list(PARTS) == list(json_schema("recommendation", shipped)["properties"])


# --- schemas as programs want them -----------------------------------------------------------------------------


def nodes(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema by its place."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            yield from nodes(value, f"{path}/{key}")
    if isinstance(schema, list):
        for at, each in enumerate(schema):
            yield from nodes(each, f"{path}/{at}")


PRINTED = sorted(set(SCHEMAS) - {"answers", "catalog"})


@pytest.mark.parametrize("name", PRINTED)
def test_every_field_is_described_and_every_object_is_open(name: str, shipped: Catalog) -> None:
    for path, node in nodes(json_schema(name, shipped)):
        if "properties" in node and not path.endswith("/properties"):
            goals = path.startswith("/$defs/Answers/")
            assert [key for key, each in node["properties"].items() if "description" not in each] == [] or goals, path
            assert node.get("additionalProperties", True) is not False, path
            assert set(node.get("required", ())) <= set(node["properties"]), path


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_type_is_a_list_of_types(name: str, shipped: Catalog) -> None:
    assert [path for path, node in nodes(json_schema(name, shipped)) if isinstance(node.get("type"), list)] == []


def test_shared_shapes_have_names(shipped: Catalog) -> None:
    assert {"Entry", "Contribution", "Notice", "Blocker"} <= set(json_schema("recommendation", shipped)["$defs"])


def test_a_duration_in_a_document_is_a_number(shipped: Catalog) -> None:
    answers = json_schema("recommendation", shipped)["$defs"]["Answers"]["properties"]
    assert {answers[id]["type"] for id in ("weeks", "hours_per_week", "start_within_weeks", "age")} == {"number"}


def test_the_schema_of_catalogs_that_is_shipped_is_that_of_what_checks_them(shipped: Catalog) -> None:
    # Fields and types; the words of the schema itself may differ with the version of pydantic.
    assert fields(publish_schemas.catalog_schema()) == fields(json_schema("catalog", shipped))
    assert "discriminator" not in json.dumps(json_schema("catalog", shipped))


def test_the_promised_parts_are_all_there() -> None:
    data = recommendation_data(recommended(next(iter(PEOPLE))))
    assert set(data) >= {
        "schema",
        "catalog",
        "answers",
        "unanswered",
        "top",
        "call",
        "contenders",
        "headline",
        "ranking",
        "variants",
        "certainty",
        "relaxations",
        "what_ifs",
        "next_steps",
    }
    assert set(data["certainty"]) == {"coverage", "evidence", "robustness", "could_change"}
    assert set(data["ranking"][0]) >= {
        "format",
        "name",
        "definition",
        "rank",
        "score",
        "score_low",
        "score_high",
        "eligibility",
        "conditions",
        "blockers",
        "unchecked",
        "contributions",
        "cautions",
    }


# --- catalogs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [shipped_path(), CASES / "toy.yaml"], ids=["shipped", "toy"])
def test_a_catalog_file_is_valid(file: Any, shipped: Catalog) -> None:
    data = parse_document(file.read_bytes(), file.name).data
    assert faults(validator("catalog", shipped), data) == []


def test_the_schema_of_catalogs_finds_faults(shipped: Catalog) -> None:
    data = parse_document((CASES / "toy.yaml").read_bytes(), "toy.yaml").data
    checked = validator("catalog", shipped)
    assert faults(checked, {**data, "more": 1})
    assert faults(checked, {key: value for key, value in data.items() if key != "formats"})
    assert faults(checked, {**data, "frequency_values": {"often": 3}})


def test_the_shipped_catalog_reads_alike_by_the_usual_parser(shipped: Catalog) -> None:
    # Editors check a catalog against the schema after reading it with their own parser, in which keys such as 0 are
    # numbers; JSON, and so the schema, knows text keys alone.
    text = shipped_path().read_text("utf-8")
    usual = yaml.load(text, Loader=yaml.BaseLoader)
    assert list(usual) == list(parse_document(text.encode(), "formats.yaml").data)


def test_a_recommendation_with_plans_is_valid(shipped: Catalog) -> None:
    data = recommendation_data(recommend(shipped, {"goals": ["explore", "immersion"], "weeks": 20}), with_pathways=True)
    assert data["pathways"]
    assert faults(validator("recommendation", shipped), data) == []
