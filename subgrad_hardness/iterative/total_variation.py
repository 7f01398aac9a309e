"""The path of 1-D total variation denoising, min 1/2 |x - y|^2 + lam sum |x_{i+1} - x_i|, exactly: fusions only.

As lam grows neighbours fuse and never part (Friedman, Hastie, Hoefling and Tibshirani 2007, for this problem), also
those that are equal in y.  While the segments stay, the level of one of n samples is

(their sum in y + lam k) / n,   k = sign(right neighbour - it) + sign(left neighbour - it) in {-2, .., 2},

so every breakpoint is where two neighbours in closed form meet.  Nothing is accumulated: integer signals have
breakpoints with small numerators however long they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits


class Segment(NamedTuple):
    """Samples ``first``..``last``; the level at lam is (total + lam pull) / their number."""

    first: int
    last: int
    total: Fraction
    pull: int

    def level(self, lam: Fraction) -> Fraction:
        """At lam."""
        return (self.total + lam * self.pull) / (self.last - self.first + 1)

    @property
    def slope(self) -> Fraction:
        """Of the level in lam."""
        return Fraction(self.pull, self.last - self.first + 1)


class Fused(NamedTuple):
    """What happens at ``lam``: segments that become one; ``first`` and ``last`` are the samples that it then has."""

    lam: Fraction
    first: int
    last: int


class FusionPath:
    """All of it.

    Parameters
    ----------
    signal : y.
    limits : looked at for every fusion.

    Attributes
    ----------
    fusions : in the order of lam; those at 0 are of equal neighbours.

    Notes
    -----
    n log n operations on rationals.  Raises LimitReached.
    """

    def __init__(self, signal: Sequence[Fraction], limits: Limits = NO_LIMITS) -> None:
        self.signal = tuple(signal)
        self.fusions = tuple(_fusions(self.signal, limits))
        self._sums = [Fraction(0)]
        for value in self.signal:
            self._sums.append(self._sums[-1] + value)

    @property
    def breakpoints(self) -> list[Fraction]:
        """The lam > 0 at which the solution is not differentiable, increasing."""
        return sorted({fused.lam for fused in self.fusions if fused.lam})

    def segments(self, lam: Fraction, *, after: bool = True) -> list[Segment]:
        """Those just after lam, or just before it."""
        joined = [False] * len(self.signal)  # whether a sample is one segment with the one before it
        for fused in self.fusions:
            if fused.lam > lam or (fused.lam == lam and not after and lam):
                break
            joined[fused.first + 1 : fused.last + 1] = [True] * (fused.last - fused.first)
        firsts = [index for index, one in enumerate(joined) if not one]
        lasts = [*[first - 1 for first in firsts[1:]], len(joined) - 1]
        return [self._segment(first, last) for first, last in zip(firsts, lasts, strict=True)]

    def _segment(self, first: int, last: int) -> Segment:
        return Segment(first, last, self._sums[last + 1] - self._sums[first], _pull(self.signal, first, last))

    def solution(self, lam: Fraction) -> list[Fraction]:
        """x at lam."""
        return [segment.level(lam) for segment in self.segments(lam) for _ in range(segment.first, segment.last + 1)]

    def derivative(self, lam: Fraction, *, after: bool = True) -> list[Fraction]:
        """dx/dlam just after lam, or just before it."""
        return [
            segment.slope for segment in self.segments(lam, after=after) for _ in range(segment.first, segment.last + 1)
        ]


def _pull(signal: Sequence[Fraction], first: int, last: int) -> int:
    """k of a segment: the sign of a jump stays what it is in the signal until it vanishes for good."""
    pull = 0
    for inside, outside in ((first, first - 1), (last, last + 1)):
        if 0 <= outside < len(signal):
            jump = signal[outside] - signal[inside]
            pull += (jump > 0) - (jump < 0)
    return pull


def _fusions(signal: tuple[Fraction, ...], limits: Limits) -> Iterator[Fused]:
    sums = [Fraction(0)]
    for value in signal:
        sums.append(sums[-1] + value)
    last_of: dict[int, int] = {}
    first_of: dict[int, int] = {}
    first = 0
    for index in range(1, len(signal) + 1):
        if index == len(signal) or signal[index] != signal[first]:
            last_of[first], first_of[index - 1] = index - 1, first
            if index - 1 > first:
                yield Fused(Fraction(0), first, index - 1)
            first = index

    def meeting(last: int) -> tuple[Fraction, int, int, int] | None:
        """When the segment that ends with this sample meets the next one, and the samples of both."""
        low, high = first_of[last], last_of[last + 1]
        size, next_size = last - low + 1, high - last
        gap = (sums[high + 1] - sums[last + 1]) * size - (sums[last + 1] - sums[low]) * next_size
        speed = _pull(signal, low, last) * next_size - _pull(signal, last + 1, high) * size
        if not speed or gap / speed <= 0:
            return None
        return gap / speed, low, last, high

    events = [event for last in first_of if last + 1 < len(signal) and (event := meeting(last)) is not None]
    heapify(events)
    while events:
        limits.check()
        lam, low, last, high = heappop(events)
        if first_of.get(last) != low or last_of.get(last + 1) != high:
            continue  # one of the two has fused since
        yield Fused(lam, low, high)
        del first_of[last], last_of[last + 1]
        last_of[low], first_of[high] = high, low
        for edge in (low - 1, high):
            if edge >= 0 and edge + 1 < len(signal):
                event = meeting(edge)
                if event is not None:
                    heappush(events, event)
