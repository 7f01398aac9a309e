"""Rationals as doubles, also those beyond their range: these become infinite."""

from __future__ import annotations

from fractions import Fraction


def as_double(value: Fraction | float) -> float:
    """The nearest double of a rational, or an infinite one."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def quotient(over: int, under: int) -> float:
    """The nearest double of ``over`` / ``under``, the latter positive."""
    try:
        return over / under
    except OverflowError:
        return float("inf") if over > 0 else float("-inf")
