"""Small random programs of all operations, at kinks: what everything is held against brute force on."""

from __future__ import annotations

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program

_OPERATIONS = ("relu", "abs", "max", "min", "leaky_relu", "relu")


def random_program(seed: int, *, inputs: int = 3, nodes: int = 5, outputs: int = 1, biases: bool = False) -> Program:
    """A graph of ``nodes`` operations, each behind small integer rows; at the origin most of them are kinks.

    ``biases``: constants in the rows, for regions.
    """
    stream = Stream(seed, "random program", inputs, nodes, outputs, int(biases))
    build = GraphBuilder(inputs)
    handles = list(range(inputs))

    def row() -> int:
        terms = [(handle, stream.integer(-2, 2)) for handle in handles[-4:]]
        shift = stream.integer(-2, 2) if biases else 0
        return build.sum(terms, shift)

    for _ in range(nodes):
        operation = _OPERATIONS[stream.below(len(_OPERATIONS))]
        arguments = [row() for _ in range(2 if operation in ("max", "min") else 1)]
        handles.append(build.apply(operation, arguments, 2 if operation == "leaky_relu" else None))
    return build.program([build.sum([(handle, stream.integer(-2, 2)) for handle in handles]) for _ in range(outputs)])
