"""The gradient step z = x - g (Q x - c), which ends in a proximal map, a projection, or as it is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array
from subgrad_hardness.iterative.algorithms.spectra import (
    Rate,
    Spectrum,
    StepRange,
    gradient_rate,
    gradient_steps,
    spectrum,
)


@dataclass(frozen=True)
class GradientStep:
    """With the rates, which no proximal map spoils, as it is 1-Lipschitz."""

    q: Any
    c: Any
    step: Fraction

    @property
    def shrink(self) -> Fraction:
        """The Lipschitz constant of what follows."""
        return Fraction(1)

    def spectrum(self, theta: Any) -> Spectrum:
        """Of the gradient's Jacobian."""
        return spectrum(self.q)

    def rate(self, theta: Any) -> Rate:
        """From everywhere."""
        return gradient_rate(self.spectrum(theta), self.step, "global", self.shrink)

    def steps(self, theta: Any) -> StepRange:
        """The admissible ones."""
        return gradient_steps(self.spectrum(theta))

    def before(self, arithmetic: Arithmetic, width: int, places: range | None) -> tuple[Array, Array, Array]:
        """V, W, e with z = V x + W th + e for ``width`` parameters, c among them at ``places``, or fixed."""
        g, size = arithmetic.number(self.step), len(self.q)
        inner = arithmetic.eye(size) - g * arithmetic.array(self.q)
        moved, constant = arithmetic.zeros(size, width), arithmetic.zeros(size)
        if places is None:
            constant = constant + g * arithmetic.array(self.c)
        else:
            moved[:, places.start : places.stop] = g * arithmetic.eye(size)
        return inner, moved, constant
