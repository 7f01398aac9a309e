"""Integer arithmetic as clauses: two's complement numbers of any width, sums, relu by the sign bit.

A bit is a literal (a nonzero integer), or one of the constants ``TRUE`` and ``FALSE`` = -``TRUE``, which
no clause ever shows.  A number is its bits, least significant first, the last one the sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: Beyond every variable.
TRUE = 2**62
FALSE = -TRUE

#: The bits of a number, least significant first; the last has negative weight.
Bits = tuple[int, ...]


class TooLarge(Exception):
    """More clauses than are of use to anybody."""


class Number(NamedTuple):
    """Bits with integers ``low`` <= value <= ``high``, for which they are as wide as is needed."""

    bits: Bits
    low: int
    high: int


def width(low: int, high: int) -> int:
    """The bits of a two's complement number between ``low`` and ``high``, which has 0 between them."""
    return 1 + max(high.bit_length(), (-low - 1).bit_length() if low < 0 else 0)


class Adders:
    """Clauses under construction; ``most`` of them before TooLarge is raised."""

    def __init__(self, most: int) -> None:
        self.variables = 0
        self.clauses: list[tuple[int, ...]] = []
        self.most = most

    def new(self) -> int:
        """A fresh variable."""
        self.variables += 1
        return self.variables

    def add(self, *clauses: tuple[int, ...]) -> None:
        """Clauses of literals that are no constants."""
        if len(self.clauses) >= self.most:
            raise TooLarge
        self.clauses += clauses

    def free(self, bits: int) -> Number:
        """An unconstrained number."""
        return Number(tuple(self.new() for _ in range(bits)), -(1 << (bits - 1)), (1 << (bits - 1)) - 1)

    def total(self, terms: Iterable[tuple[int, Number]]) -> Number:
        """sum of coefficient * number, exactly, in the width of its own interval.

        Modulo 2^width intermediate overflow does not matter.  A bit b with weight -w adds w (not b) - w,
        so that only positive weights are summed, column by column, and one constant.
        """
        low = high = 0
        weights: list[tuple[int, int]] = []
        for coefficient, number in terms:
            ends = sorted((coefficient * number.low, coefficient * number.high))
            low, high = low + ends[0], high + ends[1]
            last = len(number.bits) - 1
            weights += [(bit, coefficient * (-1 if at == last else 1) << at) for at, bit in enumerate(number.bits)]
        columns: list[list[int]] = [[] for _ in range(width(min(low, 0), max(high, 0)))]
        constant = 0
        for bit, weight in weights:
            constant += self._spread(columns, bit, weight)
        for at, column in enumerate(columns):
            if constant >> at & 1:
                column.append(TRUE)
        return Number(self._summed(columns), low, high)

    @staticmethod
    def _spread(columns: Sequence[list[int]], bit: int, weight: int) -> int:
        """Put weight * bit into the columns, by the signed digits of the weight; returns the constant left over."""
        if bit == FALSE:
            return 0
        if bit == TRUE:
            return weight
        constant, at = 0, 0
        while weight and at < len(columns):
            if weight & 1:
                digit = 2 - (weight & 3)  # 1 or -1: no two digits in a row are nonzero
                columns[at].append(bit if digit > 0 else -bit)
                constant -= (1 << at) if digit < 0 else 0
                weight -= digit
            weight >>= 1
            at += 1
        return constant

    def _summed(self, columns: list[list[int]]) -> Bits:
        """Each column down to one bit, three at a time; carries leave at the top."""
        bits = []
        for at, column in enumerate(columns):
            last = at + 1 == len(columns)
            while len(column) > 1:
                taken = (*column[:3], FALSE)[:3]
                column[:3] = [self._odd(*taken)]
                if not last:
                    carry = self._most(*taken)
                    if carry != FALSE:
                        columns[at + 1].append(carry)
            bits.append(column[0] if column else FALSE)
        return tuple(bits)

    def relu(self, number: Number) -> Number:
        """max(number, 0): every bit and not the sign."""
        if number.low >= 0:
            return number
        high = max(number.high, 0)
        sign = number.bits[-1]
        bits = tuple(self._both(bit, -sign) for bit in number.bits[: high.bit_length()])
        return Number((*bits, FALSE), 0, high)

    def _both(self, a: int, b: int) -> int:
        if FALSE in (a, b) or a == -b:
            return FALSE
        if a in (TRUE, b) or b == TRUE:
            return b if a == TRUE else a
        result = self.new()
        self.add((-result, a), (-result, b), (result, -a, -b))
        return result

    def _odd(self, a: int, b: int, c: int) -> int:
        """Whether one or three of them are true."""
        free: list[int] = []
        odd = False
        for bit in (a, b, c):
            if bit in (TRUE, FALSE):
                odd ^= bit == TRUE
            elif bit in free:
                free.remove(bit)
            elif -bit in free:
                free.remove(-bit)
                odd = not odd
            else:
                free.append(bit)
        if len(free) > 1:
            result = self.new()
            self.add(*_parity((*free, result)))
        else:
            result = free[0] if free else FALSE
        return -result if odd else result

    def _most(self, a: int, b: int, c: int) -> int:
        """Whether two of them are true."""
        for x, y, z in ((a, b, c), (a, c, b), (b, c, a)):
            if x == y:
                return x
            if x == -y:
                return z
        for x, y, z in ((a, b, c), (b, a, c), (c, a, b)):
            if x == FALSE:
                return self._both(y, z)
            if x == TRUE:
                return -self._both(-y, -z)
        result = self.new()
        self.add(
            (-result, a, b), (-result, a, c), (-result, b, c), (result, -a, -b), (result, -a, -c), (result, -b, -c)
        )
        return result


def _parity(literals: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The clauses that say: an even number of the literals is true."""
    clauses: list[tuple[int, ...]] = [()]
    for literal in literals:
        clauses = [(*clause, sign * literal) for clause in clauses for sign in (1, -1)]
    # A clause forbids one assignment, that of its negated literals: those with an odd number of true ones.
    return [
        clause
        for clause in clauses
        if sum(entry == -literal for entry, literal in zip(clause, literals, strict=True)) % 2
    ]
