"""Linear programs in floating point: GLOP, the simplex solver of ortools, asked again and again.

What comes back is a proposal: optima and multipliers are rounded, and count once exact arithmetic has confirmed what
is made of them.  ``pywraplp`` is the part of ortools that takes least time to load.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from subgrad_hardness.common.limits import Limits

# One call of the solver takes at most so many seconds, so that limits and Ctrl-C are seen; it goes on from its basis.
_SLICE = 2.0
# After so many slices the simplex is taken to cycle.
_MOST_SLICES = 150


# GLOP's parameters: the dual simplex goes on from a basis to which rows were added, if nothing was preprocessed.
# Its scaling is off: callers scale their rows, and with both it ends more often in numerical trouble.
_ONWARD = "use_scaling:false use_dual_simplex:true use_preprocessing:false"
_ANEW = "use_scaling:false use_dual_simplex:true perturb_costs_in_dual_simplex:true"


class Optimum(NamedTuple):
    """The largest value of the objective, where it is taken, and the multipliers of rows and of bounds; all rounded."""

    value: float
    point: list[float]
    multipliers: list[float]
    reduced: list[float]


class LinearProgram:
    """Maximise a linear objective under linear rows; variables and rows only ever join it, bounds may change.

    With ``growing`` the solver goes on from its last basis when rows have joined; without, each call begins anew.
    """

    def __init__(self, *, growing: bool = False) -> None:
        from ortools.linear_solver import pywraplp

        self._library: Any = pywraplp
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._objective: Any = self._solver.Objective()
        self._objective.SetMaximization()
        self._ways = (_ONWARD, _ANEW) if growing else (_ANEW, _ONWARD)
        self._variables: list[Any] = []
        self._rows: list[Any] = []

    def variable(self, lower: float = -math.inf, upper: float = math.inf, objective: float = 0.0) -> int:
        """A new variable within these bounds, with its coefficient in the objective; returns its number."""
        self._variables.append(self._solver.NumVar(lower, upper, ""))
        if objective:
            self._objective.SetCoefficient(self._variables[-1], objective)
        return len(self._variables) - 1

    def row(self, terms: Iterable[tuple[int, float]], lower: float = -math.inf, upper: float = math.inf) -> int:
        """A new row: the sum of coefficient * variable over (variable, coefficient) in ``terms`` is within these
        bounds; returns its number."""
        row = self._solver.Constraint(lower, upper)
        for variable, coefficient in terms:
            row.SetCoefficient(self._variables[variable], coefficient)
        self._rows.append(row)
        return len(self._rows) - 1

    def add_to_row(self, row: int, variable: int, coefficient: float) -> None:
        """Set the coefficient of a variable in a row."""
        self._rows[row].SetCoefficient(self._variables[variable], coefficient)

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """Change the bounds of a row."""
        self._rows[row].SetBounds(lower, upper)

    def bound_variable(self, variable: int, lower: float, upper: float) -> None:
        """Change the bounds of a variable."""
        self._variables[variable].SetBounds(lower, upper)

    def solve(self, limits: Limits) -> Optimum | None:
        """An optimal vertex; None: the solver found no optimum.

        Raises
        ------
        LimitReached
            The basis stays, and the next call goes on from it.
        """
        for way in self._ways:  # what fails in one way for numerical reasons mostly does not in the other
            self._solver.SetSolverSpecificParametersAsString(way)
            for _ in range(_MOST_SLICES):
                limits.check()
                self._solver.SetTimeLimit(max(1, int(1000 * min(_SLICE, limits.remaining))))
                status = self._solver.Solve()
                if status not in (self._library.Solver.NOT_SOLVED, self._library.Solver.FEASIBLE):
                    break
            if status == self._library.Solver.OPTIMAL:
                return Optimum(
                    self._objective.Value(),
                    [variable.solution_value() for variable in self._variables],
                    [row.dual_value() for row in self._rows],
                    [variable.reduced_cost() for variable in self._variables],
                )
        return None
