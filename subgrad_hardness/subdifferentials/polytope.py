"""The convex hull of finitely many rational points, exactly: vertices, affine hull, facets, volume, nearest point.

Points are integers over one common denominator D.  The affine hull of dimension d projects one to one onto d of the
coordinates, the ``free`` ones, and each other coordinate is an affine function of these: facets and the volume are
worked out there.

>>> from fractions import Fraction
>>> from subgrad_hardness.common.limits import NO_LIMITS
>>> square = Polytope([(Fraction(x, 2), Fraction(y, 2)) for x in (0, 1, 2) for y in (0, 2)], NO_LIMITS)
>>> len(square.vertices), square.dimension, len(square.facets()), square.volume()
(4, 2, 4, Fraction(1, 1))
>>> square.nearest((2, 2)).squared
Fraction(2, 1)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.html import block, exact_value, table
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.linear.double_description import facets as cone_facets
from subgrad_hardness.linear.elimination import over_a_basis
from subgrad_hardness.net.rational import Number, format_rational, primitive
from subgrad_hardness.subdifferentials.nearest import nearest_point
from subgrad_hardness.subdifferentials.vertices import vertices
from subgrad_hardness.subdifferentials.volume import volume

Vector = tuple[Fraction, ...]

#: More facets than this are not looked for.
MOST_FACETS = 20_000


class Equation(NamedTuple):
    """``normal`` x = ``value`` for all points x; ``normal`` is primitive."""

    normal: tuple[int, ...]
    value: Fraction


class Facet(NamedTuple):
    """``normal`` x <= ``bound`` for all points x, with equality on this facet.

    ``normal`` is primitive and zero off the free coordinates; ``vertices`` are the numbers of the vertices in it.
    """

    normal: tuple[int, ...]
    bound: Fraction
    vertices: tuple[int, ...]


class NearestPoint(NamedTuple):
    """The point of the polytope nearest to another one x, and what proves that.

    ``point`` = sum of ``weights`` (positive, of sum 1) times the vertices of the numbers ``places``, which are affinely
    independent; ``squared`` is the squared distance.  Where it is not 0, x - ``point`` is at x greater than anywhere on
    the polytope.
    """

    point: Vector
    squared: Fraction
    places: tuple[int, ...]
    weights: tuple[Fraction, ...]


class Polytope:
    """The hull of some points.

    Parameters
    ----------
    points : rational vectors of one length, one at least; they may repeat.
    limits : for this and all that is asked for.

    Attributes
    ----------
    vertices : sorted.
    dimension : of the affine hull.
    free : the numbers of the coordinates onto which it projects one to one.
    equations : of the affine hull, one for each other coordinate.

    Raises
    ------
    LimitReached
    """

    def __init__(self, points: Sequence[Sequence[Number]], limits: Limits) -> None:
        exact = sorted({tuple([Fraction(entry) for entry in point]) for point in points})
        self._limits = limits
        self._common = math.lcm(*(entry.denominator for point in exact for entry in point))
        scaled = [tuple([int(entry * self._common) for entry in point]) for point in exact]
        self._columns = [[point[c] - scaled[0][c] for point in scaled] for c in range(len(scaled[0]))]
        self._over = over_a_basis(self._columns)
        self.free: tuple[int, ...] = self._over.basis
        self.dimension = len(self.free)
        # The projection has the same vertices, in fewer dimensions.
        projected = [tuple([point[c] for c in self.free]) for point in scaled]
        chosen = vertices(projected, limits) if self.dimension else (0,)
        self.vertices: tuple[Vector, ...] = tuple([exact[k] for k in chosen])
        self._scaled = [scaled[k] for k in chosen]
        self._projected = [projected[k] for k in chosen]
        self.equations = self._equations(exact[0])

    def __repr__(self) -> str:
        return f"<Polytope: dimension {self.dimension}, {count(len(self.vertices), 'vertex', 'vertices')}>"

    def _repr_html_(self) -> str:
        rows = {
            "dimension": f"{self.dimension} in a space of {len(self._columns)}",
            "vertices": exact_value(self.vertices, format_rational) or "",
        }
        return block(repr(self), table(rows))

    def _equations(self, base: Vector) -> tuple[Equation, ...]:
        found = []
        for c, row in enumerate(self._over.coordinates):
            if c in self.free:
                continue
            normal = [0] * len(base)
            normal[c] = self._over.denominator
            for position, coefficient in row.items():
                normal[self.free[position]] = -coefficient
            whole = primitive(normal)
            found.append(Equation(whole, sum(map(mul, whole, base), Fraction(0))))
        return tuple(found)

    def facets(self) -> tuple[Facet, ...]:
        """All facets, in a fixed order; none for a single point.

        Notes
        -----
        The double description method on the vertices.  Raises LimitReached also above ``MOST_FACETS``.
        """
        return self._facets

    @cached_property
    def _facets(self) -> tuple[Facet, ...]:
        if not self.dimension:
            return ()
        rays = cone_facets([(1, *point) for point in self._projected], MOST_FACETS, self._limits)
        if rays is None:
            raise LimitReached(f"more than {MOST_FACETS} facets")
        return tuple([self._facet(-ray[0], ray[1:]) for ray in rays])

    def _facet(self, bound: int, normal: Sequence[int]) -> Facet:
        on = tuple([k for k, point in enumerate(self._projected) if sum(map(mul, normal, point)) == bound])
        content = math.gcd(*normal)
        whole = [0] * len(self._scaled[0])
        for c, entry in zip(self.free, normal, strict=True):
            whole[c] = entry // content
        return Facet(tuple(whole), Fraction(bound, content * self._common), on)

    def volume(self) -> Fraction:
        """The d-dimensional volume of the projection onto the free coordinates; 1 for a single point.

        For a polytope of full dimension this is its volume.  Raises LimitReached.
        """
        return self._volume

    @cached_property
    def _volume(self) -> Fraction:
        masks = [sum([1 << k for k in facet.vertices]) for facet in self.facets()]
        unit: int = self._common**self.dimension
        return volume(self._projected, masks, self._limits) / unit

    def squared_volume(self) -> Fraction:
        """The square, which is rational, of the d-dimensional Euclidean volume within the affine hull.

        The columns of the map from the free coordinates to all span a parallelotope: its Gram determinant times
        the square of ``volume()``.  Raises LimitReached.
        """
        from flint import fmpz_mat

        q = self._over.denominator
        columns = [[row.get(r, 0) for row in self._over.coordinates] for r in range(self.dimension)]
        if not columns:
            return Fraction(1)
        matrix = fmpz_mat(columns)
        gram = Fraction(int((matrix * matrix.transpose()).det()), q ** (2 * self.dimension))
        volume = self.volume()
        return volume * volume * gram

    def nearest(self, point: Sequence[Number]) -> NearestPoint:
        """The nearest point of the polytope, with a proof either way of whether ``point`` lies in it.

        Wolfe's algorithm in rationals (``nearest_point``).  Raises LimitReached.
        """
        target = [Fraction(entry) for entry in point]
        found = nearest_point(target, self.vertices, self._limits)
        places = tuple(found.weights)
        weights = tuple(found.weights.values())
        return NearestPoint(found.point, found.squared_distance, places, weights)

    def largest(self) -> tuple[Fraction, Fraction, Fraction]:
        """The largest l1 norm, squared l2 norm and linf norm of a point: norms are convex, so a vertex has each."""
        zero = Fraction(0)
        return (
            max([sum(map(abs, vertex), zero) for vertex in self.vertices]),
            max([sum([entry * entry for entry in vertex], zero) for vertex in self.vertices]),
            max([max(map(abs, vertex)) for vertex in self.vertices]),
        )

    def contains(self, point: Sequence[Number]) -> bool:
        """Whether the point lies in the polytope.  Raises LimitReached."""
        return not self.nearest(point).squared
