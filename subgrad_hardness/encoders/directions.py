"""How large integer directions must be so that none is missed (SPEC 5.5).

If a goal f is positive somewhere, it is so in the interior of a full-dimensional cell on which all kinks
keep their branch.  Cut by the coordinate hyperplanes the cell is a union of pointed cones, on one of which
f, linear there, is positive on an extreme ray.  The ray is where p - 1 independent rows vanish, each the
row of a kink under the cell's branches or a unit vector; by Cramer's rule it contains an integer
direction whose entries are minors of these rows, and by Hadamard's inequality none exceeds the product of
their Euclidean norms.
"""

from __future__ import annotations

import math

from subgrad_hardness.normal_form.flatten import FlatNet


def direction_bound(flat: FlatNet) -> int:
    """B such that every goal that is positive somewhere is at least 1 at an integer |d_j| <= B.

    The square root of the product of the p - 1 largest squared norms (1 for unit vectors), each norm
    bounded over all branch patterns by one interval a coordinate.  Costs kinks times p, and the product
    has as many digits as the bound.
    """
    squares = [square for square in _squared_norms(flat) if square > 1]
    squares.sort(reverse=True)
    return math.isqrt(math.prod(squares[: flat.inputs - 1]))


def _squared_norms(flat: FlatNet) -> list[int]:
    """Of each kink's row, made primitive, a bound of the squared norm over all branch patterns."""
    inputs = flat.inputs
    ranges: list[dict[int, tuple[int, int]]] = []  # of each kink that passes or not, by coordinate
    squares = []
    for form in flat.kinks:
        row: dict[int, tuple[int, int]] = {}
        for variable, coefficient in form.items():
            parts = {variable: (1, 1)} if variable < inputs else ranges[variable - inputs]
            for index, (low, high) in parts.items():
                ends = sorted((coefficient * low, coefficient * high))
                least, most = row.get(index, (0, 0))
                row[index] = (least + ends[0], most + ends[1])
        content = math.gcd(*form.values()) or 1  # a row under any pattern is a multiple of it
        squares.append(sum(max(-low, high) ** 2 for low, high in row.values()) // content**2)
        ranges.append({index: (min(low, 0), max(high, 0)) for index, (low, high) in row.items()})
    return squares
