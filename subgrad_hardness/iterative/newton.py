"""A fixed point of an F with smooth operations: proposed in rounded rationals, exact where it is a short rational.

Plain steps until they settle, then Newton's, whose linear equations have the Jacobian of F at the state (relus that
stand at 0 blocking).  Where F is affine in the state, at its theta, Newton's first step ends at the fixed point itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import split
from subgrad_hardness.iterative.resolvent import resolved

# Plain steps, at most; they have settled where they move the state by so little, relative to its size, and have come
# near a fixed point at this distance.
_MOST_STEPS, _SETTLED, _NEAR = 1000, Fraction(1, 2**20), Fraction(1, 2**12)
# Newton's steps, at most; states are rounded to so many binary digits behind the point, and end them nearly there.
_MOST_CORRECTIONS, _BITS, _DONE = 40, 128, Fraction(1, 2**112)
# Iterates of this size diverge.
_DIVERGED = 2**400
# Exact fixed points are looked for among numbers with at most so many bits, and denominators up to this.
_MOST_BITS, _SHORT = 4096, 10**6


class Proposal(NamedTuple):
    """``state``, rounded, near a fixed point as far as was seen; ``exact``: whether F leaves it as it is.

    ``reached``: whether plain steps from the start came near it.
    """

    state: Vector
    exact: bool
    reached: bool
    steps: int


def proposal(iteration: Iteration, limits: Limits = NO_LIMITS) -> Proposal:
    """From the iteration's start.

    Raises PointError for iterates that diverge, LimitReached, and NetError for a division by zero.
    """
    x, steps = iteration.start, 0
    while steps < _MOST_STEPS:
        limits.check()
        following = _rounded(iteration.step(x))
        steps += 1
        if not _size(following) < _DIVERGED:
            raise PointError(f"the iterates diverge: beyond 2^400 after {steps} steps", place="start")
        settled, x = _apart(x, following) <= _SETTLED, following
        if settled:
            break
    state = x
    for _ in range(_MOST_CORRECTIONS):
        limits.check()
        local = iteration.localised(state)
        net = local.net
        pair = split(iteration, net.scaled(net.gradient_rows((0,) * len(net.kinks))))
        moves = resolved(pair.a, tuple([(y - x,) for x, y in zip(state, local.value, strict=True)]))
        if moves is None:
            break
        corrected = tuple([entry + move for entry, (move,) in zip(state, moves, strict=True)])
        for candidate in (corrected, tuple([entry.limit_denominator(_SHORT) for entry in corrected])):
            if _bits(candidate) <= _MOST_BITS and iteration.step(candidate) == candidate:
                return Proposal(candidate, True, _apart(x, candidate) <= _NEAR, steps)
        last, state = state, _rounded(corrected)
        if not _size(state) < _DIVERGED:
            return Proposal(x, False, True, steps)
        if _apart(last, state) <= _DONE:
            break
    return Proposal(state, False, _apart(x, state) <= _NEAR, steps)


def _rounded(x: Sequence[Fraction]) -> Vector:
    return tuple([Fraction(round(entry * 2**_BITS), 2**_BITS) for entry in x])


def _size(x: Sequence[Fraction]) -> Fraction:
    return max(map(abs, x))


def _apart(x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    """The greatest difference, relative to the greatest size."""
    return max([abs(a - b) for a, b in zip(x, y, strict=True)]) / max(Fraction(1), _size(y))


def _bits(x: Sequence[Fraction]) -> int:
    return max([entry.numerator.bit_length() + entry.denominator.bit_length() for entry in x])
