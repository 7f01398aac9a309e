"""The nearest point of a hull: the optimality conditions, which are the proof, and what the weights say."""

from __future__ import annotations

from fractions import Fraction

import pytest

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.subdifferentials.nearest import Hull, nearest_point


@pytest.mark.parametrize("seed", range(120))
def test_optimality(seed: int) -> None:
    stream = Stream(seed, "nearest")
    size, count = stream.integer(1, 6), stream.integer(1, 18)
    points = [[Fraction(stream.integer(-4, 4), stream.integer(1, 3)) for _ in range(size)] for _ in range(count)]
    if seed % 3 == 0:  # flat, with points that stand twice
        points = [[*point[:1], *[Fraction(1)] * (size - 1)] for point in points] + points[:1]
    target = [Fraction(stream.integer(-6, 6), 2) for _ in range(size)]
    found = nearest_point(target, points)
    assert sum(found.weights.values()) == 1
    assert min(found.weights.values()) > 0
    assert len(found.weights) <= size + 1
    for index in range(size):
        combined = sum(weight * points[number][index] for number, weight in found.weights.items())
        assert found.point[index] == combined == target[index] + found.offset[index]
    for point in points:
        assert sum(x * (p - q) for x, p, q in zip(found.offset, point, found.point, strict=True)) >= 0
    assert found.squared_distance == sum(entry * entry for entry in found.offset)


def test_points_may_come_later() -> None:
    hull = Hull([Fraction(0), Fraction(0)])
    hull.add([Fraction(3), Fraction(1, 7)])
    assert list(hull.nearest().point) == [3, Fraction(1, 7)]
    hull.add([Fraction(-3), Fraction(1, 7)])
    assert list(hull.nearest().point) == [0, Fraction(1, 7)]
    hull.add([Fraction(0), Fraction(-1, 3)])
    assert not any(hull.nearest().offset)
