"""Random integer matrices with integer inverses."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.randomness import Stream


class Addition(NamedTuple):
    """The elementary operation: ``factor`` times row ``source`` is added to row ``target``."""

    target: int
    source: int
    factor: int


class Unimodular(NamedTuple):
    """U = additions (the last one leftmost) times a signed permutation, y -> (sign_i y_(column_i))_i."""

    signed: tuple[tuple[int, int], ...]
    additions: tuple[Addition, ...]

    def times(self, vector: Sequence[Fraction | int]) -> tuple[Fraction | int, ...]:
        """U y."""
        result = [sign * vector[column] for column, sign in self.signed]
        for target, source, factor in self.additions:
            result[target] += factor * result[source]
        return tuple(result)

    def solve(self, vector: Sequence[Fraction | int]) -> tuple[Fraction | int, ...]:
        """U^-1 x."""
        values = list(vector)
        for target, source, factor in reversed(self.additions):
            values[target] -= factor * values[source]
        result: list[Fraction | int] = [0] * len(values)
        for value, (column, sign) in zip(values, self.signed, strict=True):
            result[column] = sign * value
        return tuple(result)

    def row_times(self, row: Sequence[Fraction | int]) -> tuple[Fraction | int, ...]:
        """g U, for a row g."""
        values = list(row)
        for target, source, factor in reversed(self.additions):
            values[source] += factor * values[target]
        result: list[Fraction | int] = [0] * len(values)
        for value, (column, sign) in zip(values, self.signed, strict=True):
            result[column] = sign * value
        return tuple(result)

    def row_solve(self, row: Sequence[Fraction | int]) -> tuple[Fraction | int, ...]:
        """g U^-1, for a row g."""
        values = [sign * row[column] for column, sign in self.signed]
        for target, source, factor in self.additions:
            values[source] -= factor * values[target]
        return tuple(values)

    def rows(self) -> list[dict[int, int]]:
        """The rows of U, as column: entry; p numbers of nonzeros together, not p^2."""
        rows = [{column: sign} for column, sign in self.signed]
        for target, source, factor in self.additions:
            add_row(rows[target], rows[source], factor)
        return rows


def add_row(row: dict[int, int], other: dict[int, int], factor: int) -> None:
    """Add ``factor`` times the other sparse row to this one, which keeps no zeros."""
    for column, entry in other.items():
        total = row.get(column, 0) + factor * entry
        if total:
            row[column] = total
        else:
            row.pop(column, None)


def random_unimodular(size: int, seed: int) -> Unimodular:
    """A random U: a uniform signed permutation, then two rounds over all rows in random order.

    In a round each row gets c times another row, the other row uniform and c uniform in
    {-2, -1, 1, 2}.  A row of U has some seven nonzeros on average, for every size.
    """
    stream = Stream(seed, "unimodular", size)
    columns = stream.shuffled(range(size))
    signed = tuple((column, 1 - 2 * stream.below(2)) for column in columns)
    additions = []
    for target in [row for _ in range(2 if size > 1 else 0) for row in stream.shuffled(range(size))]:
        other = stream.below(size - 1)
        factor = (-2, -1, 1, 2)[stream.below(4)]
        additions.append(Addition(target, other + (other >= target), factor))
    return Unimodular(signed, tuple(additions))
