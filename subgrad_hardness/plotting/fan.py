"""The data of a fan: F'(x0; .) of a net with one input or two, sector by sector, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.derivative.lexicographic import Direction, lexicographic_derivative
from subgrad_hardness.derivative.sectors import PlaneDirection, sectors
from subgrad_hardness.local.local_net import LocalNet, Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program

#: More sectors cannot be told apart in a picture.
MOST_SECTORS = 2000

Vector = tuple[Fraction, Fraction]


class Ray(NamedTuple):
    """A direction on which a kink's preactivation vanishes, and whether the Jacobians beside it differ."""

    direction: PlaneDirection
    differs: bool


class Fan(NamedTuple):
    """What there is to draw.

    Attributes
    ----------
    name : the net's name, or "".
    point : x0, one rational for each input.
    jacobians : the distinct lexicographic subgradients (m x p), in the order in which they are met.
    sectors : (start, end, index into ``jacobians``), counterclockwise from (1, 0); neighbours with one Jacobian
        and no kink between them are one sector.  A full turn starts and ends at the same direction.  One input has
        two sectors, the half-lines (1) and (-1), each from its direction to the same one.
    rays : the kinks' rays, counterclockwise; none for one input, where the point itself is the only border.
    gradient : what backpropagation returns with relu'(0) = 0.
    """

    name: str
    point: tuple[Fraction, ...]
    jacobians: tuple[Matrix, ...]
    sectors: tuple[tuple[Direction, Direction, int], ...]
    rays: tuple[Ray, ...]
    gradient: Matrix

    def _repr_png_(self) -> bytes | None:
        """The picture, where a notebook shows this."""
        from subgrad_hardness.plotting.canvas import inline

        return inline(self)


def fan_of(program: Program, limits: Limits | None = None) -> Fan:
    """The fan of a program with one input or two at its point.

    One forward pass a sector.  Raises ParameterError for other numbers of inputs and for more than 2,000 sectors;
    LimitReached.
    """
    if program.input_count > 2:
        raise ParameterError(f"{program.input_count} inputs; a fan is drawn for one input or two", place="net")
    net = localise(program).net
    gradient = backpropagate(net, [Fraction(0)] * len(net.kinks))
    if program.input_count == 1:
        jacobians, sides = _line(net)
        return Fan(program.name or "", program.point, jacobians, sides, (), gradient)
    numbers: dict[Matrix, int] = {}
    pieces: list[tuple[PlaneDirection, int, bool]] = []
    for sector in sectors(net, limits):
        if len(pieces) == MOST_SECTORS:
            raise ParameterError(f"more than {MOST_SECTORS} sectors; nobody could tell them apart", place="net")
        number = numbers.setdefault(net.scaled(sector.rows()), len(numbers))
        pieces.append((sector.start, number, sector.kink))
    rays = tuple(
        Ray(start, number != pieces[index - 1][1]) for index, (start, number, kink) in enumerate(pieces) if kink
    )
    # An axis without a kink is no boundary.
    kept = [piece for index, piece in enumerate(pieces) if piece[2] or piece[1] != pieces[index - 1][1]] or pieces[:1]
    joined = tuple((start, kept[(index + 1) % len(kept)][0], number) for index, (start, number, _) in enumerate(kept))
    return Fan(program.name or "", program.point, tuple(numbers), joined, rays, gradient)


def _line(net: LocalNet) -> tuple[tuple[Matrix, ...], tuple[tuple[Direction, Direction, int], ...]]:
    """The Jacobians of a net with one input, and its two half-lines."""
    numbers: dict[Matrix, int] = {}
    sides = []
    for direction in ((1,), (-1,)):
        jacobian = lexicographic_derivative(net, [direction])
        sides.append((direction, direction, numbers.setdefault(jacobian, len(numbers))))
    return tuple(numbers), tuple(sides)


def hull(points: Sequence[Vector]) -> list[Vector]:
    """The corners of the convex hull, counterclockwise (Andrew's monotone chain, exact)."""
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(points: Sequence[Vector]) -> list[Vector]:
    chain: list[Vector] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Vector, b: Vector, c: Vector) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
