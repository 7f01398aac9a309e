"""Membership in a convex hull of Jacobians, exactly: is a gradient a Clarke subgradient?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import chain

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Infeasible, interior_point
from subgrad_hardness.local.local_net import Matrix, integer_direction


def in_convex_hull(jacobian: Matrix, members: Iterable[Matrix], limits: Limits | None = None) -> bool:
    """Whether an m x p matrix is a convex combination of ``members`` (at least one).

    It is iff no linear functional is positive on all differences ``member - jacobian``: by Gordan's
    theorem the other case is a convex combination of the differences that vanishes.  Exact; one cone
    question in m p dimensions.  Raises LimitReached.
    """
    point = _flat(jacobian)
    differences = [
        integer_direction([x - y for x, y in zip(_flat(member), point, strict=True)])[0] for member in members
    ]
    return isinstance(interior_point(differences, len(point), limits), Infeasible)


def _flat(matrix: Matrix) -> list[Fraction]:
    return list(chain.from_iterable(matrix))
