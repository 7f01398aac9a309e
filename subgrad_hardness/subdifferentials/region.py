"""Regions of the inputs: polytopes and polyhedra with interior, given by rows (a, b) that say a x <= b."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.checked import integers
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.linear.cone import Feasible, interior_point

Vector = tuple[Fraction, ...]
#: A lower and an upper bound; None: there is none.
Bounds = tuple[Fraction | None, Fraction | None]

#: Steps along a ray that does not leave the region: from small to large.
_STEPS = (Fraction(1), Fraction(1, 8), Fraction(4096))
#: Where on the way to the boundary points are taken.
_SHARES = (Fraction(1), Fraction(1, 2), Fraction(1, 16))


class Region(NamedTuple):
    """All x with a x <= b for each row (a, b) of p + 1 numbers; ``interior`` satisfies all strictly."""

    rows: tuple[Vector, ...]
    interior: Vector

    def forms(self) -> list[tuple[int, ...]]:
        """b t - a x for each row, and t, in integers: nonnegative on the cone over the region."""
        size = len(self.interior)
        rows = [integers([*(-entry for entry in row[:-1]), row[-1]]) for row in self.rows]
        return [*rows, (*(0,) * size, 1)]

    def step(self, direction: Vector) -> Fraction | None:
        """How far one can go from the interior point in this direction; None: for ever."""
        most: Fraction | None = None
        for row in self.rows:
            along = sum(map(mul, row, direction), Fraction(0))
            if along > 0:
                reach = (row[-1] - sum(map(mul, row, self.interior), Fraction(0))) / along
                most = reach if most is None else min(most, reach)
        return most

    def samples(self, seed: int, rays: int) -> Iterator[Vector]:
        """Points of the region on random rays from the interior point, those on the boundary first."""
        stream = Stream(seed, "points of a region")
        size = len(self.interior)
        for _ in range(rays):
            direction = tuple([Fraction(entry) for entry in stream.direction(size, 9)])
            reach = self.step(direction)
            for step in _STEPS if reach is None else [reach * share for share in _SHARES]:
                yield along(self.interior, direction, step)


def along(start: Vector, direction: Vector, step: Fraction) -> Vector:
    """start + step * direction."""
    return tuple([here + step * ahead for here, ahead in zip(start, direction, strict=True)])


def whole(point: Vector) -> Region:
    """All of Q^p."""
    return Region((), point)


def cube(centre: Vector, radius: Fraction) -> Region:
    """The points within ``radius`` > 0 of the centre in the largest-entry norm."""
    return Region(box_rows([(entry - radius, entry + radius) for entry in centre]), centre)


def box_rows(bounds: Sequence[Bounds]) -> tuple[Vector, ...]:
    """The rows of a box, for each coordinate its upper and its lower bound."""
    rows = []
    for index, (low, high) in enumerate(bounds):
        for sign, bound in ((1, high), (-1, low)):
            if bound is not None:
                units = [Fraction(sign if index == column else 0) for column in range(len(bounds))]
                rows.append((*units, sign * bound))
    return tuple(rows)


def region(rows: Sequence[Vector], centre: Vector, limits: Limits | None = None) -> Region:
    """The region of these rows, with ``centre`` as its interior point if it is one.

    Raises ParameterError for a region that is empty or has no interior: there F has no Jacobian to speak of, and what
    is asked is a question about a net with fewer inputs.
    """
    found = Region(tuple(rows), centre)
    if all(sum(map(mul, row, centre), Fraction(0)) < row[-1] for row in rows):
        return found
    answer = interior_point(found.forms(), len(centre) + 1, limits)
    if not isinstance(answer, Feasible):
        message = "the region is empty or has no interior; write a fixed input into the net's biases instead"
        raise ParameterError(message, place="constraints")
    *numerators, denominator = answer.point
    return found._replace(interior=tuple([Fraction(entry, denominator) for entry in numerators]))


def centred(bounds: Sequence[Bounds], point: Vector) -> Vector:
    """A point of a box for people to read: in each coordinate the middle, or what of ``point`` fits."""
    centre = []
    for (low, high), entry in zip(bounds, point, strict=True):
        if low is not None and high is not None:
            centre.append((low + high) / 2)
        elif low is not None:
            centre.append(max(entry, low + 1))
        else:
            centre.append(entry if high is None else min(entry, high - 1))
    return tuple(centre)
