"""What a step gives back: the next state, and the pair [A, B] at the last one."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, Protocol

from subgrad_hardness.iterative.algorithms.arithmetic import Array


class Product(Protocol):
    """A, known by its products."""

    def forward(self, right: Array) -> Array:
        """A times a vector or a matrix of p rows, in a new array."""

    def reverse(self, left: Array) -> Array:
        """The transpose of A times one."""


class Linearised:
    """F(x, th) and one [A, B] of J_F(x, th).

    Attributes
    ----------
    value : the next state.
    a : A, by its products.
    b : B, p x m.
    at_kink : whether a kink was met, so that the choice of its slope mattered.
    """

    __slots__ = ("_b", "a", "at_kink", "value")

    def __init__(self, value: Array, a: Product, b: Array | None, at_kink: bool) -> None:
        self.value, self.a, self.at_kink = value, a, at_kink
        self._b = b

    @property
    def b(self) -> Array:
        """B."""
        assert self._b is not None, "made by those who give none"
        return self._b

    def jacobian(self, last: Array) -> Array:
        """A J + B."""
        moved, b = self.a.forward(last), self.b
        if moved.shape != b.shape or moved.dtype != b.dtype:
            return moved + b
        moved += b  # an array of its own
        return moved


class Dense(NamedTuple):
    """A by its entries."""

    matrix: Array

    def forward(self, right: Array) -> Array:
        """A times it."""
        return self.matrix @ right

    def reverse(self, left: Array) -> Array:
        """The transpose of A times it."""
        return self.matrix.T @ left


class Step(Protocol):
    """A step in one arithmetic."""

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        """F and [A, B] at (state, theta), each kink that is met with the slope ``at_kink``."""
