"""What the families of random numbers share: the draw, and the parameters.

The distribution: ``count`` integers, independent and uniform in [1, 2^``bits``].  The hardest draws have
about as many bits as numbers.  The verdict is known by enumeration of subset sums where those of one
half of the numbers are few (``known_verdicts.has_subset_sum``).
"""

from __future__ import annotations

from dataclasses import dataclass

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Values, flag, integer, random_seed


@dataclass(frozen=True, kw_only=True)
class NumbersValues(Values):
    """The parameters of numbers that are drawn."""

    count: int = integer("how many numbers", default=8, low=1, high=100_000)
    bits: int = integer("the numbers are uniform in 1..2^bits", default=8, low=1, high=10_000)
    planted: bool = flag("with a hidden solution")
    seed: int = random_seed()


def random_numbers(stream: Stream, count: int, bits: int) -> list[int]:
    """The draw; the same on every platform."""
    return [1 + stream.below(1 << bits) for _ in range(count)]
