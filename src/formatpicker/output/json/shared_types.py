"""Types that several documents share.

A document's shape is written once, as a ``TypedDict``: mypy holds what makes the document to it, and its JSON Schema is
generated from it. Only type checkers and the schemas load these modules. No ``from __future__ import annotations``
here: ``NotRequired`` has to be seen by ``TypedDict`` itself.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

if sys.version_info >= (3, 12):
    from typing import TypedDict as TypedDict
else:  # the one that pydantic takes, so that a web framework can build on these types
    from typing_extensions import TypedDict as TypedDict


def one_of(description: str, *words: str) -> Meta:
    """A description of a text that can be one of a few."""
    return Meta(description=description, extra_json_schema={"enum": [*words]})


# Numbers with their bounds.
Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Points = Annotated[float, Meta(ge=0, le=100)]
Portion = Annotated[float, Meta(ge=0, le=1)]

# Fields that mean the same wherever they stand.
FormatId = Annotated[str, Meta(description="Id of a format.")]
FormatIds = Annotated[list[str], Meta(description="Ids of formats.")]
Name = Annotated[str, Meta(description="Name for people.")]
Label = Annotated[str, Meta(description="A few words for people.")]
Text = Annotated[str, Meta(description="A sentence for people; its wording may change between versions.")]
Sources = Annotated[
    list[str], Meta(description="Publications behind it: title, publisher and date, place in the text, address.")
]
Score = Annotated[
    Points | None, Meta(description="Points of 100, to one decimal; null where nothing that was answered weighs.")
]
Rank = Annotated[Positive | None, Meta(description="Place from 1; equal ones share it; null if it is ruled out.")]
QuestionId = Annotated[str, Meta(description="Id of a question, or of a quantity worked out from two answers.")]


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

    title: Annotated[str, Meta(description="Title of the catalog.")]
    version: Annotated[str, Meta(description="Version that the catalog says of itself.")]
    sha256: Annotated[str, Meta(description="SHA-256 of the catalog file, in hexadecimal digits.")]
