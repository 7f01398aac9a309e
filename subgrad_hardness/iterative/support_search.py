"""The greatest <U, X> over J_pb, between nearer bounds than the gap of a hull that was cut short gives.

h(U), the greatest value over conv J_pb, is the greatest of <U, B> + h(A'U) over the pairs [A, B]: one letter of a word
is chosen at a time, and what is left of U shrinks as the products of the A do, whatever the number of entries of X.
With P and its gap every h lies between two bounds, so that the word whose bound is greatest is continued, and those
that cannot reach what is known to be reached are left out (branch and bound).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.iterative.jacobians import Pair
from subgrad_hardness.iterative.resolvent import columns_of, flat
from subgrad_hardness.local.local_net import Matrix

#: So many children are made, at most; a quarter where a comparison is all that is wanted.
CHILDREN = 6000
# Bounds that differ by no more than this part of what is shown are near enough.
_NEAR = Fraction(1, 2**24)

#: Bounds of h at a functional.
Bounds = Callable[[Matrix], tuple[Fraction, Fraction]]


def searched(
    pairs: Sequence[Pair],
    functional: Matrix,
    bounds: Bounds,
    below: Fraction | None = None,
    limits: Limits = NO_LIMITS,
) -> tuple[Fraction, Fraction]:
    """Bounds of h(U), at least as near as ``bounds`` has them; it ends early where h(U) is less than ``below``.

    A limit ends in what is known.
    """
    low, high = bounds(functional)
    wanted = (high - low) * _NEAR
    turns, made = count(), 0
    open_words: list[tuple[Fraction, int, Fraction, Matrix]] = [(-high, next(turns), Fraction(0), functional)]
    try:
        while open_words and made < (CHILDREN if below is None else CHILDREN // 4):
            limits.check()
            high = max(-open_words[0][0], low)
            if high - low <= wanted or (below is not None and high < below):
                return low, high
            bound, _, value, left = heappop(open_words)
            for pair in pairs:
                made += 1
                gained = value + sum(map(_times, flat(left), flat(pair.b)), Fraction(0))
                rest = _pulled(pair.a, left)
                under, over = bounds(rest)
                low = max(low, gained + under)
                most = min(-bound, gained + over)
                if most > low:
                    heappush(open_words, (-most, next(turns), gained, rest))
    except LimitReached:
        return low, high
    return low, max(-open_words[0][0], low) if open_words else low


def _pulled(a: Matrix, functional: Matrix) -> Matrix:
    """A'U."""
    columns = columns_of(functional)
    return tuple([tuple([sum(map(_times, row, column), Fraction(0)) for column in columns]) for row in columns_of(a)])


def _times(left: Fraction, right: Fraction) -> Fraction:
    return left * right
