"""Words whose products have the largest spectral radius, in doubles: proposals of lower bounds.

The products of a word's rotations have the same eigenvalues, and those of a power are powers, so only Lyndon words are
looked at: words that are less than all their rotations.  Their prefixes are found letter by letter (Fredricksen,
Kessler and Maiorana): a word with the shortest period p, as a prefix of something periodic, goes on with its letter p
places back, or a greater one.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    Floats = Any

# So many words of one length are kept, those with the largest products, fewer where they have more continuations than
# the second number together; so many products are made at once.
_MOST_WORDS, _MOST_CONTINUATIONS, _AT_ONCE = 4000, 100_000, 4096
# Numbers in the products of one length, so that large matrices do not take minutes.
_MOST_NUMBERS = 80_000


class Proposal(NamedTuple):
    """rho(A_w)^(1/n) of a word w of length n, rounded."""

    value: float
    word: tuple[int, ...]


def largest_words(matrices: Floats, length: int, keep: int = 8, limits: Limits = NO_LIMITS) -> list[Proposal]:
    """The Lyndon words up to ``length`` with the largest values, largest first; shorter ones first among equals.

    Parameters
    ----------
    matrices : N x p x p doubles.
    length : of the longest words, which are all looked at while there are not too many prefixes.
    keep : so many are returned.
    limits : where they end, what is known is returned.
    """
    import numpy as np

    unit = max(float(np.abs(matrices).sum(axis=2).max()), 1e-300)
    scaled = matrices / unit
    best: list[Proposal] = []
    words: list[tuple[int, ...]] = [()]
    periods = [1]
    products = np.eye(matrices.shape[1])[None]
    for size in range(1, length + 1):
        following, parents = [], []
        for index, (word, period) in enumerate(zip(words, periods, strict=True)):
            least = word[size - 1 - period] if word else 0
            for letter in range(least, len(matrices)):
                following.append(((*word, letter), period if word and letter == least else size))
                parents.append(index)
        if not following or limits.remaining <= 0:
            break
        letters = [word[-1] for word, _ in following]
        products = np.concatenate(
            [
                products[parents[start : start + _AT_ONCE]] @ scaled[letters[start : start + _AT_ONCE]]
                for start in range(0, len(parents), _AT_ONCE)
            ]
        )
        lyndon = [index for index, (_, period) in enumerate(following) if period == size]
        values = _radii(products[lyndon]) ** (1 / size)
        found = [
            Proposal(float(value) * unit, following[index][0]) for value, index in zip(values, lyndon, strict=True)
        ]
        best = heapq.nlargest(keep, [*best, *found], key=_rank)
        order: Sequence[int] = range(len(following))
        most = min(_MOST_WORDS, _MOST_CONTINUATIONS // len(matrices), _MOST_NUMBERS // matrices[0].size)
        if len(following) > most:
            sizes = np.abs(products).sum(axis=2).max(axis=1)
            order = sorted(np.argsort(-sizes, kind="stable")[:most].tolist())
        words, periods = [following[index][0] for index in order], [following[index][1] for index in order]
        products = products[list(order)]
    return best


def _radii(products: Floats) -> Floats:
    import numpy as np

    radii: Floats = np.abs(np.linalg.eigvals(products)).max(axis=1)
    return radii


def _rank(proposal: Proposal) -> tuple[float, int]:
    """Values that differ by rounding alone are equal."""
    return float(f"{proposal.value:.11g}"), -len(proposal.word)
