"""Bounded reading, and writing that leaves the whole old file or the whole new one."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from formatpicker.base.files import MOST_BYTES, display_name, program, read_bytes
from formatpicker.base.new_file import write_private
from formatpicker.errors import InputError

NOBODY = 65534


@contextmanager
def without_privileges() -> Iterator[None]:
    """Run as somebody whom permissions bind: root could read and write anything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- reading -------------------------------------------------------------------------------------------------------


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\r\n\xff")
    assert read_bytes(file) == b"a: 1\r\n\xff"


def test_a_file_may_hold_exactly_the_most(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"x" * 10)
    assert len(read_bytes(file, most=10)) == 10


def test_one_byte_more_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"x" * 11)
    with pytest.raises(InputError, match=r"a\.yaml: is larger than 10 bytes"):
        read_bytes(file, most=10)


def test_an_endless_file_is_refused_and_not_read_to_the_end() -> None:
    with pytest.raises(InputError, match=f"larger than {MOST_BYTES:,} bytes"):
        read_bytes("/dev/zero")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read \(No such file"):
        read_bytes(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("given", "there", "hint"),
    [
        ("answer.yaml", "answers.yaml", "did you mean '{}/answers.yaml'?"),
        ("answers.yml", "answers.yaml", "did you mean '{}/answers.yaml'?"),
        ("answers", "Answers.yaml", "did you mean '{}/Answers.yaml'?"),
        ("answers.yaml", "budget.xlsx", "check the name and the permissions"),
        ("netrc", ".netrc", "check the name and the permissions"),
    ],
)
def test_of_a_missing_file_the_nearest_beside_it_is_named(given: str, there: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / there).touch()
    with pytest.raises(InputError) as caught:
        read_bytes(tmp_path / given)
    assert str(caught.value).endswith(f"No such file or directory); {hint.format(tmp_path)}")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        read_bytes(tmp_path)


def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text("a: 1")
    file.chmod(0)
    with without_privileges(), pytest.raises(InputError, match=r"secret\.yaml: cannot be read \(Permission denied\)"):
        read_bytes(file)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, ""], ids=["NUL in the name", "too long a name", "no name"])
def test_an_impossible_name_is_an_input_error(name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(name)


def test_a_circle_of_links_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(tmp_path / "a")


def test_a_hyphen_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"pay: required")))
    assert read_bytes("-") == b"pay: required"


def test_standard_input_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 11)))
    with pytest.raises(InputError, match="standard input: is larger than 10 bytes"):
        read_bytes("-", most=10)


def test_a_closed_standard_input_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python sets sys.stdin to None where the process was started with its standard input closed.
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input: cannot be read"):
        read_bytes("-")


def test_inputs_are_named_as_people_know_them() -> None:
    assert (display_name("-"), display_name("me.yaml")) == ("standard input", "me.yaml")


# --- writing -------------------------------------------------------------------------------------------------------


def test_only_the_owner_can_read_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    write_private(file, "age: 19\n")
    assert file.read_text() == "age: 19\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_text_is_written_as_utf_8_with_bare_newlines(tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    write_private(file, "ü\n")
    assert file.read_bytes() == b"\xc3\xbc\n"


def test_nothing_else_is_left_beside_the_file(tmp_path: Path) -> None:
    write_private(tmp_path / "me.yaml", "a")
    write_private(tmp_path / "me.yaml", "b")
    assert names_in(tmp_path) == ["me.yaml"]


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path: Path) -> None:
    # Written over in place, the open file would change under its reader; replaced, it does not.
    file = tmp_path / "me.yaml"
    file.write_text("the old text, whole")
    with file.open() as reader:
        write_private(file, "new")
        assert reader.read() == "the old text, whole"


def test_a_failure_half_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    file.write_text("old")
    with pytest.raises((InputError, UnicodeError)):
        write_private(file, "x" * 100_000 + "\ud800")  # a lone surrogate has no UTF-8 form
    assert file.read_text() == "old"
    assert names_in(tmp_path) == ["me.yaml"]


def test_a_failure_of_the_last_step_leaves_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "me.yaml"
    folder.mkdir()
    with pytest.raises(InputError, match=r"me\.yaml: cannot be written"):
        write_private(folder, "new")
    assert names_in(tmp_path) == ["me.yaml"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/me\.yaml: cannot be written: there is no folder .*none; make it first"):
        write_private(tmp_path / "none" / "me.yaml", "a")


def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with without_privileges(), pytest.raises(InputError, match=r"me\.yaml: cannot be written \(Permission denied\)"):
        write_private(folder / "me.yaml", "a")


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "real" / "me.yaml", tmp_path / "link.yaml"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    write_private(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert (names_in(tmp_path), names_in(target.parent)) == (["link.yaml", "real"], ["me.yaml"])


def test_a_link_to_nothing_yet_creates_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(tmp_path / "me.yaml")
    write_private(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "me.yaml").read_text() == "new"


def test_writing_through_a_circle_of_links_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(InputError, match="cannot be written"):
        write_private(tmp_path / "a", "new")
    assert names_in(tmp_path) == ["a", "b"]


def test_no_program_in_the_current_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "less").write_text("#!/bin/sh\n")
    (tmp_path / "less").chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")  # which Windows always begins with
    assert program("less") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program("none", "less") == str(tmp_path / "less")
