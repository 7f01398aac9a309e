"""The one rewriting of a program into affine rows and relus (SPEC 1), with provenance.

Kinks and the autodiff set depend on this rewriting, so it is fixed: every algorithm, and the
certificate verifier, starts from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.net.forms import Form, LayeredForm, Row
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.order import topological_order


class Relu(NamedTuple):
    """relu of the node with index ``argument``."""

    argument: int


class Lowered(NamedTuple):
    """Affine rows and relus in topological order.

    Node indices: 0..inputs-1 are the inputs, inputs + k is ``nodes[k]``; arguments have smaller
    indices.  ``units[k]`` is the user's unit (node number, or running number over the layers) that
    ``nodes[k]`` came from.
    """

    inputs: int
    nodes: tuple[Row | Relu, ...]
    units: tuple[int, ...]
    outputs: tuple[int, ...]


class _Builder:
    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.nodes: list[Row | Relu] = []
        self.units: list[int] = []
        self.unit = 0

    def add(self, node: Row | Relu) -> int:
        self.nodes.append(node)
        self.units.append(self.unit)
        return self.inputs + len(self.nodes) - 1

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        return self.add(Row(handles, coefficients, constant, 1))

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        return self.add(Row.of(handles, coefficients))

    def relu(self, argument: int) -> int:
        return self.add(Relu(argument))


def lower(form: Form, inputs: int) -> Lowered:
    """Rewrite a program of ``inputs`` inputs; linear in its size."""
    build = _Builder(inputs)
    if isinstance(form, LayeredForm):
        outputs = _lower_layers(build, form)
    else:
        handles = list(range(inputs)) + [-1] * len(form.nodes)
        for number in topological_order(form, inputs):
            node = form.nodes[number]
            build.unit = number
            arguments = [handles[argument] for argument in node.arguments]
            if node.row is not None:
                handle = build.add(node.row._replace(arguments=tuple(arguments)))
            else:
                handle = OPERATIONS[node.operation].rewrite(build, arguments, node.slope)
            handles[inputs + number] = handle
        outputs = [handles[output] for output in form.outputs]
    return Lowered(inputs, tuple(build.nodes), tuple(build.units), tuple(outputs))


def _lower_layers(build: _Builder, form: LayeredForm) -> list[int]:
    handles = list(range(build.inputs))
    for layer in form.layers:
        rewrite = OPERATIONS[layer.activation].rewrite
        units = []
        for row in layer.rows:
            arguments = tuple([handles[argument] for argument in row.arguments])
            affine = build.add(row._replace(arguments=arguments) if arguments else row)
            units.append(rewrite(build, (affine,), layer.slope))
            build.unit += 1
        handles = units
    return handles
