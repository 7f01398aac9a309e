"""Two programs of one function, subtracted: F_k = first_k - second_k = 0 for each output k; or with one weight moved.

The families of this kind write what people write twice: a reference and a faster version, a recursion from either end,
a formula and its dual.  Both programs read the inputs themselves and share no node, so that nothing but reasoning about
max and min shows that they agree.

``moved`` doubles one argument of one node of the second program, drawn uniformly.  Whether that shows is found out by
exact evaluation (``family.nonlinearity``); up to ``DRAWS`` arguments are drawn until it does, and the verdict is
``distinct``.  Else the last net stands, of which nobody knows the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Values
from subgrad_hardness.family.nonlinearity import moved_verdict
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.forms import Node
from subgrad_hardness.net.program import Program

#: Adds a program's nodes to a graph; the handles of its outputs.
Writer = Callable[[GraphBuilder], Sequence[int]]

#: Arguments that are drawn for ``moved``.
DRAWS = 16


@dataclass(frozen=True)
class Twice:
    """Two programs of one function.

    Attributes
    ----------
    inputs : the names of the inputs of both.
    first, second : the programs.
    known_by : why they agree.
    """

    inputs: tuple[str, ...]
    first: Writer
    second: Writer
    known_by: str

    def difference(self, doubled: int = -1) -> tuple[Program, int]:
        """first - second, one output for each of theirs; and the number of arguments in the second.

        ``doubled`` is the number of the argument of the second program (from 0, in the order in which nodes were added)
        that is taken twice; none if negative.  Linear in the nodes and their arguments.
        """
        build = _Doubling(self.inputs)
        left = self.first(build)
        build.watch(doubled)
        right = self.second(build)
        arguments = build.watched
        build.watch(-1)
        outputs = [build.sum([(one, 1), (other, -1)]) for one, other in zip(left, right, strict=True)]
        return build.program(outputs), arguments


def difference_net(values: Values, pair: Twice, family: str, name: str, *, drawn: bool = False) -> Program:
    """The family's net: the difference, or with its flag ``moved`` one weight of it moved, drawn with its ``seed``.

    ``drawn`` says that the programs themselves depend on the seed, which the name of the net then names.
    """
    given = values.declared()
    seed, moved = given.pop("seed"), given["moved"]
    parameters = {key: value for key, value in given.items() if value is not None}
    program, places = pair.difference()
    facts: dict[str, Any] = {"verdict": "unique", "known_by": pair.known_by}
    if moved:
        stream = Stream(seed, family, *(f"{key}={value}" for key, value in parameters.items()))
        for _ in range(DRAWS):
            program, _ = pair.difference(stream.below(places))
            facts = moved_verdict(program, seed)
            if facts["verdict"] is not None:
                break
    provenance = {"family": family, "parameters": parameters, "seed": seed, **facts}
    name += ", one weight moved" if moved else ""
    name += f", seed {seed}" if drawn or moved else ""
    return program._replace(name=name, provenance=provenance)


def join(build: GraphBuilder, operation: str, arguments: Sequence[int]) -> int:
    """max or min of one or more values, one node; a single value is its own."""
    return arguments[0] if len(arguments) == 1 else build.apply(operation, arguments)


class _Doubling(GraphBuilder):
    """A builder that takes one argument twice, and counts arguments since it was told to."""

    def __init__(self, inputs: Sequence[str]) -> None:
        super().__init__(inputs)
        self.watch(-1)

    def watch(self, doubled: int) -> None:
        """Count arguments from 0; that of number ``doubled`` is taken twice."""
        self.doubled = doubled
        self.watched = 0

    def add(self, node: Node) -> int:
        place = self.doubled - self.watched
        self.watched += len(node.arguments)
        if not 0 <= place < len(node.arguments):
            return super().add(node)
        arguments = list(node.arguments)
        self.doubled = -1
        arguments[place] = self.sum([(arguments[place], 2)], name="moved")
        self.watched -= 1  # that node is none of the program's
        row = None if node.row is None else node.row._replace(arguments=tuple(arguments))
        return super().add(node._replace(arguments=tuple(arguments), row=row))
