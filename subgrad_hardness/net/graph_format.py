"""The graph form of net.json: ``"nodes": [{"id": ..., "op": ..., "args": [...]}], "outputs": [...]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.net.forms import GraphForm, Node
from subgrad_hardness.net.json_text import Reader, show
from subgrad_hardness.net.layered_format import plain_number, plain_parameter, read_numbers, read_parameter, read_row
from subgrad_hardness.net.operations import PARAMETERS, node_operations
from subgrad_hardness.net.order import Cycle, topological_order
from subgrad_hardness.net.rational import Number
from subgrad_hardness.net.smooth_operations import known_operation

_NODE_KEYS = frozenset({"id", "op", "args", "coefficients", "bias", *PARAMETERS})


def read_graph(reader: Reader, net: Mapping[str, Any], inputs: Sequence[str]) -> GraphForm:
    """The nodes and outputs of a parsed net.  Raises ``reader.error`` with the place."""
    items = reader.sequence(net["nodes"], "nodes", "a list of nodes")
    if not items:
        reader.fail("nodes", "empty; a net has at least one node")
    index = {name: position for position, name in enumerate(inputs)}
    for position, item in enumerate(items):
        name = item.get("id") if type(item) is dict and item.keys() <= _NODE_KEYS else None
        if type(name) is str and name and name.isascii() and name not in index:  # nothing to complain about
            index[name] = len(inputs) + position
            continue
        place = f"nodes[{position}]"
        reader.mapping(item, place, _NODE_KEYS, "a node object")
        if "id" not in item:
            reader.fail(place, "no id")
        name = reader.text(item["id"], f"{place}.id", "a node's name")
        if not name:
            reader.fail(f"{place}.id", "empty")
        if name in index:
            first = index[name]
            what = "is an input's name" if first < len(inputs) else f"is the id of nodes[{first - len(inputs)}] already"
            reader.fail(f"{place}.id", f"{show(name)} {what}")
        index[name] = len(inputs) + position
    form = GraphForm(
        tuple(_read_node(reader, item, f"nodes[{position}]", index) for position, item in enumerate(items)),
        _read_names(reader, net["outputs"], "outputs", "output", index),
    )
    if not form.outputs:
        reader.fail("outputs", "empty; a net has at least one output")
    try:
        topological_order([node.arguments for node in form.nodes], len(inputs))
    except Cycle as cycle:
        reader.fail("nodes", show_cycle([form.nodes[number].id for number in cycle.nodes]))
    return form


def show_cycle(names: Sequence[str]) -> str:
    """A cycle in words, the middle of a long one left out."""
    shown = [show(name) for name in names]
    if len(shown) > 6:
        shown = [*shown[:5], f"... ({len(shown) - 6} more)", shown[-1]]
    return f"cycle {' -> '.join(shown)}"


def _read_names(reader: Reader, value: Any, place: str, what: str, index: dict[str, int]) -> tuple[int, ...]:
    if type(value) is list and set(map(type, value)) <= {str} and index.keys() >= set(value):  # as almost always
        return tuple([index[name] for name in value])
    result = []
    for position, name in enumerate(reader.sequence(value, place, "a list of names")):
        where = f"{place}[{position}]"
        if reader.text(name, where, "a name") not in index:
            reader.fail(where, f"unknown {what} {show(name)}")
        result.append(index[name])
    return tuple(result)


def _read_node(reader: Reader, node: dict[str, Any], place: str, index: dict[str, int]) -> Node:
    reader.limits.check()
    if "op" not in node:
        reader.fail(place, "no op")
    name = reader.text(node["op"], f"{place}.op", "an operation's name")
    arguments = _read_names(reader, node.get("args", []), f"{place}.args", "argument", index)
    if name == "affine":
        coefficients: list[Number] = [1] * len(arguments)
        if "coefficients" in node:
            coefficients = read_numbers(reader, node["coefficients"], f"{place}.coefficients", len(arguments))
        bias = node.get("bias", 0)
        if type(bias) is not int:
            bias = reader.number(bias, f"{place}.bias")
        read_parameter(reader, node, place, None, name)
        row = read_row(reader, place, arguments, coefficients, bias)
        return Node(node["id"], name, arguments, row)
    operation = known_operation(name)
    if operation is None or not operation.in_graphs:
        reader.fail(f"{place}.op", f"unknown op {show(name)}; known: affine, {', '.join(node_operations())}")
    for key in ("coefficients", "bias"):
        if key in node:
            reader.fail(f"{place}.{key}", f"{name} takes no {key}; only affine does")
    refused = operation.arguments_refused(len(arguments))
    if refused is not None:
        reader.fail(f"{place}.args", refused)
    return Node(node["id"], name, arguments, None, read_parameter(reader, node, place, operation, name))


def plain_graph(form: GraphForm, inputs: Sequence[str]) -> dict[str, Any]:
    """``{"nodes": ..., "outputs": ...}`` as JSON values: the author's order, defaults left out."""
    names = [*inputs, *(node.id for node in form.nodes)]
    nodes = [_plain_node(node, names) for node in form.nodes]
    return {"nodes": nodes, "outputs": [names[output] for output in form.outputs]}


def _plain_node(node: Node, names: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"id": node.id, "op": node.operation}
    result["args"] = [names[argument] for argument in node.arguments]
    if node.row is not None:
        row = node.row
        if any(coefficient != row.denominator for coefficient in row.coefficients):
            result["coefficients"] = [plain_number(number) for number in row.rationals()]
        if row.bias:
            result["bias"] = plain_number(Fraction(row.bias, row.denominator))
    return result | plain_parameter(node.operation, node.slope)
