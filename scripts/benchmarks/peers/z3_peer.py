"""z3 on the QF_LRA encoding, through its Python API.

Best of what was measured (z3 5.4.1, unsatisfiable 3-SAT min-max nets): sums multiplied out, one goal
at a time, and the older simplex core, ``smt.arith.solver=2``: 3.5 s at 100 variables against 14 s with
the default core (``z3_default_peer``); with a variable for each sum 50 s.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module
from typing import Any

from peers.contract import Outcome, Problem
from peers.linear_real import clause_text, encode, names, smtlib

SHARED = False
SETTINGS = {"smt.arith.solver": 2}


def prepare() -> str:
    """Import z3."""
    return f"z3 {import_module('z3').get_version_string()}"


def solve(problem: Problem, seconds: float) -> Outcome:
    """Ask for each goal in turn, in a fresh solver."""
    return solve_with(SETTINGS, problem, seconds)


def solve_with(settings: Mapping[str, int], problem: Problem, seconds: float) -> Outcome:
    """The same with other settings of z3."""
    z3: Any = import_module("z3")
    start = time.perf_counter()
    for name, value in settings.items():
        z3.set_param(name, value)
    encoding = encode(problem.question, SHARED)
    variables = {name: z3.Real(name) for name in names(encoding)}
    assertions = z3.parse_smt2_string(smtlib(encoding))
    goals = [z3.parse_smt2_string(f"(assert {clause_text([goal])})", decls=variables) for goal in encoding.goals]
    encoded = time.perf_counter() - start
    for goal in goals:
        solver = z3.SolverFor("QF_LRA")
        solver.set("timeout", max(1, round(1000 * (seconds - (time.perf_counter() - start)))))
        solver.add(assertions)
        solver.add(goal)
        answer = solver.check()
        if answer == z3.sat:
            model = solver.model()
            values = [model.eval(variables[f"v{index}"], model_completion=True) for index in range(encoding.inputs)]
            direction = tuple(Fraction(value.numerator_as_long(), value.denominator_as_long()) for value in values)
            return Outcome("distinct", time.perf_counter() - start, direction, encoded)
        if answer == z3.unknown:
            return Outcome("unknown", time.perf_counter() - start, None, encoded, solver.reason_unknown())
    return Outcome("unique", time.perf_counter() - start, None, encoded)
