"""Files that keep answers and offers while they are given; nothing else is replaced."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from formatpicker.base.files import MOST_BYTES, STDIN, read_bytes, read_own, state_folder
from formatpicker.base.new_file import check_writable, unwritable, write_private
from formatpicker.errors import FormatpickerError, InputError

# Whoever stops that often without going on has long forgotten the first one.
_MOST_DRAFTS = 20
# What the drafts of answers and of offers are called.
ANSWERS, OFFERS = "draft", "offers"


class Keeper:
    """Writes answers or offers to one file after every change, for as long as nobody else writes to it.

    Attributes:
        path: The file; None where there is none so far.
        known: What it holds now, None where there is no such file.
        named: Whether a person named it; a draft, called by its ``stem``, may take another name where one is taken.
        held: Whether the file holds them as they are now.
        spare: The draft that holds them while a file that a person named cannot be written.
    """

    def __init__(self, path: Path | None, known: bytes | None = None, named: bool = True, stem: str = ANSWERS) -> None:
        self.path, self.known, self.named, self.stem = path, known, named, stem
        self.held = known is not None
        self.spare: Keeper | None = None
        self._problem = ""

    def __call__(self, text: str) -> str:
        """Keep a text; what is in the way is told once, and tried again with the next change."""
        try:
            self._write(text)
        except FormatpickerError as error:
            self.held = False
            told, self._problem = self._problem, str(error)
            if not self.named:
                return ""
            self.spare = self.spare or new_draft(self.stem)
            self.spare(text)
            where = "on this computer, for you alone," if self.spare.held else "here"
            said = f"{error}. What you type is kept {where} until it can be saved; at the end w saves it elsewhere."
            return "" if self._problem == told else said
        self.held, self._problem = self.path is not None, ""
        self._drop_spare()
        return ""

    def retire(self) -> None:
        """Another file has taken over: a draft has served its time."""
        self._drop_spare()
        if not self.named:
            self.drop()

    def _drop_spare(self) -> None:
        if self.spare is not None:
            self.spare.drop()
            self.spare = None

    def _write(self, text: str) -> None:
        if self.path is None:
            return
        try:
            write_private(self.path, text, self.known)
        except InputError:
            # A draft that another session writes to goes by another name, one that it threw away is written anew.
            if self.named or (self.known is None and not self.path.exists()):
                raise
            self.path, self.known = _free_draft(self.path.parent, self.stem), None
            write_private(self.path, text, None)
        self.known = text.encode()

    def drop(self) -> None:
        """Delete what was kept, if it is still what was written."""
        with contextlib.suppress(OSError):
            if self.path is not None and self.known is not None and self.path.read_bytes() == self.known:
                self.path.unlink()


def named_file(name: str) -> Path:
    """The path that a person means by a name; ``~`` is their home.

    Raises:
        InputError: There is no such home, or the path is none.
    """
    try:
        return Path(name).expanduser()
    except (RuntimeError, ValueError) as error:
        raise unwritable(name, error) from None


def new_file(name: str, stem: str = ANSWERS) -> Keeper:
    """A keeper for a file that must not exist yet and can be written; ``stem`` as for ``new_draft``.

    Raises:
        InputError: It exists, or it cannot be written, for its name, its folder or a full disk.
    """
    path = named_file(name)
    check_new(path, name, "go on with it by --resume, or name another file")
    check_writable(path)
    return Keeper(path, stem=stem)


def check_new(path: Path, name: str, instead: str) -> None:
    """Refuse a file that exists or whose folder does not; ``instead`` says what to do where it exists."""
    try:
        exists = path.exists()
    except OSError as error:
        raise unwritable(name, error) from None
    if exists:
        raise InputError(name, f"exists already; {instead}")
    if not path.absolute().parent.is_dir():
        raise InputError(name, "cannot be written: its folder does not exist; make it first, or name another")


def same_file(name: str, stem: str = ANSWERS) -> tuple[Keeper, bytes]:
    """A keeper for a file that is gone on with, and what it holds; ``stem`` as for ``new_draft``.

    Raises:
        InputError: It cannot be read or written.
    """
    path = named_file(name)
    data = read_bytes(name if name == STDIN else path)
    check_writable(path)
    return Keeper(path, data, stem=stem), data


# --- drafts ----------------------------------------------------------------------------------------------------------


def new_draft(stem: str = ANSWERS) -> Keeper:
    """A keeper for answers or offers that nobody has named a file for; without a path where no folder can be made."""
    folder = state_folder()
    try:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        folder = None
    return Keeper(_free_draft(folder, stem) if folder else None, named=False, stem=stem)


def _free_draft(folder: Path, stem: str) -> Path:
    names = (f"{stem}-{number}.yaml" if number else f"{stem}.yaml" for number in range(_MOST_DRAFTS))
    return next(
        (folder / name for name in names if not (folder / name).exists()), folder / f"{stem}-{os.getpid()}.yaml"
    )


def latest_draft(stem: str = ANSWERS) -> tuple[Keeper, bytes] | None:
    """The draft left behind last, and what it holds; None where there is none to read."""
    folder = state_folder()
    if folder is None:
        return None
    with contextlib.suppress(OSError, FormatpickerError):
        found = max(folder.glob(f"{stem}*.yaml"), key=lambda file: file.stat().st_mtime, default=None)
        data = read_own(found, MOST_BYTES) if found is not None else None
        if data is not None:
            return Keeper(found, data, named=False, stem=stem), data
    return None
