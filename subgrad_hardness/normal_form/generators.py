"""Generators: the forms a_k >= 0 and a_k - w_k >= 0 that every kink a_k = relu(w_k) gives."""

from __future__ import annotations

#: Kinds of generators: a_k >= 0, and a_k - w_k >= 0.
VALUE, EXCESS = 0, 1


#: (atom, kind, multiplier): ``multiplier`` > 0 times a generator of atom number ``atom`` (from 0).
Generator = tuple[int, int, int]
