"""Builds the documentation site from a catalog whose every text is hostile, and looks for what came through.

Run by ``.ci/run``: it needs the packages of the ``docs`` extra, which the tests do without.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

from hostile import catalog_file

ROOT = Path(__file__).parent.parent
HOSTILE = "</title></script><script>owned(1)</script><img src=owned onerror=owned(2)>](javascript:owned(3)) {{ 7*7 }}"


class Owned(HTMLParser):
    """The places of a page where the hostile text would do something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        told = [
            name
            for name, value in attrs
            if "owned" in (value or "") and (name in ("src", "action") or name[:2] == "on" or ":" in str(value))
        ]
        self.found += [f"<{tag} {name}>" for name in told]

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script" and "owned(" in data:
            self.found.append("<script>")


def built(folder: Path) -> list[Path]:
    """The pages of the site."""
    catalog = catalog_file(folder, [f"{HOSTILE} {'x' * number}" for number in range(400)])
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder / "site")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "FORMATPICKER_CATALOG": str(catalog)}, check=True)
    return sorted((folder / "site").rglob("*.html"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages = built(Path(folder))
        texts = {page.name: page.read_text("utf-8") for page in pages}
    assert sum("owned(1)" in text for text in texts.values()) >= 6, "the hostile text is on no page"
    found = {name: faults for name, text in texts.items() if (faults := Owned(text).found)}
    if found:
        sys.exit(f"markup of a catalog came through: {found}")
    print(f"{len(pages)} pages from a hostile catalog: nothing came through")


if __name__ == "__main__":
    main()
