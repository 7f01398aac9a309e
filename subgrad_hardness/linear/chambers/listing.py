"""All cells of a central arrangement by deletion and restriction, in bulk, exactly and without a linear program.

Let H_0, ..., H_(n-1) be hyperplanes through the origin with forms h_k, no two equal.  By symmetry it is enough to list
the cells where h_0 > 0; the others are opposite to them.  Adding H_k to the first k hyperplanes splits those cells that
meet H_k, and these correspond to the cells of the restriction of the first k hyperplanes to H_k.  A point of such a
cell, moved a little off H_k to either side, lies in one of the two halves.  By induction on the dimension,

    {one point} and, for each 1 <= k < m, both sides of all points for the first k hyperplanes restricted to H_k

meets every cell of the first m; those that meet the same one, as their signs on the first m forms say, are merged.

A representative is not a point but its n signs, and a *ladder* (v, u_2, .., u_q): v in a flat, then ever smaller
multiples of u_i, so that a form's sign is that of its first nonzero value along the ladder.  Signs are exact, ladders
are rounded: from them a point inside is proposed, and the exact signs at it are compared.  Flats of one dimension are
treated together.

Source: T. Zaslavsky, Facing up to arrangements, Memoirs AMS 154 (1975), for the recursion of numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb

import numpy as np

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.chambers.flats import (
    Children,
    Flats,
    Found,
    Words,
    leading,
    packed,
    restrict,
)
from subgrad_hardness.linear.chambers.plane import plane_cells
from subgrad_hardness.linear.chambers.signs import Indices, fits

# About so many numbers are in an array at a time.
_AT_ONCE = 2**20
# The first hyperplanes are added together as long as there are not more cells than this, and numbers in their flats.
_MANY, _MANY_NUMBERS = 4096, 2**20


def half_listing(forms: Sequence[Sequence[int]], limits: Limits, ladders: bool = True) -> Iterator[Found]:
    """The cells on which the first form is positive, in batches, each cell once.

    Parameters
    ----------
    forms : n primitive integer vectors that span their space, of 2 dimensions at least; none is a multiple of another.
    ladders : whether they are wanted.

    Raises
    ------
    LimitReached

    Notes
    -----
    Memory: the words of all cells so far, and what one hyperplane adds.  The first cells come long before the last.
    """
    rows = fits(np.array([[list(form) for form in forms]], dtype=object))
    count, size = rows.shape[1:]
    bases = np.eye(size)[np.newaxis]
    together, first = count, min(_MANY, _MANY_NUMBERS // (count * size))
    while size > 2 and together > 2 and sum([comb(together - 1, k) for k in range(size)]) > first:
        together -= 1
    found = _cells(Flats(rows, np.array([together]), bases), limits, ladders)
    yield found
    known = np.sort(_keys(found.words))
    top = Flats(rows, np.array([count]), bases)
    for form in range(together, count):
        limits.check()
        child = restrict(top, np.zeros(1, dtype=np.intp), np.array([form]), size > 3)
        new = _new_side(_cells(child.flats, limits, ladders), child, known, form)
        yield new
        known = np.sort(np.concatenate([known, _keys(new.words)]), kind="stable")


def _new_side(cut: Found, child: Children, known: Words, form: int) -> Found:
    """Of the two halves of each cell that is cut, the one whose other half is known already."""
    below = cut.words  # the form's own bit, and those of its multiples, are 0
    prefix = _words_of_prefix(np.array([form]), below.shape[1])
    start = np.searchsorted(known, _keys(below & prefix))
    old = _words_of(known[start], below.shape[1])
    assert ((old & prefix) == (below & prefix)).all(), "a cell of a restriction lies in no cell"
    bit = np.uint64(1 << 63 - form % 64)
    up = (old[:, form // 64] & bit) == 0
    agreeing = np.where(up[:, np.newaxis], child.agreeing, child.vanishing & ~child.agreeing)
    ladders = cut.ladders
    if ladders is not None:
        pushes = child.pushes * np.where(up, 1.0, -1.0)[:, np.newaxis]
        ladders = np.concatenate([ladders, pushes[:, np.newaxis, :]], axis=1)
    return Found(cut.owners, below | agreeing, ladders)


def _cells(flats: Flats, limits: Limits, wanted: bool) -> Found:
    """Where form 0 is positive, the cells of the forms below each flat's prefix."""
    limits.check()
    dimension = flats.rows.shape[2]
    if dimension == 2:
        return plane_cells(flats, wanted)
    heads = flats.heads()
    start = packed((heads * heads[:, :1]) > 0)
    owners, words, ladders = [np.arange(len(start))], [start], []
    if wanted:
        ladders.append(np.swapaxes(flats.bases, 1, 2) * heads[:, :1, np.newaxis])
    lead = leading(flats)
    lead[:, 0] = False
    # Where form 0 is a multiple of this one, it is positive nowhere on the hyperplane.
    parents, forms = np.nonzero(lead)
    step = max(1, _AT_ONCE // (flats.rows.shape[1] * (dimension - 1)))
    for begin in range(0, len(parents), step):
        child = restrict(flats, parents[begin : begin + step], forms[begin : begin + step], dimension > 3)
        found = _cells(child.flats, limits, wanted)
        for sign, side in ((1, child.agreeing), (-1, child.vanishing & ~child.agreeing)):
            owners.append(child.parents[found.owners])
            words.append(found.words | side[found.owners])
            if found.ladders is not None:
                pushes = sign * child.pushes[found.owners]
                ladders.append(np.concatenate([found.ladders, pushes[:, np.newaxis, :]], axis=1))
    return _merged(np.concatenate(owners), np.concatenate(words), ladders, flats.prefix)


def _merged(owners: Indices, words: Words, ladders: list[np.ndarray], prefix: Indices) -> Found:
    """One representative for each flat and signs on its prefix."""
    keys = words & _words_of_prefix(prefix, words.shape[1])[owners]
    longest = int(prefix.max())
    if longest + len(prefix).bit_length() <= 64:
        keys = (owners.astype(np.uint64) << np.uint64(longest)) | (keys[:, 0] >> np.uint64(64 - longest))
        _, kept = np.unique(keys, return_index=True)
    else:
        order = np.lexsort([*keys.T[::-1], owners])
        same = (owners[order[1:]] == owners[order[:-1]]) & (keys[order[1:]] == keys[order[:-1]]).all(axis=1)
        kept = order[np.concatenate([[True], ~same])]
    return Found(owners[kept], words[kept], np.concatenate(ladders)[kept] if ladders else None)


def _words_of_prefix(prefix: Indices, size: int) -> Words:
    """(B, W): the words whose first so many bits are set."""
    bits = np.arange(64 * size) < prefix[:, np.newaxis]
    return packed(bits)


def _keys(words: Words) -> np.ndarray:
    """The words of each row as one thing that numpy sorts as it does the rows."""
    if words.shape[1] == 1:
        return words[:, 0]
    big = np.ascontiguousarray(words.astype(">u8"))
    return big.view(f"S{8 * words.shape[1]}")[:, 0]


def _words_of(keys: np.ndarray, size: int) -> Words:
    """The opposite of ``_keys``."""
    if size == 1:
        return keys[:, np.newaxis]
    return np.ascontiguousarray(keys).view(">u8").reshape(len(keys), size).astype(np.uint64)
