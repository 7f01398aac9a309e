"""Operators that act entry by entry: arithmetic with constants, sums, and the kinks of the dictionary."""

from __future__ import annotations

import math
import operator as arithmetic
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from subgrad_hardness.models.operators.contract import Call, Operator, Value, exact, rationals
from subgrad_hardness.models.operators.moving import joined
from subgrad_hardness.models.tensors import Applied, Array, Constant, Contracted, Extremum, Multiplied, Summed, Tensor


def constants(call: Call, combine: Callable[[Any, Any], Any], left: Array, right: Array) -> Array:
    """Arithmetic of two constants: integers stay integers, all else is exact."""
    call.room(*np.broadcast_shapes(left.shape, right.shape))
    if left.dtype.kind in "iu" and right.dtype.kind in "iu" and call.operator != "Div":
        return np.asarray(combine(left, right))
    if left.dtype.kind in "iu" and right.dtype.kind in "iu":  # ONNX divides integers towards zero
        return np.asarray(left // right + ((left % right != 0) & ((left < 0) != (right < 0))))
    exactly: Array = np.asarray(combine(rationals(left), rationals(right)), dtype=object)
    return exactly


def aligned(call: Call, values: Sequence[Value]) -> list[Tensor]:
    """Values broadcast to one shape, constants as steps."""
    shape = np.broadcast_shapes(*[value.shape for value in values])
    call.room(*shape)
    tensors = []
    for value in values:
        if isinstance(value, Tensor):
            spread = np.broadcast_to(call.positions(value), shape)
            tensors.append(value if value.shape == shape else call.take(value, spread))
        else:
            tensors.append(call.add(Constant(np.broadcast_to(value, shape)), shape))
    return tensors


def added(call: Call, left: Value, right: Value, sign: int) -> Value:
    """left + sign * right, broadcast; a constant behind a linear map becomes the map's own."""
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        one, other = aligned(call, [left, right])
        return call.add(Summed((one.step, other.step), (1, sign)), one.shape)
    if isinstance(left, Tensor):
        assert not isinstance(right, Tensor)
        return _shifted(call, left, right if sign > 0 else negated(right))
    if isinstance(right, Tensor):
        scaled = right if sign > 0 else call.scaled(right, np.asarray(-1), None)
        return _shifted(call, scaled, left)
    return constants(call, arithmetic.add if sign > 0 else arithmetic.sub, left, right)


def negated(array: Array) -> Array:
    """The constants times -1, exactly: unsigned ones, odd formats and the least integer of a type as rationals."""
    kept = array.dtype.kind == "f" or (array.dtype.kind == "i" and not np.any(array == np.iinfo(array.dtype).min))
    return np.asarray(-array if kept else -rationals(array))


def _shifted(call: Call, tensor: Tensor, shift: Array) -> Tensor:
    """A constant added; behind a linear map without one it becomes the map's own."""
    step = call.program.steps[tensor.step]
    shape = np.broadcast_shapes(tensor.shape, shift.shape)
    if isinstance(step, Contracted) and step.bias is None and shape == tensor.shape and np.any(shift):
        groups, rows, _ = step.weights.shape
        bias = np.broadcast_to(shift, shape).reshape(groups, rows, step.places.shape[2])
        return call.add(step._replace(bias=bias), shape)
    return call.scaled(tensor, None, shift)


def _add(call: Call) -> Value:
    return added(call, call.value(0), call.value(1), 1)


def _subtract(call: Call) -> Value:
    return added(call, call.value(0), call.value(1), -1)


def _sum(call: Call) -> Value:
    return reduce(lambda total, value: added(call, total, value, 1), [call.value(n) for n in range(len(call.inputs))])


def _mean(call: Call) -> Value:
    share = np.asarray(rationals(np.asarray(1)) / len(call.inputs))
    total = _sum(call)
    return (
        call.scaled(total, share, None) if isinstance(total, Tensor) else constants(call, arithmetic.mul, total, share)
    )


def multiplied(call: Call, left: Tensor, right: Tensor) -> Tensor:
    """The product of two values that depend on the inputs, entry by entry, broadcast: smooth."""
    one, other = aligned(call, [left, right])
    return call.add(Multiplied((one.step, other.step)), one.shape)


def _multiply(call: Call) -> Value:
    left, right = call.value(0), call.value(1)
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return multiplied(call, left, right)
    if isinstance(left, Tensor) and not isinstance(right, Tensor):
        return call.scaled(left, right, None)
    if isinstance(right, Tensor) and not isinstance(left, Tensor):
        return call.scaled(right, left, None)
    assert not isinstance(left, Tensor) and not isinstance(right, Tensor)
    return constants(call, arithmetic.mul, left, right)


def _divide(call: Call) -> Value:
    left, right = call.value(0), call.constant(1, "the divisor")
    if not np.all(right):
        call.refuse("a division by zero")
    if isinstance(left, Tensor):
        return call.scaled(left, np.asarray(1 / rationals(right)), None)
    return constants(call, arithmetic.truediv, left, right)


def _negative(call: Call) -> Value:
    value = call.value(0)
    return call.scaled(value, np.asarray(-1), None) if isinstance(value, Tensor) else negated(value)


def applied(call: Call, operation: str, tensor: Tensor, slopes: Array | None = None) -> Tensor:
    """An operation of the dictionary on each entry."""
    return call.add(Applied(operation, tensor.step, slopes), tensor.shape)


def _relu(call: Call) -> Value:
    return applied(call, "relu", call.tensor(0))


def _abs(call: Call) -> Value:
    return applied(call, "abs", call.tensor(0))


def _leaky(call: Call) -> Value:
    tensor, slope = call.tensor(0), np.float32(call.attributes.get("alpha", 0.01))
    return applied(call, "leaky_relu", tensor, np.full(tensor.shape, slope))


def _prelu(call: Call) -> Value:
    tensor, slope = call.tensor(0), call.constant(1, "the slope")
    if call.opset < 7 and slope.ndim == 1 and len(tensor.shape) > 1:  # one slope a channel
        slope = slope.reshape(-1, *[1] * (len(tensor.shape) - 2))
    return applied(call, "leaky_relu", tensor, np.broadcast_to(slope, tensor.shape))


def _thresholded(call: Call) -> Value:
    if call.attributes.get("alpha", 1.0):
        call.refuse("jumps at alpha: only alpha = 0 is continuous")
    return applied(call, "relu", call.tensor(0))


def _clip(call: Call) -> Value:
    """min(max(x, low), high) as ONNX defines it: two maxima with constants, so two kinks."""
    tensor = call.tensor(0)
    bounds: list[Array | None] = []
    for number, attribute in ((1, "min"), (2, "max")):
        if attribute in call.attributes:
            bounds.append(np.asarray(np.float32(call.attributes[attribute])))
        else:
            bounds.append(None if call.argument(number) is None else call.constant(number, f"the {attribute}"))
    for operation, bound in zip(("max", "min"), bounds, strict=True):
        if bound is not None and binding(operation, bound):
            tensor = pairwise(call, operation, [tensor, bound])
    return tensor


def binding(operation: str, bound: Array) -> bool:
    """Whether max or min with a constant does anything: not where it is -inf, or inf, in every entry."""
    return not np.all(bound == (-np.inf if operation == "max" else np.inf))


def pairwise(call: Call, operation: str, values: Sequence[Value]) -> Tensor:
    """max or min of several values, entry by entry, in their order."""
    tensors = aligned(call, values)
    shape = tensors[0].shape
    together = joined(call, tensors, lambda arrays: np.stack(list(arrays), axis=-1))
    assert isinstance(together, Tensor)
    index = np.arange(together.size, dtype=np.int64).reshape(-1, len(values))
    return call.add(Extremum(operation, together.step, index), shape)


def _extremum(call: Call) -> Value:
    values = [call.value(number) for number in range(len(call.inputs))]
    return values[0] if len(values) == 1 else pairwise(call, call.operator.lower(), values)


def _hard_sigmoid(call: Call) -> Value:
    """max(0, min(1, alpha x + beta)), alpha and beta being float32 numbers."""
    alpha = np.asarray(np.float32(call.attributes.get("alpha", 0.2)))
    beta = np.asarray(np.float32(call.attributes.get("beta", 0.5)))
    inner = pairwise(call, "min", [call.scaled(call.tensor(0), alpha, beta), np.asarray(1)])
    return pairwise(call, "max", [inner, np.asarray(0)])


def _cast(call: Call) -> Value:
    value, to = call.value(0), int(call.attributes["to"])
    if isinstance(value, Tensor):
        if to not in _FLOATS:
            call.refuse("a cast to integers rounds: it is not piecewise linear")
        return value
    kinds = {1: np.float32, 6: np.int32, 7: np.int64, 9: np.bool_, 10: np.float16, 11: np.float64}
    if to not in kinds:
        call.refuse(f"a cast to the type number {to}")
    return value.astype(kinds[to])


#: ONNX's numbers of float32, float16, float64, bfloat16.
_FLOATS = (1, 10, 11, 16)


def _dequantize(call: Call) -> Value:
    """(q - zero point) * scale, exactly."""
    value, scale = call.value(0), call.constant(1, "the scale")
    zero = np.asarray(0) if call.argument(2) is None else call.constant(2, "the zero point")
    if scale.size > 1:
        axis = int(call.attributes.get("axis", 1))
        wide = [1] * len(value.shape)
        wide[axis] = -1
        scale, zero = scale.reshape(wide), zero.reshape(wide) if zero.size > 1 else zero
    if isinstance(value, Tensor):
        return call.scaled(call.scaled(value, None, negated(zero)), scale, None)
    return constants(call, arithmetic.mul, np.asarray(rationals(value) - rationals(zero)), scale)


def _batch_normalisation(call: Call) -> Value:
    """(x - mean) scale / sqrt(var + epsilon) + bias; an irrational root is taken as float32 has it, and noted."""
    if call.attributes.get("training_mode", 0):
        call.refuse("training mode depends on the batch")
    tensor = call.tensor(0)
    scale, bias, mean, variance = [rationals(call.constant(n, "a statistic")) for n in range(1, 5)]
    epsilon = exact(float(np.float32(call.attributes.get("epsilon", 1e-5))))
    factors = np.empty(scale.shape, dtype=object)
    rounded = 0
    for channel, (weight, spread) in enumerate(zip(scale.tolist(), variance.tolist(), strict=True)):
        under = spread + epsilon
        if under <= 0:
            call.refuse("a variance that is not positive")
        root = _root(under)
        rounded += root is None
        factors[channel] = (
            exact(float(np.float32(weight) / np.sqrt(np.float32(under)))) if root is None else weight / root
        )
    if rounded:
        call.program.notes.append(
            f"{call.name}: of {rounded} of {len(factors)} channels the scale is irrational, and taken as the float32 "
            "number that weight / sqrt(var + eps) gives"
        )
    wide = (1, -1, *[1] * (len(tensor.shape) - 2))
    return call.scaled(tensor, factors.reshape(wide), np.asarray(bias - mean * factors).reshape(wide))


def _root(value: Fraction) -> Fraction | None:
    """The square root of a rational if it is one, else None."""
    above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
    return Fraction(above, below) if above**2 == value.numerator and below**2 == value.denominator else None


OPERATORS: dict[str, Operator] = {
    "Add": _add,
    "Sub": _subtract,
    "Sum": _sum,
    "Mean": _mean,
    "Mul": _multiply,
    "Div": _divide,
    "Neg": _negative,
    "Relu": _relu,
    "Abs": _abs,
    "LeakyRelu": _leaky,
    "PRelu": _prelu,
    "ThresholdedRelu": _thresholded,
    "Clip": _clip,
    "Max": _extremum,
    "Min": _extremum,
    "HardSigmoid": _hard_sigmoid,
    "Cast": _cast,
    "DequantizeLinear": _dequantize,
    "BatchNormalization": _batch_normalisation,
}
