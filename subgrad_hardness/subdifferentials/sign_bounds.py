"""What a net can do where some of its kinks are undecided: bounds by intervals, in integers.

``rows`` has the row in the inputs of every slot that no undecided kink reaches, None for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from subgrad_hardness.local.local_net import Kink, LocalNet
from subgrad_hardness.subdifferentials.functional import Functional

Vector = tuple[int, ...]
#: The range of the derivative of a slot in one direction.
Range = tuple[int, int]


def greatest(net: LocalNet, rows: Sequence[Vector | None], functional: Functional) -> tuple[int, list[int]]:
    """The functional's numerator is at most this, whatever slopes in [0, 1] the undecided kinks have; and the width of
    the range of each undecided slot.  One forward pass over these for each direction of the functional."""
    total, widths = 0, [0] * len(rows)
    for direction, outputs in functional.parts:
        ranges = _ranges(net, rows, direction)
        for slot, found in enumerate(ranges):
            if found is not None and found[1] - found[0] > widths[slot]:
                widths[slot] = found[1] - found[0]
        for output, factor in outputs:
            if output >= 0:
                total += factor * _known(ranges, rows, output, direction)[1]
    return total, widths


def influence(net: LocalNet, rows: Sequence[Vector | None], weights: Sequence[int]) -> list[int]:
    """How much each undecided slot weighs in the outputs at most, these times ``weights``; one backward pass."""
    adjoint = [0] * len(rows)
    for output, weight in zip(net.outputs, weights, strict=True):
        if output >= 0 and rows[output] is None:
            adjoint[output] += weight
    for slot in range(len(rows) - 1, net.inputs - 1, -1):
        weight = adjoint[slot]
        if not weight or rows[slot] is not None:
            continue
        node = net.nodes[slot - net.inputs]
        if isinstance(node, Kink):
            if rows[node.argument] is None:
                adjoint[node.argument] += weight
            continue
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            if rows[argument] is None:
                adjoint[argument] += weight * abs(coefficient)
    return adjoint


def _ranges(net: LocalNet, rows: Sequence[Vector | None], direction: Vector) -> list[Range | None]:
    """The ranges of undecided slots, and of those that they read."""
    ranges: list[Range | None] = [None] * len(rows)
    for slot, node in enumerate(net.nodes, start=net.inputs):
        if rows[slot] is not None:
            continue
        if isinstance(node, Kink):
            low, high = _known(ranges, rows, node.argument, direction)
            ranges[slot] = min(low, 0), max(high, 0)
            continue
        low = high = 0
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            below, above = ranges[argument] or _known(ranges, rows, argument, direction)
            if coefficient > 0:
                low += coefficient * below
                high += coefficient * above
            else:
                low += coefficient * above
                high += coefficient * below
        ranges[slot] = low, high
    return ranges


def _known(ranges: list[Range | None], rows: Sequence[Vector | None], slot: int, direction: Vector) -> Range:
    """The range of a slot, which is one number where its row is decided."""
    found = ranges[slot]
    if found is None:
        row = rows[slot]
        assert row is not None
        value = sum(map(mul, row, direction))
        found = ranges[slot] = value, value
    return found
