"""Documents as the files that people name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formatpicker.output.text.document_layout import Block


def rendered(title: str, blocks: list[Block], path: str | None) -> str | bytes:
    """A document in the form that the ending of a file name asks for: Markdown, PDF, or else HTML.

    Raises:
        InputError: A PDF, and no browser is at hand that prints it.
    """
    ending = Path(path or "").suffix.lower()
    if ending in (".md", ".markdown"):
        from formatpicker.output.text.document_layout import to_markdown

        return to_markdown(blocks)
    from formatpicker.output.html.page import document_page

    page = document_page(title, blocks)
    if ending == ".pdf":
        from formatpicker.output.html.pdf import printed

        return printed(page, str(path))
    return page
