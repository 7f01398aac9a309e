"""Small fans: rays, facets that hold and are tight, and their proofs at every place, turned or not."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from itertools import product
from math import gcd
from operator import mul

from hypothesis import given, settings
from hypothesis import strategies as st
from support.lemmas import check_lemmas

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.sums.facet_proofs import leaves, lemmas
from subgrad_hardness.engine.sums.fans import Place, Shape, hull, placed, places, rays
from subgrad_hardness.linear.double_description import Vector
from subgrad_hardness.normal_form.linear_form import Form, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Literal

#: x_i, x_i + x_j, x_i - x_j for three inputs: the fan of maximum cut.
CUTS: Shape = tuple(
    sorted([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1)])
)


def values(shape: Shape, point: Vector) -> Vector:
    return (*point, *[max(sum(map(mul, line, point)), 0) for line in shape])


def test_the_fan_of_cuts() -> None:
    """Its rays are the vectors of -1, 0 and 1, and 83 facets of its 101 are no generators."""
    assert rays(CUTS) == sorted(set(product((-1, 0, 1), repeat=3)) - {(0, 0, 0)})
    facets = hull(CUTS, Limits())
    assert len(facets) == 83
    for facet in facets:
        tight = [ray for ray in rays(CUTS) if not sum(map(mul, facet, values(CUTS, ray)))]
        assert len(tight) >= 11, "a hyperplane in twelve dimensions"


def test_two_lines_that_leave_a_direction_open() -> None:
    """relu(x + y), relu(x + 2 y + z) and their rays in three inputs."""
    shape: Shape = ((1, 1, 0), (1, 2, 1))
    found = rays(shape)
    for point in product((-2, -1, 0, 1, 2), repeat=3):
        inside = [ray for ray in found if all(_same_side(line, ray, point) for line in shape)]
        assert inside or not any(point)


def _same_side(line: Vector, ray: Vector, point: Vector) -> bool:
    return bool(sum(map(mul, line, ray)) * sum(map(mul, line, point)) >= 0)


def shapes() -> st.SearchStrategy[Shape]:
    def shape(vectors: list[Vector]) -> Shape:
        lines = set()
        for vector in vectors:
            if any(vector):
                content = gcd(*vector) * (1 if next(filter(None, vector)) > 0 else -1)
                lines.add(tuple([entry // content for entry in vector]))
        return tuple(sorted(lines))

    entry = st.integers(-2, 2)
    return (
        st.integers(1, 3).flatmap(lambda size: st.lists(st.tuples(*[entry] * size), min_size=1, max_size=5)).map(shape)
    )


@settings(max_examples=60, deadline=None)
@given(
    shapes().filter(bool), st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=4, max_size=8), st.integers(0, 31)
)
def test_facets_hold_and_are_proved(shape: Shape, points: list[Vector], turned: int) -> None:
    """At random points, and by lemmas that the verifier accepts, with some atoms the other way round."""
    size = len(shape[0])
    facets = hull(shape, Limits())
    atoms: list[Form] = []
    for number, line in enumerate(shape):
        sign = -1 if turned >> number & 1 else 1
        atoms.append({index + 1: sign * entry for index, entry in enumerate(line) if entry})
    normal = NormalForm(size + 1, tuple(atoms), ())
    place = Place(tuple(range(1, size + 1)), tuple(range(len(atoms))))
    for facet in facets:
        form = dict(placed(normal, shape, place, facet))
        content = gcd(*form.values())
        assert all(sum(map(mul, facet, values(shape, point[:size]))) <= 0 for point in points)
        assert all(normal.value(form, (1, *point[:size])) <= 0 for point in points)
        key = key_of(form)
        cases = list(lemmas(normal, place, key, content, leaves(shape, facet, Limits())))
        check_lemmas(normal, cases)
        assert all(Literal(key, False) in case.clause for case in cases)


def test_places() -> None:
    """Triples of inputs that are all joined, then pairs and what is left; atoms over more inputs are not looked at."""
    edges = [(0, 1), (1, 2), (0, 2), (2, 3)]
    atoms: list[Form] = [{i: 1, j: -1} for i, j in edges] + [{0: 1}, {3: -1}, {0: 1, 1: 1, 2: 1, 3: 1}]
    found = places(NormalForm(5, tuple(atoms), ()), range(len(atoms)))
    by_inputs = {place.inputs: set(place.atoms) for where in found.values() for place in where}
    assert by_inputs == {(0, 1, 2): {0, 1, 2, 4}, (2, 3): {3, 5}}
