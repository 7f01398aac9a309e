"""A linear functional on the Jacobians of one net, in integers over one denominator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.local.local_net import LocalNet, Rows


class Functional(NamedTuple):
    """J -> <U, J>, the sum of the products of the entries.

    Attributes
    ----------
    weights : m rows of p integers; with J before its output scales, <U, J> is the sum of products with these, over
        ``denominator``.
    parts : the same by directions: for a direction (p integers) the pairs (output slot, positive factor) that read it.
    """

    weights: Rows
    denominator: int
    parts: tuple[tuple[tuple[int, ...], tuple[tuple[int, int], ...]], ...]

    def numerator(self, rows: Rows) -> int:
        """<U, J> times ``denominator``, for a Jacobian before its output scales."""
        return sum([sum(map(mul, weights, row)) for weights, row in zip(self.weights, rows, strict=True)])

    def floor(self, bound: Fraction) -> int:
        """The greatest numerator of values that are at most ``bound``."""
        return math.floor(bound * self.denominator)


def functional(net: LocalNet, matrix: Sequence[Sequence[Fraction | int]]) -> Functional:
    """U of m rows of p numbers, for the Jacobians of ``net``."""
    scaled = [[scale * entry for entry in row] for scale, row in zip(net.scales, matrix, strict=True)]
    denominator = math.lcm(*(entry.denominator for row in scaled for entry in row))
    weights = tuple([tuple([int(entry * denominator) for entry in row]) for row in scaled])
    parts: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for output, row in zip(net.outputs, weights, strict=True):
        content = math.gcd(*row)
        if content and output >= 0:
            parts.setdefault(tuple([entry // content for entry in row]), []).append((output, content))
    listed = tuple([(direction, tuple(outputs)) for direction, outputs in parts.items()])
    return Functional(weights, denominator, listed)
