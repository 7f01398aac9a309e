"""The question as mixed-integer models over the box |d_j| <= 1, for SCIP and HiGHS.

The models are those of ``encoders.milp`` (big-M rows with exact bounds of every preactivation from
``encoders.bounds``, which no peer would find by itself) on the raw local net: the normal form is our
engine's work, and on differences of copies it is the whole answer.

They ask for any point with f >= 1, f in the integers of the local net, or (``fine``) with f above the
encoding's threshold of 2^-13 of its largest coefficient.  The first is 3 to 10 times faster (SCIP and
HiGHS, unsatisfiable 3-SAT min-max nets with 15 and 20 variables; maximising f is slower still), but
misses thin cones even where K is 10.  Neither is the better one everywhere, so both solvers enter with both.

In floating point, and in one box, "infeasible" proves nothing.  A peer is taken at its word
nevertheless: no solution for any output and sign is the verdict ``unique``, a solution is ``distinct``.
Its direction is whatever can be made of the solution and replays exactly; where nothing can, the claim
stands without a direction.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from typing import Any, NamedTuple

from peers.contract import Outcome, Problem
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.goal_forms import forms_of
from subgrad_hardness.question.question import Question
from subgrad_hardness.solvers.mixed_integer import THRESHOLD, Encoding, Unrepresentable, continuous
from subgrad_hardness.solvers.ranges import preactivation_ranges


class Claim(NamedTuple):
    """What a solver says about one model: a point, that there is none, or (``why``) nothing."""

    point: tuple[float, ...] | None = None
    why: str = ""


Solve = Callable[[Encoding, float], Claim]


def raw_form(question: Question) -> NormalForm:
    """The local net with its sums multiplied out, every kink an atom: nothing is normalised."""
    flat = flatten(question.net)
    return NormalForm(flat.inputs, flat.kinks, flat.outputs)


def ask(problem: Problem, seconds: float, solve: Solve, fine: bool) -> Outcome:
    """One model for each output and sign, in turn; the first claimed solution ends it."""
    start = time.perf_counter()
    limits = Limits.seconds(seconds)
    try:
        raw = raw_form(problem.question)
        ranges = preactivation_ranges(raw, limits)
        encodings = [continuous(raw, ranges, form) for form in forms_of(problem.question.goals, raw) if form]
    except (LimitReached, Unrepresentable) as reason:
        return Outcome("unknown", time.perf_counter() - start, None, time.perf_counter() - start, str(reason))
    encoded = time.perf_counter() - start
    for encoding in encodings:
        claim = solve(encoding if fine else _coarse(encoding), limits.remaining)
        spent = time.perf_counter() - start
        if claim.point is not None:
            direction = _direction(problem.question, encoding, claim.point)
            return Outcome("distinct", spent, direction, encoded)
        if claim.why:
            return Outcome("unknown", spent, None, encoded, claim.why)
    return Outcome("unique", time.perf_counter() - start, None, encoded)


def _coarse(encoding: Encoding) -> Encoding:
    """Ask for f >= 1, or the threshold if that is more."""
    model = encoding.model
    goal = replace(model.goal, bound=max(THRESHOLD, Fraction(1, 2**encoding.scale)))
    return replace(encoding, model=replace(model, goal=goal))


def _direction(question: Question, encoding: Encoding, point: Sequence[float]) -> tuple[int, ...] | None:
    """The first direction suggested by the point that replays exactly; the clock has stopped."""
    candidates = encoding.directions(point, Limits.seconds(1.0))
    try:
        return next((direction for direction in candidates if question.holds(direction)), None)
    except LimitReached:
        return None


def ortools_version(solver: str) -> str:
    """``solver`` as ortools ships it."""
    return f"{solver} (ortools {version('ortools')})"


def math_opt(encoding: Encoding, seconds: float, solver: Any, parameters: Any) -> Claim:
    """Solve with a MathOpt back end on one thread, as a feasibility problem: any solution is a claim."""
    from ortools.math_opt.python import mathopt

    model = encoding.model
    outside = mathopt.Model()
    variables = [
        outside.add_variable(lb=float(v.lower), ub=float(v.upper), is_integer=v.integral) for v in model.variables
    ]
    for row in (*model.rows, model.goal):
        bound = float(row.bound)
        added = outside.add_linear_constraint(**({"ub": bound} if row.sense == "<=" else {"lb": bound}))
        for index, coefficient in zip(row.variables, row.coefficients, strict=True):
            added.set_coefficient(variables[index], float(coefficient))
    parameters.solution_limit = 1
    parameters.time_limit = datetime.timedelta(seconds=seconds)
    result = mathopt.solve(outside, solver, params=parameters)
    if result.has_primal_feasible_solution():
        return Claim(tuple(result.variable_values(variables)))
    if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
        return Claim()
    return Claim(why=(result.termination.limit or result.termination.reason).name.lower())
