"""The nearest point of a polytope: its conditions of optimality, exactly, degenerate cases included."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from subgrad_hardness.subdifferentials.nearest import Point, nearest


def assert_nearest(points: list[Point]) -> tuple[Fraction, ...]:
    found = nearest(points)
    size = len(points[0])
    assert sum(found.weights) == 1 and min(found.weights) > 0 and len(found.weights) <= size + 1
    point = tuple(
        [
            sum((w * points[place][index] for w, place in zip(found.weights, found.places, strict=True)), Fraction(0))
            for index in range(size)
        ]
    )
    assert point == tuple([Fraction(entry, found.denominator) for entry in found.point])
    squared = sum(entry * entry for entry in point)
    assert all(sum(x * y for x, y in zip(point, other, strict=True)) >= squared for other in points)
    return point


@pytest.mark.parametrize("seed", range(60))
def test_random_points(seed: int) -> None:
    source = random.Random(seed)
    size, count, big = source.randint(1, 7), source.randint(1, 25), source.choice([1, 2, 9, 10**6, 10**40])
    away = source.choice([0, big // 2, big, 3 * big])
    points = [tuple([source.randint(-big, big) + away for _ in range(size)]) for _ in range(count)]
    assert_nearest(points + points[:2])


def test_what_floats_cannot_tell() -> None:
    """The origin is inside by one part in 10^30, or outside."""
    tiny = 10**30
    inside = [(tiny, 1), (-tiny, 1), (0, -1)]
    assert assert_nearest(inside) == (0, 0)
    outside = [(tiny, 1), (-tiny, 1), (0, 2)]
    assert assert_nearest(outside) == (0, 1)
    assert any(assert_nearest([(10**400, 10**400 + 1), (-(10**400), -(10**400))]))


def test_degenerate_points() -> None:
    assert assert_nearest([(0, 0, 0)]) == (0, 0, 0)
    assert assert_nearest([(3, 4)]) == (3, 4)
    assert assert_nearest([(1, 0), (1, 1), (1, 2), (1, -5)]) == (1, 0)
