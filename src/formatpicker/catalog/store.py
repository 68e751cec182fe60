"""Where catalogs come from: the file named, the environment or the one that is shipped; and a cache of resolved ones.

Reading and checking the YAML costs several times what a recommendation does. A catalog that passed is therefore kept as
JSON in the user's cache folder under the hash of its file; never a pickle, which could run code. What is read back
decides what people are told, so an entry counts only if the user alone could have written it, and only under a seal
made with a key in another folder: a cache that was copied, restored or handed around does not have it. A cache that is
missing, damaged or cannot be written changes nothing but the time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from weakref import WeakValueDictionary

import msgspec

from formatpicker.base.files import cache_folder, is_own, read_bytes, read_own, read_shipped, shipped_file, state_folder
from formatpicker.catalog.model import Catalog
from formatpicker.errors import CatalogError, FormatpickerError, InputError

SHIPPED = "formats.yaml"
# Where a catalog may come from, as ``load_catalog`` describes it.
CatalogSource = str | os.PathLike[str] | bytes | Mapping[str, Any] | IO[str] | IO[bytes] | None
# Those that are in use, by the hash of their file.
_LOADED: WeakValueDictionary[str, Catalog] = WeakValueDictionary()

ENVIRONMENT = "FORMATPICKER_CATALOG"
# Part of the cache's name: raised whenever the model changes, so that no old entry is read into a new shape.
CACHE_VERSION = 7
MOST_BYTES = 16_000_000
# So many entries are kept, the last ones that were written.
MOST_ENTRIES = 8
_KEY_BYTES = 32


def catalog_path(path: str | os.PathLike[str] | None = None) -> Path:
    """The catalog file in force: the one named, else that of ``FORMATPICKER_CATALOG``, else the shipped one."""
    named = path or os.environ.get(ENVIRONMENT)
    return Path(named) if named else shipped_path()


def shipped_path() -> Path:
    """The catalog that comes with the package: inside it when installed, at the checkout's root when editable."""
    return shipped_file(SHIPPED)


def load_catalog(source: CatalogSource = None) -> Catalog:
    """Load and check a catalog.

    Args:
        source: The path of a YAML file, or what such a file holds: its text (of more than one line), its bytes, the
            same as a mapping, or an open file. None: the environment variable ``FORMATPICKER_CATALOG`` names the file,
            else it is the shipped one.

    Raises:
        InputError: The file cannot be read or is not YAML.
        CatalogError: The file is not a valid catalog; ``faults`` lists all that is wrong with it.
    """
    data, name = _content(source)
    sha256 = hashlib.sha256(data).hexdigest()
    catalog = _read_cache(sha256)
    if catalog is None:
        try:
            catalog = parse_catalog(data, name, sha256)
        except CatalogError as error:
            if isinstance(source, Mapping):  # all of it would be line 1
                error.faults = [fault._replace(line=0) for fault in error.faults]
            raise
        _write_cache(catalog)
    _LOADED[sha256] = catalog
    return catalog


def catalog_of(sha256: str) -> Catalog:
    """The catalog with a hash, if it is at hand: loaded already, in the cache, in force, or shipped.

    Raises:
        InputError: It is not.
    """
    for found in (_LOADED.get, _read_cache, lambda _: _loaded(catalog_path()), lambda _: _loaded(shipped_path())):
        catalog = found(sha256)
        if catalog is not None and catalog.sha256 == sha256:
            return catalog
    raise InputError("catalog", f"the one with the SHA-256 {sha256} is not at hand; load it by load_catalog first")


def _loaded(path: Path) -> Catalog | None:
    with contextlib.suppress(FormatpickerError):
        return load_catalog(path)
    return None


def _content(source: CatalogSource) -> tuple[bytes, str]:
    """What a catalog file holds, and its name for messages."""
    if isinstance(source, Mapping):
        import json

        try:
            return json.dumps(source, default=str).encode(), "catalog"
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError("catalog", f"is no plain data: {error}") from None
    if source is None or isinstance(source, os.PathLike) or (isinstance(source, str) and "\n" not in source):
        path = catalog_path(source)
        return _read(path), str(path)
    name = str(getattr(source, "name", "catalog"))
    try:
        read = source.read() if hasattr(source, "read") else source
        if isinstance(read, str | bytes | bytearray):
            return read.encode() if isinstance(read, str) else bytes(read), name
    except (OSError, ValueError) as error:  # not open for reading, closed, or text that no encoding has
        raise InputError(name, f"cannot be read: {error}") from None
    raise InputError(name, f"a {type(read).__name__} is no catalog; give a path, text, a mapping or an open file")


def _read(path: Path) -> bytes:
    """The bytes of a catalog file; the shipped one may be inside an archive."""
    is_packed = path == shipped_path() and not path.exists()
    return read_shipped(SHIPPED) if is_packed else read_bytes(path)


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
        return parse_catalog(_read(source), str(source)), []
    except FormatpickerError as error:
        return None, str(error).splitlines()


def _cache_name(sha256: str) -> str:
    return f"catalog-{CACHE_VERSION}-{sha256}.json"


def _read_cache(sha256: str) -> Catalog | None:
    """The catalog that was kept under a hash; None where there is none that can be trusted."""
    folder, key, name = cache_folder(), _key(), _cache_name(sha256)
    if folder is None or key is None or not is_own(folder):
        return None
    seal, _, body = (read_own(folder / name, MOST_BYTES) or b"").partition(b"\n")
    if seal == _seal(key, name, body):
        with contextlib.suppress(ValueError, RecursionError, msgspec.MsgspecError):
            catalog = msgspec.json.decode(body, type=Catalog)
            return catalog if catalog.sha256 == sha256 else None
    return None


def _write_cache(catalog: Catalog) -> None:
    """Keep a catalog, if there is a place for it; the oldest ones give way."""
    with contextlib.suppress(OSError, FormatpickerError, UnicodeError, msgspec.MsgspecError):
        folder, name, body = cache_folder(), _cache_name(catalog.sha256), msgspec.json.encode(catalog)
        if folder is None or len(body) > MOST_BYTES - 100:
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = _key(make=True)
        if key is None or not is_own(folder) or (folder / name).is_symlink():
            return
        from formatpicker.base.new_file import write_private

        write_private(folder / name, _seal(key, name, body) + b"\n" + body)
        for each in sorted(folder.glob("catalog-*.json"), key=lambda each: each.lstat().st_mtime_ns)[:-MOST_ENTRIES]:
            with contextlib.suppress(OSError):
                each.unlink()


def _seal(key: bytes, name: str, body: bytes) -> bytes:
    digest = hashlib.blake2b(name.encode() + b"\n", key=key)
    digest.update(body)
    return digest.hexdigest().encode()


def _key(make: bool = False) -> bytes | None:
    folder = state_folder()
    if folder is None:
        return None
    file = folder / "cache-key"
    if make and not file.is_symlink() and read_own(file, _KEY_BYTES) is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        from formatpicker.base.new_file import write_private

        write_private(file, os.urandom(_KEY_BYTES // 2).hex())
    key = read_own(file, _KEY_BYTES) if is_own(folder) else None
    return key if key is not None and len(key) == _KEY_BYTES else None
