"""The plan of the source, held: what may import what, who may use which package, and data only in the catalog."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import formatpicker
from formatpicker import Catalog

PACKAGE = "formatpicker"
ROOT = Path(formatpicker.__file__).parent

# A module or package stands on the layers below it and beside the modules of its own.
LAYERS = {
    0: ("errors", "base"),
    1: ("catalog",),
    2: ("scoring",),
    3: ("advice",),
    4: ("catalog_tools",),
    5: ("batch",),
    6: ("output",),
    7: ("cli",),
}
# What others import (the package itself) and the way in (``python -m``) stand above everything.
LAYER_OF = {part: layer for layer, parts in LAYERS.items() for part in parts} | {"": 8, "__main__": 8}

ONLY_IN = {
    "typer": ("cli",),
    "click": ("cli",),
    "rich": ("output.text.catalog", "output.text.batch_words"),
    "yaml": ("base.yaml_reader",),
    "pydantic": ("catalog",),
    "numpy": ("batch",),
    "pyarrow": ("batch",),
}
# Words of the published file formats (kinds of answers, keys of documents) that are also the id of a question.
SHARED_WORDS = {"goals", "region", "weeks", "pay", "age"}
# What all formats are, though some people call one of them so.
COMMON_NAMES = {"work experience"}


def modules() -> dict[str, ast.Module]:
    """The syntax of every module, by its name inside the package."""
    found = {}
    for file in sorted(ROOT.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text("utf-8"), str(file))
    return found


MODULES = modules()


def imports(tree: ast.Module) -> Iterator[str]:
    """The full names of all that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inner(name: str) -> str | None:
    """The module of this package that an imported name stands for or lies in; None for other packages."""
    if name.partition(".")[0] != PACKAGE:
        return None
    inside = name.partition(".")[2]
    while inside not in MODULES:
        inside = inside.rpartition(".")[0]
    return inside


def within(module: str) -> set[str]:
    """The modules of this package that a module imports."""
    return {found for name in imports(MODULES[module]) if (found := inner(name)) is not None} - {module}


def layer(module: str) -> int:
    return LAYER_OF[module.partition(".")[0]]


def test_every_module_has_a_layer() -> None:
    assert {name.partition(".")[0] for name in MODULES} - set(LAYER_OF) == set()


def test_imports_run_downward_or_sideways() -> None:
    # The version of the package is no part of the plan: a module may ask the package for it.
    upward = {
        (module, other) for module in MODULES for other in within(module) if other and layer(other) > layer(module)
    }
    assert upward == set()


def test_imports_make_no_circle() -> None:
    graph = {module: within(module) - {""} for module in MODULES if module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(reversed(error.args[1]))}")


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_is_used_only_where_it_belongs(package: str) -> None:
    users = {name for name, tree in MODULES.items() if package in {each.partition(".")[0] for each in imports(tree)}}
    strangers = {user for user in users if not any(f"{user}.".startswith(f"{home}.") for home in ONLY_IN[package])}
    assert strangers == set()


def test_results_depend_on_nothing_but_the_input() -> None:
    # No clock, no network, no output; numbers are drawn from a generator with a seed, never from the shared one.
    lower = {name: tree for name, tree in MODULES.items() if 1 <= layer(name) <= 3}
    used = {(name, each) for name, tree in lower.items() for each in imports(tree)}
    # Dates may be counted with, from a day that is given; only a clock may not be read.
    clocks = {pair for pair in used if pair[1].partition(".")[0] in ("time", "datetime", "socket", "uuid")}
    assert {pair for pair in clocks if pair[1] not in ("datetime.date", "datetime.timedelta")} == set()
    assert {pair for pair in _attributes(lower) if pair[1] in ("date.today", "datetime.now")} == set()
    assert {pair for pair in used if re.fullmatch(r"random\.(?!Random$)\w+", pair[1])} == set()
    names = {(name, ast.unparse(node)) for name, tree in lower.items() for node in ast.walk(tree) if _is_name(node)}
    assert {pair for pair in names if pair[1] in ("print", "input")} == set()
    assert {pair for pair in names if re.fullmatch(r"random\.(?!Random$)\w+", pair[1])} == set()


def _attributes(trees: dict[str, ast.Module]) -> set[tuple[str, str]]:
    return {
        (name, ast.unparse(node))
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    }


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))


def literals(tree: ast.Module) -> Iterator[str]:
    """All text in a module but for docstrings."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


def test_no_id_of_the_catalog_occurs_in_the_code(shipped: Catalog) -> None:
    goals = {goal.id for question in shipped.questions.values() for goal in question.goals}
    ids = {*shipped.formats, *shipped.questions, *shipped.derived, *goals} - SHARED_WORDS
    assert {(module, text) for module, tree in MODULES.items() for text in literals(tree) if text in ids} == set()


def test_no_format_is_named_in_any_text_of_the_code(shipped: Catalog) -> None:
    # The help of the command line may name the formats: it must show examples.
    names = {
        name.casefold() for each in shipped.formats.values() for name in (each.id, each.name, *each.aliases)
    } - COMMON_NAMES
    named = {
        (module, text)
        for module, tree in MODULES.items()
        if layer(module) < LAYER_OF["cli"]
        for text in literals(tree)
        if any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text.casefold()) for name in names)
    }
    assert named == set()
