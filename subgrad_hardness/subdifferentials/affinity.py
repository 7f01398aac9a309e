"""Is F affine on a region?  Its affine map with a proof, or a point inside where F has two Jacobians.

F is affine on a region with interior iff F(x) = A x + b there, (A, b) being any piece that a direction enters from an
interior point z.  Homogenised, H(x, t) = t F(x / t): no goal +-(H_k - A_k x - b_k t) is positive on the cone over the
region.  Otherwise some x* has F(x*) != A x* + b, and on the way from z to x* there is a last point up to which F keeps
to the piece; just behind it another piece begins, with another Jacobian (the maps agree at the point and are
different).  So there are two Jacobians at that point, which lies strictly inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.derived import homogenised
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Open, Refuted
from subgrad_hardness.subdifferentials.piece import AffineForm, Piece, Vector, piece, value_on
from subgrad_hardness.subdifferentials.region import Region, along

#: So many random rays are looked at before the engines are asked; so often an interval is halved before its walls are
#: taken one by one.
_RAYS, _HALVINGS = 8, 10


class Affine(NamedTuple):
    """F(x) = matrix x + offset in the region; ``argument`` is the proof, or None with the reason in ``unargued``."""

    matrix: Matrix
    offset: Vector
    argument: Argument | None
    unargued: str | None = None


class Bent(NamedTuple):
    """Two direction matrices at ``point``, and the two different Jacobians that they give."""

    point: Vector
    directions: tuple[DirectionMatrix, DirectionMatrix]
    jacobians: tuple[Matrix, Matrix]


def affinity(
    program: Program, region: Region, limits: Limits, *, solver: str = "auto", argued: bool = True, seed: int = 0
) -> Affine | Bent | Open:
    """Whether F is affine on the region.

    Points on random rays first, then phases that the region fixes, then the engines on the homogenised program.
    Limits end in ``Open``.
    """
    try:
        base = piece(program, region.interior)
        asker = Asker(homogenised(program))
        found = differing(program, base, region, asker, limits, solver=solver, argued=argued, seed=seed)
        if isinstance(found, Refuted):
            return Affine(base.matrix, base.offset, found.argument, found.unargued)
        return found if isinstance(found, Open) else bend_between(program, region.interior, found, limits)
    except LimitReached as reached:
        return Open(str(reached))


def differing(
    program: Program,
    base: Piece,
    region: Region,
    asker: Asker,
    limits: Limits,
    *,
    solver: str = "auto",
    argued: bool = True,
    seed: int = 0,
    sampled: bool = True,
) -> Vector | Refuted | Open:
    """A point of the region at which F differs from the map of ``base``, or why there is none.

    ``asker`` holds the homogenised program; without ``sampled`` only it is asked.  Raises LimitReached.
    """

    def differs(point: Vector) -> bool:
        return value(program, point) != base.at(point)

    if sampled and (seen := first_sample(differs, region, limits, seed)) is not None:
        return seen
    answer = asker.ask(affine_goals(base), region.forms(), limits, solver=solver, argued=argued, seed=seed)
    if isinstance(answer, Refuted | Open):
        return answer
    return landed(answer.direction, region, differs)


def affine_goals(base: Piece) -> list[OneSided]:
    """+-(H_k - A_k x - b_k t) for each output k, over the homogenised program."""
    return [
        OneSided(((number, Fraction(sign)),), (*(sign * entry for entry in row), sign * constant))
        for number, (row, constant) in enumerate(zip(base.matrix, base.offset, strict=True))
        for sign in (1, -1)
    ]


def first_sample(differs: Callable[[Vector], bool], region: Region, limits: Limits, seed: int) -> Vector | None:
    """The first of some points of the region at which something differs."""
    for point in region.samples(seed, _RAYS):
        limits.check()
        if differs(point):
            return point
    return None


def landed(direction: Sequence[int], region: Region, differs: Callable[[Vector], bool]) -> Vector:
    """The point x / t of a witness (x, t) in the cone over the region.

    For t = 0 the region goes on for ever in the direction x, and the homogeneous difference, which is continuous, is
    positive at (z / s + x, 1 / s) for large s: at the point z + s x.
    """
    *numerators, last = direction
    if last:
        return tuple([Fraction(entry, last) for entry in numerators])
    ahead, step = tuple(map(Fraction, numerators)), Fraction(1)
    while not differs(point := along(region.interior, ahead, step)):
        step *= 2
    return point


def bend_between(program: Program, start: Vector, stop: Vector, limits: Limits) -> Bent:
    """The first bend on the way from ``start`` to ``stop``, where F is not what the piece at ``start`` says.

    That piece is the one that the unit vectors enter.  One piece for each halving and for each wall between.
    """
    ahead = tuple([there - here for here, there in zip(start, stop, strict=True)])
    base, first = piece(program, start), piece(program, start, [ahead])
    if base.matrix != first.matrix:
        return bent(start, base, first)
    low, high = Fraction(0), Fraction(1)
    current = first
    for _ in range(_HALVINGS):
        limits.check()
        middle = (low + high) / 2
        found = piece(program, along(start, ahead, middle), [ahead])
        if found.agrees(base):
            low, current = middle, found
        else:
            high = middle
    while True:
        limits.check()
        low = _leaving(current, start, ahead, low)
        point = along(start, ahead, low)
        current = piece(program, point, [ahead])
        if not current.agrees(base):
            behind = piece(program, point, [tuple([-entry for entry in ahead])])
            return bent(point, behind, current)


def bent(point: Vector, first: Piece, second: Piece) -> Bent:
    """Two pieces at one point that are known to have different Jacobians."""
    assert first.matrix != second.matrix
    return Bent(point, (first.directions, second.directions), (first.matrix, second.matrix))


def _leaving(current: Piece, start: Vector, ahead: Vector, low: Fraction) -> Fraction:
    """Where behind ``low`` the way leaves the piece: the first wall that it meets."""
    steps = [_meeting(form, start, ahead) for form in current.walls]
    return min(step for step in steps if step is not None and step > low)


def _meeting(form: AffineForm, start: Vector, ahead: Vector) -> Fraction | None:
    slope = sum(map(mul, form, ahead), Fraction(0))
    return -value_on(form, start) / slope if slope < 0 else None
