"""Questions and their rules: from the file's models to the catalog's."""

from __future__ import annotations

import re

from formatpicker.base.durations import parse_days, weeks_number
from formatpicker.base.text import canonical
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import AttributeKind
from formatpicker.catalog.criteria import (
    NEED_WORDS,
    About,
    AnswerKind,
    Cell,
    Derived,
    Goal,
    Option,
    Question,
    Rule,
    RuleKind,
)
from formatpicker.catalog.validate import Scope

MOST_WEEKS = 10_000
MOST_NUMBER = 1_000_000_000
SKIP = "skip"

# Which kinds of attribute and of answer a rule can stand on.
_RULE_ATTRIBUTES = {
    RuleKind.GOAL: {AttributeKind.LEVEL},
    RuleKind.LIMIT: {AttributeKind.DURATION, AttributeKind.NUMBER},
    RuleKind.NEED: {AttributeKind.FREQUENCY},
    RuleKind.CHOICE: {AttributeKind.CATEGORY},
    RuleKind.WINDOW: {AttributeKind.DURATION, AttributeKind.NUMBER},
}
_RULE_ANSWERS = {
    RuleKind.LIMIT: {AnswerKind.DURATION, AnswerKind.NUMBER},
    RuleKind.NEED: {AnswerKind.CHOICE},
    RuleKind.CHOICE: {AnswerKind.CHOICE},
    RuleKind.WINDOW: {AnswerKind.DURATION, AnswerKind.NUMBER},
}


def resolve_question(scope: Scope, item: schema.QuestionPart) -> Question:
    """One question with its options, goals and rule."""
    _check_question(scope, item)
    vocabulary = scope.part.vocabulary.get(item.id, schema.VocabularyPart())
    goals = [Goal(id, goal.label, _goal_rule(scope.at("goals", id), goal)) for id, goal in item.goals.items()]
    return item.resolved(
        Question,
        label=item.label or item.text,
        options=tuple(each.resolved(Option) for each in item.options),
        goals=tuple(goals),
        rule=_rule(scope.at("rule"), item.rule, item) if item.rule else None,
        words=_words(scope, item, vocabulary),
        units=tuple(canonical(unit) for unit in vocabulary.units),
        names=tuple(vocabulary.names),
        header_words=tuple(" ".join(re.findall(r"\w+", canonical(each))) for each in vocabulary.header_words),
    )


def _words(scope: Scope, item: schema.QuestionPart, vocabulary: schema.VocabularyPart) -> dict[str, tuple[str, ...]]:
    """What people's words stand for, as text; each must be an answer, and no word may be taken already."""
    names = [name for id, goal in item.goals.items() for name in (id, goal.label)]
    names += [name for option in item.options for name in (option.id, option.label)]
    taken = {canonical(name) for name in (SKIP, *names)}
    found: dict[str, tuple[str, ...]] = {}
    for word, meant in vocabulary.words.items():
        here = scope.top.at("vocabulary", item.id, "words", word)
        meanings = tuple(str(each) for each in (meant if isinstance(meant, list) else [meant]))
        if canonical(word) in taken or canonical(word) in found:
            here.fault(f"{word!r} is an answer to this question already")
        for meaning in meanings:
            if not isinstance(vocabulary.words.get(meaning), str | int | float):  # a word with one answer of its own
                _check_meaning(here, item, meaning)
        found[canonical(word)] = meanings
    return found


def _check_meaning(scope: Scope, item: schema.QuestionPart, meaning: str) -> None:
    if item.goals or item.options:
        scope.known(meaning, [*item.goals, *(option.id for option in item.options)], "answer to this question")
        return
    days = parse_days(meaning)
    if days is None:
        scope.fault(f"{meaning!r} is not a number or a duration")
    elif item.answer is AnswerKind.DURATION and not item.least <= weeks_number(days) <= item.most:
        scope.fault(f"{meaning!r} is out of the range of this question")
    elif item.answer is AnswerKind.NUMBER and not (meaning.isdecimal() and item.least <= int(meaning) <= item.most):
        scope.fault(f"{meaning!r} must be a whole number from {item.least:g} to {item.most:g}")


def _check_question(scope: Scope, item: schema.QuestionPart) -> None:
    kind = item.answer
    if (kind is AnswerKind.GOALS) != bool(item.goals) or (kind is AnswerKind.GOALS and item.rule):
        scope.fault("goals belong to a question whose answer is goals, and only there; it has no other rule")
    if (kind is AnswerKind.CHOICE) != bool(item.options):
        scope.fault("options belong to a question whose answer is choice, and only there")
    if item.selects_region and (kind is not AnswerKind.CHOICE or item.about is not About.FACT):
        scope.fault("selects_region needs a question with options that is about a fact")
    if kind is not AnswerKind.CHOICE:
        _check_ends(scope, item)
    for index, option in enumerate(item.options):
        if canonical(option.id) == SKIP:
            scope.at("options", index, "id").fault(f"{option.id!r} means that a question is left open; use another")
    if item.rule and kind is not AnswerKind.GOALS:
        _check_rule_answer(scope.at("rule"), item.rule, kind)


def _check_ends(scope: Scope, item: schema.QuestionPart) -> None:
    if not 0 <= item.least < item.most:
        scope.fault("needs least and most, least the smaller")
    elif not _ends_hold(item):
        whole = (
            f"weeks that are whole days, up to {MOST_WEEKS:,}"
            if item.answer is AnswerKind.DURATION
            else f"whole numbers up to {MOST_NUMBER:,}"
        )
        scope.fault(f"least and most must be {whole}, so that they are answers themselves")


def _check_rule_answer(scope: Scope, rule: schema.RulePart, kind: AnswerKind) -> None:
    if kind not in _RULE_ANSWERS[RuleKind(rule.kind)]:
        scope.fault(f"a {rule.kind} rule cannot stand on a {kind} answer")
    elif rule.kind in ("limit", "window") and rule.attribute in scope.attributes:
        found = scope.attributes[rule.attribute].kind
        if found in _RULE_ATTRIBUTES[RuleKind.LIMIT] and str(found) != str(kind):
            scope.at("attribute").fault(f"{rule.attribute!r} is a {found}, but the answer is a {kind}")


def _ends_hold(item: schema.QuestionPart) -> bool:
    """Whether the ends of a question are answers that are kept as they are."""
    if item.answer is not AnswerKind.DURATION:
        return item.most <= MOST_NUMBER and item.least == int(item.least) and item.most == int(item.most)
    days = [parse_days(end) if end <= MOST_WEEKS else None for end in (item.least, item.most)]
    return all(each is not None and item.least <= weeks_number(each) <= item.most for each in days)


def _goal_rule(scope: Scope, goal: schema.GoalPart) -> Rule:
    _check_rule_attribute(scope, RuleKind.GOAL, goal.attribute)
    return Rule(RuleKind.GOAL, goal.attribute, less_is_better=goal.less_is_better)


def _rule(scope: Scope, item: schema.RulePart, question: schema.QuestionPart | None) -> Rule:
    kind = RuleKind(item.kind)
    _check_rule_attribute(scope, kind, item.attribute)
    for name, template in item.texts.items():
        scope.at("texts", name).check_template(template)
    options = [option.id for option in question.options] if question else []
    if isinstance(item, schema.LimitPart):
        return item.resolved(Rule, kind=kind, edges=scope.edges)
    if isinstance(item, schema.NeedPart):
        if sorted(options) != sorted(NEED_WORDS):
            scope.fault(f"a need has exactly the options {', '.join(NEED_WORDS)}")
        values = scope.frequency_values
        if list(values) != sorted(values):
            scope.top.at("frequency_values").fault("must not rise from always to never")
        return item.resolved(Rule, kind=kind, weight=0, weights=item.weight, frequency_values=values)
    if isinstance(item, schema.ChoicePart):
        return _choice_rule(scope, item, options)
    return item.resolved(Rule, kind=kind)


def _choice_rule(scope: Scope, item: schema.ChoicePart, options: list[str]) -> Rule:
    categories = scope.attributes[item.attribute].phrases if item.attribute in scope.attributes else {}
    named = [("table", answer) for answer in item.table]
    named += [("weight", answer) for answer in (item.weight if isinstance(item.weight, dict) else ())]
    for key, answer in named:
        scope.at(key, answer).known(answer, options, "option of this question")
    for option in options:
        if option not in item.table:
            scope.at("table").fault(f"has no row for {option}; an empty one is {{}}")
    for answer, row in item.table.items():
        for category in row:
            scope.at("table", answer, category).known(category, categories, "category")
        for category in categories if row else ():
            if category not in row:
                scope.at("table", answer).fault(f"has no cell for {category}")
        for category, cell in row.items():
            scope.at("table", answer, category, "text").check_template(cell.text)
    table = {
        answer: {category: Cell(cell.value * 10, cell.verdict, cell.text) for category, cell in row.items()}
        for answer, row in item.table.items()
    }
    weight, weights = (0, item.weight) if isinstance(item.weight, dict) else (item.weight, None)
    return item.resolved(Rule, kind=RuleKind.CHOICE, weight=weight, weights=weights, table=table)


def _check_rule_attribute(scope: Scope, kind: RuleKind, attribute: str) -> None:
    if not scope.at("attribute").known(attribute, scope.attributes, "attribute"):
        return
    found = scope.attributes[attribute].kind
    if found not in _RULE_ATTRIBUTES[kind]:
        wanted = " or ".join(sorted(_RULE_ATTRIBUTES[kind]))
        scope.at("attribute").fault(f"{attribute!r} is a {found}; a {kind} rule needs a {wanted}")


def resolve_derived(scope: Scope, item: schema.DerivedPart) -> Derived:
    """One quantity worked out from two answers."""
    per_week, duration = item.product_of
    for id, kind in ((per_week, AnswerKind.NUMBER), (duration, AnswerKind.DURATION)):
        known = scope.at("product_of").known(id, scope.questions, "question")
        if known and scope.questions[id].answer is not kind:
            scope.at("product_of").fault(f"{id!r} must be a question whose answer is a {kind}")
    return Derived(item.id, item.label, per_week, duration, _rule(scope.at("rule"), item.rule, None))
