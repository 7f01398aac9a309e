"""A plain reading of net files for the tests: every operation as mathematics defines it, and the
number of relus and kinks that its fixed rewriting has.  Shares nothing with the library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any


def number(value: Any) -> Fraction:
    """A number of a net file."""
    return Fraction(value)


def apply(operation: str, values: Sequence[Fraction], slope: Fraction | None = None) -> Fraction:
    """The value of an operation."""
    first = values[0]
    if operation == "max":
        return max(values)
    if operation == "min":
        return min(values)
    simple = {
        "identity": first,
        "relu": max(first, Fraction(0)),
        "abs": abs(first),
        "leaky_relu": first if first >= 0 else (slope or Fraction(0)) * first,
        "hardtanh": min(max(first, Fraction(-1)), Fraction(1)),
        "relu6": min(max(first, Fraction(0)), Fraction(6)),
    }
    return simple[operation]


def preactivations(operation: str, values: Sequence[Fraction], slope: Fraction | None = None) -> list[Fraction]:
    """What the relus of the rewritten operation read (SPEC 1), in any order."""
    first = values[0]
    if operation in ("max", "min"):
        if len(values) == 1:
            return []
        half = math.ceil(len(values) / 2)
        left, right = values[:half], values[half:]
        one, other = apply(operation, left), apply(operation, right)
        top = other - one if operation == "max" else one - other
        return [*preactivations(operation, left), *preactivations(operation, right), top]
    simple = {
        "identity": [],
        "relu": [first],
        "abs": [first, -first],
        "leaky_relu": [] if slope == 1 else [first],
        "hardtanh": [first + 1, 2 - max(first + 1, Fraction(0))],
        "relu6": [first, 6 - max(first, Fraction(0))],
    }
    return simple[operation]


def evaluate(net: dict[str, Any], point: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], list[Fraction]]:
    """The outputs of a net file's object at ``point``, and all preactivations, sorted."""
    return _layers(net, list(point)) if "layers" in net else _graph(net, list(point))


def _slope(item: dict[str, Any]) -> Fraction | None:
    return number(item["slope"]) if "slope" in item else None


def _layers(net: dict[str, Any], values: list[Fraction]) -> tuple[tuple[Fraction, ...], list[Fraction]]:
    seen: list[Fraction] = []
    for layer in net["layers"]:
        weight = layer["weight"]
        if isinstance(weight, dict):
            height, width = weight["shape"]
            matrix = [[Fraction(0)] * width for _ in range(height)]
            for row, column, entry in weight["entries"]:
                matrix[row][column] = number(entry)
        else:
            matrix = [[number(entry) for entry in line] for line in weight]
        bias = [number(entry) for entry in layer.get("bias", [0] * len(matrix))]
        activation, slope = layer.get("activation", "identity"), _slope(layer)
        before = [
            sum((a * b for a, b in zip(line, values, strict=True)), constant)
            for line, constant in zip(matrix, bias, strict=True)
        ]
        for value in before:
            seen += preactivations(activation, [value], slope)
        values = [apply(activation, [value], slope) for value in before]
    return tuple(values), sorted(seen)


def _graph(net: dict[str, Any], point: list[Fraction]) -> tuple[tuple[Fraction, ...], list[Fraction]]:
    names = net["inputs"] if isinstance(net["inputs"], list) else [f"x{index}" for index in range(net["inputs"])]
    values = dict(zip(names, point, strict=True))
    seen: list[Fraction] = []
    waiting = list(net["nodes"])
    while waiting:
        node = next(node for node in waiting if all(argument in values for argument in node["args"]))
        waiting.remove(node)
        arguments = [values[argument] for argument in node["args"]]
        if node["op"] == "affine":
            coefficients = [number(entry) for entry in node.get("coefficients", [1] * len(arguments))]
            terms = (a * b for a, b in zip(coefficients, arguments, strict=True))
            values[node["id"]] = sum(terms, number(node.get("bias", 0)))
        else:
            seen += preactivations(node["op"], arguments, _slope(node))
            values[node["id"]] = apply(node["op"], arguments, _slope(node))
    return tuple(values[output] for output in net["outputs"]), sorted(seen)
