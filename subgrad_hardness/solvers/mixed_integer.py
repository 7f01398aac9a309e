"""The question as mixed-integer linear models, and a solver's answer back as exact directions.

For one output and one sign the question "is the form f(d) > 0 for some d" is, by homogeneity, a
question about a box of directions.  Every kink a = relu(z) is written with a phase b in {0, 1},

    a >= 0,   a >= z,   a <= z - low (1 - b),   a <= high b,       low <= z <= high on the box,

so that the feasible points are exactly the graph of the net over the box: f is linear in them and is
the objective.  ``continuous`` takes the box |d_j| <= 1, rescaled by exact powers of two for solvers
that calculate in floating point; ``unscaled`` the same box with the integers as they are, for files;
``all_integer`` takes integers |d_j| <= B for solvers over int64.

The models are exact, the solvers are not: their answers are proposals.  ``Encoding.directions``
turns one into candidates, which count only if they are confirmed exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.local.local_net import integer_direction
from subgrad_hardness.net.json_text import show_int
from subgrad_hardness.normal_form.linear_form import Form
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.solvers.linear_model import Constraint, Model, Variable
from subgrad_hardness.solvers.ranges import Range

#: What a solver must reach in ``continuous``, whose objective has coefficients up to 1: well above
#: the usual tolerance of 1e-6, and still a proposal only.
THRESHOLD = Fraction(1, 2**13)
#: Floating-point solvers drop coefficients that are smaller than the row's others by this factor.
_MOST_SPREAD = 2**30
#: No sum in ``all_integer`` exceeds this, so that solvers have room in an int64.
_MOST_SUM = 2**60
#: Boxes of integers need not be wider than this to find what an int64 solver finds.
_WIDEST = 2**20
# A float direction is tried as it is, and rounded to denominators up to these.
_DENOMINATORS = (1, 12, 1000, 10**6)


class Unrepresentable(Exception):
    """The model's numbers do not fit the solver's arithmetic; the text says why."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A model, and the maps between directions and its points.

    The variables are the p coordinates, then the values of the n atoms numbered in ``atoms`` (those
    that the objective depends on), then their n phases.  The value of atom ``atoms[i]`` is
    2^exponents[i] times its variable, and the objective form 2^scale times the model's objective.
    """

    model: Model
    normal: NormalForm
    objective: Form
    atoms: tuple[int, ...]
    exponents: tuple[int, ...]
    scale: int

    def point(self, direction: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """The model's point over a direction of the box; exact, linear in the nonzeros.

        Where a preactivation is 0 the phase is the least that its bounds allow.
        """
        inputs = self.normal.inputs
        values = dict(enumerate(direction))
        phases = []
        for atom, phase in zip(self.atoms, self.model.variables[inputs + len(self.atoms) :], strict=True):
            level = sum((c * values[variable] for variable, c in self.normal.atoms[atom].items()), Fraction(0))
            values[inputs + atom] = max(level, Fraction(0))
            phases.append(Fraction(1) if level > 0 else phase.lower)
        scaled = (
            values[inputs + atom] * _power(-exponent) for atom, exponent in zip(self.atoms, self.exponents, strict=True)
        )
        return (*direction, *scaled, *phases)

    def directions(self, values: Sequence[float | Fraction], limits: Limits) -> Iterator[tuple[int, ...]]:
        """Integer directions that a solver's point suggests, the likeliest first; none is confirmed.

        The floats as the rationals they are, then rounded; then a point inside the exact cone on
        which the kinks have the solution's phases and the objective is positive, if there is one.
        Raises LimitReached.
        """
        inputs = self.normal.inputs
        if any(isinstance(value, float) and not math.isfinite(value) for value in values):
            return
        direction = [Fraction(value) for value in values[:inputs]]
        yield integer_direction(direction)[0]
        for denominator in _DENOMINATORS:
            yield integer_direction([entry.limit_denominator(denominator) for entry in direction])[0]
        passing = [value > 0.5 for value in values[inputs + len(self.atoms) :]]
        cone = self.phase_cone(passing)
        if any(cone[-1]):
            answer = interior_point(cone, inputs, limits)
            if isinstance(answer, Feasible):
                yield answer.point

    def phase_cone(self, passing: Sequence[bool]) -> list[tuple[int, ...]]:
        """Forms (p integers each) that are positive where the kinks have these phases strictly.

        Kinks whose row vanishes under the phases before them ask nothing.  The last form is the
        objective's row, possibly zero.
        """
        inputs = self.normal.inputs
        zero = (0,) * inputs
        rows = {index: tuple(int(index == column) for column in range(inputs)) for index in range(inputs)}

        def row(form: Form) -> tuple[int, ...]:
            total = list(zero)
            for variable, coefficient in form.items():
                for index, entry in enumerate(rows[variable]):
                    total[index] += coefficient * entry
            return tuple(total)

        forms = []
        for atom, passes in zip(self.atoms, passing, strict=True):
            level = row(self.normal.atoms[atom])
            rows[inputs + atom] = level if passes else zero
            if any(level):
                forms.append(level if passes else tuple(-entry for entry in level))
        return [*forms, row(self.objective)]


def continuous(normal: NormalForm, ranges: Sequence[Range], objective: Form) -> Encoding:
    """The model over |d_j| <= 1 for floating-point solvers.

    Parameters
    ----------
    ranges : the preactivations' ranges over the box (``bounds.preactivation_ranges``).
    objective : a nonzero form over inputs and atoms.

    Variables and rows are scaled by powers of two: all bounds and coefficients are at most 1 in
    size.  Linear in the nonzeros.  Raises Unrepresentable if the coefficients of one row differ by
    more than 2^30.
    """
    atoms = _needed(normal, objective)
    exponents = tuple(max(ranges[atom].high, 1).bit_length() for atom in atoms)
    draft = _Draft(normal, ranges, atoms, exponents, 1)
    for row in (*draft.rows, draft.row(objective, ">=")):
        sizes = [abs(coefficient) for coefficient in row.coefficients]
        if max(sizes) > _MOST_SPREAD * min(sizes):
            raise Unrepresentable("the coefficients of one row differ by more than a factor of 2^30")
    shifts = [_shift(row.coefficients) for row in draft.rows]
    rows = tuple(_times(row, _power(-shift)) for row, shift in zip(draft.rows, shifts, strict=True))
    goal = draft.row(objective, ">=")
    scale = _shift(goal.coefficients)
    goal = _times(goal, _power(-scale))
    goal = Constraint(goal.variables, goal.coefficients, goal.sense, THRESHOLD)
    return Encoding(Model(draft.variables(False), rows, goal), normal, objective, atoms, exponents, scale)


def unscaled(normal: NormalForm, ranges: Sequence[Range], objective: Form) -> Encoding:
    """The model over |d_j| <= 1 with all data integers, the objective as it is.

    Parameters as for ``continuous``; the ranges are widened to binary64 numbers.  Linear in the nonzeros.
    Raises Unrepresentable if a coefficient is no binary64 number: a solver would read another one.
    """
    atoms = _needed(normal, objective)
    wider = [Range(-_upward(-bounds.low), _upward(bounds.high)) for bounds in ranges]
    draft = _Draft(normal, wider, atoms, (0,) * len(atoms), 1)
    goal = draft.row(objective, ">=")
    model = Model(draft.variables(False), draft.rows, goal)
    bounds = [bound for variable in model.variables for bound in (variable.lower, variable.upper)]
    for number in (*bounds, *(entry for row in (*model.rows, goal) for entry in (*row.coefficients, row.bound))):
        if abs(number) >= 2**1024 or float(number) != number:
            raise Unrepresentable(f"{show_int(int(number))} is no binary64 number")
    return Encoding(model, normal, objective, atoms, (0,) * len(atoms), 0)


def all_integer(normal: NormalForm, ranges: Sequence[Range], objective: Form) -> Encoding:
    """The all-integer model over integers |d_j| <= B, the objective at least 1 (SPEC 5.5).

    Parameters as for ``continuous``.  B is as wide as partial sums below 2^60 allow, at most 2^20.
    Linear in the nonzeros.  Raises Unrepresentable if not even B = 1 fits.
    """
    atoms = _needed(normal, objective)
    exponents = (0,) * len(atoms)
    unit = _Draft(normal, ranges, atoms, exponents, 1)
    sizes = [max(abs(variable.lower), abs(variable.upper)) for variable in unit.variables(True)]
    # Phases do not grow with B, but their coefficients do: every sum is proportional to B.
    largest = max(
        sum(abs(coefficient) * sizes[index] for index, coefficient in zip(row.variables, row.coefficients, strict=True))
        + abs(row.bound)
        for row in (*unit.rows, unit.row(objective, ">="))
    )
    box = min(_WIDEST, _MOST_SUM // math.ceil(largest))
    if box < 1:
        raise Unrepresentable("sums over directions with entries -1, 0, 1 exceed 2^60")
    draft = _Draft(normal, ranges, atoms, exponents, box)
    goal = draft.row(objective, ">=", Fraction(1))
    return Encoding(Model(draft.variables(True), draft.rows, goal), normal, objective, atoms, exponents, 0)


class _Draft:
    """Variables and unscaled rows over the box |d_j| <= ``box``."""

    def __init__(
        self, normal: NormalForm, ranges: Sequence[Range], atoms: tuple[int, ...], exponents: tuple[int, ...], box: int
    ) -> None:
        self.inputs, self.box = normal.inputs, box
        self.ranges = [ranges[atom] for atom in atoms]
        self.exponents = exponents
        self.positions = {index: index for index in range(self.inputs)}
        self.positions.update({self.inputs + atom: self.inputs + position for position, atom in enumerate(atoms)})
        rows: list[Constraint] = []
        for position, (atom, bounds) in enumerate(zip(atoms, self.ranges, strict=True)):
            value, phase = {self.inputs + atom: 1}, self.inputs + len(atoms) + position
            above = value | {variable: -coefficient for variable, coefficient in normal.atoms[atom].items()}
            low, high = Fraction(min(bounds.low, 0) * box), Fraction(max(bounds.high, 0) * box)
            rows.append(self.row(above, ">="))
            rows.append(self.row(above, "<=", -low, (phase, -low)))
            rows.append(self.row(value, "<=", Fraction(0), (phase, -high)))
        self.rows = tuple(rows)

    def row(
        self,
        form: Form,
        sense: Literal["<=", ">="],
        bound: Fraction = Fraction(0),
        extra: tuple[int, Fraction] | None = None,
    ) -> Constraint:
        """A row over a form and possibly one phase, in the scaled variables."""
        terms = []
        for variable, coefficient in form.items():
            position = self.positions[variable]
            exponent = self.exponents[position - self.inputs] if position >= self.inputs else 0
            terms.append((position, Fraction(coefficient << exponent)))
        if extra is not None and extra[1]:
            terms.append(extra)
        terms.sort()
        return Constraint(tuple(position for position, _ in terms), tuple(entry for _, entry in terms), sense, bound)

    def variables(self, integral: bool) -> tuple[Variable, ...]:
        """All variables; a kink that keeps one sign on the box has its phase fixed."""
        zero, box = Fraction(0), Fraction(self.box)
        directions = [Variable(f"d{index}", -box, box, integral) for index in range(self.inputs)]
        values = [
            Variable(f"a{position}", zero, max(bounds.high, 0) * box * _power(-exponent), integral)
            for position, (bounds, exponent) in enumerate(zip(self.ranges, self.exponents, strict=True))
        ]
        phases = [
            Variable(f"b{position}", Fraction(bounds.low >= 0 and bounds.high > 0), Fraction(bounds.high > 0), True)
            for position, bounds in enumerate(self.ranges)
        ]
        return (*directions, *values, *phases)


def _needed(normal: NormalForm, objective: Form) -> tuple[int, ...]:
    """The atoms that the objective depends on, in topological order."""
    needed = set(objective)
    for atom in range(len(normal.atoms) - 1, -1, -1):
        if normal.inputs + atom in needed:
            needed.update(normal.atoms[atom])
    return tuple(sorted(variable - normal.inputs for variable in needed if variable >= normal.inputs))


def _shift(coefficients: Sequence[Fraction]) -> int:
    """The e with largest |coefficient| in [2^(e-1), 2^e), for integral coefficients."""
    return max(abs(coefficient.numerator).bit_length() for coefficient in coefficients)


def _upward(number: int) -> int:
    """The least integer of at most 53 significant bits that is not below ``number``."""
    shift = max(number.bit_length() - 53, 0)
    return -(-number >> shift) << shift


def _times(row: Constraint, factor: Fraction) -> Constraint:
    return Constraint(row.variables, tuple(factor * entry for entry in row.coefficients), row.sense, factor * row.bound)


def _power(exponent: int) -> Fraction:
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)
