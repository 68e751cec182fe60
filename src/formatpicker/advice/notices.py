"""What is said of a format and its sources: contributions to the score, conditions and cautions, blockers."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import Struct

from formatpicker.base.validity import NO_DATES, Validity, with_validity
from formatpicker.catalog.attributes import Citation
from formatpicker.scoring.ranking import Term


class Contribution(NamedTuple):
    """What one criterion adds to a format's score."""

    term: Term
    text: str
    citations: tuple[Citation, ...]

    def __repr__(self) -> str:
        return f"<Contribution {self.term.weighed.criterion.id}: {self.text}>"


class Notice(Struct, frozen=True):
    """A condition or a caution: the question it bears on and what to do.

    ``by_region`` says which region asks what, where the region was left open and they differ.
    """

    question: str
    text: str
    citations: tuple[Citation, ...]
    by_region: str = ""
    validity: Validity = NO_DATES


class Blocker(Struct, frozen=True):
    """Why a format is ruled out, and the nearest answer that would not rule it out (None for facts)."""

    question: str
    answer: Any
    needs: Any
    text: str
    citations: tuple[Citation, ...]
    by_region: str = ""


def dated_text(notice: Notice, day: str | None = None) -> str:
    """The text of a notice with its dates, as they are told on a day or in what is kept."""
    return with_validity(notice.text, notice.validity, day)


def full_text(notice: Notice | Blocker, day: str | None = None) -> str:
    """The text of a notice with its dates and with what differs by region."""
    text = dated_text(notice, day) if isinstance(notice, Notice) else notice.text
    return " ".join(filter(None, [text, notice.by_region]))
