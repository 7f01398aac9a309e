"""Operations of TensorFlow that are linear or have kinks, by what ONNX's operators are translated with.

An entry is given the operation and its arguments, tensors of the program or constants.  Channels come last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from subgrad_hardness.models.framework import Node
from subgrad_hardness.models.framework_windows import extremum_of_windows, window_places
from subgrad_hardness.models.operators.contract import Value
from subgrad_hardness.models.operators.entrywise import added, applied, pairwise
from subgrad_hardness.models.operators.linear import matrix_product
from subgrad_hardness.models.operators.moving import joined, moved
from subgrad_hardness.models.tensorflow_graph import Equation
from subgrad_hardness.models.tensors import Tensor
from subgrad_hardness.models.torch_kinks import clipped

Translation = Callable[..., Value]

#: Operations that move entries about, or repeat them, and which of their arguments the entries are in (None: all).
MOVING: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(
        (
            "Reshape", "Transpose", "Squeeze", "ExpandDims", "StridedSlice", "Slice", "GatherV2", "GatherNd", "Tile",
            "BroadcastTo", "SplitV", "Unpack", "ReverseV2", "MirrorPad", "SpaceToDepth", "DepthToSpace",
            "SpaceToBatchND", "BatchToSpaceND",
        ),
        (0,),
    ),
    "Split": (1,),
    "Pack": None,
}  # fmt: skip

_JUMPS = "jumps"
#: Why what has a derivative somewhere is not read.
REFUSED: dict[str, str] = {
    **dict.fromkeys(("TopKV2", "ArgMax", "ArgMin"), "places of maxima jump, and sorting is not read"),
    **dict.fromkeys(("Floor", "Ceil", "Round", "Rint", "Sign", "Equal", "NotEqual", "FloorMod"), _JUMPS),
    **dict.fromkeys(("If", "StatelessIf", "While", "StatelessWhile", "Case"), "loops and branches are not read"),
    **dict.fromkeys(("PyFunc", "EagerPyFunc"), "calls Python"),
    **dict.fromkeys(
        ("StopGradient", "PreventGradient"), "stops gradients; the function that is differentiated is another one"
    ),
    "FusedBatchNormV3": "normalises in one operation; batch normalisation of Keras in inference is read",
}


def _simple(operator: str) -> Translation:
    def translate(node: Node, _: Equation, *inputs: Value) -> Value:
        return node.onnx(operator, inputs)

    return translate


def _kinked(operator: str) -> Translation:
    def translate(node: Node, _: Equation, x: Value) -> Value:
        return node.kinked().onnx(operator, [x])

    return translate


def _sum_of(sign: int) -> Translation:
    def translate(node: Node, _: Equation, left: Value, right: Value) -> Value:
        return added(node.call("", []), left, right, sign)

    return translate


def _add_all(node: Node, _: Equation, *inputs: Value) -> Value:
    return node.onnx("Sum", inputs)


def _bias(node: Node, equation: Equation, x: Value, bias: Value) -> Value:
    call = node.call("", [])
    if equation.attribute("data_format") == "NCHW":
        bias = moved(call, bias, lambda array: array.reshape(-1, *[1] * (len(x.shape) - 2)))
    return added(call, x, bias, 1)


def _square(node: Node, _: Equation, x: Value) -> Value:
    return node.onnx("Mul", [x, x])


def _squared_difference(node: Node, _: Equation, left: Value, right: Value) -> Value:
    gap = added(node.call("", []), left, right, -1)
    return node.onnx("Mul", [gap, gap])


def _pair(operation: str) -> Translation:
    def translate(node: Node, _: Equation, left: Value, right: Value) -> Value:
        return pairwise(node.kinked().call("", []), operation, [left, right])

    return translate


def _leaky(node: Node, equation: Equation, x: Tensor) -> Value:
    slope = float(equation.attribute("alpha"))
    return applied(node.kinked().call("", []), "leaky_relu", x, np.full(x.shape, slope))


def _relu6(node: Node, _: Equation, x: Value) -> Value:
    return clipped(node, x, 0, 6)


def _matrices(left_turned: str, right_turned: str) -> Translation:
    def translate(node: Node, equation: Equation, left: Value, right: Value) -> Value:
        call = node.call("", [])
        both = [
            moved(call, value, lambda array: np.swapaxes(array, -1, -2)) if equation.attribute(turned) else value
            for value, turned in ((left, left_turned), (right, right_turned))
        ]
        return matrix_product(call, *both)

    return translate


def _reduction(operator: str) -> Translation:
    def translate(node: Node, equation: Equation, x: Tensor, axes: Value) -> Value:
        if isinstance(axes, Tensor):
            node.refuse("axes that are not constant")
        listed = sorted({int(axis) % len(x.shape) for axis in axes.reshape(-1).tolist()}) if x.shape else []
        keep = int(equation.attribute("keep_dims"))
        if not listed:
            return x
        if operator == "ReduceSum":
            return node.onnx(operator, [x, np.asarray(listed)], keepdims=keep)
        on = node.kinked() if operator in ("ReduceMax", "ReduceMin") else node
        return on.onnx(operator, [x], axes=listed, keepdims=keep)

    return translate


class _Axes(NamedTuple):
    """Where the channels are, and the axes of space."""

    last: bool
    space: tuple[int, ...]

    def of(self, given: Sequence[int]) -> list[int]:
        """The entries of the axes of space."""
        return [int(given[axis]) for axis in self.space]

    def first(self, node: Node, x: Value) -> Value:
        """With channels first, as ONNX has them."""
        return moved(node.call("", []), x, lambda array: np.moveaxis(array, -1, 1)) if self.last else x

    def back(self, node: Node, x: Value) -> Value:
        return moved(node.call("", []), x, lambda array: np.moveaxis(array, 1, -1)) if self.last else x


def _axes(equation: Equation, x: Value) -> _Axes:
    last = equation.attribute("data_format") in ("NHWC", "NDHWC")
    return _Axes(last, tuple(range(1, len(x.shape) - 1) if last else range(2, len(x.shape))))


def _pads(  # noqa: PLR0917 (a window's numbers an axis)
    node: Node, equation: Equation, axes: _Axes, sizes: Sequence[int], kernel: Sequence[int], steps: Sequence[int]
) -> list[int]:
    """ONNX's pads: of SAME, as TensorFlow has it, the odd one behind."""
    padding = equation.attribute("padding")
    if padding == "VALID":
        return [0] * (2 * len(sizes))
    if padding == "EXPLICIT":
        given = equation.attribute("explicit_paddings")
        return [int(given[2 * axis + side]) for side in (0, 1) for axis in axes.space]
    if padding != "SAME":
        node.refuse(f"padding {padding}")
    total = [
        max((-(-size // step) - 1) * step + reach - size, 0)
        for size, reach, step in zip(sizes, kernel, steps, strict=True)
    ]
    return [each // 2 for each in total] + [each - each // 2 for each in total]


def _convolution(*, depthwise: bool = False) -> Translation:
    def translate(node: Node, equation: Equation, x: Value, filters: Value) -> Value:
        axes, call = _axes(equation, x), node.call("", [])
        size, space = x.shape, len(axes.space)
        channels = size[-1] if axes.last else size[1]
        if depthwise:  # H, W, C, M: filter k C-wise gives channels k M to k M + M - 1
            kernel, groups = filters.shape[:-2], channels
            turned = moved(call, filters, lambda array: np.moveaxis(array, (-2, -1), (0, 1)))
            whole = moved(call, turned, lambda array: array.reshape(-1, 1, *kernel))
        else:
            kernel, groups = filters.shape[:-2], channels // filters.shape[-2]
            whole = moved(call, filters, lambda array: np.moveaxis(array, (-1, -2), (0, 1)))
        strides, gaps = axes.of(equation.attribute("strides")), axes.of(equation.attribute("dilations"))
        reach = [(wide - 1) * gap + 1 for wide, gap in zip(kernel, gaps, strict=True)]
        pads = _pads(node, equation, axes, axes.of(size), reach, strides)
        assert len(kernel) == space
        made = node.onnx(
            "Conv", [axes.first(node, x), whole], strides=strides, dilations=gaps, pads=pads, group=int(groups)
        )
        return axes.back(node, made)

    return translate


def _average_pool(node: Node, equation: Equation, x: Value) -> Value:
    axes = _axes(equation, x)
    ksize = equation.attribute("ksize")
    if any(int(size) != 1 for axis, size in enumerate(ksize) if axis not in axes.space):
        node.refuse("windows over channels, or over the batch")
    kernel, strides = axes.of(ksize), axes.of(equation.attribute("strides"))
    pads = _pads(node, equation, axes, axes.of(x.shape), kernel, strides)
    first = axes.first(node, x)
    return axes.back(node, node.onnx("AveragePool", [first], kernel_shape=kernel, strides=strides, pads=pads))


def _max_pool(node: Node, equation: Equation, x: Tensor) -> Value:
    axes, ones = _axes(equation, x), [1] * len(x.shape)
    kernel, strides = (list(map(int, equation.attribute(name))) for name in ("ksize", "strides"))
    pads = _pads(node, equation, axes, axes.of(x.shape), axes.of(kernel), axes.of(strides))
    around = [(0, 0)] * len(x.shape)
    for number, axis in enumerate(axes.space):
        around[axis] = pads[number], pads[number + len(axes.space)]
    return extremum_of_windows(node, "max", x, *window_places(node, x, kernel, strides, around, ones))


def _padded(node: Node, _: Equation, x: Value, widths: Value, fill: Value | None = None) -> Value:
    if isinstance(widths, Tensor):
        node.refuse("widths that are not constant")
    around = [(int(low), int(high)) for low, high in widths.tolist()]
    call, filled = node.call("", []), np.zeros(1) if fill is None else fill
    call.room(*[size + low + high for size, (low, high) in zip(x.shape, around, strict=True)])
    one = moved(call, filled, lambda array: array.reshape(1))
    return joined(call, [x, one], lambda arrays: np.pad(arrays[0], around, constant_values=arrays[1][0]))


def _concatenated(node: Node, _: Equation, *inputs: Value) -> Value:
    *parts, axis = inputs
    if isinstance(axis, Tensor):
        node.refuse("an axis that is not constant")
    return joined(node.call("", []), parts, lambda arrays: np.concatenate(list(arrays), int(axis)))


#: All operations that are read and do not only move entries about.
TRANSLATIONS: dict[str, Translation] = {
    "Add": _sum_of(1),
    "AddV2": _sum_of(1),
    "Sub": _sum_of(-1),
    "AddN": _add_all,
    "BiasAdd": _bias,
    "Mul": _simple("Mul"),
    "RealDiv": _simple("Div"),
    "Neg": _simple("Neg"),
    "Square": _square,
    "SquaredDifference": _squared_difference,
    "Maximum": _pair("max"),
    "Minimum": _pair("min"),
    "Relu": _kinked("Relu"),
    "Abs": _kinked("Abs"),
    "Relu6": _relu6,
    "LeakyRelu": _leaky,
    "Sum": _reduction("ReduceSum"),
    "Mean": _reduction("ReduceMean"),
    "Max": _reduction("ReduceMax"),
    "Min": _reduction("ReduceMin"),
    "MatMul": _matrices("transpose_a", "transpose_b"),
    "BatchMatMulV2": _matrices("adj_x", "adj_y"),
    "Conv2D": _convolution(),
    "Conv3D": _convolution(),
    "DepthwiseConv2dNative": _convolution(depthwise=True),
    "MaxPool": _max_pool,
    "MaxPool3D": _max_pool,
    "AvgPool": _average_pool,
    "AvgPool3D": _average_pool,
    "Pad": _padded,
    "PadV2": _padded,
    "ConcatV2": _concatenated,
}
#: The operations with kinks over windows of several entries each.
WINDOWS = frozenset(("Max", "Min", "MaxPool", "MaxPool3D"))
