"""Other programs that read the JSON, its schemas and the library: each with what it makes of the golden documents.

What npm has (ajv, json-schema-to-typescript, the compilers) is looked for in the folder ``NODE_CLIENTS``, which
``.ci/clients`` fills; without it those tests are left out.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import nbclient
import nbformat
import pytest

from formatpicker import load_catalog, recommend
from formatpicker.catalog.store import shipped_path
from formatpicker.output.json.schemas import SCHEMAS, json_schema

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "tests" / "golden" / "shipped"
TOY = ROOT / "tests" / "golden" / "toy"
NODE = os.environ.get("NODE_CLIENTS", "")
needs_node = pytest.mark.skipif(not NODE, reason="NODE_CLIENTS names no folder; .ci/clients fills one")
ADA = {"goals": ["explore", "portfolio"], "weeks": 6, "pay": "required"}


def schema_name(file: Path) -> str:
    """The name of the schema that a golden document follows."""
    return file.stem if file.stem in SCHEMAS else file.stem.partition("-")[0]


DOCUMENTS = sorted({*SHIPPED.glob("*.json"), *TOY.glob("*.json")})


@cache
def schema_file(name: str, folder: Path, toy: bool) -> Path:
    """A schema with the ids of the shipped catalog, or of the one behind the documents in ``toy``."""
    catalog = load_catalog(TOY.with_suffix(".yaml") if toy else shipped_path())
    file = folder / f"{name}-{'toy' if toy else 'shipped'}.json"
    file.write_text(json.dumps(json_schema(name, catalog)), "utf-8")
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clients")


def ran(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- JSON Schema -----------------------------------------------------------------------------------------------------


def test_check_jsonschema_takes_every_schema_and_document(folder: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema"]
    ran(*command, "--check-metaschema", *sorted((ROOT / "schemas").glob("*.json")))
    for name in sorted({schema_name(file) for file in DOCUMENTS if file.parent == SHIPPED}):
        files = [file for file in DOCUMENTS if file.parent == SHIPPED and schema_name(file) == name]
        ran(*command, "--schemafile", schema_file(name, folder, toy=False), *files)


def models_of(name: str, folder: Path, toy: bool) -> Any:
    """The pydantic model that datamodel-code-generator makes of a document."""
    source = schema_file(name, folder, toy)
    target = folder / f"models_{source.stem.replace('-', '_')}.py"
    kind = ["--input-file-type", "jsonschema", "--output-model-type", "pydantic_v2.BaseModel"]
    ran(sys.executable, "-m", "datamodel_code_generator", "--input", source, "--output", target, *kind)
    spec = importlib.util.spec_from_file_location(target.stem, target)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[target.stem] = module
    spec.loader.exec_module(module)
    title = re.sub(r"\W", "", json.loads(source.read_text("utf-8"))["title"].title())
    return getattr(module, title)


GENERATED = ("recommendation", "explanation", "record", "reject", "full", "summary", "offers", "error", "comparison")


@pytest.mark.parametrize("name", GENERATED)
def test_python_types_made_from_a_schema_give_the_documents_back(name: str, folder: Path) -> None:
    for toy in {file.parent == TOY for file in DOCUMENTS if schema_name(file) == name}:
        model = models_of(name, folder, toy)
        for file in DOCUMENTS:
            if schema_name(file) == name and (file.parent == TOY) == toy:
                document = json.loads(file.read_text("utf-8"))
                # One more field, as a later version may have: old types go on to work.
                read = model.model_validate({**document, "more": 1})
                found = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
                found.pop("more", None)
                assert found == document, file.name


@needs_node
def test_ajv_takes_every_schema_in_strict_mode_and_every_document(folder: Path) -> None:
    program = folder / "check.cjs"
    program.write_text(
        f"""
        const {{ Ajv2020 }} = require({json.dumps(f"{NODE}/ajv/dist/2020.js")});
        const fs = require("node:fs");
        const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
        for (const [schema, documents] of read(process.argv[2])) {{
          const validate = new Ajv2020({{ strict: true }}).compile(read(schema));
          for (const file of documents)
            if (!validate(read(file))) throw new Error(file + ": " + JSON.stringify(validate.errors));
        }}
        """
    )
    work = []
    for toy in (False, True):
        for name in SCHEMAS:
            files = [str(file) for file in DOCUMENTS if schema_name(file) == name and (file.parent == TOY) == toy]
            work.append([str(schema_file(name, folder, toy)), files])
    (folder / "work.json").write_text(json.dumps(work))
    ran("node", program, folder / "work.json")


@needs_node
def test_typescript_made_from_the_schemas_compiles_and_takes_the_documents(folder: Path) -> None:
    here = folder / "typescript"
    here.mkdir()
    lines: list[str] = []
    for name in GENERATED:
        for toy in {file.parent == TOY for file in DOCUMENTS if schema_name(file) == name}:
            source = schema_file(name, folder, toy)
            ran(Path(NODE, ".bin", "json2ts"), "-i", source, "-o", here / f"{source.stem}.ts")
            title = re.sub(r"\W", "", json.loads(source.read_text("utf-8"))["title"].title())
            kind = f"{title}{len(lines)}"
            lines.append(f'import type {{ {title} as {kind} }} from "./{source.stem}";')
            for file in DOCUMENTS:
                if schema_name(file) == name and (file.parent == TOY) == toy:
                    text = file.read_text("utf-8").strip()
                    lines.append(f"export const {file.stem.replace('-', '_')}_{len(lines)}: {kind} = {text};")
    (here / "documents.ts").write_text("\n".join(lines), "utf-8")
    ran(Path(NODE, ".bin", "tsc"), "--strict", "--noEmit", *sorted(here.glob("*.ts")))


@needs_node
def test_pyright_knows_the_type_of_all_that_is_public(folder: Path) -> None:
    """The names of the package and all that their types are made of, and the module for Arrow."""
    command = [f"{NODE}/.bin/pyright", "--verifytypes", "formatpicker", "--ignoreexternal", "--outputjson"]
    env = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["typeCompleteness"]
    private = ("formatpicker.cli.", "formatpicker.batch.", "formatpicker.output.text.")
    public = [
        each
        for each in found["symbols"]
        if not each["name"].startswith(private) or each["name"].startswith("formatpicker.batch.arrow.")
    ]
    assert {f"formatpicker.output.library.{name}" for name in ("recommend", "Recommendation")} <= {
        e["name"] for e in public
    }
    assert [each["name"] for each in public if not each["isTypeKnown"] or each["isTypeAmbiguous"]] == []


# --- tables ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records and whole recommendations of three people as JSON Lines."""
    here = tmp_path_factory.mktemp("records")
    (here / "people.csv").write_text(
        "id,goals,weeks,pay\nada,explore;portfolio,6,required\nben,employment: 5; income: 3,104,\ncem,,0.2,\n", "utf-8"
    )
    command = [sys.executable, "-m", "formatpicker", "batch", "people.csv"]
    ran(*command, "-o", "records.jsonl", cwd=here)
    ran(*command, "--full", "-o", "full.jsonl", cwd=here)
    return here


TOPS = [["micro-internship"], ["apprenticeship"], ["micro-internship"]]


def test_pandas_polars_and_duckdb_read_the_lines(records: Path) -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    file = records / "records.jsonl"
    assert pd.read_json(file, lines=True)["top"].tolist() == TOPS
    assert pl.read_ndjson(file)["top"].to_list() == TOPS
    assert [row[0] for row in duckdb.sql(f"SELECT top FROM '{file}' ORDER BY row").fetchall()] == TOPS


def test_whole_recommendations_are_read_by_them_too(records: Path) -> None:
    """Also where goals are a list for one person and a mapping for the next."""
    import duckdb
    import pandas as pd
    import polars as pl

    file = records / "full.jsonl"
    assert [each["top"] for each in pd.read_json(file, lines=True)["recommendation"]] == TOPS
    # Polars makes one type of all lines, and goals have two; it is told to read what is asked for.
    lines = pl.Series(file.read_text("utf-8").splitlines())
    wanted = pl.Struct({"recommendation": pl.Struct({"top": pl.List(pl.String)})})
    found = lines.str.json_decode(wanted).struct.field("recommendation").struct.field("top")
    assert found.to_list() == TOPS
    query = f"SELECT recommendation.top FROM read_json('{file}', maximum_object_size=100000000) ORDER BY row"
    assert [row[0] for row in duckdb.sql(query).fetchall()] == TOPS


def test_jq_reads_them(records: Path) -> None:
    import jq

    lines = (records / "full.jsonl").read_text("utf-8")
    assert jq.compile(".recommendation.top").input_text(lines).all() == TOPS


# --- the programs of docs/python.md ----------------------------------------------------------------------------------

SNIPPETS = re.findall(r"^```py\n(.*?)^```$", (ROOT / "docs" / "python.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


def snippet(word: str) -> str:
    (found,) = [each for each in SNIPPETS if word in each]
    return str(found)


def test_a_notebook_shows_the_table() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(snippet("recommend(load_catalog()"))])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"].startswith("<Recommendation micro-internship ")
    assert output.data["text/html"] == recommend(load_catalog(), {**ADA, "weeks": 6})._repr_html_()


def test_a_web_service_returns_and_describes_the_document() -> None:
    names: dict[str, Any] = {"__name__": "service"}
    exec(compile(snippet("FastAPI"), "service", "exec"), names)

    async def answers() -> list[httpx.Response]:
        transport = httpx.ASGITransport(names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            posts = [await client.post("/recommend", json=each) for each in (ADA, {"weeks": "soon", "pay": "maybe"})]
            return [*posts, await client.get("/openapi.json")]

    done, refused, description = asyncio.run(answers())
    assert done.status_code == 200
    assert done.json() == json.loads(json.dumps(recommend(load_catalog(), ADA).to_dict()))
    assert refused.status_code == 422
    assert [each["key"] for each in refused.json()["errors"]] == ["weeks", "pay"]
    described = description.json()["components"]["schemas"]
    assert {"ranking", "headline", "certainty"} <= set(described["Recommendation"]["properties"])
