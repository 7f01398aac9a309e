"""Nets as straight-line programs: in the inputs, in the weights, or in both, on one sample or on several.

Layered nets without biases have closed formulas (``layered_cost``), which the counts are tested against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.net.forms import GraphForm
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program

#: What may be differentiated: the net's inputs, its weights and biases, or both.
WRT = ("inputs", "weights", "both")


class NetProgram(NamedTuple):
    """A net as a straight-line program, and the inputs of that which are differentiated."""

    program: StraightLine
    wrt: tuple[int, ...]


class NetLayout(NamedTuple):
    """What of a net is an input of its program.

    Attributes
    ----------
    form : the net as a graph.
    inputs : the net's own, of one sample.
    batch : samples.
    names, point : of the program's inputs: the samples, and then the weights.
    weights : by node and place in its row (the last place: the constant), where weights are inputs; else None.
    wrt : the inputs that are differentiated.
    """

    form: GraphForm
    inputs: int
    batch: int
    names: tuple[str, ...]
    point: tuple[Value, ...]
    weights: Mapping[tuple[int, int], int] | None
    wrt: tuple[int, ...]

    def numbers(self, node: int) -> list[Fraction]:
        """The coefficients of a row and its constant."""
        row = self.form.nodes[node].row
        return [] if row is None else [*row.rationals(), Fraction(row.bias, row.denominator)]


def net_layout(net: Program, wrt: str = "inputs", batch: int = 1) -> NetLayout:
    """The inputs of ``net_program``.  Raises as that does."""
    if wrt not in WRT:
        raise ParameterError(f"unknown choice {wrt!r}; known: {', '.join(WRT)}", place="wrt")
    if batch < 1 or (batch > 1 and net.output_count > 1):
        why = "less than 1" if batch < 1 else "several samples of a net of several outputs"
        raise ParameterError(f"{batch}: {why}", place="batch")
    form = net.form.to_graph(net.inputs)
    names = list(net.inputs)
    if batch > 1:
        names = [f"{name}[{sample}]" for sample in range(batch) for name in net.inputs]
    point: list[Value] = [*net.point] * batch
    samples = len(names)
    weights: dict[tuple[int, int], int] = {}
    if wrt != "inputs":
        for number, node in enumerate(form.nodes):
            row = node.row
            for place, value in enumerate([] if row is None else [*row.coefficients, row.bias]):
                if value:
                    weights[number, place] = len(names)
                    assert row is not None
                    names.append(f"{node.id}.{'bias' if place == len(row.coefficients) else f'weight[{place}]'}")
                    point.append(Fraction(value, row.denominator))
    chosen = {"inputs": range(samples), "weights": range(samples, len(names)), "both": range(len(names))}[wrt]
    given = None if wrt == "inputs" else weights
    return NetLayout(form, net.input_count, batch, tuple(names), tuple(point), given, tuple(chosen))


def net_program(net: Program, wrt: str = "inputs", batch: int = 1, limits: Limits = NO_LIMITS) -> NetProgram:
    """A net as a straight-line program.

    Parameters
    ----------
    wrt : with ``weights`` or ``both`` every nonzero coefficient and constant of an affine row is an input of the
        program, with ``inputs`` a constant.  A constant coefficient 1
        costs nothing, and -1 a change of sign or nothing.
    batch : samples; more than one have inputs of their own each, start at the net's point, and their outputs are
        added, so that the net must have one output.

    Raises ParameterError for an unknown ``wrt``, and several samples of several outputs; LimitReached.  Linear in the
    nonzeros times the samples.
    """
    return laid_out(net_layout(net, wrt, batch), net.name, limits)


def laid_out(layout: NetLayout, name: str | None = None, limits: Limits = NO_LIMITS) -> NetProgram:
    """The straight-line program of a layout.  Raises LimitReached."""
    build = Builder(layout.names)
    outputs = [_sample(build, layout, sample * layout.inputs, limits) for sample in range(layout.batch)]
    found = [build.total([each[0] for each in outputs])] if layout.batch > 1 else outputs[0]
    return NetProgram(build.program(*found, point=layout.point, name=name), layout.wrt)


def _sample(build: Builder, layout: NetLayout, start: int, limits: Limits) -> list[int]:
    """One sample, whose inputs begin at the slot ``start``; the outputs."""
    form, inputs, weights = layout.form, layout.inputs, layout.weights
    slots = [*range(start, start + inputs), *([-1] * len(form.nodes))]
    for number in topological_order([node.arguments for node in form.nodes], inputs):
        limits.check()
        node = form.nodes[number]
        arguments = [slots[argument] for argument in node.arguments]
        if node.row is None:
            assert node.operation in ENTRIES, node.operation
            slots[inputs + number] = build.apply(node.operation, *arguments, parameter=node.slope, name=node.id)
            continue
        terms: list[tuple[int, Fraction]] = []
        for place, (argument, value) in enumerate(zip([*arguments, -1], layout.numbers(number), strict=True)):
            if not value:
                continue
            if weights is not None:
                weight = weights[number, place]
                terms.append(
                    (weight if argument < 0 else build.apply("mul", weight, argument, name=node.id), Fraction(1))
                )
            else:
                terms.append((argument, value))
        slots[inputs + number] = _row(build, terms, node.id)
    return [slots[output] for output in form.outputs]


def _row(build: Builder, terms: Sequence[tuple[int, Fraction]], name: str) -> int:
    """The sum of coefficient * slot, slot -1 being 1: products by 1 and -1 are none, and a minus is a subtraction."""
    total: int | None = None
    for slot, coefficient in terms:
        if slot < 0:
            sign = 1 if total is None or coefficient > 0 else -1
            term = build.constant(sign * coefficient)
        elif abs(coefficient) == 1:
            term, sign = slot, 1 if coefficient > 0 else -1
        else:
            term, sign = build.apply("mul", build.constant(coefficient), slot, name=name), 1
        if total is None:
            total = term if sign > 0 else build.apply("neg", term, name=name)
        else:
            total = build.apply("add" if sign > 0 else "sub", total, term, name=name)
    return build.constant(0) if total is None else total


class LayeredCost(NamedTuple):
    """Unit costs of a layered net without biases: of the evaluation, and of the structural backward program."""

    cost: int
    backward: int


def layered_cost(sizes: Sequence[int], batch: int = 1, wrt: str = "inputs") -> LayeredCost:
    """The closed formulas for dense layers n_0-...-n_L, n_L = 1, all relus on, no coefficient 0, 1 or -1.

    With N weights and H hidden units: cost = B (2 N - sum n_l + H) + B - 1; the structural sweep adds for the inputs
    B (N - n_{L-1} + sum (n_l - 1) n_{l-1}); for the weights B (N - n_{L-1}) + (B - 1) N and, from the second layer
    on, what the inputs take there; for both all of it.  For wide nets backward is 2 times the evaluation (inputs),
    2.5 times (both, one sample), 3 times (both, many samples), 3 - 1/L times (weights, many samples).

    >>> layered_cost([2, 3, 1]), layered_cost([2, 3, 1], 4, "both")
    (LayeredCost(cost=17, backward=27), LayeredCost(cost=71, backward=162))
    """
    pairs = list(pairwise(sizes))
    weights = sum(before * after for before, after in pairs)
    cost = batch * (2 * weights - sum(sizes[1:]) + sum(sizes[1:-1])) + batch - 1
    passed = pairs if wrt != "weights" else pairs[1:]
    back = batch * sum(before * (2 * after - 1) for before, after in passed)
    back -= batch * sizes[-2] if passed else 0
    if wrt != "inputs":
        back += batch * (weights - sizes[-2]) + (batch - 1) * weights
    return LayeredCost(cost, cost + back)
