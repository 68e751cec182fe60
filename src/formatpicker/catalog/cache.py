"""Texts kept in the user's cache folder between runs, each sealed with a key that only this user's programs know.

What is read back decides what people are told, so an entry counts only if the user alone could have written it, and
only under its seal. The key lies in another folder: a cache that was copied, restored or handed around does not have
it. A cache that is missing, damaged or cannot be written changes nothing but the time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path

from formatpicker.base.new_file import write_private
from formatpicker.errors import FormatpickerError

MOST_BYTES = 16_000_000
# So many entries are kept, the last ones that were written.
MOST_ENTRIES = 8
_KEY_BYTES = 32
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def kept(name: str) -> str | None:
    """The text that was kept under a name; None where there is none that can be trusted."""
    folder, key = _folder("XDG_CACHE_HOME", ".cache"), _key()
    if folder is None or key is None or not _is_own(folder):
        return None
    data = _read(folder / name, MOST_BYTES)
    seal, _, body = (data or b"").partition(b"\n")
    if not body or _seal(key, name, body) != seal:
        return None
    with contextlib.suppress(UnicodeError):
        return body.decode()
    return None


def keep(name: str, text: str) -> None:
    """Keep a text under a name, if there is a place for it; the oldest ones give way."""
    folder, body = _folder("XDG_CACHE_HOME", ".cache"), text.encode()
    if folder is None or len(body) > MOST_BYTES - 100:
        return
    with contextlib.suppress(OSError, FormatpickerError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = _key(make=True)
        file = folder / name
        if key is None or not _is_own(folder) or file.is_symlink():
            return
        write_private(file, f"{_seal(key, name, body).decode()}\n{text}")
        _remove_old(folder)


def _seal(key: bytes, name: str, body: bytes) -> bytes:
    digest = hashlib.blake2b(name.encode() + b"\n", key=key)
    digest.update(body)
    return digest.hexdigest().encode()


def _folder(variable: str, usual: str) -> Path | None:
    """The folder of this program below that of a variable; a relative one would be another one in every folder."""
    for place in (Path(os.environ.get(variable, "")), Path(os.environ.get("HOME", ""), usual)):
        if place.is_absolute():
            return place / "formatpicker"
    return None


def _key(make: bool = False) -> bytes | None:
    folder = _folder("XDG_STATE_HOME", ".local/state")
    if folder is None:
        return None
    file = folder / "cache-key"
    if make and not file.is_symlink() and _read(file, _KEY_BYTES) is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(file, os.urandom(_KEY_BYTES // 2).hex())
    key = _read(file, _KEY_BYTES) if _is_own(folder) else None
    return key if key is not None and len(key) == _KEY_BYTES else None


def _is_own(folder: Path) -> bool:
    """Whether nobody but this user could have put something into a folder."""
    try:
        return _is_mine(folder.stat())
    except OSError:
        return False


def _is_mine(found: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):  # Windows has other permissions, and folders of users are their own there
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _read(file: Path, most: int) -> bytes | None:
    """The bytes of a regular file of this user, not by a link to it, and not more than so many; else None."""
    try:
        handle = os.open(file, _READ)
    except (OSError, ValueError):
        return None
    try:
        found = os.fstat(handle)
        usable = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_size <= most and _is_mine(found)
        with os.fdopen(handle, "rb", closefd=False) if usable else contextlib.nullcontext() as stream:
            return stream.read(most) if stream else None
    except OSError:
        return None
    finally:
        os.close(handle)


def _remove_old(folder: Path) -> None:
    """Remove all but the last entries."""
    entries = sorted(folder.glob("catalog-*.json"), key=lambda each: each.lstat().st_mtime_ns, reverse=True)
    for each in entries[MOST_ENTRIES:]:
        with contextlib.suppress(OSError):
            each.unlink()
