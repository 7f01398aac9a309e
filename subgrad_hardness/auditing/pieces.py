"""The linear pieces of an operation that are active at a value: one away from kinks, several at a kink.

Backpropagation differentiates one operation after another, as the user wrote it and not as it is rewritten; so what a
framework chooses at a kink is a choice about the operation.  Operations of one argument have pieces with slopes, from
left to right; those of a maximum or minimum are its arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.net.forms import Node
from subgrad_hardness.net.operations import OPERATIONS

#: Numbers of the active pieces, in order; several at a kink.
Active = tuple[int, ...]

_ZERO, _ONE = Fraction(0), Fraction(1)
_PLACES = {"relu": (0,), "abs": (0,), "leaky_relu": (0,), "hardtanh": (-1, 1), "relu6": (0, 6)}


def is_kinked(node: Node) -> bool:
    """Whether the operation has several pieces; affine rows, smooth operations and leaky_relu of slope 1 have one."""
    single = node.operation in ("max", "min") and len(node.arguments) == 1
    return node.operation in OPERATIONS and node.row is None and node.slope != 1 and not single


def active(node: Node, values: Sequence[Any]) -> Active:
    """The active pieces where the arguments have these values, exact or floating-point numbers."""
    if node.operation in ("max", "min"):
        best = max(values) if node.operation == "max" else min(values)
        return tuple([number for number, value in enumerate(values) if value == best])
    (value,) = values
    piece = 0
    for place in _PLACES[node.operation]:
        if value == place:
            return piece, piece + 1
        piece += value > place
    return (piece,)


def slopes(node: Node) -> tuple[Fraction, ...]:
    """The slopes of the pieces of an operation of one argument, from left to right."""
    if node.operation == "abs":
        return -_ONE, _ONE
    if node.operation == "leaky_relu":
        assert node.slope is not None
        return node.slope, _ONE
    return (_ZERO, _ONE) if node.operation == "relu" else (_ZERO, _ONE, _ZERO)


def partials(node: Node, piece: int) -> tuple[Fraction, ...]:
    """The partial derivatives, one an argument, of one piece."""
    if node.operation in ("max", "min"):
        return tuple([_ONE if number == piece else _ZERO for number in range(len(node.arguments))])
    return (slopes(node)[piece],)
