"""Localisation: F'(x0; d), values, kinks and the nearest kink, against the oracle."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from fractions import Fraction
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracle, small_nets
from support.conformance import graph
from support.plain_autodiff import Tape
from support.strategies import mappings

from subgrad_hardness import directional_derivative, value
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.local import localise as localisation
from subgrad_hardness.local.local_net import Kink
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.reading import load
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.normal_form import NormalForm, normalise

#: Far below any distance that the numbers of ``small_nets`` can build up.
TINY = Fraction(1, 2**200)

ENTRIES = st.one_of(st.integers(-3, 3), st.fractions(-2, 2, max_denominator=5))


def localised(net: dict[str, Any]) -> Localisation:
    return localise(load(net))


def names(net: dict[str, Any], local: Localisation) -> list[str]:
    """The kinks by the user's names."""
    program = load(net)
    return [program.unit_name(unit) for unit in local.kink_units]


def check_against_plain_run(net: dict[str, Any]) -> None:
    """Value, kinks and nearest kink are those of a plain run of the rewritten program."""
    local, tape = localised(net), Tape(oracle.read(net))
    assert local.value == tape.value == value(net)
    assert sorted(names(net, local)) == sorted(tape.kinks)
    if tape.nearest is None:
        assert local.nearest is None
    else:
        assert local.nearest is not None
        assert local.nearest[0] == tape.nearest[0]
    assert len(local.net.kink_numbers) == len(local.net.kinks) <= len(local.kink_units)
    assert list(local.net.kink_numbers) == sorted(set(local.net.kink_numbers))


@given(st.integers(0, small_nets.COUNT - 1), st.data())
@settings(max_examples=125, deadline=None, derandomize=True)
def test_the_derivative_is_the_difference_quotient(number: int, data: st.DataObject) -> None:
    net = small_nets.nets()[number]
    read, local = oracle.read(net), localised(net).net
    direction = data.draw(st.lists(ENTRIES, min_size=local.inputs, max_size=local.inputs))
    start = oracle.value(read, read.point)
    found = local.derivative(direction)
    for step in (TINY, TINY / 2):
        moved = oracle.value(read, tuple(x + step * d for x, d in zip(read.point, direction, strict=True)))
        assert found == tuple((after - before) / step for after, before in zip(moved, start, strict=True))
    assert found == oracle.derivative(read, direction) == directional_derivative(net, direction)


@given(st.one_of(st.sampled_from(small_nets.nets()), mappings()))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_nodes_that_stay_as_they_are_say_the_same(net: dict[str, Any]) -> None:
    """Those that are taken over unlooked at are what the others would be."""
    program = load(net)
    at_once = localise(program)
    with mock.patch.object(localisation, "unchanged_nodes", return_value=[]):
        assert localise(program) == at_once


def test_at_the_origin_of_a_net_without_biases_all_nodes_stay() -> None:
    net = load({"inputs": 2, "layers": [{"weight": [[2, -3], [-1, 0]], "activation": "relu"}, {"weight": [[1, 5]]}]})
    nodes = net.tangent.nodes
    assert len(localisation.unchanged_nodes(net.tangent, [0] * (2 + len(nodes)), bytes([1]) * 7)) == len(nodes) == 5


@given(mappings(), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_program_localises_as_the_oracle_says(net: dict[str, Any], data: st.DataObject) -> None:
    """The whole dictionary with floats, rational strings, constants, repeated arguments."""
    check_against_plain_run(net)
    read, local = oracle.read(net), localised(net).net
    direction = data.draw(st.lists(ENTRIES, min_size=local.inputs, max_size=local.inputs))
    assert local.derivative(direction) == oracle.derivative(read, direction)


def test_kinks_of_the_small_nets() -> None:
    for net in small_nets.nets():
        check_against_plain_run(net)


@pytest.mark.parametrize(
    ("operation", "at", "kinks"),
    [
        ("relu", 0, 1),
        ("relu", 1, 0),
        ("abs", 0, 2),
        ("abs", -1, 0),
        ("leaky_relu", 0, 1),
        ("hardtanh", -1, 1),
        ("hardtanh", 1, 1),
        ("hardtanh", 0, 0),
        ("relu6", 0, 1),
        ("relu6", 6, 1),
        ("relu6", 3, 0),
        ("max", 0, 0),
        ("min", 5, 0),
    ],
)
def test_kinks_are_counted_as_the_rewriting_has_them(operation: str, at: int, kinks: int) -> None:
    rest = {"slope": "1/2"} if operation == "leaky_relu" else {}
    net = {"inputs": ["x"], "nodes": [{"id": "u", "op": operation, "args": ["x"], **rest}], "outputs": ["u"]}
    assert names({**net, "point": [at]}, localised({**net, "point": [at]})) == ["u"] * kinks


def test_leaky_relu_of_slope_one_is_no_kink() -> None:
    net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "leaky_relu", "slope": 1}]}
    assert not localised(net).kink_units


@pytest.mark.parametrize("operation", ["max", "min"])
@pytest.mark.parametrize(("count", "kinks"), [(2, 1), (3, 2), (5, 4), (8, 7)])
def test_a_tie_of_n_has_n_minus_one_kinks(operation: str, count: int, kinks: int) -> None:
    args = [f"x{index}" for index in range(count)]
    net = {"inputs": count, "nodes": [{"id": "top", "op": operation, "args": args}], "outputs": ["top"]}
    assert names(net, localised(net)) == ["top"] * kinks
    assert not localised({**net, "point": list(range(count))}).kink_units


def test_layered_kinks_are_named_by_layer_and_unit() -> None:
    net = {
        "inputs": 2,
        "layers": [
            {"weight": [[1, 0], [0, 1], [1, 1]], "bias": [0, 1, 0], "activation": "relu"},
            {"weight": [[1, 0, -1]], "activation": "abs"},
        ],
    }
    local = localised(net)
    assert names(net, local) == ["layers[0][0]", "layers[0][2]", "layers[1][0]", "layers[1][0]"]
    assert local.nearest == (Fraction(1), 1)


def test_dead_kinks_count_but_do_not_matter() -> None:
    """No path to an output; an argument that is 0 by itself; behind a relu that blocks."""
    nodes = [
        {"id": "loose", "op": "relu", "args": ["x"]},
        {"id": "nothing", "op": "affine", "args": ["x"], "coefficients": [0]},
        {"id": "zero", "op": "relu", "args": ["nothing"]},
        {"id": "low", "op": "affine", "args": ["loose"], "bias": -1},
        {"id": "blocked", "op": "relu", "args": ["low"]},
        {"id": "after", "op": "relu", "args": ["blocked"]},
        {"id": "out", "op": "affine", "args": ["x", "zero", "after"]},
    ]
    net = {"inputs": ["x"], "nodes": nodes, "outputs": ["out"]}
    local = localised(net)
    assert sorted(names(net, local)) == ["after", "loose", "zero"]
    assert local.net.kinks == ()
    assert local.net.derivative([3]) == (Fraction(3),)
    assert local.nearest == (Fraction(1), 4)


def test_exact_numbers_decide_what_is_a_kink() -> None:
    def one(weights: list[Any], point: list[Any]) -> int:
        net = {"inputs": len(weights), "layers": [{"weight": [weights], "activation": "relu"}], "point": point}
        return len(localised(net).kink_units)

    assert one([1, 1, -1], ["0.1", "0.2", "0.3"]) == 1
    assert one([1, 1, -1], [0.1, 0.2, 0.3]) == 0
    assert one([3, -1], ["1/3", 1]) == 1
    assert one([3, -1], [0.3333333333333333, 1]) == 0
    assert one(["1/3", "-1/7"], ["3/5", "7/5"]) == 1
    assert one([1e300, -1], [1e-300, "1"]) == 0


def normal_values(normal: NormalForm, direction: list[int]) -> list[int]:
    """The outputs of a normal form at an integer direction."""
    values = list(direction)
    for atom in normal.atoms:
        values.append(max(0, sum(coefficient * values[variable] for variable, coefficient in atom.items())))
    return [sum(coefficient * values[variable] for variable, coefficient in form.items()) for form in normal.outputs]


@given(st.integers(0, small_nets.COUNT - 1), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_flat_and_normal_forms_are_the_same_function(number: int, data: st.DataObject) -> None:
    local = localised(small_nets.nets()[number]).net
    direction = data.draw(st.lists(st.integers(-9, 9), min_size=local.inputs, max_size=local.inputs))
    flat = flatten(local)
    assert len(flat.kinks) == len(local.kinks)
    assert len(normalise(flat).atoms) <= len(flat.kinks)
    expected = list(local.output_values(direction))
    assert normal_values(NormalForm(local.inputs, flat.kinks, flat.outputs), direction) == expected
    assert normal_values(normalise(flat), direction) == expected


@pytest.mark.parametrize(
    ("lines", "atoms"),
    [
        ("a = relu x; b = 3 x; c = relu b; m = -1 x; d = relu m; f = a + c + d", 1),  # rescaled, opposite
        ("a = relu x; b = relu y; c = -1 a - 2 b; d = relu c; f = a + b + d", 2),  # relu of what is never positive
        ("a = relu x; b = relu y; c = 2 a + b; d = relu c; f = d + a", 2),  # relu of what is never negative
        ("p = x + y; q = y + x; a = relu p; b = relu q; f = a - b", 1),  # permuted
        ("p = x + y; q = x - y; a = relu p; b = relu q; f = a - b", 2),
    ],
)
def test_the_normal_form_merges_what_is_the_same(lines: str, atoms: int) -> None:
    normal = normalise(flatten(localised(graph("x y", lines, "f")).net))
    assert len(normal.atoms) == atoms


def test_a_large_net_localises() -> None:
    """10^5 nonzeros, many kinks, binary64 weights."""
    size = 224
    first = [[((7 * i + 3 * j) % 11 - 5) / 8 or 1 for j in range(size)] for i in range(size)]
    second = [[((5 * i + j) % 7 - 3) / 4 or 0.1 for j in range(size)] for i in range(size)]
    last = [[1 if i % 2 else -1 for i in range(size)]]
    layers = [{"weight": weight, "activation": "relu"} for weight in (first, second)] + [{"weight": last}]
    net = {"inputs": size, "layers": layers}
    assert sum(len(row) for layer in layers for row in layer["weight"]) > 10**5
    local = localised(net)
    assert len(local.kink_units) == 2 * size
    assert sum(isinstance(node, Kink) for node in local.net.nodes) == 2 * size
    direction = [index % 5 - 2 for index in range(size)]
    values = [Fraction(entry) for entry in direction]
    for weight in (first, second):
        rows = [oracle.dot([Fraction(a) for a in row], values) for row in weight]
        values = [max(Fraction(0), row) for row in rows]
    total = sum(a * b for a, b in zip(last[0], values, strict=True))
    assert local.net.derivative(direction) == (total,)


@pytest.mark.parametrize("direction", [[1], [1, 2, 3], ["a", 0], [None, 1], [float("nan"), 1]])
def test_bad_directions(direction: list[Any]) -> None:
    net = {"inputs": 2, "layers": [{"weight": [[1, 1]], "activation": "relu"}]}
    with pytest.raises(PointError):
        directional_derivative(net, direction)
