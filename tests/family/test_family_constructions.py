"""What each family beside k-SAT promises about its construction, by exact evaluation."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import oracle

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.lattice import Rewriter, Term, join, random_term
from subgrad_hardness.family.maxcut import maximum_cut, random_graph
from subgrad_hardness.family.thincone import witness
from subgrad_hardness.family.zonotope import least_scale, normals, support
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import GraphForm, LayeredForm
from subgrad_hardness.net.program import Program


def facts(program: Program) -> dict[str, Any]:
    assert program.provenance is not None
    return dict(program.provenance)


def derivative(program: Program, direction: Sequence[int]) -> list[Fraction]:
    return list(localise(program).net.derivative(direction))


def label(case: Any) -> str:
    return case if isinstance(case, str) else ",".join(f"{name}={item}" for name, item in case.items())


@pytest.mark.parametrize("real", [False, True])
def test_copies_vanish_everywhere(real: bool) -> None:
    program = generate("copies", widths="5-8-7-2", real=real, seed=3)
    stream = Stream(0, "directions")
    for _ in range(20):
        assert derivative(program, stream.direction(5, 100)) == [0, 0]
    form = program.form
    assert isinstance(form, LayeredForm)
    assert [len(layer.rows) for layer in form.layers] == [16, 14, 2]
    assert all(max(row.arguments) < 8 for row in form.layers[1].rows[:7])
    assert all(min(row.arguments) >= 8 for row in form.layers[1].rows[7:])
    drawn = weights(program).values()
    if real:
        assert all(Fraction(float(weight)) == weight for weight in drawn)
    else:
        assert any(weight.denominator > 1 for weight in drawn)


@pytest.mark.parametrize(
    ("family", "parameters"),
    [("copies", {"widths": "3-5-4-1"}), ("copies", {"widths": "3-5-4-1", "real": True}), ("lattice", {"depth": 3})],
    ids=label,
)
def test_moved_nets_are_distinct_where_their_directions_say_so(family: str, parameters: dict[str, Any]) -> None:
    seen = set()
    for seed in range(20):
        program = generate(family, **parameters, seed=seed, moved=True)
        seen.add(facts(program)["verdict"])
        if facts(program)["verdict"] == "distinct":
            one, other = facts(program)["directions"]
            both = [x + y for x, y in zip(one, other, strict=True)]
            assert derivative(program, one)[0] + derivative(program, other)[0] != derivative(program, both)[0]
        else:
            assert facts(program)["known_by"] is None
    assert "distinct" in seen


def test_moved_copies_differ_in_one_weight() -> None:
    for real in (False, True):
        plain, moved = (weights(generate("copies", widths="3-4-2", real=real, moved=moved)) for moved in (False, True))
        places = sorted(plain.keys() | moved.keys())
        changes = [abs(moved.get(place, Fraction(0)) - plain.get(place, Fraction(0))) for place in places]
        (change,) = filter(None, changes)
        assert change <= Fraction(1, 2**40 if real else 2**20)


def weights(program: Program) -> dict[tuple[int, int, int], Fraction]:
    """The nonzero weights by layer, row and column."""
    assert isinstance(program.form, LayeredForm)
    return {
        (number, index, column): weight
        for number, layer in enumerate(program.form.layers)
        for index, row in enumerate(layer.rows)
        for column, weight in zip(row.arguments, row.rationals(), strict=True)
    }


def meaning(term: Term, forms: list[int]) -> int:
    if isinstance(term, int):
        return forms[term]
    return (max if term.maximum else min)(meaning(term.left, forms), meaning(term.right, forms))


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_rewriting_keeps_the_meaning_and_the_bound(depth: int, forms: int, seed: int) -> None:
    stream = Stream(seed, "test terms")
    term = random_term(depth, forms, stream)
    rewriter, copy = Rewriter(stream, 2 * 2**depth), term
    for _ in range(4):
        copy = rewriter.once(copy)
        values = [stream.integer(-9, 9) for _ in range(forms)]
        assert meaning(copy, values) == meaning(term, values)
    assert not isinstance(copy, int)
    assert copy.leaves == 3 * 2**depth - rewriter.room
    assert rewriter.room >= 0


def test_the_identities() -> None:
    """From max(l0, min(l1, l2)): both orders, untouched, and distributed where there is room for it."""
    term = join(True, 0, join(False, 1, 2))
    results = {Rewriter(Stream(seed, "identities"), room).once(term) for seed in range(60) for room in (0, 1)}
    assert join(False, join(True, 0, 1), join(True, 0, 2)) in results
    assert term in results
    assert join(True, join(False, 1, 2), 0) in results
    assert all(Rewriter(Stream(seed, "identities"), 0).once(term).leaves == 3 for seed in range(20))  # type: ignore[union-attr]
    chain = join(True, 0, join(True, 1, 2))
    assert join(True, join(True, 0, 1), 2) in {Rewriter(Stream(seed, "chain"), 9).once(chain) for seed in range(60)}


def test_the_lattice_net_is_a_graph_of_binary_joins() -> None:
    for seed in range(5):
        program = generate("lattice", depth=5, inputs=3, forms=6, seed=seed)
        assert isinstance(program.form, GraphForm)
        joins = [node for node in program.form.nodes if node.operation in ("max", "min")]
        assert all(len(node.arguments) == 2 for node in joins)
        assert 31 + 32 < len(joins) <= 31 + 95
        stream = Stream(seed, "points")
        assert all(derivative(program, stream.direction(3, 50)) == [0] for _ in range(20))


def test_maximum_cut_against_brute_force() -> None:
    for seed in range(60):
        n = 1 + seed % 7
        edges = random_graph(n, seed)

        def size(cut: tuple[bool, ...], edges: tuple[tuple[int, int], ...] = edges) -> int:
            return sum(cut[u] != cut[v] for u, v in edges)

        assert size(maximum_cut(n, edges)) == max(map(size, product((False, True), repeat=n)))


def test_maxcut_thresholds() -> None:
    below, above = (generate("maxcut", vertices=9, offset=offset, seed=2) for offset in (0, 1))
    assert (facts(below)["verdict"], facts(above)["verdict"]) == ("distinct", "unique")
    assert facts(above)["source"]["k"] == facts(below)["source"]["k"] + 1
    cut = [1 if vertex in facts(below)["cut"] else -1 for vertex in range(9)]
    assert derivative(below, cut)[0] > 0
    assert derivative(above, cut)[0] == 0
    assert facts(generate("maxcut", vertices=30, k=150))["verdict"] in ("distinct", None)
    assert facts(generate("maxcut", vertices=30, k=436))["verdict"] == "unique"
    edges = random_graph(60, 0)
    assert abs(len(edges) - 885) < 100  # 60 * 59 / 4, standard deviation 21


@given(st.integers(1, 4), st.integers(0, 10**6))
def test_normals_are_orthogonal_to_their_vectors(size: int, seed: int) -> None:
    stream = Stream(seed, "test vectors")
    vectors = [stream.direction(size, 2) for _ in range(size + 2)]
    for normal in normals(vectors):
        assert math.gcd(*normal) == 1
        flat = [vector for vector in vectors if not oracle.dot(vector, normal)]
        assert len(flat) >= size - 1


def test_least_scale_is_least() -> None:
    """Against a fine sampling, and at the corners of planar zonotopes, where it is easy."""
    square = [(1, 0), (0, 1)]
    assert least_scale([(3, 2)], square) == (3, (1, 0))
    assert least_scale([(1, 1), (1, -1)], square)[0] == 2
    assert least_scale(square, [(1, 1), (1, -1)])[0] == 1
    stream = Stream(5, "zonotopes")
    for seed in range(10):
        facts_of, program = {}, {}
        for outside in (False, True):
            parameters: dict[str, Any] = {
                "inputs": 3,
                "inner": 4,
                "outer": 5,
                "construction": "scaled",
                "grain": 1000,
                "seed": seed,
            }
            program[outside] = generate("zonotope", **parameters, outside=outside)
            facts_of[outside] = facts(program[outside])
        assert derivative(program[True], facts_of[True]["direction"])[0] > 0
        for _ in range(30):
            assert derivative(program[False], stream.direction(3, 20)) == [0]
        assert derivative(program[False], facts_of[True]["direction"]) == [0]


def test_combinations_lie_inside() -> None:
    stream = Stream(6, "zonotopes")
    for seed in range(10):
        program = generate("zonotope", inputs=4, inner=5, outer=6, seed=seed)
        assert isinstance(program.form, LayeredForm)
        rows = program.form.layers[0].rows
        vectors = []
        for row in rows[::2]:
            entries = dict(zip(row.arguments, row.coefficients, strict=True))
            vectors.append(tuple(entries.get(index, 0) for index in range(4)))
        for _ in range(20):
            direction = stream.direction(4, 30)
            assert support(vectors[:5], direction) <= support(vectors[5:], direction)
            assert derivative(program, direction) == [0]


@given(st.integers(1, 6), st.sampled_from([1, 2, 3, 1000, 10**30]))
def test_thin_cones(levels: int, k: int) -> None:
    direction = witness(levels, k)
    assert derivative(generate("thincone", levels=levels, k=k), direction)[0] > 0
    assert derivative(generate("thincone", levels=levels, k=k, shut=True), direction) == [0]
    edge = tuple((k - 1) ** (levels - index) for index in range(levels + 1))  # all lower forms and shut are 0
    assert derivative(generate("thincone", levels=levels, k=k, shut=True), edge) == [0]


def test_dense_weights() -> None:
    program = generate("dense", widths=(40, 30, 20, 1), seed=4)
    assert isinstance(program.form, LayeredForm)
    assert [layer.activation for layer in program.form.layers] == ["relu", "relu", "identity"]
    for layer in program.form.layers:
        weights = [weight for row in layer.rows for weight in row.rationals()]
        assert all(Fraction(float(weight)) == weight for weight in weights)
        assert max(map(abs, weights)) <= math.sqrt(6 / layer.columns)
    first = [float(weight) for row in program.form.layers[0].rows for weight in row.rationals()]
    assert abs(sum(weight**2 for weight in first) / len(first) - 2 / 40) < 0.005
    integers = generate("dense", widths="9-9-9", integers=True)
    assert isinstance(integers.form, LayeredForm)
    drawn = {weight for layer in integers.form.layers for row in layer.rows for weight in row.rationals()}
    assert drawn == {Fraction(weight) for weight in range(-9, 10) if weight}
