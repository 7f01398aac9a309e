"""The exact program: the fixed rewriting, values, programs from arrays, points, unit names."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import reference
from support.program_values import preactivations, value
from support.strategies import mappings, programs, rational_points

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.net.forms import GraphForm, LayeredForm, Row
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.operations import OPERATIONS, node_operations
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load


def operation_net(operation: str, count: int, slope: Any = None) -> dict[str, Any]:
    """One operation on ``count`` inputs."""
    node: dict[str, Any] = {"id": "u", "op": operation, "args": [f"x{index}" for index in range(count)]}
    if slope is not None:
        node["slope"] = slope
    return {"inputs": count, "nodes": [node], "outputs": ["u"]}


@pytest.mark.parametrize("operation", node_operations())
@given(st.data())
@settings(max_examples=40)
def test_each_operation_is_what_it_says(operation: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 9)) if OPERATIONS[operation].arity is None else 1
    slope = data.draw(st.fractions(-2, 2, max_denominator=3)) if OPERATIONS[operation].slope else None
    net = operation_net(operation, count, slope)
    program = load(net)
    coordinate = st.one_of(st.sampled_from([-1, 0, 1, 6]).map(Fraction), st.fractions(-8, 8, max_denominator=5))
    point = tuple(data.draw(st.lists(coordinate, min_size=count, max_size=count)))
    assert value(program, point) == (reference.apply(operation, point, slope),)
    assert preactivations(program, point) == sorted(reference.preactivations(operation, point, slope))


@given(mappings(), st.data())
@settings(max_examples=75)
def test_programs_mean_what_their_files_say(net: dict[str, Any], data: st.DataObject) -> None:
    program = load(net)
    for point in (program.point, data.draw(rational_points(program.input_count))):
        outputs, relus = reference.evaluate(net, point)
        assert value(program, point) == outputs
        assert preactivations(program, point) == relus
    assert program.output_count == len(value(program))
    assert value(program) == value(program.at(program.point)) == value(program, program.point)


@given(programs())
def test_the_lowered_program_is_in_topological_order(program: Program) -> None:
    lowered = program.lowered
    assert lowered.inputs == program.input_count
    assert len(lowered.units) == len(lowered.nodes)
    for number, node in enumerate(lowered.nodes, lowered.inputs):
        arguments = [node.argument] if isinstance(node, Relu) else node.arguments
        assert all(argument < number for argument in arguments)
    for unit in set(lowered.units):
        assert program.unit_name(unit)


@pytest.mark.parametrize(
    ("operation", "count", "relus"),
    [("relu", 1, 1), ("abs", 1, 2), ("hardtanh", 1, 2), ("relu6", 1, 2), ("max", 1, 0), ("min", 1, 0),
     ("max", 2, 1), ("min", 3, 2), ("max", 7, 6), ("min", 8, 7)],
)  # fmt: skip
def test_number_of_relus(operation: str, count: int, relus: int) -> None:
    nodes = load(operation_net(operation, count)).lowered.nodes
    assert sum(isinstance(node, Relu) for node in nodes) == relus


@pytest.mark.parametrize(("slope", "relus"), [(0, 1), (1, 0), ("1", 0), (1.0, 0), ("2/2", 0), (2, 1), (-1, 1)])
def test_leaky_relu_of_slope_one_has_no_kink(slope: Any, relus: int) -> None:
    program = load(operation_net("leaky_relu", 1, slope))
    assert sum(isinstance(node, Relu) for node in program.lowered.nodes) == relus
    layered = {"weight": [[1]], "activation": "leaky_relu", "slope": slope}
    nodes = load({"inputs": 1, "layers": [layered]}).lowered.nodes
    assert sum(isinstance(node, Relu) for node in nodes) == relus


@pytest.mark.parametrize(("operation", "sign"), [("max", 1), ("min", -1)])
@pytest.mark.parametrize("count", [3, 5, 6])
def test_trees_split_after_the_first_half(operation: str, sign: int, count: int) -> None:
    # The last relu compares the first ceil(n/2) arguments with the rest, each through its own tree.
    point = tuple(Fraction(3**index) for index in range(count))
    half = (count + 1) // 2
    program = load(operation_net(operation, count))
    last = max(index for index, node in enumerate(program.lowered.nodes) if isinstance(node, Relu))
    argument = program.lowered.nodes[last]
    assert isinstance(argument, Relu)
    numerators, _ = node_values(program.lowered, point)
    left, right = (reference.apply(operation, part) for part in (point[:half], point[half:]))
    assert numerators[argument.argument] == sign * (right - left)


def test_repeated_arguments() -> None:
    node = {"id": "u", "op": "max", "args": ["x0", "x0"]}
    program = load({"inputs": 1, "nodes": [node], "outputs": ["u", "x0", "u"]})
    assert value(program, [-3]) == (-3, -3, -3)
    assert preactivations(program, (Fraction(-3),)) == [0]
    double = {"id": "u", "op": "affine", "args": ["x0", "x0", "x0"], "coefficients": [1, "1/2", -2]}
    assert value(load({"inputs": 1, "nodes": [double], "outputs": ["u"]}), [1]) == (Fraction(-1, 2),)


def test_constants_and_inputs_as_outputs() -> None:
    node = {"id": "c", "op": "affine", "bias": "1/3"}
    program = load({"inputs": ["x", "y"], "nodes": [node], "outputs": ["y", "c"], "point": [1, 2]})
    assert value(program) == (2, Fraction(1, 3))


def test_a_long_chain_in_any_order() -> None:
    nodes = [{"id": f"n{k}", "op": "relu", "args": [f"n{k - 1}" if k else "x0"]} for k in range(20_000)]
    for order in (nodes, nodes[::-1]):
        assert value(load({"inputs": 1, "nodes": order, "outputs": ["n19999"]}), [7]) == (7,)


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "int8", "int64", "uint8", "object"])
def test_from_arrays(kind: str) -> None:
    weight = np.array([[1, 2], [0, 3]]).astype(kind)
    point: Any = np.array([1, 0]).astype(kind)
    program = Program.from_layers([weight, weight[:1]], [None, weight[0][:1]], point=point)
    expected = Program.from_layers([[[1, 2], [0, 3]], [[1, 2]]], [None, [1]], point=(1, 0))
    assert program == expected
    assert program.inputs == ("x0", "x1")
    assert isinstance(program.form, LayeredForm)
    assert [layer.activation for layer in program.form.layers] == ["relu", "identity"]
    assert value(program) == (2,)


def test_floats_are_taken_as_they_are() -> None:
    single, double = np.array([[0.1]], dtype=np.float32), np.array([[0.1]])
    assert value(Program.from_layers([single]), [1]) == (Fraction(float(np.float32(0.1))),)
    assert value(Program.from_layers([double]), [1]) == (Fraction(0.1),)
    assert value(Program.from_layers([[[Fraction(1, 10)]]]), [1]) == (Fraction(1, 10),)
    assert value(Program.from_layers([[["1/10"]]]), ["1/2"]) == (Fraction(1, 20),)


def test_from_layers_options() -> None:
    identity = np.eye(2, dtype=int)
    program = Program.from_layers(
        (identity, identity), [[1, 1], None], ["leaky_relu", "abs"], slope=Fraction(1, 3), point=[-1, "-2"], name="n"
    )
    assert program.name == "n"
    assert value(program) == (0, Fraction(1, 3))
    assert value(Program.from_layers([identity], last_activation="relu"), [-1, 2]) == (0, 2)
    every = Program.from_layers([identity] * 3, activations="abs", last_activation="hardtanh")
    assert isinstance(every.form, LayeredForm)
    assert [layer.activation for layer in every.form.layers] == ["abs", "abs", "hardtanh"]
    assert Program.from_layers(np.ones((3, 2, 2))).output_count == 2


def test_another_point() -> None:
    program = load({"inputs": 2, "layers": [{"weight": [[1, 1]], "activation": "abs"}], "name": "n"})
    moved = program.at([0.5, "-1/3"])
    assert moved.point == (Fraction(1, 2), Fraction(-1, 3))
    assert (moved.form, moved.inputs, moved.name) == (program.form, program.inputs, "n")
    assert moved != program
    assert program.lowered is program.at((1, 1)).lowered
    with pytest.raises(PointError, match=r"^point: 1 entry, expected 2$"):
        program.at([1])


def test_unit_names() -> None:
    layered = load({"inputs": 1, "layers": [{"weight": [[1], [2]]}, {"weight": [[1, 1]]}]})
    assert [layered.unit_name(unit) for unit in range(3)] == ["layers[0][0]", "layers[0][1]", "layers[1][0]"]
    assert load(operation_net("abs", 1)).unit_name(0) == "u"
    with pytest.raises(IndexError):
        layered.unit_name(3)


@given(programs())
def test_programs_are_values(program: Program) -> None:
    again = pickle.loads(pickle.dumps(program))
    assert again == program
    assert hash(again) == hash(program)
    assert again.digest == program.digest


def test_rows_have_one_least_denominator() -> None:
    assert Row.of((0, 1), (Fraction(1, 6), 0.25), Fraction(3, 4)) == Row((0, 1), (2, 3), 9, 12)
    net = {
        "inputs": 1,
        "nodes": [{"id": "a", "op": "affine", "args": ["x0"], "coefficients": ["2/4"]}],
        "outputs": ["a"],
    }
    form = load(net).form
    assert isinstance(form, GraphForm)
    assert form.nodes[0].row == Row((0,), (1,), 0, 2)
