"""Whole arguments with thresholds and with levels, written by hand: no engine is needed to make them again."""

from __future__ import annotations

from typing import Any, NamedTuple

from corpus.edits import lemma, matrix, threshold


class Hand(NamedTuple):
    """The net, what the argument shows, and its keys that are not empty."""

    net: str
    route: str
    parts: dict[str, Any]


_THREE = [matrix([], 0, 1, 2)]

#: Variables: 3 is relu(y - x), 4 relu(z - max(x, y)), 5 relu(z - y), 6 relu(max(y, z) - x).  One side is x + 3 + 4, the
#: other x + 6; literals 1 and 2 say which of them is greater.  3: the first side is above t_1, 4: the second one below;
#: 5 and 6: the same of t_2 the other way round; then comparisons of x, y, z and their maxima with t_1 and t_2.
_MAX = {
    "kinks": [0, 2, 1, 3],
    "thresholds": [threshold([3, 1, 4, 1, 6, -1], [0, 1, 3, 1, 4, 1]), threshold([3, -1, 4, -1, 6, 1], [0, 1, 6, 1])],
}

BY_HAND = {
    "max-ways": Hand(
        "max-ways",
        "a threshold for each goal, relu rules",
        {
            "directions": _THREE,
            **_MAX,
            "rules": [[3, 1], [4, 3], [5, 3], [6, 1], [7, 0], [10, 2], [12, 2], [13, 0]],
            "derivation": [
                [-1, 0, 2, 3, 7, 8, 13, 14, 12, 6],
                [-2, 0, 4, 5, 10, 11, 16, 17, 15, 9],
                [0, 18, 19, 1],
            ],
        },
    ),
    #: The same, all literals met ahead, in another order: forms may name thresholds before their entries.
    "max-ways-ahead": Hand(
        "max-ways",
        "the same, forms that name the thresholds before they are",
        {
            "directions": _THREE,
            **_MAX,
            "forms": [
                [-2, 1, 1, -1],
                [-1, 1, 1, -1],
                [-2, 1, 2, -1],
                [-2, 1, 0, -1, 3, -1],
                [-2, -1, 1, 1, 5, 1],
                [-2, 1, 0, -1],
                [-1, 1, 1, -1, 5, -1],
                [-1, 1, 0, -1],
                [-1, 1, 2, -1],
                [-1, -1, 0, 1, 3, 1],
                [-2, 1, 0, -1, 3, -1, 4, -1],
                [-2, -1, 0, 1, 6, 1],
                [-1, 1, 0, -1, 6, -1],
                [-1, -1, 0, 1, 3, 1, 4, 1],
            ],
            "rules": [[16, 1], [15, 3], [14, 3], [13, 1], [12, 0], [9, 2], [7, 2], [6, 0]],
            "derivation": [
                [-15, -16, 0, 7, 8, 13, 14, 12, 6],
                [-2, 0, 4, 5, 10, 11, 16, 17, 9, 15],
                [1, 0, 19, 1],
                [16, 0, 20, 2],
                [15, 0, 20, 3],
                [0, 22, 21, 18],
            ],
        },
    ),
    #: Variables: 4 and 5 make max(x, y) = x + 4 and max(z, w) = z + 5, 6 to 8 the maximum of the sums, x + z + 6 + 8.
    #: t_1 lies between max(x, y) and the rest, t_2 between max(z, w) and what the maximum of the sums leaves of it; t_3
    #: under the maximum of the sums.
    "sums-ways": Hand(
        "sums-ways",
        "a threshold of a threshold, relu rules, lemmas",
        {
            "directions": [matrix([], 0, 1, 2, 3)],
            "kinks": [0, 1, 2, 3, 4],
            "thresholds": [
                threshold([4, 1, 5, 1, 6, -1, 8, -1], [0, 1, 4, 1]),
                threshold([-1, 1, 0, -1, 5, 1, 6, -1, 8, -1], [2, 1, 5, 1]),
                threshold([4, -1, 5, -1, 6, 1, 8, 1], [0, 1, 2, 1, 6, 1, 8, 1]),
            ],
            "rules": [[3, 0], [5, 1], [7, 4], [13, 2], [14, 3]],
            "lemmas": [
                lemma([-6, 9, 11], [1, 1, 1], 4, 0, 1, 2, 0, 1),
                lemma([10, -6, 11], [1, 1, 1], 3, 1, 1, 4, 1, 1),
                lemma([12, -6, 9], [1, 1, 1], 3, 0, 1, 4, 1, 1),
                lemma([10, -6, 12], [1, 1, 1], 2, 1, 1, 4, 0, 1),
                lemma([17, -8], [1, 1], 1, 1, 1, 0, 0, 1),
                lemma([16, -8], [1, 1], 1, 1, 1, 0, 1, 1),
                lemma([15, -8], [1, 1], 0, 0, 1, 1, 0, 1),
                lemma([18, -8], [1, 1], 1, 0, 1, 0, 1, 1),
            ],
            "derivation": [
                [11, -1, 0, 3, 5, 2, 13, 14, 8],
                [-1, 0, 2, 3, 4, 5, 21, 9, 15, 16, 8],
                [2, 0, 22, 1],
                [7, 0, 23, 6],
                [8, 0, 23, 7],
                [15, 0, 25, 19],
                [16, 0, 25, 18],
                [17, 0, 25, 17],
                [-13, 0, 27, 26, 11],
                [14, 0, 29, 24, 10],
                [18, 0, 25, 20],
                [0, 30, 28, 31, 12],
            ],
        },
    ),
    #: Variables: 3 is relu(x - y), 4 relu(y - z), 5 relu(x - z), 6 relu(z - max(x, y)), 7 relu(min(x, y) - z).
    "spread": Hand(
        "spread",
        "level sets of maxima and minima",
        {
            "directions": _THREE,
            "kinks": list(range(10)),
            "levels": {
                "atoms": [0, 1, 2, 1, 2, 3, 2, 1, 3, 3, 3, 4, 4, 5, 3],
                "forms": [
                    [1, -1, 2, 1, 3, -1, 4, 1, 5, 1, 6, -1, 7, -1],
                    [1, 1, 2, -1, 3, 1, 4, -1, 5, -1, 6, 1, 7, 1],
                ],
            },
            "derivation": [[0, 2, 3, 1]],
        },
    ),
    #: Only where x > 0, literal 3.  Variables: 2 is relu(x), 3 relu(y), 4 to 6 the three maxima.
    "square-ways": Hand(
        "square-ways",
        "thresholds on one half-space, lemmas with phases",
        {
            "directions": [matrix([], 0, 1)],
            "kinks": [0, 1, 2, 3, 4, 5, 6, 7],
            "half": [0, 1],
            "thresholds": [
                threshold([0, -2, 2, 2, 4, 1, 5, -1, 6, -1], [0, -1, 2, 2, 4, 1]),
                threshold([0, 2, 2, -2, 4, -1, 5, 1, 6, 1], [0, 1, 5, 1, 6, 1]),
            ],
            "rules": [[4, 2], [6, 4], [9, 1], [10, 3], [11, 3]],
            "lemmas": [
                lemma([-5, -3, -8], [1, 0, 1], 3, 0, 1, 0, 2, 2, 4, 0, 1),
                lemma([-5, 13], [1, 1], 4, 1, 1, 3, 0, 1),
                lemma([12, -5], [1, 1], 3, 1, 1, 4, 0, 1),
                lemma([14, -7], [1, 1], 0, 1, 2, 2, 0, 1),
                lemma([-7, 16], [1, 1], 2, 1, 1, 1, 1, 2),
                lemma([17, -7, -3], [1, 1, 2], 0, 1, 2, 2, 0, 1),
                lemma([-7, 15], [1, 1], 2, 1, 1, 1, 0, 2),
            ],
            "derivation": [
                [-1, 0, 2, 3, 4, 12, 13, 14, 7, 9],
                [2, 0, 19, 1],
                [6, 0, 20, 5],
                [7, 0, 20, 6],
                [14, 0, 22, 15],
                [16, 0, 22, 16],
                [15, 0, 22, 18],
                [-10, 0, 23, 25, 10],
                [11, 0, 26, 21, 8],
                [17, 0, 22, 2, 17],
                [0, 27, 24, 28, 11],
            ],
        },
    ),
}
