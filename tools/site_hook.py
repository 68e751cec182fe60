"""The hook of the documentation site: adds the generated pages, and lets no page fetch anything from elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from formatpicker import load_catalog
from formatpicker.base.text import printable
from site_pages import FORMATS, grouped
from site_tree import generated_pages, relinked

_FETCHING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
_FETCHING |= {"link": "href", "form": "action", "object": "data", "embed": "src", "track": "src", "input": "src"}
# What the theme loads when it misses it: diagrams, and a part that old browsers lack.
_NETWORK = re.compile(r"https://[\w.-]+/(?:mermaid|resize-observer-polyfill)[\w./@-]*")
_CSS_FETCH = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\"')\s]+)")


def on_config(config: Any) -> Any:
    """List every format in the navigation, and every page that no other entry lists."""
    catalog = load_catalog()
    sections: list[Any] = [f"{FORMATS}/index.md"]
    for title, formats in grouped(catalog):
        sections.append({title: [{_title(each.name): f"{FORMATS}/{each.id}.md"} for each in formats]})
    config.nav = [{"Formats": sections} if entry == "formats" else entry for entry in config.nav]
    listed = set(_paths(config.nav))
    docs = Path(config.docs_dir)
    rest = [path for each in sorted(docs.rglob("*.md")) if (path := each.relative_to(docs).as_posix()) not in listed]
    config.nav += [{"More": rest}] if rest else []
    return config


def _title(name: str) -> str:
    """A title that is text wherever the theme writes it: as it is, or without its references."""
    return html.escape(printable(name).replace("<", "\u2039").replace(">", "\u203a"))


def _paths(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for each in entry.values() if isinstance(entry, dict) else entry:
            yield from _paths(each)


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages."""
    for path, content in generated_pages().items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let the pages in docs/ link to the rest of the repository."""
    written = page.file.generated_by is None
    return relinked(markdown, f"docs/{page.file.src_uri}") if written else markdown


def on_post_build(config: Any) -> None:
    """Stop the build where a reader's browser would fetch something from elsewhere."""
    site = Path(config.site_dir)
    for file in sorted(site.rglob("*.js")):
        file.write_text(_NETWORK.sub("data:,", file.read_text("utf-8")), "utf-8")
    found = [f"{file.relative_to(site)}: {url}" for file in sorted(site.rglob("*.html")) for url in fetched(file)]
    for file in sorted(site.rglob("*.css")):
        found += [f"{file.relative_to(site)}: {url}" for url in _CSS_FETCH.findall(file.read_text("utf-8"))]
    if found:
        raise PluginError("the site would fetch from elsewhere:\n" + "\n".join(found))


def fetched(file: Path) -> list[str]:
    """The addresses outside the site that a page makes a browser fetch."""
    reader = _Fetches()
    reader.feed(file.read_text("utf-8"))
    return reader.outside


class _Fetches(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        url = dict(attrs).get(_FETCHING.get(tag, "")) or ""
        if re.match(r"\s*(?:\w+:)?//", url):
            self.outside.append(url)
