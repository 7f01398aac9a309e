"""Operators that are linear maps of one tensor with constant weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.operators.bilinear import a_channel, times, windows_times_filters
from subgrad_hardness.models.operators.contract import Call, Operator, Value, rationals
from subgrad_hardness.models.operators.entrywise import added
from subgrad_hardness.models.operators.moving import moved
from subgrad_hardness.models.operators.windows import Windows, windows
from subgrad_hardness.models.tensors import ABSENT, Array, Contracted, Tensor


def matrix_product(call: Call, left: Value, right: Value) -> Value:
    """left @ right as numpy has it."""
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return times(call, left, right)
    if not isinstance(left, Tensor) and not isinstance(right, Tensor):
        if left.dtype.kind in "iu" and right.dtype.kind in "iu":
            return np.asarray(left @ right)
        call.room(left.size, right.shape[-1])
        return np.asarray(rationals(left) @ rationals(right))
    if isinstance(left, Tensor):
        assert not isinstance(right, Tensor)
        return _times_matrix(call, left, right)
    assert isinstance(right, Tensor) and not isinstance(left, Tensor)
    turned = _turned(call, right) if len(right.shape) > 1 else right
    product = _times_matrix(call, turned, np.swapaxes(left, -1, -2) if left.ndim > 1 else left)
    return _turned(call, product) if len(right.shape) > 1 and left.ndim > 1 else product


def _turned(call: Call, tensor: Tensor) -> Tensor:
    """The last two axes exchanged."""
    return call.take(tensor, np.swapaxes(call.positions(tensor), -1, -2))


def _times_matrix(call: Call, tensor: Tensor, matrix: Array) -> Tensor:
    """tensor @ matrix: one linear map, which all rows of the tensor share; stacks of matrices are groups."""
    wide = tensor.shape if len(tensor.shape) > 1 else (1, *tensor.shape)
    columns = matrix if matrix.ndim > 1 else matrix.reshape(-1, 1)
    if wide[-1] != columns.shape[-2]:
        call.refuse(f"a product of the shapes {tensor.shape} and {matrix.shape}")
    stack = np.broadcast_shapes(wide[:-2], columns.shape[:-2])
    call.room(*stack, *wide[-2:])
    call.room(*stack, *columns.shape[-2:])
    places = call.positions(tensor).reshape(wide)
    if columns.ndim == 2:
        index = places.reshape(-1, wide[-1]).T[None]  # 1, K, N
        made = call.add(Contracted(tensor.step, columns.T[None], index), (columns.shape[1], index.shape[2]))
        back = call.positions(made).T
    else:
        index = np.broadcast_to(places, (*stack, *wide[-2:])).reshape(-1, *wide[-2:]).swapaxes(1, 2)
        weights = np.broadcast_to(columns, (*stack, *columns.shape[-2:])).reshape(-1, *columns.shape[-2:])
        made = call.add(
            Contracted(tensor.step, weights.swapaxes(1, 2), index), (len(weights), columns.shape[-1], wide[-2])
        )
        back = call.positions(made).swapaxes(1, 2)
    rows = wide[-2:-1] if len(tensor.shape) > 1 else ()
    ends = columns.shape[-1:] if matrix.ndim > 1 else ()
    return call.take(made, back.reshape((*stack, *rows, *ends)))  # a tuple: reshape() without any is an error


def _matmul(call: Call) -> Value:
    return matrix_product(call, call.value(0), call.value(1))


def _gemm(call: Call) -> Value:
    """alpha A' B' + beta C."""
    left, right = call.value(0), call.value(1)
    if call.attributes.get("transA", 0):
        if not isinstance(left, Tensor):
            call.refuse("a constant times a constant")
        left = call.take(left, call.positions(left).T)
    alpha, beta = np.float32(call.attributes.get("alpha", 1.0)), np.float32(call.attributes.get("beta", 1.0))
    weights = moved(call, right, np.transpose) if call.attributes.get("transB", 0) else right
    if alpha != 1:
        factor = np.asarray(Fraction(float(alpha)), dtype=object)
        weights = (
            call.scaled(weights, factor, None)
            if isinstance(weights, Tensor)
            else np.asarray(rationals(weights) * Fraction(float(alpha)))
        )
    product = matrix_product(call, left, weights)
    bias = call.argument(2)
    if bias is None:
        return product
    if beta != 1:
        constant = call.constant(2, "the bias")
        bias = np.asarray(rationals(constant) * Fraction(float(beta)))
    return added(call, product, bias, 1)


def _convolution(call: Call) -> Value:
    """Windows gathered, and a linear map for each group: of the windows, of the filters, or of both."""
    tensor, filters = call.value(0), call.value(1)
    groups = int(call.attributes.get("group", 1))
    seen = windows(call, tensor.shape, filters.shape[2:])
    batch, channels = tensor.shape[:2]
    each = channels // groups
    if filters.shape[1] != each or filters.shape[0] % groups:
        call.refuse(f"a filter of the shape {filters.shape} for {channels} channels in {groups} groups")
    area = int(np.prod(tensor.shape[2:], dtype=np.int64))
    starts = (np.arange(batch)[:, None] * channels + np.arange(channels)[None]) * area  # batch, channels
    call.room(*seen.places.shape, batch, channels)
    index = _shifted_windows(seen, starts.reshape(batch, groups, each))  # groups, each * taps, batch * places
    rows = filters.shape[0] // groups
    if isinstance(filters, Tensor) or isinstance(call.argument(2), Tensor) or not isinstance(tensor, Tensor):
        sums = windows_times_filters(call, tensor, filters, index, rows)
        shape = (groups * rows, batch, *seen.shape)
        whole = call.take(sums, np.moveaxis(call.positions(sums).reshape(shape), 0, 1))
        return whole if call.argument(2) is None else added(call, whole, a_channel(call, call.value(2), whole), 1)
    weights = filters.reshape(groups, rows, -1)
    bias = None
    if call.argument(2) is not None:
        given = call.constant(2, "the bias").reshape(groups, rows, 1)
        bias = np.broadcast_to(given, (groups, rows, index.shape[2])) if np.any(given) else None
    made = call.add(Contracted(tensor.step, weights, index, bias), (groups * rows, batch, *seen.shape))
    return call.take(made, np.moveaxis(call.positions(made), 0, 1))


def _shifted_windows(seen: Windows, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The windows' places in all channels: for ``starts`` (batch, groups, each) the index of ``Contracted``."""
    batch, groups, each = starts.shape
    taps, places = seen.places.shape
    index = np.where(
        seen.places[None, None, None] == ABSENT, ABSENT, seen.places[None, None, None] + starts[..., None, None]
    )
    return index.transpose(1, 2, 3, 0, 4).reshape(groups, each * taps, batch * places)


def _transposed_convolution(call: Call) -> Value:
    """The transpose of a convolution's linear map, written as a convolution of the spread-out tensor."""
    tensor, filters = call.tensor(0), call.constant(1, "the filter")
    groups = int(call.attributes.get("group", 1))
    kernel = filters.shape[2:]
    spatial = len(kernel)
    strides = [int(n) for n in call.attributes.get("strides", [1] * spatial)]
    dilations = [int(n) for n in call.attributes.get("dilations", [1] * spatial)]
    extra = [int(n) for n in call.attributes.get("output_padding", [0] * spatial)]
    if call.attributes.get("auto_pad", "NOTSET") != "NOTSET" or "output_shape" in call.attributes:
        call.refuse("only explicit pads are read")
    pads = [int(n) for n in call.attributes.get("pads", [0] * (2 * spatial))]
    batch, channels = tensor.shape[:2]
    sizes = [
        strides[d] * (tensor.shape[2 + d] - 1)
        + extra[d]
        + (kernel[d] - 1) * dilations[d]
        + 1
        - pads[d]
        - pads[d + spatial]
        for d in range(spatial)
    ]
    call.room(*kernel, *sizes)
    taps = np.indices(kernel).reshape(spatial, -1)
    outs = np.indices(sizes).reshape(spatial, -1)
    places = np.zeros((taps.shape[1], outs.shape[1]), dtype=np.int64)
    valid = np.ones_like(places, dtype=bool)
    for d in range(spatial):
        reached = outs[d][None] + pads[d] - taps[d][:, None] * dilations[d]
        valid &= (reached % strides[d] == 0) & (reached >= 0) & (reached // strides[d] < tensor.shape[2 + d])
        places = places * tensor.shape[2 + d] + reached // strides[d]
    seen = Windows(np.where(valid, places, ABSENT), tuple(sizes))
    area = int(np.prod(tensor.shape[2:], dtype=np.int64))
    each, rows = channels // groups, filters.shape[1]
    starts = (np.arange(batch)[:, None] * channels + np.arange(channels)[None]) * area
    call.room(*seen.places.shape, batch, channels)
    index = _shifted_windows(seen, starts.reshape(batch, groups, each))
    grouped = filters.reshape(groups, each, rows, -1).transpose(0, 2, 1, 3).reshape(groups, rows, -1)
    bias = None
    if call.argument(2) is not None:
        given = call.constant(2, "the bias").reshape(groups, rows, 1)
        bias = np.broadcast_to(given, (groups, rows, index.shape[2])) if np.any(given) else None
    made = call.add(Contracted(tensor.step, grouped, index, bias), (groups * rows, batch, *sizes))
    return call.take(made, np.moveaxis(call.positions(made), 0, 1))


def _average_pool(call: Call) -> Value:
    tensor = call.tensor(0)
    kernel = [int(n) for n in call.attributes["kernel_shape"]]
    seen = windows(call, tensor.shape, kernel)
    padded = bool(call.attributes.get("count_include_pad", 0))
    return _averaged(call, tensor, seen, seen.counted(padded))


def _global_average(call: Call) -> Value:
    tensor = call.tensor(0)
    area = int(np.prod(tensor.shape[2:], dtype=np.int64))
    seen = Windows(np.arange(area, dtype=np.int64)[:, None], (1,) * (len(tensor.shape) - 2))
    return _averaged(call, tensor, seen, np.asarray([area]))


def _averaged(call: Call, tensor: Tensor, seen: Windows, counts: NDArray[np.int64]) -> Tensor:
    """Of each channel the means over windows with so many entries; exact rationals."""
    batch, channels = tensor.shape[:2]
    area = int(np.prod(tensor.shape[2:], dtype=np.int64))
    starts = (np.arange(batch * channels) * area).reshape(batch * channels, 1, 1)
    call.room(*seen.places.shape, batch, channels)
    index = _shifted_windows(seen, starts)
    ones = np.ones((1, 1, index.shape[1]), dtype=np.int64)
    total = call.add(Contracted(tensor.step, ones, index), (batch, channels, *seen.shape))
    shares = np.empty(len(counts), dtype=object)
    shares[:] = [Fraction(1, int(count)) for count in counts.tolist()]
    wide = shares.reshape(seen.shape) if len(counts) > 1 else shares
    return call.scaled(total, wide, None)


def reduced(call: Call) -> tuple[Tensor, list[int], tuple[int, ...]]:
    """The tensor of a reduction, the axes that go, and the shape of what is left."""
    tensor = call.tensor(0)
    axes = call.integers(1, "axes", "the axes")
    if not axes:
        axes = [] if call.attributes.get("noop_with_empty_axes", 0) else list(range(len(tensor.shape)))
    gone = [axis % len(tensor.shape) for axis in axes]
    keep = bool(call.attributes.get("keepdims", 1))
    shape = [1 if axis in gone else size for axis, size in enumerate(tensor.shape) if keep or axis not in gone]
    return tensor, gone, tuple(shape)


def gathered(call: Call, tensor: Tensor, gone: Sequence[int]) -> NDArray[np.int64]:
    """Of each entry of a reduction the places that it reads, a row each."""
    kept = [axis for axis in range(len(tensor.shape)) if axis not in gone]
    places = call.positions(tensor).transpose(*kept, *gone)
    return np.ascontiguousarray(places.reshape(int(np.prod([tensor.shape[axis] for axis in kept], dtype=np.int64)), -1))


def _reduce_sum(call: Call) -> Value:
    value = call.value(0)
    if not isinstance(value, Tensor):
        axes = call.integers(1, "axes", "the axes")
        keep = bool(call.attributes.get("keepdims", 1))
        exactly: Array = np.asarray(np.sum(rationals(value), axis=None if not axes else tuple(axes), keepdims=keep))
        return exactly
    tensor, gone, shape = reduced(call)
    if not gone:
        return tensor
    index = gathered(call, tensor, gone).T[None]
    total = call.add(Contracted(tensor.step, np.ones((1, 1, index.shape[1]), dtype=np.int64), index), shape)
    if call.operator == "ReduceSum":
        return total
    return call.scaled(total, np.asarray(rationals(np.asarray(1)) / index.shape[1]), None)


OPERATORS: dict[str, Operator] = {
    "MatMul": _matmul,
    "Gemm": _gemm,
    "Conv": _convolution,
    "ConvTranspose": _transposed_convolution,
    "AveragePool": _average_pool,
    "GlobalAveragePool": _global_average,
    "ReduceSum": _reduce_sum,
    "ReduceMean": _reduce_sum,
}
