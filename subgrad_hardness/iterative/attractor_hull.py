"""The hull of J_pb: the convex compact P with P = conv of the A_v P + B_v, as far as finitely many points can say it.

All points on the way are members of J_pb, with words, so that their hull P lies in conv J_pb.  Where T(P) lies in P,
P is conv J_pb.  Where it does not, images outside P join; and a word that begins with a repetition is also taken to its
end, because vertices are mostly limits that no finite number of images reaches.  P need not become a polytope ever:
then a norm in which the maps contract bounds what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from math import dist
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.iterative.contraction_of_products import Contraction
from subgrad_hardness.iterative.doubles import as_double
from subgrad_hardness.iterative.planar_hull import in_polygon, planar_vertices
from subgrad_hardness.iterative.resolvent import act, columns_of, flat, shaped
from subgrad_hardness.iterative.words import Letters, Word
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.subdifferentials.nearest import nearest_point
from subgrad_hardness.subdifferentials.vertices import vertices

Point = tuple[Fraction, ...]

# Numbers with more bits than this are not taken further: the steps before have said what can be said.
_MOST_BITS = 4000
# A gap of this size ends the search.
_SMALL_GAP = Fraction(1, 10**9)


class AttractorHull(NamedTuple):
    """What is known of conv J_pb.

    Attributes
    ----------
    words : of points of J_pb that are the vertices of P, by vertex (a flat p x m matrix).
    exact : whether T(P) is in P, and so P = conv J_pb.
    gap : otherwise conv J_pb lies within this of P in the norm of the contraction, column by column.
    """

    words: dict[Point, Word]
    exact: bool
    gap: Fraction


class _Growing:
    """The points of P, and what has been done with them."""

    def __init__(self, letters: Letters, limits: Limits) -> None:
        self.letters, self.limits = letters, limits
        self.width = len(letters.pairs[0].b[0])
        self.words: dict[Point, Word] = {}
        self.offered: set[Word] = set()

    def offer(self, words: Iterable[Word]) -> None:
        """The points of these words join; of what was offered before nothing happens."""
        for word in words:
            if word not in self.offered:
                self.limits.check()
                self.offered.add(word)
                value = self.letters.value(word)
                if value is not None:
                    self.words.setdefault(flat(value), word)

    def reduce(self) -> None:
        """To the vertices."""
        self.words = {point: self.words[point] for point in extreme(list(self.words), self.limits)}

    def images(self, point: Point) -> list[tuple[Word, Point]]:
        """Under all maps."""
        matrix, word = shaped(point, self.width), self.words[point]
        return [(word.preceded(number), flat(act(pair, matrix))) for number, pair in enumerate(self.letters.pairs)]


def attractor_hull(letters: Letters, contracting: Contraction, steps: int, limits: Limits = NO_LIMITS) -> AttractorHull:
    """By at most so many steps; a limit ends them, and what is known is returned with its gap.

    Raises LimitReached where not even the fixed points of the maps were computed.
    """
    growing = _Growing(letters, limits)
    growing.offer(_first_words(len(letters.pairs)))
    growing.reduce()
    done: set[Point] = set()
    try:
        for _ in range(steps):
            outside = _outside(growing, done)
            if not outside:
                return AttractorHull(growing.words, True, Fraction(0))
            if max(map(_bits, outside)) > _MOST_BITS or _near(growing, contracting, outside):
                return AttractorHull(growing.words, False, contracting.gap(_excess(growing, contracting, outside)))
            growing.words |= {point: word for point, word in outside.items() if point not in growing.words}
            growing.reduce()
            fresh = [word for point, word in growing.words.items() if point in outside]
            growing.offer([longer for word in fresh for longer in word.repeated()])
            growing.reduce()
    except LimitReached:
        with suppress(LimitReached):  # numbers and the plane need no limits: there ``_excess`` wants vertices in order
            growing.reduce()
    # Without limits, which may be over: images of all vertices that were not looked at to the end.
    left = [image for point in growing.words if point not in done for _, image in growing.images(point)]
    return AttractorHull(growing.words, False, contracting.gap(_excess(growing, contracting, left)))


def _near(growing: _Growing, contracting: Contraction, outside: Iterable[Point]) -> bool:
    """Whether a vertex of P is so near each of these that the gap is small."""
    to_vertex = _ToVertex(list(growing.words))
    return all(contracting.gap(_size(to_vertex(image), growing, contracting)) <= _SMALL_GAP for image in outside)


class _ToVertex:
    """The offset from one of the vertices, the nearest one as far as doubles can tell."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points
        self._rounded = [list(map(as_double, point)) for point in points]

    def __call__(self, image: Point) -> Point:
        target = list(map(as_double, image))
        near = min(range(len(self.points)), key=[dist(target, point) for point in self._rounded].__getitem__)
        return tuple([x - y for x, y in zip(image, self.points[near], strict=True)])


def _size(offset: Point, growing: _Growing, contracting: Contraction) -> Fraction:
    """In the norm: the greatest of its columns."""
    return max(map(contracting.size, columns_of(shaped(offset, growing.width))))


def _first_words(count: int) -> list[Word]:
    """All periods of one letter, and, of few letters, of two or three."""
    words = [Word((), (number,)) for number in range(count)]
    if count <= 8:
        words += [Word((), (i, j)) for i in range(count) for j in range(count) if i != j]
    return words


def _outside(growing: _Growing, done: set[Point]) -> dict[Point, Word]:
    """Images of vertices that were not looked at before and lie outside P; these vertices are done once they join P.

    Raises LimitReached, and then none of them is done: what was found outside is lost, and no gap would count it.
    """
    found: dict[Point, Word] = {}
    looked: list[Point] = []
    points = list(growing.words)  # vertices, in the plane in order
    planar = len(points[0]) == 2
    for point in points:
        if point in done:
            continue
        for word, image in growing.images(point):
            growing.limits.check()
            if image in growing.words or image in found:
                continue
            if not (in_polygon(image, points) if planar else inside(image, points, growing.limits)):
                found[image] = word
        looked.append(point)
    done.update(looked)  # what joins P now stays in it
    return found


def _excess(growing: _Growing, contracting: Contraction, images: Iterable[Point]) -> Fraction:
    """How far these images reach beyond P at most, in the norm: from its nearest points, or, once limits are over, from
    vertices."""
    points = list(growing.words)
    to_vertex = _ToVertex(points)
    excess = Fraction(0)
    for image in images:
        if image in growing.words or (len(image) == 2 and in_polygon(image, points)):
            continue
        try:
            offset = nearest_point(image, points, growing.limits).offset
        except LimitReached:
            offset = to_vertex(image)
        excess = max(excess, _size(offset, growing, contracting))
    return excess


def extreme(points: Sequence[Point], limits: Limits) -> list[Point]:
    """The vertices of the hull of different points."""
    if len(points[0]) == 1:
        return list(dict.fromkeys([min(points), max(points)]))
    if len(points[0]) == 2:
        return planar_vertices(points)
    numerators, _ = common_denominator([entry for point in points for entry in point])
    size = len(points[0])
    whole = [tuple(numerators[start : start + size]) for start in range(0, len(numerators), size)]
    return [points[number] for number in vertices(whole, limits)]


def inside(point: Point, points: Sequence[Point], limits: Limits = NO_LIMITS) -> bool:
    """Whether a point lies in the hull of some."""
    if len(point) == 1:
        return min(points) <= point <= max(points)
    if len(point) == 2:
        return in_polygon(point, planar_vertices(points))
    return not nearest_point(point, points, limits).squared_distance


def _bits(point: Point) -> int:
    return max([entry.numerator.bit_length() + entry.denominator.bit_length() for entry in point])
