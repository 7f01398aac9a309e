"""A direction matrix as certificates write it, and what makes it one of a net: p x p and nonsingular (SPEC 3, 4)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.net.json_text import Reader
from subgrad_hardness.net.layered_format import MAX_UNITS, plain_number
from subgrad_hardness.net.rational import exact

_KEYS = frozenset({"leading", "complete"})


class DirectionMatrix(NamedTuple):
    """M as the certificate writes it: ``leading`` columns, then unit vectors by number."""

    leading: tuple[tuple[Fraction, ...], ...]
    complete: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """The object that the certificate file holds."""
        leading = [[plain_number(entry) for entry in column] for column in self.leading]
        return {"leading": leading, "complete": list(self.complete)}


def read_matrix(reader: Reader, value: Any, place: str) -> DirectionMatrix:
    """A direction matrix of a certificate file; complaints go through ``reader``."""
    matrix = reader.mapping(value, place, _KEYS, "a direction matrix")
    for key in ("leading", "complete"):
        if key not in matrix:
            reader.fail(place, f"no {key}")
    leading = []
    for number, column in enumerate(reader.sequence(matrix["leading"], f"{place}.leading", "a list of directions")):
        where = f"{place}.leading[{number}]"
        entries = reader.sequence(column, where, "a list of numbers")
        leading.append(tuple(exact(reader.number(entry, f"{where}[{index}]")) for index, entry in enumerate(entries)))
    complete = reader.sequence(matrix["complete"], f"{place}.complete", "a list of input numbers")
    numbers = (
        reader.count(entry, f"{place}.complete[{index}]", "an input number", MAX_UNITS)
        for index, entry in enumerate(complete)
    )
    return DirectionMatrix(tuple(leading), tuple(numbers))


def require_nonsingular(matrix: DirectionMatrix, size: int, place: str) -> None:
    """M is p x p and nonsingular: the minor of its leading columns on the rows that no unit vector covers.

    Raises Rejected.  One exact elimination.
    """
    for number, column in enumerate(matrix.leading):
        if len(column) != size:
            raise Rejected(f"{place}.leading[{number}] has {len(column)} entries, the net has {size} inputs")
    for index in matrix.complete:
        if not 0 <= index < size:
            raise Rejected(f"{place}.complete names input {index}, the net has {size} inputs")
    if len(set(matrix.complete)) != len(matrix.complete):
        raise Rejected(f"{place}.complete names an input twice, so the matrix is singular")
    if len(matrix.leading) + len(matrix.complete) != size:
        raise Rejected(f"{place} has {len(matrix.leading) + len(matrix.complete)} columns, the net has {size} inputs")
    free = set(range(size)).difference(matrix.complete)
    if not _has_full_rank([[column[index] for index in free] for column in matrix.leading]):
        raise Rejected(f"{place} is singular")


def _has_full_rank(rows: list[list[Fraction]]) -> bool:
    """Whether a square matrix is nonsingular, by exact elimination."""
    for step in range(len(rows)):
        pivot = next((index for index in range(step, len(rows)) if rows[index][step]), None)
        if pivot is None:
            return False
        rows[step], rows[pivot] = rows[pivot], rows[step]
        for index in range(step + 1, len(rows)):
            factor = rows[index][step] / rows[step][step]
            if factor:
                rows[index] = [x - factor * y for x, y in zip(rows[index], rows[step], strict=True)]
    return True
