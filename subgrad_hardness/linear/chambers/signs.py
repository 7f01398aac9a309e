"""Exact signs of integers in bulk: by binary64 where its error bound decides, else modulo 2^64, else by Python.

A product or determinant d is first computed in binary64 with a bound e on its error.  If |d| > e, its sign is known.
If not, the exact value is at most 2 e in size; where that is less than 2^63, it is determined by its residue modulo
2^64, and machine integers, which wrap around, compute just that residue.  What is left is computed in integers of any
length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]  # int64, or Python's integers as objects
Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

_WORD = 2**64
# Entries up to this size have exact sums of two products in 64 bits.
_SMALL = 2**31
# Entries up to this size have products of two in binary64's range.
_LARGE = 2**500
_UNIT = 2.0**-53


def largest(values: Integers) -> int:
    """The largest absolute value; 0 if there is none."""
    return int(max(values.max(), -values.min())) if values.size else 0


def wrapped(values: Integers) -> NDArray[np.int64]:
    """The residues modulo 2^64, as signed numbers."""
    if values.dtype != object:
        return values
    residues: NDArray[np.uint64] = np.array(values % _WORD, dtype=np.uint64)
    return residues.view(np.int64)


def fits(values: Integers) -> Integers:
    """The same integers, as machine numbers if their squares' sums fit too."""
    if values.dtype == object and largest(values) < _SMALL:
        return values.astype(np.int64)
    return values


def determinant_signs(first: Integers, second: Integers) -> Signs:
    """The signs of first[r, 0] second[r, j, 1] - first[r, 1] second[r, j, 0].

    Parameters
    ----------
    first : (r, 2).
    second : (r, n, 2), of the same type.

    Returns
    -------
    (r, n): -1, 0 or 1.
    """
    a, b = first[:, :1], first[:, 1:]
    if first.dtype != object and largest(second) < _SMALL and largest(first) < _SMALL:
        values: Integers = a * second[:, :, 1] - b * second[:, :, 0]
        return np.sign(values).astype(np.int8)
    if max(largest(first), largest(second)) >= _LARGE:
        exact: Integers = a.astype(object) * second[:, :, 1] - b.astype(object) * second[:, :, 0]
        return np.sign(exact).astype(np.int8)
    rounded, others = first.astype(np.float64), second.astype(np.float64)
    left, right = rounded[:, :1] * others[:, :, 1], rounded[:, 1:] * others[:, :, 0]
    difference, size = left - right, np.abs(left) + np.abs(right)
    # Each product is off by three roundings at most, the difference by one more.
    error = 8 * _UNIT * size
    signs = np.sign(difference).astype(np.int8)
    doubtful = np.nonzero(np.abs(difference) <= error)
    if not len(doubtful[0]):
        return signs
    rows, columns = doubtful
    ones, twos = first[rows], second[rows, columns]
    one, two = wrapped(ones), wrapped(twos)
    residues = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    found = np.sign(residues).astype(np.int8)
    for place in np.nonzero(error[doubtful] >= 2.0**61)[0]:
        (p, q), (r, s) = map(int, ones[place]), map(int, twos[place])
        value = p * s - q * r
        found[place] = (value > 0) - (value < 0)
    signs[doubtful] = found
    return signs


def product_signs(forms: Integers, points: NDArray[np.int64]) -> Signs:
    """The signs of all products of forms with points.

    Parameters
    ----------
    forms : (n, p).
    points : (N, p), less than 2^53 in size.

    Returns
    -------
    (N, n)
    """
    scaled = unit_rows(forms)
    rounded = points.astype(np.float64)
    values = rounded @ scaled.T
    # p products, each of a rounded number with an exact one, and p - 1 sums; entries that underflow count as 0.
    error = 4 * (forms.shape[1] + 2) * _UNIT * (np.abs(rounded) @ np.abs(scaled).T) + 2.0**-900
    signs = np.sign(values).astype(np.int8)
    rows, columns = np.nonzero(np.abs(values) <= error)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        value = sum([int(x) * int(y) for x, y in zip(forms[column], points[row], strict=True)])
        signs[row, column] = (value > 0) - (value < 0)
    return signs


def unit_rows(forms: Integers) -> Floats:
    """The rows, each divided by its largest entry, rounded."""
    sizes = np.maximum(np.abs(forms).max(axis=1), 1)[:, np.newaxis]
    units: Floats = (forms / sizes).astype(np.float64)
    return units
