"""Operations of torch with kinks, entry by entry and over axes, by what ONNX's operators are translated with.

What has a kink says so (``Node.kinked``), because an audit asks the framework about that very operation.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from subgrad_hardness.models.framework import Node
from subgrad_hardness.models.operators.contract import Value
from subgrad_hardness.models.operators.entrywise import applied, binding, pairwise
from subgrad_hardness.models.tensors import Array, Tensor

Translation = Callable[..., Value]


def _relu(node: Node, x: Value) -> Value:
    return node.kinked().onnx("Relu", [x])


def _abs(node: Node, x: Value) -> Value:
    return node.kinked().onnx("Abs", [x])


def _leaky(node: Node, x: Tensor, slope: float = 0.01) -> Value:
    return applied(node.kinked().call("", []), "leaky_relu", x, np.full(x.shape, node.number(slope)))


def _prelu(node: Node, x: Tensor, slope: Array) -> Value:
    if isinstance(slope, Tensor):
        node.refuse("its slope is asked about: a product of two values is not piecewise linear")
    wide = slope.reshape((-1, *[1] * (len(x.shape) - 2)) if x.shape else ())  # one slope a channel
    return applied(node.kinked().call("", []), "leaky_relu", x, np.broadcast_to(wide, x.shape))


def clipped(node: Node, x: Value, low: Any, high: Any) -> Value:
    """min(max(x, low), high), both constant or None; one that depends on the inputs stands alone."""
    if isinstance(low, Tensor) or isinstance(high, Tensor):
        if low is not None and high is not None:
            node.refuse("a bound depends on the inputs, and there are two")
        operation, bound = ("max", low) if high is None else ("min", high)
        return pairwise(node.kinked().call("", []), operation, [x, bound])
    for operation, part, bound in (("max", ".low", low), ("min", ".high", high)):
        if bound is None:
            continue
        array = np.asarray(node.number(bound) if isinstance(bound, int | float) else bound)
        if binding(operation, array):
            x = pairwise(node.kinked(part).call("", []), operation, [x, array])
    return x


def _clamp(node: Node, x: Value, low: Any = None, high: Any = None, *, min: Any = None, max: Any = None) -> Value:
    return clipped(node, x, min if low is None else low, max if high is None else high)


def _clamp_max(node: Node, x: Value, high: Any) -> Value:
    return clipped(node, x, None, high)


def _hardtanh(node: Node, x: Value, low: float = -1.0, high: float = 1.0) -> Value:
    return clipped(node, x, low, high)


def _relu6(node: Node, x: Value) -> Value:
    return clipped(node, x, 0, 6)


def _hardsigmoid(node: Node, x: Value) -> Value:
    call = node.call("", [])
    assert isinstance(x, Tensor)
    inner = clipped(node, call.scaled(x, None, np.asarray(3)), 0, 6)
    assert isinstance(inner, Tensor)
    return call.scaled(inner, np.asarray(Fraction(1, 6), dtype=object), None)


def _pair(operation: str) -> Translation:
    def translate(node: Node, left: Value, right: Value) -> Value:
        return pairwise(node.kinked().call("", []), operation, [left, right])

    return translate


def _over_axes(operation: str) -> Translation:
    """amax, amin, max and min over all axes."""

    def translate(
        node: Node, x: Tensor, axes: Any = (), keep: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Value:
        chosen = axes if dim is None else dim
        listed = [chosen] if isinstance(chosen, int) else list(chosen)
        if not x.shape:
            return x
        return node.kinked().onnx(operation, [x], keepdims=int(keep or keepdim), **({"axes": listed} if listed else {}))

    return translate


#: Operations by their names without overloads; ``max`` and ``min`` by what they are given.
KINKED: dict[str, Translation] = {
    "relu": _relu,
    "abs": _abs,
    "leaky_relu": _leaky,
    "prelu": _prelu,
    "relu6": _relu6,
    "clamp": _clamp,
    "clip": _clamp,
    "clamp_min": _clamp,
    "clamp_max": _clamp_max,
    "hardtanh": _hardtanh,
    "hardsigmoid": _hardsigmoid,
    "maximum": _pair("max"),
    "minimum": _pair("min"),
    "fmax": _pair("max"),
    "fmin": _pair("min"),
    "max.other": _pair("max"),
    "min.other": _pair("min"),
    "amax": _over_axes("ReduceMax"),
    "amin": _over_axes("ReduceMin"),
    "max": _over_axes("ReduceMax"),
    "min": _over_axes("ReduceMin"),
}
