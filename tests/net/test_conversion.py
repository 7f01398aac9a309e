"""Layers to a graph and back: the same function, kinks and autodiff set; and what is no chain of layers."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.program_values import preactivations, value
from support.raise_sites import Site, origins, unreached
from support.strategies import graph_mappings, layered_mappings, rational_points

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.derivative.autodiff import backpropagate, conservative_set, kink_slopes
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net import conversion
from subgrad_hardness.net.conversion import to_graph, to_layers
from subgrad_hardness.net.forms import GraphForm, LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load, load_bytes
from subgrad_hardness.net.writing import dumps, to_mapping


def assert_same_program(one: Program, other: Program, point: tuple[Fraction, ...]) -> None:
    """Equal values, relus and kinks at two points, and equal results of backpropagation."""
    assert (one.inputs, one.point, one.name, one.provenance) == (
        other.inputs,
        other.point,
        other.name,
        other.provenance,
    )
    for where in (one.point, point):
        assert value(one, where) == value(other, where)
        assert preactivations(one, where) == preactivations(other, where)
        locals_ = [localise(program.at(where)) for program in (one, other)]
        assert len(locals_[0].kink_units) == len(locals_[1].kink_units)
        singletons = [conservative_set(local.net).singleton for local in locals_]
        assert singletons[0] == singletons[1]
        for slope in (0, Fraction(1, 3), 1):
            first, second = (
                backpropagate(local.net, kink_slopes(program, local, slope))
                for program, local in zip((one, other), locals_, strict=True)
            )
            assert first == second


@given(layered_mappings(), st.data())
def test_layers_to_a_graph_and_back(net: dict[str, Any], data: st.DataObject) -> None:
    program = load(net | {"name": "n", "provenance": {"seed": 1}})
    graph = to_graph(program)
    assert isinstance(graph.form, GraphForm)
    assert load_bytes(dumps(graph).encode("utf-8"), "net.json") == graph
    assert_same_program(program, graph, data.draw(rational_points(program.input_count)))
    assert to_graph(graph) is graph
    assert to_layers(graph) == program
    assert to_layers(graph).digest == program.digest
    assert to_layers(program) is program


@given(layered_mappings(), st.data())
def test_the_order_of_nodes_keeps_the_function(net: dict[str, Any], data: st.DataObject) -> None:
    graph = to_graph(load(net))
    written: dict[str, Any] = {"inputs": list(graph.inputs), **nodes_of(graph)}
    shuffled = load(written | {"nodes": data.draw(st.permutations(written["nodes"])), "point": list(graph.point)})
    assert_same_program(shuffled, to_layers(shuffled), data.draw(rational_points(graph.input_count)))


def nodes_of(graph: Program) -> dict[str, Any]:
    """The nodes and outputs of a graph as its file holds them."""
    written = to_mapping(graph)
    return {"nodes": written["nodes"], "outputs": written["outputs"]}


@given(graph_mappings(), st.data())
def test_random_graphs_convert_exactly_or_not_at_all(net: dict[str, Any], data: st.DataObject) -> None:
    program = load(net)
    try:
        layered = to_layers(program)
    except NetError as problem:
        assert str(problem).startswith("<net>: ")
        assert str(problem).isprintable()
        return
    assert isinstance(layered.form, LayeredForm)
    assert load_bytes(dumps(layered).encode("utf-8"), "net.json") == layered
    assert_same_program(program, layered, data.draw(rational_points(program.input_count)))


def test_names_of_the_nodes() -> None:
    layers = [{"weight": [[1], [-1]], "activation": "relu"}, {"weight": [[1, 1]]}]
    graph = to_graph(load({"inputs": 1, "layers": layers}))
    assert nodes_of(graph) == {
        "nodes": [
            {"id": "layers[0][0].pre", "op": "affine", "args": ["x0"]},
            {"id": "layers[0][0]", "op": "relu", "args": ["layers[0][0].pre"]},
            {"id": "layers[0][1].pre", "op": "affine", "args": ["x0"], "coefficients": [-1]},
            {"id": "layers[0][1]", "op": "relu", "args": ["layers[0][1].pre"]},
            {"id": "layers[1][0]", "op": "affine", "args": ["layers[0][0]", "layers[0][1]"]},
        ],
        "outputs": ["layers[1][0]"],
    }
    clash = to_graph(load({"inputs": ["layers[0][0]", "_layers[9][9]"], "layers": [{"weight": [[1, 1]]}]}))
    assert [node["id"] for node in nodes_of(clash)["nodes"]] == ["__layers[0][0]"]


def _graph(*nodes: tuple[Any, ...], outputs: list[str]) -> Program:
    """A graph over x and y; a node is (id, op, arguments) and more keys."""
    written = [
        {"id": node[0], "op": node[1], "args": node[2].split(), **(node[3] if node[3:] else {})} for node in nodes
    ]
    return load({"inputs": ["x", "y"], "nodes": written, "outputs": outputs, "point": [1, -2]})


def _rows(program: Program) -> list[Any]:
    """Activation and dense integer matrix of each layer."""
    assert isinstance(program.form, LayeredForm)
    return [
        (layer.activation, [[dict(zip(row.arguments, row.coefficients, strict=True)).get(column, 0)
                             for column in range(layer.columns)] for row in layer.rows])
        for layer in program.form.layers
    ]  # fmt: skip


CHAINS = [
    ("units read directly", [("u", "relu", "x"), ("v", "abs", "u")], ["v"], [("relu", [[1, 0]]), ("abs", [[1]])]),
    (
        "affine nodes multiplied out",
        [("a", "affine", "x y"), ("b", "affine", "a x", {"coefficients": [2, -1]}), ("u", "relu", "b"),
         ("v", "relu", "a")],
        ["u", "v"],
        [("relu", [[1, 2], [1, 1]])],
    ),
    (
        "a chain of affine nodes stays",
        [("a", "affine", "x y"), ("b", "affine", "a"), ("u", "relu", "b")],
        ["u"],
        [("identity", [[1, 1]]), ("relu", [[1]])],
    ),
    ("an input as output", [("a", "affine", "x")], ["y", "a"], [("identity", [[0, 1], [1, 0]])]),
    ("an output twice", [("u", "relu", "x")], ["u", "u"], [("relu", [[1, 0]]), ("identity", [[1], [1]])]),
    ("outputs in another order", [("u", "abs", "x"), ("v", "abs", "y")], ["v", "u"], [("abs", [[0, 1], [1, 0]])]),
    ("a unit that is read and put out", [("u", "relu", "x"), ("v", "affine", "u")], ["u", "v"],
     [("relu", [[1, 0]]), ("identity", [[1], [1]])]),
    ("a constant output", [("u", "relu", "x"), ("c", "affine", "")], ["u", "c"],
     [("relu", [[1, 0]]), ("identity", [[1], [0]])]),
    ("a scaled output", [("u", "relu", "x"), ("a", "affine", "u u"), ("b", "affine", "u", {"bias": 1})], ["a", "b"],
     [("relu", [[1, 0]]), ("identity", [[2], [1]])]),
    ("max of one", [("u", "relu", "x"), ("m", "max", "u")], ["m"], [("relu", [[1, 0]])]),
    ("no kink", [("u", "leaky_relu", "x", {"slope": 1}), ("v", "relu", "y"), ("w", "affine", "v")], ["w"], None),
    ("constants", [("c", "affine", "", {"bias": 3}), ("u", "relu", "c"), ("v", "relu", "x"), ("w", "affine", "u v c")],
     ["w", "c"], [("relu", [[0, 0], [1, 0]]), ("identity", [[1, 1], [0, 0]])]),
    ("arguments that cancel", [("a", "affine", "x y x", {"coefficients": [1, 1, -1]}), ("u", "relu", "a")], ["u"],
     [("relu", [[0, 1]])]),
    ("a dead affine node", [("u", "relu", "x"), ("a", "affine", "u"), ("v", "relu", "u"), ("b", "affine", "y")], ["v"],
     [("relu", [[1, 0]]), ("relu", [[1]])]),
]  # fmt: skip


@pytest.mark.parametrize(("nodes", "outputs", "layers"), [c[1:] for c in CHAINS], ids=[c[0] for c in CHAINS])
def test_chains_of_layers(nodes: list[tuple[Any, ...]], outputs: list[str], layers: list[Any] | None) -> None:
    program = _graph(*nodes, outputs=outputs)
    converted = to_layers(program)
    assert layers is None or _rows(converted) == layers
    assert_same_program(program, converted, (Fraction(1, 2), Fraction(0)))


REFUSED: list[tuple[list[tuple[Any, ...]], list[str], str]] = [
    ([("m", "max", "x y")], ["m"], 'node "m": no chain of layers: max of 2 arguments is no activation of a layer'),
    (
        [("u", "relu", "x"), ("a", "affine", "u y"), ("v\n", "relu", "a")],
        ["v\n"],
        r'node "v\n": no chain of layers: combines "y" (layer 0) and "u" (layer 1); layer 0 is the inputs',
    ),
    (
        [("u", "relu", "x"), ("v", "abs", "y"), ("a", "affine", "u v")],
        ["a"],
        'node "v": no chain of layers: abs stands in one layer with the relu of node "u"; a layer has one activation',
    ),
    (
        [("u", "leaky_relu", "x", {"slope": 0}), ("v", "leaky_relu", "y", {"slope": 2})],
        ["u", "v"],
        'node "v": no chain of layers: leaky_relu stands in one layer with the leaky_relu of node "u"; a layer has one '
        "activation",
    ),
    (
        [("u", "relu", "x")],
        ["u", "y"],
        'outputs[1]: no chain of layers: stands at layer 0, before the last layer, that of node "u"',
    ),
    (
        [("u", "relu", "x"), ("v", "relu", "u")],
        ["u"],
        'outputs[0]: no chain of layers: stands at layer 1, before the last layer, that of node "v"',
    ),
    (
        [("u", "relu", "x"), ("a", "affine", "u y")],
        ["a"],
        'outputs[0]: no chain of layers: combines "y" (layer 0) and "u" (layer 1); layer 0 is the inputs',
    ),
]


def test_what_is_no_chain_of_layers() -> None:
    reached: set[Site] = set()
    for nodes, outputs, message in REFUSED:
        with pytest.raises(NetError) as caught:
            to_layers(_graph(*nodes, outputs=outputs))
        assert str(caught.value) == f"<net>: {message}"
        reached |= origins(caught.value)
    assert unreached([conversion], reached) == []
