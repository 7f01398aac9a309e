"""The exact geometry of Clarke subdifferentials, against the known figures of named nets and against definitions."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product

import pytest
from support.fixture_nets import FIXTURES, fixture

from subgrad_hardness.api.subdifferential import subdifferential
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.derivative.counting import count_cells
from subgrad_hardness.local.localise import localise
from subgrad_hardness.subdifferentials import vertices as vertices_module
from subgrad_hardness.subdifferentials.polytope import Polytope
from subgrad_hardness.subdifferentials.vertex_filter import settled
from subgrad_hardness.subdifferentials.vertices import vertices

F = Fraction
HALF, THIRD = F(1, 2), F(1, 3)

#: Name -> Jacobians, vertices, facets (of a segment: its ends), dimension, volume (None: not known), shortest.
KNOWN = {
    "relu": (2, 2, 2, 1, 1, (0,)),
    "abs sum": (4, 4, 4, 2, 4, (0, 0)),
    "max(x,y,0)": (3, 3, 3, 2, HALF, (0, 0)),
    "relu x - relu y": (4, 4, 4, 2, 1, (0, 0)),
    "max(-y,min(0,-x))": (3, 3, 3, 2, HALF, (0, 0)),
    "relu x-relu -x": (1, 1, 0, 0, 1, (1,)),
    "hardsigmoid pair": (1, 1, 0, 0, 1, (F(1, 6),)),
    "clamp(x,0,0)": (1, 1, 0, 0, 1, (0,)),
    "clamp(l,x,u) at l=x<u": (2, 2, 2, 1, None, (HALF, HALF, 0)),
    "median3": (3, 3, 3, 2, HALF, (THIRD, THIRD, THIRD)),
    "l1 3": (8, 8, 6, 3, 8, (0, 0, 0)),
    "max of 4": (4, 4, 4, 3, F(1, 6), (F(1, 4),) * 4),
    "top2 of 4": (6, 6, 8, 3, F(4, 6), (HALF,) * 4),
    "permutahedron 3": (6, 6, 6, 2, 3, (0, 0, 0)),
    "permutahedron 4": (24, 24, 14, 3, 16, (0,) * 4),
    "resonance 4": (370, 370, 90, 4, 1050, (0,) * 4),
    "threshold 3": (104, 104, 40, 4, 60, (0,) * 4),
    "relu x+relu y-relu(x+y)": (5, 4, 4, 2, 2, (0, 0)),
    "four spikes (0 inside)": (9, 8, 8, 2, 14, (0, 0)),
    "|x|-|y|": (4, 4, 4, 2, 4, (0, 0)),
    "-|x|": (2, 2, 2, 1, 2, (0,)),
    "|x|+2y": (2, 2, 2, 1, 2, (0, 2)),
    "max(2x+y,x+3y,-x+y)": (3, 3, 3, 2, 3, (0, 1)),
    "vector (relu x, relu -x)": (2, 2, 2, 1, 1, (HALF, -HALF)),
    "vector (|x|,|x|) ": (2, 2, 2, 1, 2, (0, 0)),
    "vector (|x|,|y|)": (4, 4, 4, 2, 4, (0, 0, 0, 0)),
    "saddle min(max)": (4, 4, 4, 2, 2, (0, 0)),
    "relu(|x|-|y|)": (5, 4, 4, 2, 4, (0, 0)),
    "thin cone": (4, 4, 4, 2, None, (0, 0)),
    "mae at [0, 0]": (6, 4, 4, 2, None, (0, 0)),
    "mae at ['1/2', '1/2']": (4, 4, 4, 2, None, (F(1, 6), F(1, 6))),
    "hinge at [1, 0]": (4, 4, 4, 2, None, (0, 0)),
    "hinge at ['1/2', '1/2']": (2, 2, 2, 1, None, (-THIRD, THIRD)),
    "corner pixel": (4, 4, 4, 2, 1, (2, 0)),
    "norm inf 3": (6, 6, 8, 3, F(4, 3), (0, 0, 0)),
    "zonotope of 5 forms": (22, 22, 20, 3, 95, (0, 0, 0)),
    "type B3": (48, 48, 26, 3, 696, (0, 0, 0)),
    "Khan-Barton": (3, 3, 3, 2, F(3, 2), (0, 0)),
}

#: Name -> activation cells, where there are more of these than Jacobians, and where known nets have them.
CELLS = {
    "norm inf 3": 32,
    "zonotope of 5 forms": 22,
    "type B3": 48,
    "Khan-Barton": 4,
    "median3": 6,
    "max of 4": 8,
    "top2 of 4": 24,
    "relu(|x|-|y|)": 8,
    "four spikes (0 inside)": 12,
    "2-8-8-1": 23,
    "3-8-8-1": 261,
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_polytopes(name: str) -> None:
    whole = subdifferential(fixture(name))
    members, body = whole.members(), whole.polytope()
    jacobians, vertices, facets, dimension, volume, shortest = KNOWN[name]
    assert len(members) == jacobians
    assert (len(body.vertices), len(body.facets()), body.dimension) == (vertices, facets, dimension)
    assert volume is None or body.volume() == volume
    assert body.nearest([0] * len(shortest)).point == shortest


@pytest.mark.parametrize("name", CELLS)
def test_known_numbers_of_cells(name: str) -> None:
    assert count_cells(localise(fixture(name)).net) == CELLS[name]


def test_zonotopes_have_the_volume_of_their_forms() -> None:
    """The sum of |det| over all triples of forms; a sum of absolute values has segments twice as long."""
    for name, sides in (("zonotope of 5 forms", 1), ("type B3", 2)):
        forms = FIXTURES[name]["layers"][0]["weight"]
        expected = sum(abs(_determinant(triple)) for triple in combinations(forms, 3))
        assert KNOWN[name][4] == sides**3 * expected


def _determinant(rows: tuple[list[int], ...]) -> int:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def test_euclidean_volumes_within_the_affine_hull() -> None:
    simplex = Polytope([(1, 0, 0), (0, 1, 0), (0, 0, 1)], NO_LIMITS)
    assert [simplex.volume(), simplex.squared_volume()] == [HALF, F(3, 4)]  # side sqrt 2: the area is sqrt 3 / 2
    assert simplex.equations[0].value == sum(simplex.equations[0].normal[:1])
    diagonal = Polytope([(0, 0), (3, 6), (1, 2)], NO_LIMITS)
    assert [len(diagonal.vertices), diagonal.squared_volume()] == [2, 45]
    assert Polytope([(5, 7)], NO_LIMITS).squared_volume() == 1


def test_hypercubes_and_crosspolytopes() -> None:
    cube = Polytope(list(product((0, HALF, 1), repeat=4)), NO_LIMITS)
    assert [len(cube.vertices), len(cube.facets()), cube.volume()] == [16, 8, 1]
    cross = Polytope([tuple(s * (k == c) for k in range(4)) for c in range(4) for s in (-1, 1)], NO_LIMITS)
    assert (len(cross.vertices), len(cross.facets()), cross.volume()) == (8, 16, F(16, 24))


@pytest.mark.parametrize("kind", ["ball", "grid", "stretched", "huge"])
def test_vertices_of_many_points(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With floating point and without, the same; points on faces, long thin sets, integers beyond binary64."""
    draw = random.Random(kind)
    points = set[tuple[int, ...]]()
    while len(points) < 130:
        x, y, z = (draw.randint(-4, 4) for _ in range(3))
        points.add(
            {
                "ball": (x * 25 + y, y * 25 + z, z * 25 - x),
                "grid": (x, y, z),
                "stretched": (10**12 * x + y, 10**12 * x - y, 10**12 * x + z),
                "huge": (10**400 * x + y, 10**390 * y + z, z),
            }[kind]
        )
    ordered = sorted(points)
    found = settled(ordered, NO_LIMITS)
    expected = set(vertices(ordered, NO_LIMITS))
    assert found.vertices <= expected and not found.others & expected
    assert kind == "huge" or len(found.vertices) + len(found.others) > 0.6 * len(points)
    monkeypatch.setattr(vertices_module, "_MANY", 1)
    assert set(vertices(ordered, NO_LIMITS)) == expected


def test_random_polytopes_by_their_definitions() -> None:
    """Every facet's inequality holds everywhere and is tight on a set of dimension d - 1; the facets together say where
    the polytope is; nearest points satisfy the optimality condition; combinations give them."""
    draw = random.Random(5)
    for _ in range(60):
        size = draw.randint(1, 4)
        points = [tuple(F(draw.randint(-3, 3), draw.choice((1, 2))) for _ in range(size)) for _ in range(9)]
        body = Polytope(points, NO_LIMITS)
        assert set(body.vertices) <= set(points)
        for facet in body.facets():
            values = [sum(map(F.__mul__, map(F, facet.normal), point)) for point in points]
            assert max(values) == facet.bound
            assert Polytope([body.vertices[k] for k in facet.vertices], NO_LIMITS).dimension == body.dimension - 1
        for equation in body.equations:
            assert {sum(map(F.__mul__, map(F, equation.normal), point)) for point in points} == {equation.value}
        for _ in range(4):
            x = tuple(F(draw.randint(-6, 6), 2) for _ in range(size))
            found = body.nearest(x)
            away = [a - b for a, b in zip(x, found.point, strict=True)]
            level = sum(map(F.__mul__, away, found.point))
            assert max(sum(map(F.__mul__, away, point)) for point in points) == level
            assert sum(found.weights) == 1 and min(found.weights) > 0 and len(found.weights) <= body.dimension + 1
            columns = zip(*(body.vertices[k] for k in found.places), strict=True)
            assert tuple(sum(map(F.__mul__, found.weights, column)) for column in columns) == found.point
            inside = all(sum(map(F.__mul__, map(F, f.normal), x)) <= f.bound for f in body.facets())
            on = all(sum(map(F.__mul__, map(F, e.normal), x)) == e.value for e in body.equations)
            assert body.contains(x) == (inside and on)


def test_every_vertex_is_one_and_nothing_else() -> None:
    """A point is a vertex iff it does not lie in the hull of the others."""
    draw = random.Random(7)
    for _ in range(25):
        points = list({tuple([F(draw.randint(-2, 2)) for _ in range(3)]) for _ in range(10)})
        body = Polytope(points, NO_LIMITS)
        for point in points:
            others = [other for other in points if other != point]
            lies = bool(others) and Polytope(others, NO_LIMITS).contains(point)
            assert (point in body.vertices) == (not lies)


def test_limits_are_kept() -> None:
    with pytest.raises(LimitReached):
        Polytope(list(product((0, 1), repeat=3)), Limits.seconds(0))
