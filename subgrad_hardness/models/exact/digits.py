"""Arrays of exact rationals: integers in digits of 20 bits over one denominator.

A floating-point matrix product is exact as long as all of its partial sums are integers below 2^53.  So an array of
long integers is kept as an array of balanced digits, sum_l digits[l] 2^(20 l) with |digits[l]| <= 2^19, and a product
of two such arrays is a few products of their digits by the machine's own matrix routines: 2^15 products of two digits
add up to at most 2^53.  Weights in floating point need no conversion but the splitting: they *are* dyadic rationals.
Nothing here rounds, and there is no bound on the sizes that could be too small: digits are appended as carries ask for
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.models.tensors import Array, Index
from subgrad_hardness.net.lowering import MAX_GROWN_BITS
from subgrad_hardness.net.rational import common_denominator

#: Bits of a digit.
BITS = 20
_HALF = 1 << (BITS - 1)

#: No array may have more digits than this, all entries together.
MOST_DIGITS = 2**30

Digits = NDArray[np.int64]


class Exact(NamedTuple):
    """Entry i is sum_l digits[l, i] 2^(20 l) / denominator; the digits are balanced, the denominator is positive."""

    digits: Digits
    denominator: int

    @property
    def length(self) -> int:
        return len(self.digits)

    def signs(self) -> NDArray[np.int8]:
        """-1, 0 or 1 for each entry: the sign of its highest digit that is not 0, as the lower ones cannot reach it."""
        found = np.zeros(self.digits.shape[1:], dtype=np.int8)
        for digit in self.digits:
            np.copyto(found, np.sign(digit).astype(np.int8), where=digit != 0)
        return found

    def numerators(self, places: Any = slice(None)) -> list[int]:
        """The integers at flat places."""
        return integers(self.digits.reshape(self.length, -1)[:, places])

    def fractions(self) -> list[Fraction]:
        """All entries, flat."""
        return [Fraction(numerator, self.denominator) for numerator in self.numerators()]


def integers(digits: Digits) -> list[int]:
    """The integers that digits (l, n) are.

    Shifted to digits from 0 to 2^20 - 1 and joined to bytes, two digits in five of them.
    """
    length, count = digits.shape
    even = length + length % 2
    plain = np.zeros((even + 2, count), dtype=np.int64)
    plain[:length] = digits
    for place in range(even + 1):
        carry = plain[place] >> BITS
        plain[place] -= carry << BITS
        plain[place + 1] += carry
    top = plain[even + 1]  # 0, or -1 for a negative number whose other digits are those of its complement
    pairs = plain[: even + 2 - 2 : 2] + (plain[1:even:2] << BITS)  # 40 bits each
    data = np.ascontiguousarray(pairs.T.astype("<u8")).view(np.uint8).reshape(count, -1, 8)[:, :, :5]
    rest = plain[even] + (top << BITS)
    text, size = np.ascontiguousarray(data).tobytes(), 5 * (even // 2)
    shift = BITS * even
    return [
        int.from_bytes(text[start : start + size], "little") + (high << shift)
        for start, high in zip(range(0, size * count, size), rest.tolist(), strict=True)
    ]


def carried(raw: Digits) -> Digits:
    """Digits of any size below 2^62 as balanced ones, without leading zeros; ``raw`` is used up."""
    pieces = list(raw)
    place = 0
    while place < len(pieces):
        carry = (pieces[place] + _HALF) >> BITS
        if carry.any():
            pieces[place] -= carry << BITS
            if place + 1 == len(pieces):
                pieces.append(carry)
            else:
                pieces[place + 1] += carry
        place += 1
    return trimmed(np.stack(pieces) if len(pieces) > len(raw) else raw)


def trimmed(digits: Digits) -> Digits:
    """Without the highest digits where all entries have zeros there; one digit is left."""
    length = digits.shape[0]
    while length > 1 and not digits[length - 1].any():
        length -= 1
    if length * BITS > MAX_GROWN_BITS or length * int(np.prod(digits.shape[1:], dtype=object)) > MOST_DIGITS:
        raise NetError(f"the numbers grow too long: {digits[0].size} numbers of {length * BITS} bits", file="<model>")
    return digits[:length]


def exactly(array: Array) -> Exact:
    """The entries of an array of constants, in its shape.

    An axis along which the array only repeats itself has length 1 here.  Raises ValueError for an entry that is no
    finite number.
    """
    repeats = [stride == 0 and size > 1 for stride, size in zip(array.strides, array.shape, strict=True)]
    core = array[tuple([slice(0, 1) if again else slice(None) for again in repeats])]
    if core.dtype == object:
        numerators, denominator = common_denominator(core.reshape(-1).tolist())
        return Exact(_of_integers(numerators).reshape(-1, *core.shape), denominator)
    if core.dtype.kind in "iub":
        if core.size and (int(core.max()) >= 2**60 or int(core.min()) <= -(2**60)):
            return Exact(_of_integers(core.reshape(-1).tolist()).reshape(-1, *core.shape), 1)
        return Exact(carried(core.astype(np.int64)[None].copy()), 1)
    return _of_floats(core.astype(np.float64))  # exact for all binary formats of at most 64 bits


def _of_integers(numerators: Sequence[int]) -> Digits:
    """Digits (l, n) of Python's integers."""
    size = max(1, *[number.bit_length() for number in numerators], 0) // BITS + 2 if numerators else 1
    raw = np.zeros((size, len(numerators)), dtype=np.int64)
    rest = list(numerators)
    for place in range(size):
        raw[place] = [number & ((1 << BITS) - 1) for number in rest]
        rest = [number >> BITS for number in rest]
    raw[size - 1] += np.asarray(rest, dtype=np.int64) << BITS  # 0, or -1 for a negative number
    return carried(raw)


def _of_floats(values: NDArray[np.float64]) -> Exact:
    """Floating-point numbers: odd significands, shifted to their places."""
    if not np.isfinite(values).all():
        raise ValueError("a number that is not finite")
    fractions, exponents = np.frexp(values.reshape(-1))
    significands = np.ldexp(fractions, 53).astype(np.int64)
    there = significands != 0
    if not there.any():
        return Exact(np.zeros((1, *values.shape), dtype=np.int64), 1)
    zeros = np.frexp((significands & -significands).astype(np.float64))[1] - 1  # at the end of each
    significands >>= np.where(there, zeros, 0)
    shifts = np.where(there, exponents - 53 + zeros, 0).astype(np.int64)
    low = min(0, int(shifts.min()))
    first, left = np.divmod(shifts - low, BITS)
    raw = np.zeros((int(first.max()) + 2, values.size), dtype=np.int64)
    upper = (significands + _HALF) >> BITS
    where = np.arange(values.size)
    raw[first, where] = (significands - (upper << BITS)) << left
    raw[first + 1, where] = upper << left  # at most 53 bits
    return Exact(carried(raw).reshape(-1, *values.shape), 1 << -low)


def times(value: Exact, factor: Exact) -> Exact:
    """Entry by entry, shapes broadcast against one another."""
    shape = np.broadcast_shapes(value.digits.shape[1:], factor.digits.shape[1:])
    raw = np.zeros((value.length + factor.length, *shape), dtype=np.int64)
    for place, digit in enumerate(factor.digits):
        raw[place : place + value.length] += value.digits * digit
    return Exact(carried(raw), value.denominator * factor.denominator)


def plus(*terms: Exact) -> Exact:
    """The sum, shapes broadcast against one another."""
    denominator = max(term.denominator for term in terms)
    if any(denominator % term.denominator for term in terms):
        denominator = int(np.lcm.reduce([term.denominator for term in terms], dtype=object))
    wide = [_over(term, denominator) for term in terms]
    shape = np.broadcast_shapes(*[digits.shape[1:] for digits in wide])
    raw = np.zeros((max(map(len, wide)), *shape), dtype=np.int64)
    for digits in wide:
        raw[: len(digits)] += digits
    return Exact(carried(raw), denominator)


def _over(value: Exact, denominator: int) -> Digits:
    """The digits of ``value`` over a multiple of its denominator."""
    factor = denominator // value.denominator
    if factor == 1:
        return value.digits
    multiplier = _of_integers([factor]).reshape(-1, *[1] * (value.digits.ndim - 1))
    return times(Exact(value.digits, 1), Exact(multiplier, 1)).digits


def smallest(value: Exact, signs: NDArray[np.int8]) -> tuple[Fraction, int] | None:
    """The smallest absolute value that is not zero, and the first flat place that has it; None if all are zero."""
    places: Index = np.flatnonzero(signs)
    if not places.size:
        return None
    digits = value.digits.reshape(value.length, -1)[:, places] * signs.reshape(-1)[places].astype(np.int64)
    plain = np.concatenate([digits, np.zeros((1, len(places)), dtype=np.int64)])
    for place in range(value.length):  # digits from 0 to 2^20 - 1: then the order is that of the digits
        carry = plain[place] >> BITS
        plain[place] -= carry << BITS
        plain[place + 1] += carry
    left = np.arange(len(places))
    for digit in plain[::-1]:
        seen = digit[left]
        left = left[seen == seen.min()]
    (numerator,) = integers(plain[:, left[:1]])
    return Fraction(numerator, value.denominator), int(places[left[0]])
