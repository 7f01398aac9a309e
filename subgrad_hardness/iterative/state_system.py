"""How the next state depends on the state near a fixed point: kinks over states and earlier kinks, in one scaling.

For two states y, y' and one d let D be differences.  A kink u = relu(z) has Du (Dz - Du) >= 0, and Du = s Dz with a
slope s in [0, 1].  Kinks that no state moves have Du = 0 and are left out.  Each other one is scaled so that its row
over states and scaled earlier kinks is a primitive integer vector, which fixes the scaling: certificates speak of it.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.normal_form.flatten import flatten

#: A linear form: variables 0..p-1 are the states, p + k the kink number k of the system.
Row = dict[int, Fraction]


class StateSystem(NamedTuple):
    """``kinks``: what each kink that matters is the relu of; ``outputs``: the next state."""

    size: int
    kinks: tuple[Row, ...]
    outputs: tuple[Row, ...]

    def choice(self, slopes: tuple[int, ...]) -> list[list[Fraction]]:
        """The matrix of (y, u) = (A0 y + C u, S (W y + V u)), I minus it: its determinant is det(I - A(s))."""
        width = self.size + len(self.kinks)
        matrix = []
        for number, row in enumerate((*self.outputs, *self.kinks)):
            slope = 1 if number < self.size else slopes[number - self.size]
            matrix.append([int(number == column) - slope * row.get(column, Fraction(0)) for column in range(width)])
        return matrix


def state_system(iteration: Iteration, net: LocalNet) -> StateSystem:
    """That of F' at the fixed point; linear in the multiplied-out net."""
    flat = flatten(net)
    states, _ = iteration.columns()
    place = {column: index for index, column in enumerate(states)}
    factors: dict[int, tuple[int, Fraction]] = {}  # of the net's kinks: the number here, and the scale
    kinks: list[Row] = []

    def over(form: dict[int, int]) -> Row:
        row: Row = {}
        for variable, coefficient in form.items():
            if variable in place:
                row[place[variable]] = Fraction(coefficient)
            elif variable in factors:
                number, scale = factors[variable]
                row[len(states) + number] = coefficient * scale
        return row

    for number, form in enumerate(flat.kinks):
        row = over(form)
        if row:
            content = Fraction(
                math.gcd(*[entry.numerator for entry in row.values()]),
                math.lcm(*[entry.denominator for entry in row.values()]),
            )
            factors[flat.inputs + number] = len(kinks), content
            kinks.append({variable: entry / content for variable, entry in row.items()})
    outputs = []
    for scale, form in zip(net.scales, flat.outputs, strict=True):
        outputs.append({variable: scale * entry for variable, entry in over(form).items()})
    return _reaching(StateSystem(len(states), tuple(kinks), tuple(outputs)))


def _reaching(system: StateSystem) -> StateSystem:
    """Without the kinks from which no way leads to an output."""
    size = system.size
    needed = {variable for row in system.outputs for variable in row if variable >= size}
    for number in range(len(system.kinks) - 1, -1, -1):
        if size + number in needed:
            needed |= {variable for variable in system.kinks[number] if variable >= size}
    place = {old: size + new for new, old in enumerate(sorted(needed))} | {index: index for index in range(size)}

    def moved(row: Row) -> Row:
        return {place[variable]: entry for variable, entry in row.items()}

    kept = [row for number, row in enumerate(system.kinks) if size + number in needed]
    return StateSystem(size, tuple(map(moved, kept)), tuple(map(moved, system.outputs)))
