"""CP-SAT on the grid of directions with entries -1, 0, 1, each relu a maximum constraint.

Best of what was measured (ortools 9.15, unsatisfiable 3-SAT min-max nets with 20 variables): 0.2 s, against
1 s with big-M rows and 0.4 s with conditional equations; on the grid up to 8 it is 2.8 s, up to 1024 over
30 s.  The grid decides the nets of formulas; elsewhere "no direction on the grid" may be a wrong
``unique``, and is counted as such.  One thread, like every other solver.
"""

from __future__ import annotations

import time
from typing import Any

from peers.box import ortools_version, raw_form
from peers.contract import Outcome, Problem
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.question.goal_forms import forms_of
from subgrad_hardness.solvers.ranges import preactivation_ranges

# CP-SAT calculates in int64 and wants room.
_LARGEST = 2**60


def prepare() -> str:
    """Import ortools."""
    import ortools.sat.python.cp_model  # noqa: F401

    return ortools_version("CP-SAT")


def solve(problem: Problem, seconds: float) -> Outcome:
    """Take CP-SAT at its word: one model for each output and sign, in turn."""
    from ortools.sat.python import cp_model

    start = time.perf_counter()
    encoded = 0.0
    raw = raw_form(problem.question)
    ranges = preactivation_ranges(raw, Limits())
    for goal in forms_of(problem.question.goals, raw):
        writing = time.perf_counter()
        model = cp_model.CpModel()
        values = [model.new_int_var(-1, 1, f"d{index}") for index in range(raw.inputs)]
        tops = [1] * raw.inputs + [max(top, 0) for _, top in ranges]
        if any(sum(abs(c) * tops[v] for v, c in form.items()) > _LARGEST for form in (*raw.atoms, goal)):
            spent = time.perf_counter() - start
            return Outcome("unknown", spent, None, spent, "the numbers do not fit an int64")

        def linear(form: Form, values: list[Any] = values) -> Any:
            return cp_model.LinearExpr.weighted_sum([values[variable] for variable in form], list(form.values()))

        for number, (atom, (_, top)) in enumerate(zip(raw.atoms, ranges, strict=True)):
            values.append(model.new_int_var(0, max(top, 0), f"a{number}"))
            model.add_max_equality(values[-1], [linear(atom), 0])
        model.add(linear(goal) >= 1)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        encoded += time.perf_counter() - writing
        solver.parameters.max_time_in_seconds = max(0.0, seconds - (time.perf_counter() - start))
        status = solver.solve(model)
        spent = time.perf_counter() - start
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            direction = tuple(solver.value(value) for value in values[: raw.inputs])
            return Outcome("distinct", spent, direction, encoded)
        if status != cp_model.INFEASIBLE:
            return Outcome("unknown", spent, None, encoded, solver.status_name(status).lower())
    return Outcome("unique", time.perf_counter() - start, None, encoded)
