"""Answers that cannot be read, or in more than one way: what to say of them, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from formatpicker.base.durations import is_time_unit
from formatpicker.base.text import canonical, joined, nearest, opposed
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.errors import AnswerError, one_of

_RANGE = r"(?i)(?:between\s+|from\s+)?(?P<low>.*?\S)\s*(?:[-\u2013\u2014]|\bto\b|\bor\b|\band\b)\s*(?P<high>\S.*)"
_UNIT = r"(?i)(?:\d|\s)\s*([a-z][a-z./ ]*)$"
_BOUND = (
    r"(?i)[<>\u2264\u2265]|\d\s*\+|\b(?:under|below|less|fewer|over|above|more|least|min|minimum|before|after|unter|\u00fcber"
    r"|weniger|mehr|mindestens|moins|plus|apr\u00e8s)\b"
)
_OTHER_UNIT = (
    r"(?i)[\u20ac$\u00a3%]|\d\s*(?:kg|km|cm|eur|euros?|usd|dollars?|gbp|pounds?)\b|\b(?:daily|monthly|yearly)\b"
    r"|(?:\b(?:an?|per|each|every|pro|am|im|par)\s+|/\s*)(?:day|month|year|tag|monat|jahr|jour|mois)\b"
)
# Words of so few letters are near to too many others.
_SHORT = 4
_BETWEEN = r"[;/\n]|,(?!\d)|\band\b"


def in_doubt(question: Question, raw: object, meanings: Sequence[str]) -> AnswerError:
    """What to say of an answer with several meanings."""
    told = joined([repr(each) for each in meanings], "or")
    return AnswerError(question.id, raw, f"may mean {told}; write which", candidates=meanings)


def unread(
    question: Question,
    raw: object,
    problem: str,
    reading: Callable[[str], float | None],
    nearest_reading: Callable[[str], str],
) -> AnswerError:
    """What to say of a number or a duration that cannot be read.

    Args:
        question: What was asked.
        raw: What was answered.
        problem: What is wrong with it.
        reading: The value of a text, None where it has none.
        nearest_reading: The text with a value that another text is closest to, or an empty one.
    """
    if not isinstance(raw, str):
        return AnswerError(question.id, raw, problem)
    if question.answer is AnswerKind.NUMBER and _is_in_other_unit(question, raw):
        example = f"; write the number alone, for example {question.example}" if question.example else ""
        unit = question.label.casefold() if question.unit in question.label.casefold() else question.unit
        return AnswerError(question.id, raw, f"not in {unit}, but in another unit{example}")
    for ends in (range_ends(raw), _listed_parts(raw)):
        if ends and all(reading(end) is not None for end in ends):
            return in_doubt(question, raw, ends)
    closest = nearest_reading(raw)
    value, (least, most) = reading(closest) if closest else None, question.ends
    guessed = value is not None and least <= value <= most and not _is_bound(raw) and not opposed(raw, closest)
    near = closest if guessed else nearest(raw, question.words or ())
    hint = f"; did you mean {near!r}?" if near else ""
    return AnswerError(question.id, raw, problem + hint, candidates=[near] if near else [])


def range_ends(text: str) -> tuple[str, ...]:
    """The two ends of what may be a range, each with the unit that stands with either: ``6-8 weeks``.

    Empty where nothing joins two parts. Whether the ends mean anything is up to whoever reads them.
    """
    match = re.fullmatch(_RANGE, text.strip())
    if match is None:
        return ()
    ends = (match["low"].strip(), match["high"].strip())
    units = [unit[1] if (unit := re.search(_UNIT, end)) else "" for end in ends]
    return tuple(
        end if unit or not other else f"{end} {other}"
        for end, unit, other in zip(ends, units, reversed(units), strict=True)
    )


def _is_in_other_unit(question: Question, text: str) -> bool:
    """Whether a number is one of days, euros or the like: ``3 weeks`` and ``2 hours a day`` are no hours a week."""
    behind = re.search(r"\d\s*([^\W\d_]+)", text)
    word = behind[1].casefold() if behind else ""
    own = word in question.units or word in question.unit.casefold().split()
    return (is_time_unit(word) and not own) or re.search(_OTHER_UNIT, text) is not None


def _is_bound(text: str) -> bool:
    """Whether a text names an end that a number lies beyond: ``under 18``, ``at least 20``; not ``up to 20``."""
    return re.search(_BOUND, text) is not None


def _listed_parts(text: str) -> tuple[str, ...]:
    """The parts of a list: ``4 weeks, 8 weeks``. Empty where there is only one."""
    parts = tuple(part.strip() for part in re.split(_BETWEEN, text) if part.strip())
    return parts if len(parts) > 1 else ()


def unnamed(question: Question, raw: str, noun: str) -> AnswerError:
    """What to say of a text that names no option or goal: goals without commas, or the option that may be meant."""
    goals = [question.ids_by_name.get(canonical(word), "") for word in raw.split()]
    if question.goals and len(goals) > 1 and all(goals):
        told = ", ".join(goals)
        return AnswerError(question.id, raw, f"several goals; put a comma between them: {told}", candidates=[told])
    ids = [each.id for each in question.choices]
    begun = _begun(question, raw)
    near = "" if begun else nearest(raw, [name for each in question.choices for name in (each.id, each.label)])
    # Of words only a slip counts: "no" begins what may mean anything.
    slips = {word: each for word, each in (question.words or {}).items() if abs(len(word) - len(raw.strip())) <= 1}
    words = {word: each[0] for word, each in slips.items() if len(each) == 1 and len(word) > _SHORT}
    near = near or ("" if begun else nearest(raw, words)) or ""
    meant = begun or question.ids_by_name.get(canonical(near)) or words.get(near, "")
    problem = one_of(raw, ids, noun, begun or near)
    return AnswerError(question.id, raw, problem, candidates=[meant] if meant else [])


def _begun(question: Question, raw: str) -> str:
    """The option whose words begin with a text and a comma, as a plain "Yes" begins one; empty where several do."""
    begun = {id for name, id in question.ids_by_name.items() if name.startswith(f"{canonical(raw)},")}
    return begun.pop() if len(begun) == 1 else ""


def kind_of(value: object) -> str:
    """What a value is, in words: ``a list`` where a number belongs."""
    kinds = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        type(None): "nothing",
    }
    return kinds.get(type(value), "a mapping" if isinstance(value, Mapping) else type(value).__name__)
