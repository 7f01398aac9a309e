"""The forms in which a program is written: a chain of layers, or a graph of nodes.

Whoever works with programs asks a form for what it wants to know (``Form``), and never which of the classes it is: a
further form (of tensors, say) joins by answering the same questions, and by one entry of ``net.formats``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from subgrad_hardness.net.operations import Builder, Operation, Smooth
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.rational import Number, common_denominator
from subgrad_hardness.net.smooth_operations import decided_operation


class Row(NamedTuple):
    """The affine form (sum of coefficients[i] * value(arguments[i]) + bias) / denominator.

    All integers, the denominator positive and common to the row, so that sparse rows of 10^5
    entries are handled without a Fraction per entry.
    """

    arguments: tuple[int, ...]
    coefficients: tuple[int, ...]
    bias: int
    denominator: int

    @classmethod
    def of(cls, arguments: Sequence[int], coefficients: Sequence[Number], bias: Number = 0) -> Row:
        numerators, denominator = common_denominator([*coefficients, bias])
        return cls(tuple(arguments), tuple(numerators[:-1]), numerators[-1], denominator)

    def rationals(self) -> Iterator[Fraction]:
        """The coefficients as rationals."""
        return (Fraction(numerator, self.denominator) for numerator in self.coefficients)


class Layer(NamedTuple):
    """One layer x -> activation(W x + b); row arguments index the previous layer's units.

    Rows hold the nonzero entries only, in order of the columns.
    """

    columns: int
    rows: tuple[Row, ...]
    activation: str
    slope: Fraction | None = None


class Node(NamedTuple):
    """One node of a graph; arguments are indices (0..p-1 the inputs, p+k the node k).

    ``row`` is set for ``affine`` only, ``slope`` for operations that have one; that of a power is its exponent.
    """

    id: str
    operation: str
    arguments: tuple[int, ...]
    row: Row | None = None
    slope: Fraction | None = None


class Unit(NamedTuple):
    """A user's unit: a unit of a layer (its row, and what is applied to it), or a node of a graph."""

    operation: str
    row: Row | None
    slope: Fraction | None


class Size(NamedTuple):
    """Nodes, and edges: arguments, counted with repetition."""

    nodes: int
    edges: int


class LoweringBuilder(Builder, Protocol):
    """What a form rewrites itself with; ``unit`` is the number of the unit that is being rewritten."""

    inputs: int
    unit: int

    def add(self, row: Row) -> int:
        """The node of an affine row whose arguments are handles."""

    def smooth(self, operation: str, arguments: Sequence[int], exponent: Fraction | None) -> int:
        """The node of a smooth operation on handles."""


def _applied(build: LoweringBuilder, operation: Operation, arguments: Sequence[int], slope: Fraction | None) -> int:
    """An operation on handles: rewritten, or a smooth one as it is."""
    if isinstance(operation.meaning, Smooth):
        return build.smooth(operation.name, arguments, slope)
    return operation.rewrite(build, arguments, slope)


class Form(Protocol):
    """What every form of a program answers.  Units are numbered from 0, in the author's order."""

    @property
    def kind(self) -> str:
        """The form's name: the key of its entry in ``net.formats.FORMATS``."""

    @property
    def output_count(self) -> int:
        """m."""

    @property
    def unit_count(self) -> int:
        """How many units there are."""

    @property
    def chain(self) -> tuple[Layer, ...] | None:
        """The layers of which the program is a chain, where it is written so; else None."""

    @property
    def tensors(self) -> Any:
        """The program in tensors, where its units are too many to be written down (``models.tensor_form``)."""

    def units(self) -> Iterator[Unit]:
        """All units in order."""

    def unit_name(self, unit: int) -> str:
        """The user's name of a unit.  Raises IndexError for a number that no unit has."""

    def canonical_order(self) -> Sequence[int]:
        """The units in the order in which certificates number what they are made of."""

    def graph_size(self) -> Size:
        """The size of ``to_graph``, without making it."""

    def to_graph(self, inputs: Sequence[str]) -> GraphForm:
        """The same program as a graph; a graph is itself."""

    def lower(self, build: LoweringBuilder) -> list[int]:
        """Rewrite all units into affine rows and relus; returns the handles of the outputs."""


class LayeredForm(NamedTuple):
    """A chain of layers; the last layer's units are the outputs."""

    layers: tuple[Layer, ...]

    @property
    def kind(self) -> str:
        return "layers"

    @property
    def output_count(self) -> int:
        return len(self.layers[-1].rows)

    @property
    def unit_count(self) -> int:
        return sum(len(layer.rows) for layer in self.layers)

    @property
    def chain(self) -> tuple[Layer, ...] | None:
        return self.layers

    @property
    def tensors(self) -> Any:
        return None

    def units(self) -> Iterator[Unit]:
        for layer in self.layers:
            for row in layer.rows:
                yield Unit(layer.activation, row, layer.slope)

    def unit_name(self, unit: int) -> str:
        if unit >= 0:
            for number, layer in enumerate(self.layers):
                if unit < len(layer.rows):
                    return f"layers[{number}][{unit}]"
                unit -= len(layer.rows)
        raise IndexError(unit)

    def canonical_order(self) -> Sequence[int]:
        return range(self.unit_count)

    def graph_size(self) -> Size:
        active = sum(len(layer.rows) for layer in self.layers if layer.activation != "identity")
        edges = sum(max(1, len(row.arguments)) for layer in self.layers for row in layer.rows)
        return Size(self.unit_count + active, edges + active)

    def to_graph(self, inputs: Sequence[str]) -> GraphForm:
        """Unit 3 of layer 0 becomes the node ``layers[0][3]``, its affine row ``layers[0][3].pre``; an
        identity unit is its row.  Where an input bears such a name, all ids start with underscores.
        A zero row names one unit of the layer before with coefficient 0, so that its layer can be told.
        """
        prefix = ""
        while any(name.startswith(f"{prefix}layers[") for name in inputs):
            prefix += "_"
        nodes: list[Node] = []
        units = list(range(len(inputs)))
        for number, layer in enumerate(self.layers):
            following = []
            for position, row in enumerate(layer.rows):
                name = f"{prefix}layers[{number}][{position}]"
                shown = row if row.arguments else row._replace(arguments=(0,), coefficients=(0,))
                shown = shown._replace(arguments=tuple([units[argument] for argument in shown.arguments]))
                if layer.activation == "identity":
                    nodes.append(Node(name, "affine", shown.arguments, shown))
                else:
                    nodes.append(Node(f"{name}.pre", "affine", shown.arguments, shown))
                    affine = len(inputs) + len(nodes) - 1
                    nodes.append(Node(name, layer.activation, (affine,), None, layer.slope))
                following.append(len(inputs) + len(nodes) - 1)
            units = following
        return GraphForm(tuple(nodes), tuple(units))

    def lower(self, build: LoweringBuilder) -> list[int]:
        handles = list(range(build.inputs))
        for layer in self.layers:
            operation = decided_operation(layer.activation, self.unit_name(build.unit))
            units: list[int] = []
            read: tuple[int, ...] = ()  # of the last row, and the handles of that; the rows of a dense layer share both
            arguments = read
            for row in layer.rows:
                if row.arguments is not read:
                    read = row.arguments
                    arguments = tuple([handles[argument] for argument in read])
                    arguments = read if arguments == read else arguments
                affine = build.add(row if arguments is read else row._replace(arguments=arguments))
                units.append(_applied(build, operation, (affine,), layer.slope))
                build.unit += 1
            handles = units
        return handles


class GraphForm(NamedTuple):
    """Nodes in the author's order (any order without a cycle) and the output indices."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]

    @property
    def kind(self) -> str:
        return "graph"

    @property
    def output_count(self) -> int:
        return len(self.outputs)

    @property
    def unit_count(self) -> int:
        return len(self.nodes)

    @property
    def chain(self) -> tuple[Layer, ...] | None:
        return None

    @property
    def tensors(self) -> Any:
        return None

    def units(self) -> Iterator[Unit]:
        for node in self.nodes:
            yield Unit(node.operation, node.row, node.slope)

    def unit_name(self, unit: int) -> str:
        if unit < 0:
            raise IndexError(unit)
        return self.nodes[unit].id

    def canonical_order(self) -> Sequence[int]:
        return sorted(range(len(self.nodes)), key=lambda number: self.nodes[number].id)

    def graph_size(self) -> Size:
        return Size(len(self.nodes), sum(len(node.arguments) for node in self.nodes))

    def to_graph(self, inputs: Sequence[str]) -> GraphForm:
        return self

    def lower(self, build: LoweringBuilder) -> list[int]:
        inputs = build.inputs
        handles = list(range(inputs)) + [-1] * len(self.nodes)
        for number in topological_order([node.arguments for node in self.nodes], inputs):
            node = self.nodes[number]
            build.unit = number
            row, arguments = node.row, tuple([handles[argument] for argument in node.arguments])
            if row is None:
                handle = _applied(build, decided_operation(node.operation, node.id), arguments, node.slope)
            elif arguments == row.arguments:
                handle = build.add(row)
            else:
                handle = build.add(Row(arguments, row.coefficients, row.bias, row.denominator))
            handles[inputs + number] = handle
        return [handles[output] for output in self.outputs]
