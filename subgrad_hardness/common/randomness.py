"""Reproducible random integers, the same on every platform and Python version.

The generator is counter-based: the stream for ``(seed, labels)`` is the concatenation over
i = 0, 1, 2, ... of SHAKE-256("subgrad_hardness|seed|label|...|i"), 4096 bytes each, cut into little
endian 64-bit words.  ``below(n)`` takes words until one is under the largest multiple of n; ``signed`` takes one word
an entry.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

_BLOCK = 4096
_WORD = 8


class Stream:
    """One stream of random integers; ``labels`` keep the streams of one seed apart."""

    def __init__(self, seed: int, *labels: str | int) -> None:
        self._key = "|".join(["subgrad_hardness", str(seed), *map(str, labels)])
        self._block = b""
        self._position = 0
        self._counter = 0

    def words(self, count: int) -> bytes:
        """The next ``count`` 64-bit words as little-endian bytes."""
        pieces, missing = [], count * _WORD
        while missing:
            if self._position == len(self._block):
                self._block = hashlib.shake_256(f"{self._key}|{self._counter}".encode()).digest(_BLOCK)
                self._counter += 1
                self._position = 0
            piece = self._block[self._position : self._position + missing]
            self._position += len(piece)
            missing -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def below(self, bound: int) -> int:
        """A uniform integer in [0, bound); ``bound`` at least 1, of any size."""
        words = 1
        while 1 << (64 * words) < bound:
            words += 1
        limit = (1 << (64 * words)) // bound * bound
        while True:
            value = int.from_bytes(self.words(words), "little")
            if value < limit:
                return value % bound

    def integer(self, low: int, high: int) -> int:
        """A uniform integer in [low, high]."""
        return low + self.below(high - low + 1)

    def sample(self, population: int, count: int) -> list[int]:
        """``count`` distinct integers of [0, population), in random order (Floyd, then a shuffle)."""
        chosen: set[int] = set()
        for top in range(population - count, population):
            pick = self.below(top + 1)
            chosen.add(top if pick in chosen else pick)
        return self.shuffled(sorted(chosen))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """A uniformly permuted copy (Fisher and Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            pick = self.below(last + 1)
            result[last], result[pick] = result[pick], result[last]
        return result

    def direction(self, dimension: int, size: int) -> tuple[int, ...]:
        """A nonzero vector of uniform integers in [-size, size]."""
        while True:
            result = tuple(self.integer(-size, size) for _ in range(dimension))
            if any(result):
                return result

    def signed(self, dimension: int, bits: int) -> tuple[int, ...]:
        """A vector of uniform integers that are not zero, in [-2^bits, 2^bits]; ``bits`` below 64.

        Of each entry's word the lowest bit is the sign (1: negative), and the next ``bits`` are the size less 1.
        """
        mask = (1 << bits) - 1
        words = struct.unpack(f"<{dimension}Q", self.words(dimension))
        return tuple([-1 - (word >> 1 & mask) if word & 1 else 1 + (word >> 1 & mask) for word in words])
