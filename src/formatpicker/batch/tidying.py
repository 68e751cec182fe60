"""Steps that tidy a text before it is an answer, and what has happened to a text that is none."""

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
_END = " \t\r\n.!;,:"
# What UTF-8 looks like where it was read as windows-1252.
_MOJIBAKE = re.compile("[ÂÃâ][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


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


# Tried in this order, each on what the one before has left, until the text is an answer.
STEPS: Mapping[str, Callable[[Question, str], str]] = {
    "markup taken out": lambda question, text: (
        unescape(_TAG.sub("", _LIST_ITEM.sub("\n", text))).strip() if "<" in text or "&" in text else text
    ),
    "letters saved in the wrong encoding mended": lambda question, text: mended(text),
    # Apostrophes, wide letters, hard spaces.
    "typographic marks made plain": lambda question, text: (
        normalize("NFKC", text).replace("’", "'").replace("‘", "'").replace("\u00ad", "")
    ),
    "numbering taken out": lambda question, text: _NUMBERING.sub(r"\1", text) if question.choices else text,
    "numbered goals parted": lambda question, text: _NUMBERED.sub(";", text) if question.goals else text,
    "units spelled plainly": lambda question, text: (
        text if question.choices else _JOINT.sub("", _HYPHEN.sub(" ", text))
    ),
    "quotation marks taken out": _unquoted,
    "goals parted": _parted,
    "a mark at the end taken out": lambda question, text: text.rstrip(_END),
}


# --- dates that a spreadsheet has made of what was typed: 3-4 hours, or 1.5 weeks in a German sheet ------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar janv january janvier",
            "feb februar févr fevr february février",
            "mar mär mrz märz mars march",
            "apr april avr avril",
            "may mai",
            "jun juni june juin",
            "jul juli july juil juillet",
            "aug august août aout",
            "sep sept september septembre",
            "oct okt oktober october octobre",
            "nov november novembre",
            "dec dez dezember december déc décembre",
        ),
        1,
    )
    for name in names.split()
}
_NAMED = re.compile(r"(\d{1,2})[-./ ]+([^\W\d]{3,9})\.?|([^\W\d]{3,9})\.?[-./ ]+(\d{1,4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_WRITTEN = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})")
# What was typed becomes a date of the year it was typed in; an earlier one is a date of birth.
_FIRST_YEAR = 2020
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?", re.IGNORECASE)


def excel_date(text: str) -> str:
    """What to say of a text that is a date or a time of day where a number belongs; empty where it is neither."""
    day_and_month = _day_and_month(text.strip())
    if day_and_month:
        day, month = day_and_month
        return (
            f"is a date: Excel makes one of {month}-{day} (or {day}.{month}); type it again as text, or as one number"
        )
    if _TIME.fullmatch(text.strip()):
        return "is a time of day: Excel makes one of what is typed with a colon; type it again as one number"
    return ""


def _day_and_month(text: str) -> tuple[int, int] | None:
    iso, written, named = _ISO.fullmatch(text), _WRITTEN.fullmatch(text), _NAMED.fullmatch(text)
    if iso and int(iso[1]) >= _FIRST_YEAR:
        return int(iso[3]), int(iso[2])
    if written and (len(written[4]) == 2 or int(written[4]) >= _FIRST_YEAR):  # Americans write the month first
        first, second = int(written[1]), int(written[3])
        return (first, second) if written[2] == "." else (second, first)
    if named:
        month = _MONTHS.get((named[2] or named[3]).casefold())
        return (int(named[1] or named[4]) % 100, month) if month else None
    return None
