"""Types that all parts of a catalog file share."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Hundredths = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[int, Field(ge=0, le=10_000)]
Written = int | float | str | None
CitationMap = dict[Id, str]
DATE = r"^\d{4}-\d{2}-\d{2}$"


class Part(BaseModel):
    """A part of a catalog file: no unknown keys, no conversion of types."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True)
