"""What docs/pipelines.md shows, run with the real Spark, pandas, Polars and DuckDB, gives what ``batch`` gives.

Ray is left to people who have it: it starts a cluster of its own, which not every machine allows.

Not among the plain tests, since Spark needs Java and all of it is large: ``pip install -r requirements/pipelines.txt``,
then ``pytest tests_pipelines/test_pipelines.py``. Every program runs in a process of its own.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from formatpicker import load_catalog
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import written_answers

PAGE = Path(__file__).parent.parent / "docs" / "pipelines.md"
SNIPPETS = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
RUN = [snippet for snippet in SNIPPETS if "import ray" not in snippet]
PEOPLE = 400

SPARK = """
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from formatpicker.batch.arrow import record_schema, score_batches


def score(batches):
    return score_batches(batches, row_column="number")


spark = SparkSession.builder.master("local[2]").config("spark.sql.execution.arrow.maxRecordsPerBatch", 37).getOrCreate()
people = spark.read.csv("people.csv", header=True).selectExpr("*", "int(number) AS n").drop("number")
people = people.withColumnRenamed("n", "number").repartition(5)
assert people.rdd.getNumPartitions() == 5
records = people.mapInArrow(score, from_arrow_schema(record_schema()))
with open("records.jsonl", "w", encoding="utf-8") as stream:
    for row in records.orderBy("row").collect():
        print(__import__("json").dumps(row.asDict(), ensure_ascii=False), file=stream)
"""


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the same people as CSV and as Parquet, and their records as ``batch`` writes them."""
    folder = tmp_path_factory.mktemp("cohort")
    catalog = load_catalog()
    names = ["id", "number", *catalog.questions]
    rows = []
    for number, answers in enumerate(random_people(catalog, PEOPLE, "pipelines"), 1):
        cells = {key: as_text(value) for key, value in written_answers(catalog, answers).items()}
        rows.append({"id": f"p{number}", "number": number, **cells})
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)
    schema = pa.schema([(name, pa.int64() if name == "number" else pa.string()) for name in names])
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "people.parquet", row_group_size=150)
    formatpicker = [sys.executable, "-m", "formatpicker", "batch"]
    for name in ("people.csv", "people.parquet"):
        command = [*formatpicker, name, "-o", f"{name}.jsonl"]
        subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    return folder


def as_text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{goal}: {importance}" for goal, importance in value.items())
    return str(value)


def environment() -> dict[str, str]:
    """Spark's workers are to be this very Python, and nothing of the user's may change a result."""
    own = {key: value for key, value in os.environ.items() if key != "FORMATPICKER_CATALOG"}
    return {**own, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "RAY_DEDUP_LOGS": "0"}


def run(program: str, cohort: Path, folder: Path) -> None:
    for name in ("people.csv", "people.parquet"):
        (folder / name).write_bytes((cohort / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_page_shows_each_tool() -> None:
    for tool in ("pyspark", "ray", "pandas", "polars", "duckdb"):
        assert [snippet for snippet in SNIPPETS if f"import {tool}" in snippet or f"from {tool}" in snippet], tool


@pytest.mark.parametrize("snippet", RUN, ids=range(len(RUN)))
def test_a_program_of_the_page_gives_what_batch_gives(snippet: str, cohort: Path, tmp_path: Path) -> None:
    run(snippet, cohort, tmp_path)
    [written] = tmp_path.glob("records*")
    found = {row["id"]: row for row in pq.read_table(written).to_pylist()}
    expected = {
        row["id"]: row for row in map(json.loads, (cohort / "people.csv.jsonl").read_text("utf-8").splitlines())
    }
    assert len(found) == len(expected) == PEOPLE
    if "row_column" not in snippet:  # each process counts its own rows
        for row in (*found.values(), *expected.values()):
            del row["row"]
    assert found == expected


def test_spark_over_several_partitions_writes_the_same_bytes_as_batch(cohort: Path, tmp_path: Path) -> None:
    run(SPARK, cohort, tmp_path)
    records = (tmp_path / "records.jsonl").read_bytes()
    assert records.count(b"\n") == PEOPLE
    assert records == (cohort / "people.csv.jsonl").read_bytes()
    assert records == (cohort / "people.parquet.jsonl").read_bytes()
