"""Cones that floating point cannot see."""

from __future__ import annotations

from shipped.instance import Instance, graph
from subgrad_hardness.net.program import Program


def _needle(low: int, high: int, beside: str = "") -> Program:
    """relu(min(x - low y, high y - x, ...))."""
    nodes = f"left = x - {low} y; right = -x + {high} y; m = min left right {beside}; f = relu m"
    return graph("x y", nodes, "f")


INSTANCES = (
    Instance(
        "needle",
        "F > 0 only where 2^60 y < x < (2^60 + 1) y",
        "distinct",
        "x = 2^61 + 1, y = 2 is inside",
        _needle(2**60, 2**60 + 1),
    ),
    Instance(
        "needle-shut",
        "the same with both walls at 2^60: F is zero",
        "unique",
        "x > 2^60 y and x < 2^60 y exclude each other",
        _needle(2**60, 2**60),
    ),
    Instance(
        "needle-1e40",
        "F > 0 only where 10^40 y < x < (10^40 + 1) y",
        "distinct",
        "x = 2*10^40 + 1, y = 2 is inside",
        _needle(10**40, 10**40 + 1),
    ),
    Instance(
        "needle-crossed",
        "the walls of the 2^60 needle exchanged, in the half-plane y > 0: F is zero",
        "unique",
        "x > (2^60+1) y and x < 2^60 y need y < 0",
        _needle(2**60 + 1, 2**60, "y"),
    ),
    Instance(
        "almost-linear",
        "relu(x) - relu(-x) with one weight off by 10^-30",
        "distinct",
        "slopes 1 and 1 + 10^-30",
        Program.from_layers([[[1], [-1]], [["1.000000000000000000000000000001", -1]]]),
    ),
)
