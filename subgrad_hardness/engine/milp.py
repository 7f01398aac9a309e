"""Outside solvers through ortools: SCIP and HiGHS on the box model, CP-SAT on integer directions.

For each output and sign a solver looks for a direction on which the form is clearly positive; what it
claims is decoded and replayed exactly.  None of them ever refutes: in floating point a big-M model is
wrong in both directions, and CP-SAT sees integer directions of one size only.
"""

from __future__ import annotations

import _thread
import datetime
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.memory import resident
from subgrad_hardness.engine.contract import once
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import NormalForm, normalise
from subgrad_hardness.question.answer import Answer, Undecided, Witness
from subgrad_hardness.question.goal_forms import forms_of
from subgrad_hardness.question.question import Question
from subgrad_hardness.solvers.linear_model import Model
from subgrad_hardness.solvers.mixed_integer import Encoding, Unrepresentable, all_integer, continuous
from subgrad_hardness.solvers.ranges import Range, preactivation_ranges, without_closed

# A solver that has not come back this long after its own time limit is left to itself.
_GRACE = 0.4

# A thread that has not begun after so many seconds could not.
_BEGIN = 10.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A point that is claimed to reach the goal, or the claim that there is none, or a reason why not."""

    point: tuple[float, ...] | None = None
    why: str | None = None


_NOTHING = _Outcome()

_Encode = Callable[[NormalForm, Sequence[Range], Form], Encoding]
_Solve = Callable[[Model, int, Limits], _Outcome]


def decide_scip(question: Question, limits: Limits) -> Answer:
    """SCIP (ortools MathOpt) on the box |d_j| <= 1; proposals only.  Raises LimitReached."""
    return _decide(question, limits, continuous, _scip)


def decide_highs(question: Question, limits: Limits) -> Answer:
    """HiGHS (ortools MathOpt) on the box |d_j| <= 1; proposals only.  Raises LimitReached.

    ortools and highspy cannot be imported in one process; this one needs ortools alone.
    """
    return _decide(question, limits, continuous, _highs)


def decide_cpsat(question: Question, limits: Limits) -> Answer:
    """CP-SAT on integer directions of bounded size; proposals only.  Raises LimitReached."""
    return _decide(question, limits, all_integer, _cpsat)


start_scip, start_highs, start_cpsat = once(decide_scip), once(decide_highs), once(decide_cpsat)


def _decide(question: Question, limits: Limits, encode: _Encode, solve: _Solve) -> Answer:
    normal = normalise(flatten(question.net, limits), limits)
    ranges = preactivation_ranges(normal, limits)
    normal = without_closed(normal, ranges)
    forms = [form for form in forms_of(question.goals, normal) if form]
    if not forms:
        return Undecided("nothing is left to solve: the normal form is linear", believed="unique")
    open_reasons: list[str] = []
    false_claims = 0
    for number, form in enumerate(forms):
        limits.check()
        try:
            encoding = encode(normal, ranges, form)
        except Unrepresentable as reason:
            open_reasons.append(str(reason))
            continue
        share = limits.within(limits.remaining / (len(forms) - number))
        outcome = _aside(solve, encoding.model, question.seed, share)
        if outcome.point is not None:
            for direction in encoding.directions(outcome.point, limits):
                if question.holds(direction):
                    return Witness(direction)
            false_claims += 1
        elif outcome.why is not None:
            open_reasons.append(outcome.why)
    if false_claims:
        why = f"{false_claims} of {len(forms)} models have a solution, but none that holds exactly"
        return Undecided(why, believed="distinct")
    if open_reasons:
        return Undecided(f"{len(open_reasons)} of {len(forms)} models stay open: {open_reasons[0]}")
    return Undecided(f"no solution is claimed for any of {len(forms)} models", believed="unique")


def _aside(solve: _Solve, model: Model, seed: int, limits: Limits) -> _Outcome:
    """Run a solver in a thread: the main thread stays open to Ctrl-C, and to a limit it overruns.

    The solvers release the interpreter's lock, but swallow or delay signals in the thread they run in.
    """
    results: list[_Outcome] = []
    errors: list[Exception] = []
    begun, done = threading.Event(), threading.Event()

    def run() -> None:
        begun.set()
        try:
            results.append(solve(model, seed, limits))
        except Exception as error:
            errors.append(error)
        finally:
            done.set()

    try:
        # Not threading.Thread: its start waits for ever where the new thread finds no memory to begin with.
        _thread.start_new_thread(run, ())
    except RuntimeError as problem:  # "can't start new thread"
        raise MemoryError from problem
    if not begun.wait(_BEGIN):
        raise MemoryError
    patience = None if math.isinf(limits.remaining) else limits.remaining + _GRACE
    if not done.wait(patience):
        return _Outcome(why="time limit")
    if errors:
        # MathOpt stumbles while it translates an error; its context is the error itself.
        return _Outcome(why=f"the solver failed: {errors[0].__context__ or errors[0]}")
    return results[0]


def _scip(model: Model, seed: int, limits: Limits) -> _Outcome:
    from ortools.math_opt.python import mathopt

    parameters = mathopt.SolveParameters(threads=1)
    if limits.memory < math.inf:
        parameters.gscip.real_params["limits/memory"] = _room(limits)
    return _math_opt(model, mathopt.SolverType.GSCIP, parameters, seed, limits)


def _room(limits: Limits) -> int:
    """MiB that are left: no look at the limits is taken while a solver runs, so that it gets a limit of its own."""
    return max(int(limits.memory) - resident() >> 20, 1)


def _highs(model: Model, seed: int, limits: Limits) -> _Outcome:
    from ortools.math_opt.python import mathopt

    # MathOpt refuses the common parameter ``threads`` for HiGHS; without "parallel = off" HiGHS
    # starts a pool of threads that aborts the process if it ends during a solve.
    parameters = mathopt.SolveParameters()
    parameters.highs.int_options["threads"] = 1
    parameters.highs.string_options["parallel"] = "off"
    return _math_opt(model, mathopt.SolverType.HIGHS, parameters, seed, limits)


def _math_opt(model: Model, solver: Any, parameters: Any, seed: int, limits: Limits) -> _Outcome:
    from ortools.math_opt.python import mathopt

    outside = mathopt.Model()
    variables = [
        outside.add_variable(lb=float(v.lower), ub=float(v.upper), is_integer=v.integral) for v in model.variables
    ]
    for row in (*model.rows, model.goal):
        bound = float(row.bound)
        added = outside.add_linear_constraint(**({"ub": bound} if row.sense == "<=" else {"lb": bound}))
        for index, coefficient in zip(row.variables, row.coefficients, strict=True):
            added.set_coefficient(variables[index], float(coefficient))
    outside.objective.is_maximize = True
    for index, coefficient in zip(model.goal.variables, model.goal.coefficients, strict=True):
        outside.objective.set_linear_coefficient(variables[index], float(coefficient))
    parameters.solution_limit = 1  # the goal is a row: any solution is a proposal
    parameters.random_seed = seed % 2**31
    if not math.isinf(limits.remaining):
        parameters.time_limit = datetime.timedelta(seconds=limits.remaining)
    result = mathopt.solve(outside, solver, params=parameters)
    if result.has_primal_feasible_solution():
        return _Outcome(tuple(result.variable_values(variables)))
    if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
        return _NOTHING
    end = result.termination.limit or result.termination.reason
    return _Outcome(why=f"the solver stopped: {end.name.lower()}")


def _cpsat(model: Model, seed: int, limits: Limits) -> _Outcome:
    from ortools.sat.python import cp_model

    outside = cp_model.CpModel()
    variables = [outside.new_int_var(int(v.lower), int(v.upper), v.name) for v in model.variables]
    for row in (*model.rows, model.goal):
        total = cp_model.LinearExpr.weighted_sum(
            [variables[index] for index in row.variables], [int(coefficient) for coefficient in row.coefficients]
        )
        outside.add(total <= int(row.bound) if row.sense == "<=" else total >= int(row.bound))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.catch_sigint_signal = False
    if limits.memory < math.inf:
        solver.parameters.max_memory_in_mb = _room(limits)
    if not math.isinf(limits.remaining):
        solver.parameters.max_time_in_seconds = limits.remaining
    status = solver.solve(outside)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Outcome(tuple(float(solver.value(variable)) for variable in variables))
    if status == cp_model.INFEASIBLE:
        return _NOTHING
    return _Outcome(why=f"the solver stopped: {'time' if status == cp_model.UNKNOWN else status.name.lower()}")
