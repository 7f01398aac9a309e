"""The largest cube around a point on which a program is affine, exactly.

The radius is the least sup-norm distance of a point beside which F is not the affine map that it is around x0.  A relu
whose preactivation cannot vanish in the open cube keeps its branch there: so F is affine up to the nearest hyperplane
of the cell of x0, and bends there unless what lies behind it does not matter.  Otherwise the question goes to the
engines, for ever smaller cubes: each witness lies in a piece with another map, whose closure has a nearest point (an
exact linear program); no witness is the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.subdifferentials.asking import Open, Refuted
from subgrad_hardness.subdifferentials.regions import Bend, Homogeneous, Piece, Region, Vector, box

# So many of the nearest hyperplanes are looked behind for a first upper bound.
_FEW_WALLS = 8


class Cube(NamedTuple):
    """The largest cube |x - x0|_inf <= radius on which F is affine.

    Attributes
    ----------
    radius : None: F is affine everywhere, or (not ``exact``) nothing is known above ``proved``.
    exact : whether the radius is the largest; else F is affine within ``proved``, and bends at the ``radius``, if not
        before.
    piece : that of x0.
    bend : a point at the distance ``radius`` with two Jacobians.
    refuted : the proof that F is affine in the cube (or everywhere).
    """

    radius: Fraction | None
    exact: bool
    proved: Fraction
    piece: Piece
    bend: Bend | None = None
    refuted: Refuted | None = None
    why: str | None = None


def largest_cube(whole: Homogeneous, limits: Limits, *, argued: bool = True) -> Cube:
    """The largest cube around the program's point.  Limits end in what is known."""
    centre, size = whole.program.point, whole.program.input_count
    entered = tuple([Fraction(1, index + 1) for index in range(size)])
    piece = whole.piece(centre, entered)
    near = _nearest(whole, centre, piece, entered)
    radius, found, sure = near.radius, near.bend, near.sure
    while True:
        if radius == 0:
            return Cube(radius, True, radius, piece, found)
        region = Region([] if radius is None else _cube(centre, radius), size)
        try:
            answer = whole.deviates(region, piece.affine, limits, argued=argued)
            if isinstance(answer, Refuted):
                return Cube(radius, True, near.proved if radius is None else radius, piece, found, answer)
            if isinstance(answer, Open):
                return Cube(radius, sure, near.proved, piece, found, why=answer.why)
            other = whole.piece(answer, entered)
            radius, corner = closest(whole.walls(other.passing), centre, limits)
        except LimitReached as reached:
            return Cube(radius, sure, near.proved, piece, found, why=str(reached))
        found = _bend_at(corner, centre, answer, entered)


def _cube(centre: Sequence[Fraction], radius: Fraction) -> list[Vector]:
    return box([entry - radius for entry in centre], [entry + radius for entry in centre])


class _Near(NamedTuple):
    """``proved``: no relu changes inside that cube.  ``radius``: an upper bound with its bend; ``sure``: the least."""

    proved: Fraction
    radius: Fraction | None = None
    bend: Bend | None = None
    sure: bool = False


def _nearest(whole: Homogeneous, centre: Vector, piece: Piece, entered: Vector) -> _Near:
    """The nearest of the hyperplanes that bound the piece of the centre behind which F is another map.

    For the form a x + c the distance is (a centre + c) / |a|_1, taken at centre - distance sign(a).
    """
    places = []
    for *row, shift in whole.walls(piece.passing):
        slack = sum(entry * place for entry, place in zip(row, centre, strict=True)) + shift
        if norm := sum(map(abs, row)):
            places.append((Fraction(slack) / norm, row))
    places.sort(key=lambda place: place[0])
    proved = places[0][0] if places else Fraction(0)
    for number, (distance, row) in enumerate(places[:_FEW_WALLS]):
        signs = [(entry > 0) - (entry < 0) for entry in row]
        point = tuple([place - distance * sign for place, sign in zip(centre, signs, strict=True)])
        outward = tuple([Fraction(-sign) for sign in signs])
        if whole.piece(point, outward).affine != piece.affine:
            within = entered if distance == 0 else tuple([-entry for entry in outward])
            return _Near(proved, distance, Bend(point, ((within,), (outward,))), sure=number == 0 or distance == proved)
    return _Near(proved)


def _bend_at(corner: Vector, centre: Vector, witness: Vector, entered: Vector) -> Bend:
    """The corner as a bend, once F is known to be affine in the cube: it belongs to the closure of the piece that the
    witness enters, whose inner points lie beside the segment to the witness."""
    within = tuple([far - near for near, far in zip(corner, centre, strict=True)])
    beyond = tuple([far - near for near, far in zip(corner, witness, strict=True)])
    inner = (within,) if any(within) else (entered,)
    return Bend(corner, (inner, _independent(beyond, entered)))


def _independent(first: Vector, second: Vector) -> tuple[Vector, ...]:
    """Both directions, or the one that says all."""
    if not any(first):
        return (second,)
    size = range(len(first))
    crossed = any(first[i] * second[j] != first[j] * second[i] for i in size for j in size if i < j)
    return (first, second) if crossed else (first,)


def closest(walls: Sequence[tuple[int, ...]], centre: Vector, limits: Limits) -> tuple[Fraction, Vector]:
    """The point of the polyhedron a x + c >= 0, which has interior points, nearest to the centre in the sup norm.

    Multipliers that exclude a smaller cube give a lower bound, the value of a dual vertex; where the cube of that
    radius meets the polyhedron, it is the least.  Each bound is greater than the last, and there are finitely many
    vertices.  One exact cone question each.  Raises LimitReached.
    """
    size, bound = len(centre), Fraction(0)
    while True:
        cone = StrictCone(size + 1)  # u = x - centre, times t; then t
        asked, shifts = [], []
        for *row, shift in walls:
            slack = sum(entry * place for entry, place in zip(row, centre, strict=True)) + shift
            form, scale = common_denominator([*row, slack])
            asked.append(cone.add(tuple(form), strict=False))
            shifts.append((scale, slack))
        for index in range(size):
            for sign in (1, -1):
                side = [Fraction(sign * (index == other)) for other in range(size)]
                form, scale = common_denominator([*side, bound])
                asked.append(cone.add(tuple(form), strict=False))
                shifts.append((scale, Fraction(0)))
        asked.append(cone.add((*(0,) * size, 1)))
        answer = cone.solve(asked, limits)
        if isinstance(answer, Feasible):
            *moved, t = answer.point
            point = tuple([place + Fraction(entry, t) for place, entry in zip(centre, moved, strict=True)])
            return bound, point
            # The forms times their multipliers add up to 0.  At t that is: slacks + bound * sides + what t has = 0.
        multiples: dict[int, int] = dict(zip(answer.forms, answer.multipliers, strict=True))
        slacks = sides = Fraction(0)
        for number, (scale, slack) in enumerate(shifts):
            weight = Fraction(multiples.get(asked[number], 0)) * scale
            if number < len(walls):
                slacks += weight * slack
            else:
                sides += weight
        bound = -slacks / sides
