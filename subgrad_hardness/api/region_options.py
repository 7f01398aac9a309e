"""Regions as people give them: boxes and rows of constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.subdifferentials.regions import Region, Vector
from subgrad_hardness.subdifferentials.regions import box as box_rows
from subgrad_hardness.subdifferentials.thin import Hull, hull_of, program_in, region_in

#: Why a region of one point has no certificate.
ONE_POINT = "the region is one point: evaluate the net there"
#: (low, high): two numbers, or two vectors.
BoxLike = Sequence[NumberLike | Sequence[NumberLike]]


class Given(NamedTuple):
    """A region in R^size: ``rows`` (a, b) for a x <= b; and where it has no interior points its affine ``hull``."""

    rows: tuple[Vector, ...]
    size: int
    hull: Hull | None

    def region(self, limits: Limits) -> Region:
        """In the free inputs of the hull, or in all."""
        return Region(self.rows, self.size, limits) if self.hull is None else region_in(self.hull, self.rows, limits)

    def restricted(self, program: Program) -> Program:
        """The program that the question is about: of the free inputs of the hull, or the program itself."""
        return program if self.hull is None else program_in(self.hull, program)

    def point(self, place: Vector) -> Vector:
        """A point of the region in all inputs."""
        return place if self.hull is None else self.hull.point(place)

    def widened(self, matrix: Matrix) -> Matrix:
        """The matrix in all inputs; it reads the free ones alone."""
        return matrix if self.hull is None else self.hull.widened(matrix)

    @property
    def single(self) -> Vector | None:
        """The only point of the region, if it has one point."""
        return self.hull.origin if self.hull is not None and not self.hull.free else None


def region_of(
    program: Program, box: BoxLike | None, constraints: Sequence[Sequence[NumberLike]], limits: Limits
) -> Given:
    """The region that a box and constraints describe together; all of R^p without either.

    Raises PointError, and ParameterError for a region without points; LimitReached.
    """
    size = program.input_count
    rows: list[Vector] = [] if box is None else _box(box, size)
    rows += [exact_vector(row, size + 1, f"constraints[{number}]") for number, row in enumerate(constraints)]
    return Given(tuple(rows), size, hull_of(rows, size, limits))


def _box(box: Any, size: int) -> list[Vector]:
    if not isinstance(box, Sequence) or isinstance(box, str) or len(box) != 2:
        raise PointError("not a pair (low, high)", place="box")
    ends = []
    for place, end in zip(("box low", "box high"), box, strict=True):
        flat = end.tolist() if hasattr(end, "tolist") else end
        wide = flat if isinstance(flat, Sequence) and not isinstance(flat, str) else [flat] * size
        ends.append(exact_vector(wide, size, place))
    for index, (low, high) in enumerate(zip(*ends, strict=True)):
        if low > high:
            raise ParameterError(f"input {index} from {low} to {high}: the ends are the wrong way round", place="box")
    return box_rows(*ends)


def thin(restricted: Program) -> str:
    """What a report says of a region without interior points."""
    inputs = count(restricted.input_count, "input")
    names = f"{inputs} {', '.join(restricted.inputs)}" if restricted.input_count <= 8 else inputs
    return f"the region has no interior: this is about the net on its affine hull, in {names} (restricted in --json)"
