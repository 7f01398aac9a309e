"""Small random contractions before the calls, beside brute force; scripts/campaigns/piggyback.py does many."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.iteration_oracle import derivative, fan, implicit_values, limit_jacobians, random_plain

import subgrad_hardness as sh
from subgrad_hardness.common.limits import NO_LIMITS
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.attractor_hull import inside
from subgrad_hardness.iterative.derivative_of_limit import DirectionalDerivatives
from subgrad_hardness.iterative.implicit import implicit_set_of
from subgrad_hardness.iterative.limit_pieces import limit_pieces
from subgrad_hardness.iterative.planar_hull import in_polygon, planar_vertices
from subgrad_hardness.subdifferentials.nearest import nearest_point


@pytest.mark.parametrize("number", range(12))
def test_kinks_and_implicit_values(number: int) -> None:
    plain = random_plain(Stream(number, "random contractions"), most_kinks=4)
    iteration, state = plain.program(), (Fraction(0),) * plain.states
    directions, listed = fan(plain), list(implicit_values(plain).values())
    real = limit_jacobians(plain, directions)
    found = sh.solution_kink(iteration, fixed_point=state)
    assert found.verdict == ("kink" if len(real) > 1 else "smooth")
    assert found.jacobian in real and found.certified
    assert set(limit_pieces(iteration, state, NO_LIMITS)) == real
    derivatives = DirectionalDerivatives(iteration, state)
    for direction in directions:
        assert derivatives.along(direction) == tuple(derivative(plain, listed, direction))
    implied = implicit_set_of(iteration, state, "autodiff", "group")
    hull = [tuple(entry for row in member for entry in row) for member in implied.members]
    assert implied.hull_exact
    assert all(
        inside(tuple(entry for row in value for entry in row), hull) for value in implicit_values(plain).values()
    )


def test_polygons() -> None:
    stream = Stream(3, "polygons")
    for _ in range(40):
        size = stream.integer(1, 7)
        points = [(Fraction(stream.integer(-3, 3)), Fraction(stream.integer(-3, 3))) for _ in range(size)]
        corners = planar_vertices(points)
        assert set(corners) <= set(points)
        for _ in range(8):
            point = (Fraction(stream.integer(-6, 6), 2), Fraction(stream.integer(-6, 6), 2))
            assert in_polygon(point, corners) is (nearest_point(point, points).squared_distance == 0)
