"""A graph under rewriting: nodes are met with their arguments first, and written anew under fresh names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.conversion import to_graph
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number

#: Operations with a(c t) = c a(t) for c > 0, of however many arguments.
HOMOGENEOUS = frozenset({"relu", "leaky_relu", "abs", "max", "min"})


class Draft:
    """The new graph of ``program``; references are those of ``net.program.Node``, inputs first.

    ``place`` maps every old reference that has been met to its new one.
    """

    def __init__(self, program: Program) -> None:
        graph = to_graph(program)
        assert isinstance(graph.form, GraphForm)
        self.old = graph
        self.form = graph.form
        self.inputs = graph.input_count
        self.nodes: list[Node] = []
        self.place: dict[int, int] = {index: index for index in range(self.inputs)}
        self._prefix = "n"
        while any(name.startswith(self._prefix) for name in graph.inputs):
            self._prefix = "_" + self._prefix

    def in_order(self) -> Iterator[tuple[int, Node]]:
        """The old nodes with their old references, arguments first."""
        for number in topological_order(self.form, self.inputs):
            yield self.inputs + number, self.form.nodes[number]

    def add(self, operation: str, arguments: Sequence[int], slope: Fraction | None = None) -> int:
        """A node of the new graph; its reference."""
        return self._append(operation, tuple(arguments), None, slope)

    def affine(self, terms: Sequence[tuple[int, Number]], bias: Number = 0) -> int:
        """The node sum of coefficient * reference + bias."""
        references = tuple(reference for reference, _ in terms)
        row = Row.of(references, [coefficient for _, coefficient in terms], bias)
        return self._append("affine", references, row, None)

    def copied(self, node: Node, arguments: Sequence[int]) -> int:
        """The old node over these new references."""
        row = None if node.row is None else node.row._replace(arguments=tuple(arguments))
        return self._append(node.operation, tuple(arguments), row, node.slope)

    def places(self, references: Sequence[int]) -> list[int]:
        """The new places of old references."""
        return [self.place[reference] for reference in references]

    def finished(self, outputs: Sequence[int] | None = None) -> Program:
        """The new program, with these outputs or the places of the old ones."""
        chosen = self.places(self.form.outputs) if outputs is None else outputs
        return self.old._replace(form=GraphForm(tuple(self.nodes), tuple(chosen)))

    def _append(self, operation: str, arguments: tuple[int, ...], row: Row | None, slope: Fraction | None) -> int:
        if len(self.nodes) >= MAX_UNITS:
            raise NetError(f"more than {MAX_UNITS} nodes after this step", file="<net>")
        self.nodes.append(Node(f"{self._prefix}{len(self.nodes) + 1}", operation, arguments, row, slope))
        return self.inputs + len(self.nodes) - 1
