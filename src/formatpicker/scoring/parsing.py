"""Reading answers: what a person, a file or a program gives, to answers in whole units; the rest is said plainly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from formatpicker.base.durations import (
    DAYS_PER_WEEK,
    digits_first,
    duration_text,
    duration_words,
    is_in_hours,
    lone_number,
    nearest_duration,
    parse_days,
)
from formatpicker.base.text import canonical, shortened
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import MOST_FAULTS, AnswerError, one_of
from formatpicker.scoring.answers import ID, MOST_IMPORTANCE, SKIP, Answer, Answers, Goals, Said, answer_text, plain
from formatpicker.scoring.unread_answers import in_doubt, kind_of, unnamed, unread
from formatpicker.scoring.weights import ranked_goals

MOST_CHARACTERS = 2_000
# Whatever is larger, or no number, is out of every range; comparing it is safe, calculating with it may not be.
_MOST_NUMBER = 1e15
# A duration in words that lies less than this beyond the longest one is meant to be that.
_NEARLY = 1.01
# Patterns are compiled, and kept by ``re``, when a text first needs them: what comes as plain data needs none.
_PIECE = r"[^;,\n\r]+"
_PLAIN_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,9})?"
_WEIGHED = r"(.+?)\s*[:=]\s*(\d{1,2})"
# What people put where they write nothing, and behind a word.
_MARKS = " -_.?!\u2013\u2014\u2212"
# A thousand in one country and a fraction in another.
_AMBIGUOUS = r"[-+]?[1-9]\d{0,2}[.,]\d{3}(?!\d)"
AMBIGUOUS = "may mean a thousand or a fraction; write it without a separator, or with fewer digits behind it"
_NUMBER = r"(?s)([-+]?\d{1,9}(?:[.,]\d{1,9})?)(|\s.*|[^\s\d.,].*|\.)"


def parse_answers(
    catalog: Catalog,
    raw: object,
    file: str = "",
    line_of: Callable[[str], int] = lambda key: 0,
    own_words: bool = False,
) -> Answers:
    """The answers in plain data, as a file, a program or flags give them.

    Args:
        catalog: The catalog whose questions are answered.
        raw: A mapping from question id to answer, or a row of a pandas table; ``id`` may stand beside the answers.
        file: The name of the file, for messages.
        line_of: The line of a key in it.
        own_words: Keep what people wrote, for pages that are read by who wrote it; what programs read never depends
            on how an answer was worded.

    Raises:
        AnswerError: An unknown key, or a value that its question does not accept; ``others`` holds all further ones.
    """
    raw = plain(raw)
    if not isinstance(raw, Mapping):
        raise AnswerError(
            "answers",
            None,
            f"must be a mapping of questions to answers, a line for each{_first_line(catalog)}; this is {kind_of(raw)}",
            file,
            1 if file else 0,
        )
    known = {ID: ID, **{canonical(id): id for id in catalog.questions}}
    parsed: dict[str, Any] = {}
    faults: list[AnswerError] = []
    for key, value in raw.items():
        try:
            id = known.get(canonical(str(key)), "")
            if id in parsed:
                raise AnswerError(str(key), None, f"answers {id} a second time; keep one")
            if not id and len(faults) > MOST_FAULTS:  # to look for what each may mean takes long
                raise AnswerError(str(key), None, "not a question")
            parsed[id] = _parsed(catalog, str(key), id, value, own_words)
        except AnswerError as error:
            error.file, error.line = file, line_of(str(key))
            faults.append(error)
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0]
    own = None if ID in catalog.questions else parsed.get(ID)
    return Answers({id: answer for id in catalog.questions if (answer := parsed.get(id)) is not None}, own)


def _first_line(catalog: Catalog) -> str:
    """How one answer is written, after the first question with an example."""
    examples = (
        f", such as {id}: {each.example.split(',')[0]}" for id, each in catalog.questions.items() if each.example
    )
    return next(examples, "")


def _parsed(catalog: Catalog, key: str, id: str, value: object, own_words: bool) -> object:
    """One answer, or the id of a person; errors as in ``parse_answers``."""
    if id in catalog.questions:
        question = catalog.questions[id]
        try:
            return (as_said if own_words else parse_answer)(question, value)
        except AnswerError:
            if isinstance(value, str) and is_no_answer(catalog, question, value):
                return None
            raise
    if not id:
        raise AnswerError(key, None, one_of(key, list(catalog.questions), "question"))
    found = plain(value)
    if not (found is None or isinstance(found, str) or _is_number(found)) or len(str(found)) > MOST_CHARACTERS:
        number = isinstance(found, int | float) and not isinstance(found, bool)
        instead = "this one; put it in quotation marks" if number else kind_of(found)
        raise AnswerError(key, value, f"must be a short text or a number of up to 15 digits, not {instead}")
    return found if str(found).strip() else None


def as_said(question: Question, raw: object) -> Answer | None:
    """What ``parse_answer`` gives, with the words that were used where they say more than the number.

    For what is shown to the person who answered. What programs read must be the same for equal answers.
    """
    answer = parse_answer(question, raw)
    if not isinstance(raw, str) or not isinstance(answer, int) or re.fullmatch(_PLAIN_NUMBER, raw.strip()):
        return answer
    text = raw.strip()
    if shortened(text, quote=False) != text:
        return answer
    meant = (question.words or {}).get(canonical(text), (text,))[0]
    words = duration_words(meant) if answer and question.answer is AnswerKind.DURATION else ""
    if question.words and meant == f"{question.most:g}":  # a word for no limit at all stays what it is
        words = canonical(text)
    return Said(answer, words or answer_text(question, answer), text)


def is_no_answer(catalog: Catalog, question: Question, text: str) -> bool:
    """Whether people write a text for no answer, such as ``n/a``, ``idk`` or ``?``; it is no word of the question."""
    if len(text) > MOST_CHARACTERS:
        return False
    words = canonical(text)
    forms = (words, words.strip(_MARKS))
    own = any(form in question.ids_by_name or form in (question.words or ()) for form in forms)
    return not own and (not forms[1] or not catalog.no_answer.isdisjoint(forms))


def parse_answer(question: Question, raw: object) -> Answer | None:
    """The answer to one question from text or plain data; None where it is left open.

    Raises:
        AnswerError: The question does not accept this value, or it may mean several; ``candidates`` are then those.
    """
    raw = plain(raw)
    if raw is None or (isinstance(raw, str) and canonical(raw) in ("", SKIP)):
        return None
    if isinstance(raw, str) and len(raw) > MOST_CHARACTERS:
        raise AnswerError(question.id, raw, f"longer than {MOST_CHARACTERS:,} characters, which no answer needs")
    return _PARSERS[question.answer](question, _meant(question, raw))


def _meant(question: Question, raw: object) -> object:
    """What a word of the catalog's vocabulary stands for; anything else as it is."""
    meanings = question.words.get(canonical(raw)) if question.words and isinstance(raw, str) else None
    if meanings is None:
        return raw
    if len(meanings) > 1:
        raise in_doubt(question, raw, meanings)
    return meanings[0]


def _parse_choice(question: Question, raw: object) -> str:
    if not isinstance(raw, str):
        raise AnswerError(question.id, raw, f"must be one of {', '.join(question.option_ids)}, not {kind_of(raw)}")
    return _named(question, raw, "answer")


def _named(question: Question, raw: str, noun: str) -> str:
    """The id of the option or goal that a text names."""
    found = question.ids_by_name.get(canonical(raw))
    if found is None:
        _meant(question, raw)
        raise unnamed(question, raw, noun)
    return found


def _parse_duration(question: Question, raw: object) -> int:
    _check_unambiguous(question, raw)
    given: Any = raw
    if isinstance(raw, str) and re.fullmatch(_PLAIN_NUMBER, raw.strip()):
        given = float(raw.replace(",", "."))  # text without a unit is the number that it writes
    days = parse_days(given) if _is_number(given) or isinstance(given, str) else None
    if days is None:
        from_today = "" if question.least else ", counted from today"
        what = "a number of hours, where days are the least" if is_in_hours(raw) else "not a duration"
        problem = f"{what}; write weeks as a number, or for example {question.example}{from_today}"
        raise unread(question, raw, problem, parse_days, nearest_duration)
    weeks = given if _is_number(given) else days / DAYS_PER_WEEK
    least_days, most_days = question.ends
    if isinstance(given, str) and most_days < days < _NEARLY * most_days:
        days, weeks = most_days, question.most  # a year of the calendar is a little more than 52 weeks
    if not question.least <= weeks <= question.most:
        raise AnswerError(
            question.id,
            raw,
            f"out of range: from {duration_text(least_days)} ({question.least:g} weeks) to {question.most:g} weeks",
        )
    return days


def _check_unambiguous(question: Question, raw: object) -> None:
    if isinstance(raw, str) and re.match(_AMBIGUOUS, raw.strip()):
        raise AnswerError(question.id, raw, AMBIGUOUS)


def _parse_number(question: Question, raw: object) -> int:
    _check_unambiguous(question, raw)
    number = _number_in(question, raw) if isinstance(raw, str) else raw
    if not _is_number(number):
        problem = f"not a number of {question.unit or 'units'}"
        raise unread(question, raw, problem, lambda text: _number_in(question, text), lone_number)
    if not question.least <= cast(float, number) <= question.most:
        raise AnswerError(
            question.id,
            raw,
            f"out of range: from {question.least:g} to {question.most:g} {question.unit}".rstrip(),
        )
    return math.floor(cast(float, number))


def _number_in(question: Question, text: str) -> float | None:
    match = re.fullmatch(_NUMBER, digits_first(text.strip()))
    return float(match[1].replace(",", ".")) if match and _is_unit(question, match[2]) else None


def _is_unit(question: Question, text: str) -> bool:
    """Whether what follows a number is its unit: nothing, the begin of it, a word of it, or as an answer is shown."""
    if canonical(text) in question.units:
        return True
    given, unit = (" ".join(each.casefold().split()) for each in (text.removesuffix("."), question.unit))
    shown = " ".join(answer_text(question, 2).casefold().removeprefix("2").split())
    return unit.startswith(given) or given in unit.split() or given == shown


def _parse_goals(question: Question, raw: object) -> Goals | None:
    if isinstance(raw, str):
        raw = _goals_from_text(question, raw)
    if isinstance(raw, list | tuple):
        return _ranked(question, raw)
    if isinstance(raw, Mapping):
        if len(raw) > len(question.goals):
            raise AnswerError(question.id, None, f"there are {len(question.goals)} goals, not {len(raw)}")
        shares = {_goal(question, key): _importance(question, key, value) for key, value in raw.items()}
        if len(shares) < len(raw):
            raise AnswerError(question.id, None, "names the same goal twice; name each once")
        return Goals({goal.id: shares[goal.id] for goal in question.goals if goal.id in shares}) if shares else None
    raise AnswerError(question.id, raw, f"must be a list of goals, or a mapping of goals to 1-5, not {kind_of(raw)}")


def _ranked(question: Question, raw: Sequence[object]) -> Goals | None:
    if len(raw) > question.most:
        raise AnswerError(question.id, None, f"at most {question.most:g} goals, not {len(raw)}")
    goals: list[str] = []
    for item in raw:
        goal = _goal(question, item)
        if goal in goals:
            raise AnswerError(question.id, item, "stands twice; name each goal once")
        goals.append(goal)
    return ranked_goals(goals) if goals else None


def _goals_from_text(question: Question, text: str) -> list[str] | dict[str, object]:
    """``explore, portfolio`` is a ranking; ``explore: 5, portfolio: 3`` gives importances."""
    ids = text.split(";")
    if question.goal_ids.issuperset(ids):  # as programs write it
        return ids
    parts = split_goals(question, text)
    weighed = [_weighed(part) for part in parts]
    if parts and all(weighed):
        pairs = [(match[1], int(match[2])) for match in weighed if match]
        return dict(pairs) if len({canonical(goal) for goal, _ in pairs}) == len(pairs) else [goal for goal, _ in pairs]
    return parts


def split_goals(question: Question, text: str, also: Collection[str] = ()) -> list[str]:
    """The parts of a text between ``;``, ``,`` or line ends, but for one inside a goal's label: the longest label wins.

    Args:
        question: The question about goals.
        text: What is written.
        also: Further texts that stand for a goal, in the form in which they are compared.
    """
    pieces = [match for match in re.finditer(_PIECE, text) if match[0].strip()]
    most = max([question.most_commas, *(name.count(",") + name.count(";") for name in also)])
    parts, at = [], 0
    while at < len(pieces):
        found, end = pieces[at][0].strip(), at + 1
        for last in range(min(len(pieces), at + 1 + most), at, -1):
            spelled = text[pieces[at].start() : pieces[last - 1].end()].strip()
            spaced = ", ".join(piece[0].strip() for piece in pieces[at:last])
            name = next((each for each in (spelled, spaced) if _is_goal(question, each, also)), None)
            if name is not None:
                found, end = name, last
                break
        parts.append(found)
        at = end
    return parts


def _is_goal(question: Question, text: str, also: Collection[str]) -> bool:
    match = _weighed(text)
    return canonical(match[1] if match else text) in question.ids_by_name or canonical(text) in also


def _weighed(part: str) -> re.Match[str] | None:
    """A goal and its importance, where a part names both."""
    return re.fullmatch(_WEIGHED, part) if ":" in part or "=" in part else None


def _goal(question: Question, raw: object) -> str:
    if not isinstance(raw, str):
        raise AnswerError(question.id, raw, f"holds {kind_of(raw)} where the name of a goal belongs")
    if raw in question.goal_ids:
        return raw
    return _named(question, raw, "goal")


def _importance(question: Question, goal: object, raw: object) -> int:
    text = raw.strip() if isinstance(raw, str) else plain(raw)
    number = int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]", text) else text
    if not _is_number(number) or number not in range(1, MOST_IMPORTANCE + 1):
        raise AnswerError(question.id, raw, f"the importance of {shortened(goal)} must be 1 to {MOST_IMPORTANCE}")
    return int(cast(int, number))


_PARSERS: dict[AnswerKind, Callable[[Question, object], Answer | None]] = {
    AnswerKind.GOALS: _parse_goals,
    AnswerKind.DURATION: _parse_duration,
    AnswerKind.NUMBER: _parse_number,
    AnswerKind.CHOICE: _parse_choice,
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_NUMBER
