"""Are two nets equal on a region, everywhere, or near a point?  A point where they differ, or a proof."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.derived import difference, directional, homogenised
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.affinity import first_sample, landed
from subgrad_hardness.subdifferentials.asking import Asker, Found, Open, Refuted
from subgrad_hardness.subdifferentials.piece import piece, value_on
from subgrad_hardness.subdifferentials.region import Region, Vector, along, cube

#: So often the cube around a point is halved until the nets are seen to be equal on it.
_HALVINGS = 40
#: Rays whose points are looked at in floating point, and how many points of them exactly.
_RAYS, _CONFIRMED = 250, 6


class Equal(NamedTuple):
    """F = G in ``region``; ``argument`` is the proof, or None with the reason in ``unargued``."""

    region: Region
    argument: Argument | None
    unargued: str | None = None


class Different(NamedTuple):
    """F and G have different values at ``point``."""

    point: Vector


def equality(
    first: Program,
    second: Program,
    region: Region,
    limits: Limits,
    *,
    solver: str = "auto",
    argued: bool = True,
    seed: int = 0,
) -> Equal | Different | Open:
    """Whether F = G on the region: no +-(H_k - I_k) is positive on the cone over it, H and I being homogenised.

    Points on random rays first, then the normal form and the engines.  Limits end in ``Open``.
    """
    try:
        made = difference(first, second)
        asker = Asker(homogenised(made))

        def differs(place: Vector) -> bool:
            return any(value(made, place))

        point = first_sample(differs, region, limits, seed)
        if point is None and asker.local.net.kinks:
            point = next(filter(differs, proposals(asker.local.net, region, seed)), None)
        if point is None:
            size = first.input_count + 1
            answer = asker.ask(_goals(first, size), region.forms(), limits, solver=solver, argued=argued, seed=seed)
            if isinstance(answer, Refuted):
                return Equal(region, answer.argument, answer.unargued)
            if isinstance(answer, Open):
                return answer
            point = landed(answer.direction, region, differs)
        return Different(point)
    except LimitReached as reached:
        return Open(str(reached))


def proposals(net: LocalNet, region: Region, seed: int) -> Iterator[Vector]:
    """Points of the region at which outputs of the homogenised ``net`` look largest, in floating point."""
    import numpy as np  # heavy, and only for this

    from subgrad_hardness.derivative.compiled import compile_net

    points = list(region.samples(seed, _RAYS))
    try:
        table = np.array([[*map(float, point), 1.0] for point in points])
    except OverflowError:
        return
    _, outputs = compile_net(net).evaluate(table)
    scores = np.abs(outputs).max(axis=1)
    for place in np.argsort(-scores, kind="stable")[:_CONFIRMED]:
        if scores[place] > 0:
            yield points[place]


def equality_near(
    first: Program,
    second: Program,
    point: Vector,
    limits: Limits,
    *,
    solver: str = "auto",
    argued: bool = True,
    seed: int = 0,
) -> Equal | Different | Open:
    """Whether F = G in some neighbourhood of ``point``: whether they agree there, and F' = G' there.

    F - G is piecewise linear, so near the point it is (F - G)(point) + (F - G)'(point; .).  Where it vanishes, a cube
    is looked for on which equality can be argued; its radius is nobody's largest.
    """
    try:
        made = difference(first, second).at(point)
        if any(value(made)):
            return Different(point)
        size = first.input_count
        answer = Asker(directional(made)).ask(_goals(first, size), (), limits, solver=solver, argued=False, seed=seed)
        if isinstance(answer, Open):
            return answer
        if isinstance(answer, Found):
            ahead, step = tuple(map(Fraction, answer.direction)), Fraction(1)
            while not any(value(made, place := along(point, ahead, step))):
                step /= 2
            return Different(place)
        return _argued_near(first, second, made, limits, solver=solver, argued=argued, seed=seed)
    except LimitReached as reached:
        return Open(str(reached))


def _argued_near(
    first: Program, second: Program, made: Program, limits: Limits, *, solver: str, argued: bool, seed: int
) -> Equal:
    """Equality near the point of ``made``, which is known, on a cube that is small enough."""
    distances = [abs(value_on(wall, made.point)) / sum(map(abs, wall[:-1])) for wall in piece(made, made.point).walls]
    radius = min([distance for distance in distances if distance], default=Fraction(1))
    for _ in range(_HALVINGS):
        found = equality(first, second, cube(made.point, radius), limits, solver=solver, argued=argued, seed=seed)
        if isinstance(found, Equal):
            return found
        if isinstance(found, Open):
            return Equal(cube(made.point, radius), None, f"near the point; on this cube: {found.why}")
        radius /= 2
    raise AssertionError("nets that are equal near a point differ on each small cube")


def _goals(program: Program, size: int) -> list[OneSided]:
    zero = (Fraction(0),) * size
    return [OneSided(((number, Fraction(sign)),), zero) for number in range(program.output_count) for sign in (1, -1)]
