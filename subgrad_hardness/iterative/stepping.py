"""An algorithm's steps in doubles, for runs: no program is needed, and none may exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subgrad_hardness.iterative.algorithms.arithmetic import FLOAT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from subgrad_hardness.iterative.algorithms.contract import Algorithm
    from subgrad_hardness.iterative.algorithms.linearised import Linearised

    Array = NDArray[np.float64]


class Stepping:
    """x to F(x), J to A J + B, w to (w A, w B).

    Parameters
    ----------
    algorithm : with its theta and start.
    slope : of every kink that is met, as far as the algorithm's step lets it be chosen.
    """

    def __init__(self, algorithm: Algorithm, slope: float = 0.0) -> None:
        self._step, self._slope = algorithm.fast, slope
        self.start: Array = FLOAT.array(algorithm.start)
        self.theta: Array = FLOAT.array(algorithm.theta)

    def step(self, state: Array) -> tuple[Array, Linearised]:
        """F(x), and [A, B] there."""
        found = self._step.step(state, self.theta, self._slope)
        return found.value, found

    def push(self, jacobian: Array, values: Linearised) -> Array:
        """A J + B."""
        return values.jacobian(jacobian)

    def pull(self, weights: Array, values: Linearised) -> tuple[Array, Array]:
        """(w A, w B)."""
        return values.a.reverse(weights), weights @ values.b
