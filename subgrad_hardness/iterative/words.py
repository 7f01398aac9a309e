"""Members of J_pb with an address: the Jacobians that eventually periodic sequences of pairs lead to.

J_pb is the set of all B_1 + A_1 B_2 + A_1 A_2 B_3 + ...  The sequence "u, then v again and again" gives the image under
u of the Jacobian that v leaves as it is: a rational matrix, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from subgrad_hardness.iterative.jacobians import Pair
from subgrad_hardness.iterative.resolvent import act, implicit, rational_matrix, rows_of
from subgrad_hardness.local.local_net import Matrix

# Periods that a word is looked through for, and letters before the first of them.
_LONGEST_PERIOD, _LONGEST_PREFIX = 12, 6


class Word(NamedTuple):
    """The numbers of pairs: first ``prefix``, then ``period`` for ever."""

    prefix: tuple[int, ...]
    period: tuple[int, ...]

    def __str__(self) -> str:
        return f"{''.join(_letter(n) for n in self.prefix)}({''.join(_letter(n) for n in self.period)})"

    def preceded(self, number: int) -> Word:
        """With one letter before it, in the shortest spelling."""
        if not self.prefix and self.period[-1] == number:
            return Word((), (number, *self.period[:-1]))
        return Word((number, *self.prefix), self.period)

    def repeated(self) -> Iterator[Word]:
        """The words that go on as this one begins: a short beginning, and what comes twice after it."""
        known = self.prefix
        for start in range(min(_LONGEST_PREFIX, len(known)) + 1):
            for length in range(1, _LONGEST_PERIOD + 1):
                if start + 2 * length > len(known):
                    break
                if known[start : start + length] == known[start + length : start + 2 * length]:
                    yield Word(known[:start], known[start : start + length])


def _letter(number: int) -> str:
    return str(number) if number < 10 else f"[{number}]"


class Letters:
    """Finitely many pairs, and the members that words over them lead to."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs = tuple(pairs)
        self._known: dict[tuple[int, ...], Matrix | None] = {}

    def value(self, word: Word) -> Matrix | None:
        """The Jacobian; None where I minus the product over the period is singular."""
        found = self.periodic(word.period)
        if found is None:
            return None
        for number in reversed(word.prefix):
            found = act(self.pairs[number], found)
        return found

    def periodic(self, period: tuple[int, ...]) -> Matrix | None:
        """That of a period alone, computed once."""
        if period not in self._known:
            self._known[period] = implicit(self.composed(period))
        return self._known[period]

    def composed(self, numbers: Sequence[int]) -> Pair:
        """J -> A_1 (A_2 (... J + B_2) + B_1 for the letters 1, 2, ..."""
        pair = self.pairs[numbers[-1]]
        for number in reversed(numbers[:-1]):
            pair = after(self.pairs[number], pair)
        return pair


def after(outer: Pair, inner: Pair) -> Pair:
    """The map ``inner``, then ``outer``."""
    size = len(outer.a)
    product = rows_of(rational_matrix(outer.a, size) * rational_matrix(inner.a, size))
    return Pair(product, act(outer, inner.b))
