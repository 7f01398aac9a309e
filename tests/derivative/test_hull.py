"""Convex hulls of Jacobians: is a gradient a Clarke subgradient?"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import small_nets
from support.paths import INSTANCES

import subgrad_hardness
from subgrad_hardness.derivative.hull import in_convex_hull

Point = tuple[int, int]
points = st.tuples(st.integers(-3, 3), st.integers(-3, 3))


def inside(point: Point, members: list[Point]) -> bool:
    """In the plane (Caratheodory): on a member, on a segment, or in a triangle of members."""

    def turn(a: Point, b: Point, c: Point) -> int:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    def between(a: Point, b: Point) -> bool:
        dot = (point[0] - a[0]) * (point[0] - b[0]) + (point[1] - a[1]) * (point[1] - b[1])
        return turn(a, b, point) == 0 and dot <= 0

    return (
        point in members
        or any(between(a, b) for a, b in combinations(members, 2))
        or any(
            turn(a, b, c) and abs(sum(map(int, signs))) == 3
            for a, b, c in combinations(members, 3)
            for signs in [[(t > 0) - (t < 0) for t in (turn(a, b, point), turn(b, c, point), turn(c, a, point))]]
        )
    )


@given(points, st.lists(points, min_size=1, max_size=6))
@settings(max_examples=250, deadline=None, derandomize=True)
def test_against_the_plane(point: Point, members: list[Point]) -> None:
    def matrix(entries: Point) -> tuple[tuple[Fraction, ...], ...]:
        return (tuple(Fraction(entry, 3) for entry in entries),)

    assert in_convex_hull(matrix(point), [matrix(member) for member in members]) == inside(point, members)


@pytest.mark.parametrize(
    ("instance", "clarke"),
    [
        ("abs", True),  # 0 in [-1, 1]
        ("backprop-outside", False),  # -1 outside [0, 1]
        ("backprop-zero", False),
        ("relu", True),
        ("relu-of-relu", True),
        ("sorting", False),  # both outputs from x: (x, x)
    ],
)
def test_the_gradient_of_known_nets(instance: str, clarke: bool) -> None:
    autodiff = subgrad_hardness.check(INSTANCES / f"{instance}.json").autodiff
    assert autodiff is not None
    assert autodiff.clarke is clarke


@pytest.mark.parametrize("number", range(0, small_nets.COUNT, 10))
def test_small_nets_against_all_pieces(number: int) -> None:
    autodiff = subgrad_hardness.check(small_nets.nets()[number]).autodiff
    assert autodiff is not None
    if autodiff.clarke is not None:
        assert autodiff.clarke == in_convex_hull(autodiff.gradient, small_nets.bouligand(number))
    else:
        assert len(small_nets.bouligand(number)) > 1
