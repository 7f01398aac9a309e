"""Without ortools everything runs that can do without, and says what is missing where it cannot."""

from __future__ import annotations

import sys

import pytest

import subgrad_hardness as sh
from subgrad_hardness.engine.registry import ENGINES


@pytest.fixture(autouse=True)
def no_ortools(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)


def test_auto_does_without() -> None:
    net = sh.generate("maxcut", vertices=5, offset=1)  # a sum of relus: programs would be asked early
    result = sh.check(net)
    assert (result.verdict, result.certified) == ("unique", True)
    assert result.solver not in ("domination", "hulls")


@pytest.mark.parametrize("name", [name for name, engine in ENGINES.items() if engine.package == "ortools"])
def test_engines_that_need_it_say_so(name: str) -> None:
    result = sh.check({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}, solver=name)
    assert (result.verdict, result.why) == ("unknown", f"{name}: needs the package ortools: pip install ortools")


def test_which_they_are() -> None:
    named = {name for name, engine in ENGINES.items() if engine.package is not None}
    assert named == {"domination", "hulls", "milp-scip", "milp-highs", "cpsat"}
