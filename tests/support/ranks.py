"""The rank of a small matrix, by elimination in Fractions."""

from __future__ import annotations

from collections.abc import Sequence


def rank(rows: Sequence[Sequence[int]]) -> int:
    """By fraction-free elimination."""
    left = [list(row) for row in rows]
    count = 0
    for column in range(len(rows[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left = [[pivot[column] * x - row[column] * y for x, y in zip(row, pivot, strict=True)] for row in left]
        count += 1
    return count
