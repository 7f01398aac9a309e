"""Two programs near a point: equal in some neighbourhood of it, or different in each.

Near x the difference D = F - G is D(x) + D'(x; .), exactly.  So it vanishes near x iff D(x) = 0 and the derivative
does, a question about the kinks at x alone.  A certificate speaks of a region: a cube around x on which equality is
asked again, halved until it holds.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.derived import difference, directional
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Found, Open, Refuted
from subgrad_hardness.subdifferentials.regions import AffineMap, Homogeneous, Region, Vector, box

# Where no kink is nearer, the first cube has this radius; cubes are halved so often.
_FIRST, _HALVINGS = Fraction(1), 60


class Near(NamedTuple):
    """Equal on the cube of this ``radius`` around the point, with its ``region``."""

    radius: Fraction
    region: Region
    refuted: Refuted


def equal_near(
    first: Program, second: Program, point: Vector, limits: Limits, *, argued: bool = True
) -> Near | Vector | Open:
    """Whether two programs are equal near ``point``; else a point where they differ, as near as the search begins.

    Raises LimitReached before the answer is known; afterwards limits cost the argument.
    """
    made = difference(first, second).at(point)
    if any(value(made)):
        return point
    size = made.input_count
    zero = Fraction(0)
    goals = [
        OneSided(((number, Fraction(sign)),), (zero,) * size) for number in range(made.output_count) for sign in (1, -1)
    ]
    answer = Asker(directional(made)).ask(goals, (), limits, argued=False)
    if isinstance(answer, Open):
        return answer
    if isinstance(answer, Found):
        step = _FIRST
        while True:
            place = tuple([near + step * ahead for near, ahead in zip(point, answer.direction, strict=True)])
            if any(value(made, place)):
                return place
            step /= 2
    return _argued(made, limits, argued=argued)


def _argued(made: Program, limits: Limits, *, argued: bool) -> Near:
    """A cube around the point of ``made``, which is zero near it, on which that is shown."""
    whole, size = Homogeneous(made), made.input_count
    nothing = AffineMap(((Fraction(0),) * size,) * made.output_count, (Fraction(0),) * made.output_count)
    radius = _room(whole)
    for _ in range(_HALVINGS):
        ends = [[entry + sign * radius for entry in made.point] for sign in (-1, 1)]
        region = Region(box(*ends), size)
        try:
            answer = whole.deviates(region, nothing, limits, argued=argued)
        except LimitReached as reached:
            answer = Open(str(reached))
        if isinstance(answer, Open):
            return Near(radius, region, Refuted(None, f"equal near the point; on this cube: {answer.why}"))
        if isinstance(answer, Refuted):
            return Near(radius, region, answer)
        radius /= 2
    raise AssertionError("programs that are equal near a point differ on each small cube")


def _room(whole: Homogeneous) -> Fraction:
    """How far the hyperplanes of one piece at the point are that do not hold it; a first guess for the cube."""
    point = whole.program.point
    entered = tuple([Fraction(1, index + 1) for index in range(len(point))])
    found = _FIRST
    for *row, shift in whole.walls(whole.piece(point, entered).passing):
        slack = sum((entry * place for entry, place in zip(row, point, strict=True)), Fraction(shift))
        norm = sum(map(abs, row))
        if slack and norm:
            found = min(found, abs(slack) / norm)
    return found
