"""Kinks whose preactivation is zero on an open set, and kinks that do not matter."""

from __future__ import annotations

from shipped.instance import Instance, graph

INSTANCES = (
    Instance(
        "vanishing-abs",
        "|relu(x) - relu(y)|: the kink's preactivation is 0 for all x, y < 0",
        "distinct",
        "x > y > 0 gives (1,-1), x, y < 0 gives 0",
        graph("x y", "rx = relu x; ry = relu y; z = rx - ry; f = abs z", "f"),
    ),
    Instance(
        "vanishing-identity",
        "relu(z) - relu(-z) - z with z = relu(x) - relu(y)",
        "unique",
        "relu(z) - relu(-z) = z",
        graph("x y", "rx = relu x; ry = relu y; z = rx - ry; mz = -z; a = relu z; b = relu mz; f = a - b - z", "f"),
    ),
    Instance(
        "vanishing-trap",
        "the witnesses lie only where z = relu(x) - relu(y) vanishes on an open set",
        "distinct",
        "F = -max(x,y) > 0 for x, y < 0; F = 0 for x > 0 > y with x < 1",
        graph(
            "x y",
            "rx = relu x; ry = relu y; z = rx - ry; mx = -x; my = -y; mz = -z; low = min mx my; pz = "
            "relu z; nz = relu mz; t = low - nz - 3 pz; u = relu t; s = pz - rx; v = relu s; f = u + "
            "v",
            "f",
        ),
    ),
    Instance(
        "dead-kink",
        "relu(x) is computed but reaches no output",
        "unique",
        "F = y",
        graph("x y", "unused = relu x; f = y", "f"),
    ),
    Instance("dead-by-weight", "0 relu(x) + y", "unique", "F = y", graph("x y", "r = relu x; f = 0 r + y", "f")),
    Instance(
        "dead-behind-inactive",
        "relu(relu(x) - 1) + y at 0: the kink sits behind an inactive relu",
        "unique",
        "F = y near 0",
        graph("x y", "r = relu x; t = r - 1; q = relu t; f = q + y", "f"),
    ),
    Instance(
        "max-of-equal",
        "max(x, x): a kink whose row is zero",
        "unique",
        "max(x, x) = x",
        graph("x", "f = max x x", "f"),
    ),
)
