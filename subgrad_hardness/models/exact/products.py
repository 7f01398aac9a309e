"""Products of exact matrices whose entries are gathered from, or scattered to, a flat tensor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.exact.digits import MOST_TERMS, Digits, carried
from subgrad_hardness.models.tensors import Index

#: So many numbers of eight bytes are held at a time in what is gathered.
_AT_ONCE = 2**24

#: Digits of weights (l, groups, rows, terms): small integers, which float32 holds.
WeightDigits = NDArray[np.float32]

# So many products of two digits, each at most 2^38, add up to an integer of 64 bits with room to spare.
_MOST_SUMMED = 2**23


def contracted(weights: WeightDigits, digits: Digits, places: Index) -> Digits:
    """out[g, m, n] = sum_k weights[g, m, k] source[places[g, k, n]], before carries: digits (l, groups * rows * n).

    Parameters
    ----------
    digits : of the source, (l, size); what is ABSENT is 0.
    """
    count, groups, rows, terms = weights.shape
    length, windows = len(digits), places.shape[2]
    _require_room(count * terms)
    padded = np.concatenate([digits, np.zeros((length, 1), dtype=np.int64)], axis=1).astype(np.float64)
    out = np.zeros((length + count, groups, rows, windows), dtype=np.int64)
    wide = weights.astype(np.float64)
    for start, end in _pieces(windows, length * groups * (terms + rows)):
        seen = padded[:, places[:, :, start:end]]  # l, g, k, n
        seen = np.ascontiguousarray(seen.transpose(1, 2, 0, 3)).reshape(groups, terms, -1)
        for first in range(0, terms, MOST_TERMS):
            part = slice(first, first + MOST_TERMS)
            for place in range(count):
                product = wide[place][:, :, part] @ seen[:, part]
                shaped = product.reshape(groups, rows, length, end - start).transpose(2, 0, 1, 3)
                out[place : place + length, :, :, start:end] += shaped.astype(np.int64)
    return out.reshape(length + count, -1)


def scattered(weights: WeightDigits, digits: Digits, places: Index, size: int) -> Digits:
    """The transpose of ``contracted``, of several rows at once, before carries: digits (l, rows of the batch, size).

    Parameters
    ----------
    digits : of the adjoints, (l, batch, groups * rows * n).
    """
    count, groups, rows, terms = weights.shape
    length, batch, windows = digits.shape[0], digits.shape[1], places.shape[2]
    _require_room(count * rows)
    read = np.bincount(places.reshape(-1) + 1, minlength=size + 1)[1:]  # how often each place is
    heavy = count * rows * int(read.max(initial=1)) > _MOST_SUMMED
    # Digit t of the product: the sum of the weights' digits i times digits t - i.  One matrix product has all i.
    turned = np.ascontiguousarray(weights.transpose(1, 3, 0, 2), dtype=np.float64).reshape(groups, terms, count * rows)
    above = digits.reshape(length, batch, groups, rows, windows).transpose(2, 3, 0, 1, 4)  # g, m, l, b, n
    total_length = length + count - 1
    out = np.zeros((total_length + 1, batch, size), dtype=np.int64)
    for start, end in _pieces(windows, total_length * batch * groups * (terms + count * rows)):
        seen = np.zeros((groups, count, rows, total_length, batch, end - start))
        for place in range(count):
            seen[:, place, :, place : place + length] = above[..., start:end]
        columns = seen.reshape(groups, count * rows, -1)
        total: NDArray[Any] = turned[:, :, :MOST_TERMS] @ columns[:, :MOST_TERMS]
        if count * rows > MOST_TERMS:
            total = total.astype(np.int64)
            for first in range(MOST_TERMS, count * rows, MOST_TERMS):
                part = slice(first, first + MOST_TERMS)
                total += (turned[:, :, part] @ columns[:, part]).astype(np.int64)
        total = total.reshape(groups, terms, total_length, batch, end - start).transpose(2, 3, 0, 1, 4)
        if heavy:
            total = carried(total.astype(np.int64))
        _add_at(out, total, places[:, :, start:end])
    return out


def _add_at(out: Digits, total: NDArray[Any], places: Index) -> None:
    """out[l, b, places[i]] += total[l, b, i]; places that are read several times are sorted, and added up at once.

    ``total`` are integers, of either type.
    """
    flat = places.reshape(-1)
    order = np.argsort(flat, kind="stable")
    order = order[np.searchsorted(flat[order], 0) :]  # ABSENT comes first
    if not len(order):
        return
    found = flat[order]
    starts = np.flatnonzero(np.r_[True, found[1:] != found[:-1]])
    where = found[starts]
    for digit, sums in zip(out, total, strict=False):
        for row, terms in zip(digit, sums, strict=True):
            taken = terms.reshape(-1)[order].astype(np.int64)
            row[where] += taken if len(starts) == len(order) else np.add.reduceat(taken, starts)


def _pieces(windows: int, each: int) -> Iterator[tuple[int, int]]:
    """Ranges of windows that together need at most so much memory."""
    step = max(1, _AT_ONCE // max(each, 1))
    for start in range(0, windows, step):
        yield start, min(start + step, windows)


def _require_room(summed: int) -> None:
    if summed > _MOST_SUMMED:
        raise ValueError(f"{summed} products of digits in one sum; at most {_MOST_SUMMED} are added")
