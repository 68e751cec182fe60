"""Files that come with the package: inside it once installed, in a folder or a zip archive; beside it in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent
_loader: Any = __spec__.loader


def shipped_path(name: str, folder: str = "data") -> Path:
    """Where a file is; ``folder`` is the one that holds it in a checkout."""
    installed, kept = _PACKAGE / "data" / name, _PACKAGE.parent.parent / folder / name
    return kept if kept.exists() and not installed.exists() else installed


def read_shipped(name: str, folder: str = "data") -> bytes:
    """What a file holds, by the loader of the package, which can read an archive too."""
    data: bytes = _loader.get_data(str(shipped_path(name, folder)))
    return data
