"""Catalogs whose every text is hostile, and what a reader's browser would make of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any

from conftest import CASES
from formatpicker.base.yaml_reader import parse_document

# Keys of a catalog file whose value is free text, and those that hold a list or a mapping of such.
TEXTS = {
    *("title", "version", "updated", "label", "text", "why", "example", "unit", "phrase", "preface", "name", "summary"),
    *("note", "reason", "publisher", "date", "as_of", "valid_from", "valid_to", "same_voice_as"),
}
MANY_TEXTS = {"phrases", "texts", "aliases", "good_for", "speaks_against", "also_means"}
HOSTILE_URL = 'https://example.org/)](javascript:alert(1))"><script>alert(2)</script>|`*_'


def toy_data() -> Any:
    """The toy catalog as plain data, with every optional text there is."""
    data: Any = parse_document((CASES / "toy.yaml").read_bytes(), "toy.yaml").data
    for format in data["formats"].values():
        format["also_means"] = ["something else"]
        format["aliases"] = [f"also {format['name']}"]
        for value in format.get("attributes", {}).values():
            value |= {"note": "a note", "as_of": "2026", "valid_from": "2025", "valid_to": "2030"}
    data["sources"]["handbook"] |= {"note": "a note", "url": HOSTILE_URL}
    data["next_steps"][0]["url"] = HOSTILE_URL
    return data


def filled(node: Any, texts: Iterator[str], place: str = "") -> Any:
    """The data of a catalog with every free text replaced by the next of some texts."""
    if isinstance(node, list):
        return [next(texts) if place in MANY_TEXTS else filled(each, texts) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: _filled_value(key, value, texts, place) for key, value in node.items()}


def _filled_value(key: str, value: Any, texts: Iterator[str], place: str) -> Any:
    cited = place == "sources" and isinstance(value, str)  # the place in a source; the sources themselves are mappings
    if isinstance(value, str) and (cited or place in MANY_TEXTS or key in TEXTS):
        return next(texts)
    if place == "remark" and key == "value" and value is not None:
        return next(texts)
    return filled(value, texts, key)


def catalog_file(folder: Path, texts: list[str], name: str = "hostile.yaml") -> Path:
    """A catalog file whose texts are some texts in turn; JSON is YAML."""
    file = folder / name
    file.write_text(json.dumps(filled(toy_data(), cycle(texts))), "utf-8")
    return file


class Browser(HTMLParser):
    """What a browser makes of a page: its elements, its addresses, and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src")}

    def handle_comment(self, data: str) -> None:
        self.tags.add("comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.add("declaration")

    def handle_pi(self, data: str) -> None:
        self.tags.add("instruction")

    def handle_data(self, data: str) -> None:
        self.text += data
