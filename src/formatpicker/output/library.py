"""What a Python program gets: the functions of the library, with results that can be shown, kept and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from formatpicker.advice import offer_comparison, recommendation
from formatpicker.advice.offers import Offer, parse_offers
from formatpicker.base.validity import checked_day
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import catalog_of
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.parsing import parse_answers

if TYPE_CHECKING:
    from formatpicker.advice.certainty import Call
    from formatpicker.output.json import offer_types, person_types

# Of the table that notebooks show.
COLUMNS = ("rank", "format", "points", "why")


class Recommendation(recommendation.Recommendation, frozen=True, dict=True):
    """What a person is told.

    ``top`` holds the ids of what comes first; it is empty where nothing can be recommended, and ``message`` says why.
    ``ranking`` and ``variants`` hold an ``Entry`` for each format. Whatever takes longer than the ranking is worked out
    when it is first asked for. A pickle is small: it holds the answers and the hash of the catalog, and is worked out
    again, by the version that reads it. Results that are equal have the same hash.
    """

    def __repr__(self) -> str:
        return f"<Recommendation {', '.join(map(_standing, self.ranking))}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("top", self.top), ("score", self.score), ("ranking", self.ranking)]

    def _repr_html_(self) -> str:
        """A short table for notebooks."""
        return _table(self)

    def __hash__(self) -> int:
        return hash((self.catalog, self.answers))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.catalog.sha256, self.answers)

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        from formatpicker.output.text.sentences import headline

        return headline(self)

    @property
    def call(self) -> Call:
        """How far the first place can be trusted, in one word."""
        return self.certainty.call

    @property
    def given(self) -> dict[str, Any]:
        """The answers as understood, in the units of their questions: ``recommend`` takes them again."""
        return self.answers.to_dict(self.catalog)

    def to_dict(self, *, pathways: bool = False) -> person_types.Recommendation:
        """The document of ``recommend --json``; with plans of several formats if asked for."""
        from formatpicker.output.json.person import recommendation_data

        return recommendation_data(self, pathways)


def recommend(catalog: Catalog, answers: Answers | Mapping[str, object]) -> Recommendation:
    """Recommend formats for one person.

    Args:
        catalog: A catalog from ``load_catalog``.
        answers: A mapping from question to answer, a row of a pandas table, or what ``parse_answers`` gives. Numbers
            may be of NumPy or ``Decimal``; NaN and None are not answered.

    Raises:
        AnswerError: An unknown question, or an answer that its question does not accept; ``others`` holds all further
            ones.
    """
    return Recommendation(*astuple(recommendation.recommend(catalog, answers)))


def _again(sha256: str, answers: Answers) -> Recommendation:
    return recommend(catalog_of(sha256), answers)


def _table(found: Recommendation) -> str:
    """The answer in one sentence, and a row for each core format. No text in it can act as markup."""
    from formatpicker.output.html import element, together

    head = [element("th", name, scope="col") for name in COLUMNS]
    rows = [element("tr", *(element("td", cell) for cell in _cells(entry))) for entry in found.ranking]
    table = element("table", element("thead", element("tr", *head)), element("tbody", together(rows)))
    return element("div", element("p", element("strong", found.headline)), table)


def _cells(entry: recommendation.Entry) -> tuple[str, str, str, str]:
    """A format with its place and what speaks most for it, or what rules it out."""
    blockers = [blocker.text for blocker in entry.blockers]
    reasons = [each.text for each in entry.contributions if entry.points[each.term.criterion.id]]
    place, score = ("-" if each is None else str(each) for each in (entry.rank, entry.score))
    return place, entry.name, score, next(iter((*blockers, *reasons)), "")


def _standing(entry: recommendation.Entry) -> str:
    points = "" if entry.score is None else f" {entry.score}"
    return f"{entry.id}{points}{' blocked' if entry.rank is None else ''}"


class Comparison(offer_comparison.OfferComparison):
    """Several offers for one person: ``recommendation`` ranks them, ``asks`` says what to ask before choosing."""

    def __repr__(self) -> str:
        standings = (f"{self.name(entry.id)} {entry.score}" for entry in self.recommendation.ranking)
        return f"<Comparison {', '.join(standings)}>"

    def to_dict(self) -> offer_types.Offers:
        """The document of ``offers --json``."""
        from formatpicker.output.json.offers import offers_data

        return offers_data(self)


def compare_offers(
    catalog: Catalog, answers: Answers | Mapping[str, object], offers: object, today: str | None = None
) -> Comparison:
    """Compare concrete offers for one person.

    Args:
        catalog: A catalog from ``load_catalog`` with a section on offers.
        answers: As for ``recommend``.
        offers: Plain data: a list of mappings with ``format`` and whatever is known, at most 50.
        today: The day from which starts are counted, as in 2026-11-25; that of the catalog if left out, so that the
            same input gives the same result.

    Raises:
        AnswerError: An unknown key, a value that is not accepted, or a day that no calendar has.
        InputError: No offers, too many, or a catalog that has no section on them.
    """
    parsed = answers if isinstance(answers, Answers) else parse_answers(catalog, answers)
    found = offers if isinstance(offers, tuple) and all(isinstance(each, Offer) for each in offers) else None
    day = checked_day(today, "today") if today else checked_day(catalog.updated, "updated of the catalog")
    return Comparison(catalog, parsed, found or parse_offers(catalog, offers), day)
