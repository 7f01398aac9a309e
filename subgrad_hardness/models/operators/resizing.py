"""Resize and Upsample in the mode nearest: each entry of the result is one of the argument's."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from subgrad_hardness.models.operators.contract import Call, Operator, Value, exact
from subgrad_hardness.models.operators.moving import moved
from subgrad_hardness.models.tensors import Array

_HALF = Fraction(1, 2)

#: Coordinate in the argument of entry x of the result, for (x, scale, size of the argument, size of the result).
_COORDINATES: dict[str, Callable[[int, Fraction, int, int], Fraction]] = {
    "half_pixel": lambda x, scale, old, new: (x + _HALF) / scale - _HALF,
    "asymmetric": lambda x, scale, old, new: x / scale,
    "pytorch_half_pixel": lambda x, scale, old, new: (x + _HALF) / scale - _HALF if new > 1 else Fraction(0),
    "align_corners": lambda x, scale, old, new: Fraction(x * (old - 1), new - 1) if new > 1 else Fraction(0),
}

_NEAREST: dict[str, Callable[[Fraction], int]] = {
    "round_prefer_floor": lambda place: math.ceil(place - _HALF),
    "round_prefer_ceil": lambda place: math.floor(place + _HALF),
    "floor": math.floor,
    "ceil": math.ceil,
}


def _resize(call: Call) -> Value:
    """Entry x of an axis is the argument's entry nearest to x's coordinate there, by the attributes' rules; exactly."""
    value = call.value(0)
    if call.attributes.get("mode", "nearest") != "nearest":
        call.refuse("only the mode nearest is read")
    old = call.operator == "Upsample" or call.opset < 11
    transformation = "asymmetric" if old else call.attributes.get("coordinate_transformation_mode", "half_pixel")
    nearest = "floor" if old else call.attributes.get("nearest_mode", "round_prefer_floor")
    if transformation not in _COORDINATES or nearest not in _NEAREST:
        call.refuse(f"coordinates by {transformation}, {nearest}")
    if call.attributes.get("keep_aspect_ratio_policy", "stretch") != "stretch":
        call.refuse("sizes that keep an aspect ratio")
    axes = [int(axis) % len(value.shape) for axis in call.attributes.get("axes", range(len(value.shape)))]
    scales, sizes = _scales(call, 1 if old else 2, [value.shape[axis] for axis in axes])
    call.room(*[*sizes, *[size for axis, size in enumerate(value.shape) if axis not in axes]])
    places = []
    for axis, scale, size in zip(axes, scales, sizes, strict=True):
        most = value.shape[axis] - 1
        found = [_NEAREST[nearest](_COORDINATES[transformation](x, scale, most + 1, size)) for x in range(size)]
        places.append([min(max(place, 0), most) for place in found])

    def move(array: Array) -> Array:
        for axis, chosen in zip(axes, places, strict=True):
            array = np.take(array, chosen, axis)
        return array

    return moved(call, value, move)


def _scales(call: Call, number: int, shape: list[int]) -> tuple[list[Fraction], list[int]]:
    """The scales of the axes, and the sizes of the result."""
    given: list[float] = []
    if "scales" in call.attributes:
        given = [float(scale) for scale in call.attributes["scales"]]
    elif call.argument(number) is not None:
        given = call.constant(number, "the scale").astype(np.float64).reshape(-1).tolist()
    if given:
        scales = [exact(scale) for scale in given]
        return scales, [math.floor(size * scale) for size, scale in zip(shape, scales, strict=True)]
    sizes = [int(size) for size in call.constant(3, "the size").reshape(-1).tolist()]
    return [Fraction(new, old) for new, old in zip(sizes, shape, strict=True)], sizes


OPERATORS: dict[str, Operator] = {"Resize": _resize, "Upsample": _resize}
