"""One folder of tests a room of the package; what the tests share is in support/."""

from __future__ import annotations

from support.paths import ROOT, TESTS

#: Folders beside the rooms.
OTHERS = {"support", "docs", "scripts", "contributing"}


def test_one_folder_a_room() -> None:
    rooms = {path.parent.name for path in (ROOT / "subgrad_hardness").glob("*/__init__.py")}
    modules = sorted(TESTS.rglob("*.py"))
    assert {path.relative_to(TESTS).parts[0] for path in modules if path.parent != TESTS} <= rooms | OTHERS
    assert [path.name for path in modules if path.parent == TESTS] == ["conftest.py"]
