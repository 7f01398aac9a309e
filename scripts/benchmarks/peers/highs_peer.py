"""HiGHS on the box models, through ortools' MathOpt (see ``box``)."""

from __future__ import annotations

from peers.box import Claim, ask, math_opt, ortools_version
from peers.contract import Outcome, Problem
from subgrad_hardness.solvers.mixed_integer import Encoding


def prepare() -> str:
    """Import ortools."""
    import ortools.math_opt.python.mathopt  # noqa: F401

    return ortools_version("HiGHS")


def solve(problem: Problem, seconds: float) -> Outcome:
    """Take HiGHS at its word."""
    return solve_with(False, problem, seconds)


def solve_with(fine: bool, problem: Problem, seconds: float) -> Outcome:
    """The same with either goal of ``box``."""
    return ask(problem, seconds, _solve, fine)


def _solve(encoding: Encoding, seconds: float) -> Claim:
    from ortools.math_opt.python import mathopt

    # MathOpt refuses its common parameter ``threads`` for HiGHS.
    parameters = mathopt.SolveParameters()
    parameters.highs.int_options["threads"] = 1
    parameters.highs.string_options["parallel"] = "off"
    return math_opt(encoding, seconds, mathopt.SolverType.HIGHS, parameters)
