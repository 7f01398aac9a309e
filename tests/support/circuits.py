"""Nets whose circuits forget hyperplanes, or are always true somewhere."""

from __future__ import annotations

# c1 or c2 or ... is true off the hyperplanes whatever the signs are, and the cone's point need not be off them.
FORGOTTEN = [
    "a = abs y; m = min x a; f = relu m",
    "a = abs y; d = z - y; b = abs d; m = min x a b; f = relu m",
    "a = abs y; b = x + y; m = min b a; f = relu m",
    "a = abs y; b = min x a; m = x + y; n = abs m; c = min b n; f = relu c",
    "a = abs y; d = z - y; b = abs d; c = min b x; e = min a z; m = max c e; f = relu m",
    "a = abs y; b = x - 6 z - 4 y; m = min b a; f = relu6 m",  # found by fuzzing
]


# The same with a disjunction in which no two neighbours are opposite: the clause is a tautology.
TAUTOLOGIES = [
    "n = -1 z; a = max y z; c = max a n; m = min c x; f = relu m",
    "a = abs y; s = y + z; b = abs s; c = a + b; m = min x c; f = relu m",
]
