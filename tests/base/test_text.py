"""Text that is safe to show, spelling, and the closed set of template names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatpicker.base.text import canonical, capitalized, fill, joined, nearest, placeholders, printable, shortened

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Any code point at all, lone surrogates included, with the dangerous ones made frequent.
ANY_TEXT = st.text(st.one_of(st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]P\\;m0\n" + BIDI), st.characters()))


def is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character != "\n"


@pytest.mark.parametrize("code", [code for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A], ids=hex)
def test_no_c0_or_c1_control_survives(code: int) -> None:
    assert chr(code) not in printable(f"a{chr(code)}b")


@pytest.mark.parametrize("character", [*BIDI, *"\u2028\u2029\ufeff\ud800\udfff"], ids=ascii)
def test_marks_that_move_or_break_text_become_a_space(character: str) -> None:
    assert printable(f"a{character}b") == "a b"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("a\x1b[31mred\x1b[0mb", "aredb", id="csi colour"),
        pytest.param("a\x9b31mred", "ared", id="csi of 8 bits"),
        pytest.param("a\x1b[2Jb", "ab", id="csi clear screen"),
        pytest.param("a\x1b[?25lb", "ab", id="csi private"),
        pytest.param("a\x1b[1;2", "a", id="csi cut off"),
        pytest.param("a\x1b]0;title\x07b", "ab", id="osc ended by bell"),
        pytest.param("a\x1b]0;title\x1b\\b", "ab", id="osc ended by st"),
        pytest.param("a\x9d0;title\x9cb", "ab", id="osc of 8 bits"),
        pytest.param("a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b", "alinkb", id="osc hyperlink"),
        pytest.param("a\x1b]52;c;cm0gLXJm", "a", id="osc cut off: the clipboard"),
        pytest.param("a\x1bPq#0\x1b\\b", "ab", id="dcs"),
        pytest.param("a\x90q#0\x9cb", "ab", id="dcs of 8 bits"),
        pytest.param("a\x1b^private\x1b\\b", "ab", id="pm"),
        pytest.param("a\x1b_command\x1b\\b", "ab", id="apc"),
        pytest.param("a\x1bXstring\x1b\\b", "ab", id="sos"),
        pytest.param("a\x1bcb", "ab", id="reset"),
        pytest.param("a\x1b(0b", "ab", id="charset"),
        pytest.param("a\x1b", "a", id="escape alone"),
        pytest.param("\x1b\x1b[31m[31mb", "[31mb", id="an escape inside an escape leaves no third one"),
        pytest.param("a\r\nb\tc", "a \nb c", id="newline stays, return and tab do not"),
    ],
)
def test_escape_sequences_go_with_their_payload(text: str, left: str) -> None:
    assert printable(text) == left


@pytest.mark.parametrize("text", ["", "plain", "Ausbildung für alle, £8.00", "日本語 😀", "two\nlines", "a\u200db"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert printable(text) == text


@given(ANY_TEXT)
def test_whatever_comes_in_nothing_dangerous_comes_out(text: str) -> None:
    shown = printable(text)
    assert not any(is_control(character) or character in BIDI for character in shown)
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert printable(shown) == shown


@pytest.mark.parametrize(
    "text", ["full_time_student", "Full-Time Student", "  FULL TIME  STUDENT\n", "full__time--student"]
)
def test_case_space_hyphen_and_underscore_make_no_difference(text: str) -> None:
    assert canonical(text) == "full time student"


def test_canonical_folds_case_beyond_ascii() -> None:
    assert canonical("STRASSE") == canonical("straße")


def test_canonical_keeps_different_words_apart() -> None:
    assert canonical("full time") != canonical("fulltime")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        pytest.param("portfolo", "portfolio", id="a letter missing"),
        pytest.param("PORTFOLIOO", "portfolio", id="a letter too many, in capitals"),
        pytest.param("quick-skils", "quick_skills", id="a hyphen for an underscore"),
        pytest.param("exp", "expertise", id="the beginning of a word"),
        pytest.param("zzz", None, id="nothing close"),
        pytest.param("", None, id="empty"),
        pytest.param("q" * 100_000, None, id="very long"),
    ],
)
def test_the_nearest_spelling_is_found(word: str, found: str | None) -> None:
    assert nearest(word, ["portfolio", "quick_skills", "expertise"]) == found


@pytest.mark.parametrize(
    ("word", "allowed", "found"),
    [
        # One slip: a letter more, less, other, or swapped with the next.
        ("pya", "pay", True),
        ("wekes", "weeks", True),
        ("incme", "income", True),
        ("prefered", "preferred", True),
        ("huors per week", "hours_per_week", True),
        # Two or three in a long word: 2 of 12 letters, 2 of 14.
        ("proffesionnal", "professional", True),
        ("apprentiship", "apprenticeship", True),
        # Another ending of the same stem, or only the beginning.
        ("exploring", "explore", True),
        ("exploration", "explore", True),
        ("employed", "employment", True),
        ("on sight", "on site", True),
        # A word more, less or other: 26 of 33 letters, 16 of 21.
        ("guidance helps", "guidance would help", True),
        ("not sure", "I am not sure", True),
        ("mentor", "mentorship", True),
        # 3 of 7 letters, 2 of 6, 4 of 7: other words, however many letters they share.
        ("banana", "balance", False),
        ("come", "income", False),
        ("result", "resume", False),
        ("finance", "income", False),
        ("condensed", "confidence", False),
        ("experience", "expertise", False),
        ("moment", "employment", False),
        ("caution", "location", False),
        ("un", "us", False),
    ],
)
def test_only_what_may_be_a_slip_is_near(word: str, allowed: str, found: bool) -> None:
    assert nearest(word, [allowed]) == (allowed if found else None)


def test_nothing_is_near_where_nothing_is_allowed() -> None:
    assert nearest("pay", []) is None


def test_templates_are_filled_by_name() -> None:
    assert fill("{Format} takes {least}.", {"Format": "A walk", "least": 3}) == "A walk takes 3."


@pytest.mark.parametrize("template", ["{unknown}", "{Format.__class__}", "{Format[0]}", "{Format!r}", "{0}", "{", "{}"])
def test_a_template_is_no_format_string(template: str) -> None:
    assert fill(template, {"Format": "A walk"}) == template


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "no"}) == "{b}"


def test_placeholders_are_named_once() -> None:
    assert placeholders("{Format} and {least} and {Format}") == {"Format", "least"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("short", "'short'", id="text is quoted"),
        pytest.param(4, "4", id="a number is not"),
        pytest.param("x" * 100, "'" + "x" * 57 + "...'", id="60 characters at most"),
        pytest.param("two\nlines", "'two lines'", id="one line"),
        pytest.param("\x1b[31mred", "'red'", id="safe"),
    ],
)
def test_a_value_is_shown_on_one_safe_line(value: object, text: str) -> None:
    assert shortened(value) == text


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("an Oxford scheme", "An Oxford scheme"), ("élan", "Élan")])
def test_only_the_first_letter_is_raised(text: str, shown: str) -> None:
    assert capitalized(text) == shown


@pytest.mark.parametrize(
    ("words", "sentence"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_are_joined_as_in_a_sentence(words: list[str], sentence: str) -> None:
    assert joined(words) == sentence
