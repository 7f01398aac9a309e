"""Checks of random nets, held against the oracle."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from subgrad_hardness import CheckResult, check
from subgrad_hardness.derivative.lexicographic import Directions
from support import oracle, small_nets


@cache
def checked(number: int, seed: int = 0) -> CheckResult:
    return check(small_nets.nets()[number], seed=seed)


def entered(net: oracle.Net, directions: Directions) -> oracle.Jacobian:
    """The gradient at x0 + e m_1 + e^2 m_2 + ... for a very small e."""
    size, point = len(net.point), list(net.point)
    columns = [*directions.leading, *[[int(row == index) for row in range(size)] for index in directions.complete]]
    assert len(columns) == size
    for power, column in enumerate(columns, 1):
        point = [x + Fraction(y, 2 ** (200 * power)) for x, y in zip(point, column, strict=True)]
    return oracle.gradient(net, tuple(point))
