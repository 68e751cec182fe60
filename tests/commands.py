"""The commands that the sessions in the pages use, made so that every machine has the same.

- ``formatpicker`` is the program itself, with every JSON document that it prints held against its schema.
- ``jq`` is jq's own library behind a command with the options that the pages use: no program of the machine is needed.
"""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

TESTS = Path(__file__).parent


def make_commands(folder: Path) -> None:
    """Put the commands into a folder, to be first on the path."""
    for name, function in (("formatpicker", "formatpicker"), ("jq", "jq_command")):
        file = folder / name
        source = f"import sys\nsys.path.insert(0, {str(TESTS)!r})\nimport commands\ncommands.{function}()\n"
        file.write_text(f"#!{sys.executable}\n{source}", "utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)


def formatpicker() -> None:
    """The program, with its documents checked."""
    if "--json" in sys.argv or "schema" in sys.argv:
        from contract import every_document_checked
        from formatpicker.cli import main

        with every_document_checked():
            main()
    else:
        from formatpicker.cli import main

        main()


def jq_command() -> None:
    """``jq [-c] [-r] [-s] FILTER [FILE]...``."""
    import jq

    flags = "".join(part[1:] for part in sys.argv[1:] if part.startswith("-"))
    assert set(flags) <= set("crs"), f"jq -{flags}: not an option that the pages may use"
    program, *files = [part for part in sys.argv[1:] if not part.startswith("-")]
    text = "".join(Path(file).read_text("utf-8") for file in files) if files else sys.stdin.read()
    for value in jq.compile(program).input_text(text, slurp="s" in flags):
        print(_shown(value, flags))


def _shown(value: object, flags: Sequence[str]) -> str:
    if "r" in flags and isinstance(value, str):
        return value
    compact = "c" in flags
    return json.dumps(
        value, ensure_ascii=False, indent=None if compact else 2, separators=(",", ":") if compact else None
    )
