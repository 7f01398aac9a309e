"""A normal form taken at -d."""

from __future__ import annotations

from typing import Any

from support.conformance import layers


def reflected(weights: list[list[list[int]]], sign: int, more: int = 0) -> dict[str, Any]:
    """f(x) + sign * f(-x) as one layered net; ``more`` is added to a weight of the second copy's last layer."""
    first, *rest = weights
    stacked = [first + [[-entry for entry in row] for row in first]]
    for weight in rest[:-1]:
        zero = [0] * len(weight[0])
        stacked.append([row + zero for row in weight] + [zero + row for row in weight])
    (last,) = rest[-1]
    copy = [sign * entry for entry in last]
    copy[0] += more
    return layers(*stacked, [last + copy])
