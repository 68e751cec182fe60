"""Every kind of file is written where the system has none of what only Unix has, and refuses what Windows refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from formatpicker.base.files import cache_folder, state_folder
from running import environment

# Runs commands after each other in a Python without these names; a file that is open can be neither moved, replaced
# nor removed, as on Windows.
SCRIPT = r"""
import multiprocessing, os, signal, subprocess, sys

sys.modules["fcntl"] = None
multiprocessing.set_start_method("spawn")
for name in ("fchmod", "geteuid", "getuid", "link", "symlink", "mkfifo", "killpg", "sched_getaffinity",
             "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    delattr(os, name)
for name in ("SIGHUP", "SIGQUIT", "SIGUSR1", "SIGPIPE", "SIGALRM"):
    delattr(signal, name)

def refusing(function):
    def guarded(*paths, **given):
        opened = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
        for path in paths[:2]:
            if os.path.realpath(path) in opened:
                raise PermissionError(13, "it is open", os.fspath(path))
        return function(*paths, **given)
    return guarded

for name in ("replace", "rename", "unlink", "remove"):
    setattr(os, name, refusing(getattr(os, name)))

from formatpicker.cli import main
from formatpicker import load_catalog
from formatpicker.base.terminal import LiveTerminal
from formatpicker.cli.saving import latest_draft, new_draft, new_file
from formatpicker.cli.session import AnswersSession

for line in sys.stdin.read().splitlines():
    sys.argv = ["formatpicker", *line.split()]
    try:
        main()
    except SystemExit as stop:
        print(stop.code, line)
text = "weeks: 4\n"
keeper, draft = new_file("kept.yaml"), new_draft()
print([keep(text) for keep in (keeper, keeper, draft, draft)], latest_draft() is not None)
save = AnswersSession(load_catalog(), LiveTerminal(sys.stdout, plain=True)).save
print(save("page.html"), save("page.html"), save("page.md"), sep="\n")
"""
COMMANDS = [
    *(f"batch in.csv -o out.{kind} --rejects rejects.{kind}.jsonl" for kind in ("jsonl", "csv", "xlsx", "parquet")),
    "batch in.jsonl -o out.jsonl --summary summary.json",
    *(f"template -o sheet.{kind}" for kind in ("csv", "xlsx", "yaml", "json")),
    "report me.yaml -o r.html",
    "report me.yaml -o r.html",
    "report --cohort summary.json -o r.md",
    "recommend me.yaml --json",
]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to see which files are open")
def test_files_are_written_without_what_only_unix_has(tmp_path: Path) -> None:
    (tmp_path / "me.yaml").write_text("goals: [explore]\nweeks: 4\n")
    rows = 3_000
    (tmp_path / "in.csv").write_text("id,goals,weeks\n" + "a,explore,4\n" * rows)
    (tmp_path / "in.jsonl").write_text('{"id": "a", "goals": "explore", "weeks": 4}\n' * rows)
    before = {each.name for each in tmp_path.iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input="\n".join(COMMANDS), cwd=tmp_path, capture_output=True, text=True,
        env=environment({"XDG_STATE_HOME": str(tmp_path / "s"), "XDG_CACHE_HOME": str(tmp_path / "c")}),
        timeout=100, check=False,
    )  # fmt: skip
    codes = [line for line in done.stdout.splitlines() if line[:2] in ("0 ", "1 ", "2 ")]
    assert codes == [f"0 {command}" for command in COMMANDS], done.stderr
    assert done.stdout.splitlines()[-4:] == [
        "['', '', '', ''] True",
        *(f"Saved the page to {name}." for name in ("page.html", "page.html", "page.md")),
    ]
    named = {word for command in COMMANDS for word in command.split() if "." in word} | {"kept.yaml", "page.html"}
    named |= {"page.md", "out.csv-metadata.json"}  # the latter says what the table was made with
    assert {each.name for each in tmp_path.iterdir()} == before | named | {"s", "c"}
    assert [each.name for each in (tmp_path / "s" / "formatpicker").iterdir() if "draft" in each.name] == ["draft.yaml"]
    assert len([*(tmp_path / "c" / "formatpicker").iterdir()]) == 1


def test_elsewhere_than_on_linux_caches_and_drafts_are_where_the_system_has_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("formatpicker.base.files.sys.platform", "darwin")
    assert cache_folder() == platformdirs.user_cache_path("formatpicker", appauthor=False)
    assert state_folder() == platformdirs.user_state_path("formatpicker", appauthor=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert cache_folder() == tmp_path / "c" / "formatpicker"
