"""Running times of frameworks, where these are installed: of which rows, and of computations that are right."""

from __future__ import annotations

from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.api import cost_peers

NET = sh.Program.from_layers([[[1, -2, 1], [3, 1, 1]], [[1, 2]]], point=[1, 2, 3])


@pytest.mark.parametrize("name", ["torch", "jax"])
def test_all_directions_at_once_are_one_vectorised_derivative(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(name)
    layers = cost_peers.layers_of(NET, 2)
    calls: Any = cost_peers.calls_of(name, layers, "inputs")
    gradient = calls.gradient()[-1]
    gradient = gradient[0] if isinstance(gradient, tuple) else gradient
    assert gradient.ravel().tolist() == pytest.approx(calls.at_once().tolist())
    report = sh.cost(NET, batch=2, methods=["backward", "forward"], peers=[name])
    assert [row.method for row in report.rows if row.peers] == ["evaluation", "backward", "forward", "forward at once"]
    assert "forward at once  " in report.table() and "6 directions, vectorised" in report.table()
    monkeypatch.setattr(cost_peers, "MOST_TANGENTS", 6 * 2 * 3 - 1)
    calls = cost_peers.calls_of(name, layers, "inputs")
    assert gradient.ravel().tolist()[: layers.slab] == pytest.approx(calls.at_once().tolist())
    assert layers.slab == 5
    slabs = sh.cost(NET, batch=2, methods=["forward"], peers=[name])
    assert "6 directions, vectorised in slabs of 5; one slab (" in slabs.rows[-1].peers[name].note
    monkeypatch.setattr(cost_peers, "MOST_TANGENTS", 1)
    assert layers.slab == 1
