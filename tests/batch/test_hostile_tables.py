"""Tables that are made to take time or memory: each within bounds that grow with the file, and no faster."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from formatpicker.batch.headers import Headers, Target
from formatpicker.catalog.model import Catalog
from formatpicker.errors import one_of
from running import run_here

# A busy machine is not a fault: each of these took more than a minute.
SECONDS = 5


@pytest.mark.parametrize(
    "header",
    [f"a{' ' * 397}b", "/" * 399, f"{'?' * 398}x", f"{'#' * 396}1x", "(" * 399, "goals/" * 66, f"goals.{'.:' * 190}x"],
)
def test_a_header_is_looked_at_in_no_time(shipped: Catalog, header: str) -> None:
    headers = Headers(shipped)
    began = time.process_time()
    for at in range(100):
        headers.named(f"{header[:-1]}{at % 10}")
    assert time.process_time() - began < SECONDS


def test_new_headers_without_end_are_not_remembered(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formatpicker.batch.headers._MOST_REMEMBERED", 3)
    headers = Headers(shipped)
    assert [headers.target(name) for name in ("a", "b", "c", "d", "goals")] == [None] * 4 + [Target("goals")]
    assert len(headers._targets) == 3


@pytest.mark.parametrize("piece", [" ", ".", "\xa0 ", "/ ", "- ", "1) ", "(", "<", "1"])
def test_a_cell_is_read_in_no_time(tmp_path: Path, piece: str) -> None:
    long = piece * (100_000 // len(piece))
    (tmp_path / "in.csv").write_text(f'goals,weeks,pay\n"a{long}b",,\n,"a{long}b",\n,,"a{long}b"\n', "utf-8")
    began = time.process_time()
    done = run_here("batch", str(tmp_path / "in.csv"))
    assert (done.code, "3 rejected" in done.message) == (1, True)
    assert time.process_time() - began < SECONDS


def test_of_very_many_columns_some_are_named() -> None:
    names = [f"{at:x>4}" for at in range(5_000)]
    assert one_of("goalz", names, "column").endswith("xx99, and 4,900 more)")
