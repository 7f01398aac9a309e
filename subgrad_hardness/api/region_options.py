"""Regions as people give them: boxes and rows of constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.subdifferentials.regions import Region, Vector
from subgrad_hardness.subdifferentials.regions import box as box_rows

#: (low, high): two numbers, or two vectors.
BoxLike = Sequence[NumberLike | Sequence[NumberLike]]


def region_of(
    program: Program, box: BoxLike | None, constraints: Sequence[Sequence[NumberLike]], limits: Limits
) -> Region:
    """The region that a box and constraints describe together; all of R^p without either.

    Raises PointError, and ParameterError for a region without interior points; LimitReached.
    """
    size = program.input_count
    rows: list[Vector] = [] if box is None else _box(box, size)
    rows += [exact_vector(row, size + 1, f"constraints[{number}]") for number, row in enumerate(constraints)]
    return Region(rows, size, limits)


def _box(box: Any, size: int) -> list[Vector]:
    if not isinstance(box, Sequence) or isinstance(box, str) or len(box) != 2:
        raise PointError("not a pair (low, high)", place="box")
    ends = []
    for place, end in zip(("box low", "box high"), box, strict=True):
        flat = end.tolist() if hasattr(end, "tolist") else end
        wide = flat if isinstance(flat, Sequence) and not isinstance(flat, str) else [flat] * size
        ends.append(exact_vector(wide, size, place))
    for index, (low, high) in enumerate(zip(*ends, strict=True)):
        if low >= high:
            why = "put the fixed input into the net" if low == high else "the ends are the wrong way round"
            raise ParameterError(f"input {index} from {low} to {high} leaves no room; {why}", place="box")
    return box_rows(*ends)
