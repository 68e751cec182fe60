"""What may reach a terminal, for every character of Unicode."""

from __future__ import annotations

import json
import sys
import unicodedata

from formatpicker.base.text import printable, safe_json

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt): what programs draw as nothing.
IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]  # fmt: skip
# Words of Persian and Hindi, and emoji, need the joiners and the selectors of a text's or a picture's look.
NEEDED = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
BLANK = {0x2800}
ANNOTATION = {0xFFF9, 0xFFFA, 0xFFFB}


def is_harmful(point: int) -> bool:
    """Whether a terminal might obey a character, hide it, or show whatever somebody's font has there."""
    noncharacter = 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
    return unicodedata.category(chr(point)) in ("Cc", "Cs", "Co", "Zl", "Zp") or noncharacter


EVERYTHING = [*map(chr, range(sys.maxunicode + 1))]
HARMFUL = {
    *map(chr, {*filter(is_harmful, range(sys.maxunicode + 1))} - NEEDED),
    *map(chr, {point for first, last in IGNORABLE for point in range(first, last + 1)} - NEEDED),
    *map(chr, BLANK | ANNOTATION),
}


def test_every_character_is_printed_or_replaced_as_the_rule_says() -> None:
    # An escape character and its C1 kin take what follows with them.
    replaced = {each for each in EVERYTHING if printable(f"a{each}b") != f"a{each}b"}
    assert replaced == HARMFUL - {"\n"}


def test_json_escapes_the_same_characters_and_means_the_same() -> None:
    # Letters between, since every reader of JSON takes a high and a low surrogate side by side for one character.
    everything = "a".join(EVERYTHING)
    text = safe_json(json.dumps(everything, ensure_ascii=False))
    assert {*text} & HARMFUL == set()
    assert (json.loads(text) == everything) is True
