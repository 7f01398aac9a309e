"""The data of a picture of a Clarke subdifferential: its projection onto two or three coordinates, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.plotting.fan import Fan, fan_of, hull
from subgrad_hardness.subdifferentials.polytope import Polytope

#: More members cannot be told apart in a picture.
MOST_MEMBERS = 5000
#: The usual conventions for relu'(0).
CONVENTIONS = (Fraction(0), Fraction(1, 2), Fraction(1))

Vector = tuple[Fraction, ...]


class Mark(NamedTuple):
    """What backpropagation returns where every kink uses ``slope``, projected, and what that is in the whole space:
    ``lexicographic``, ``Clarke``, or ``no Clarke subgradient``."""

    slope: Fraction
    place: Vector
    standing: str


class Shadow(NamedTuple):
    """What there is to draw.

    Attributes
    ----------
    name : the net's name, or "".
    point : x0.
    inputs, outputs : p and m.
    onto : the numbers of the coordinates, two or three, of Jacobians read row by row, from 0.
    members : the projections of the lexicographic subgradients, each once.
    number : of lexicographic subgradients.
    dimension : of the whole Clarke subdifferential.
    body : the projection of the Clarke subdifferential.
    faces : the polygons that bound it, by their corners in order; of a polygon itself, a segment or a point: that.
    marks : backpropagation for the usual conventions.
    fan : of a net with two inputs.
    """

    name: str
    point: Vector
    inputs: int
    outputs: int
    onto: tuple[int, ...]
    members: tuple[Vector, ...]
    number: int
    dimension: int
    body: Polytope
    faces: tuple[tuple[Vector, ...], ...]
    marks: tuple[Mark, ...]
    fan: Fan | None

    def _repr_png_(self) -> bytes | None:
        """The picture, where a notebook shows this."""
        from subgrad_hardness.plotting.canvas import inline

        return inline(self)


def shadow_of(program: Program, onto: Sequence[int] | None, limits: Limits) -> Shadow:
    """The projection of d_C F(x0) onto some coordinates, by default all if there are three at most, else free ones.

    Raises ParameterError for coordinates that there are not, fewer than two of them or more than 5,000 members;
    LimitReached.
    """
    size = program.input_count * program.output_count
    if size < 2:
        raise ParameterError("one input and one output; plot fan draws their interval", place="net")
    net = localise(program).net
    members: list[Matrix] = []
    for piece in pieces(net, limits):
        limits.check()
        if len(members) == MOST_MEMBERS:
            raise ParameterError(f"more than {MOST_MEMBERS} members; nobody could tell them apart", place="net")
        members.append(net.scaled(piece.rows))
    whole = Polytope([_flat(member) for member in members], limits)
    chosen = _chosen(onto, size, whole.free)

    def projected(flat: Vector) -> Vector:
        return tuple([flat[c] for c in chosen])

    marks = []
    for slope in CONVENTIONS:
        result = backpropagate(net, [slope] * len(net.kinks))
        known = "Clarke" if whole.contains(_flat(result)) else "no Clarke subgradient"
        marks.append(Mark(slope, projected(_flat(result)), "lexicographic" if result in members else known))
    places = sorted({projected(_flat(member)) for member in members})
    body = Polytope(places, limits)
    return Shadow(
        name=program.name or "",
        point=program.point,
        inputs=program.input_count,
        outputs=program.output_count,
        onto=chosen,
        members=tuple(places),
        number=len(members),
        dimension=whole.dimension,
        body=body,
        faces=_faces(body),
        marks=tuple(marks),
        fan=fan_of(program, limits) if program.input_count == 2 else None,
    )


def _flat(matrix: Matrix) -> Vector:
    return tuple(chain.from_iterable(matrix))


def _chosen(onto: Sequence[int] | None, size: int, free: Sequence[int]) -> tuple[int, ...]:
    if onto is None:
        if size <= 3:
            return tuple(range(size))
        most = min(3, max(2, len(free)))
        others = [c for c in range(size) if c not in free]
        return tuple(sorted([*free, *others][:most]))
    if len(onto) not in (2, 3) or len(set(onto)) < len(onto):
        raise ParameterError("expected two or three different coordinates", place="onto")
    for c in onto:
        if not 0 <= c < size:
            raise ParameterError(f"no coordinate {c}: there are {size}, from 0", place="onto")
    return tuple(onto)


def _faces(body: Polytope) -> tuple[tuple[Vector, ...], ...]:
    if body.dimension < 3:
        return (_around(body.vertices, body.free),)
    found = []
    for facet in body.facets():
        dropped = next(c for c, entry in enumerate(facet.normal) if entry)
        found.append(_around([body.vertices[k] for k in facet.vertices], [c for c in range(3) if c != dropped]))
    return tuple(found)


def _around(corners: Sequence[Vector], plane: Sequence[int]) -> tuple[Vector, ...]:
    """The corners of a polygon in order, found where it is projected one to one onto two coordinates."""
    if len(plane) < 2:
        return tuple(corners)
    there = {(corner[plane[0]], corner[plane[1]]): corner for corner in corners}
    return tuple([there[place] for place in hull(list(there))])
