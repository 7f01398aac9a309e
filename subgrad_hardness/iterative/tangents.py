"""Tangents in floating point: J -> A J + B at the state that a step has just left.

A run soon keeps to one pattern of relus.  A pattern that is new is not planned for; one that comes again is, and where
it stays, A and B are multiplied out on the rows of J that are not 0, if that is less than the plan's products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.tangent_plans import Plan, plan_of, whole_plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Products of matrices cost this much less an entry than those of a matrix and a vector.
_BLOCKED = 8
# What making a plan, and a step beyond its products, cost, in products.
_PLANNING, _OVERHEAD = 1_500_000, 50_000


class Tangents:
    """p x m tangents along a run, each step's J handed to the next one."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._height, self._width = len(compiled.start), len(compiled.theta)
        z = np.zeros(compiled.size)[compiled.arguments]
        self._slopes: Array = np.zeros(len(z))
        self._whole = whole_plan(compiled, self._slopes)
        self._whole_table = self._table_of(self._whole)
        self._pattern, self._age = b"", 0
        self._plan, self._table = self._whole, self._whole_table
        self._multiplied: tuple[Array, Array] | None = None

    def step(self, jacobian: Array, values: Array) -> Array:
        """A J + B at the state that gave ``values``.  ``jacobian`` is the last one, or the first one of all."""
        z = values[self.compiled.arguments]
        slopes = self.compiled.slopes(z) if self.compiled.slope else z > 0
        pattern = slopes.tobytes()
        if pattern == self._pattern:
            self._age += 1
            if self._plan is not self._whole:
                if self._multiplied is None and self._pays():
                    self._multiplied = self._multiply()
            elif self._age * (self._whole.products * self._width + _OVERHEAD) >= _PLANNING:
                self._plan = plan_of(self.compiled, slopes.astype(float))
                self._table = self._table_of(self._plan)
        else:
            self._pattern, self._age, self._multiplied = pattern, 0, None
            self._slopes[:] = slopes
            self._plan, self._table = self._whole, self._whole_table
        live = self._plan.live
        if self._multiplied is not None:
            a, b = self._multiplied
            rows = a @ jacobian[live]
            rows += b
        else:
            self._table[: self._height] = jacobian
            rows = self._plan.run(self._table)
        if len(live) == self._height:
            return rows.copy() if rows.base is not None else rows
        found: Array = np.zeros((self._height, self._width))
        found[live] = rows
        return found

    def _pays(self) -> bool:
        """Whether steps since the pattern came would have saved by now what multiplying out costs."""
        size, products = len(self._plan.live), self._plan.products
        saved = (products - size * size) * self._width + _OVERHEAD
        return self._age * saved >= size * products // _BLOCKED

    def _multiply(self) -> tuple[Array, Array]:
        """A over the live rows, the others of J being 0 since the last step, and B."""
        live, parameters = self._plan.live, slice(self._height, self._height + self._width)
        table = np.zeros((self._plan.height, len(live) + self._width))
        table[live, np.arange(len(live))] = 1.0
        table[parameters, len(live) :] = np.eye(self._width)
        rows = self._plan.run(table)
        return np.ascontiguousarray(rows[:, : len(live)]), np.ascontiguousarray(rows[:, len(live) :])

    def _table_of(self, plan: Plan) -> Array:
        """The parameters' tangents stay in it."""
        table: Array = np.zeros((plan.height, self._width))
        table[self._height : self._height + self._width] = np.eye(self._width)
        return table
