"""Which points of a list are vertices of its convex hull, exactly.

A point is looked at together with the vertices known.  Either it lies in their hull, and is no vertex; or a functional
has it strictly below all of them, and then the lowest of *all* points there is a vertex that was not known: of several
lowest points, which are the vertices and other points of a face, the lexicographically smallest one.  So each cone
question is on as many points as there are vertices at most, and there are as many as points and vertices together.

Source: K. Clarkson, More output-sensitive geometric algorithms, FOCS 1994.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul, sub

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, interior_point

Point = tuple[int, ...]

# So many points are looked at in floating point first.
_MANY = 200


def vertices(points: Sequence[Point], limits: Limits) -> tuple[int, ...]:
    """The numbers of the vertices, in increasing order.

    Parameters
    ----------
    points : different integer vectors of one length, one at least, that span their space affinely.

    Raises
    ------
    LimitReached

    Notes
    -----
    For each point a product with all points, and one exact cone question unless it is the farthest from the mean in
    its own direction.  Of many points floating point settles most (``vertex_filter``).
    """
    size, total = len(points[0]), [sum(column) for column in zip(*points, strict=True)]
    known: set[int] = set()
    others: set[int] = set()
    if len(points) >= _MANY and size > 1:
        from subgrad_hardness.subdifferentials.vertex_filter import settled  # and numpy with it

        known, others = settled(points, limits)
    for number, point in enumerate(points):
        limits.check()
        if number in known or number in others:
            continue
        # Minus the way from the mean: in many polytopes a vertex is the lowest one there.
        known.add(_lowest(points, [whole - len(points) * entry for whole, entry in zip(total, point, strict=True)]))
        while number not in known:
            answer = interior_point([tuple(map(sub, points[k], point)) for k in sorted(known)], size, limits)
            if not isinstance(answer, Feasible):
                break
            known.add(_lowest(points, answer.point))
    return tuple(sorted(known))


def _lowest(points: Sequence[Point], functional: Sequence[int]) -> int:
    """The number of a vertex at which the functional is least."""
    values = [sum(map(mul, functional, point)) for point in points]
    least = min(values)
    return min([k for k, value in enumerate(values) if value == least], key=points.__getitem__)
