"""SCIP on the box models with the smaller goal: any value above the threshold (see ``box``)."""

from __future__ import annotations

from peers.contract import Outcome, Problem
from peers.scip_peer import prepare as prepare_scip
from peers.scip_peer import solve_with


def prepare() -> str:
    """Import ortools."""
    return prepare_scip()


def solve(problem: Problem, seconds: float) -> Outcome:
    """Take SCIP at its word."""
    return solve_with(True, problem, seconds)
