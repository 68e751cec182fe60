"""What the part of a catalog file about single offers looks like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from formatpicker.catalog.schema_types import DATE, CitationMap, Id, Part, Words


class OfferFieldPart(Part):
    """One thing that an offer can state: a value of an attribute, or how well it serves a goal."""

    id: Id
    attribute: Id | None = None
    goal: Id | None = None
    label: Words
    ask: Words
    aliases: list[Words] = []
    example: str = ""
    words: dict[str, int | str] = {}
    money: bool = False


class MinimumPayPart(Part):
    """The least pay that the law of a region asks for."""

    region: Id
    formats: Annotated[list[Id], Field(min_length=1)]
    amount: Annotated[float, Field(gt=0, le=1_000_000_000)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    per: Literal["hour", "month"]
    valid_from: Annotated[str, StringConstraints(pattern=DATE)]
    valid_to: Annotated[str, StringConstraints(pattern=DATE)] | None = None
    ages: Annotated[list[int], Field(min_length=2, max_length=2)] = [0, 200]
    if_longer_than: str | None = None
    text: Words
    sources: CitationMap


class PayTermsPart(Part):
    """Which fields and which question pay is worked out with."""

    hours: Id
    length: Id
    wait: Id
    age: Id


class OffersPart(Part):
    """What can be said of single offers, and what they are held against."""

    words: dict[Literal["frequency", "level"], dict[str, int | str]] = {}
    fields: Annotated[list[OfferFieldPart], Field(min_length=1)]
    minimum_pay: list[MinimumPayPart] = []
    pay_terms: PayTermsPart | None = None
