"""The types that JSON documents share.

A document's shape is written once, as a type: mypy holds what makes the document to it, and its JSON Schema is
generated from it. Only type checkers, the schemas and the tools for catalogs load these types. Neither here nor where a
``TypedDict`` is made stands ``from __future__ import annotations``: it has to see ``NotRequired`` itself.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

if sys.version_info >= (3, 12):
    from typing import TypedDict as TypedDict
else:  # the one that pydantic takes, so that a web framework can build on these types
    from typing_extensions import TypedDict as TypedDict


def says(description: str, **bounds: Any) -> Meta:
    """What a field means, and what it keeps within."""
    return Meta(description=description, **bounds)


def one_of(description: str, *words: str) -> Meta:
    """A description of a text that can be one of a few."""
    return Meta(description=description, extra_json_schema={"enum": [*words]})


# Numbers with their bounds.
Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Points = Annotated[float, Meta(ge=0, le=100)]
Portion = Annotated[float, Meta(ge=0, le=1)]

# Fields that mean the same wherever they stand.
FormatId = Annotated[str, says("Id of a format.")]
FormatIds = Annotated[list[str], says("Ids of formats.")]
Name = Annotated[str, says("Name for people.")]
Label = Annotated[str, says("A few words for people.")]
Text = Annotated[str, says("A sentence for people; its wording may change between versions.")]
Sources = Annotated[list[str], says("Publications behind it: title, publisher and date, place in the text, address.")]
Score = Annotated[Points | None, says("Points of 100, to one decimal; null where nothing that was answered weighs.")]
Rank = Annotated[Positive | None, says("Place from 1; equal ones share it; null if it is ruled out.")]
QuestionId = Annotated[str, says("Id of a question, or of a quantity worked out from two answers.")]


if TYPE_CHECKING:
    Answers = dict[str, Any]
else:

    class Answers:
        """Stands for one person's answers. Their schema is made from the questions of a catalog."""

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            return handler(dict[str, Any])


class CatalogRecord(TypedDict):
    """What identifies a catalog."""

    title: Annotated[str, says("Title of the catalog.")]
    version: Annotated[str, says("Version that the catalog says of itself.")]
    sha256: Annotated[str, says("SHA-256 of the catalog file, in hexadecimal digits.")]


class NamedFormat(TypedDict):
    """A format, by what it is called and what it is."""

    format: FormatId
    name: Name
    definition: Annotated[str, says("What the format is, in one line.")]
