"""Values, answers and citations in words."""

from __future__ import annotations

from typing import cast

from formatpicker.base.durations import duration_text
from formatpicker.base.quantities import Said
from formatpicker.catalog.attributes import FREQUENCIES, Attribute, AttributeKind, Citation, Level, Value
from formatpicker.catalog.criteria import Rule, RuleKind, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer

VERDICT_WORDS = {Verdict.UNLIKELY: " (a long shot)", Verdict.BLOCKED: " (ruled out)"}


def region_words(rule: Rule, attribute: Attribute, value: Value) -> str:
    """What a region asks for: its range, or its least number."""
    if rule.kind is RuleKind.WINDOW:
        most = "" if value.high is None else f" to {level_text(attribute, value.high)}"
        return f"from {level_text(attribute, value.low)}{most}"
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        return f"at least {level_text(attribute, value.low)}"
    return f"it {value_phrase(attribute, value.typical)}"


def value_phrase(attribute: Attribute, level: Level) -> str:
    """What completes "A micro-internship ..." for a level, a frequency or a category; empty for other kinds."""
    return attribute.phrases.get(word(attribute.kind, level), "")


def level_text(attribute: Attribute, level: Level) -> str:
    """One end of a value in words: a duration with its unit, a number bare, a level out of 4."""
    if level is None:
        return "unknown"
    if attribute.kind is AttributeKind.DURATION:
        return duration_text(cast(int, level))
    return word(attribute.kind, level)


def given_words(attribute: Attribute, answer: Answer) -> str:
    """An answer inside a sentence, a number in the words in which its person gave it: ``3 months``, not 13 weeks."""
    if isinstance(answer, Said):
        return answer.words if attribute.kind is AttributeKind.DURATION else str(int(answer))
    return level_text(attribute, answer) if isinstance(answer, int) else str(answer)


def word(kind: AttributeKind, level: Level) -> str:
    """A level of a kind as one word: a frequency by its name."""
    return FREQUENCIES[cast(int, level)] if kind is AttributeKind.FREQUENCY and level is not None else str(level)


def citation_text(catalog: Catalog, citation: Citation) -> str:
    """A citation in full: title, publisher and date, the place in the text, and the address."""
    source = catalog.sources[citation.source]
    origin = ", ".join(filter(None, [source.publisher, source.date]))
    parts = [f"{source.title} ({origin})", citation.place, source.url or ""]
    return "; ".join(filter(None, parts))
