"""Topological order of a graph net, and its cycles."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter


class Cycle(ValueError):
    """The graph has a cycle; ``nodes`` are the node numbers around it."""

    def __init__(self, nodes: list[int]) -> None:
        self.nodes = nodes
        super().__init__("cycle")


def topological_order(arguments: Sequence[Sequence[int]], inputs: int) -> list[int]:
    """Node numbers, arguments first; the author's order where that already is one.

    ``arguments[k]`` are those of node k: 0..inputs-1 the inputs, inputs + k the node k.

    Raises Cycle.  Linear in the size of the graph.
    """
    if all(argument < inputs + number for number, read in enumerate(arguments) for argument in read):
        return list(range(len(arguments)))
    sorter = TopologicalSorter(
        {
            number: [argument - inputs for argument in read if argument >= inputs]
            for number, read in enumerate(arguments)
        }
    )
    try:
        return list(sorter.static_order())
    except CycleError as problem:
        raise Cycle(problem.args[1]) from None
