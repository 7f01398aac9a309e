"""A mixed-integer linear model as data: variables, rows, and what to maximise; all numbers are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Literal


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable with its bounds."""

    name: str
    lower: Fraction
    upper: Fraction
    integral: bool


@dataclass(frozen=True, slots=True)
class Constraint:
    """sum of coefficients[i] * variable(variables[i]), then the sense and the bound."""

    variables: tuple[int, ...]
    coefficients: tuple[Fraction, ...]
    sense: Literal["<=", ">="]
    bound: Fraction

    def value(self, point: Sequence[Fraction]) -> Fraction:
        """The left-hand side at a point, exactly."""
        return sum(map(mul, self.coefficients, (point[index] for index in self.variables)), Fraction(0))

    def holds(self, point: Sequence[Fraction]) -> bool:
        """Whether the row is satisfied at a point, exactly."""
        value = self.value(point)
        return value <= self.bound if self.sense == "<=" else value >= self.bound


@dataclass(frozen=True, slots=True)
class Model:
    """A mixed-integer linear model: maximise ``goal``'s left-hand side.

    ``goal`` as a row (>= a threshold) asks for a value large enough to be worth proposing; in the
    all-integer model it is exactly "positive".
    """

    variables: tuple[Variable, ...]
    rows: tuple[Constraint, ...]
    goal: Constraint
