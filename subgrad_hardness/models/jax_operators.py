"""Primitives of JAX that are linear or have kinks, by what ONNX's operators are translated with.

An entry is given the equation's parameters and its arguments, tensors of the program or constants.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from subgrad_hardness.models.framework import Node
from subgrad_hardness.models.framework_windows import extremum_of_windows, window_places
from subgrad_hardness.models.operators.contract import Call, Value
from subgrad_hardness.models.operators.entrywise import added, pairwise
from subgrad_hardness.models.operators.linear import matrix_product
from subgrad_hardness.models.operators.moving import moved
from subgrad_hardness.models.tensors import Array, Contracted, Index, Tensor
from subgrad_hardness.models.torch_kinks import clipped

Params = Mapping[str, Any]
Translation = Callable[..., Value]

#: Primitives that move entries about, or repeat them, and which of their arguments the entries are in (None: all).
MOVING: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(
        (
            "reshape", "transpose", "broadcast_in_dim", "squeeze", "expand_dims", "rev", "slice", "tile", "split",
            "gather", "dynamic_slice",
        ),
        (0,),
    ),
    **dict.fromkeys(("concatenate", "stack"), None),
    "select_n": (1, 2),
    "pad": (0, 1),
    "dynamic_update_slice": (0, 1),
    "scatter": (0, 2),
}  # fmt: skip

_JUMPS = "jumps"
#: Why what has a derivative somewhere is not read.
REFUSED: dict[str, str] = {
    **dict.fromkeys(("sort", "top_k", "approx_top_k"), "sorts; what ties get depends on their number, too"),
    **dict.fromkeys(("argmax", "argmin"), "places of maxima jump"),
    **dict.fromkeys(("floor", "ceil", "round", "sign", "eq", "ne", "rem", "nextafter"), _JUMPS),
    **dict.fromkeys(("scan", "while", "cond"), "loops and branches are not read"),
    **dict.fromkeys(("pure_callback", "io_callback", "debug_callback"), "calls Python"),
    "stop_gradient": "stops gradients; the function that is differentiated is another one",
}


def _call(node: Node) -> Call:
    return node.call("", [])


def _simple(operator: str) -> Translation:
    def translate(node: Node, _: Params, *inputs: Value) -> Value:
        return node.onnx(operator, inputs)

    return translate


def _square(node: Node, params: Params, x: Value) -> Value:
    if params.get("y", 2) != 2:
        node.refuse("of all powers only squares are read")
    return node.onnx("Mul", [x, x])


def _sum_of(sign: int) -> Translation:
    def translate(node: Node, _: Params, left: Value, right: Value) -> Value:
        return added(_call(node), left, right, sign)

    return translate


def _pair(operation: str) -> Translation:
    def translate(node: Node, _: Params, left: Value, right: Value) -> Value:
        return pairwise(_call(node.kinked()), operation, [left, right])

    return translate


def _abs(node: Node, _: Params, x: Value) -> Value:
    return node.kinked().onnx("Abs", [x])


def _clamp(node: Node, _: Params, low: Value, x: Value, high: Value) -> Value:
    return clipped(node, x, low, high)


def _reduction(operator: str) -> Translation:
    def translate(node: Node, params: Params, x: Tensor) -> Value:
        axes = [int(axis) for axis in params["axes"]]
        if not axes:
            return x
        if operator == "ReduceSum":
            return node.onnx(operator, [x, np.asarray(axes)], keepdims=0)
        return node.kinked().onnx(operator, [x], axes=axes, keepdims=0)

    return translate


def _dot(node: Node, params: Params, left: Value, right: Value) -> Value:
    """A contraction as a product of matrices, one for each place of the batch."""
    (over_left, over_right), (batch_left, batch_right) = params["dimension_numbers"]
    kept_left = [axis for axis in range(len(left.shape)) if axis not in (*over_left, *batch_left)]
    kept_right = [axis for axis in range(len(right.shape)) if axis not in (*over_right, *batch_right)]
    call = _call(node)
    batch, inner = [left.shape[axis] for axis in batch_left], [left.shape[axis] for axis in over_left]
    rows, columns = [left.shape[axis] for axis in kept_left], [right.shape[axis] for axis in kept_right]
    stack = [math.prod(batch)] if batch else []
    one = _arranged(call, left, (*batch_left, *kept_left, *over_left), (*stack, math.prod(rows), math.prod(inner)))
    two = _arranged(
        call, right, (*batch_right, *over_right, *kept_right), (*stack, math.prod(inner), math.prod(columns))
    )
    return _shaped(call, matrix_product(call, one, two), (*batch, *rows, *columns))


def _arranged(call: Call, value: Value, axes: Sequence[int], shape: Sequence[int]) -> Value:
    return moved(call, value, lambda array: np.transpose(array, axes).reshape(shape))


def _shaped(call: Call, value: Value, shape: Sequence[int]) -> Value:
    return moved(call, value, lambda array: array.reshape(shape))


def _convolution(node: Node, params: Params, x: Value, filters: Value) -> Value:
    if params["batch_group_count"] != 1:
        node.refuse("batch_group_count")
    if any(gap != 1 for gap in params["lhs_dilation"]):
        node.refuse("lhs_dilation (a transposed convolution)")
    pads = [int(size) for side in zip(*params["padding"], strict=True) for size in side]
    if min(pads, default=0) < 0:
        node.refuse("negative padding")
    numbers, call = params["dimension_numbers"], _call(node)
    made = node.onnx(
        "Conv",
        [
            moved(call, x, lambda array: np.transpose(array, numbers.lhs_spec)),
            moved(call, filters, lambda array: np.transpose(array, numbers.rhs_spec)),
        ],
        strides=list(params["window_strides"]),
        dilations=list(params["rhs_dilation"]),
        pads=pads,
        group=int(params["feature_group_count"]),
    )
    return moved(call, made, lambda array: np.transpose(array, np.argsort(numbers.out_spec)))


def _window_places(node: Node, params: Params, x: Tensor) -> tuple[Index, tuple[int, ...]]:
    if any(gap != 1 for gap in params["base_dilation"]):
        node.refuse("base_dilation")
    sizes, steps, gaps = (params[name] for name in ("window_dimensions", "window_strides", "window_dilation"))
    return window_places(node, x, sizes, steps, params["padding"], gaps)


def _window_extremum(operation: str) -> Translation:
    def translate(node: Node, params: Params, x: Tensor) -> Value:
        return extremum_of_windows(node, operation, x, *_window_places(node, params, x))

    return translate


def _window_sum(node: Node, params: Params, x: Tensor) -> Value:
    places, shape = _window_places(node, params, x)
    ones = np.ones((1, 1, places.shape[1]), dtype=np.int64)
    return _call(node).add(Contracted(x.step, ones, np.ascontiguousarray(places.T)[None]), shape)


def _cumulated(node: Node, params: Params, x: Tensor) -> Value:
    axis, call = params["axis"], _call(node)
    size = x.shape[axis]
    ones: Array = np.tril(np.ones((size, size), dtype=np.int64))
    last = moved(call, x, lambda array: np.moveaxis(array, axis, -1))
    made = matrix_product(call, last, ones if params["reverse"] else ones.T)
    return moved(call, made, lambda array: np.moveaxis(array, -1, axis))


#: All primitives that are read and do not only move entries about.
TRANSLATIONS: dict[str, Translation] = {
    "add": _sum_of(1),
    "add_any": _sum_of(1),
    "sub": _sum_of(-1),
    "mul": _simple("Mul"),
    "div": _simple("Div"),
    "neg": _simple("Neg"),
    "square": _square,
    "integer_pow": _square,
    "max": _pair("max"),
    "min": _pair("min"),
    "abs": _abs,
    "clamp": _clamp,
    "reduce_sum": _reduction("ReduceSum"),
    "reduce_max": _reduction("ReduceMax"),
    "reduce_min": _reduction("ReduceMin"),
    "dot_general": _dot,
    "conv_general_dilated": _convolution,
    "reduce_window_max": _window_extremum("max"),
    "reduce_window_min": _window_extremum("min"),
    "reduce_window_sum": _window_sum,
    "cumsum": _cumulated,
}
