"""z3 with its default simplex core, on the same encoding as ``z3_peer``.

Neither core is the better one everywhere: on 3-SAT nets with three hidden layers the default core
needs 0.2 s at 20 variables where the older one needs 4.7 s.  So z3 enters with both.
"""

from __future__ import annotations

from peers.contract import Outcome, Problem
from peers.z3_peer import prepare as prepare_z3
from peers.z3_peer import solve_with


def prepare() -> str:
    """Import z3."""
    return prepare_z3()


def solve(problem: Problem, seconds: float) -> Outcome:
    """Ask for each goal in turn, in a fresh solver."""
    return solve_with({}, problem, seconds)
