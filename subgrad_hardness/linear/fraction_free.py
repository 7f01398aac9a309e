"""Gauss-Jordan elimination of small integer matrices in Python's own integers (Bareiss 1968).

python-flint is faster from some thousand products on, but takes longer to load than a small matrix to reduce.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Reduced(NamedTuple):
    """The reduced row echelon form of a matrix, times ``denominator``.

    Attributes
    ----------
    rows : the nonzero rows, ``len(pivots)`` of them, integers.
    denominator : a positive integer: the entry of each row at its pivot.
    pivots : the column of each row's first nonzero entry, increasing: each column that is independent of those
        before it.
    """

    rows: tuple[tuple[int, ...], ...]
    denominator: int
    pivots: tuple[int, ...]


def reduced_row_echelon(matrix: Sequence[Sequence[int]]) -> Reduced:
    """Reduce ``matrix``, given by rows of one length.

    Notes
    -----
    About rank * rows * columns products of numbers no longer than the matrix's minors: after each step every entry
    is a minor, so all divisions leave no remainder.  Source: E. H. Bareiss, Sylvester's identity and multistep
    integer-preserving Gaussian elimination, Mathematics of Computation 22 (1968).
    """
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    denominator = 1
    for column in range(len(rows[0]) if rows else 0):
        rank = len(pivots)
        found = next((number for number in range(rank, len(rows)) if rows[number][column]), None)
        if found is None:
            continue
        rows[rank], rows[found] = rows[found], rows[rank]
        pivot_row = rows[rank]
        head = pivot_row[column]
        for number, row in enumerate(rows):
            if number != rank:
                factor = row[column]
                rows[number] = [(head * x - factor * y) // denominator for x, y in zip(row, pivot_row, strict=True)]
        denominator = head
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    sign = 1 if denominator > 0 else -1
    return Reduced(
        tuple(tuple([sign * entry for entry in row]) for row in rows[: len(pivots)]), abs(denominator), tuple(pivots)
    )
