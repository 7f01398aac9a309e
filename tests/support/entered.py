"""What a direction enters, and a net on which a form over kinks vanishes on an open set."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from support import oracle

#: So small that x0 + e m_1 + e^2 m_2 + ... is in the cell that M enters, for ``small_nets`` and small M.
E = Fraction(1, 2**120)


def graph(inputs: Sequence[str], *nodes: tuple[str, str, list[str], list[int]]) -> dict[str, Any]:
    """A graph net; (id, op, args, coefficients), the last node is the output."""
    rows = [
        {"id": name, "op": op, "args": args} | ({"coefficients": row} if op == "affine" else {})
        for name, op, args, row in nodes
    ]
    return {"inputs": list(inputs), "nodes": rows, "outputs": [nodes[-1][0]]}


#: SPEC 4: F = relu(min(-x, -y) - relu(-z) - 3 relu(z)) + relu(relu(z) - relu(x)), z = relu(x) - relu(y).
TRAP = graph(
    ["x", "y"],
    ("rx", "relu", ["x"], []),
    ("ry", "relu", ["y"], []),
    ("z", "affine", ["rx", "ry"], [1, -1]),
    ("mz", "affine", ["z"], [-1]),
    ("rz", "relu", ["z"], []),
    ("rmz", "relu", ["mz"], []),
    ("mx", "affine", ["x"], [-1]),
    ("my", "affine", ["y"], [-1]),
    ("low", "min", ["mx", "my"], []),
    ("a", "affine", ["low", "rmz", "rz"], [1, -1, -3]),
    ("ra", "relu", ["a"], []),
    ("b", "affine", ["rz", "rx"], [1, -1]),
    ("rb", "relu", ["b"], []),
    ("out", "affine", ["ra", "rb"], [1, 1]),
)


def entered(net: oracle.Net, columns: Sequence[Sequence[int]]) -> oracle.Jacobian:
    """The gradient at x0 + e m_1 + e^2 m_2 + ... for a very small e."""
    point = list(net.point)
    for number, column in enumerate(columns, 1):
        point = [x + E**number * entry for x, entry in zip(point, column, strict=True)]
    return oracle.gradient(net, tuple(point))
