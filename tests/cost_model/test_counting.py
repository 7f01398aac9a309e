"""Counts by nodes are those of the derived programs: on random programs, derived ones too, and on random nets."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.batch_counts import BatchCounts
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.compact import compact_net
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, Dictionary, dictionary_of, own_dictionary
from subgrad_hardness.cost_model.lexicographic import random_direction
from subgrad_hardness.cost_model.nets import net_layout
from subgrad_hardness.cost_model.node_counts import NodeCounts
from subgrad_hardness.cost_model.programs import Subject, subject_of
from subgrad_hardness.cost_model.random_programs import random_program
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.written_counts import WrittenCounts

Either = NodeCounts | BatchCounts | WrittenCounts


def answers(counter: Either, inputs: int) -> dict[str, object]:
    """Everything that is counted; None where a row is refused."""
    calls: dict[str, Callable[[], object]] = {
        "evaluation": lambda: counter.evaluation,
        "textbook": lambda: counter.backward("textbook"),
        "structural": lambda: counter.backward("structural"),
        "all branches": lambda: counter.backward("structural", worst=True),
        "forward, textbook": lambda: counter.forward("textbook"),
        "forward, structural": lambda: counter.forward("structural"),
        "locking": lambda: counter.locking(random_direction(inputs)),
        "two": counter.two,
    }
    found: dict[str, object] = {}
    for name, call in calls.items():
        try:
            found[name] = call()
        except PointError:
            found[name] = None
    return found


def compare(subject: Subject) -> NodeCounts:
    """Both ways on one program."""
    counter, line = subject.counter(), subject.line
    assert isinstance(counter, NodeCounts)
    written = WrittenCounts(line, subject.point, subject.wrt)
    assert answers(counter, len(subject.wrt)) == answers(written, len(subject.wrt)), (line.steps, subject.point)
    own = own_dictionary(counter.passes.steps())
    assert set(own.variants) == set(dictionary_of(line, subject.wrt).variants)
    return counter


@pytest.mark.parametrize("name", DICTIONARIES)
def test_random_programs_and_their_derived_programs(name: str) -> None:
    variants = tuple(variant for variant in DICTIONARIES[name].variants if variant.operation != "sort")
    stream = Stream(11, "counted by nodes", name)
    for number in range(25):
        program = random_program(stream, Dictionary(name, "", variants), most_inputs=4, most_steps=16)
        point = program.point or ()
        if number % 5 == 0 and len(program.steps) < 10:
            program = backward(program, at=point) if number % 2 else backward(program)
        wrt = range(number % 4 == 1 and len(point) > 1, len(point))
        compare(Subject.of_line(program, point, tuple(wrt)))


def random_layers(stream: Stream) -> dict[str, Any]:
    """Layers with zeros, ones, minus ones and fractions, with biases or without."""

    def number() -> object:
        return (0, 1, -1, 2, -3, 0.5)[stream.below(6)]

    sizes = [stream.integer(1, 4) for _ in range(stream.integer(2, 4))]
    layers: list[dict[str, Any]] = []
    for columns, rows in pairwise(sizes):
        activation = ("relu", "abs", "leaky_relu", "hardtanh", "relu6", "tanh")[stream.below(6)]
        layer: dict[str, Any] = {
            "weight": [[number() for _ in range(columns)] for _ in range(rows)],
            "activation": activation,
        }
        layer["bias"] = [number() if stream.below(2) else 0 for _ in range(rows)]
        layers.append(layer | ({"slope": "1/3"} if activation == "leaky_relu" else {}))
    return {"inputs": sizes[0], "layers": layers, "point": [stream.integer(-1, 1) for _ in range(sizes[0])]}


def random_graph(stream: Stream) -> dict[str, Any]:
    """A graph of rows, kinks and products, where arguments repeat and rows are empty, copies or constants."""
    inputs = [f"x{number}" for number in range(stream.integer(1, 3))]
    names, nodes = list(inputs), []
    for number in range(stream.integer(1, 8)):
        operation = ("affine", "affine", "affine", "relu", "max", "min", "abs", "mul", "leaky_relu")[stream.below(9)]
        size = {"affine": stream.integer(0, 3), "max": stream.integer(1, 3), "min": 2, "mul": 2}.get(operation, 1)
        node: dict[str, Any] = {"id": f"n{number}", "op": operation}
        node["args"] = [names[stream.below(len(names))] for _ in range(size)]
        if operation == "affine":
            node["coefficients"] = [(0, 1, -1, 2, -3, 1)[stream.below(6)] for _ in range(size)]
            node["bias"] = (0, 0, 1, -2)[stream.below(4)]
        if operation == "leaky_relu":
            node["slope"] = ("1/3", 0, 1)[stream.below(3)]
        nodes.append(node)
        names.append(f"n{number}")
    outputs = [names[-1], *([names[stream.below(len(names))]] if stream.below(2) else [])]
    point = [stream.integer(-1, 1) for _ in inputs]
    return {"inputs": inputs, "nodes": nodes, "outputs": outputs, "point": point}


@pytest.mark.parametrize("make", [random_layers, random_graph])
def test_random_nets(make: Callable[[Stream], dict[str, Any]]) -> None:
    stream, ties = Stream(12, "counted by nodes", make.__name__), 0
    for _ in range(40):
        net = sh.load(make(stream))
        wrt = ("inputs", "weights", "both")[stream.below(3)]
        counter = compare(subject_of(net, wrt=wrt, batch=1 if net.output_count > 1 else stream.integer(1, 3)))
        ties += sum(outcomes.count(0) for outcomes in counter.passes.values.outcomes if outcomes)
    assert ties > 25


def test_a_row_that_has_no_value_is_refused_both_ways() -> None:
    build = Builder("xy")
    for operation in ("norm", "sqrt"):
        arguments = (0, 1) if operation == "norm" else (0,)
        program = build.program(build.apply(operation, *arguments), point=[0, 0])
        counted = answers(compare(Subject.of_line(program, program.point or ())), 2)
        assert None in counted.values()


def test_values_at_the_point_are_the_nets() -> None:
    text = "inputs x y; a = 2 x - 1/3 y + 1; b = relu a; c = max x y; f = b - a + c; outputs f; point 1 7"
    net = sh.Program.from_text(text)
    counter = subject_of(net).counter()
    assert isinstance(counter, NodeCounts)
    numbers = counter.passes.values.numbers
    assert tuple(numbers[output] for output in counter.passes.program.outputs) == sh.value(net)


@pytest.mark.parametrize("wrt", ["inputs", "weights", "both"])
def test_many_samples_from_two_and_three(wrt: str) -> None:
    stream, tied = Stream(13, "samples", wrt), 0
    for _ in range(12):
        net = sh.load(random_layers(stream))
        if net.output_count == 1:
            many, layout = subject_of(net, wrt=wrt, batch=5).counter(), net_layout(net, wrt, 5)
            assert isinstance(many, BatchCounts)
            single = NodeCounts(compact_net(layout), layout.wrt)
            assert answers(many, len(layout.wrt)) == answers(single, len(layout.wrt))
            tied += any(0 in outcomes for outcomes in single.passes.values.outcomes if outcomes)
    assert tied > 0


def test_a_million_weights_are_some_thousands_of_nodes() -> None:
    """Work is counted, not timed: a node for each row and each unit, whatever their lengths."""
    rows = [[2] * 50] * 50
    net = sh.Program.from_layers([rows, rows, [[2] * 50]], point=[1] * 50)
    subject = subject_of(net, wrt="both")
    counter = subject.counter()
    assert isinstance(counter, NodeCounts)
    assert len(counter.passes.program.nodes) == 201
    assert "line" not in vars(subject)


def test_programs_with_sorts_are_written() -> None:
    build = Builder(3)
    line: StraightLine = build.program(*build.sort(0, 1, 2), point=[3, 1, 2])
    assert isinstance(Subject.of_line(line, line.point or ()).counter(), WrittenCounts)
