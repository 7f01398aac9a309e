"""Matrix products and convolutions in which not only one side is constant: all products, and sums of these."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.operators.contract import Call, Value
from subgrad_hardness.models.operators.entrywise import multiplied
from subgrad_hardness.models.tensors import ABSENT, Contracted, Tensor


def times(call: Call, left: Tensor, right: Tensor) -> Tensor:
    """left @ right, both depending on the inputs: all products, and their sums."""
    rows = left.shape if len(left.shape) > 1 else (1, *left.shape)
    columns = right.shape if len(right.shape) > 1 else (*right.shape, 1)
    if rows[-1] != columns[-2]:
        call.refuse(f"a product of the shapes {left.shape} and {right.shape}")
    stack = np.broadcast_shapes(rows[:-2], columns[:-2])
    shape = (*stack, rows[-2], columns[-1], rows[-1])
    call.room(*shape)
    one = call.positions(left).reshape(rows)[..., :, None, :]
    two = np.swapaxes(call.positions(right).reshape(columns), -1, -2)[..., None, :, :]
    pair = [call.take(value, np.broadcast_to(places, shape)) for value, places in ((left, one), (right, two))]
    made = summed(call, multiplied(call, *pair), np.arange(int(np.prod(shape)), dtype=np.int64).reshape(-1, rows[-1]))
    kept = (*stack, *(rows[-2:-1] if len(left.shape) > 1 else ()), *(columns[-1:] if len(right.shape) > 1 else ()))
    return call.take(made, call.positions(made).reshape(kept))


def summed(call: Call, tensor: Tensor, places: NDArray[np.int64]) -> Tensor:
    """The sums over the rows of ``places``, of those that are present."""
    ones = np.ones((1, 1, places.shape[1]), dtype=np.int64)
    return call.add(Contracted(tensor.step, ones, np.ascontiguousarray(places.T)[None]), (len(places),))


def windows_times_filters(call: Call, tensor: Value, filters: Value, index: NDArray[np.int64], rows: int) -> Tensor:
    """Of every group, row and window the sum over the taps, flat; ``index`` is that of ``Contracted``."""
    groups, taps, places = index.shape
    if not isinstance(filters, Tensor):
        if not isinstance(tensor, Tensor):
            call.refuse("a constant is filtered by a constant")
        weights = filters.reshape(groups, rows, taps)
        return call.add(Contracted(tensor.step, weights, index), (groups * rows * places,))
    taken = call.positions(filters).reshape(groups, rows, taps)
    if not isinstance(tensor, Tensor):
        flat = np.append(tensor.reshape(-1), np.zeros(1, tensor.dtype))
        windows_of = np.swapaxes(flat[index], 1, 2)  # ABSENT is the last entry, 0
        made = call.add(
            Contracted(filters.step, windows_of, np.ascontiguousarray(np.swapaxes(taken, 1, 2))), (groups, places, rows)
        )
        return call.take(made, np.swapaxes(call.positions(made), 1, 2).reshape(-1))
    call.room(groups, rows, places, taps)
    shape = (groups, rows, places, taps)
    read = np.broadcast_to(np.swapaxes(index, 1, 2)[:, None], shape).reshape(-1, taps)
    by = np.broadcast_to(taken[:, :, None], shape).reshape(-1, taps)
    present = read != ABSENT
    pair = call.take(tensor, read[present]), call.take(filters, by[present])
    numbers = np.full(read.shape, ABSENT, dtype=np.int64)
    numbers[present] = np.arange(int(present.sum()))
    return summed(call, multiplied(call, *pair), numbers)


def a_channel(call: Call, value: Value, whole: Tensor) -> Value:
    """A vector of one entry a channel, in a shape that is broadcast against the whole."""
    wide = (1, -1, *[1] * (len(whole.shape) - 2))
    return call.take(value, call.positions(value).reshape(wide)) if isinstance(value, Tensor) else value.reshape(wide)
