"""Wolfe's algorithm in floating point: where ``nearest`` begins, and directions in which members are looked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Relative to the largest squared norm: the end is where the best point gains less than this.
_ENOUGH = 1e-13
# Smaller weights are none.
_NONE = 1e-12


def nearest_floats(points: Sequence[tuple[int, ...]]) -> tuple[NDArray[np.float64], list[int]]:
    """About the nearest point of the hull, where the largest entry of the points is 1, and the points it is made of."""
    top = max((abs(entry) for point in points for entry in point), default=0)
    shift = max(0, top.bit_length() - 900)
    scaled = np.array([[float(entry >> shift) for entry in point] for point in points])
    scaled /= max(float(top >> shift), 1.0)
    norms = np.einsum("ij,ij->i", scaled, scaled)
    enough = _ENOUGH * max(float(norms.max()), 1e-300)
    corral = [int(norms.argmin())]
    weights = np.ones(1)
    point = scaled[corral[0]]
    for _ in range(20 * len(points) + 20):
        products = scaled @ point
        entering = int(products.argmin())
        if entering in corral or products[entering] >= point @ point - enough:
            break
        corral.append(entering)
        weights = np.append(weights, 0.0)
        while True:
            chosen = scaled[corral]
            base = chosen[-1]
            rest = chosen[:-1] - base
            solved = np.linalg.lstsq(rest.T, -base, rcond=None)[0]
            wanted = np.append(solved, 1 - solved.sum())
            if wanted.min() > _NONE:
                weights = wanted
                break
            falling = (wanted <= _NONE) & (weights > wanted)
            if not falling.any():
                weights = np.maximum(wanted, 0)
                break
            step = min(1.0, float((weights[falling] / (weights[falling] - wanted[falling])).min()))
            weights = weights + step * (wanted - weights)
            kept = weights > _NONE
            if kept.all():
                kept[int(weights.argmin())] = False
            corral = [place for place, keep in zip(corral, kept, strict=True) if keep]
            weights = weights[kept] / weights[kept].sum()
            if len(corral) == 1:
                break
        point = weights @ scaled[corral]
    return point, corral
