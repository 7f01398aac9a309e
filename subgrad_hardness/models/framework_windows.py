"""Windows over any axes, in the order of the tensor itself: pools of jax and TensorFlow, channels wherever they are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from subgrad_hardness.models.framework import Node
from subgrad_hardness.models.operators.contract import Value
from subgrad_hardness.models.tensors import ABSENT, Extremum, Index, Tensor


def window_places(  # noqa: PLR0917 (a window's four numbers an axis)
    node: Node,
    x: Tensor,
    sizes: Sequence[int],
    steps: Sequence[int],
    padding: Sequence[tuple[int, int]],
    gaps: Sequence[int],
) -> tuple[Index, tuple[int, ...]]:
    """Of each window the places that it reads, a row each, and the windows' shape; padding is absent."""
    call = node.call("", [])
    if any(min(pair) < 0 for pair in padding):
        node.refuse("negative padding")
    places = np.pad(call.positions(x), padding, constant_values=ABSENT)
    reach = [(size - 1) * gap + 1 for size, gap in zip(sizes, gaps, strict=True)]
    call.room(*places.shape, *sizes)
    windows = np.lib.stride_tricks.sliding_window_view(places, reach)
    axes = len(sizes)
    chosen = windows[(*[slice(None, None, step) for step in steps], *[slice(None, None, gap) for gap in gaps])]
    shape = chosen.shape[:axes]
    return np.ascontiguousarray(chosen.reshape(math.prod(shape), -1)), shape


def extremum_of_windows(node: Node, operation: str, x: Tensor, places: Index, shape: Sequence[int]) -> Value:
    """The greatest or least entry of each window.  Raises Refused for a window of padding alone."""
    if np.any(np.all(places == ABSENT, axis=1)):
        node.refuse("a window that lies in the padding")
    return node.kinked().call("", []).add(Extremum(operation, x.step, places), shape)
