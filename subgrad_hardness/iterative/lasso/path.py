"""The Lasso's path from the greatest lam down, exactly: face after face (Osborne, Presnell and Turlach 2000; LARS)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.lasso.face import Face, face
from subgrad_hardness.iterative.lasso.problem import Problem
from subgrad_hardness.iterative.lasso.turning import turn


class Piece(NamedTuple):
    """A face on [low, high]; ``high`` is None for the first one, where x = 0."""

    low: Fraction
    high: Fraction | None
    face: Face


def pieces(problem: Problem, lowest: Fraction, limits: Limits = NO_LIMITS) -> Iterator[Piece]:
    """From lam = infinity, where x = 0, down to ``lowest``; ends early where columns at the edge are dependent.

    Notes
    -----
    One exact linear system for each breakpoint.  Raises LimitReached.
    """
    found = face(problem, {})
    assert found is not None
    high: Fraction | None = None
    while True:
        limits.check()
        event = _next_event(found, high)
        low = lowest if event is None or event < lowest else event
        yield Piece(low, high, found)
        if event is None or event <= lowest:
            return
        support = {
            column: sign
            for column, sign, now in zip(found.support, found.signs, found.signs_at(event), strict=True)
            if now == sign
        }
        edge = {
            column: sign
            for column, (excess, sign) in enumerate(found.excess(event))
            if excess == 0 and column not in support
        }
        entered = turn(problem, support, edge, -1, limits)
        if entered is None:
            return
        found, high = entered.face, event


def _next_event(found: Face, high: Fraction | None) -> Fraction | None:
    """The greatest lam below ``high`` at which a coefficient vanishes or another column comes to the edge."""
    best: tuple[int, int] | None = None  # numerator, positive denominator

    def consider(numerator: int, denominator: int) -> None:
        nonlocal best
        if denominator < 0:
            numerator, denominator = -numerator, -denominator
        if numerator <= 0 or (high is not None and numerator * high.denominator >= high.numerator * denominator):
            return
        if best is None or numerator * best[1] > best[0] * denominator:
            best = numerator, denominator

    for sign, u, v in zip(found.signs, found.level, found.slope, strict=True):
        if v * sign < 0:  # |x| shrinks as lam does
            consider(u, v)
    inside = set(found.support)
    for column, (constant, change) in enumerate(zip(found.at_zero, found.change, strict=True)):
        if column not in inside:
            for sign in (1, -1):  # sign (a + lam b) = lam scale, reached from within
                if found.scale > sign * change:
                    consider(sign * constant, found.scale - sign * change)
    return None if best is None else Fraction(*best)
