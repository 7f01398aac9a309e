"""Windows of convolutions and pools: which places of a channel each of them reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.operators.contract import Call
from subgrad_hardness.models.tensors import ABSENT


class Windows(NamedTuple):
    """``places[k, n]`` is that of tap k of window n in a channel, or ABSENT in the padding; ``shape`` has the windows.

    ``inside[k, n]`` (None: everywhere) is False beyond the padding, where a window of ceil mode ends outside.
    """

    places: NDArray[np.int64]
    shape: tuple[int, ...]
    inside: NDArray[np.bool_] | None = None

    def counted(self, padded: bool) -> NDArray[np.int64]:
        """How many entries of each window count in a mean."""
        if padded:
            everywhere = np.ones_like(self.places, dtype=bool) if self.inside is None else self.inside
            return np.asarray(everywhere.sum(axis=0))
        return np.asarray(np.maximum((self.places != ABSENT).sum(axis=0), 1))


def windows(call: Call, shape: Sequence[int], kernel: Sequence[int]) -> Windows:
    """The windows of a node with ONNX's attributes over tensors (batch, channels, *sizes).

    Strides, dilations, pads (given, or ``auto_pad``), and ``ceil_mode``.
    """
    spatial = len(kernel)
    sizes = [int(size) for size in shape[2:]]
    if len(sizes) != spatial:
        call.refuse(f"a kernel of {spatial} dimensions on a tensor of the shape {tuple(shape)}")
    strides = [int(n) for n in call.attributes.get("strides", [1] * spatial)]
    dilations = [int(n) for n in call.attributes.get("dilations", [1] * spatial)]
    before, after = _pads(call, sizes, [int(n) for n in kernel], strides, dilations)
    ceil = bool(call.attributes.get("ceil_mode", 0))
    counts = []
    for d in range(spatial):
        reach = (int(kernel[d]) - 1) * dilations[d] + 1
        room = sizes[d] + before[d] + after[d] - reach
        count = (-(-room // strides[d]) if ceil else room // strides[d]) + 1
        if (
            ceil and (count - 1) * strides[d] >= sizes[d] + before[d]
        ):  # a window has to begin in the tensor or before it
            count -= 1
        if count < 1:
            call.refuse("no window fits")
        counts.append(count)
    call.room(*kernel, *counts)
    taps, outs = np.indices(kernel).reshape(spatial, -1), np.indices(counts).reshape(spatial, -1)
    places = np.zeros((taps.shape[1], outs.shape[1]), dtype=np.int64)
    present, inside = np.ones_like(places, dtype=bool), np.ones_like(places, dtype=bool)
    for d in range(spatial):
        reached = outs[d][None] * strides[d] + taps[d][:, None] * dilations[d] - before[d]
        present &= (reached >= 0) & (reached < sizes[d])
        inside &= reached < sizes[d] + after[d]
        places = places * sizes[d] + np.clip(reached, 0, sizes[d] - 1)
    return Windows(np.where(present, places, ABSENT), tuple(counts), inside)


def _pads(
    call: Call, sizes: Sequence[int], kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The padding before and behind each dimension."""
    mode, spatial = call.attributes.get("auto_pad", "NOTSET"), len(kernel)
    if mode == "NOTSET":
        pads = [int(n) for n in call.attributes.get("pads", [0] * (2 * spatial))]
        return pads[:spatial], pads[spatial:]
    if mode == "VALID":
        return [0] * spatial, [0] * spatial
    if mode not in ("SAME_UPPER", "SAME_LOWER"):
        call.refuse(f"auto_pad {mode}")
    before, after = [], []
    for d in range(spatial):
        total = max((-(-sizes[d] // strides[d]) - 1) * strides[d] + (kernel[d] - 1) * dilations[d] + 1 - sizes[d], 0)
        small, large = total // 2, total - total // 2
        before.append(small if mode == "SAME_UPPER" else large)
        after.append(large if mode == "SAME_UPPER" else small)
    return before, after
