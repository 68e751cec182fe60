"""Where answers are kept: a full disk, a file of somebody else, pages and drafts."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from formatpicker import Catalog, InputError, parse_answers
from formatpicker.advice.questionnaire import Interview, draft, started
from formatpicker.base.terminal import LiveTerminal
from formatpicker.cli.saving import latest_draft, new_draft, new_file
from formatpicker.cli.session import AnswersSession


@pytest.fixture
def interview(shipped: Catalog) -> Interview:
    begun = started(shipped)
    answers = parse_answers(shipped, {"goals": ["explore"], "weeks": "3 months"}, own_words=True)
    return begun.at("goals").answered(answers.get("goals")).at("weeks").answered(answers.get("weeks"))


@pytest.fixture
def session(interview: Interview) -> AnswersSession:
    begun = AnswersSession(interview.catalog, LiveTerminal(sys.stdout, plain=True))
    begun.interview = interview
    return begun


def full(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_is_full_meanwhile_is_told_once_and_tried_again(
    interview: Interview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = new_file(str(tmp_path / "mine.yaml"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "No space left" in keeper(draft(interview))
        assert not keeper.held
        assert keeper(draft(interview)) == ""
    assert list(tmp_path.iterdir()) == []
    assert keeper(draft(interview)) == ""
    assert keeper.held
    assert 'weeks: "3 months"' in (tmp_path / "mine.yaml").read_text()


def test_a_full_disk_is_told_before_the_first_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        new_file(str(tmp_path / "mine.yaml"))


def test_a_file_that_changed_is_left_alone_and_told(interview: Interview, tmp_path: Path) -> None:
    keeper = new_file(str(tmp_path / "mine.yaml"))
    keeper(draft(interview))
    (tmp_path / "mine.yaml").write_text("weeks: 3\n")
    assert "changed it meanwhile" in keeper(draft(interview))
    (tmp_path / "mine.yaml").unlink()
    assert keeper(draft(interview)) == ""  # told already; a file that is gone is not what was written either
    assert not (tmp_path / "mine.yaml").exists()


def test_what_a_named_file_cannot_take_is_a_draft_until_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    keeper = new_file(str(tmp_path / "mine.yaml"))
    (tmp_path / "mine.yaml").write_text("theirs")
    assert "kept on this computer, for you alone, until" in keeper("weeks: 3\n")
    assert keeper("weeks: 4\n") == ""
    found = latest_draft()
    assert found is not None
    assert found[1] == b"weeks: 4\n"
    (tmp_path / "mine.yaml").unlink()
    assert keeper("weeks: 5\n") == ""
    assert (latest_draft(), (tmp_path / "mine.yaml").read_text()) == (None, "weeks: 5\n")


def test_a_draft_that_somebody_else_took_gets_another_name(
    interview: Interview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one, two = new_draft(), new_draft()
    assert one.path == two.path
    assert one(draft(interview)) == two(draft(interview)) == ""
    assert one.path != two.path
    assert {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "formatpicker").iterdir()} == {0o600}
    found = latest_draft()
    assert found is not None
    one.drop()
    two.drop()
    assert latest_draft() is None


def test_what_cannot_be_kept_is_not_said_to_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    keeper = new_draft()
    assert (keeper("weeks: 3\n"), keeper.path, keeper.held) == ("", None, False)


def test_pages_are_written_by_their_ending_and_again(session: AnswersSession, tmp_path: Path) -> None:
    save = session.save
    (tmp_path / "theirs.md").write_text("theirs")
    with pytest.raises(InputError, match="exists already"):
        save(str(tmp_path / "theirs.md"))
    for _ in range(2):
        assert "Saved the page" in save(str(tmp_path / "mine.md"))
    (tmp_path / "mine.md").write_text("changed by hand")
    with pytest.raises(InputError, match="changed it meanwhile"):
        save(str(tmp_path / "mine.md"))
    assert session.keeper.path is None
    assert save(str(tmp_path / "my own.yaml")).endswith(f"formatpicker ask --resume '{tmp_path / 'my own.yaml'}'")
    assert session.keeper.path == tmp_path / "my own.yaml"


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script of the shell")
def test_a_pdf_is_what_the_browser_prints(
    session: AnswersSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = session.save
    monkeypatch.setenv("FORMATPICKER_BROWSER", str(tmp_path / "none"))
    with pytest.raises(InputError, match=r"write \.html"):
        save(str(tmp_path / "mine.pdf"))
    browser = tmp_path / "chromium"
    browser.write_text(
        "#!/bin/sh\nfor each; do case $each in --print-to-pdf=*) out=${each#*=};; esac; done\necho %PDF >$out\n"
    )
    browser.chmod(0o700)
    monkeypatch.setenv("FORMATPICKER_BROWSER", str(browser))
    save(str(tmp_path / "mine.pdf"))
    assert (tmp_path / "mine.pdf").read_bytes() == b"%PDF\n"
