"""A functional by which intervals alone show that a matrix is outside: proposed in floats, with its exact bound.

The bound by intervals where no kink is decided (``interval_bounds``) is convex in the functional: it is the support
function of a body around the sets in question.  A matrix beyond that body has a functional of which this bound is below
its value.  A subgradient method looks for it: it lowers how far, in units of the target's distance from an element, the
body reaches.  The proof is a tree of one leaf.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.interval_bounds import MOST_KINKS, UNDECIDED, IntervalBounds
from subgrad_hardness.subdifferentials.trees import Grower

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Steps of the search; the first one's length, and after so many it has halved.
_STEPS, _FIRST_STEP, _HALVED = 200, 0.3, 15
#: A functional is rounded to integers of this size.
_GRID = 2**12


class Separated(NamedTuple):
    """<functional, J> <= bound < <functional, target> for all J, by intervals."""

    functional: Matrix
    bound: Fraction


def separated_by_intervals(
    grower: Grower, target: Matrix, inside: Matrix, first: Matrix, limits: Limits
) -> Separated | None:
    """A functional that separates the target; the search begins at ``first``, whose value at the target is greater than
    at ``inside``, an element.  None if none is found.  Raises LimitReached.
    """
    import numpy as np  # heavy, and loaded where a search begins

    if grower.count > MOST_KINKS or not grower.count:
        return None
    try:
        body = _Body(grower)
        start = np.array([[float(entry) for entry in row] for row in first])
        middle = np.array([[float(entry) for entry in row] for row in inside])
        ahead = np.array([[float(entry) for entry in row] for row in target]) - middle
    except OverflowError:
        return None
    with np.errstate(all="ignore"):
        best = _lowest(body, start, middle, ahead, limits)
    if best is None:
        return None
    rounded = np.rint(best / np.abs(best).max() * _GRID)
    functional = tuple([tuple([Fraction(int(entry)) for entry in row]) for row in rounded])
    bounds = IntervalBounds(grower.flat, grower.scales, functional)
    bound = bounds.exactly([UNDECIDED] * len(bounds.columns))
    value = sum([x * y for row, other in zip(functional, target, strict=True) for x, y in zip(row, other, strict=True)])
    return Separated(functional, bound) if bound < value else None


def _lowest(
    body: _Body, start: NDArray[Any], middle: NDArray[Any], ahead: NDArray[Any], limits: Limits
) -> NDArray[Any] | None:
    """The functional by which the body reaches least far from ``middle`` in units of ``ahead``, if that is below 1."""
    import numpy as np

    functional = start / np.linalg.norm(start)
    least, best = np.inf, None
    for step in range(_STEPS):
        limits.check()
        bound, slope = body.bound(functional)
        along = (ahead * functional).sum()
        if not along > 0 or not np.isfinite(bound):
            break
        reach = (bound - (middle * functional).sum()) / along
        if reach < least:
            least, best = reach, functional
        downhill = (slope - middle - reach * ahead) / along
        downhill -= (downhill * functional).sum() * functional
        length = np.linalg.norm(downhill)
        if not length > 0:
            break
        functional = functional - _FIRST_STEP / (1 + step / _HALVED) / length * downhill
        functional /= np.linalg.norm(functional)
    return best if least < 1 else None


class _Body:
    """The bound by intervals with its gradient, for any functional, in floats."""

    def __init__(self, grower: Grower) -> None:
        import numpy as np

        flat, size, count = grower.flat, grower.size, grower.count
        self._read, gains = _table(np, flat.kinks, size, count)
        self._own, heads = _table(np, flat.outputs, size, count)
        self._up, self._down = np.maximum(gains, 0), np.minimum(gains, 0)
        self._head_up, self._head_down = np.maximum(heads, 0), np.minimum(heads, 0)
        self._scales = np.array([float(scale) for scale in grower.scales])
        levels: list[int] = []
        for form in flat.kinks:
            levels.append(1 + max([levels[variable - size] for variable in form if variable >= size], default=-1))
        self._levels = [np.flatnonzero(np.array(levels) == level) for level in range(max(levels) + 1)]

    def bound(self, functional: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        """The bound of an m x p functional, and a subgradient."""
        import numpy as np

        base = functional @ self._read.T  # outputs x kinks
        least, most = np.zeros_like(base), np.zeros_like(base)
        low, high = np.zeros_like(base), np.zeros_like(base)
        for level in self._levels:
            up, down = self._up[level].T, self._down[level].T
            most[:, level] = base[:, level] + high @ up + low @ down
            least[:, level] = base[:, level] + low @ up + high @ down
            high[:, level], low[:, level] = np.maximum(most[:, level], 0), np.minimum(least[:, level], 0)
        values = (self._own * functional).sum(axis=1)
        values += (self._head_up * high + self._head_down * low).sum(axis=1)
        rises, falls = self._head_up.copy(), self._head_down.copy()  # adjoints of the high and of the low ends
        slope = self._own.copy()
        for level in reversed(self._levels):
            up, down = self._up[level], self._down[level]
            above, below = rises[:, level] * (most[:, level] > 0), falls[:, level] * (least[:, level] < 0)
            slope += (above + below) @ self._read[level]
            rises += above @ up + below @ down
            falls += above @ down + below @ up
        return float(self._scales @ values), self._scales[:, np.newaxis] * slope


def _table(np: Any, forms: Any, size: int, count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The coefficients of forms, of inputs and of kinks.  Raises OverflowError for what binary64 cannot hold."""
    table = np.zeros((len(forms), size + count))
    for number, form in enumerate(forms):
        for variable, gain in form.items():
            table[number, variable] = float(gain)
    return table[:, :size], table[:, size:]
