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
Indices = NDArray[np.intp]

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


class PlaneForms:
    """Forms on planes, (B, n, 2), made ready for many determinants of two of one plane."""

    def __init__(self, rows: Integers) -> None:
        self._rows = rows
        size = largest(rows)
        self._exact = size >= _LARGE or (rows.dtype != object and size < _SMALL)
        self._rounded = None if self._exact else rows.astype(np.float64)

    def determinant_signs(self, planes: Indices, forms: Indices) -> Signs:
        """With form (a, b) of the r-th pair of a plane and a form, and all forms (c, d) there: the signs of a d - b c.

        Returns
        -------
        (r, n): -1, 0 or 1.
        """
        if self._rounded is None:
            return _signs(_determinants(self._rows, planes, forms)[0])
        difference, size = _determinants(self._rounded, planes, forms)
        # Each product is off by three roundings at most, the difference by one more.
        error = 8 * _UNIT * size
        signs = _signs(difference)
        unknown = np.abs(difference) <= error
        unknown[np.arange(len(forms)), forms] = False  # a b - b a is exactly 0 in any arithmetic
        doubtful = np.nonzero(unknown)
        if len(doubtful[0]):
            pairs, columns = doubtful
            ones, twos = self._rows[planes[pairs], forms[pairs]], self._rows[planes[pairs], columns]
            signs[doubtful] = _short_determinant_signs(ones, twos, error[doubtful])
        return signs


def _signs(values: NDArray[Any]) -> Signs:
    signs: Signs = np.sign(values).astype(np.int8)
    return signs


def _determinants(rows: NDArray[Any], planes: Indices, forms: Indices) -> tuple[NDArray[Any], NDArray[Any]]:
    """The determinants, and the sums of the sizes of their two products."""
    own, others = rows[planes, forms], rows[planes]
    left, right = own[:, :1] * others[:, :, 1], own[:, 1:] * others[:, :, 0]
    return left - right, np.abs(left) + np.abs(right)


def _short_determinant_signs(ones: Integers, twos: Integers, error: Floats) -> Signs:
    """The signs of a d - b c for pairs (a, b), (c, d), if these are at most twice the error in size."""
    one, two = wrapped(ones), wrapped(twos)
    found = _signs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    for place in np.nonzero(error >= 2.0**61)[0]:  # the residue does not determine it
        (p, q), (r, s) = map(int, ones[place]), map(int, twos[place])
        value = p * s - q * r
        found[place] = (value > 0) - (value < 0)
    return found


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
