"""HTML put together from elements, so that no text can act as markup, and a page that runs and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape

from formatpicker.base.text import printable
from formatpicker.scoring.rounding import rounded

_VOID = ("meta", "br")
# What a browser takes for an address on the web; a catalog may hold anything.
_WEB = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


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


def together(children: Iterable[Child], between: str = "") -> Html:
    """Several pieces one after the other."""
    return Html(between.join(safe(child) for child in children if child))


def safe(text: str) -> Html:
    """Text as it may stand in a page; finished markup stays as it is."""
    return text if isinstance(text, Html) else Html(escape(clean(text)))


def clean(text: str) -> str:
    """Text without controls, bidirectional ones too: nothing in a page turns what stands beside it around."""
    return printable(text).replace("\n", " ")


def link(text: str, url: str | None) -> Html:
    """A link, if the address is one on the web; else the text alone."""
    if url and _WEB.fullmatch(url):
        return element("a", text, href=url, rel="noopener noreferrer")
    return safe(text)


def section(title: str, *children: Child, level: int = 2) -> Html:
    """A heading and what belongs to it; nothing where that is nothing."""
    inside = together(children, "\n")
    return (
        element("section", Html("\n"), element(f"h{level}", title), Html("\n"), inside, Html("\n"))
        if inside
        else inside
    )


def listed(items: Sequence[str], name: str = "ul", **attributes: str) -> Html:
    """A list; nothing where there are no items."""
    if not items:
        return Html("")
    return element(name, Html("\n"), *(together([element("li", item), Html("\n")]) for item in items), **attributes)


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """A table whose first column names the rows."""
    head = element("tr", *(element("th", text, scope="col") for text in headings))
    lines = [
        element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest))
        for first, *rest in rows
    ]
    body = together([together([line, Html("\n")]) for line in lines])
    return element(
        "table",
        element("caption", caption),
        Html("\n"),
        element("thead", head),
        Html("\n"),
        element("tbody", Html("\n"), body),
    )


def bar(part: int, whole: int, words: str) -> Html:
    """A bar for a share of a whole, with the same in words for those who do not see it."""
    percent = min(100, rounded(100 * part, whole)) if whole else 0
    return element("span", element("span", class_=f"w{percent}"), class_="bar", role="img", aria_label=words)


def page(title: str, *children: Child) -> str:
    """A whole page. The one style sheet is inside and known by its hash; all else is forbidden to run or to load."""
    body = together(children, "\n")
    style = _style(body)
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
    whole = element(
        "html",
        Html("\n"),
        element("head", Html("\n"), together(head, "\n"), Html("\n")),
        Html("\n"),
        element("body", Html("\n"), element("main", Html("\n"), body, Html("\n")), Html("\n")),
        Html("\n"),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{whole}\n"


def _style(body: str) -> str:
    """The style sheet, with the widths of those bars that are there."""
    widths = sorted({int(width) for width in re.findall(r'<span class="w(\d{1,3})">', body)})
    return "".join([_STYLE, *(f".w{width}{{width:{width}%}}\n" for width in widths)])


_STYLE = """
:root{color-scheme:light dark;
--ink:#1a1a1a;--soft:#555;--paper:#fff;--line:#bbb;--bar:#1f6f43;--rest:#e4e4e4;--link:#0b4fa3}
@media (prefers-color-scheme:dark){
:root{--ink:#ececec;--soft:#b5b5b5;--paper:#16181a;--line:#555;--bar:#5fbf8a;--rest:#33373a;--link:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.45 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.45rem;line-height:1.25;margin:.4rem 0 .8rem}
h2{font-size:1.1rem;margin:1.2rem 0 .3rem}
h3{font-size:1rem;margin:.8rem 0 .2rem}
p,ul,ol{margin:.3rem 0}
ul,ol{padding-left:1.4rem}
li{margin:.15rem 0;overflow-wrap:anywhere}
a{color:var(--link)}
table{border-collapse:collapse;width:100%;margin:.4rem 0 .8rem}
caption{text-align:left;color:var(--soft);padding:.2rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line)}
th,td{overflow-wrap:break-word}
tbody th{font-weight:normal}
.bar{display:block;width:100%;min-width:6rem;height:.8rem;margin-top:.3rem;background:var(--rest);border-radius:.2rem}
.bar span{display:block;height:100%;background:var(--bar);border-radius:.2rem}
.soft,footer,.sources{color:var(--soft);font-size:.85rem}
@media print{
:root{--ink:#000;--soft:#333;--paper:#fff;--line:#999;--bar:#444;--rest:#ddd;--link:#000}
@page{size:auto;margin:14mm}
body{font-size:9.5pt;line-height:1.3}
main{max-width:none;padding:0}
h2,h3{break-after:avoid;margin-top:.6rem}
tr,li{break-inside:avoid}
.bar,.bar span{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.sources{font-size:7.5pt;columns:2;column-gap:6mm}}
"""
