"""Nets on which automatic differentiation is wrong, or right by luck."""

from __future__ import annotations

from shipped.instance import Instance, graph
from subgrad_hardness.net.program import Program

INSTANCES = (
    Instance(
        "backprop-zero",
        "relu(x) - relu(-x) = x: backpropagation with relu'(0) = 0 returns 0, not 1",
        "unique",
        "relu(x) - relu(-x) = x",
        Program.from_layers([[[1], [-1]], [[1, -1]]]),
    ),
    Instance(
        "backprop-sum",
        "sum of relu(x_i) - relu(-x_i) in 4 inputs: the true gradient is (1,1,1,1)",
        "unique",
        "relu(t) - relu(-t) = t",
        Program.from_layers(
            [
                [
                    [1, 0, 0, 0],
                    [-1, 0, 0, 0],
                    [0, 1, 0, 0],
                    [0, -1, 0, 0],
                    [0, 0, 1, 0],
                    [0, 0, -1, 0],
                    [0, 0, 0, 1],
                    [0, 0, 0, -1],
                ],
                [[1, -1, 1, -1, 1, -1, 1, -1]],
            ]
        ),
    ),
    Instance(
        "backprop-of-zero",
        "x - relu(x) + relu(-x) is zero, backpropagation returns 1",
        "unique",
        "relu(x) - relu(-x) = x",
        graph("x", "y = -x; a = relu x; b = relu y; f = x - a + b", "f"),
    ),
    Instance(
        "backprop-outside",
        "relu(x) - x + relu(x) - relu(-x) = relu(x): backpropagation returns -1",
        "distinct",
        "F = relu(x), slopes 0 and 1, because relu(x) - relu(-x) = x",
        graph("x", "y = -x; a = relu x; b = relu y; f = 2 a - b - x", "f"),
    ),
    Instance(
        "relu-of-relu",
        "relu(relu(x)) - relu(x) is zero, and backpropagation agrees",
        "unique",
        "relu is idempotent",
        Program.from_layers([[[1], [1]], [[1, 0], [0, 1]], [[1, -1]]]),
    ),
)
