"""The element of d_C nearest to a matrix: the shortest subgradient, or the distance of a vector.

The nearest point of the members known (``nearest``), and a bound that shows that there is no nearer one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.functional import product
from subgrad_hardness.subdifferentials.hull import Combined, Hull
from subgrad_hardness.subdifferentials.oracle import Higher, Oracle, Proof


class Shortest(NamedTuple):
    """The point of d_C nearest to a target, or the nearest that is known.

    Attributes
    ----------
    point : an m x p matrix.
    combined : the convex combination of members that it is.
    squared : the sum of the squares of the entries of point - target.
    least : no element of d_C has a smaller such sum than this; it is ``squared`` where that is proved.
    proof : why no J has <target - point, J> greater than it is at the point, where a bound is needed and known.
    why : what is not proved, in words, else None.
    """

    point: Matrix
    combined: Combined
    squared: Fraction
    least: Fraction
    proof: Proof | None
    why: str | None = None


def shortest(oracle: Oracle, target: Matrix, limits: Limits, *, argued: bool = True) -> Shortest | None:
    """The point of d_C F(x0) nearest to an m x p matrix, in the Euclidean norm of all entries.

    Wolfe's algorithm, in which the next member is one that has a greater product with target - point than all members
    known.  A limit ends in the nearest point that is known (None: no point yet), and a bound from below.
    """
    hull = Hull(oracle, target)
    found: Shortest | None = None
    try:
        oracle.begin()
        while True:
            hull.refresh()
            nearest = hull.nearest(limits)
            difference = hull.difference(nearest)
            squared = product(difference, difference)
            point = tuple(
                [tuple([x + y for x, y in zip(*rows, strict=True)]) for rows in zip(difference, target, strict=True)]
            )
            found = Shortest(point, hull.combined(nearest), squared, Fraction(0), None)
            if not squared:
                return found
            away = tuple([tuple([-entry for entry in row]) for row in difference])
            asked = oracle.functional(away)
            known, _ = oracle.greatest(asked)
            if oracle.improve(asked, known, limits):
                continue
            answer = oracle.bound(asked, known, limits, argued=argued)
            if isinstance(answer, Proof):
                return found._replace(least=squared, proof=answer)
            if not isinstance(answer, Higher):
                least = Fraction(0)
                if answer.high is not None:
                    gap = product(away, target) - Fraction(answer.high, asked.denominator)
                    least = max(gap, Fraction(0)) ** 2 / squared
                return found._replace(least=least, why="no proof that no subgradient is nearer")
    except LimitReached as reached:
        return None if found is None else found._replace(why=str(reached))
