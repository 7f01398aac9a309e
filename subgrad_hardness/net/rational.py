"""Exact numbers: reading them from text, writing them back, integer rows over one denominator.

A number inside the library is an ``int``, a ``Fraction`` or a finite ``float``; the last is the
binary64 rational that it denotes.  All three answer ``as_integer_ratio()``, which is all that the
exact code asks of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from operator import mul

Number = int | float | Fraction
#: What the public calls take: a string holds an exact rational.
NumberLike = Number | str

#: No number may need more digits than this (SPEC 2), in its numerator or its denominator.
MAX_DIGITS = 10**5

#: What a message says about a number that needs more.
TOO_LONG = f"the number needs more than {MAX_DIGITS} digits"

# int() and str() refuse more than 4,300 digits unless a process-wide setting is changed, which a
# library has no business doing; longer numbers are converted piecewise, which is also faster.
_CHUNK = 4000

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)

_RATIONAL = re.compile(
    r"([+-]?)(?:([0-9]+)/([0-9]+)|([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?|\.([0-9]+)(?:[eE]([+-]?[0-9]+))?)",
    re.ASCII,
)


def parse_int(text: str) -> int:
    """The integer written in ``text`` (ASCII digits, optional sign), of any length.

    Raises ValueError if ``text`` is not an integer.  Cost: a few multiplications of its size.
    """
    if _INTEGER.fullmatch(text) is None:
        raise ValueError(f"{_cut(text)} is not an integer")
    if len(text) <= _CHUNK:
        return int(text)
    value = _natural(text.lstrip("+-"))
    return -value if text[0] == "-" else value


def _natural(digits: str) -> int:
    if len(digits) <= _CHUNK:
        return int(digits)
    half = len(digits) // 2
    shift: int = 10 ** (len(digits) - half)
    return _natural(digits[:half]) * shift + _natural(digits[half:])


def format_int(value: int) -> str:
    """Decimal digits of ``value``, of any length."""
    if value.bit_length() < 3 * _CHUNK:
        return str(value)
    sign, value = ("-", -value) if value < 0 else ("", value)
    width = value.bit_length() * 30103 // 200000  # about half of its digits
    high, low = divmod(value, 10**width)
    return sign + format_int(high) + format_int(low).zfill(width)


def parse_rational(text: str) -> Fraction:
    """The exact rational written in ``text``: ``"1/3"``, ``"0.1"`` (= 1/10), ``"-2e-400"``.

    Raises ValueError with a one-line reason if the text is no such number or needs more than
    ``MAX_DIGITS`` digits; the check comes before any large power is computed.
    """
    match = _RATIONAL.fullmatch(text)
    if match is None:
        raise ValueError(f'{_cut(text)} is not a rational number such as "1/3" or "-0.25e-3"')
    sign, over, under, whole, part, exponent, bare_part, bare_exponent = match.groups()
    if over is not None:
        over, under = over.lstrip("0") or "0", under.lstrip("0") or "0"
        _refuse_long(len(over), len(under))
        numerator, denominator = parse_int(over), parse_int(under)
        if denominator == 0:
            raise ValueError(f"{_cut(text)} divides by zero")
    else:
        digits = ((whole or "") + (part or bare_part or "")).lstrip("0") or "0"
        exponent = exponent or bare_exponent or "0"
        if len(exponent.lstrip("+-").lstrip("0")) > 6 and digits != "0":
            raise ValueError(TOO_LONG)
        shift = 0 if digits == "0" else parse_int(exponent) - len(part or bare_part or "")
        _refuse_long(len(digits) + max(shift, 0), 1 - min(shift, 0))
        numerator = parse_int(digits) * _power_of_ten(max(shift, 0))
        denominator = _power_of_ten(max(-shift, 0))
    return Fraction(-numerator if sign == "-" else numerator, denominator)


@lru_cache(maxsize=16)
def _power_of_ten(exponent: int) -> int:
    power: int = 10**exponent
    return power


def _refuse_long(*lengths: int) -> None:
    if max(lengths) > MAX_DIGITS:
        raise ValueError(TOO_LONG)


def _cut(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def too_long(value: int | Fraction) -> bool:
    """Whether ``value`` needs more than ``MAX_DIGITS`` digits."""
    size = max(abs(value.numerator), value.denominator)
    return size.bit_length() > 3 * MAX_DIGITS and size >= 10**MAX_DIGITS


def format_rational(value: Number) -> str:
    """``-?digits`` or ``-?digits/digits`` in lowest terms (SPEC 2, "Numbers out")."""
    numerator, denominator = value.as_integer_ratio()
    if denominator == 1:
        return format_int(numerator)
    return f"{format_int(numerator)}/{format_int(denominator)}"


def exact(value: Number) -> Fraction:
    """``value`` as a Fraction: a float is the rational that it denotes."""
    return value if isinstance(value, Fraction) else Fraction(*value.as_integer_ratio())


def common_denominator(values: Sequence[Number]) -> tuple[list[int], int]:
    """Integers ``n`` and one positive denominator ``q`` with ``values[i] == n[i] / q``, q least."""
    if set(map(type, values)) <= {int}:
        return [*values], 1  # type: ignore[list-item]
    ratios = [value.as_integer_ratio() for value in values]
    numerators = [numerator for numerator, _ in ratios]
    denominators = [denominator for _, denominator in ratios]
    distinct = set(denominators)
    if distinct == {1}:
        return numerators, 1
    least = math.lcm(*distinct)
    factors = {denominator: least // denominator for denominator in distinct}
    return list(map(mul, numerators, map(factors.__getitem__, denominators))), least


def primitive(values: Iterable[int]) -> tuple[int, ...]:
    """The integers divided by their greatest common divisor (zeros stay zeros)."""
    values = tuple(values)
    content = math.gcd(*values)
    return values if content <= 1 else tuple(value // content for value in values)
