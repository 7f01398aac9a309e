"""500 random small nets of both file forms with kinks at their points, and what the oracle says of them.

1 to 4 inputs, several outputs, biases; points other than the origin have biases that put units on
their corners.  A share of the nets is linear in disguise, so that both verdicts are frequent.
"""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from typing import Any

from support import oracle, reference

COUNT = 500
_WEIGHTS = (-2, -1, -1, 0, 0, 1, 1, 2)
_ODD = ("1/2", "-2/3", 0.5, -0.25, 3, "0.1")
_LAYER_OPERATIONS = ("relu", "relu", "relu", "abs", "leaky_relu", "hardtanh", "relu6", "identity")
_GRAPH_OPERATIONS = ("relu", "relu", "abs", "leaky_relu", "hardtanh", "relu6", "max", "max", "min", "min")
_CORNERS = {"hardtanh": (-1, 1), "relu6": (0, 6)}
_SLOPES = (1, 0, "1/3", -1, 2)


@cache
def nets() -> tuple[dict[str, Any], ...]:
    """The nets, always the same; each has at most 16 relus at a corner."""
    makers = (_layered, _layered, _graph, _graph, _graph, _linear_layers, _linear_graph, _linear_graph)
    source = random.Random(20260917)
    result: list[dict[str, Any]] = []
    while len(result) < COUNT:
        net = makers[len(result) % len(makers)](source)
        if corners(net) <= 16:
            result.append(net)
    return tuple(result)


@cache
def bouligand(number: int) -> frozenset[oracle.Jacobian]:
    """The oracle's set of Jacobians of net ``number``."""
    return oracle.bouligand(oracle.read(nets()[number]))


def expected(number: int) -> str:
    """The oracle's verdict on net ``number``."""
    return "distinct" if len(bouligand(number)) > 1 else "unique"


def corners(net: dict[str, Any]) -> int:
    return reference.evaluate(net, oracle.read(net).point)[1].count(Fraction(0))


def _number(source: random.Random) -> Any:
    return source.choice(_ODD) if source.random() < 0.1 else source.choice(_WEIGHTS)


def _text(number: Fraction) -> int | str:
    return int(number) if number.denominator == 1 else str(number)


def _bias(source: random.Random, operation: str, total: Fraction) -> int | str:
    """A bias that mostly puts the unit on a corner of its operation."""
    if source.random() < 0.2:
        return source.choice((0, 1, -1))
    return _text(source.choice(_CORNERS.get(operation, (0,))) - total)


def _start(source: random.Random) -> tuple[int, list[Any]]:
    """The number of inputs and the point."""
    size = source.randint(1, 4)
    if source.random() < 0.5:
        return size, [0] * size
    return size, [source.choice((0, 1, -1, 2, "1/2", "-2/3")) for _ in range(size)]


def _values(net: dict[str, Any]) -> oracle.Row:
    read = oracle.read(net)
    return oracle.value(read, read.point)


def _layered(source: random.Random) -> dict[str, Any]:
    width, point = _start(source)
    net: dict[str, Any] = {"inputs": width, "layers": [], "point": point}
    depth = source.randint(1, 3)
    for number in range(depth):
        height = source.randint(1, 2) if number == depth - 1 else source.randint(2, 5)
        activation = source.choice(_LAYER_OPERATIONS)
        layer: dict[str, Any] = {"weight": [[_number(source) for _ in range(width)] for _ in range(height)]}
        totals = _values({**net, "layers": [*net["layers"], layer]})
        layer |= {"bias": [_bias(source, activation, total) for total in totals], "activation": activation}
        if activation == "leaky_relu":
            layer["slope"] = source.choice(_SLOPES)
        net["layers"].append(layer)
        width = height
    return net


def _linear_layers(source: random.Random) -> dict[str, Any]:
    """Layers relu(t), relu(-t), of which only the differences t are used."""
    width, point = _start(source)
    net: dict[str, Any] = {"inputs": width, "layers": [], "point": point}
    pairs = 0
    for _ in range(source.randint(1, 2)):
        spread = pairs or width
        rows = [[_number(source) for _ in range(spread)] for _ in range(source.randint(1, 3))]
        if pairs:
            rows = [[entry for x in row for entry in (x, _negative(x))] for row in rows]
        totals = _values({**net, "layers": [*net["layers"], {"weight": rows}]})
        biases = [_bias(source, "relu", total) for total in totals]
        both = [line for row in rows for line in (row, [_negative(x) for x in row])]
        shifts = [shift for bias in biases for shift in (bias, _negative(bias))]
        net["layers"].append({"weight": both, "bias": shifts, "activation": "relu"})
        pairs = len(rows)
    last = [[_number(source) for _ in range(pairs)] for _ in range(source.randint(1, 2))]
    net["layers"].append({"weight": [[entry for x in row for entry in (x, _negative(x))] for row in last]})
    return net


def _negative(number: Any) -> Any:
    return _text(-Fraction(number)) if isinstance(number, str) else -number


class _Graph:
    """A graph net under construction."""

    def __init__(self, inputs: int, point: list[Any]) -> None:
        self.net: dict[str, Any] = {"inputs": inputs, "nodes": [], "outputs": [], "point": point}

    def add(self, operation: str, arguments: list[str], **rest: Any) -> str:
        """A new node; its id."""
        name = f"n{len(self.net['nodes'])}"
        self.net["nodes"].append({"id": name, "op": operation, "args": arguments, **rest})
        return name

    def sum(self, coefficients: list[Any], arguments: list[str], bias: Any = 0) -> str:
        """A new affine node."""
        return self.add("affine", arguments, coefficients=coefficients, bias=bias)

    def value(self, name: str) -> Fraction:
        """The node's value at the point."""
        return _values({**self.net, "outputs": [name]})[0]

    def cornered(self, source: random.Random, operation: str, names: list[str]) -> str:
        """A node, maybe an affine function of several, mostly on a corner of ``operation``."""
        name = source.choice(names)
        if source.random() < 0.5:
            arguments = source.sample(names, min(len(names), source.randint(1, 3)))
            name = self.sum([_number(source) for _ in arguments], arguments)
        bias = _bias(source, operation, self.value(name))
        return name if bias == 0 else self.sum([1], [name], bias)


def _grow(source: random.Random, graph: _Graph, operations: int) -> list[str]:
    """Add random operations; the names of those and of the inputs."""
    names = [f"x{index}" for index in range(graph.net["inputs"])]
    for _ in range(operations):
        operation = source.choice(_GRAPH_OPERATIONS)
        count = source.randint(2, 4) if operation in ("max", "min") else 1
        arguments = [graph.cornered(source, operation, names) for _ in range(count)]
        rest = {"slope": source.choice(_SLOPES)} if operation == "leaky_relu" else {}
        names.append(graph.add(operation, arguments, **rest))
    return names


def _graph(source: random.Random) -> dict[str, Any]:
    graph = _Graph(*_start(source))
    names = _grow(source, graph, source.randint(2, 6))
    graph.net["outputs"] = [names[-1]] if source.random() < 0.6 else source.sample(names, min(2, len(names)))
    return graph.net


def _linear_graph(source: random.Random) -> dict[str, Any]:
    """A random graph minus the same function in other words, plus something linear."""
    graph = _Graph(*_start(source))
    names = _grow(source, graph, source.randint(1, 3))
    inputs = names[: graph.net["inputs"]]
    twins = {name: name for name in inputs}
    for node in list(graph.net["nodes"]):
        twins[node["id"]] = _twin(graph, node, [twins[argument] for argument in node["args"]])
    factor = _number(source)
    linear = [_number(source) for _ in inputs]
    out = graph.sum([factor, _negative(factor), *linear], [names[-1], twins[names[-1]], *inputs])
    graph.net["outputs"] = [out]
    return graph.net


def _twin(graph: _Graph, node: dict[str, Any], arguments: list[str]) -> str:
    """The same operation written differently."""
    operation, first = node["op"], arguments[0]
    if operation == "affine":
        return graph.sum(node["coefficients"], arguments, node["bias"])
    if operation in ("max", "min"):
        negated = [graph.sum([-1], [argument]) for argument in reversed(arguments)]
        return graph.sum([-1], [graph.add("min" if operation == "max" else "max", negated)])
    if operation == "relu6":
        return graph.sum([3], [graph.add("hardtanh", [graph.sum(["1/3"], [first], -1)])], 3)
    negative = graph.sum([-1], [first])
    if operation == "hardtanh":
        return graph.sum([-1], [graph.add("hardtanh", [negative])])
    if operation == "abs":
        return graph.sum([2, -1], [graph.add("relu", [first]), first])
    assert operation in ("relu", "leaky_relu"), f"tests/support/small_nets.py does not know {operation}"
    slope = Fraction(node.get("slope", 0))
    return graph.sum([1, _text(1 - slope)], [first, graph.add("relu", [negative])])
