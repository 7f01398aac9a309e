"""The hull of J_pb where state and parameter are numbers: an interval, exactly, by policy iteration.

hi = max_v (a_v hi or lo, + b_v) and lo = min_v (a_v lo or hi, + b_v), the first where a_v >= 0.  With -lo for lo both
are maxima of b + |a| times one of the two: a discounted decision process with two states and as many actions as there
are pairs, whose policy iteration (Howard 1960) ends, since values never fall and policies are finitely many.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.words import Word

HIGH, LOW = 0, 1


class Interval(NamedTuple):
    """[``low``, ``high``], and words that lead to its ends."""

    low: Fraction
    high: Fraction
    words: tuple[Word, Word]


def scalar_hull(pairs: Sequence[tuple[Fraction, Fraction]], limits: Limits = NO_LIMITS) -> Interval:
    """Of the maps J -> a J + b with |a| < 1.  Raises LimitReached."""
    policy = [0, 0]
    while True:
        limits.check()
        values = _values(pairs, policy)
        improved = list(policy)
        for end in (HIGH, LOW):
            gains = [_gain(pair, end, values) for pair in pairs]
            best = max(range(len(pairs)), key=gains.__getitem__)
            if gains[best] > gains[policy[end]]:
                improved[end] = best
        if improved == policy:
            words = (_word(pairs, policy, LOW), _word(pairs, policy, HIGH))
            return Interval(-values[LOW], values[HIGH], words)
        policy = improved


def _gain(pair: tuple[Fraction, Fraction], end: int, values: Sequence[Fraction]) -> Fraction:
    a, b = pair
    return (b if end == HIGH else -b) + abs(a) * values[_next(a, end)]


def _next(a: Fraction, end: int) -> int:
    """Which end a map takes to this one."""
    return end if a >= 0 else 1 - end


def _values(pairs: Sequence[tuple[Fraction, Fraction]], policy: Sequence[int]) -> list[Fraction]:
    """(hi, -lo) of a policy: two linear equations."""
    rows = []
    for end in (HIGH, LOW):
        a, b = pairs[policy[end]]
        row = [Fraction(int(end == other)) for other in (HIGH, LOW)]
        row[_next(a, end)] -= abs(a)
        rows.append((*row, b if end == HIGH else -b))
    (p, q, r), (s, t, u) = rows
    below = p * t - q * s
    return [(r * t - q * u) / below, (p * u - r * s) / below]


def _word(pairs: Sequence[tuple[Fraction, Fraction]], policy: Sequence[int], end: int) -> Word:
    ends: list[int] = []
    while end not in ends:
        ends.append(end)
        end = _next(pairs[policy[end]][0], end)
    letters = [policy[each] for each in ends]
    first = ends.index(end)
    return Word(tuple(letters[:first]), tuple(letters[first:]))
