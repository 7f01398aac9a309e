"""A program on a region: where it is affine, exactly (SPEC 7, "Regions").

A region is the polyhedron of the x with a x <= b for all its rows (a, b).  Homogenised, with inputs (x, t) and
constants times t, the program is t F(x / t) for t > 0, the rows are b t - a x >= 0, and F is affine on the region iff a
linear function equals it where all rows and t >= 0 hold: goals like any others, in one more variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.derived import homogenised
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.tree import jacobian
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import complete_basis
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.asking import Asker, Found, Open, Refuted
from subgrad_hardness.subdifferentials.proposing import largest_at

Vector = tuple[Fraction, ...]
Passing = dict[int, bool]

# So many points of a region are tried before engines are asked; so many in floating point where F may be zero.
_SAMPLES, _PROPOSALS = 16, 1000


class Region:
    """The points x with a x <= b for all ``rows`` (a_1, ..., a_p, b); ``interior`` is one with a x < b.

    Raises ParameterError for a region without interior points (``subdifferentials.thin`` is for these).
    """

    def __init__(self, rows: Sequence[Vector], size: int, limits: Limits | None = None) -> None:
        self.rows = tuple([row for row in map(tuple, rows) if any(row[:-1]) or row[-1] < 0])
        self.size = size
        found = interior_point([integer_direction(row)[0] for row in self.homogenised], size + 1, limits)
        if not isinstance(found, Feasible):
            raise ParameterError("no point satisfies all constraints strictly", place="region")
        *x, t = found.point
        self.interior: Vector = tuple([Fraction(entry, t) for entry in x])

    @property
    def homogenised(self) -> list[Vector]:
        """b t - a x >= 0 for all rows, then t >= 0."""
        zero = Fraction(0)
        ahead = (*(zero,) * self.size, Fraction(1))
        return [*((*(-entry for entry in row[:-1]), row[-1]) for row in self.rows), ahead]

    def holds(self, point: Sequence[Fraction], *, strictly: bool) -> bool:
        """Whether the point satisfies all constraints."""
        slack = [row[-1] - sum(map(mul, row[:-1], point)) for row in self.rows]
        return all(entry > 0 if strictly else entry >= 0 for entry in slack)

    def reach(self, direction: Sequence[int]) -> Fraction | None:
        """How far the region goes from its interior point in this direction; None: for ever."""
        found: Fraction | None = None
        for *row, bound in self.rows:
            if (rise := sum(map(mul, row, direction), Fraction(0))) > 0:
                step = (bound - sum(map(mul, row, self.interior), Fraction(0))) / rise
                found = step if found is None else min(found, step)
        return found


def box(low: Sequence[Fraction], high: Sequence[Fraction]) -> list[Vector]:
    """The rows of low <= x <= high."""
    size = len(low)
    rows: list[Vector] = []
    for index in range(size):
        for sign, end in ((1, high[index]), (-1, -low[index])):
            rows.append((*(Fraction(sign * (index == other)) for other in range(size)), Fraction(end)))
    return rows


class AffineMap(NamedTuple):
    """x -> matrix x + offset."""

    matrix: Matrix
    offset: Vector

    def __call__(self, point: Sequence[Fraction]) -> Vector:
        return tuple([sum(map(mul, row, point), shift) for row, shift in zip(self.matrix, self.offset, strict=True)])


class Piece(NamedTuple):
    """A full-dimensional piece of a program: which relus pass there, and the map that the program is there."""

    passing: Passing
    affine: AffineMap


class Homogeneous:
    """The homogenised program, asked about pieces and regions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.made = homogenised(program)
        self.localised = Localised(self.made)
        self.outputs = self.made.lowered.outputs
        self._asker: Asker | None = None

    def piece(self, point: Sequence[Fraction], *directions: Sequence[Fraction]) -> Piece:
        """The piece that point + e d_1 + e^2 d_2 + ... enters.

        Ties are broken as a certificate at the point breaks them: by the unit vectors of the p inputs that complete the
        directions to a basis.
        """
        leading: list[tuple[int, ...]] = []
        for vector in [[*point, Fraction(1)], *([*direction, Fraction(0)] for direction in directions)]:
            leading.append(integer_direction(tuple(vector))[0])
        complete = complete_basis([integer_direction(tuple(each))[0] for each in directions], len(point))
        rationals = tuple([tuple(map(Fraction, column)) for column in leading])
        passing = self.localised.branches(DirectionMatrix(rationals, complete))
        forms = jacobian(self.localised, self.outputs, passing, "a piece")
        rows = [
            [Fraction(form.get(index, 0)) / self.localised.scales[output] for index in range(self.made.input_count)]
            for form, output in zip(forms, self.outputs, strict=True)
        ]
        return Piece(passing, AffineMap(tuple([tuple(row[:-1]) for row in rows]), tuple([row[-1] for row in rows])))

    def walls(self, passing: Passing) -> list[tuple[int, ...]]:
        """Forms (a, c), with a x + c >= 0 on the closure of the piece; each once."""
        size = self.made.input_count
        found: dict[tuple[int, ...], None] = {}
        for node, argument in self.localised.kinks.items():
            form = self.localised.gradient(argument, passing)
            sign = 1 if passing[node] else -1
            row = tuple([sign * form.get(index, 0) for index in range(size)])
            if any(row):
                found.setdefault(row)
        return list(found)

    def deviates(self, region: Region, affine: AffineMap, limits: Limits, *, argued: bool) -> Vector | Refuted | Open:
        """A point strictly inside the region at which F is not ``affine``; or that there is none.

        Points of the region are tried first, then the engines are asked.
        """

        def differs(point: Vector) -> bool:
            return value(self.program, point) != affine(point)

        if (point := next(filter(differs, sampled(region, _SAMPLES)), None)) is not None:
            return point
        if self._asker is None:
            self._asker = Asker(self.made)
        if not any(map(any, (*affine.matrix, affine.offset))) and self._asker.local.net.kinks:
            proposed = largest_at(self._asker.local.net, sampled(region, _PROPOSALS))
            if (point := next(filter(differs, proposed), None)) is not None:
                return point
        goals = [
            OneSided(((number, sign),), (*(sign * entry for entry in row), sign * shift))
            for number, (row, shift) in enumerate(zip(affine.matrix, affine.offset, strict=True))
            for sign in (Fraction(1), Fraction(-1))
        ]
        answer = self._asker.ask(goals, region.homogenised, limits, argued=argued)
        if not isinstance(answer, Found):
            return answer
        return moved_inside(answer.direction, region, differs)


def sampled(region: Region, count: int) -> Iterator[Vector]:
    """So many points strictly inside: far ones where there is room."""
    stream = Stream(0, "region")
    for number in range(count):
        drawn = stream.signed(region.size, 10)
        length = Fraction(1, 1 << number % 8) if number % 2 else Fraction(1 << number % 8)
        reach = region.reach(drawn)
        if reach is not None and length >= reach:
            length = reach * Fraction(1 + number % 7, 8)
        yield tuple([start + length * entry for start, entry in zip(region.interior, drawn, strict=True)])


def moved_inside(direction: Sequence[int], region: Region, differs: Callable[[Vector], bool]) -> Vector:
    """A point strictly inside the region that ``differs``, near the ray of (x, t) = ``direction``, which may lie on the
    border or at infinity: mixed with the interior point, ever less of it, because what differs is open."""
    share = Fraction(1)
    inner = (*region.interior, Fraction(1))
    while True:
        *x, t = [entry + share * other for entry, other in zip(direction, inner, strict=True)]
        if t > 0:
            point = tuple([entry / t for entry in x])
            if region.holds(point, strictly=True) and differs(point):
                return point
        share /= 2


class Bend(NamedTuple):
    """A point where a program has two Jacobians: those of the pieces that two sequences of directions enter there."""

    point: Vector
    directions: tuple[tuple[Vector, ...], tuple[Vector, ...]]


def bend(whole: Homogeneous, start: Vector, entered: Vector, end: Vector) -> Bend:
    """A bend on the segment from ``start`` to ``end``, the ends included.

    F(end) is not what the map of the piece that ``start`` enters along ``entered`` gives there.  Either another piece
    begins at ``start`` on the way to ``end``, or F bends between: then the lines of the first piece behind the near end
    and of the last one before the far end differ, and so do those at one half of the segment, where the point at which
    these lines meet (else the middle) divides it.  With one bend in it the lines meet there.
    """
    step = tuple([far - near for near, far in zip(start, end, strict=True)])
    back = tuple([-entry for entry in step])
    if whole.piece(start, step).affine != whole.piece(start, entered).affine:
        return Bend(start, ((entered,), (step,)))

    def at(place: Fraction) -> Vector:
        return tuple([near + place * more for near, more in zip(start, step, strict=True)])

    def line(place: Fraction, along: Vector) -> tuple[Vector, Vector]:
        found = whole.piece(at(place), along).affine
        return found(start), found(end)

    low, high = Fraction(0), Fraction(1)
    first, last = line(low, step), line(high, back)
    while True:
        place = _meeting(first, last, low, high)
        before, behind = line(place, back), line(place, step)
        if before != behind:
            return Bend(at(place), ((back,), (step,)))
        if first != before:
            high, last = place, before
        else:
            low, first = place, behind


def _meeting(first: tuple[Vector, Vector], last: tuple[Vector, Vector], low: Fraction, high: Fraction) -> Fraction:
    """Where two lines, given by their values at 0 and at 1, meet between ``low`` and ``high``; else the middle."""
    for near, far, other_near, other_far in zip(*first, *last, strict=True):
        rise = (far - near) - (other_far - other_near)
        if rise and low < (other_near - near) / rise < high:
            return (other_near - near) / rise
    return (low + high) / 2
