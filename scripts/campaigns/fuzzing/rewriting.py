"""The same function in other words: each operation by another one, terms by distributivity, scaled neurons."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from fuzzing.builder import Graph, exact, number, plain


def rewritten(graph: Graph, nodes: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Add a second version of each node; the names of the second by those of the first."""
    twins = {name: name for name in graph.inputs}
    for node in nodes:
        twins[node["id"]] = _twin(graph, node, [twins[argument] for argument in node["args"]])
    return twins


def _twin(graph: Graph, node: dict[str, Any], arguments: list[str]) -> str:
    source, operation = graph.source, node["op"]
    if operation == "affine":
        terms = list(zip(node["coefficients"], arguments, strict=True))
        source.shuffle(terms)
        return graph.sum(terms, node.get("bias", 0))
    if operation in ("max", "min"):
        return _extremum(graph, operation, arguments)
    first = arguments[0]
    negative = graph.sum([(-1, first)])
    if operation == "relu":
        return source.choice((_scaled_relu, _opposite_relu, _half_abs))(graph, first)
    if operation == "abs":
        if source.random() < 0.5:
            return graph.add("max", [negative, first])
        return graph.sum([(2, graph.add("relu", [first])), (-1, first)])
    if operation == "leaky_relu":
        slope = exact(node["slope"])
        return graph.sum([(1, first), (plain(1 - slope), graph.add("relu", [negative]))])
    if operation == "hardtanh":
        return graph.sum([(-1, graph.add("hardtanh", [negative]))])
    assert operation == "relu6", f"scripts/campaigns/fuzzing/rewriting.py does not know {operation}"
    inner = graph.add("hardtanh", [graph.sum([("1/3", first)], -1)])  # relu6(t) = 3 hardtanh(t / 3 - 1) + 3
    return graph.sum([(3, inner)], 3)


def _extremum(graph: Graph, operation: str, arguments: list[str]) -> str:
    source = graph.source
    shuffled = source.sample(arguments, len(arguments))
    other = "min" if operation == "max" else "max"
    kind = source.randrange(3)
    if kind == 0:
        return graph.sum([(-1, graph.add(other, [graph.sum([(-1, name)]) for name in shuffled]))])
    if kind == 1:  # one after another, by relus
        sign = 1 if operation == "max" else -1
        best = shuffled[0]
        for name in shuffled[1:]:
            gap = graph.sum([(sign, name), (-sign, best)])
            best = graph.sum([(1, best), (sign, graph.add("relu", [gap]))])
        return best
    absorbed = graph.add(other, [shuffled[0], graph.add(operation, [shuffled[0], source.choice(arguments)])])
    return graph.add(operation, [absorbed, *shuffled[1:]])  # max(a, ...) = max(min(a, max(a, b)), ...)


def _scaled_relu(graph: Graph, name: str) -> str:
    scale = abs(exact(number(graph.source)))
    return graph.sum([(plain(1 / scale), graph.add("relu", [graph.sum([(plain(scale), name)])]))])


def _opposite_relu(graph: Graph, name: str) -> str:
    return graph.sum([(1, name), (1, graph.add("relu", [graph.sum([(-1, name)])]))])


def _half_abs(graph: Graph, name: str) -> str:
    return graph.sum([("1/2", name), ("1/2", graph.add("abs", [name]))])


def moved(graph: Graph) -> None:
    """Move one weight of the graph by a little or by one."""
    move(graph.source, graph.nodes)


def move(source: random.Random, nodes: Sequence[dict[str, Any]]) -> None:
    """The same of the nodes of a net file."""
    weighted = [node for node in nodes if node["op"] == "affine" and node["coefficients"]]
    if weighted:
        node = source.choice(weighted)
        index = source.randrange(len(node["coefficients"]))
        step = source.choice((Fraction(1), Fraction(-1), Fraction(1, 10**6), Fraction(1, 10**12)))
        node["coefficients"][index] = plain(exact(node["coefficients"][index]) + step)
