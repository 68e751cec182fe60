"""Where catalogs come from: the file named, the environment or the one that is shipped; and a cache of resolved ones.

Reading and checking the YAML costs several times what a recommendation does. A catalog that passed is therefore kept as
JSON in the user's cache folder under the hash of its file; never a pickle, which could run code.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

from formatpicker.base import files
from formatpicker.catalog import cache
from formatpicker.catalog.model import Catalog
from formatpicker.errors import FormatpickerError

ENVIRONMENT = "FORMATPICKER_CATALOG"
# Part of the cache's name: raised whenever the model changes, so that no old entry is read into a new shape.
CACHE_VERSION = 5


def catalog_path(path: str | Path | None = None) -> Path:
    """The catalog file in force: the one named, else that of ``FORMATPICKER_CATALOG``, else the shipped one."""
    named = path or os.environ.get(ENVIRONMENT)
    return Path(named) if named else shipped_path()


def shipped_path() -> Path:
    """The catalog that comes with the package: inside it when installed, at the checkout's root when editable."""
    package = Path(__file__).parent.parent
    installed = package / "data" / "formats.yaml"
    return installed if installed.exists() else package.parent.parent / "data" / "formats.yaml"


def load_catalog(path: str | Path | None = None) -> Catalog:
    """Load and check a catalog.

    Args:
        path: A YAML file; without one the environment variable ``FORMATPICKER_CATALOG`` or the shipped catalog counts.

    Raises:
        InputError: The file cannot be read or is not YAML.
        CatalogError: The file is not a valid catalog; ``faults`` lists all that is wrong with it.
    """
    source = catalog_path(path)
    data = files.read_bytes(source)
    sha256 = hashlib.sha256(data).hexdigest()
    cached = _read_cache(sha256)
    if cached is not None:
        return cached
    catalog = parse_catalog(data, str(source), sha256)
    _write_cache(catalog)
    return catalog


def parse_catalog(data: bytes, name: str, sha256: str = "") -> Catalog:
    """The catalog in some bytes, checked from the start; errors as in ``load_catalog``."""
    from formatpicker.base.yaml_reader import parse_document
    from formatpicker.catalog.resolve import resolve
    from formatpicker.catalog.validate import validated

    document = parse_document(data, name)
    return resolve(document, validated(document), sha256 or hashlib.sha256(data).hexdigest())


def checked_catalog(path: str | Path | None = None) -> tuple[Catalog | None, list[str]]:
    """A catalog file read past the cache, once: it may be a pipe. Else every fault of it in the words of its error."""
    source = catalog_path(path)
    try:
        return parse_catalog(files.read_bytes(source), str(source)), []
    except FormatpickerError as error:
        return None, str(error).splitlines()


def faults_of(path: str | Path | None = None) -> list[str]:
    """Every fault of a catalog file in the words of its error; empty where it is valid. Reads past the cache."""
    return checked_catalog(path)[1]


def _cache_name(sha256: str) -> str:
    return f"catalog-{CACHE_VERSION}-{sha256}.json"


def _read_cache(sha256: str) -> Catalog | None:
    body = cache.kept(_cache_name(sha256))
    if body is None:
        return None
    with contextlib.suppress(ValueError, RecursionError, msgspec.MsgspecError):
        catalog = msgspec.json.decode(body, type=Catalog)
        return catalog if catalog.sha256 == sha256 else None
    return None


def _write_cache(catalog: Catalog) -> None:
    with contextlib.suppress(UnicodeError, msgspec.MsgspecError):
        cache.keep(_cache_name(catalog.sha256), msgspec.json.encode(catalog).decode())
