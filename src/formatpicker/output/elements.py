"""HTML put together from elements, so that no text can act as markup, and a page that runs and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from importlib import resources

from formatpicker.base.text import printable

_VOID = ("meta", "input")
# An address on the web, without what ends the sentence behind it; a catalog may hold anything.
_WEB = re.compile(r"(https?://[^\s\"'<>\\]*[^\s\"'<>\\.,;:!?)])", re.IGNORECASE)


class Html(str):
    """Markup that is finished. Any other text is escaped wherever it is put."""

    __slots__ = ()


Child = str | None


def element(name: str, /, *children: Child, **attributes: str | int | None) -> Html:
    """An element. Text among its children is escaped; ``class_`` stands for a word of Python."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(clean(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{together(children)}</{name}>")


def spaced(name: str, inside: Child, **attributes: str | int | None) -> Html:
    """An element whose content stands on lines of its own."""
    return element(name, Html("\n"), inside, Html("\n"), **attributes)


def together(children: Iterable[Child], between: str = "") -> Html:
    """Several pieces one after the other."""
    return Html(between.join(safe(child) for child in children if child))


def safe(text: str) -> Html:
    """Text as it may stand in a page; finished markup stays as it is."""
    return text if isinstance(text, Html) else Html(escape(clean(text)))


def clean(text: str) -> str:
    """Text without controls, bidirectional ones too: nothing in a page turns what stands beside it around."""
    return printable(text).replace("\n", " ")


def linked(text: str) -> Html:
    """Text in which every address on the web is a link, shown without its scheme."""
    pieces = _WEB.split(clean(text))
    shown = [_link(piece) if at % 2 else safe(piece) for at, piece in enumerate(pieces)]
    return together(shown)


def _link(url: str) -> Html:
    return element("a", url.partition("//")[2].removeprefix("www.").rstrip("/"), href=url, rel="noopener noreferrer")


def page(title: str, *children: Child) -> str:
    """A whole page. The one style sheet is inside and known by its hash; all else is forbidden to run or to load."""
    body = together(children, "\n")
    style = "\n" + resources.files(__package__).joinpath("page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Html(style)),
    ]
    parts = [spaced("head", together(head, "\n")), spaced("body", spaced("main", body))]
    whole = spaced("html", together(parts, "\n"), lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"
