"""cvc5 with its default decisions, on the same encoding as ``cvc5_peer``.

Neither is the better one everywhere: on 3-SAT nets with three hidden layers and 50 variables the default
needs 3.7 s where ``decision=justification`` needs 15 s.  So cvc5 enters with both.
"""

from __future__ import annotations

from peers.contract import Outcome, Problem
from peers.cvc5_peer import prepare as prepare_cvc5
from peers.cvc5_peer import solve_with


def prepare() -> str:
    """Import cvc5."""
    return prepare_cvc5()


def solve(problem: Problem, seconds: float) -> Outcome:
    """Ask for each goal in turn, in a fresh solver."""
    return solve_with({}, problem, seconds)
