"""How many cells a central arrangement has, without listing them: its characteristic polynomial.

By deletion and restriction chi(A) = t^d - sum over k of chi(first k hyperplanes, restricted to H_k), so the coefficient
of t^(d - i) is, up to its sign, the number of chains of i restrictions, k_1 > k_2 > .. > k_i, to hyperplanes that are
not there yet.  What follows a chain depends only on the flat that it has led to and on its last number: chains of which
both agree are treated as one, with a multiplicity.  In the half-space where the first form is positive these are the
numbers of an affine arrangement, and

    chi(A, t) = (t - 1) chi(affine arrangement, t).

The number of cells is (-1)^d chi(A, -1).

Source: T. Zaslavsky, Facing up to arrangements, Memoirs AMS 154 (1975).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.chambers.flats import Flats, leading, packed, restrict
from subgrad_hardness.linear.chambers.signs import Integers, fits

# About so many numbers are in an array at a time.
_AT_ONCE = 2**20


def characteristic_polynomial(forms: Sequence[Sequence[int]], limits: Limits) -> tuple[int, ...]:
    """The coefficients of chi(A, t), that of the highest power first.

    Parameters
    ----------
    forms : primitive integer vectors that span their space; none is a multiple of another.

    Raises
    ------
    LimitReached

    Notes
    -----
    Time and memory grow with the number of flats, of which there are far fewer than cells: one for each set of less
    than p forms in general position, and much less than that if many sets have one flat.
    """
    rows = fits(np.array([[list(form) for form in forms]], dtype=object))
    count, size = rows.shape[1:]
    if size == 1:
        return (1, -1)
    chains = [0] * size
    flats, times = Flats(rows, np.array([count]), np.zeros((1, 0, size))), np.ones(1, dtype=object)
    for depth in range(size - 1):
        limits.check()
        chains[depth] = int(times.sum())
        lead = leading(flats)
        lead[:, 0] = False  # where the first form is 0, no half-space is left
        if depth == size - 2:
            chains[depth + 1] = int((times * lead.sum(axis=1)).sum())
        else:
            flats, times = _restrictions(flats, times, lead, limits)
    signed = [-chain if depth % 2 else chain for depth, chain in enumerate(chains)]
    return tuple([a - b for a, b in zip([*signed, 0], [0, *signed], strict=True)])


def number_of_cells(forms: Sequence[Sequence[int]], limits: Limits) -> int:
    """The number of cells; as ``characteristic_polynomial``."""
    return sum(map(abs, characteristic_polynomial(forms, limits)))


def _restrictions(flats: Flats, times: Integers, lead: Integers, limits: Limits) -> tuple[Flats, Integers]:
    """The flats one dimension below, each once with each last number, and how many chains lead there."""
    parents, forms = np.nonzero(lead)
    step = max(1, _AT_ONCE // (flats.rows.shape[1] * flats.rows.shape[2]))
    numbers: dict[bytes, int] = {}
    kept, prefixes = [], []
    sums: list[int] = []
    for begin in range(0, len(parents), step):
        limits.check()
        child = restrict(flats, parents[begin : begin + step], forms[begin : begin + step]).flats
        keys = np.concatenate([packed(~child.present), child.prefix[:, np.newaxis].astype(np.uint64)], axis=1)
        new = []
        for place, (key, parent) in enumerate(zip(keys, parents[begin : begin + step].tolist(), strict=True)):
            number = numbers.setdefault(key.tobytes(), len(sums))
            if number == len(sums):
                sums.append(times[parent])
                new.append(place)
            else:
                sums[number] += times[parent]
        kept.append(child.rows[new])
        prefixes.append(child.prefix[new])
    if not kept:
        rows = np.zeros((0, flats.rows.shape[1], flats.rows.shape[2] - 1), dtype=np.int64)
        return Flats(rows, np.zeros(0, dtype=np.intp), np.zeros((0, 0, rows.shape[2]))), np.zeros(0, dtype=object)
    rows = np.concatenate(kept)
    return Flats(rows, np.concatenate(prefixes), np.zeros((len(rows), 0, rows.shape[2]))), np.array(sums, dtype=object)
