"""Finding a format by what people call it: id, name or alias."""

from __future__ import annotations

from formatpicker.base.text import canonical
from formatpicker.catalog.model import Catalog, Format
from formatpicker.errors import AnswerError, one_of


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
