"""The largest cube around the point on which F is affine, exactly.

Let (A, b) be a piece at x0 and r* the supremum of all r such that F(x) = A x + b for |x - x0| <= r (largest-entry
norm).  r* is attained, as F is continuous.

Upper bounds.  If F is not A x + b at some x*, then any piece C at x*, a closed set with interior, has another affine
map.  Every neighbourhood of every point y of C meets the interior of C, where the maps differ but on a hyperplane: so
r* <= |y - x0|, least at the y of C nearest to x0.  If r* = |y - x0|, then y is on the boundary of the cube, which has
interior next to y with the Jacobian A; C has another one, because the maps agree at y: F has two Jacobians at y.
Lower bounds.  A refutation on the cube.  A witness in the cube of radius u in question is moved a little towards x0 and
gives a piece nearer than u.  There are finitely many pieces, so this ends.

Both halves are certified: F is affine on the closed cube of radius r*, and has two Jacobians at a point at the distance
r*, so that it is affine on no larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.checked import integers
from subgrad_hardness.certificate.derived import homogenised
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.affinity import Affine, Bent, bent, differing
from subgrad_hardness.subdifferentials.asking import Asker, Open, Refuted
from subgrad_hardness.subdifferentials.piece import AffineForm, Piece, Vector, piece, value_on
from subgrad_hardness.subdifferentials.region import along, cube, whole


class LargestCube(NamedTuple):
    """What is known of the radius.

    Attributes
    ----------
    lower : F is affine on the closed cube of this radius; None: everywhere.
    upper : F is affine on no larger cube; None: no bound is known.
    affine : the map, with its argument on the cube of radius ``lower`` (none for the radius 0).
    bend : two Jacobians at the distance ``upper``, where that is the radius.
    why : what stopped the search where the bounds differ.
    """

    lower: Fraction | None
    upper: Fraction | None
    affine: Affine
    bend: Bent | None
    why: str | None = None


class _Nearest(NamedTuple):
    """The point of a piece nearest to x0, its distance, and a direction from it into the piece."""

    radius: Fraction
    point: Vector
    ahead: Vector


def largest_cube(
    program: Program, limits: Limits, *, solver: str = "auto", argued: bool = True, seed: int = 0
) -> LargestCube:
    """The largest cube around the program's point.

    One piece gives all kinks that are nearest while no other is crossed, and the first of them is mostly the answer;
    where it does not matter, the engines are asked on cubes.  Limits end in bounds.
    """
    centre = program.point
    base = piece(program, centre)
    affine = Affine(base.matrix, base.offset, None, "not argued")
    lower, best = _first_wall(program, base)
    if best is not None and not lower:
        return LargestCube(lower, lower, affine, _bend(program, best))
    try:
        asker = Asker(homogenised(program))
        while True:
            limits.check()
            if best is not None and not best.radius:
                return LargestCube(best.radius, best.radius, affine, _bend(program, best))
            region = whole(centre) if best is None else cube(centre, best.radius)
            found = differing(
                program,
                base,
                region,
                asker,
                limits,
                solver=solver,
                argued=argued,
                seed=seed,
                sampled=best is None or best.radius > lower,  # up to the nearest wall there is nothing to find
            )
            if isinstance(found, Open):
                return LargestCube(lower, best and best.radius, affine, None, found.why)
            if isinstance(found, Refuted):
                affine = affine._replace(argument=found.argument, unargued=found.unargued)
                bend = None if best is None else _bend(program, best)
                return LargestCube(best and best.radius, best and best.radius, affine, bend)
            best = _nearest(program, _inwards(program, base, found), limits)
    except LimitReached as reached:
        return LargestCube(lower, best and best.radius, affine, None, str(reached))


def _first_wall(program: Program, base: Piece) -> tuple[Fraction, _Nearest | None]:
    """The distance of the nearest wall of the piece at x0, up to which F is affine; and that wall, if F bends there."""
    centre = program.point
    distances = [(value_on(wall, centre) / sum(map(abs, wall[:-1])), wall) for wall in base.walls]
    if not distances:
        return Fraction(0), None
    radius = min(distances)[0]
    for wall in [wall for distance, wall in distances if distance == radius]:
        signs = tuple([Fraction(-1 if entry > 0 else int(entry < 0)) for entry in wall[:-1]])
        point = along(centre, signs, radius)
        if piece(program, point, [signs]).matrix != piece(program, point, [tuple([-sign for sign in signs])]).matrix:
            return radius, _Nearest(radius, point, signs)
    return radius, None


def _bend(program: Program, best: _Nearest) -> Bent:
    """The two Jacobians at the nearest point: back towards x0, and on into the piece."""
    back = tuple([here - there for here, there in zip(program.point, best.point, strict=True)])
    if not any(back):  # the first wall bends between the two sides, one of which is another piece than x0's
        base, opposite = piece(program, best.point), tuple([-entry for entry in best.ahead])
        sides = [piece(program, best.point, [ahead]) for ahead in (best.ahead, opposite)]
        return bent(best.point, base, next(side for side in sides if side.matrix != base.matrix))
    return bent(best.point, piece(program, best.point, [back]), piece(program, best.point, [best.ahead]))


def _inwards(program: Program, base: Piece, found: Vector) -> Vector:
    """A point strictly before ``found`` on the way from x0, at which F still differs from the map of ``base``."""
    ahead = tuple([there - here for here, there in zip(program.point, found, strict=True)])
    share = Fraction(1, 2)
    while True:
        point = along(program.point, ahead, 1 - share)
        if value(program, point) != base.at(point):
            return point
        share /= 2


def _nearest(program: Program, inside: Vector, limits: Limits) -> _Nearest:
    """The point nearest to x0 of the piece at ``inside``."""
    radius, point = nearest_point(piece(program, inside).walls, program.point, limits)
    return _Nearest(radius, point, tuple([there - here for here, there in zip(point, inside, strict=True)]))


def nearest_point(walls: Sequence[AffineForm], centre: Vector, limits: Limits) -> tuple[Fraction, Vector]:
    """The least |x - centre| where no wall is negative (somewhere none is), and an x that attains it.

    Is there an x with the walls nonnegative and |x - centre| <= r?  If not, Farkas multipliers of the walls, of the
    bounds r t -+ (x - centre t) >= 0 (their sum: s) and of t > 0 (which is n) add up to zero; so s r' >= s r + n for
    every r' that has one, and the next r is r + n / s.  Each r comes from another set of multipliers without
    redundancy, of which there are finitely many.
    """
    size, radius = len(centre), Fraction(0)
    while True:
        limits.check()
        cone = StrictCone(size + 1)
        asked = [cone.add(wall, strict=False) for wall in walls]
        scales: dict[int, int] = {}
        for index in range(size):
            for sign in (1, -1):
                row = [Fraction(0)] * (size + 1)
                row[index], row[size] = Fraction(-sign), radius + sign * centre[index]
                number = cone.add(integers(row), strict=False)
                scales[number] = row[size].denominator
        last = cone.add((*(0,) * size, 1))
        answer = cone.solve([*asked, *scales, last], limits)
        if isinstance(answer, Feasible):
            *numerators, under = answer.point
            return radius, tuple([Fraction(entry, under) for entry in numerators])
        multipliers = dict(zip(answer.forms, answer.multipliers, strict=True))
        total = sum([multipliers.get(number, 0) * scale for number, scale in scales.items()])
        radius += Fraction(multipliers[last], total)
