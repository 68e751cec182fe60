"""The catalog as the engine sees it: resolved, in whole units, frozen. What a file looks like is in ``schema``.

Units here: durations in whole days, levels 0-4, frequencies 0 (never) to 4 (always), values in thousandths, weights in
hundredths (all goals together weigh what the goals' question says, 100 in the shipped catalog).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from formatpicker.base.text import canonical
from formatpicker.catalog.attributes import Attribute, Citation, Identified, Record, RegionalValue
from formatpicker.catalog.criteria import About, Criterion, Derived, Edges, Question
from formatpicker.catalog.guidance import Caution, CertaintyRules, Conflict, NextStep, OfferRules, PathwayRules
from formatpicker.errors import AnswerError, one_of

if TYPE_CHECKING:
    from formatpicker.catalog.json_types import CatalogRecord


class Source(Record, frozen=True):
    """A publication that values rest on."""

    id: str
    title: str
    publisher: str
    url: str | None
    date: str | None
    kind: str
    note: str = ""
    same_voice_as: str = ""


class Format(Identified, frozen=True):
    """An alternative: a core format, a scored variant of one, or a lookup that stands for a scored one.

    ``attributes`` holds the format's own values; ``Catalog.regional`` also finds those that a variant inherits.
    ``stands_for`` names the formats that an offer is an instance of.
    """

    kind: str
    name: str
    phrase: str
    aliases: tuple[str, ...]
    summary: str
    good_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    variant_of: tuple[str, ...]
    covered_by: str
    also_means: tuple[str, ...]
    term_unstable: bool
    attributes: Mapping[str, RegionalValue]
    stands_for: tuple[str, ...] = ()

    @property
    def covered(self) -> frozenset[str]:
        """The ids of the formats of which what is said holds for this one too, its own among them.

        A variant is covered by its first core format, an offer by its format.
        """
        return frozenset((self.id, *(self.stands_for or self.variant_of[:1])))

    @property
    def core(self) -> bool:
        """Whether it is ranked among the core formats."""
        return self.kind == "core"

    @property
    def scored(self) -> bool:
        """Whether it can be recommended at all."""
        return self.kind in SCORED_KINDS


SCORED_KINDS = ("core", "intermediate", "subtype")
LOOKUP_KINDS = ("alias", "property", "overlay", "strategy", "delivery-model")


# What every offer has beside its fields.
OWN_KEYS = ("name", "format", "region", "notes")


class Catalog(Record, frozen=True, dict=True, weakref=True):
    """Everything formatpicker knows. ``sha256`` is that of the file it was read from, and stands for it in a hash.

    ``no_answer`` holds what people write in a table for no answer, in the form in which words are compared. Every rule
    has the ``edges`` or the ``frequency_values`` (from never to always) that it needs.
    """

    title: str
    version: str
    updated: str
    sha256: str
    attributes: Mapping[str, Attribute]
    questions: Mapping[str, Question]
    derived: Mapping[str, Derived]
    cautions: tuple[Caution, ...]
    conflicts: tuple[Conflict, ...]
    next_steps: tuple[NextStep, ...]
    pathways: PathwayRules | None
    offers: OfferRules | None
    sources: Mapping[str, Source]
    formats: Mapping[str, Format]
    edges: Edges
    certainty: CertaintyRules
    no_answer: frozenset[str] = frozenset()
    frequency_values: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<Catalog {self.title!r} {self.version}: {len(self.formats)} formats, {len(self.questions)} questions>"

    def __hash__(self) -> int:
        return hash(self.sha256)

    @property
    def record(self) -> "CatalogRecord":
        """What identifies it in documents."""
        return {"title": self.title, "version": self.version, "sha256": self.sha256}

    def regional(self, format: Format, attribute: str) -> RegionalValue:
        """An attribute of a format: its own, or that of its first core format."""
        own = format.attributes.get(attribute)
        if own and not (format.variant_of and format.variant_of[0] in self.formats):
            return own
        inherited = self.regional(self.formats[format.variant_of[0]], attribute)
        return replace(own, core=inherited.general) if own else inherited

    def inherited(self, format: Format, attribute: str) -> bool:
        """Whether a format takes an attribute over from its first core format."""
        return attribute not in format.attributes

    @cached_property
    def core(self) -> tuple[Format, ...]:
        """The core formats."""
        return tuple(format for format in self.formats.values() if format.core)

    @cached_property
    def variants(self) -> tuple[Format, ...]:
        """The formats that are ranked beside the core ones."""
        return tuple(format for format in self.formats.values() if format.scored and not format.core)

    @cached_property
    def scored(self) -> tuple[Format, ...]:
        """All formats that can be recommended, core ones and variants."""
        return tuple(format for format in self.formats.values() if format.scored)

    @cached_property
    def region_question(self) -> Question | None:
        """The question whose answer selects among regional values."""
        return next((question for question in self.questions.values() if question.selects_region), None)

    def region_name(self, region: str) -> str:
        """A region inside a sentence: ``in Germany``; its id where no question asks for it."""
        options = self.region_question.options if self.region_question else ()
        return next((option.phrase or option.label for option in options if option.id == region), region)

    @cached_property
    def criteria_of(self) -> Mapping[str, tuple[Criterion, ...]]:
        """The criteria that the answer to a question, or a derived quantity, brings into play."""
        found: dict[str, list[Criterion]] = {}
        for criterion in self.criteria.values():
            found.setdefault(criterion.question, []).append(criterion)
        return {id: tuple(criteria) for id, criteria in found.items()}

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion by its id, in the order of the questions, derived ones last."""
        found = [
            Criterion(goal.id, question.id, goal.label, question.about, goal.rule)
            for question in self.questions.values()
            for goal in question.goals
        ]
        found += [
            Criterion(question.id, question.id, question.label, question.about, question.rule)
            for question in self.questions.values()
            if question.rule
        ]
        found += [Criterion(item.id, item.id, item.label, About.LIMIT, item.rule) for item in self.derived.values()]
        return {criterion.id: criterion for criterion in found}


def find_format(catalog: Catalog, name: str) -> Format:
    """The format with an id, name or alias.

    Raises:
        AnswerError: No format is called so; the nearest spelling is named.
    """
    named = {
        canonical(called): format
        for format in catalog.formats.values()
        for called in (*format.aliases, format.name, format.id)
    }
    if canonical(name) not in named:
        raise AnswerError("format", name, one_of(name, list(catalog.formats), "format"))
    return named[canonical(name)]


def citation_text(catalog: Catalog, citation: Citation) -> str:
    """A citation in full: title, publisher and date, the place in the text, and the address."""
    source = catalog.sources[citation.source]
    origin = ", ".join(filter(None, [source.publisher, source.date]))
    parts = [f"{source.title} ({origin})", citation.place, source.url or ""]
    return "; ".join(filter(None, parts))
