"""Maxima and minima over windows and axes; the arguments of each in row-major order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from subgrad_hardness.models.operators.contract import Call, Operator, Value
from subgrad_hardness.models.operators.linear import gathered, reduced
from subgrad_hardness.models.operators.windows import Windows, windows
from subgrad_hardness.models.tensors import ABSENT, Extremum


def _pooled(call: Call, seen: Windows) -> Sequence[Value]:
    """Of each channel the maxima over the windows; padding takes no part."""
    if call.output_count > 1:
        call.refuse("the places of the maxima (a second output) jump")
    tensor = call.tensor(0)
    batch, channels = tensor.shape[:2]
    area = int(np.prod(tensor.shape[2:], dtype=np.int64))
    call.room(*seen.places.shape, batch, channels)
    starts = np.arange(batch * channels)[:, None, None] * area
    taps = seen.places.T[None]
    index = np.where(taps == ABSENT, ABSENT, taps + starts).reshape(-1, taps.shape[2])
    if np.any(np.all(index == ABSENT, axis=1)):
        call.refuse("a window that lies in the padding")
    return [call.add(Extremum("max", tensor.step, index), (batch, channels, *seen.shape))]


def _max_pool(call: Call) -> Sequence[Value]:
    return _pooled(call, windows(call, call.tensor(0).shape, [int(n) for n in call.attributes["kernel_shape"]]))


def _global_max(call: Call) -> Sequence[Value]:
    shape = call.tensor(0).shape
    area = int(np.prod(shape[2:], dtype=np.int64))
    return _pooled(call, Windows(np.arange(area, dtype=np.int64)[:, None], (1,) * (len(shape) - 2)))


def _reduced(call: Call) -> Value:
    tensor, gone, shape = reduced(call)
    if not gone:
        return tensor
    if not tensor.size:
        call.refuse("of no entries")
    return call.add(Extremum(call.operator[-3:].lower(), tensor.step, gathered(call, tensor, gone)), shape)


OPERATORS: dict[str, Operator] = {
    "MaxPool": _max_pool,
    "GlobalMaxPool": _global_max,
    "ReduceMax": _reduced,
    "ReduceMin": _reduced,
}
