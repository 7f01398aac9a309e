"""Every public call says what it takes, gives, raises and costs, with an example that runs."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import subgrad_hardness as sh

FUNCTIONS = sorted(name for name in sh.__all__ if inspect.isfunction(getattr(sh, name)))

#: Functions that raise nothing of their own.
RAISES_NOTHING = {"doctor", "dumps", "families", "to_graph"}

#: Not written in this form yet; a name leaves this set with its docstring.
TO_DO: set[str] = set()


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in TO_DO])
def test_sections(name: str) -> None:
    function = getattr(sh, name)
    text = inspect.getdoc(function) or ""
    wanted = ["Returns", "Notes", "Examples"]
    wanted += ["Parameters"] if inspect.signature(function).parameters else []
    wanted += [] if name in RAISES_NOTHING else ["Raises"]
    missing = [section for section in wanted if f"\n{section}\n{'-' * len(section)}\n" not in text]
    assert missing == []
    described = text.split("\nParameters\n", 1)[-1].split("\nReturns\n", 1)[0]
    assert [parameter for parameter in inspect.signature(function).parameters if parameter not in described] == []
    assert "import subgrad_hardness as sh" in text


ROOMS = Path(sh.__file__).parent
#: Every module with an example in it, public or not.
EXAMPLES = sorted(
    ".".join(path.relative_to(ROOMS.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOMS.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_run(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = doctest.testmod(importlib.import_module(module))
    assert ran.attempted > 0 and ran.failed == 0
    assert not list(tmp_path.iterdir()), "an example leaves files in the folder where its reader works"


def test_both_halves_of_the_package_agree() -> None:
    """What a type checker sees of the package is what is loaded when it is first used."""
    tree = ast.parse(Path(sh.__file__).read_text("utf-8"))
    (checked,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {}
    for line in checked.body:
        assert isinstance(line, ast.ImportFrom)
        (alias,) = line.names
        assert alias.asname == alias.name
        seen[alias.name] = line.module
    assert seen == {name: f"subgrad_hardness.{home}" for name, home in sh._HOMES.items()}
    assert all(hasattr(sh, name) for name in sh.__all__)


def test_the_overview_names_everything() -> None:
    assert [name for name in sh.__all__ if f"``{name}``" not in (sh.__doc__ or "")] == []
