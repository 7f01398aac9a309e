"""A net on data as one program: in its parameters, in the data, with a loss or without."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.losses.functions import LossFunction
from subgrad_hardness.losses.parameters import Affine, Chosen, layer_rows, node_row
from subgrad_hardness.losses.values import Expressions, Value
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program

Vector = tuple[Fraction, ...]


class Compared(NamedTuple):
    """What outputs are compared with, and how; ``reduction`` is ``mean``, ``sum`` or ``none``."""

    loss: LossFunction
    targets: Sequence[Vector]
    delta: Fraction = Fraction(1)
    reduction: str = "mean"


def program_on_data(
    net: Program,
    wrt: Chosen,
    data: Sequence[Vector],
    compared: Compared | None = None,
    limits: Limits = NO_LIMITS,
) -> Program:
    """The program whose inputs are what ``wrt`` chooses, at the values that these have.

    With several data points an input ``x`` of the net becomes ``data[0].x``, ``data[1].x``, ...  Nodes bear the names
    of the net's units, behind the data point's.

    Raises LimitReached; NetError for an operation on constants that has no exact value, and for too many nodes.
    """
    points = [_Point("" if len(data) == 1 else f"data[{number}].", vector) for number, vector in enumerate(data)]
    names, values = list(wrt.numbers), list(wrt.numbers.values())
    for point in points:
        for name, value in zip(net.inputs, point.vector, strict=True):
            if name in wrt.inputs:
                names.append(point.prefix + name)
                values.append(value)
    m = Expressions(GraphBuilder(names))
    read = {name: handle for handle, name in enumerate(names)}
    made = _Made(m, net, read, {}, limits)
    outputs = []
    for point in points:
        start: list[Value] = [
            read[point.prefix + name] if name in wrt.inputs else value
            for name, value in zip(net.inputs, point.vector, strict=True)
        ]
        outputs.append(_Sample(made, point.prefix).outputs(start))
    if compared is None:
        found = [value for sample in outputs for value in sample]
    else:
        found = _losses(m, outputs, compared, limits)
    return m.build.program([m.handle(value) for value in found], values, name=net.name)


def _losses(m: Expressions, outputs: Sequence[Sequence[Value]], compared: Compared, limits: Limits) -> list[Value]:
    found = []
    for sample, target in zip(outputs, compared.targets, strict=True):
        limits.check()
        found.append(compared.loss.build(m, sample, target, compared.delta))
    if compared.reduction == "none":
        return found
    entries = len(found) * (len(outputs[0]) if compared.loss.entries else 1)
    factor = Fraction(1, entries) if compared.reduction == "mean" else Fraction(1)
    return [m.sum([(value, factor) for value in found], name=m.free("loss"))]


class _Point(NamedTuple):
    """A data point and what stands before its names."""

    prefix: str
    vector: Vector


class _Made(NamedTuple):
    """What all data points share: the expressions, the net, the inputs by name, and rows once they are made."""

    m: Expressions
    net: Program
    read: dict[str, int]
    rows: dict[int, Affine]
    limits: Limits


class _Sample:
    """The net at one data point."""

    def __init__(self, made: _Made, prefix: str) -> None:
        self.made, self.prefix = made, prefix
        self.m, self.net, self.rows = made.m, made.net, made.rows

    def outputs(self, start: list[Value]) -> list[Value]:
        """The values of the net's outputs, from those of its inputs."""
        chain = self.net.form.chain
        if chain is None:
            return self._graph(start)
        values, unit = start, 0
        for number, layer in enumerate(chain):
            if unit not in self.rows:
                self.rows.update({unit + place: row for place, row in enumerate(layer_rows(layer, number))})
            following = []
            for _ in layer.rows:
                name = self.net.unit_name(unit)
                plain = layer.activation == "identity"
                value = self._affine(self.rows[unit], values, name if plain else f"{name}.pre")
                following.append(value if plain else self._apply(layer.activation, [value], layer.slope, name))
                unit += 1
            values = following
        return values

    def _graph(self, start: list[Value]) -> list[Value]:
        form = self.net.form.to_graph(self.net.inputs)
        values: list[Value] = [*start, *([Fraction(0)] * len(form.nodes))]
        for number in topological_order([node.arguments for node in form.nodes], len(start)):
            node = form.nodes[number]
            if node.row is None:
                arguments = [values[argument] for argument in node.arguments]
                values[len(start) + number] = self._apply(node.operation, arguments, node.slope, node.id)
                continue
            if number not in self.rows:
                self.rows[number] = node_row(node.row, node.id)
            values[len(start) + number] = self._affine(self.rows[number], values, node.id)
        return [values[output] for output in form.outputs]

    def _affine(self, row: Affine, values: Sequence[Value], name: str) -> Value:
        self.made.limits.check()
        weights: list[Value] = [
            self.made.read.get(weight, value) for weight, value in zip(row.weight_names, row.coefficients, strict=True)
        ]
        bias: Value = self.made.read.get(row.bias_name, row.bias)
        return self.m.dot(weights, [values[argument] for argument in row.arguments], bias, self._name(name))

    def _apply(self, operation: str, arguments: Sequence[Value], slope: Fraction | None, name: str) -> Value:
        return self.m.apply(operation, arguments, slope, self._name(name))

    def _name(self, name: str) -> str:
        return self.m.free(self.prefix + name)
