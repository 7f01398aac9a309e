"""The volume of a polytope from its vertices and facets, exactly: pyramids over the facets that an apex is not in.

A face that is no simplex is the union of the pyramids from its first vertex over those of its own facets that this
vertex is not in, and these overlap in their boundaries only.  The facets of a face are the largest of its
intersections with facets of the polytope that do not contain it, so sets of vertices are all that has to be known.

Source: J. Cohen and T. Hickey, Two algorithms for determining volumes of convex polyhedra, J. ACM 26 (1979).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from subgrad_hardness.common.limits import Limits

#: Vertices of a face, as the bits of a number.
Face = int


def volume(points: Sequence[tuple[int, ...]], facets: Sequence[Face], limits: Limits) -> Fraction:
    """The volume of the hull of ``points``, its vertices, which span their space of d dimensions.

    Parameters
    ----------
    points : integer vectors of length d.
    facets : which of the points each facet contains.

    Raises
    ------
    LimitReached

    Notes
    -----
    A determinant for each simplex; at worst factorially many in the dimension.
    """
    from flint import fmpz_mat

    dimension = len(points[0])
    total = 0
    for simplex in _Triangulation(facets, limits).simplices((1 << len(points)) - 1, dimension):
        limits.check()
        base = points[simplex[0]]
        edges = [[x - y for x, y in zip(points[k], base, strict=True)] for k in simplex[1:]]
        total += abs(int(fmpz_mat(edges).det())) if edges else 1
    return Fraction(total, math.factorial(dimension))


class _Triangulation:
    """Faces and their facets, each worked out once."""

    def __init__(self, facets: Sequence[Face], limits: Limits) -> None:
        self._facets = facets
        self._limits = limits
        self._below: dict[Face, list[Face]] = {}

    def simplices(self, face: Face, dimension: int) -> Iterator[tuple[int, ...]]:
        """The simplices of a face of this dimension, each by the numbers of its vertices."""
        if face.bit_count() == dimension + 1:
            yield tuple([k for k in range(face.bit_length()) if face >> k & 1])
            return
        apex = (face & -face).bit_length() - 1
        for facet in self._facets_of(face):
            if not facet >> apex & 1:
                for simplex in self.simplices(facet, dimension - 1):
                    yield (apex, *simplex)

    def _facets_of(self, face: Face) -> list[Face]:
        if face not in self._below:
            self._limits.check()
            parts = sorted({face & facet for facet in self._facets} - {face, 0}, key=int.bit_count, reverse=True)
            largest: list[Face] = []
            for part in parts:
                if not any(part & other == part for other in largest):
                    largest.append(part)
            self._below[face] = largest
        return self._below[face]
