"""Random small programs in both file forms, over the whole dictionary, for hypothesis."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from subgrad_hardness.net.operations import OPERATIONS, activations, node_operations
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.net.reading import load

_NAMES = ("x", "y", "v w", "ж", "layers[0][0]", "x0", 'quo"te', "line\nbreak")


def numbers() -> st.SearchStrategy[int | float | str]:
    """Numbers as a net file holds them: mostly small integers, also rational strings and reals."""
    small = st.integers(-3, 3)
    rationals = st.fractions(-4, 4, max_denominator=6).map(format_rational)
    reals = st.sampled_from([0.1, -0.3, 0.5, 1e-300, -2.5, -0.0])
    odd = st.sampled_from(["0.1", "-2e-3", "+1.50", "7/21", ".5"])
    return st.one_of(small, small, small, rationals, reals, odd)


def rational_points(size: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Points with small rational coordinates, often zero."""
    return st.tuples(*[st.one_of(st.just(Fraction(0)), st.fractions(-3, 3, max_denominator=4))] * size)


def _points(draw: st.DrawFn, net: dict[str, Any], size: int) -> None:
    if draw(st.booleans()):
        net["point"] = draw(st.lists(numbers(), min_size=size, max_size=size))


def _inputs(draw: st.DrawFn) -> tuple[int | list[str], int]:
    count = draw(st.integers(1, 4))
    if draw(st.booleans()):
        return count, count
    return draw(st.permutations(_NAMES))[:count], count


@st.composite
def layered_mappings(draw: st.DrawFn) -> dict[str, Any]:
    """A layered net as the object of its file: 1 to 4 inputs, 1 to 3 layers of 1 to 4 units."""
    inputs, width = _inputs(draw)
    net: dict[str, Any] = {"inputs": inputs, "layers": []}
    _points(draw, net, width)
    for _ in range(draw(st.integers(1, 3))):
        height = draw(st.integers(1, 4))
        rows = draw(st.lists(st.lists(numbers(), min_size=width, max_size=width), min_size=height, max_size=height))
        layer: dict[str, Any] = {"weight": rows}
        if draw(st.booleans()):
            entries = [[i, j, v] for i, row in enumerate(rows) for j, v in enumerate(row) if v not in (0, "0")]
            layer["weight"] = {"shape": [height, width], "entries": draw(st.permutations(entries))}
        if draw(st.booleans()):
            layer["bias"] = draw(st.lists(numbers(), min_size=height, max_size=height))
        activation = draw(st.sampled_from((None, *activations())))
        if activation is not None:
            layer["activation"] = activation
            if OPERATIONS[activation].slope:
                layer["slope"] = draw(st.one_of(st.just(1), numbers()))
        net["layers"].append(layer)
        width = height
    return net


@st.composite
def graph_mappings(draw: st.DrawFn) -> dict[str, Any]:
    """A graph net as the object of its file: 1 to 8 nodes in any order, 1 to 3 outputs."""
    inputs, count = _inputs(draw)
    names = list(inputs) if isinstance(inputs, list) else [f"x{index}" for index in range(count)]
    nodes: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        operation = draw(st.sampled_from(("affine", *node_operations())))
        most = 5 if operation == "affine" or OPERATIONS[operation].arity is None else 1
        least = 0 if operation == "affine" else 1
        arguments = draw(st.lists(st.sampled_from(names), min_size=least, max_size=most))
        node: dict[str, Any] = {"id": f"node {number}", "op": operation, "args": arguments}
        if operation == "affine" and draw(st.booleans()):
            node["coefficients"] = draw(st.lists(numbers(), min_size=len(arguments), max_size=len(arguments)))
        if operation == "affine" and draw(st.booleans()):
            node["bias"] = draw(numbers())
        if operation != "affine" and OPERATIONS[operation].slope:
            node["slope"] = draw(st.one_of(st.just(1), numbers()))
        nodes.append(node)
        names.append(node["id"])
    outputs = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    net = {"inputs": inputs, "nodes": draw(st.permutations(nodes)), "outputs": outputs}
    _points(draw, net, count)
    return net


def mappings() -> st.SearchStrategy[dict[str, Any]]:
    """A net of either form as the object of its file."""
    return st.one_of(layered_mappings(), graph_mappings())


def programs() -> st.SearchStrategy[Program]:
    """A program of either form."""
    return mappings().map(load)
