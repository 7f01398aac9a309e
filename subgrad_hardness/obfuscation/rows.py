"""Affine rows of layers under rewriting."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from subgrad_hardness.net.forms import Row


def ordered_row(terms: Iterable[tuple[int, Fraction]], bias: Fraction) -> Row:
    """The row over its least denominator, arguments in order, zeros dropped."""
    kept = sorted((argument, coefficient) for argument, coefficient in terms if coefficient)
    return Row.of([argument for argument, _ in kept], [coefficient for _, coefficient in kept], bias)


def row_bias(row: Row) -> Fraction:
    """The bias as a rational."""
    return Fraction(row.bias, row.denominator)


def row_terms(row: Row) -> list[tuple[int, Fraction]]:
    """(argument, coefficient) pairs."""
    return list(zip(row.arguments, row.rationals(), strict=True))
