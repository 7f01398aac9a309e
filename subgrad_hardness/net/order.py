"""Topological order of a graph net, and its cycles."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from subgrad_hardness.net.forms import GraphForm


class Cycle(ValueError):
    """The graph has a cycle; ``nodes`` are the node numbers around it."""

    def __init__(self, nodes: list[int]) -> None:
        self.nodes = nodes
        super().__init__("cycle")


def topological_order(form: GraphForm, inputs: int) -> list[int]:
    """Node numbers, arguments first; the author's order where that already is one.

    Raises Cycle.  Linear in the size of the graph.
    """
    if all(argument < inputs + number for number, node in enumerate(form.nodes) for argument in node.arguments):
        return list(range(len(form.nodes)))
    sorter = TopologicalSorter(
        {
            number: [argument - inputs for argument in node.arguments if argument >= inputs]
            for number, node in enumerate(form.nodes)
        }
    )
    try:
        return list(sorter.static_order())
    except CycleError as problem:
        raise Cycle(problem.args[1]) from None
