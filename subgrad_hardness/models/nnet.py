"""The ``.nnet`` format of control networks: text, with the normalisation of inputs and outputs (Julian, Owen, 2018).

A file holds, after comment lines that begin with ``//``: the numbers of layers, inputs, outputs and the largest layer;
the sizes of all layers; a flag that nobody uses; the least and the greatest values of the inputs; the means and then
the ranges of the inputs, each followed by that of the outputs; for each layer its weights row by row, then its biases.
Hidden layers are relu layers.  An input x enters as (x - mean) / range, and the outputs are y * range + mean.  All
decimals are taken as the exact rationals that they are, not rounded to floats.  The least and greatest values are not
part of the function: programs that clip their inputs to them compute another one outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.files import MARK
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.forms import Layer, LayeredForm, Row
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import parse_rational


def read_nnet(data: bytes, file: str, limits: Limits = NO_LIMITS) -> Program:
    """The program of a ``.nnet`` file, at the point where the normalised inputs are 0 (the inputs' means).

    Raises NetError with the line.  Linear in the file.
    """
    lines = _Lines(data, file, limits)
    depth, inputs, outputs = lines.counts(4)[:3]
    sizes = lines.counts(depth + 1)
    if sizes[0] != inputs or sizes[-1] != outputs or not depth:
        lines.fail("the sizes of the layers do not fit the numbers of inputs and outputs")
    lines.skip()
    lines.numbers(inputs)
    lines.numbers(inputs)
    means, ranges = lines.numbers(inputs + 1), lines.numbers(inputs + 1)
    if not all(ranges):
        lines.fail("a range of 0")
    layers = []
    for number, (columns, rows) in enumerate(pairwise(sizes)):
        weights = [lines.numbers(columns) for _ in range(rows)]
        biases = [lines.numbers(1)[0] for _ in range(rows)]
        if number == 0:
            biases = [
                bias - sum(weight * mean / scale for weight, mean, scale in zip(row, means, ranges, strict=False))
                for row, bias in zip(weights, biases, strict=True)
            ]
            weights = [[weight / scale for weight, scale in zip(row, ranges, strict=False)] for row in weights]
        if number == depth - 1:
            weights = [[weight * ranges[-1] for weight in row] for row in weights]
            biases = [bias * ranges[-1] + means[-1] for bias in biases]
        made = tuple([_row(row, bias) for row, bias in zip(weights, biases, strict=True)])
        layers.append(Layer(columns, made, "identity" if number == depth - 1 else "relu"))
    names = tuple([f"x{index}" for index in range(inputs)])
    return Program(names, LayeredForm(tuple(layers)), tuple(means[:inputs]))


def _row(weights: list[Fraction], bias: Fraction) -> Row:
    kept = [column for column, weight in enumerate(weights) if weight]
    return Row.of(kept, [weights[column] for column in kept], bias)


class _Lines:
    """The lines of numbers of a file, one after the other."""

    def __init__(self, data: bytes, file: str, limits: Limits) -> None:
        self.file, self.limits, self.number = file, limits, 0
        try:
            text = data.removeprefix(MARK).decode("utf-8")
        except UnicodeDecodeError as problem:
            raise NetError(f"byte {problem.start}: not UTF-8 text", file=file) from None
        self._lines = self._given(text)

    def _given(self, text: str) -> Iterator[str]:
        for number, line in enumerate(text.splitlines(), start=1):
            self.number = number
            if line.strip() and not line.lstrip().startswith("//"):
                yield line

    def fail(self, why: str) -> None:
        raise NetError(why, file=self.file, place=f"line {self.number}")

    def skip(self) -> str:
        self.limits.check()
        line = next(self._lines, None)
        if line is None:
            self.fail("the file ends too early")
        assert line is not None
        return line

    def numbers(self, count: int) -> list[Fraction]:
        """The first ``count`` numbers of the next line, which may have more."""
        parts = [part for part in (part.strip() for part in self.skip().split(",")) if part]
        if len(parts) < count:
            self.fail(f"{len(parts)} numbers, expected {count}")
        try:
            return [parse_rational(part) for part in parts[:count]]
        except ValueError as problem:
            self.fail(str(problem))
        raise AssertionError

    def counts(self, count: int) -> list[int]:
        found = self.numbers(count)
        if any(number.denominator != 1 or not 0 < number <= MAX_UNITS for number in found[:count]):
            self.fail("not a number of layers or units")
        return [int(number) for number in found]
