"""The coordinates of the input space that a normal form sees.

Let V be the span of the input parts of all forms at hand, of rank r < p.  Some r of the p coordinates are a basis of
the dual of V.  So whatever values forms in V take at some direction, they also take at a direction that is zero in all
other coordinates; and a combination of forms in V vanishes iff it vanishes in these coordinates.  Linear algebra may
therefore forget the other coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from subgrad_hardness.linear.elimination import independent
from subgrad_hardness.normal_form.linear_form import Form, Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import threshold_number


class Coordinates(NamedTuple):
    """The numbers of the coordinates that suffice, in increasing order, out of ``inputs`` = p.

    Thresholds (``proof.steps``) are coordinates beside them: those with the numbers in ``thresholds``.
    """

    chosen: tuple[int, ...]
    inputs: int
    thresholds: range = range(0)

    @property
    def dimension(self) -> int:
        """The number of coordinates that suffice, thresholds included."""
        return len(self.chosen) + len(self.thresholds)

    def restrict(self, form: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """A form over the inputs and thresholds, restricted to these coordinates, which are numbered from 0."""
        entries = tuple(form)
        first = len(self.chosen) - self.thresholds.start
        cuts = tuple([(first + threshold_number(variable), entry) for variable, entry in entries if variable < 0])
        rest = entries[len(cuts) :]  # thresholds stand before inputs
        if len(self.chosen) < self.inputs:
            position = {coordinate: index for index, coordinate in enumerate(self.chosen)}
            rest = tuple([(position[variable], entry) for variable, entry in rest if variable in position])
        return rest + cuts

    def extend(self, point: Sequence[int]) -> tuple[int, ...]:
        """The direction that has the entries of ``point`` in these coordinates, and zeros elsewhere."""
        direction = [0] * self.inputs
        for coordinate, entry in zip(self.chosen, point, strict=False):  # thresholds are no part of it
            direction[coordinate] = entry
        return tuple(direction)


def coordinates_for(parts: Sequence[Key], inputs: int) -> Coordinates:
    """Coordinates that suffice for forms with these input parts, which are different and not empty.

    Where there are fewer parts than inputs, one exact elimination of their matrix finds them; else all are taken.
    """
    if not parts or len(parts) >= inputs:
        return Coordinates(tuple(range(inputs)), inputs)
    used = sorted({variable for part in parts for variable, _ in part})
    rows = [dict(part) for part in parts]
    columns = [[row.get(variable, 0) for row in rows] for variable in used]
    return Coordinates(tuple(used[pivot] for pivot in independent(columns)), inputs)


def input_parts(normal: NormalForm, forms: Sequence[Form]) -> list[Key]:
    """The different input parts of ``forms`` and all atoms, without the empty one."""
    return sorted({input_part(form, normal.inputs) for form in (*normal.atoms, *forms)} - {()})


def input_part(form: Form, inputs: int) -> Key:
    """The terms in the inputs, sorted."""
    return tuple(sorted([(variable, entry) for variable, entry in form.items() if variable < inputs]))
