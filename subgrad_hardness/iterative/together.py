"""Runs of x and J: in one pass through the levels of F, or one after the other.

Together they are a table with the values in its first row, the tangents below: one product with a matrix serves both,
and costs little more than for x alone while parameters are few.  Of many parameters J has its own plans (``tangents``),
which leave out what blocked relus make 0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.in_place import Operation, read_at
from subgrad_hardness.iterative.stepping import Stepping
from subgrad_hardness.iterative.tangents import Tangents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


#: With so few parameters x and J go together.
FEW = 4


class Run(Protocol):
    """x and J as they go on."""

    @property
    def x(self) -> Array:
        """The iterate."""

    @property
    def jacobian(self) -> Array:
        """J, p x m."""

    def step(self) -> None:
        """The next ones."""

    def settled(self, tolerance: float) -> bool:
        """Whether the last step moved no entry of the two by more."""

    def moved(self) -> tuple[float, float]:
        """How far the last step moved each: greatest entries."""


def run_of(steps: Compiled | Stepping, jacobian: Array) -> Run:
    """From the start and J_0."""
    if isinstance(steps, Stepping):
        return Apart(steps, steps.push, jacobian)
    if len(steps.theta) <= FEW:
        return Together(steps, jacobian)
    return Apart(steps, Tangents(steps).step, jacobian)


class Together:
    """In one table, from its columns of the states to those of the outputs."""

    def __init__(self, compiled: Compiled, jacobian: Array) -> None:
        height, states, outputs = 1 + len(compiled.theta), compiled.states, compiled.outputs
        table: Array = np.zeros((height, compiled.size))
        table[0, compiled.parameters] = compiled.theta
        table[1:, compiled.parameters] = np.eye(height - 1)
        if isinstance(outputs, slice) and outputs.start < compiled.inputs:
            outputs = np.arange(outputs.start, outputs.stop)  # which are inputs, and not to be written on
        self._now, after = read_at(table, outputs)
        self._last = table[:, states]
        self._operations: list[Operation] = [partial(np.copyto, self._last, self._now)]
        if not isinstance(states, slice):
            self._operations.append(partial(table.__setitem__, (slice(None), states), self._last))
        self._operations += [*compiled.operations(table), *after]
        self._now[:] = np.vstack([compiled.start, jacobian.T])
        self._x, self._last_x = self._now[0], self._last[0]

    @property
    def x(self) -> Array:
        x: Array = self._x.copy()
        return x

    @property
    def jacobian(self) -> Array:
        j: Array = self._now[1:].T.copy()
        return j

    def step(self) -> None:
        for operation in self._operations:
            operation()

    def settled(self, tolerance: float) -> bool:
        return _within(self._x, self._last_x, tolerance) and _within(self._now, self._last, tolerance)

    def moved(self) -> tuple[float, float]:
        return distance(self._x, self._last_x), distance(self._now[1:], self._last[1:])


class Apart:
    """Each by itself."""

    def __init__(self, steps: Compiled | Stepping, push: Callable[[Array, Any], Array], jacobian: Array) -> None:
        self._steps, self._push = steps, push
        self._x = self._last_x = steps.start
        self._j = self._last_j = jacobian

    @property
    def x(self) -> Array:
        return self._x

    @property
    def jacobian(self) -> Array:
        return self._j

    def step(self) -> None:
        self._last_x, self._last_j = self._x, self._j
        self._x, values = self._steps.step(self._x)
        self._j = self._push(self._j, values)

    def settled(self, tolerance: float) -> bool:
        # The larger of the two is looked at once the other one has settled.
        return _within(self._x, self._last_x, tolerance) and _within(self._j, self._last_j, tolerance)

    def moved(self) -> tuple[float, float]:
        return distance(self._x, self._last_x), distance(self._j, self._last_j)


def _within(left: Array, right: Array, tolerance: float) -> bool:
    """Whether no entry differs by more.

    One product tells most pairs that do: the sum of squares is at most their number times the greatest one.  Where
    squares are too small to tell, the entries are looked at.
    """
    difference = left - right
    if np.vdot(difference, difference) > 2 * difference.size * tolerance * abs(tolerance):
        return False
    return float(np.abs(difference).max(initial=0.0)) <= tolerance


def distance(left: Array, right: Array) -> float:
    """The greatest difference of entries."""
    return float(np.abs(left - right).max(initial=0.0))
