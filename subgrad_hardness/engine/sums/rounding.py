"""Integer directions near a point in floating point; proposals, like the point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.local.local_net import integer_direction

#: The point is rounded to fractions with denominators up to these, its largest entry being 1.
DENOMINATORS = (1, 12, 1000, 10**6)


def directions(point: Sequence[float]) -> Iterator[Direction]:
    """Directions whose ratios are those of the point, roughly first; each with its opposite."""
    largest = max(map(abs, point), default=0.0)
    if not largest or not math.isfinite(largest):
        return
    seen: set[Direction] = set()
    for denominator in DENOMINATORS:
        rounded = [Fraction(entry / largest).limit_denominator(denominator) for entry in point]
        direction = integer_direction(rounded)[0]
        if direction not in seen:
            seen.add(direction)
            yield direction
            yield tuple([-entry for entry in direction])
