"""Operators that move entries about: what numpy does to a constant is done to the places of a tensor."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from subgrad_hardness.models.operators.contract import Call, Operator, Value
from subgrad_hardness.models.tensors import Array, Constant, Taken, Tensor


def moved(call: Call, value: Value, move: Callable[[Array], Array]) -> Value:
    """``move`` applied to a constant, or to the places of a tensor."""
    if not isinstance(value, Tensor):
        return move(value)
    return call.take(value, np.asarray(move(call.positions(value)), dtype=np.int64))


def joined(call: Call, values: Sequence[Value], join: Callable[[Sequence[Array]], Array]) -> Value:
    """Several values put together by ``join``, which is given their places (or, all constant, themselves)."""
    if not any(isinstance(value, Tensor) for value in values):
        return join([value for value in values if not isinstance(value, Tensor)])
    call.room(sum([math.prod(value.shape) for value in values]))
    start, sources, places = 0, [], []
    for value in values:
        tensor = value if isinstance(value, Tensor) else call.add(Constant(value), value.shape)
        sources.append(tensor.step)
        places.append(np.asarray(call.positions(tensor) + start))  # numpy makes a number of a single entry
        start += tensor.size
    index = join(places)
    return call.add(Taken(tuple(sources), index.reshape(-1).astype(np.int64)), index.shape)


def _reshape(call: Call) -> Value:
    wanted = call.integers(1, "shape", "the shape")
    if wanted is None:
        call.refuse("no shape")
    value = call.value(0)
    if not call.attributes.get("allowzero", 0):
        wanted = [value.shape[place] if size == 0 else size for place, size in enumerate(wanted)]
    return moved(call, value, lambda array: array.reshape(wanted))


def _flatten(call: Call) -> Value:
    value = call.value(0)
    axis = int(call.attributes.get("axis", 1))
    axis += len(value.shape) if axis < 0 else 0
    rows = int(np.prod(value.shape[:axis], dtype=np.int64))
    return moved(call, value, lambda array: array.reshape(rows, -1))


def _transpose(call: Call) -> Value:
    return moved(call, call.value(0), lambda array: np.transpose(array, call.attributes.get("perm")))


def _squeeze(call: Call) -> Value:
    axes = call.integers(1, "axes", "the axes")
    return moved(call, call.value(0), lambda array: np.squeeze(array, None if axes is None else tuple(axes)))


def _unsqueeze(call: Call) -> Value:
    axes = call.integers(1, "axes", "the axes")
    if axes is None:
        call.refuse("no axes")
    return moved(call, call.value(0), lambda array: np.expand_dims(array, tuple(axes)))


def _concat(call: Call) -> Value:
    axis = int(call.attributes.get("axis", 1))
    values = [call.value(number) for number in range(len(call.inputs))]
    return joined(call, values, lambda arrays: np.concatenate(list(arrays), axis))


def _split(call: Call) -> Sequence[Value]:
    value, axis = call.value(0), int(call.attributes.get("axis", 0))
    sizes = call.integers(1, "split", "the sizes")
    if sizes is None:
        count = int(call.attributes.get("num_outputs", call.output_count))
        each = -(-value.shape[axis] // count)
        sizes = [min(each, value.shape[axis] - start * each) for start in range(count)]
    ends = np.cumsum(sizes)
    parts = []
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        parts.append(moved(call, value, lambda array, a=start, b=end: array.take(range(a, b), axis)))  # type: ignore[misc]
    return parts


def _slice(call: Call) -> Value:
    value = call.value(0)
    starts, ends = call.integers(1, "starts", "the starts"), call.integers(2, "ends", "the ends")
    if starts is None or ends is None:
        call.refuse("no starts or no ends")
    axes = call.integers(3, "axes", "the axes") or list(range(len(starts)))
    steps = call.integers(4, "steps", "the steps") or [1] * len(starts)
    cut = [slice(None)] * len(value.shape)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        stop: int | None = end
        if step < 0 and end < -value.shape[axis]:
            stop = None
        cut[axis] = slice(start, stop, step)
    return moved(call, value, lambda array: array[tuple(cut)])


def _gather(call: Call) -> Value:
    places = call.constant(1, "the index").astype(np.int64)
    value, axis = call.value(0), int(call.attributes.get("axis", 0))
    shape = list(value.shape)
    shape[axis] = places.size  # of what is gathered; one cut out of a great table of constants is small
    call.room(*shape)
    return moved(call, value, lambda array: np.take(array, places, axis))


def _expand(call: Call) -> Value:
    wanted = call.integers(1, "shape", "the shape")
    value = call.value(0)
    shape = np.broadcast_shapes(value.shape, tuple(wanted or ()))
    call.room(*shape)
    return moved(call, value, lambda array: np.broadcast_to(array, shape))


def _tile(call: Call) -> Value:
    times = call.integers(1, "repeats", "the repeats")
    call.room(*call.value(0).shape, *(times or ()))
    return moved(call, call.value(0), lambda array: np.tile(array, tuple(times or ())))


def _pad(call: Call) -> Value:
    value = call.value(0)
    pads = call.integers(1, "pads", "the pads")
    mode = call.attributes.get("mode", "constant")
    if pads is None:
        call.refuse("no pads")
    fill = call.argument(2)
    constant = (
        np.asarray(call.attributes.get("value", 0.0), dtype=np.float32)
        if fill is None
        else call.constant(2, "the value")
    )
    axes = call.integers(3, "axes_", "the axes") or list(range(len(value.shape)))
    widths = [(0, 0)] * len(value.shape)
    for number, axis in enumerate(axes):
        widths[axis] = pads[number], pads[number + len(axes)]
    call.room(*[max(0, size + low + high) for (low, high), size in zip(widths, value.shape, strict=True)])
    inner = [(max(low, 0), max(high, 0)) for low, high in widths]
    cut = tuple(
        [slice(max(-low, 0), size - max(-high, 0)) for (low, high), size in zip(widths, value.shape, strict=True)]
    )
    if mode == "constant":
        return joined(
            call,
            [value, constant.reshape(-1)[:1]],
            lambda arrays: np.pad(arrays[0][cut], inner, constant_values=arrays[1][0]),
        )
    if mode not in ("reflect", "edge", "wrap"):
        call.refuse(f"unknown mode {mode}")
    return moved(call, value, lambda array: np.pad(array[cut], inner, mode=mode))


def _dropout(call: Call) -> Sequence[Value]:
    """The identity, and a mask of ones; training draws at random."""
    value = call.value(0)
    training = call.argument(2)
    if training is not None and np.any(call.constant(2, "the training mode")):
        call.refuse("training draws at random")
    return [value, np.ones(value.shape, dtype=np.bool_)][: call.output_count]


def _identity(call: Call) -> Value:
    return call.value(0)


OPERATORS: dict[str, Operator] = {
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Concat": _concat,
    "Split": _split,
    "Slice": _slice,
    "Gather": _gather,
    "Expand": _expand,
    "Tile": _tile,
    "Pad": _pad,
    "Identity": _identity,
    "Dropout": _dropout,
}
