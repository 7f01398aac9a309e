"""From a net that shows a fault to a smaller one that still shows it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from fuzzing.builder import Net, exact, plain
from subgrad_hardness.net.conversion import to_graph
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import dumps


def shrunk(net: Net, faulty: Callable[[Net], bool], most: int = 2000) -> Net:
    """A net in graph form from which no single simplification can be taken without losing the fault.

    ``faulty`` is asked at most ``most`` times.  The net itself is returned where its graph form is not faulty.
    """
    smaller: Net = json.loads(dumps(to_graph(program_from(net)))) if "layers" in net else copy.deepcopy(net)
    for key in ("version", "provenance", "name"):
        smaller.pop(key, None)
    if not faulty(smaller):
        return net
    asked, progress = 0, True
    while progress and asked < most:
        progress = False
        for candidate in simplifications(smaller):
            asked += 1
            if faulty(candidate):
                smaller, progress = candidate, True
                break
            if asked >= most:
                break
    return smaller


def simplifications(net: Net) -> Iterator[Net]:
    """Nets that are simpler by one step, the largest steps first."""
    for number in range(len(net["outputs"])):
        if len(net["outputs"]) > 1:
            yield _changed(net, partial(_less, number=number))
    for number, node in reversed(list(enumerate(net["nodes"]))):
        for argument in dict.fromkeys(node["args"]):
            yield _changed(net, partial(_bypass, number=number, argument=argument))
    for number, node in enumerate(net["nodes"]):
        if node["op"] in ("affine", "max", "min") and len(node["args"]) > 1:
            for place in range(len(node["args"])):
                yield _changed(net, partial(_drop, number=number, place=place))
    if any(net.get("point", ())):
        yield _changed(net, _at_origin)
    for number, node in enumerate(net["nodes"]):
        if node["op"] not in ("affine", "relu", "max", "min"):
            yield _changed(net, partial(_relu, number=number))
        if node.get("bias", 0) != 0:
            yield _changed(net, partial(_unbiased, number=number))
        for place, coefficient in enumerate(node.get("coefficients", ())):
            for simple in _simpler(exact(coefficient)):
                yield _changed(net, partial(_put, number=number, place=place, value=simple))


def _simpler(value: Fraction) -> Iterator[Fraction]:
    sign = 1 if value > 0 else -1
    for size in (1, 2, 3, abs(value).numerator // abs(value).denominator, abs(value).numerator):
        if 0 < size < abs(value).numerator + abs(value).denominator - 1:
            yield Fraction(sign * size)


def _changed(net: Net, change: Callable[[Net], object]) -> Net:
    """A copy with the change, and without nodes that then reach no output."""
    new = copy.deepcopy(net)
    change(new)
    nodes = {node["id"]: node for node in new["nodes"]}
    alive, stack = set(), list(new["outputs"])
    while stack:
        name = stack.pop()
        if name in nodes and name not in alive:
            alive.add(name)
            stack += nodes[name]["args"]
    new["nodes"] = [node for node in new["nodes"] if node["id"] in alive] or new["nodes"][:1]
    return new


def _less(net: Net, number: int) -> None:
    del net["outputs"][number]


def _at_origin(net: Net) -> None:
    del net["point"]


def _bypass(net: Net, number: int, argument: str) -> None:
    name = net["nodes"].pop(number)["id"]
    for node in net["nodes"]:
        node["args"] = [argument if other == name else other for other in node["args"]]
    net["outputs"] = [argument if other == name else other for other in net["outputs"]]


def _drop(net: Net, number: int, place: int) -> None:
    node = net["nodes"][number]
    del node["args"][place]
    if "coefficients" in node:
        del node["coefficients"][place]


def _relu(net: Net, number: int) -> None:
    node = net["nodes"][number]
    node["op"] = "relu"
    node.pop("slope", None)


def _unbiased(net: Net, number: int) -> None:
    del net["nodes"][number]["bias"]


def _put(net: Net, number: int, place: int, value: Fraction) -> None:
    net["nodes"][number]["coefficients"][place] = plain(value)
