"""F in floating point, level by level, forward or backward.  It decides nothing.

What depends on theta alone is added up once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from subgrad_hardness.iterative.in_place import Operation, Places, affine, places, relus
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.levels import Levelled, Relus, Rows, levelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Compiled:
    """F as levels.

    Parameters
    ----------
    source : F with theta and the start, in levels already or not.
    slope : relu'(0), for all relus.
    """

    def __init__(self, source: Iteration | Levelled, slope: float = 0.0) -> None:
        form = source if isinstance(source, Levelled) else levelled(source)
        self.inputs, self.size, self.levels, self.slope = form.inputs, form.size, form.levels, slope
        self.states, self.parameters, self.outputs = form.states, form.parameters, form.outputs
        self.theta, self.start = form.theta, form.start
        #: The arguments of all relus, in the order of the program, and in that of the levels.
        self.preactivations = form.preactivations
        own = [np.arange(self.size)[level.arguments] for level in self.levels if isinstance(level, Relus)]
        self.arguments = places(np.concatenate(own)) if own else slice(0)
        self._values: Array = np.zeros(self.size)
        self._values[self.parameters] = self.theta
        self._operations = self.operations(self._values)

    def step(self, state: Array) -> tuple[Array, Array]:
        """F(x), and the values of all nodes, until the next step.  A number that is not finite is passed on."""
        values = self._values
        values[self.states] = state
        for operation in self._operations:
            operation()
        following = values[self.outputs]
        return following.copy() if isinstance(self.outputs, slice) else following, values

    def operations(self, table: Array) -> list[Operation]:
        """What computes the levels of a table, of values or with the tangents of the parameters below them."""
        found: list[Operation] = []
        for level in self.levels:
            if isinstance(level, Relus):
                found += relus(table, level.targets, level.arguments, self.slope)
                continue
            free = [(part.rows, part.read, part.entries) for part in level.gathered if not part.fixed]
            product = None if level.dense is None else (level.long, level.columns, level.dense)
            constant = level.shift if table.ndim == 1 else self.constant(level, table)
            found += affine(table, level.targets, constant, free, product)
        return found

    def constant(self, level: Rows, table: Array) -> Array:
        """What a level adds to tables with rows for tangents, where the parameters have theirs already."""
        constant: Array = np.zeros((len(table), len(level.shift)))
        constant[0] = level.shift
        for part in level.gathered:
            if part.fixed:
                constant[1:, part.rows] += table[1:, part.read] * part.entries
        return constant

    def passing(self) -> NDArray[np.bool_]:
        """Of each relu of F, in the order of the program, whether it passed in the last step."""
        return self._values[self.preactivations] > 0.0

    def pull(self, weights: Array, values: Array) -> tuple[Array, Array]:
        """(w A, w B) at the state that gave ``values``."""
        adjoint = np.zeros(self.size)
        _add(adjoint, self.outputs, weights)
        for level in reversed(self.levels):
            own = adjoint[level.targets]
            if isinstance(level, Relus):
                _add(adjoint, level.arguments, own * self.slopes(values[level.arguments]))
                continue
            if level.dense is not None:
                adjoint[level.columns] += own[level.long] @ level.dense
            for part in level.gathered:
                _add(adjoint, part.read, own[part.rows] * part.entries)
        return adjoint[self.states], adjoint[self.parameters]

    def slopes(self, z: Array) -> Array:
        """What relus with these arguments multiply tangents with."""
        slopes: Array = np.where(z > 0, 1.0, 0.0)
        if self.slope:
            slopes[z == 0] = self.slope
        return slopes


def _add(target: Array, where: Places, values: Array) -> None:
    """Also where a place stands more than once."""
    if isinstance(where, slice):
        target[where] += values
    else:
        np.add.at(target, where, values)
