"""Irrational functions that come last: the program before them (SPEC 6).

Let F = h(G) where h is smooth near G(x0) and no kink stands behind anything irrational.  A lexicographic derivative of
F is h'(G(x0)) times that of G, with real numbers that no exact arithmetic has; so what is decided is G, and the report
says so.  Where G is differentiable F is; where G has two subgradients h' may hide it, as in (e^relu(x) - 1)^2 at 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.operations import Outside
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.smooth_operations import SMOOTH

#: Irrational operations that are smooth everywhere, those that are so for positive numbers, and away from zero.
_EVERYWHERE, _POSITIVE, _AWAY = ("exp", "softplus", "sigmoid", "tanh"), ("log", "sqrt"), ("norm", "elu")
#: Those whose values are positive.
_POSITIVE_VALUES = ("exp", "softplus", "sigmoid")


class BeforeOuter(NamedTuple):
    """The program before its irrational functions, and the nodes of these, as ``node (operation)``; the program as it
    is, and none, where it has none."""

    program: Program
    outer: tuple[str, ...]


def before_outer(program: Program) -> BeforeOuter:
    """The program whose outputs are what the irrational functions at the end of ``program`` are applied to.

    Outputs that rest on nothing irrational stay, before the others; what is read twice is there once.  Nodes that no
    output rests on add no outputs, and are gone where they are irrational or rest on one that is.

    Raises NetError, naming the node, where something that is not smooth stands behind an irrational function, or where
    that is not known to be smooth at the point.  Linear, and one evaluation.
    """
    if program.form.tensors is not None:
        return BeforeOuter(program, ())
    chain = program.form.chain
    steps = program.form.units() if chain is None else ()
    names = {step.operation for step in steps} | {layer.activation for layer in chain or ()}
    if not any(map(_is_irrational, names)):
        return BeforeOuter(program, ())
    form = program.form.to_graph(program.inputs)
    order = topological_order([node.arguments for node in form.nodes], program.input_count)
    used = _used(form, order, program.input_count)
    behind = _behind(form, order, program.input_count, used)
    applied = [number for number in order if program.input_count + number in behind & used]
    wanted = [output for output in form.outputs if output not in behind]
    for number in applied:
        wanted += [argument for argument in form.nodes[number].arguments if argument not in behind]
    outputs = list(dict.fromkeys(wanted))
    before = _cut(program, form, behind, outputs)
    _require_smooth(program, form, applied, dict(zip(outputs, value(before), strict=True)))
    irrational = [node for node in form.nodes if _is_irrational(node.operation)]
    return BeforeOuter(before, tuple([f"{node.id} ({node.operation})" for node in irrational]))


def _is_irrational(operation: str) -> bool:
    return operation in (*_EVERYWHERE, *_POSITIVE, *_AWAY)


def _used(form: GraphForm, order: Sequence[int], inputs: int) -> set[int]:
    """The inputs and nodes that an output rests on."""
    used = set(form.outputs)
    for number in reversed(order):
        if inputs + number in used:
            used.update(form.nodes[number].arguments)
    return used


def _behind(form: GraphForm, order: Sequence[int], inputs: int, used: set[int]) -> set[int]:
    """The nodes that are irrational or rest on one that is.  Raises NetError for a ``used`` one that is not smooth."""
    behind: set[int] = set()
    for number in order:
        node = form.nodes[number]
        if not _is_irrational(node.operation) and behind.isdisjoint(node.arguments):
            continue
        known = SMOOTH.get(node.operation)
        jumps = known is not None and isinstance(known.meaning, Outside) and not _is_irrational(known.name)
        if inputs + number in used and node.row is None and (known is None or jumps):
            _refuse(
                node, f"{node.operation} of what is irrational is not decided; only smooth functions may stand there"
            )
        behind.add(inputs + number)
    return behind


def _cut(program: Program, form: GraphForm, behind: set[int], outputs: Sequence[int]) -> Program:
    """The nodes that are not behind anything irrational, with these outputs."""
    place = {handle: handle for handle in range(program.input_count)}
    nodes: list[Node] = []
    for number, node in enumerate(form.nodes):
        if program.input_count + number not in behind:
            place[program.input_count + number] = program.input_count + len(nodes)
            nodes.append(node)
    moved = []
    for node in nodes:
        arguments = tuple([place[argument] for argument in node.arguments])
        row = None if node.row is None else node.row._replace(arguments=arguments)
        moved.append(node._replace(arguments=arguments, row=row))
    if not moved:  # a net has at least one node
        first = form.nodes[0]
        moved.append(Node(first.id, "affine", (outputs[0],), Row.of((outputs[0],), (1,))))
        place[outputs[0]] = program.input_count
    return program._replace(form=GraphForm(tuple(moved), tuple([place[output] for output in outputs])))


def _require_smooth(program: Program, form: GraphForm, applied: Sequence[int], known: Mapping[int, Fraction]) -> None:
    """Refuse a function among the nodes ``applied`` that is not known to be smooth where it is; ``known`` are the
    values of what they are applied to."""
    positive = {handle for handle, number in known.items() if number > 0}
    nonzero = {handle for handle, number in known.items() if number}
    for number in applied:
        handle, node = program.input_count + number, form.nodes[number]
        needed = {"log": positive, "sqrt": positive, "norm": nonzero, "elu": nonzero, "div": nonzero}
        arguments = node.arguments[1:] if node.operation == "div" else node.arguments
        if node.operation == "power" and node.slope is not None and node.slope < 0:
            needed["power"] = nonzero
        if node.operation == "elu" and node.slope == 1:
            del needed["elu"]
        if node.operation in needed and needed[node.operation].isdisjoint(arguments):
            _refuse(node, f"{node.operation} of what is not known to be {_wanted(node.operation)} is not decided")
        if _is_positive(node, positive):
            positive.add(handle)
            nonzero.add(handle)


def _wanted(operation: str) -> str:
    return "positive" if operation in _POSITIVE else "different from zero"


def _is_positive(node: Node, positive: set[int]) -> bool:
    """Whether the node's value is seen to be positive."""
    if node.operation in _POSITIVE_VALUES:
        return True
    if node.row is None:
        return node.operation in ("mul", "div", "sqrt", "square", "power") and positive.issuperset(node.arguments)
    pairs = list(zip(node.row.arguments, node.row.coefficients, strict=True))
    terms = [argument for argument, coefficient in pairs if coefficient > 0]
    negative = any(coefficient < 0 for _, coefficient in pairs)
    return not negative and node.row.bias >= 0 and bool(terms) and positive.issuperset(terms)


def _refuse(node: Node, why: str) -> NoReturn:
    raise NetError(why, file="<net>", place=node.id)
