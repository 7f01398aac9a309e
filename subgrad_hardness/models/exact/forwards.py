"""The exact forward pass of a tensor program: the sign of every preactivation, the value, the nearest kink."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.models.exact.digits import Exact, carried, exactly, plus, smallest, times
from subgrad_hardness.models.exact.lowering import LinearProgram
from subgrad_hardness.models.exact.products import WeightDigits, contracted, weight_digits
from subgrad_hardness.models.exact.transposes import Transpose
from subgrad_hardness.models.tensors import Applied, Constant, Contracted, Scaled, Source, Step, Summed, Taken, sources

Signs = NDArray[np.int8]


class Forwards(NamedTuple):
    """What the forward pass leaves.

    Attributes
    ----------
    signs : of the preactivations, for each relu step.
    value : F(x0).
    nearest : for each relu step with one, the smallest nonzero |preactivation| and its place.
    """

    signs: dict[int, Signs]
    value: tuple[Fraction, ...]
    nearest: dict[int, tuple[Fraction, int]]


class Weights:
    """The weights of a program's linear maps in digits, split once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[WeightDigits, int]] = {}
        self._transposes: dict[int, Transpose] = {}

    def of(self, number: int, step: Contracted) -> tuple[WeightDigits, int]:
        """Digits (l, groups, rows, terms), and the denominator."""
        if number not in self._known:
            found = exactly(step.weights)
            digits = np.broadcast_to(found.digits, (found.length, *step.weights.shape))
            self._known[number] = weight_digits(digits), found.denominator
        return self._known[number]

    def transpose(self, number: int, step: Contracted, size: int) -> tuple[Transpose, int]:
        """The transposed map, which reads a source of ``size`` entries, and the denominator."""
        split, denominator = self.of(number, step)
        if number not in self._transposes:
            self._transposes[number] = Transpose(split, step.places, size)
        return self._transposes[number], denominator


def forwards(
    program: LinearProgram,
    point: Sequence[Fraction],
    weights: Weights,
    *,
    limits: Limits = NO_LIMITS,
    progress: Callable[[str], None] | None = None,
) -> Forwards:
    """All values at ``point``, exactly; each is forgotten once it has been read.

    Raises LimitReached; ValueError for a constant that is no number; NetError where the numbers grow too long.
    About (bits of the values) / 20 times (bits of the weights) / 20 passes in floating point.
    """
    readers = Counter(source for step in program.steps for source in sources(step))
    readers[program.output] += 1
    run = _Evaluation(point, weights)
    values = run.values
    found = Forwards({}, (), {})
    for number, step in enumerate(program.steps):
        limits.check()
        if progress is not None:
            progress(f"values: step {number + 1} of {len(program.steps)}")
        if isinstance(step, Applied):
            signs = values[step.source].signs()
            found.signs[number] = signs
            if (least := smallest(values[step.source], signs)) is not None:
                found.nearest[number] = least
        values[number] = run.value(number, step, found.signs.get(number))
        for source in sources(step):
            readers[source] -= 1
            if not readers[source]:
                del values[source]
    return found._replace(value=tuple(values[program.output].fractions()))


class _Evaluation:
    """One forward pass: how each step makes its entries, flat, of those of the steps before it."""

    def __init__(self, point: Sequence[Fraction], weights: Weights) -> None:
        self.point, self.weights = point, weights
        self.values: dict[int, Exact] = {}

    def value(self, number: int, step: Step, signs: Signs | None) -> Exact:
        """``signs`` are those of a relu's preactivations."""
        if isinstance(step, Source):
            entries = np.empty(len(self.point), dtype=object)
            entries[:] = self.point
            return exactly(entries)
        if isinstance(step, Constant):
            return _flat(exactly(step.values), step.values.shape)
        if isinstance(step, Taken):
            return joined([self.values[source] for source in step.sources], step.places.reshape(-1))
        if isinstance(step, Contracted):
            return self._contracted(number, step)
        if isinstance(step, Scaled):
            scaled = self.values[step.source]
            if step.factor is not None:
                scaled = _times(scaled, exactly(step.factor), step.factor.shape)
            return scaled if step.shift is None else _shifted(scaled, exactly(step.shift), step.shift.shape)
        if isinstance(step, Summed):
            parts = zip(step.sources, step.coefficients, strict=True)
            return plus(*[multiple(self.values[source], coefficient) for source, coefficient in parts])
        assert signs is not None and isinstance(step, Applied)  # a relu
        read = self.values[step.source]
        return Exact(read.digits * (signs > 0), read.denominator)

    def _contracted(self, number: int, step: Contracted) -> Exact:
        split, denominator = self.weights.of(number, step)
        read = self.values[step.source]
        made = contracted(split, read.digits[:, None], step.places)[:, 0]
        product = Exact(carried(made), denominator * read.denominator)
        return product if step.bias is None else _shifted(product, exactly(step.bias), step.bias.shape)


def joined(parts: Sequence[Exact], places: NDArray[np.int64]) -> Exact:
    """The entries at ``places`` of several arrays, one after the other."""
    if len(parts) == 1:
        return Exact(np.ascontiguousarray(parts[0].digits[:, places]), parts[0].denominator)
    zero = Exact(
        np.zeros((1, 1), dtype=np.int64), int(np.lcm.reduce([part.denominator for part in parts], dtype=object))
    )
    wide = [plus(part, zero).digits for part in parts]  # all over one denominator
    together = np.zeros((max(map(len, wide)), sum(digits.shape[1] for digits in wide)), dtype=np.int64)
    start = 0
    for digits in wide:
        together[: len(digits), start : start + digits.shape[1]] = digits
        start += digits.shape[1]
    return Exact(together[:, places], zero.denominator)


def multiple(value: Exact, coefficient: int) -> Exact:
    """A small multiple, before carries."""
    return value if coefficient == 1 else value._replace(digits=value.digits * coefficient)


def _shaped(value: Exact, shape: Sequence[int]) -> Exact:
    return value._replace(digits=value.digits.reshape(value.length, *shape))


def _flat(value: Exact, shape: Sequence[int]) -> Exact:
    wide = np.broadcast_to(value.digits, (value.length, *shape))
    return value._replace(digits=np.ascontiguousarray(wide).reshape(value.length, -1))


def _shifted(value: Exact, shift: Exact, shape: Sequence[int]) -> Exact:
    """``value``, flat, plus a constant whose full shape is ``shape``."""
    return _flat(plus(_shaped(value, shape), shift), shape)


def _times(value: Exact, factor: Exact, shape: Sequence[int]) -> Exact:
    return _flat(times(_shaped(value, shape), factor), shape)
