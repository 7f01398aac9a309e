"""The program run in floating point, node by node: where do its branches part from the exact ones?

A framework sums in an order of its own, so its branches may part elsewhere; this run shows where rounding matters.  A
sum is formed from left to right, each product and each sum rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.auditing.pieces import Active, active
from subgrad_hardness.auditing.traced import Trace
from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.forms import Node
from subgrad_hardness.net.smooth_operations import SMOOTH

#: The formats that numpy has.
_TYPES = ("float64", "float32", "float16")


class Parted(NamedTuple):
    """A node whose active pieces are ``exact`` exactly, and others in floating point."""

    node: int
    exact: Active
    rounded: Active


def pieces_in_floats(
    trace: Trace, point: tuple[Any, ...], precision: str, limits: Limits = NO_LIMITS
) -> dict[int, Active] | None:
    """The active pieces of all kinked nodes as a run in this precision sees them.

    None where numpy has no such format, and where a kinked node is given what is not a number: after an overflow no
    branch means anything.  Raises LimitReached.
    """
    if precision not in _TYPES:
        return None
    import numpy as np

    kind = getattr(np, precision)
    values: list[Any] = [kind(as_double(entry)) for entry in point] + [kind(0)] * len(trace.form.nodes)
    found: dict[int, Active] = {}
    with np.errstate(all="ignore"):
        for number in trace.order:
            limits.check()
            node = trace.form.nodes[number]
            read = [values[argument] for argument in node.arguments]
            if number in trace.pieces:
                if any(value != value for value in read):  # noqa: PLR0124 (not a number)
                    return None
                found[number] = active(node, read)
            values[trace.inputs + number] = _value(node, read, kind)
    return found


def parted(trace: Trace, seen: Mapping[int, Active]) -> list[Parted]:
    """Where other pieces are active than exactly."""
    return [
        Parted(number, trace.pieces[number], pieces)
        for number, pieces in seen.items()
        if pieces != trace.pieces[number]
    ]


def _value(node: Node, read: list[Any], kind: type[Any]) -> Any:
    if node.row is not None:
        total = kind(0)
        for value, gain in zip(read, node.row.rationals(), strict=True):
            total = total + kind(as_double(gain)) * value
        return total + kind(as_double(Fraction(node.row.bias, node.row.denominator)))
    if node.operation in SMOOTH:
        return _smooth(node, read)
    if node.operation in ("max", "min"):
        return max(read) if node.operation == "max" else min(read)
    (value,) = read
    if node.operation == "abs":
        return abs(value)
    if node.operation == "leaky_relu":
        return value if value > 0 else kind(as_double(node.slope or Fraction(0))) * value
    low, high = {"relu": (0, None), "hardtanh": (-1, 1), "relu6": (0, 6)}[node.operation]
    clipped = max(value, kind(low))
    return clipped if high is None else min(clipped, kind(high))


def _smooth(node: Node, read: list[Any]) -> Any:
    if node.operation == "mul":
        return read[0] * read[1]
    if node.operation == "div":
        return read[0] / read[1]
    return read[0] ** (2 if node.operation == "square" else int(node.slope or 0))
