"""SCIP on the box models, through ortools' MathOpt (see ``box``)."""

from __future__ import annotations

from peers.box import Claim, ask, math_opt, ortools_version
from peers.contract import Outcome, Problem
from subgrad_hardness.solvers.mixed_integer import Encoding


def prepare() -> str:
    """Import ortools."""
    import ortools.math_opt.python.mathopt  # noqa: F401

    return ortools_version("SCIP")


def solve(problem: Problem, seconds: float) -> Outcome:
    """Take SCIP at its word."""
    return solve_with(False, problem, seconds)


def solve_with(fine: bool, problem: Problem, seconds: float) -> Outcome:
    """The same with either goal of ``box``."""
    return ask(problem, seconds, _solve, fine)


def _solve(encoding: Encoding, seconds: float) -> Claim:
    from ortools.math_opt.python import mathopt

    return math_opt(encoding, seconds, mathopt.SolverType.GSCIP, mathopt.SolveParameters(threads=1))
