"""Which face the path enters at lam, upwards or downwards: a small problem with signs, solved exactly.

With S the support at lam, E the columns with |X_j^T r| = lam, s_E their signs, the one-sided derivative d in the
direction e = 1 or -1 solves

min 1/2 |X_E d|^2 + e s_E d   subject to   s_j d_j >= 0 for j in E without S:

a linear complementarity problem.  Murty's least-index pivots (1974) solve it in finitely many steps where X_E has
independent columns.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.lasso.face import Face, face
from subgrad_hardness.iterative.lasso.problem import Problem


class Turn(NamedTuple):
    """The face that is entered; its derivative is the one-sided one."""

    face: Face
    direction: int


def turn(
    problem: Problem, support: dict[int, int], edge: dict[int, int], direction: int, limits: Limits = NO_LIMITS
) -> Turn | None:
    """The face that begins at lam in the direction 1 or -1; None where the columns of E are dependent.

    Parameters
    ----------
    problem : X and y.
    support : the signs of x at lam, by column.
    edge : the signs of X_j^T r for the columns of E that are not in the support.
    direction : of lam.
    limits : looked at before every pivot.

    Notes
    -----
    One face for each pivot; mostly there is one column at the edge.  Raises LimitReached.
    """
    entered: set[int] = set()
    while True:
        limits.check()
        found = face(problem, support | {column: edge[column] for column in entered})
        if found is None:
            return None
        moving = dict(zip(found.support, found.derivative(), strict=True))
        for column in sorted(edge):
            sign = edge[column]
            if column in entered:
                wrong = direction * sign * moving[column] < 0
            else:  # how fast lam - sign X_j^T r grows
                gain = Fraction(1) - sign * Fraction(found.change[column], found.scale)
                wrong = direction * gain < 0
            if wrong:
                entered ^= {column}
                break
        else:
            return Turn(found, direction)
