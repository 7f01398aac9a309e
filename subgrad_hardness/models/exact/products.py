"""Products of exact matrices whose entries are gathered from, or scattered to, a flat tensor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.models.exact.digits import BITS, Digits, carried
from subgrad_hardness.models.tensors import Index

#: So many numbers of eight bytes are held at a time in what is gathered: they stay in the cache of the processor.
_AT_ONCE = 2**21

#: Digits of weights (l, groups, rows, terms): small integers, which float32 holds.
WeightDigits = NDArray[np.float32]

#: Below this, float32 holds the integers.
_MOST_MERGED = 2**24

# Digits are at most 2^19, and products that are added up to stay below 2^61: so much for the other factors' sum.
_MOST_SUMMED = 2**42

# So many digits more take the carries of sums below 2^61.
_CARRIED = 3


def weight_digits(weights: Digits) -> WeightDigits:
    """Digits of weights for products: the highest two are one where it stays below 2^24, which saves a product."""
    digits = list(weights)
    while len(digits) > 1:
        top = digits[-1] * (1 << BITS) + digits[-2]
        if np.abs(top).max(initial=0) >= _MOST_MERGED:
            break
        digits[-2:] = [top]
    return np.stack(digits).astype(np.float32)


def contracted(weights: WeightDigits, digits: Digits, places: Index) -> Digits:
    """out[g, m, n] = sum_k weights[g, m, k] source[places[g, k, n]], of several rows at once, before carries.

    Parameters
    ----------
    digits : of the sources, (l, batch, size); what is ABSENT is 0.

    Returns
    -------
    Digits (l, batch, groups * rows * n).
    """
    count, groups, rows, terms = weights.shape
    length, batch, size = digits.shape
    windows = places.shape[2]
    at_once = _terms_at_once(weights, terms)
    # Digits of one entry side by side: then entries are moved in pieces.  ABSENT is -1: the zeros at the end.
    padded = np.zeros((size + 1, length * batch))
    padded[:size] = digits.reshape(-1, size).T
    out = np.zeros((groups, rows, windows, length + count, batch), dtype=np.int64)
    wide = weights.astype(np.float64)
    for start, end in _pieces(windows, length * batch * groups * (terms + rows)):
        seen = np.empty((groups, terms, end - start, length * batch))
        np.take(padded, places[:, :, start:end], axis=0, out=seen, mode="wrap")
        columns = seen.reshape(groups, terms, -1)
        for first in range(0, terms, at_once):
            chosen = slice(first, first + at_once)
            for place in range(count):
                product = wide[place][:, :, chosen] @ columns[:, chosen]
                shaped = product.reshape(groups, rows, end - start, length, batch)
                out[:, :, start:end, place : place + length] += shaped.astype(np.int64)
    return np.ascontiguousarray(out.reshape(-1, (length + count) * batch).T).reshape(length + count, batch, -1)


def scattered(weights: WeightDigits, digits: Digits, places: Index, size: int) -> Digits:
    """The transpose of ``contracted``, of several rows at once, before carries: digits (l, rows of the batch, size).

    Parameters
    ----------
    digits : of the adjoints, (l, batch, groups * rows * n).
    """
    count, groups, rows, terms = weights.shape
    length, batch, windows = digits.shape[0], digits.shape[1], places.shape[2]
    at_once = _terms_at_once(weights, rows)  # of each of the weights' digits
    read = np.bincount(places.reshape(-1) + 1, minlength=size + 1)[1:]  # how often each place is
    heavy = count * rows * int(read.max(initial=1)) * _largest(weights) > _MOST_SUMMED
    # Digit t of the product: the sum of the weights' digits i times digits t - i.  One matrix product has all i.
    turned = np.ascontiguousarray(weights.transpose(1, 3, 0, 2), dtype=np.float64).reshape(groups, terms, count * rows)
    above = digits.reshape(length, batch, groups, rows, windows).transpose(2, 3, 0, 1, 4)  # g, m, l, b, n
    total_length = length + count - 1
    out = np.zeros((total_length + _CARRIED * heavy, batch, size), dtype=np.int64)
    for start, end in _pieces(windows, total_length * batch * groups * (terms + count * rows)):
        seen = np.zeros((groups, count, rows, total_length, batch, end - start))
        for place in range(count):
            seen[:, place, :, place : place + length] = above[..., start:end]
        columns = seen.reshape(groups, count * rows, -1)
        total: NDArray[Any] = turned[:, :, :at_once] @ columns[:, :at_once]
        if count * rows > at_once:
            total = total.astype(np.int64)
            for first in range(at_once, count * rows, at_once):
                part = slice(first, first + at_once)
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
    for digit, sums in zip(out[: len(total)], total, strict=True):
        for row, terms in zip(digit, sums, strict=True):
            taken = terms.reshape(-1)[order].astype(np.int64)
            row[where] += taken if len(starts) == len(order) else np.add.reduceat(taken, starts)


def _pieces(windows: int, each: int) -> Iterator[tuple[int, int]]:
    """Ranges of windows that together need at most so much memory."""
    step = max(1, _AT_ONCE // max(each, 1))
    for start in range(0, windows, step):
        yield start, min(start + step, windows)


def _largest(weights: WeightDigits) -> int:
    return int(np.abs(weights).max(initial=1))


def _terms_at_once(weights: WeightDigits, summed: int) -> int:
    """How many products of the weights' digits and others a floating-point sum holds; refuses too many in all."""
    largest = _largest(weights)
    if summed * len(weights) * largest > _MOST_SUMMED:
        raise ValueError(f"{summed} products of digits in one sum are too many")
    return (1 << 53 - BITS + 1) // largest
