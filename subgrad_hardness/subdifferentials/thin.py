"""Regions without interior points: the program on the affine hull of the region, where the region has some.

Let k be the dimension of the region's affine hull.  It projects one to one onto k of the inputs, the *free* ones y, so
that x = origin + basis y on it.  There F is the program F(origin + basis y) of k inputs, and the region has interior
points: "affine on the region" and "equal on the region" are the questions about that program there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.elimination import over_a_basis
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.program import Program
from subgrad_hardness.question.restriction import spanned
from subgrad_hardness.subdifferentials.regions import Bend, Homogeneous, Region, Vector, sampled

# At so many points of a region.
_REPLAYED = 16


class Hull(NamedTuple):
    """The points x = origin + sum over the free inputs of y_f basis[f].

    Attributes
    ----------
    free : the numbers of the free inputs, in increasing order.
    origin : p numbers, 0 at the free inputs.
    basis : for each free input p numbers, 1 there and 0 at the other free ones.
    """

    free: tuple[int, ...]
    origin: Vector
    basis: tuple[Vector, ...]

    def along(self, direction: Sequence[Fraction]) -> Vector:
        """A direction of the hull in all inputs."""
        return tuple([sum(map(mul, direction, column), Fraction(0)) for column in zip(*self.basis, strict=True)])

    def point(self, place: Sequence[Fraction]) -> Vector:
        """A point of the hull in all inputs."""
        if not self.free:
            return self.origin
        return tuple([start + more for start, more in zip(self.origin, self.along(place), strict=True)])

    def restricted(self, matrix: Matrix) -> Matrix:
        """What an m x p matrix does to directions of the hull: m x k."""
        return tuple([tuple([sum(map(mul, row, vector), Fraction(0)) for vector in self.basis]) for row in matrix])

    def widened(self, matrix: Matrix) -> Matrix:
        """The m x p matrix that reads the free inputs alone and does to directions of the hull what ``matrix`` does."""
        places = {index: number for number, index in enumerate(self.free)}
        size = len(self.origin)
        return tuple([tuple([row[places[i]] if i in places else Fraction(0) for i in range(size)]) for row in matrix])


def require_same(program: Program, restricted: Program, hull: Hull, region: Region) -> None:
    """Replay on the whole program what was found on the hull: values at some points of the region."""
    for point in sampled(region, _REPLAYED):
        if value(program, hull.point(point)) != value(restricted, point):
            raise AssertionError("the restricted program is not the program on the hull")


def require_bent(program: Program, hull: Hull, found: Bend, pair: Sequence[Matrix]) -> None:
    """Replay on the whole program what was found on the hull: two Jacobians along it, at one point."""
    whole, point = Homogeneous(program), hull.point(found.point)
    for directions, expected in zip(found.directions, pair, strict=True):
        piece = whole.piece(point, *map(hull.along, directions))
        if hull.restricted(piece.affine.matrix) != expected:
            raise AssertionError("a bend of the restricted program is none of the program")


def hull_of(rows: Sequence[Vector], size: int, limits: Limits) -> Hull | None:
    """The affine hull of the points with a x <= b for all rows (a, b); None where that is the whole space.

    Raises ParameterError for a region without points, and LimitReached.  An exact cone question for each step down.
    """
    ahead = (*(0,) * size, 1)
    forms = [integer_direction((*(-entry for entry in row[:-1]), row[-1]))[0] for row in rows if any(row)]
    found = spanned([*forms, ahead], size + 1, limits)
    if found is None or not any(vector[-1] for vector in found.basis):
        raise ParameterError("no point satisfies all constraints", place="region")
    if len(found.basis) == size + 1:
        return None
    # Of the coordinates t, x_1, ..., x_p on the span, t and the first ones that are independent of it and each other.
    columns = list(zip(*found.basis, strict=True))
    chosen = over_a_basis([columns[-1], *columns[:-1]])
    free = tuple([number - 1 for number in chosen.basis[1:]])
    over = [{place: Fraction(c, chosen.denominator) for place, c in each.items()} for each in chosen.coordinates[1:]]
    origin = tuple([each.get(0, Fraction(0)) for each in over])
    basis = tuple([tuple([each.get(place, Fraction(0)) for each in over]) for place in range(1, len(chosen.basis))])
    return Hull(free, origin, basis)


def region_in(hull: Hull, rows: Sequence[Vector], limits: Limits) -> Region:
    """The region in the free inputs."""
    inner = []
    for *row, bound in rows:
        slope = hull.restricted((tuple(row),))[0]
        inner.append((*slope, bound - sum(map(mul, row, hull.origin), Fraction(0))))
    return Region(inner, len(hull.free), limits)


def program_in(hull: Hull, program: Program) -> Program:
    """F(origin + basis y), at the origin: a graph in which inputs that are not free are affine nodes of their names."""
    size, count = program.input_count, len(hull.free)
    bound = [index for index in range(size) if index not in hull.free]
    moved = {index: number for number, index in enumerate([*hull.free, *bound])}
    nodes = []
    for index in bound:
        terms = [(number, vector[index]) for number, vector in enumerate(hull.basis) if vector[index]]
        arguments = [number for number, _ in terms]
        row = Row.of(arguments, [coefficient for _, coefficient in terms], hull.origin[index])
        nodes.append(Node(program.inputs[index], "affine", row.arguments, row))
    form = program.form.to_graph(program.inputs)

    def at(argument: int) -> int:
        return moved.get(argument, argument)  # count + len(bound) = size: nodes keep their numbers

    for node in form.nodes:
        arguments = list(map(at, node.arguments))
        new = None if node.row is None else node.row._replace(arguments=tuple(map(at, node.row.arguments)))
        nodes.append(node._replace(arguments=tuple(arguments), row=new))
    inputs = tuple([program.inputs[index] for index in hull.free])
    return Program(inputs, GraphForm(tuple(nodes), tuple(map(at, form.outputs))), (Fraction(0),) * count, None, None)
