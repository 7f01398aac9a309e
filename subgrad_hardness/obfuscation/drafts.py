"""A graph under rewriting: nodes are met with their arguments first, and written anew under fresh names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.forms import Node
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number


class Draft:
    """The new graph of ``program``; references are those of ``net.program.Node``, inputs first.

    ``place`` maps every old reference that has been met to its new one.
    """

    def __init__(self, program: Program) -> None:
        self.old = program
        self.form = program.form.to_graph(program.inputs)
        self.inputs = program.input_count
        self.build = GraphBuilder(program.inputs)
        self.place: dict[int, int] = {index: index for index in range(self.inputs)}

    def in_order(self) -> Iterator[tuple[int, Node]]:
        """The old nodes with their old references, arguments first."""
        for number in topological_order([node.arguments for node in self.form.nodes], self.inputs):
            yield self.inputs + number, self.form.nodes[number]

    def add(self, operation: str, arguments: Sequence[int], slope: Fraction | None = None) -> int:
        """A node of the new graph; its reference."""
        return self.build.apply(operation, arguments, slope)

    def affine(self, terms: Sequence[tuple[int, Number]], bias: Number = 0) -> int:
        """The node sum of coefficient * reference + bias."""
        return self.build.affine(terms, bias)

    def copied(self, node: Node, arguments: Sequence[int]) -> int:
        """The old node over these new references."""
        return self.build.copy(node, arguments)

    def places(self, references: Sequence[int]) -> list[int]:
        """The new places of old references."""
        return [self.place[reference] for reference in references]

    def finished(self, outputs: Sequence[int] | None = None) -> Program:
        """The new program, with these outputs or the places of the old ones."""
        chosen = self.places(self.form.outputs) if outputs is None else outputs
        return self.old._replace(form=self.build.form(chosen))
