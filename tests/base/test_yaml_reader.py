"""YAML and JSON from strangers: either plain data with exact lines, or an InputError that says where."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formatpicker.base.yaml_reader import MOST_DEPTH, Document, parse_document
from formatpicker.errors import InputError

BOM_8, BOM_LE, BOM_BE = b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"


def read(text: str | bytes) -> Any:
    return parse_document(text.encode() if isinstance(text, str) else text, "f.yaml").data


def refusal(text: str | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value


def nested(opening: str, inside: str, closing: str, times: int) -> str:
    return opening * times + inside + closing * times


# --- what is refused, with its line --------------------------------------------------------------------------------

# An alias bomb of nine levels: 10^9 values if it were walked.
BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)

REFUSED = [
    ("empty", b"", 0, "is empty"),
    ("whitespace", b" \n\n  \n", 0, "is empty"),
    ("only comments", b"# one\n# two\n", 0, "is empty"),
    ("only a byte-order mark", BOM_8, 0, "is empty"),
    ("only a UTF-16 byte-order mark", BOM_LE, 0, "is empty"),
    ("truncated JSON", b'{"pay": "required",\n"weeks": 4', 2, "not valid YAML or JSON"),
    ("truncated text", b'a: 1\nb: "never closed', 2, "not valid YAML or JSON"),
    ("truncated UTF-16", BOM_LE + "a: 1\nb: 2".encode("utf-16-le")[:-1], 2, "not UTF-16 text"),
    ("Latin-1", "a: 1\nb: caf\xe9\n".encode("latin-1"), 2, "not UTF-8 text; save it as UTF-8"),
    ("UTF-8 cut in a character", b"a: 1\nb: \xc3", 2, "not UTF-8 text"),
    ("UTF-16 without a mark", "a: 1\n".encode("utf-16-le"), 1, "NUL"),
    ("UTF-32", BOM_LE + b"\0\0" + "a: 1".encode("utf-32-le"), 1, "NUL"),
    ("NUL byte", b"a: 1\nb: x\0y\n", 2, "NUL"),
    ("an archive", b"PK\x03\x04\x14\x00\x08\x00", 1, "NUL"),
    ("control character", b"a: 1\nb: x\x01y\n", 2, "character that text must not contain"),
    ("tab as indent", b"a:\n\tb: 1\n", 2, "not valid YAML or JSON"),
    ("bad indent", b"a:\n  b: 1\n c: 2\n", 3, "not valid YAML or JSON"),
    ("two values in a line", b"a: 1\nb: 2: 3\n", 2, "not valid YAML or JSON"),
    ("comma missing in JSON", b'{"a": 1\n"b": 2}', 2, "not valid YAML or JSON"),
    ("other YAML version", b"%YAML 2.0\n---\na: 1\n", 1, "not valid YAML or JSON"),
    ("duplicate key", b"a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice (first on line 1)"),
    ("duplicate key, equal values", b"a: 1\na: 1\n", 2, "the key 'a' stands twice"),
    ("duplicate key in a mapping", b"x:\n  a: 1\n  a: 2\n", 3, "the key 'a' stands twice (first on line 2)"),
    ("duplicate key in a list", b"- b: 1\n- a: 1\n  c: 2\n  a: 2\n", 4, "the key 'a' stands twice (first on line 2)"),
    ("duplicate key deep in flow", b"x: [{y: [{a: 1,\n a: 2}]}]\n", 2, "the key 'a' stands twice"),
    ("duplicate key, quoted and not", b"a: 1\n'a': 2\n", 2, "the key 'a' stands twice"),
    ("duplicate key, number and text", b"1: x\n'1': y\n", 2, "the key '1' stands twice"),
    ("duplicate key in JSON", b'{"a": 1,\n "a": 2}', 2, "the key 'a' stands twice"),
    ("duplicate key in JSON, escaped", b'{"a": 1,\n "\\u0061": 2}', 2, "the key 'a' stands twice"),
    ("anchor", b"a: 1\nb: &x 1\n", 2, "anchors and aliases"),
    ("anchor on a key", b"a: 1\n&x b: 1\n", 2, "anchors and aliases"),
    ("anchor on a list", b"a: 1\nb: &x\n  - 1\n", 2, "anchors and aliases"),
    ("alias", b"a: 1\nb: *x\n", 2, "anchors and aliases"),
    ("merge key with an alias", b"a: 1\n<<: *x\n", 2, "anchors and aliases"),
    ("alias bomb", BOMB.encode(), 1, "anchors and aliases"),
    ("tag of Python", b"a: 1\nb: !!python/object/apply:os.system ['id']\n", 2, "tags"),
    ("tag of Python on a mapping", b"a: 1\nb: !!python/object:os.x {c: 1}\n", 2, "tags"),
    ("tag of Python on the whole", b"!!python/object:os.x\na: 1\n", 1, "tags"),
    ("tag of Python on a key", b"a: 1\n!!python/name:os.system b: 2\n", 2, "tags"),
    ("tag of YAML", b"a: 1\nb: !!int '3'\n", 2, "tags"),
    ("tag of one's own", b"a: 1\nb: !mine 3\n", 2, "tags"),
    ("tag without a name", b"a: 1\nb: ! 3\n", 2, "tags"),
    ("second document", b"a: 1\n---\nb: 2\n", 2, "second document"),
    ("empty second document", b"a: 1\n---\n", 2, "second document"),
    ("list as a key", b"a: 1\n? [b]\n: 2\n", 2, "cannot be a key"),
    ("mapping as a key", b"a: 1\n{b: 1}: 2\n", 2, "cannot be a key"),
    ("51 lists", nested("[", "", "]", 51).encode(), 1, "nested more than 50 levels"),
    ("51 mappings", nested("{a: ", "1", "}", 51).encode(), 1, "nested more than 50 levels"),
    # Where libyaml gives up by itself, on the first line that goes too deep.
    ("10,000 lists", b"a:\n  " + b"[" * 10_000, 2, "nested more than 50 levels"),
    ("10,000 mappings", nested("{a: ", "1", "}", 10_000).encode(), 1, "nested more than 50 levels"),
    ("10,000 lists in block style", ("- " * 10_000 + "a").encode(), 1, "nested more than 50 levels"),
    ("10,000 lists, two on a line", b"[[\n" * 5_000, 26, "nested more than 50 levels"),
    ("51 lists in block style", ("- " * 51 + "a").encode(), 1, "nested more than 50 levels"),
    (
        "51 levels, each on a line",
        "".join(f"{' ' * level}a:\n" for level in range(51)).encode(),
        51,
        "nested more than",
    ),
]


@pytest.mark.parametrize(("data", "line", "problem"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_no_such_file_needs_is_refused_with_its_line(data: bytes, line: int, problem: str) -> None:
    error = refusal(data)
    assert problem in error.problem
    assert (error.file, error.line) == ("f.yaml", line)


def test_a_huge_flat_document_is_read_or_refused_in_reasonable_time() -> None:
    assert len(read("- a\n" * 50_000)) == 50_000


def test_a_key_that_is_not_shown_safely_is_shown_safely() -> None:
    assert "\x1b" not in str(refusal(b'"\\e[2Jk": 1\n"\\e[2Jk": 2\n'))


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", '{"a":[', "a: {"], ids=repr)
def test_a_nesting_of_100_000_does_not_crash_the_interpreter(opening: str) -> None:
    program = (
        "import sys\n"
        "from formatpicker.base.yaml_reader import parse_document\n"
        "from formatpicker.errors import InputError\n"
        "try:\n"
        "    parse_document(sys.stdin.buffer.read(), 'f.yaml')\n"
        "except InputError:\n"
        "    print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=opening.encode() * 100_000, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.decode().strip(), done.stderr) == (0, "refused", b"")


# --- what is accepted, with its value ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")], ids=["lists", "mappings", "block lists"]
)
def test_fifty_levels_are_accepted(opening: str, closing: str) -> None:
    data, depth = read(nested(opening, "x", closing, MOST_DEPTH)), 0
    while isinstance(data, list | dict):
        data, depth = (data[0] if isinstance(data, list) else data["a"]), depth + 1
    assert (data, depth) == ("x", 50)


@pytest.mark.parametrize(
    "text",
    # Words that YAML 1.1 turns into something else.
    ["NO", "no", "yes", "on", "off", "Y", "12:30", "1:2:3", ".inf", "-.inf", ".nan", ".NaN", "0x10", "0b1", "1_000",
     "2026-11-21", "2026.11.1", "1.2.3", "=", "Infinity", "NaN", "nul", "3 weeks", "10%", "--"],
)  # fmt: skip
def test_unquoted_text_stays_text(text: str) -> None:
    assert read(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [("4", 4), ("-4", -4), ("+4", 4), ("0", 0), ("4.5", 4.5), (".5", 0.5), ("1e3", 1000.0), ("-2.5E-1", -0.25),
     ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("Null", None)],
)  # fmt: skip
def test_numbers_truth_and_nothing_are_read(text: str, value: object) -> None:
    got = read(f"a: {text}")["a"]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("quoted", ["'4'", '"4"', "|-\n  4", ">-\n  4"], ids=["single", "double", "literal", "folded"])
def test_quoted_text_is_never_a_number(quoted: str) -> None:
    assert read(f"a: {quoted}") == {"a": "4"}


@pytest.mark.parametrize("written", ["1e400", "-1e999", "1" + "0" * 30 + "e900"])
def test_no_number_is_infinite(written: str) -> None:
    # Text like .inf stays text so that no sum or comparison ever meets an infinity; a huge exponent is none either.
    value = read(f"a: {written}")["a"]
    assert not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize("key", ["1", "null", "true", "1.5", "NO", "''"], ids=str)
def test_keys_are_always_text(key: str) -> None:
    assert list(read(f"{key}: x")) == [key.strip("'")]


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param("a: ü\n".encode(), id="UTF-8"),
        pytest.param(BOM_8 + "a: ü\n".encode(), id="UTF-8 with a mark"),
        pytest.param(BOM_LE + "a: ü\n".encode("utf-16-le"), id="UTF-16, little end first"),
        pytest.param(BOM_BE + "a: ü\n".encode("utf-16-be"), id="UTF-16, big end first"),
    ],
)
def test_encodings_that_editors_write_are_read(encoded: bytes) -> None:
    assert read(encoded) == {"a": "ü"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('{"a": "\\u00e9\\n\\t\\"\\\\\\/"}', {"a": 'é\n\t"\\/'}, id="escapes"),
        pytest.param('{"a": "\\ud83d\\ude00"}', {"a": "😀"}, id="escaped pair of surrogates"),
        pytest.param(
            '{\n\t"a": [1, 2.5, true, false, null],\n\t"b": {}\n}\n',
            {"a": [1, 2.5, True, False, None], "b": {}},
            id="tabs",
        ),
        pytest.param('{"a":1,"b":[]}', {"a": 1, "b": []}, id="no spaces"),
        pytest.param('["NO", "12:30", "4"]', ["NO", "12:30", "4"], id="text that looks like something else"),
        pytest.param('"text"', "text", id="a scalar alone"),
    ],
)
def test_json_is_read_as_json(text: str, value: object) -> None:
    assert read(text) == value == json.loads(text)


# Text that both may hold: no NUL and no control characters, which the reader refuses by design.
JSON_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff\ufffe\uffff"), max_size=20
)
JSON_DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**17), 10**17), st.floats(-1e15, 1e15), JSON_TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(JSON_TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(JSON_DATA, st.booleans(), st.sampled_from([None, 2]))
@example(["\\\U0001f600", "\\ud83d\\ude00", "\\\\\U0001f600\U0001f600"], True, None)
def test_whatever_python_writes_as_json_is_read_back(data: object, ascii_only: bool, indent: int | None) -> None:
    assert read(json.dumps(data, ensure_ascii=ascii_only, indent=indent)) == data


# --- lines ---------------------------------------------------------------------------------------------------------

LINES = """\
# a comment
first: 1

second:
  inner:
    - one
    # another comment
    - name: two
      size: 3
    -
      name: three
  flow: {a: 1,
    b: [x,
      y]}
text: |
  several
  lines
last: end
"""
PLACES: list[tuple[tuple[str | int, ...], int]] = [
    (("first",), 2),
    (("second",), 4),
    (("second", "inner"), 5),
    (("second", "inner", 0), 6),
    (("second", "inner", 1), 8),
    (("second", "inner", 1, "name"), 8),
    (("second", "inner", 1, "size"), 9),
    (("second", "inner", 2, "name"), 11),
    (("second", "flow", "a"), 12),
    (("second", "flow", "b"), 13),
    (("second", "flow", "b", 1), 14),
    (("text",), 15),
    (("last",), 18),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("place", "line"), PLACES, ids=[".".join(map(str, place)) for place, _ in PLACES])
def test_every_place_has_its_exact_line(place: tuple[str | int, ...], line: int, newline: str) -> None:
    document = parse_document(LINES.replace("\n", newline).encode(), "f.yaml")
    assert document.line(place) == line


@pytest.mark.parametrize(
    ("place", "line"), [(("second", "inner", 1, "none"), 8), (("second", "none", "none"), 4), (("none",), 2)]
)
def test_a_place_that_is_not_there_has_the_line_of_what_is_around_it(place: tuple[str | int, ...], line: int) -> None:
    assert parse_document(LINES.encode(), "f.yaml").line(place) == line


def places_in(data: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield place
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        yield from places_in(value, (*place, key))


def test_every_place_has_a_line() -> None:
    document = parse_document(LINES.encode(), "f.yaml")
    assert set(places_in(document.data)) == set(document.lines)


# --- anything at all -----------------------------------------------------------------------------------------------

YAML_TEXT = st.text(st.one_of(st.sampled_from("-?:,[]{}#&*!|>'\"%@`~ \n\tab01.\\<"), st.characters()), max_size=60)


def outcome(data: bytes) -> Document | InputError:
    try:
        return parse_document(data, "f.yaml")
    except InputError as error:
        return error


def assert_sound(found: Document | InputError, most_lines: int) -> None:
    """Either a message with a line that the file can have, or data with a line for every place."""
    if isinstance(found, InputError):
        assert str(found).startswith("f.yaml")
        assert 0 <= found.line <= most_lines
    else:
        assert set(places_in(found.data)) == set(found.lines)


@given(st.binary(max_size=200))
@example(BOM_LE + b"\x00\xd8")
@example(b"%TAG ! \xff")
def test_arbitrary_bytes_never_raise_anything_but_an_input_error(data: bytes) -> None:
    assert_sound(outcome(data), len(data) + 1)


@given(YAML_TEXT)
@example("%TAG !e! tag:%ff\n--- !e!x a")
@example("a: !<%> b")
def test_arbitrary_text_never_raises_anything_but_an_input_error(text: str) -> None:
    # To YAML a return, a next-line and a line-separator character end a line as well.
    lines = 1 + sum(text.count(mark) for mark in "\n\r\x85\u2028\u2029")
    assert_sound(outcome(text.encode("utf-8", "surrogatepass")), lines + 1)
