"""Operators whose results are constants of the model: shapes, and arithmetic with them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from subgrad_hardness.models.operators.contract import Call, Operator, Value
from subgrad_hardness.models.tensors import Array


def _constant(call: Call) -> Value:
    for name in ("value", "value_float", "value_floats", "value_int", "value_ints"):
        if name in call.attributes:
            kind = np.int64 if "int" in name else np.float32
            given = call.attributes[name]
            return given if name == "value" else np.asarray(given, dtype=kind)
    call.refuse("a constant that is no number")


def _shape(call: Call) -> Value:
    sizes = np.asarray(call.value(0).shape, dtype=np.int64)
    start, end = int(call.attributes.get("start", 0)), call.attributes.get("end")
    return sizes[start : None if end is None else int(end)]


def _size(call: Call) -> Value:
    return np.asarray(np.prod(call.value(0).shape, dtype=np.int64))


def _constant_of_shape(call: Call) -> Value:
    value = call.attributes.get("value", np.zeros(1, dtype=np.float32))
    shape = call.constant(0, "the shape").astype(np.int64).reshape(-1).tolist()
    call.room(*shape)
    return np.full(tuple(shape), value.reshape(-1)[0])


def _range(call: Call) -> Value:
    ends: Sequence[Array] = [call.constant(number, "an end") for number in range(3)]
    start, end, step = [entry.reshape(-1)[0].item() for entry in ends]
    call.room(max(0, math.ceil((end - start) / step)))
    return np.arange(start, end, step, dtype=ends[0].dtype)


OPERATORS: dict[str, Operator] = {
    "Constant": _constant,
    "Shape": _shape,
    "Size": _size,
    "ConstantOfShape": _constant_of_shape,
    "Range": _range,
}
