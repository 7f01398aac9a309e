"""The limits of ``net/`` that an obfuscated net has to keep so that its file can be read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.json_text import MAX_BITS
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import MAX_DIGITS, too_long


def refuse_unreadable(program: Program, place: str) -> None:
    """Raise ParameterError where a file of this net would not be read again: units, digits, and numbers together.

    The numbers together are estimated from above.  Linear in the nonzeros.
    """
    if program.form.unit_count > MAX_UNITS:
        raise ParameterError(f"more than {MAX_UNITS} units after this step", place=place)
    total = 0
    for row in _rows(program):
        widest = max(map(int.bit_length, (*row.coefficients, row.bias, row.denominator)))
        if widest > MAX_DIGITS and any(map(too_long, (*row.rationals(), Fraction(row.bias, row.denominator)))):
            raise ParameterError(f"numbers of more than {MAX_DIGITS} digits after this step", place=place)
        if row.denominator > 1:  # numerator, denominator, and its share of the common denominator
            total += 3 * widest * (len(row.coefficients) + 1)
    if total > MAX_BITS:
        raise ParameterError(f"numbers of more than {MAX_BITS >> 23} MiB after this step", place=place)


def _rows(program: Program) -> Iterator[Row]:
    yield from (Row.of((), (), entry) for entry in program.point)
    for unit in program.form.units():
        if unit.row is not None:
            yield unit.row
        if unit.slope is not None:
            yield Row.of((), (), unit.slope)
