"""A fixture that records the clauses which the circuit engine gives its solver; loaded by tests/conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.clauses import Clause, Recorded


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Clause]]:
    """The clauses that the circuit engine's solver is given."""
    monkeypatch.setattr("subgrad_hardness.engine.circuit.gordan.Cdcl", Recorded)
    Recorded.given.clear()
    yield Recorded.given
    Recorded.given.clear()
