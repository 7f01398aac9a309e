"""Vertices of a convex hull in the plane: Andrew's monotone chain (1979), exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Point = tuple[Fraction, ...]


def planar_vertices(points: Sequence[Point]) -> list[Point]:
    """The vertices, counterclockwise from the lexicographically smallest one; points may repeat."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1]]


def in_polygon(point: Point, corners: Sequence[Point]) -> bool:
    """Whether a point lies in the hull of vertices in the order of ``planar_vertices``: a fan of triangles, halved."""
    if len(corners) < 3:
        first, last = corners[0], corners[-1]
        return not _turn(first, last, point) and min(first, last) <= point <= max(first, last)
    first, low, high = corners[0], 1, len(corners) - 1
    if _turn(first, corners[low], point) < 0 or _turn(first, corners[high], point) > 0:
        return False
    while high - low > 1:
        middle = (low + high) // 2
        if _turn(first, corners[middle], point) >= 0:
            low = middle
        else:
            high = middle
    return _turn(corners[low], corners[high], point) >= 0


def _chain(points: Sequence[Point]) -> list[Point]:
    """One side of the hull."""
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(first: Point, second: Point, third: Point) -> Fraction:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])
