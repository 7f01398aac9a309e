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
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.iterative.contraction_of_products import Contraction
from subgrad_hardness.iterative.planar_hull import in_polygon, planar_vertices
from subgrad_hardness.iterative.resolvent import act, columns_of, flat, shaped
from subgrad_hardness.iterative.words import Letters, Word
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.subdifferentials.nearest import nearest_point
from subgrad_hardness.subdifferentials.vertices import vertices

Point = tuple[Fraction, ...]

# Numbers with more bits than this are not taken further: the steps before have said what can be said.
_MOST_BITS = 4000
# Weights of combinations have so many bits.
_WEIGHT_BITS = 60
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
    gap: Fraction | None = None
    try:
        for step in range(steps + 1):
            outside = _outside(growing, done)
            if not outside:
                return AttractorHull(growing.words, True, Fraction(0))
            # What is within this of P is so of any P that it grows to.
            gap = contracting.gap(max([_size(way, growing, contracting) for _, way in outside.values()]))
            if step == steps or gap <= _SMALL_GAP or max(map(_bits, outside)) > _MOST_BITS:
                break
            growing.words |= {point: word for point, (word, _) in outside.items()}
            growing.reduce()
            fresh = [word for point, word in growing.words.items() if point in outside]
            growing.offer([longer for word in fresh for longer in word.repeated()])
            growing.reduce()
    except LimitReached:
        with suppress(LimitReached):
            growing.reduce()
    if gap is None:  # from one point alone
        first = next(iter(growing.words))
        sizes = [_size(_offset(image, first), growing, contracting) for _, image in growing.images(first)]
        gap = contracting.gap(max(sizes))
    return AttractorHull(growing.words, False, gap)


def _offset(left: Point, right: Point) -> Point:
    return tuple([x - y for x, y in zip(left, right, strict=True)])


def _size(offset: Point, growing: _Growing, contracting: Contraction) -> Fraction:
    """In the norm: the greatest of its columns."""
    return max(map(contracting.size, columns_of(shaped(offset, growing.width))))


def _first_words(count: int) -> list[Word]:
    """All periods of one letter, and, of few letters, of two or three."""
    words = [Word((), (number,)) for number in range(count)]
    if count <= 8:
        words += [Word((), (i, j)) for i in range(count) for j in range(count) if i != j]
    return words


def _outside(growing: _Growing, done: set[Point]) -> dict[Point, tuple[Word, Point]]:
    """Images of vertices that were not looked at before, but for those that lie in P: their words, and the ways from
    them to points of P.  These vertices are done once the images join P.

    Raises LimitReached, and then none of them is done: what was found outside is lost, and no gap would count it.
    """
    points = list(growing.words)  # vertices, in the plane in order
    looked = [point for point in points if point not in done]
    images: dict[Point, Word] = {}
    for point in looked:
        growing.limits.check()
        for word, image in growing.images(point):
            if image not in growing.words:
                images.setdefault(image, word)
    ways = _ways(list(images), points, growing.limits)
    done.update(looked)  # what joins P now stays in it
    return {image: (word, way) for (image, word), way in zip(images.items(), ways, strict=True) if way is not None}


def _ways(images: Sequence[Point], points: Sequence[Point], limits: Limits) -> list[Point | None]:
    """From each image to a point of the hull that is near, exactly; None for an image in the hull, exactly.

    Floating point proposes which are in the hull, and the weights of the near points.  An image that it takes to be
    outside is not looked at again: it may join P all the same.
    """
    if not images:
        return []
    from subgrad_hardness.subdifferentials.vertex_filter import Cloud, nearest_rows

    whole, below = whole_points([*points, *images])
    cloud, count, low = Cloud(whole), len(points), len(points[0]) <= 2
    found: list[Point | None] = []
    for number, image in enumerate(images, start=count):
        limits.check()
        if low and _inside_of_few(image, points):
            found.append(None)
            continue
        away, around, weights = nearest_rows(cloud.white[:count], cloud.white[number])
        if not low and away is None and (cloud.surrounded(number, around) is not None or inside(image, points, limits)):
            found.append(None)
            continue
        parts = [max(round(float(weight) * 2**_WEIGHT_BITS), 0) for weight in weights]
        parts[0] += not any(parts)
        unit = Fraction(1, below * sum(parts))
        found.append(tuple([entry * unit for entry in cloud.combined(number, around, parts)]))
    return found


def _inside_of_few(point: Point, points: Sequence[Point]) -> bool:
    """On the line, or in the plane, where the points are vertices in order."""
    return min(points) <= point <= max(points) if len(point) == 1 else in_polygon(point, points)


def whole_points(points: Sequence[Point]) -> tuple[list[tuple[int, ...]], int]:
    """The points times a positive integer, and that integer."""
    numerators, below = common_denominator([entry for point in points for entry in point])
    size = len(points[0])
    return [tuple(numerators[start : start + size]) for start in range(0, len(numerators), size)], below


def extreme(points: Sequence[Point], limits: Limits) -> list[Point]:
    """The vertices of the hull of different points."""
    if len(points[0]) == 1:
        return list(dict.fromkeys([min(points), max(points)]))
    if len(points[0]) == 2:
        return planar_vertices(points)
    return [points[number] for number in vertices(whole_points(points)[0], limits)]


def inside(point: Point, points: Sequence[Point], limits: Limits = NO_LIMITS) -> bool:
    """Whether a point lies in the hull of some."""
    if len(point) == 1:
        return min(points) <= point <= max(points)
    if len(point) == 2:
        return in_polygon(point, planar_vertices(points))
    return not nearest_point(point, points, limits).squared_distance


def _bits(point: Point) -> int:
    return max([entry.numerator.bit_length() + entry.denominator.bit_length() for entry in point])
