"""How the tests are laid out: one folder a room, what they share in support/, nobody's private methods replaced."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import ROOT, TESTS

#: Folders beside the rooms of the package.
OTHERS = {"support", "docs", "scripts", "contributing", "certificates"}

MODULES = sorted(TESTS.rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def replaced(tree: ast.AST) -> Iterator[str]:
    """Private methods that a subclass of something imported overrides, or that are patched on a class."""
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            methods = [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
            if bases - own - {"NamedTuple", "Protocol"}:
                yield from (f"{node.name}.{name}" for name in methods if private(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            target = node.args[0] if node.args else None
            name = node.args[1] if len(node.args) > 1 else None
            named = name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""
            if isinstance(target, ast.Name) and target.id[:1].isupper() and private(named):
                yield f"{target.id}.{named}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_leans_on_another_or_on_private_methods(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    leaning = [name for name in imports(tree) if any(part.startswith("test_") for part in name.split("."))]
    assert leaning == []
    assert list(replaced(tree)) == []


def test_the_checks_see_what_they_look_for() -> None:
    text = """
from test_engines import judge
from support import test_x
class Mine(Theirs):
    def _step(self): ...
    def step(self): ...
monkeypatch.setattr(Cone, "_pivot", None)
monkeypatch.setattr(Cone, "pivot", None)
monkeypatch.setattr(module, "_START", None)
"""
    tree = ast.parse(text)
    assert {name for name in imports(tree) if "test_" in name} == {
        "test_engines",
        "test_engines.judge",
        "support.test_x",
    }
    assert list(replaced(tree)) == ["Mine._step", "Cone._pivot"]


def test_one_folder_a_room() -> None:
    rooms = {path.name for path in (ROOT / "subgrad_hardness").iterdir() if (path / "__init__.py").exists()}
    folders = {path.relative_to(TESTS).parts[0] for path in MODULES if path.parent != TESTS}
    assert folders - OTHERS <= rooms
    assert [path.name for path in MODULES if path.parent == TESTS] == ["conftest.py"]
