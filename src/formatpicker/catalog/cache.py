"""Texts kept in the user's cache folder between runs, each sealed with a key that only this user's programs know.

What is read back decides what people are told, so an entry counts only if the user alone could have written it, and
only under its seal. The key lies in another folder: a cache that was copied, restored or handed around does not have
it. A cache that is missing, damaged or cannot be written changes nothing but the time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from formatpicker.base.places import cache_folder, is_own, read_own, state_folder
from formatpicker.errors import FormatpickerError

MOST_BYTES = 16_000_000
# So many entries are kept, the last ones that were written.
MOST_ENTRIES = 8
_KEY_BYTES = 32


def kept(name: str) -> bytes | None:
    """The text that was kept under a name, in UTF-8; None where there is none that can be trusted."""
    folder, key = cache_folder(), _key()
    if folder is None or key is None or not is_own(folder):
        return None
    data = read_own(folder / name, MOST_BYTES)
    seal, _, body = (data or b"").partition(b"\n")
    if not body or _seal(key, name, body) != seal:
        return None
    return body


def keep(name: str, body: bytes) -> None:
    """Keep a text in UTF-8 under a name, if there is a place for it; the oldest ones give way."""
    folder = cache_folder()
    if folder is None or len(body) > MOST_BYTES - 100:
        return
    with contextlib.suppress(OSError, FormatpickerError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = _key(make=True)
        file = folder / name
        if key is None or not is_own(folder) or file.is_symlink():
            return
        from formatpicker.base.new_file import write_private

        write_private(file, f"{_seal(key, name, body).decode()}\n{body.decode()}")
        _remove_old(folder)


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


def _remove_old(folder: Path) -> None:
    """Remove all but the last entries."""
    entries = sorted(folder.glob("catalog-*.json"), key=lambda each: each.lstat().st_mtime_ns, reverse=True)
    for each in entries[MOST_ENTRIES:]:
        with contextlib.suppress(OSError):
            each.unlink()
