"""``where`` in programs of frameworks: choices between two pieces that are seen, exactly, to agree where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from subgrad_hardness.models.framework import COMPARED, Comparison, Node, chosen_extremum, same_value
from subgrad_hardness.models.operators.contract import Value, rationals
from subgrad_hardness.models.operators.entrywise import applied, pairwise
from subgrad_hardness.models.tensors import Array, Scaled, Tensor


class Clip(NamedTuple):
    """A tensor that is ``operation`` of ``source`` and constants."""

    operation: str
    source: Tensor
    bound: Array


class Chosen(NamedTuple):
    """``value`` with kinks; ``read``: which of the cases (no, yes) its step reads, in order; None: the left side."""

    value: Value
    read: tuple[int, ...] | None


_CONTINUOUS = "jumps, or is not seen to be continuous"


def chosen(node: Node, condition: Comparison, no: Value, yes: Value, clips: Mapping[int, Clip]) -> Chosen:
    """``yes`` where the comparison holds: an extremum, a relu with a slope, or a clip.  Raises Refused.

    ``clips`` are the extrema of a tensor and constants that were made before, by the number of their step.
    """
    found = chosen_extremum(condition, yes, no)
    if found is not None:
        operation, straight = found
        cases = (1, 0) if straight else (0, 1)
        values = [(no, yes)[case] for case in cases]
        read = tuple([case for case in cases if isinstance((no, yes)[case], Tensor)])
        return Chosen(pairwise(node.kinked().call("", []), operation, values), read)
    left, right = condition.left, condition.right
    if not isinstance(left, Tensor) or isinstance(right, Tensor):
        node.refuse(_CONTINUOUS)
    high, low = (yes, no) if COMPARED[condition.name] == "max" else (no, yes)
    slope = _slope(node, left, right, low)
    if slope is not None and same_value(high, left):
        return Chosen(applied(node.kinked().call("", []), "leaky_relu", left, slope), None)
    for operation, bound, inner in (("min", high, low), ("max", low, high)):
        clip = clips.get(inner.step) if isinstance(inner, Tensor) else None
        if clip is None or isinstance(bound, Tensor) or clip.source != left or clip.operation == operation:
            continue
        gap = rationals(bound) - rationals(clip.bound)
        strict = np.all(gap > 0) if operation == "min" else np.all(gap < 0)
        if strict and np.all(rationals(bound) == rationals(right)):
            made = pairwise(node.kinked().call("", []), operation, [inner, bound])
            return Chosen(made, (0 if inner is no else 1,))
    return node.refuse(_CONTINUOUS)


def _slope(node: Node, left: Tensor, right: Any, low: Value) -> Array | None:
    """The slopes of ``low`` if it is a multiple of ``left``, and the pieces meet at 0."""
    if np.any(right) or not isinstance(low, Tensor) or low.shape != left.shape:
        return None
    step = node.program.steps[low.step]
    if not isinstance(step, Scaled) or step.source != left.step or step.factor is None:
        return None
    if step.shift is not None and np.any(step.shift):
        return None
    return np.broadcast_to(step.factor.reshape(low.shape) if step.factor.size > 1 else step.factor, low.shape)
