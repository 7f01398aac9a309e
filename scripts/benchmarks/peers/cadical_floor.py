"""The floor: CaDiCaL 1.9.5 on the CNF formula that a net was made from.

No decider of the net can be expected to beat a SAT solver on the formula itself.  It is asked in
slices of conflicts, because a plain ``solve`` cannot be interrupted; slicing costs next to nothing.
"""

from __future__ import annotations

import time
from importlib.metadata import version

from peers.contract import Clauses, Outcome, Problem

#: Conflicts between two looks at the clock: never more than about 0.2 s.
SLICE = 2000


def prepare() -> str:
    """Import pysat."""
    import pysat.solvers  # noqa: F401

    return f"CaDiCaL 1.9.5 (python-sat {version('python-sat')})"


def satisfiable(clauses: Clauses, seconds: float) -> bool | None:
    """Whether there is a satisfying assignment; None where the time was too short."""
    from pysat.solvers import Cadical195

    start = time.perf_counter()
    with Cadical195(bootstrap_with=[list(clause) for clause in clauses]) as solver:
        while True:
            solver.conf_budget(SLICE)
            answer: bool | None = solver.solve_limited()
            if answer is not None or time.perf_counter() - start > seconds:
                return answer


def solve(problem: Problem, seconds: float) -> Outcome:
    """The verdict on the net that the formula's answer implies."""
    if problem.clauses is None:
        return Outcome("unknown", 0.0, note="no formula")
    start = time.perf_counter()
    answer = satisfiable(problem.clauses, seconds)
    spent = time.perf_counter() - start
    if answer is None:
        return Outcome("unknown", spent, note="time limit")
    return Outcome("distinct" if answer else "unique", spent)
