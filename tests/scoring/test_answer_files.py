"""Plain JSON is read alike by the quick reader and by the one that knows lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formatpicker.base.yaml_reader import parse_document
from formatpicker.errors import InputError
from formatpicker.scoring.answer_files import plain_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["NO", "12:30", "~", "1_0"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=6), st.sampled_from([None, 2]), st.booleans())
@example({"weeks": 4, "goals": {"a": 5.0}}, None, True)
def test_what_is_taken_is_what_the_other_reader_takes(data: object, indent: int | None, ascii: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii).encode("utf-8", "replace")
    found = plain_json(text, "x.json")
    if found is not None:
        other = parse_document(text, "x.json")
        assert (found.data, repr(found.data)) == (other.data, repr(other.data))


def test_a_line_is_told_by_the_other_reader() -> None:
    found = plain_json(b'{\n "weeks": 4,\n "pay": "x"\n}', "x.json")
    assert found is not None
    assert (found.line(("pay",)), found.line(("weeks",))) == (3, 2)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": 1} x',
        b"[1]",
        b"weeks: 4",
        b"{weeks: 4}",
        b'{"a":' * 30 + b"1" + b"}" * 30,
        b'{"a":' + b"[" * 900 + b"]" * 900 + b"}",  # msgspec takes it, and Python's stack would not
    ],
)
def test_what_is_not_plain_is_left_to_the_other_reader(text: bytes) -> None:
    assert plain_json(text, "x.json") is None


def test_deep_nesting_is_refused_by_the_other_reader() -> None:
    text = b'{"a":' * 100_000
    assert plain_json(text, "x.json") is None
    with pytest.raises(InputError):
        parse_document(text, "x.json")
