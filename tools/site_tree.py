"""All files of the documentation site that are not in docs/ as they are: generated pages, and pages moved there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from formatpicker import load_catalog
from formatpicker.catalog.store import catalog_path
from publish_schemas import published
from site_pages import code, command_page, format_pages, schema_pages

ROOT = Path(__file__).parent.parent
# Files of the repository that the site shows, and the page of each.
REPOSITORY_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
COPIES = {"LICENSE": "license.md", "data/formats.yaml": "data/formats.yaml", "schemas": "reference/schemas.md"}

_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)((?:#[^)]*)?)\)")


def site_path(path: str) -> str:
    """Where the site has a file of the repository."""
    return {**REPOSITORY_PAGES, **COPIES}.get(path, path.removeprefix("docs/"))


def relinked(markdown: str, path: str) -> str:
    """The text of a file of the repository with its links to other such files as the site has them."""
    folder, here = posixpath.dirname(path), posixpath.dirname(site_path(path))

    def moved(match: re.Match[str]) -> str:
        target = site_path(posixpath.normpath(posixpath.join(folder, match[1])))
        return f"]({posixpath.relpath(target, here or '.')}{match[2]})"

    parts = re.split(r"(^```.*?^```$)", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else _LINK.sub(moved, part) for part in parts)


def generated_pages() -> dict[str, str]:
    """Every file of the site that is not in the folder of pages."""
    catalog = load_catalog()
    pages = {new: relinked((ROOT / old).read_text("utf-8"), old) for old, new in REPOSITORY_PAGES.items()}
    pages["license.md"] = "\n".join(["# License", "", *code((ROOT / "LICENSE").read_text("utf-8"))])
    pages["data/formats.yaml"] = catalog_path().read_text("utf-8")
    pages["reference/cli.md"] = command_page()
    return {**pages, **format_pages(catalog), **schema_pages(published(catalog))}
