"""Generators: rows that are never negative, one or two for each kink a_k = relu(w_k)."""

from __future__ import annotations

from enum import IntEnum


class GeneratorKind(IntEnum):
    """Which row a generator of a_k = relu(w_k) is; the numbers are those of the certificate format.

    ``VALUE`` (a_k) and ``EXCESS`` (a_k - w_k) are never negative at all.  The other two are never negative under a
    phase of the kink: ``PASSING`` (w_k - a_k) where w_k > 0, ``BLOCKED`` (-a_k) where w_k <= 0.
    """

    VALUE = 0
    EXCESS = 1
    PASSING = 2
    BLOCKED = 3


#: The four kinds.  Inner loops use these names, because looking a member up in its class is slow.
VALUE, EXCESS, PASSING, BLOCKED = GeneratorKind


#: (atom, kind, multiplier): ``multiplier`` > 0 times a generator of atom number ``atom`` (from 0).
Generator = tuple[int, GeneratorKind, int]
