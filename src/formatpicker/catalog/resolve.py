"""From the file's models to the catalog: everything that takes a look across the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formatpicker.base.text import canonical, shortened
from formatpicker.base.validity import Validity
from formatpicker.base.yaml_reader import Document, Place
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import FREQUENCIES, MOST_LEVEL, Attribute, AttributeKind
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.formats import resolve_format
from formatpicker.catalog.guidance import Caution, CertaintyRules, Conflict, NextStep, Test
from formatpicker.catalog.model import Catalog, Source
from formatpicker.catalog.offers import resolve_offers
from formatpicker.catalog.pathways import resolve_pathways
from formatpicker.catalog.questions import edges_of, resolve_derived, resolve_question
from formatpicker.catalog.validate import Scope
from formatpicker.errors import CatalogError


def resolve(document: Document, part: schema.CatalogPart, sha256: str) -> Catalog:
    """The catalog that a validated file describes.

    Raises:
        CatalogError: Parts of the file do not fit together; all faults are listed.
    """
    scope = Scope(document, part)
    catalog = _catalog(scope, sha256)
    if scope.faults:
        raise CatalogError(document.name, sorted(set(scope.faults)))
    return catalog


def _catalog(scope: Scope, sha256: str) -> Catalog:
    part = scope.part
    for id, attribute in scope.attributes.items():
        _check_phrases(scope, ("attributes", id, "phrases"), attribute)
        _check_scale(scope, ("attributes", id, "scale"), attribute)
    questions = {
        item.id: resolve_question(scope, ("questions", index), item) for index, item in enumerate(part.questions)
    }
    derived = {item.id: resolve_derived(scope, ("derived", index), item) for index, item in enumerate(part.derived)}
    _check_duplicates(scope)
    _check_vocabulary(scope, questions)
    for id, source in part.sources.items():
        if source.same_voice_as:
            scope.known(("sources", id, "same_voice_as"), source.same_voice_as, part.sources, "source")
    return Catalog(
        title=part.title,
        version=part.version,
        updated=part.updated,
        sha256=sha256,
        attributes=scope.attributes,
        questions=questions,
        derived=derived,
        cautions=tuple(_caution(scope, ("cautions", index), item) for index, item in enumerate(part.cautions)),
        conflicts=tuple(_conflict(scope, ("conflicts", index), item) for index, item in enumerate(part.conflicts)),
        next_steps=tuple(_step(scope, ("next_steps", index), item) for index, item in enumerate(part.next_steps)),
        pathways=resolve_pathways(scope, ("pathways",), part.pathways) if part.pathways else None,
        offers=resolve_offers(scope, ("offers",), part.offers) if part.offers else None,
        edges=edges_of(scope),
        sources={id: _source(id, item) for id, item in part.sources.items()},
        formats={id: resolve_format(scope, id, item) for id, item in part.formats.items()},
        certainty=_certainty(scope, part.certainty),
        no_answer=frozenset(map(canonical, part.no_answer)),
    )


def _check_vocabulary(scope: Scope, questions: Mapping[str, Question]) -> None:
    """Words belong to questions that there are, and no name to two of them, nor words of a header."""
    taken = {canonical(name): id for id, each in questions.items() for name in (id, each.label, each.text)}
    for id, item in scope.part.vocabulary.items():
        scope.known(("vocabulary", id), id, questions, "question")
        for index, name in enumerate(item.names):
            if taken.setdefault(canonical(name), id) != id:
                scope.fault(("vocabulary", id, "names", index), f"{name!r} is {taken[canonical(name)]} already")
    scope.check_unique(
        ((("vocabulary", id, "header_words", index), canonical(each)))
        for id, item in scope.part.vocabulary.items()
        for index, each in enumerate(item.header_words)
    )


def _certainty(scope: Scope, item: schema.CertaintyPart) -> CertaintyRules:
    if item.leaning > item.clear:
        scope.fault(("certainty", "leaning"), f"must not be above clear ({item.clear}), but is {item.leaning}")
    return CertaintyRules(item.clear, item.leaning, item.contender, item.few_answers, item.variant_floor)


def _check_duplicates(scope: Scope) -> None:
    lists: tuple[tuple[str, list[Any]], ...] = (
        ("questions", scope.part.questions),
        ("derived", scope.part.derived),
        ("cautions", scope.part.cautions),
        ("conflicts", scope.part.conflicts),
    )
    for section, items in lists:
        scope.check_unique(((section, index, "id"), item.id) for index, item in enumerate(items))
    for index, question in enumerate(scope.part.questions):
        options = question.options
        scope.check_unique((("questions", index, "options", at, "id"), each.id) for at, each in enumerate(options))
    criteria: list[tuple[Place, str]] = [
        (("questions", index, "goals", goal), goal)
        for index, question in enumerate(scope.part.questions)
        for goal in question.goals
    ]
    criteria += [(("questions", index, "id"), item.id) for index, item in enumerate(scope.part.questions)]
    criteria += [(("derived", index, "id"), item.id) for index, item in enumerate(scope.part.derived)]
    scope.check_unique((place, canonical(id)) for place, id in criteria)
    for name, found in (
        ("answer", [index for index, item in enumerate(scope.part.questions) if item.goals]),
        ("selects_region", [index for index, item in enumerate(scope.part.questions) if item.selects_region]),
    ):
        for index in found[1:]:
            scope.fault(("questions", index, name), f"is there a second time (first in questions.{found[0]}); keep one")
    names = [named for id, item in scope.part.formats.items() for named in _names(id, item)]
    scope.check_unique(names, "names two formats")


def _names(id: str, item: schema.FormatPart) -> list[tuple[Place, str]]:
    """What a format is called, with the place of each; twice the same within one format is once."""
    places: dict[str, Place] = {canonical(id): ("formats", id)}
    places.setdefault(canonical(item.name), ("formats", id, "name"))
    for index, alias in enumerate(item.aliases):
        places.setdefault(canonical(alias), ("formats", id, "aliases", index))
    return [(place, name) for name, place in places.items()]


def _check_phrases(scope: Scope, place: Place, attribute: Attribute) -> None:
    needed = {
        AttributeKind.LEVEL: [str(level) for level in range(MOST_LEVEL + 1)],
        AttributeKind.FREQUENCY: list(FREQUENCIES),
        AttributeKind.CATEGORY: list(attribute.phrases) or ["at least one category"],
    }.get(attribute.kind, [])
    for key in needed:
        if key not in attribute.phrases:
            scope.fault(place, f"has no phrase for {key}")
    for key in attribute.phrases:
        if key not in needed:
            scope.fault((*place, key), f"is not a value of a {attribute.kind} attribute")


def _check_scale(scope: Scope, place: Place, attribute: Attribute) -> None:
    """A scale says what every step of a level is judged by; other kinds of attribute have none."""
    steps = [str(level) for level in range(MOST_LEVEL + 1)] if attribute.kind is AttributeKind.LEVEL else []
    for key in attribute.scale:
        if key not in steps:
            scope.fault((*place, key), f"is not a step of a {attribute.kind} attribute")
    for key in steps if attribute.scale else ():
        if key not in attribute.scale:
            scope.fault(place, f"does not say what step {key} is judged by")


def _check_scope(scope: Scope, place: Place, formats: list[str], regions: list[str]) -> None:
    scope.all_known((*place, "formats"), formats, scope.part.formats, "format")
    scope.all_known((*place, "regions"), regions, scope.regions, "region")


def _caution(scope: Scope, place: Place, item: schema.CautionPart) -> Caution:
    _check_scope(scope, place, item.formats, item.regions)
    scope.known((*place, "about"), item.about, scope.questions, "question")
    citations = scope.cited((*place, "sources"), item.sources)
    return Caution(
        item.id,
        item.about,
        item.text,
        citations,
        tuple(item.formats),
        tuple(item.regions),
        _tests(scope, (*place, "when"), item.when),
        _tests(scope, (*place, "unless"), item.unless),
        Validity(str(item.valid_from), str(item.valid_to), item.amount),
    )


def _tests(scope: Scope, place: Place, items: list[schema.TestPart]) -> tuple[Test, ...]:
    return tuple(_test(scope, (*place, index), item) for index, item in enumerate(items))


def _test(scope: Scope, place: Place, item: schema.TestPart) -> Test:
    given = {key: value for key, value in item.model_dump().items() if value is not None}
    subjects = [key for key in ("question", "attribute") if key in given]
    operators = [key for key in given if key not in subjects]
    if len(subjects) != 1 or len(operators) != 1:
        scope.fault(place, "needs exactly one of question and attribute, and exactly one operator")
        return Test("question", "", "is", ())
    subject, operator = subjects[0], operators[0]
    operand = given[operator]
    _check_operand(scope, place, subject, given[subject], operator, operand)
    return Test(
        subject,
        given[subject],
        operator.rstrip("_"),
        tuple(operand) if isinstance(operand, list) else operand,
    )


def _check_operand(scope: Scope, place: Place, subject: str, name: str, operator: str, operand: Any) -> None:
    """The subject exists, is of the kind that the operator works on, and has every word that is asked for."""
    allowed = _words_of(scope, place, subject, name)
    if allowed is None:
        return
    if bool(allowed) != isinstance(operand, list):
        given = operand[0] if isinstance(operand, list) and operand else operand
        works_on = "words" if isinstance(operand, list) else "numbers"
        problem = f"{operator.rstrip('_')} {shortened(given)}: works on {works_on}, which {name!r} does not have"
        scope.fault((*place, operator.rstrip("_")), problem)
        return
    for word in operand if isinstance(operand, list) else ():
        scope.known((*place, operator.rstrip("_")), word, allowed, "value")


def _words_of(scope: Scope, place: Place, subject: str, name: str) -> list[str] | None:
    """The words that a question's answers or an attribute's values can be, none for numbers; None if unknown."""
    if subject == "attribute":
        known = scope.known((*place, subject), name, scope.attributes, "attribute")
        return list(scope.attributes[name].phrases) if known else None
    if not scope.known((*place, subject), name, scope.questions, "question"):
        return None
    question = scope.questions[name]
    return [*question.goals, *(option.id for option in question.options)]


def _conflict(scope: Scope, place: Place, item: schema.ConflictPart) -> Conflict:
    criteria = [*scope.questions, *(item.id for item in scope.part.derived)]
    criteria += [goal for question in scope.part.questions for goal in question.goals]
    for criterion in item.between:
        scope.known((*place, "between"), criterion, criteria, "goal or question")
    first, second = item.between
    citations = scope.cited((*place, "sources"), item.sources)
    return Conflict(item.id, (first, second), item.least_value * 10, item.text, citations)


def _step(scope: Scope, place: Place, item: schema.NextStepPart) -> NextStep:
    _check_scope(scope, place, item.formats, item.regions)
    citations = scope.cited((*place, "sources"), item.sources)
    tests = {key: _tests(scope, (*place, key), items) for key, items in (("when", item.when), ("unless", item.unless))}
    for key, index, test in ((key, index, test) for key, found in tests.items() for index, test in enumerate(found)):
        if test.subject != "question":
            scope.fault((*place, key, index), "a next step can test questions only; it is not about one format")
    return NextStep(
        item.text,
        item.url,
        item.official,
        tuple(item.formats),
        tuple(item.regions),
        tests["when"],
        citations,
        tests["unless"],
    )


def _source(id: str, item: schema.SourcePart) -> Source:
    date = None if item.date is None else str(item.date)
    return Source(id, item.title, item.publisher, item.url, date, item.kind, item.note, item.same_voice_as)
