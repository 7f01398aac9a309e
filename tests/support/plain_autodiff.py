"""Backpropagation of the rewritten program, plainly: values and derivative rows in Fractions.

The fixed rewriting of each operation into affine and relu, written down once more from its
definition; each relu whose preactivation is 0 uses its own slope.  Shares no code with the library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from support import oracle
from support.oracle import Dual, Jacobian, Net, Row, Step


class Tape:
    """One run; ``kinks`` names the relus at a kink in the order of evaluation."""

    def __init__(self, net: Net, slopes: Sequence[Fraction | int] = ()) -> None:
        self.kinks: list[str] = []
        self.nearest: tuple[Fraction, str] | None = None
        self._slopes: Iterator[Fraction | int] = iter(slopes)
        self._name = ""
        self._size = len(net.point)
        values = [Dual(x, tuple(Fraction(int(i == j)) for j in range(self._size))) for i, x in enumerate(net.point)]
        for step in net.steps:
            self._name = step.name
            values.append(self._operation(step, [values[argument] for argument in step.arguments]))
        self.value: Row = tuple(values[output].value for output in net.outputs)
        self.jacobian: Jacobian = tuple(values[output].row for output in net.outputs)

    def _sum(self, *terms: tuple[Fraction | int, Dual], constant: int = 0) -> Dual:
        coefficients = [Fraction(coefficient) for coefficient, _ in terms]
        return oracle.combine(coefficients, [dual for _, dual in terms], Fraction(constant), self._size)

    def _relu(self, argument: Dual) -> Dual:
        value, row = argument
        if value and (self.nearest is None or abs(value) < self.nearest[0]):
            self.nearest = abs(value), self._name
        if value > 0:
            return argument
        slope = Fraction(0)
        if value == 0:
            self.kinks.append(self._name)
            slope = Fraction(next(self._slopes, 0))
        return Dual(Fraction(0), tuple([slope * entry if entry else entry for entry in row]))

    def _operation(self, step: Step, arguments: Sequence[Dual]) -> Dual:
        t = arguments[0] if arguments else Dual(Fraction(0), ())
        if step.operation == "affine":
            return oracle.combine(step.coefficients, arguments, step.bias, self._size)
        if step.operation in ("max", "min"):
            return self._tree(step.operation, arguments)
        if step.operation == "identity" or (step.operation == "leaky_relu" and step.slope == 1):
            return t
        if step.operation == "relu":
            return self._relu(t)
        if step.operation == "abs":
            return self._sum((1, self._relu(t)), (1, self._relu(self._sum((-1, t)))))
        if step.operation == "leaky_relu":
            slope = step.slope or Fraction(0)
            return self._sum((slope, t), (1 - slope, self._relu(t)))
        if step.operation == "hardtanh":
            inner = self._relu(self._sum((1, t), constant=1))
            return self._sum((-1, self._relu(self._sum((-1, inner), constant=2))), constant=1)
        assert step.operation == "relu6", f"tests/support/plain_autodiff.py does not know {step.operation}"
        inner = self._sum((-1, self._relu(t)), constant=6)
        return self._sum((-1, self._relu(inner)), constant=6)

    def _tree(self, operation: str, arguments: Sequence[Dual]) -> Dual:
        if len(arguments) == 1:
            return arguments[0]
        half = math.ceil(len(arguments) / 2)
        a, b = self._tree(operation, arguments[:half]), self._tree(operation, arguments[half:])
        if operation == "max":
            return self._sum((1, a), (1, self._relu(self._sum((1, b), (-1, a)))))
        return self._sum((1, a), (-1, self._relu(self._sum((1, a), (-1, b)))))


def backpropagation(net: Net, slopes: Sequence[Fraction | int] = ()) -> Jacobian:
    """The result when the kinks use ``slopes`` in turn (0 where there are none left)."""
    return Tape(net, slopes).jacobian
