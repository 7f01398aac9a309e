"""What an operator's translation is given, and gives back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.tensors import Array, Scaled, Step, Tensor, TensorProgram

#: A tensor that depends on the inputs, or a constant.
Value = Tensor | Array


#: No node may make a tensor, or read windows, of more entries together: they are counted before anything is made.
MOST_MADE = 2**26


class Refused(Exception):
    """A node that cannot be part of an exact piecewise-linear program; the message says why."""


class Call(NamedTuple):
    """One node of the model.

    Attributes
    ----------
    inputs : its arguments, None where an optional one is left out.
    attributes : by name; strings are text, tensors arrays.
    opset : the version of the operator set.
    """

    program: TensorProgram
    operator: str
    name: str
    inputs: tuple[Value | None, ...]
    attributes: Mapping[str, Any]
    opset: int
    output_count: int

    def refuse(self, why: str) -> NoReturn:
        raise Refused(why)

    def room(self, *sizes: int) -> None:
        """Refuse what would have as many entries as the product of ``sizes``, if these are too many."""
        entries = math.prod([int(size) for size in sizes])
        if min(sizes, default=0) < 0 or entries > MOST_MADE:
            self.refuse(f"{entries} entries; at most {MOST_MADE} are made at once")

    def add(self, step: Step, shape: Sequence[int]) -> Tensor:
        return self.program.add(step, shape, self.name)

    def take(self, tensor: Tensor, index: NDArray[np.int64]) -> Tensor:
        return self.program.take(tensor, index, self.name)

    def positions(self, tensor: Tensor) -> NDArray[np.int64]:
        return self.program.positions(tensor)

    def argument(self, number: int) -> Value | None:
        return self.inputs[number] if number < len(self.inputs) else None

    def value(self, number: int) -> Value:
        """An argument that there has to be."""
        value = self.argument(number)
        if value is None:
            self.refuse(f"input {number} is missing")
        return value

    def tensor(self, number: int) -> Tensor:
        """An argument as a tensor that depends on the inputs."""
        value = self.value(number)
        if not isinstance(value, Tensor):
            self.refuse(f"input {number} is a constant")
        return value

    def constant(self, number: int, what: str) -> Array:
        """An argument that has to be a constant."""
        value = self.value(number)
        if isinstance(value, Tensor):
            self.refuse(f"{what} depends on the inputs: the operation is not piecewise linear, or not known in advance")
        return value

    def integers(self, number: int, attribute: str, what: str) -> list[int] | None:
        """Integers from an attribute (older operator sets) or from a constant argument; None where neither is."""
        if attribute in self.attributes:
            return [int(entry) for entry in self.attributes[attribute]]
        if self.argument(number) is None:
            return None
        return [int(entry) for entry in self.constant(number, what).reshape(-1).tolist()]

    def scaled(self, tensor: Tensor, factor: Array | None, shift: Array | None) -> Tensor:
        """tensor * factor + shift, all broadcast against one another."""
        shapes = [tensor.shape, *(array.shape for array in (factor, shift) if array is not None)]
        shape = np.broadcast_shapes(*shapes)
        self.room(*shape)
        if shape != tensor.shape:
            tensor = self.take(tensor, np.broadcast_to(self.positions(tensor), shape))
        if factor is not None and all(exact(entry) == 1 for entry in np.unique(factor.astype(object)).tolist()):
            factor = None
        if shift is not None and not np.any(shift):
            shift = None
        if factor is None and shift is None:
            return tensor
        wide = [None if array is None else np.broadcast_to(array, shape) for array in (factor, shift)]
        return self.add(Scaled(tensor.step, *wide), shape)


#: A translation gives back one value for each output.
Operator = Callable[[Call], Value | Sequence[Value]]


def exact(entry: Any) -> Fraction:
    """One entry of an array of constants.  Raises ValueError for one that is no finite number."""
    if isinstance(entry, Fraction):
        return entry
    if isinstance(entry, float | np.floating) and not math.isfinite(entry):
        raise ValueError("a number that is not finite")
    return Fraction(*entry.as_integer_ratio())


def rationals(array: Array) -> NDArray[np.object_]:
    """Constants as an array of Fractions, for exact arithmetic with them."""
    wide = array.astype(np.float64) if array.dtype.kind not in "iubO" else array
    made = np.empty(array.shape, dtype=object)
    made.reshape(-1)[:] = [exact(entry) for entry in wide.reshape(-1).tolist()]
    return made
