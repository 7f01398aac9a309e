"""Matrices by their products, without those with zeros: a dense block, and entries along one diagonal.

The matrices of splitting methods are mostly identities, zeros and one dense block, [0 I] or [[a I, -b D'], [0, 0]]: to
multiply with the whole matrix would take two to four times as long as the method does.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from subgrad_hardness.iterative.algorithms.arithmetic import Array
from subgrad_hardness.iterative.algorithms.linearised import Dense, Product

# A diagonal is kept apart where what is left is at most this part of the matrix.
_WORTH = 0.8


class Factor(Product, Protocol):
    """M by its products; what ``forward`` gives may be a view of what it is given."""

    @property
    def matrix(self) -> Array:
        """The entries."""


class Selection(NamedTuple):
    """The columns of an identity that follow one another: it takes these entries."""

    matrix: Array
    chosen: slice

    def forward(self, right: Array) -> Array:
        """The entries chosen."""
        return right[self.chosen]

    def reverse(self, left: Array) -> Array:
        """They stand there again, among zeros."""
        result = np.zeros((self.matrix.shape[1], *left.shape[1:]), dtype=left.dtype)
        result[self.chosen] = left
        return result


class Banded(NamedTuple):
    """A block at rows and columns, plus ``diagonal`` at (i, i + offset) for rows i of ``band``.

    ``block`` None: zero; ``diagonal`` None: ones.
    """

    matrix: Array
    rows: slice
    columns: slice
    block: Array | None
    band: slice
    read: slice
    diagonal: Array | None

    def forward(self, right: Array) -> Array:
        """The block's product, and the band's."""
        result = np.zeros((self.matrix.shape[0], *right.shape[1:]))
        if self.block is not None:
            result[self.rows] = self.block @ right[self.columns]
        result[self.band] += self._scaled(right[self.read])
        return result

    def reverse(self, left: Array) -> Array:
        """Those of the transpose."""
        result = np.zeros((self.matrix.shape[1], *left.shape[1:]))
        if self.block is not None:
            result[self.columns] = self.block.T @ left[self.rows]
        result[self.read] += self._scaled(left[self.band])
        return result

    def _scaled(self, part: Array) -> Array:
        return part if self.diagonal is None else self.diagonal.reshape(-1, *[1] * (part.ndim - 1)) * part


def factor(matrix: Array) -> Factor:
    """The cheapest of: the matrix as it is, its nonzero block, and one of the longest diagonals with a block."""
    height, width = matrix.shape
    rows, columns = _spanned(matrix)
    found: Factor = Dense(matrix)
    cost = _WORTH * height * width
    for offset in {0, width - height, columns.start - rows.start, columns.stop - rows.stop}:
        start, stop = max(0, -offset), min(height, width - offset)
        if stop <= start:
            continue
        every = np.arange(start, stop)
        kept = every[matrix[every, every + offset] != 0]
        if not len(kept):
            continue
        band = np.arange(kept[0], kept[-1] + 1)
        diagonal, rest = matrix[band, band + offset], matrix.copy()
        rest[band, band + offset] = 0
        rows, columns = _spanned(rest)
        area = (rows.stop - rows.start) * (columns.stop - columns.start)
        if area < cost:
            cost, block = area, np.ascontiguousarray(rest[rows, columns]) if area else None
            to, read = slice(int(band[0]), int(band[-1]) + 1), slice(int(band[0]) + offset, int(band[-1]) + 1 + offset)
            ones = bool((diagonal == 1).all())
            found = Banded(matrix, rows, columns, block, to, read, None if ones else diagonal)
    if isinstance(found, Banded) and found.block is found.diagonal is None and found.band == slice(0, height):
        return Selection(matrix, found.read)
    return found


def _spanned(matrix: Array) -> tuple[slice, slice]:
    """The least block with all nonzeros."""
    nonzero = matrix != 0
    rows, columns = (np.flatnonzero(nonzero.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
