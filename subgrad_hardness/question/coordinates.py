"""The part of the input space that a normal form sees.

Let V be the span of the input parts of all forms at hand, of rank r < p.  Some r coordinates are a basis
of the dual of V, so any values that forms in V take at some direction they also take at one that is
zero in all other coordinates, and a combination of them vanishes iff it does in these: linear algebra
may forget the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from subgrad_hardness.normal_form.linear_form import Form, Key
from subgrad_hardness.normal_form.normal_form import NormalForm


class Chart(NamedTuple):
    """The coordinates that suffice, in order; ``inputs`` is p."""

    coordinates: tuple[int, ...]
    inputs: int

    @property
    def dimension(self) -> int:
        """How many coordinates there are."""
        return len(self.coordinates)

    def down(self, form: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """A form over the inputs in these coordinates, numbered from 0."""
        if self.dimension == self.inputs:
            return tuple(form)
        place = {coordinate: index for index, coordinate in enumerate(self.coordinates)}
        return tuple([(place[variable], entry) for variable, entry in form if variable in place])

    def up(self, point: Sequence[int]) -> tuple[int, ...]:
        """The direction with these coordinates, and zeros."""
        direction = [0] * self.inputs
        for coordinate, entry in zip(self.coordinates, point, strict=True):
            direction[coordinate] = entry
        return tuple(direction)


def chart(parts: Sequence[Key], inputs: int) -> Chart:
    """Coordinates that suffice for forms with these input parts, all different and none of them empty.

    Where there are fewer parts than inputs: one exact elimination of their matrix.  Else all.
    """
    if not parts or len(parts) >= inputs:
        return Chart(tuple(range(inputs)), inputs)
    used = sorted({variable for part in parts for variable, _ in part})
    place = {variable: index for index, variable in enumerate(used)}
    rows = [{place[variable]: entry for variable, entry in part} for part in parts]
    return Chart(tuple(used[pivot] for pivot in pivots(rows, len(used))), inputs)


def input_parts(normal: NormalForm, forms: Sequence[Form]) -> list[Key]:
    """The different input parts of ``forms`` and all atoms, without the empty one."""
    return sorted({input_part(form, normal.inputs) for form in (*normal.atoms, *forms)} - {()})


def input_part(form: Form, inputs: int) -> Key:
    """The terms in the inputs, sorted."""
    return tuple(sorted([(variable, entry) for variable, entry in form.items() if variable < inputs]))


def pivots(rows: list[dict[int, int]], width: int) -> list[int]:
    """The pivot columns of the row echelon form of a matrix with these rows: the first columns that are independent."""
    from flint import fmpz_mat

    entries = [row.get(column, 0) for row in rows for column in range(width)]
    reduced, _, rank = fmpz_mat(len(rows), width, entries).rref()
    return [next(column for column in range(width) if reduced[row, column]) for row in range(rank)]
