"""What errors say: the file, the line, the place, the value, and what would do."""

from __future__ import annotations

import pytest

from formatpicker.errors import AnswerError, CatalogError, Fault, FormatpickerError, InputError, one_of


@pytest.mark.parametrize(
    "error",
    [InputError("a.yaml", "is empty"), CatalogError("a.yaml", []), AnswerError("pay", "x", "not known")],
    ids=lambda error: type(error).__name__,
)
def test_one_root_catches_every_error_about_input(error: FormatpickerError) -> None:
    with pytest.raises(FormatpickerError):
        raise error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(InputError("a.yaml", "is empty"), "a.yaml: is empty", id="input"),
        pytest.param(InputError("a.yaml", "is odd", 7), "a.yaml:7: is odd", id="input with line"),
        pytest.param(AnswerError("pay", "maybe", "not known"), "pay = 'maybe': not known", id="answer"),
        pytest.param(AnswerError("hours", 99, "too many"), "hours = 99: too many", id="answer that is a number"),
        pytest.param(AnswerError("pya", None, "not known"), "pya: not known", id="answer without a value"),
        pytest.param(
            AnswerError("pay", "maybe", "not known", "me.yaml", 3),
            "me.yaml:3: pay = 'maybe': not known",
            id="answer in a file",
        ),
        pytest.param(
            AnswerError("pay", "maybe", "not known", "--set"), "--set: pay = 'maybe': not known", id="answer in a flag"
        ),
        pytest.param(AnswerError("p\x1b[2Jay", "\x07", "not known"), "pay = ' ': not known", id="control characters"),
        pytest.param(
            CatalogError("c.yaml", [Fault(3, "formats.x", "is odd")]), "c.yaml:3: formats.x: is odd", id="fault"
        ),
        pytest.param(CatalogError("c.yaml", [Fault(0, "", "is odd")]), "c.yaml: is odd", id="fault without a place"),
    ],
)
def test_the_message_says_where_and_what(error: FormatpickerError, text: str) -> None:
    assert str(error) == text


def test_a_catalog_error_lists_every_fault_in_the_order_of_the_file() -> None:
    error = CatalogError("c.yaml", [Fault(12, "b", "second"), Fault(3, "z", "first"), Fault(12, "c", "third")])
    assert str(error).splitlines() == ["c.yaml:3: z: first", "c.yaml:12: b: second", "c.yaml:12: c: third"]


def test_a_fault_reads_alone_too() -> None:
    assert str(Fault(3, "formats.x", "is odd")) == "line 3: formats.x: is odd"


def test_a_long_value_is_cut() -> None:
    assert len(str(AnswerError("pay", "x" * 10_000, "not known"))) < 120


@pytest.mark.parametrize(
    ("word", "allowed", "text"),
    [
        pytest.param(
            "allways",
            ["always", "never"],
            "not a known word; did you mean 'always'? (known: always, never)",
            id="near: the word, and the few there are",
        ),
        pytest.param("zzz", ["always", "never"], "not a known word (known: always, never)", id="far: what there is"),
        pytest.param(
            "number 3",
            [f"number_{index}" for index in range(40)],
            "not a known word; did you mean 'number_3'?",
            id="near one of many: the word alone",
        ),
    ],
)
def test_an_unknown_word_gets_the_nearest_one(word: str, allowed: list[str], text: str) -> None:
    assert one_of(word, allowed, "word") == text
