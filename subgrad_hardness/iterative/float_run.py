"""Piggyback in floating point: forward with p x m memory, or backward at the fixed point without stored iterates."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.stepping import Stepping
from subgrad_hardness.iterative.together import distance, run_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class FloatRun(NamedTuple):
    """The last iterate and its derivative, the steps that were made, and how far the last one moved each of the two.

    ``jacobian`` is p x m, or, backward, the m numbers v J.
    """

    iterate: Array
    jacobian: Array
    steps: int
    moved: float
    jacobian_moved: float


def forward_run(
    compiled: Compiled | Stepping,
    steps: int,
    tolerance: float,
    jacobian: Array | None = None,
    limits: Limits = NO_LIMITS,
) -> FloatRun:
    """x and J together, until both move less than ``tolerance`` (greatest entry), or a limit."""
    run = run_of(compiled, np.zeros((len(compiled.start), len(compiled.theta))) if jacobian is None else jacobian)
    made = 0
    with suppress(LimitReached):
        while made < steps and not (made and tolerance >= 0 and run.settled(tolerance)):
            limits.check()
            run.step()
            made += 1
    return FloatRun(run.x, run.jacobian, made, *(run.moved() if made else (np.inf, np.inf)))


def backward_run(
    compiled: Compiled | Stepping, weights: Array, steps: int, tolerance: float, limits: Limits = NO_LIMITS
) -> FloatRun:
    """x to its limit first, then w <- w A + v there: v J = (w at its limit) B."""
    x, made, moved = compiled.start, 0, np.inf
    w, turned = np.array(weights), np.inf
    gradient = np.zeros(len(compiled.theta))
    with suppress(LimitReached):
        while made < steps and not moved <= tolerance:
            limits.check()
            new, _ = compiled.step(x)
            moved, x, made = distance(new, x), new, made + 1
        values: Any = compiled.step(x)[1]
        for _ in range(steps):
            limits.check()
            back, gradient = compiled.pull(w, values)
            turned, w = distance(back + weights, w), back + weights
            if turned <= tolerance:
                break
        gradient = compiled.pull(w, values)[1]
    return FloatRun(x, gradient, made, moved, turned)
