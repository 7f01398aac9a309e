"""Tensor programs: a model in nine kinds of steps, each of which reads flat tensors by index.

All that importers meet comes down to these: moving entries about (``Taken``), linear maps with shared weights
(``Contracted``: matrix products, convolutions after their windows are gathered), scaling and shifting by constants,
sums, entrywise products, entrywise operations of the dictionary, and maxima or minima over windows.  Constants stay
arrays as they were read: a floating-point number is the rational that it denotes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.errors import NetError

Shape = tuple[int, ...]
#: Constants: integers, floats, or objects that are Fractions.
Array = NDArray[Any]
Index = NDArray[np.int64]
Floats = NDArray[np.float64]

#: In an index: nothing stands there (zero in ``Contracted``, no argument in ``Extremum``).
ABSENT = -1


_LEAST = 5e-324


def refuse_flushed(file: str) -> None:
    """Raises NetError where this process reads the least numbers as zeros: constants would be lost without a word.

    ``torch.set_flush_denormal`` does that, and so do libraries that are built for speed alone.
    """
    if _LEAST == 0:
        raise NetError(
            "this process takes numbers below the least normal one for 0 (torch.set_flush_denormal?): nothing is exact",
            file=file,
        )


class Source(NamedTuple):
    """The program's inputs, in row-major order."""


class Constant(NamedTuple):
    """Constant entries."""

    values: Array


class Taken(NamedTuple):
    """Entry i is entry places[i] of the sources, one after the other."""

    sources: tuple[int, ...]
    places: Index


class Contracted(NamedTuple):
    """out[g, m, n] = sum_k weights[g, m, k] source[places[g, k, n]] + bias[g, m, n] (bias None: 0)."""

    source: int
    weights: Array
    places: Index
    bias: Array | None = None


class Scaled(NamedTuple):
    """source * factor + shift, entry by entry (None: 1, 0)."""

    source: int
    factor: Array | None = None
    shift: Array | None = None


class Summed(NamedTuple):
    """The sum of coefficient * source."""

    sources: tuple[int, ...]
    coefficients: tuple[int, ...]


class Multiplied(NamedTuple):
    """The product of two sources, entry by entry: smooth, and read for programs that are expanded only."""

    sources: tuple[int, int]


class Applied(NamedTuple):
    """An operation of the dictionary on each entry; ``slopes`` for leaky_relu."""

    operation: str
    source: int
    slopes: Array | None = None


class Extremum(NamedTuple):
    """``max`` or ``min`` over the source's entries places[i, :], in this order, the absent ones left out."""

    operation: str
    source: int
    places: Index


Step = Source | Constant | Taken | Contracted | Scaled | Summed | Multiplied | Applied | Extremum


def sources(step: Step) -> tuple[int, ...]:
    """The numbers of the steps that a step reads."""
    if isinstance(step, Source | Constant):
        return ()
    return step.sources if isinstance(step, Taken | Summed | Multiplied) else (step.source,)


class Tensor(NamedTuple):
    """A value that depends on the inputs: the number of the step that makes it, and its shape."""

    step: int
    shape: Shape

    @property
    def size(self) -> int:
        return math.prod(self.shape)


class TensorProgram:
    """Steps in topological order, with the shape and the name of what each makes.

    The first step is the source: the entries of all ``inputs``, (name, shape) each, one after the other.  ``notes`` are
    what a reader of the model has to be told: where it is not taken literally.
    """

    def __init__(self, inputs: Sequence[tuple[str, Shape]]) -> None:
        self.inputs = tuple(inputs)
        self.steps: list[Step] = [Source()]
        self.shapes: list[Shape] = [(sum(math.prod(shape) for _, shape in inputs),)]
        self.names: list[str] = ["inputs"]
        self.notes: list[str] = []

    def arguments(self) -> list[Tensor]:
        """The inputs as tensors."""
        found, start = [], 0
        for name, shape in self.inputs:
            index = np.arange(start, start + math.prod(shape), dtype=np.int64).reshape(shape)
            found.append(self.take(Tensor(0, self.shapes[0]), index, name))
            start += math.prod(shape)
        return found

    def add(self, step: Step, shape: Sequence[int], name: str) -> Tensor:
        """One more step."""
        self.steps.append(step)
        self.shapes.append(tuple(shape))
        self.names.append(name)
        return Tensor(len(self.steps) - 1, tuple(shape))

    def positions(self, tensor: Tensor) -> Index:
        """The places of a tensor's entries, in its shape: whatever moves entries about is done to this array."""
        return np.arange(tensor.size, dtype=np.int64).reshape(tensor.shape)

    def take(self, tensor: Tensor, index: Index, name: str) -> Tensor:
        """The tensor whose entries are those of ``tensor`` at the places ``index``, in the shape of that.

        A view will do.  (A contiguous copy would not: of a single entry without axes numpy makes one with an axis.)
        """
        step = self.steps[tensor.step]
        flat = index.reshape(-1)
        if flat.size == tensor.size and np.array_equal(flat, np.arange(tensor.size)):
            return Tensor(tensor.step, index.shape)  # another shape only
        if isinstance(step, Taken):
            return self.add(Taken(step.sources, step.places.reshape(-1)[flat]), index.shape, name)
        return self.add(Taken((tensor.step,), flat), index.shape, name)

    def needed(self, output: Tensor) -> list[int]:
        """The numbers of the steps that the output rests on, in order."""
        found, stack = {output.step}, [output.step]
        while stack:
            for source in sources(self.steps[stack.pop()]):
                if source not in found:
                    found.add(source)
                    stack.append(source)
        return sorted(found)

    def products(self, output: Tensor) -> int:
        """How many products and comparisons the output takes, written down one by one."""
        return sum(_products(self.steps[number], self.shapes[number]) for number in self.needed(output))

    def multiplied(self, output: Tensor) -> str | None:
        """The name of a step that multiplies two values which depend on the inputs, if the output rests on one."""
        found = [self.names[n] for n in self.needed(output) if isinstance(self.steps[n], Multiplied)]
        return found[0] if found else None

    def evaluate(self, point: Floats, output: Tensor) -> Floats:
        """The output in floating point, for comparisons with other programs; one pass, all values kept."""
        values: list[Floats] = []
        for step in self.steps[: output.step + 1]:
            values.append(_value(step, values, point))
        return values[output.step].reshape(output.shape)


def _products(step: Step, shape: Shape) -> int:
    if isinstance(step, Contracted):
        groups, rows, terms = step.weights.shape
        return int(groups * rows * terms * step.places.shape[2])
    if isinstance(step, Multiplied):
        return math.prod(shape)
    return int(step.places.size) if isinstance(step, Extremum) else 0


def _value(step: Step, values: Sequence[Floats], point: Floats) -> Floats:
    """One step in floating point, flat."""
    if isinstance(step, Source):
        return point.astype(np.float64).reshape(-1)
    if isinstance(step, Constant):
        return floats(step.values).reshape(-1)
    if isinstance(step, Taken):
        return np.concatenate([values[source] for source in step.sources])[step.places]
    if isinstance(step, Contracted):
        padded = np.append(values[step.source], 0.0)[step.places]
        total: Floats = floats(step.weights) @ padded
        return (total if step.bias is None else total + floats(step.bias)).reshape(-1)
    if isinstance(step, Scaled):
        value = values[step.source]
        scaled = value if step.factor is None else value * floats(step.factor).reshape(-1)
        return scaled if step.shift is None else scaled + floats(step.shift).reshape(-1)
    if isinstance(step, Summed):
        parts = zip(step.coefficients, step.sources, strict=True)
        return np.asarray(np.sum([coefficient * values[source] for coefficient, source in parts], axis=0))
    if isinstance(step, Multiplied):
        return np.asarray(values[step.sources[0]] * values[step.sources[1]])
    value = values[step.source]
    if isinstance(step, Extremum):
        largest = step.operation == "max"
        filled = np.append(value, -np.inf if largest else np.inf)[step.places]
        return np.asarray(filled.max(axis=1) if largest else filled.min(axis=1))
    if step.operation == "abs":
        return np.abs(value)
    slopes = 0.0 if step.slopes is None else floats(step.slopes).reshape(-1)
    return np.where(value > 0, value, slopes * value)


def floats(array: Array) -> Floats:
    """An array of constants as doubles."""
    return array.astype(np.float64)
