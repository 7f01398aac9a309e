"""The exact solution at one lam: signs are proposed, the optimality conditions decide, pivots and the path mend."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.lasso.face import Face, face
from subgrad_hardness.iterative.lasso.path import pieces
from subgrad_hardness.iterative.lasso.problem import Problem

# So many wrong proposals are mended before the path is followed from the greatest lam.
_MENDED = 8


class Solved(NamedTuple):
    """x on a face, and the columns at the edge: |X_j^T r| = lam and x_j = 0, with the signs of X_j^T r."""

    face: Face
    edge: dict[int, int]

    @property
    def support(self) -> dict[int, int]:
        """The signs of x by column."""
        return dict(zip(self.face.support, self.face.signs, strict=True))


def solved(problem: Problem, lam: Fraction, limits: Limits = NO_LIMITS) -> Solved | None:
    """The solution at lam, proved by its optimality conditions; None where dependent columns stood in the way.

    Raises LimitReached.
    """
    from subgrad_hardness.iterative.lasso.proposal import proposed_signs

    x, y = problem.doubles
    signs = proposed_signs(x, y, float(lam), limits)
    for _ in range(_MENDED):
        limits.check()
        found = face(problem, signs)
        if found is None:
            break
        mended = _mended(found, lam)
        if isinstance(mended, Solved):
            return mended
        signs = mended
    return along_the_path(problem, lam, limits)


def _mended(found: Face, lam: Fraction) -> Solved | dict[int, int]:
    """The solution, if it is one; else signs without the columns that turned and with those that are wanted."""
    inside = dict(zip(found.support, zip(found.signs, found.signs_at(lam), strict=True), strict=True))
    signs = {column: sign for column, (sign, now) in inside.items() if now == sign}
    edge, right = {}, len(signs) == len(inside)
    for column, (excess, sign) in enumerate(found.excess(lam)):
        if column in inside:
            continue
        if excess > 0:
            signs[column], right = sign, False
        elif excess == 0:
            edge[column] = sign
    return Solved(found, edge) if right else signs


def along_the_path(problem: Problem, lam: Fraction, limits: Limits) -> Solved | None:
    """The solution at lam where the path from the greatest lam leads; None where that ends early."""
    for piece in pieces(problem, lam, limits):
        if piece.low <= lam:
            result = _mended(piece.face, lam)
            if isinstance(result, Solved):
                return result
            # a column leaves at lam itself: the signs without it
            found = face(problem, result)
            final = None if found is None else _mended(found, lam)
            return final if isinstance(final, Solved) else None
    return None
