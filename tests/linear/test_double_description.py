"""Facets of cones: known ones, and membership against the exact cone."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracle
from support.ranks import rank

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.linear.double_description import Vector, facets

ENOUGH = 10_000


def holds(generators: list[Vector], vector: Vector) -> bool:
    """Whether the vector is a nonnegative combination of the generators (Farkas)."""
    cone = StrictCone(len(vector))
    rows = [cone.add(vector), *(cone.add([-entry for entry in generator], strict=False) for generator in generators)]
    return isinstance(cone.solve(rows), Infeasible)


def test_the_orthant() -> None:
    units = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert facets(units, ENOUGH, Limits()) == [(-1, 0, 0), (0, -1, 0), (0, 0, -1)]


def test_the_whole_space_has_none() -> None:
    assert facets([(1, 0), (-1, 1), (0, -1)], ENOUGH, Limits()) == []


def test_the_cut_cone_on_four_points_is_triangle_inequalities() -> None:
    """Its facets are the twelve triangle inequalities (Deza and Laurent, Geometry of cuts and metrics, 1997)."""
    pairs = list(combinations(range(4), 2))
    cuts = [tuple([int(side[i] != side[j]) for i, j in pairs]) for side in product((0, 1), repeat=4) if any(side)]
    found = facets(cuts[:7], ENOUGH, Limits())
    assert found is not None
    assert len(found) == 12
    assert {tuple(sorted(facet)) for facet in found} == {(-1, -1, 0, 0, 0, 1)}


def test_too_many_are_none_and_limits_are_kept() -> None:
    cuts = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, -1), (1, -1, 1)]
    assert facets(cuts, 1, Limits()) is None
    with pytest.raises(LimitReached):
        facets(cuts, ENOUGH, Limits.seconds(-1))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda size: st.lists(st.tuples(*[st.integers(-3, 3)] * size), min_size=size + 1, max_size=9)
    )
)
def test_facets_say_who_is_in(vectors: list[Vector]) -> None:
    """The last vector is in the cone of the others iff no facet is violated; facets are tight on a hyperplane."""
    *generators, vector = vectors
    if rank(generators) < len(vector):
        return
    found = facets(generators, ENOUGH, Limits())
    assert found is not None and len(set(found)) == len(found)
    assert holds(generators, vector) == all(oracle.dot(facet, vector) <= 0 for facet in found)
    for facet in found:
        assert all(oracle.dot(facet, generator) <= 0 for generator in generators)
        assert rank([generator for generator in generators if not oracle.dot(facet, generator)]) == len(vector) - 1
