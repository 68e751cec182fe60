"""Small pure functions on text: spelling, opposites, templates, and keeping terminals safe. No I/O."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache

# Whole escape sequences first (OSC, DCS, PM, APC and SOS with their payload, then CSI), so that no tail of one is left.
# Compiled by ``re`` when a text first needs it, which few do.
_ESCAPES = (
    r"(?s:(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c|$)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?)"
)
_BEYOND_ASCII = "[^\x00-\x7e]"
# The one list of what is never printed, and stays escaped in JSON: DEL and C1 controls; line and paragraph separators;
# all that Unicode lets programs draw as nothing (Default_Ignorable_Code_Point: marks of direction, fillers, invisible
# operators, tags), but for the two joiners and the two selectors that words and emoji need; the blank of Braille; marks
# of annotations; lone surrogates; private use, whose looks are up to whoever made the font; and noncharacters. As
# ranges from the first to the last; a regular expression of them takes 14 of 250 million instructions to compile.
_UNPRINTABLE = [
    (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200B), (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164),
    (0xD800, 0xF8FF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0D), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    *((plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(1, 14)),
    (0xE0000, 0xE0FFF), (0xEFFFE, 0xEFFFF), (0xF0000, 0x10FFFF),
]  # fmt: skip
_SEPARATORS = re.compile(r"[-_\s]+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def printable(text: str) -> str:
    """Text that is safe on a terminal: escape sequences gone, other controls turned into a space."""
    if text.isascii() and text.isprintable():
        return text
    # C0 controls but for newline as well; JSON escapes them anyway.
    controls = {ord(char): " " for char in set(text) if (char < " " and char != "\n") or _unprintable(char)}
    return re.sub(_ESCAPES, "", text).translate(controls) if controls else text


def safe_json(text: str) -> str:
    """JSON text in which nothing is left that a terminal would obey or hide; it means the same."""
    if text.isascii() and "\x7f" not in text:  # known at once, which for a thousand rows counts
        return text
    hidden = {ord(char): _escaped(char) for char in set(text) if _unprintable(char)}
    return text.translate(hidden) if hidden else text


@lru_cache(maxsize=5_000)
def _unprintable(char: str) -> bool:
    point = ord(char)
    at = bisect_right(_UNPRINTABLE, (point, sys.maxunicode)) - 1
    return at >= 0 and point <= _UNPRINTABLE[at][1]


def ascii_json(text: str) -> str:
    """JSON text in ASCII; it means the same."""
    return (
        text if text.isascii() and "\x7f" not in text else re.sub(_BEYOND_ASCII, lambda match: _escaped(match[0]), text)
    )


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def canonical(text: str) -> str:
    """The form in which values are compared: no case or outer space, and one space for ``-``, ``_`` and space."""
    return _known_form(text) if len(text) <= _MOST_KNOWN else _form(text)


def _form(text: str) -> str:
    return _SEPARATORS.sub(" ", text.casefold()).strip().replace("\u2019", "'")  # as phones type it


# The same few words come up again and again where many people answer.
_MOST_KNOWN = 60
_known_form = lru_cache(maxsize=5_000)(_form)


def text_of(value: object) -> str:
    """A value as text, also where Python refuses it: numbers of thousands of digits, lists nested without end."""
    try:
        return str(value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too large to show"


def shortened(value: object, most: int = 60, *, quote: bool = True) -> str:
    """A value as it can be shown in an error: one safe line, cut where it is long."""
    text = printable(text_of(value)).replace("\n", " ")
    text = text if len(text) <= most else text[: most - 3] + "..."
    return f"'{text}'" if quote and isinstance(value, str) else text


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that is spelled most like the given one or begins with it, if any is near enough to be meant.

    None that says the opposite: ``required`` is not offered for ``not required``.
    """
    from difflib import SequenceMatcher, get_close_matches

    forms: dict[str, str] = {}
    for candidate in allowed:
        if not opposed(word[:100], candidate):
            forms.setdefault(canonical(candidate), candidate)
    given = canonical(word[:100])
    close = [
        form
        for form in get_close_matches(given, list(forms), cutoff=0.6)
        if _near(given, form)
        or (" " in given + form and SequenceMatcher(None, form, given).ratio() >= _ALIKE)  # words more or less
    ]
    close += [form for form in forms if len(given) > 1 and form.startswith(given)]
    return forms[close[0]] if close else None


def _near(given: str, form: str) -> bool:
    """Whether one may be a slip or another ending of the other: a quarter of the letters differ, or the last third."""
    alike = next((at for at, (one, other) in enumerate(zip(given, form, strict=False)) if one != other), len(given))
    return _edits(given, form) <= max(1, max(len(given), len(form)) // 4) or (
        alike >= _STEM and 3 * alike >= 2 * min(len(given), len(form))
    )


# Of a text of several words, this share of the letters has to stand in the same order.
_ALIKE = 0.7
# So many first letters make two words one stem: "explor" of "exploring" and "explore".
_STEM = 5


def _edits(one: str, other: str) -> int:
    """How many letters to insert, delete, replace or swap with the next: the optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        row = [i + 1]
        for j, opposite in enumerate(other):
            row.append(min(last[j] + (letter != opposite), last[j + 1] + 1, row[j] + 1))
            if i and j and letter == other[j - 1] and one[i - 1] == opposite:
                row[-1] = min(row[-1], before[j - 1] + 1)
        before, last = last, row
    return last[-1]


def placeholders(template: str) -> set[str]:
    """The names in braces that a template uses."""
    return set(_PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with ``{name}`` replaced; a closed set of names, no format syntax, so a catalog can run nothing."""
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], match[0])), template)


def capitalized(text: str) -> str:
    """The text with its first letter in upper case and the rest untouched."""
    return text[:1].upper() + text[1:]


def joined(words: list[str], last: str = "and") -> str:
    """A list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


# --- opposites -------------------------------------------------------------------------------------------------------

_WORD = r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?"
# "n't" counts as well, and words that begin with "un" but for those that are no negation.
_NEGATIONS = frozenset(
    "no not never none neither nor nothing without cannot nein nicht nie kein keine keinen ohne ne pas non sans aucun"  # noqa: SIM905
    " aucune jamais dont cant wont doesnt isnt".split()
)
_NO_NEGATION = ("under", "until", "uni", "unless", "unlimited", "unter", "und", "une", "uns")
# Words that say nothing by themselves.
_EMPTY = frozenset("i am is are do does did to a an the it be can me my on in of for not no".split())  # noqa: SIM905
_OPPOSITES = (("yes", "no"), ("ja", "nein"), ("oui", "non"), ("with", "without"), ("mit", "ohne"), ("avec", "sans"))


def opposed(text: str, other: str) -> bool:
    """Whether one of two texts has a negation that the other has not: ``not required`` and ``required``.

    Two that have one must have more in common than that.
    """
    words, others = _words(text), _words(other)
    if _is_negated(words) != _is_negated(others):
        return True
    content = {word for word in words - _EMPTY if not _is_negation(word)}
    if _is_negated(words) and content and not content & others:
        return True
    pairs = [*_OPPOSITES, *((word.removeprefix("un"), word) for word in words | others if word.startswith("un"))]
    return any(
        (one in words and two in others and one not in others and two not in words)
        or (two in words and one in others and two not in others and one not in words)
        for one, two in pairs
    )


def _words(text: str) -> set[str]:
    return {word.casefold().replace("\u2019", "'") for word in re.findall(_WORD, text.replace("_", " "))}


def _is_negated(words: set[str]) -> bool:
    return any(map(_is_negation, words))


def _is_negation(word: str) -> bool:
    """Whether a word denies something; "ont" and "nt" are misspelled."""
    begun = word.startswith("un") and len(word) > 2 and not word.startswith(_NO_NEGATION)
    return begun or word in _NEGATIONS or word.endswith("n't") or sorted(word) in (["n", "o", "t"], ["n", "t"])
