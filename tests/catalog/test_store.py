"""Which catalog is in force, and a cache that can change nothing but the time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from formatpicker import Catalog, InputError, load_catalog
from formatpicker.catalog import store
from formatpicker.catalog.store import catalog_path, checked_catalog, parse_catalog, shipped_path
from formatpicker.cli import app

TOY = Path(__file__).parent.parent / "cases" / "toy.yaml"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that does not exist yet, nor does its key."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "cache" / "formatpicker"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A catalog of one's own that is told from others by its title."""
    file = tmp_path / "mine.yaml"
    file.write_text(TOY.read_text("utf-8").replace("title: Toy formats", "title: Mine"), "utf-8")
    return file


@pytest.fixture
def no_parsing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A switch after which a catalog can only come from the cache."""

    def refuse(*_: object) -> Catalog:
        raise AssertionError("the file was parsed")

    return lambda: monkeypatch.setattr(store, "parse_catalog", refuse)


def cached_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def sealed(body: str) -> str:
    """A text as an entry under the right seal, as only a fault of this program could write it."""
    key = (Path(os.environ["XDG_STATE_HOME"]) / "formatpicker" / "cache-key").read_bytes()
    name = cached_file(Path(os.environ["XDG_CACHE_HOME"]) / "formatpicker").name
    return f"{hashlib.blake2b(f'{name}{chr(10)}{body}'.encode(), key=key).hexdigest()}\n{body}"


# --- the cache -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [TOY, shipped_path()], ids=["toy", "shipped"])
def test_a_cached_catalog_equals_a_cold_one(file: Path, cache: Path, no_parsing: Callable[[], None]) -> None:
    cold = parse_catalog(file.read_bytes(), str(file))
    assert load_catalog(file) == cold
    no_parsing()
    assert load_catalog(file) == cold


def test_an_edit_is_seen_at_once(mine: Path, cache: Path) -> None:
    assert load_catalog(mine).title == "Mine"
    mine.write_text(mine.read_text().replace("title: Mine", "title: Edited"))
    assert load_catalog(mine).title == "Edited"


def test_the_cache_is_private_and_holds_json(cache: Path) -> None:
    load_catalog(TOY)
    file = cached_file(cache)
    assert file.stat().st_mode & 0o077 == 0
    assert cache.stat().st_mode & 0o077 == 0
    assert "Toy formats" in json.loads(file.read_text("utf-8").split("\n", 1)[1])


def test_the_catalog_knows_the_hash_of_its_file(cache: Path) -> None:
    assert load_catalog(TOY).sha256 == hashlib.sha256(TOY.read_bytes()).hexdigest()


def changed_title(text: str) -> str:
    return text.replace("Toy formats", "Evil format")


DAMAGE: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "one byte short": lambda text: text[:-1],
    "half": lambda text: text[: len(text) // 2],
    "the seal alone": lambda text: text.split("\n")[0],
    "no seal": lambda text: text.split("\n", 1)[1],
    "tampered with": changed_title,
    "sealed nothing": lambda text: sealed(""),
    "sealed null": lambda text: sealed("null"),
    "sealed text": lambda text: sealed('"Evil format"'),
    "sealed mapping": lambda text: sealed("{}"),
    "sealed list that is too short": lambda text: sealed('["Evil format"]'),
    "sealed lists for mappings": lambda text: sealed(json.dumps(["Evil format", *[[] for _ in range(10)]])),
    "sealed numbers": lambda text: sealed(json.dumps([5] * 11)),
    "sealed text where lists belong": lambda text: sealed(json.dumps(["Evil format"] * 11)),
    "sealed and cut in its structure": lambda text: sealed(text.split("\n", 1)[1][:-3]),
    "sealed and nested without end": lambda text: sealed("[" * 100_000),
    "no text at all": lambda text: "\udcff\udcfe",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_cache_is_ignored_and_made_good(damage: Callable[[str], str], cache: Path) -> None:
    cold = load_catalog(TOY)
    file = cached_file(cache)
    good = file.read_bytes()
    file.write_bytes(damage(good.decode()).encode("utf-8", "surrogateescape"))
    assert load_catalog(TOY) == cold
    assert file.read_bytes() == good


@pytest.mark.parametrize("seal", [hashlib.sha256, hashlib.blake2b], ids=["SHA-256", "BLAKE2 without the key"])
def test_an_entry_that_somebody_sealed_anew_changes_nothing(seal: Callable[[bytes], Any], cache: Path) -> None:
    cold = load_catalog(TOY)
    file = cached_file(cache)
    body = changed_title(file.read_text("utf-8").split("\n", 1)[1])
    file.write_text(f"{seal(body.encode()).hexdigest()}\n{body}", "utf-8")
    assert load_catalog(TOY) == cold


def test_an_entry_of_another_users_key_changes_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = load_catalog(TOY)
    body = changed_title(cached_file(cache).read_text("utf-8").split("\n", 1)[1])
    (tmp_path / "state" / "formatpicker" / "cache-key").write_text("0" * 32)
    cached_file(cache).write_text(sealed(body), "utf-8")
    assert load_catalog(TOY).title == "Evil format"  # whoever has the key is the user
    (tmp_path / "state" / "formatpicker" / "cache-key").write_text("1" * 32)
    assert load_catalog(TOY) == cold


def as_link(file: Path) -> None:
    file.rename(file.with_suffix(".real"))
    file.symlink_to(file.with_suffix(".real"))


def as_hard_link(file: Path) -> None:
    os.link(file, file.with_suffix(".real"))


def as_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def as_open_to_all(file: Path) -> None:
    file.chmod(0o666)


def as_of_somebody_else(file: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a file away")
    os.chown(file, 65534, 65534)


def as_far_too_large(file: Path) -> None:
    with file.open("ab") as stream:
        stream.truncate(10**12)  # a hole, which takes no room


def in_a_folder_open_to_all(file: Path) -> None:
    file.parent.chmod(0o777)


@pytest.mark.parametrize(
    "made",
    [as_link, as_hard_link, as_pipe, as_open_to_all, as_of_somebody_else, as_far_too_large, in_a_folder_open_to_all],
)
def test_an_entry_that_others_could_have_put_there_is_not_read(made: Callable[[Path], None], cache: Path) -> None:
    cold = load_catalog(TOY)
    made(cached_file(cache))
    assert store._read_cache(cold.sha256) is None
    assert load_catalog(TOY) == cold


def test_nothing_is_written_through_a_link(tmp_path: Path, cache: Path) -> None:
    catalog = load_catalog(TOY)
    file, victim = cached_file(cache), tmp_path / "victim"
    victim.write_text("mine")
    file.unlink()
    file.symlink_to(victim)
    assert load_catalog(TOY) == catalog
    assert victim.read_text() == "mine"


def test_old_entries_give_way(mine: Path, cache: Path) -> None:
    text = mine.read_text()
    for number in range(12):
        mine.write_text(f"{text}# {number}\n")
        load_catalog(mine)
    assert len(list(cache.iterdir())) == 8
    assert store._read_cache(load_catalog(mine).sha256) is not None


def test_a_relative_cache_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, "here")
    assert load_catalog(TOY) == load_catalog(TOY)
    assert list(tmp_path.iterdir()) == []


def test_another_catalog_under_this_ones_name_is_ignored(mine: Path, cache: Path) -> None:
    load_catalog(mine)
    other = cached_file(cache)
    text = other.read_text("utf-8")
    other.unlink()
    load_catalog(TOY)
    cached_file(cache).write_text(text, "utf-8")
    assert load_catalog(TOY).title == "Toy formats"


def test_a_folder_in_the_place_of_the_cached_file_is_ignored(cache: Path) -> None:
    cold = load_catalog(TOY)
    file = cached_file(cache)
    file.unlink()
    file.mkdir()
    assert load_catalog(TOY) == cold


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="no HOME at all"),
        pytest.param({"HOME": ""}, id="empty HOME"),
        pytest.param({"HOME": "/dev/null"}, id="HOME that is no folder"),
        pytest.param({"HOME": "/proc"}, id="HOME that nobody can write to"),
        pytest.param({"XDG_CACHE_HOME": "/dev/null", "HOME": "/dev/null"}, id="cache that is no folder"),
        pytest.param({"XDG_CACHE_HOME": "", "HOME": ""}, id="empty cache"),
    ],
)
def test_without_a_place_for_a_cache_everything_still_works(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load_catalog(TOY) == load_catalog(TOY) == parse_catalog(TOY.read_bytes(), str(TOY))


def test_without_a_home_the_whole_program_works() -> None:
    environment = {"PATH": os.environ.get("PATH", "")}
    done = subprocess.run(
        [sys.executable, "-m", "formatpicker", "catalog", "check"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "23 formats" in done.stdout


# --- which catalog -------------------------------------------------------------------------------------------------


def test_the_shipped_catalog_is_the_default() -> None:
    assert catalog_path() == shipped_path()
    assert shipped_path().name == "formats.yaml"
    assert len(load_catalog().formats) == 23


def test_the_environment_names_another(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMATPICKER_CATALOG", str(mine))
    assert catalog_path() == mine
    assert load_catalog().title == "Mine"


def test_a_catalog_that_is_named_goes_before_the_environment(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMATPICKER_CATALOG", str(mine))
    assert load_catalog(TOY).title == "Toy formats"


def test_an_empty_environment_variable_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMATPICKER_CATALOG", "")
    assert catalog_path() == shipped_path()


def test_the_catalog_option_goes_before_the_environment(mine: Path) -> None:
    runner = CliRunner(env={"FORMATPICKER_CATALOG": str(mine)})
    titles = [
        json.loads(runner.invoke(app, ["recommend", "--set", "weeks=4", "--json", *extra]).stdout)["catalog"]["title"]
        for extra in ([], ["--catalog", str(TOY)])
    ]
    assert titles == ["Mine", "Toy formats"]


def test_the_path_in_force_is_told(mine: Path) -> None:
    runner = CliRunner(env={"FORMATPICKER_CATALOG": str(mine)})
    assert runner.invoke(app, ["catalog", "path"]).stdout == f"{mine}\n"
    assert runner.invoke(app, ["catalog", "path", "--catalog", str(TOY)]).stdout == f"{TOY}\n"


def test_a_catalog_that_is_not_there_is_named_and_nothing_stands_in_for_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read"):
        load_catalog(tmp_path / "none.yaml")


def test_a_missing_catalog_of_the_environment_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMATPICKER_CATALOG", str(tmp_path / "none.yaml"))
    with pytest.raises(InputError, match=r"none\.yaml"):
        load_catalog()


# --- checking ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [TOY, shipped_path()], ids=["toy", "shipped"])
def test_a_valid_catalog_has_no_faults(file: Path) -> None:
    assert checked_catalog(file)[1] == []


def test_a_check_reads_past_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A checker that has learned a new rule must not pass a file because an older one once passed it.
    load_catalog(TOY)
    monkeypatch.setattr(store, "_read_cache", lambda sha256: pytest.fail("the cache was read"))
    assert checked_catalog(TOY)[1] == []


def test_a_file_that_is_no_catalog_has_one_fault(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("")
    assert checked_catalog(file)[1] == [f"{file}: is empty"]
