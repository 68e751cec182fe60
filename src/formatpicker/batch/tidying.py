"""Steps that tidy a text of a table until it is an answer: markup, encoding, numbering, quotation marks. Pure."""

# ruff: noqa: RUF001  (what looks like other characters is what has to be found)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from unicodedata import normalize

from formatpicker.base.text import canonical
from formatpicker.catalog.criteria import Question

_LIST_ITEM = re.compile(r"<\s*(?:br|/p|/li|/div)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[/a-zA-Z][^<>]{0,200}>")
_NUMBERING = re.compile(r"(^|[;,\n|])\s*(?:\(?(?:\d{1,2}|[a-z])[.)]|[-*•·‣▪►✓✔☑]|\d{1,2}\s*[-–—:])\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
# "8-weeks", and "10 heures / semaine".
_HYPHEN = re.compile(r"(?<=\d)\s*-\s*(?=[^\W\d])")
_JOINT = re.compile(r"\s+(?=/)|(?<=/)\s+")
_QUOTES = re.compile(r"[\"“”„«»`]|(?:^|(?<=[;,\s]))['‘’]|['‘’](?=$|[;,\s])")
_BRACKETS = re.compile(r"^\s*[\[(]|[\])]\s*$")
_BETWEEN_GOALS = re.compile(r"\s*[|/&+]\s*|\s+(?:and|und|et)\s+")
_END = re.compile(r"[\s.!;,:]+$")
# What UTF-8 looks like where it was read as windows-1252.
_MOJIBAKE = re.compile("[ÂÃâ][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def _without_markup(question: Question, text: str) -> str:
    return unescape(_TAG.sub("", _LIST_ITEM.sub("\n", text))).strip() if "<" in text or "&" in text else text


def mended(text: str) -> str:
    """Text that was written as UTF-8 and read as windows-1252, as it was meant; anything else as it is."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("windows-1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _plain_marks(question: Question, text: str) -> str:
    """Letters and marks of one shape: typographic apostrophes, wide letters, hard spaces."""
    return normalize("NFKC", text).replace("’", "'").replace("‘", "'").replace("\u00ad", "")


def _unquoted(question: Question, text: str) -> str:
    """Goals as other programs write a list of them lose their brackets; a list is an answer to no other question."""
    if question.goals:
        text = _BRACKETS.sub("", text)
    return text if text.lstrip().startswith(("[", "{")) else _QUOTES.sub("", text).strip()


def _parted(question: Question, text: str) -> str:
    """Goals that stand between spaces as ids, as Kobo writes them, or between other marks."""
    if not question.goals:
        return text
    words = text.split()
    if len(words) > 1 and question.goal_ids.issuperset(words):
        return ";".join(words)
    parts = _BETWEEN_GOALS.split(text)
    known = all(canonical(part) in question.ids_by_name for part in parts)
    return ";".join(parts) if len(parts) > 1 and known else text


def _for_choices(step: Callable[[str], str]) -> Callable[[Question, str], str]:
    return lambda question, text: step(text) if question.choices else text


# Tried in this order, each on what the one before has left, until the text is an answer.
STEPS: Mapping[str, Callable[[Question, str], str]] = {
    "markup taken out": _without_markup,
    "letters saved in the wrong encoding mended": lambda question, text: mended(text),
    "typographic marks made plain": _plain_marks,
    "numbering taken out": _for_choices(lambda text: _NUMBERING.sub(r"\1", text)),
    "numbered goals parted": lambda question, text: _NUMBERED.sub(";", text) if question.goals else text,
    "units spelled plainly": lambda question, text: (
        text if question.choices else _JOINT.sub("", _HYPHEN.sub(" ", text))
    ),
    "quotation marks taken out": lambda question, text: _unquoted(question, text),
    "goals parted": _parted,
    "a mark at the end taken out": lambda question, text: _END.sub("", text),
}
