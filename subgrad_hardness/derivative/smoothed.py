"""A functional on Jacobians with its steps smoothed, climbed from many directions at once; for proposals only.

Over directions the functional is constant on each cell: nothing says which way is up.  Where each kink's slope is
1 / (1 + exp(-z / width)) instead, z its preactivation, it has a gradient, and at small widths it is close to the
functional off the cells' borders.  The ascent begins with wide steps, in which the kinks that matter most decide where
to go, and lets them shrink.  Slopes are smoothed, values are not: a kink that reads others sees what they pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.compiled import CompiledNet, FloatArray

#: Widths of the steps, in units of the usual size of a kink's preactivation: the first, the last, and how many.
_WIDEST, _NARROWEST, _ROUNDS = 0.5, 0.01, 150
#: How far a move goes in units of the width, and how much of the last move is kept.
_PACE, _KEPT = 0.5, 0.7
#: Beyond this many widths a slope is 0 or 1.
_FLAT = 30.0


class Head(NamedTuple):
    """One direction of differentiation, and what each output's derivative in it counts, one weight an output."""

    along: FloatArray
    weights: FloatArray


class Smoothed:
    """A compiled net that is climbed again and again."""

    def __init__(self, compiled: CompiledNet, directions: FloatArray) -> None:
        """``directions``: (n, p), what is usual; the size of each kink's preactivation is measured there."""
        self._compiled = compiled
        values = compiled.values(_unit(directions))[compiled.arguments]
        usual = np.sqrt((values**2).mean(axis=1, keepdims=True))
        self._usual: FloatArray = np.where(usual > 0, usual, 1.0)

    def climbed(self, directions: FloatArray, heads: Sequence[Head], limits: Limits) -> FloatArray:
        """Where an ascent from each direction ends, of length 1.  Raises LimitReached.

        Costs 150 times five evaluations for each head.
        """
        places, last = _unit(directions), np.zeros_like(directions)
        for width in np.geomspace(_WIDEST, _NARROWEST, _ROUNDS):
            limits.check()
            uphill = self._uphill(places, heads, width)
            uphill -= (uphill * places).sum(axis=1, keepdims=True) * places  # on the sphere
            last = _KEPT * last + _unit(uphill)
            places = _unit(places + _PACE * width * last)
        return places

    def _uphill(self, places: FloatArray, heads: Sequence[Head], width: float) -> FloatArray:
        """The gradient of the smoothed functional at each place."""
        values = self._compiled.values(places)
        arguments = np.clip(values[self._compiled.arguments] / (width * self._usual), -_FLAT, _FLAT)
        slopes = 1 / (1 + np.exp(-arguments))
        steepness = slopes * (1 - slopes) / self._usual
        total: FloatArray = np.zeros_like(places)
        for head in heads:
            total += self._compiled.curvature(values, slopes, steepness, head.along, head.weights)
        return total


def _unit(rows: FloatArray) -> FloatArray:
    unit: FloatArray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)
    return unit
