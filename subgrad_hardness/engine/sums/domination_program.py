"""The linear program of ``domination``, and what its optimum says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.sums.closing import Number
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.normal_form.linear_form import Form, Key
from subgrad_hardness.solvers.linear_program import LinearProgram


class Shares(NamedTuple):
    """How an added term c_k a_k is paid for: x_kj and y_kj by atom j, and what the strict rows give for each phase."""

    values: Mapping[int, Number]
    excesses: Mapping[int, Number]
    blocked: Sequence[Number]
    passing: Sequence[Number]


class Dominated(NamedTuple):
    """An optimum.

    Attributes
    ----------
    left : the part of each e_j that is left; negative: none.
    forms : mu, the multipliers of the case's forms.
    shares : by the atom k that is paid for.
    hinges : t_j + e e_j by the atom j.
    rows : the multipliers of the region's strict rows.
    direction : by input.
    relaxed : by the atom k, what the program takes for the value of c_k a_k in this direction.
    """

    left: float
    forms: Mapping[Key, Number]
    shares: Mapping[int, Shares]
    hinges: Mapping[int, Number]
    rows: Sequence[Number]
    direction: list[float]
    relaxed: dict[int, float]


class Terms(NamedTuple):
    """The forms of a case in a region: each over the inputs and the atoms that no phase settles."""

    forms: dict[Key, Form]
    added: list[int]
    subtracted: list[int]


def terms_of(region: Region, case: Iterable[Key]) -> Terms:
    """The forms, and which atoms some form adds, and which ones some form subtracts."""
    forms = {form: region.substituted(dict(form)) for form in sorted(case)}
    inputs = region.normal.inputs
    added, subtracted = [
        sorted({v - inputs for form in forms.values() for v, entry in form.items() if v >= inputs and sign * entry > 0})
        for sign in (1, -1)
    ]
    return Terms(forms, added, subtracted)


class DominationProgram:
    """In units: w_j has largest entry 1, and so has the largest coefficient of an atom so scaled."""

    def __init__(self, region: Region, terms: Terms, limits: Limits) -> None:
        self.region, self.terms = region, terms
        self.inputs = inputs = region.normal.inputs
        self.size = {k: max(map(abs, region.normal.atoms[k].values())) for k in {*terms.added, *terms.subtracted}}
        self.unit = max(
            [
                abs(form[inputs + k]) * size
                for k, size in self.size.items()
                for form in terms.forms.values()
                if inputs + k in form
            ],
            default=1,
        )
        self.program = LinearProgram()
        self.left = self.program.variable(objective=1.0)
        self.forms = {key: self.program.variable(0.0) for key in terms.forms}
        self.program.row([(variable, 1.0) for variable in self.forms.values()], 1.0, 1.0)
        self.capacity = {j: self._capacity(j) for j in terms.subtracted}
        self.linear = self._linear()
        self.rows = [self._column(row.form, 1.0, self.linear) for row in region.rows]
        self.hinges = {j: self._hinge(j) for j in terms.subtracted}
        self.equations: dict[int, list[int]] = {}
        self.shares: dict[int, tuple[dict[int, int], dict[int, int], list[int], list[int]]] = {}
        for k in terms.added:
            limits.check()
            self._pay(k)

    def _coefficient(self, form: Form, atom: int) -> float:
        return form.get(self.inputs + atom, 0) * self.size[atom] / self.unit

    def _weights(self, atom: int, sign: int) -> dict[Key, float]:
        """The forms that add (subtract) the atom, with how much of it."""
        found = {key: sign * self._coefficient(form, atom) for key, form in self.terms.forms.items()}
        return {key: value for key, value in found.items() if value > 0}

    def _vector(self, atom: int) -> dict[int, float]:
        return {v: entry / self.size[atom] for v, entry in self.region.normal.atoms[atom].items()}

    def _capacity(self, j: int) -> int:
        weights = self._weights(j, -1)
        terms = [(self.left, 2 * sum(weights.values())), *((self.forms[key], -value) for key, value in weights.items())]
        return self.program.row(terms, upper=0.0)

    def _linear(self) -> list[int]:
        """The equation for l, one row for each input."""
        total: dict[int, dict[int, float]] = {i: {} for i in range(self.inputs)}
        for key, form in self.terms.forms.items():
            for variable, entry in form.items():
                if variable < self.inputs:
                    total[variable][self.forms[key]] = entry / self.unit
        for j in self.terms.subtracted:
            share = sum(self._weights(j, -1).values())
            for variable, value in self._vector(j).items():
                total[variable][self.left] = total[variable].get(self.left, 0.0) - share * value
        return [self.program.row(entries.items(), 0.0, 0.0) for entries in total.values()]

    def _column(self, form: dict[int, int] | dict[int, float], factor: float, rows: list[int]) -> int:
        """A new nonnegative variable that brings so much of a form to the equations."""
        variable = self.program.variable(0.0)
        for index, entry in form.items():
            self.program.add_to_row(rows[index], variable, factor * entry)
        return variable

    def _hinge(self, j: int) -> int:
        variable = self._column(self._vector(j), -1.0, self.linear)
        self.program.add_to_row(self.capacity[j], variable, 1.0)
        return variable

    def _pay(self, k: int) -> None:
        """The columns and equations of the added atom k."""
        program, vector = self.program, self._vector(k)
        weights = self._weights(k, 1)
        rows = [
            program.row([(self.forms[key], value * vector.get(i, 0.0)) for key, value in weights.items()], 0.0, 0.0)
            for i in range(self.inputs)
        ]
        self.equations[k] = rows
        values, excesses = {}, {}
        for j in self.terms.subtracted:
            values[j] = self._column(self._vector(j), -1.0, rows)
            excesses[j] = self._hinge(j)
            for index, entry in self._vector(j).items():
                program.add_to_row(rows[index], excesses[j], entry)
            program.add_to_row(self.capacity[j], values[j], 1.0)
        blocked = [self._column(row.form, 1.0, self.linear) for row in self.region.rows]
        for row, variable in zip(self.region.rows, blocked, strict=True):
            for index, entry in row.form.items():
                program.add_to_row(rows[index], variable, -entry)
        passing = [self._column(row.form, 1.0, rows) for row in self.region.rows]
        self.shares[k] = values, excesses, blocked, passing

    def solved(self, limits: Limits) -> Dominated | None:
        """An optimum; None: some added atom is no combination of the subtracted ones.

        Raises
        ------
        LimitReached
            Asked again, it goes on.
        """
        optimum = self.program.solve(limits)
        if optimum is None:
            return None
        point, unit, size = optimum.point, float(self.unit), self.size

        def atoms(variables: dict[int, int]) -> dict[int, float]:
            return {j: point[variable] * unit / size[j] for j, variable in variables.items() if point[variable] > 0}

        def rows(variables: list[int]) -> list[float]:
            return [max(point[variable], 0.0) * unit for variable in variables]

        left = point[self.left]
        hinges = {
            j: (point[v] + max(left, 0.0) * sum(self._weights(j, -1).values())) * unit / size[j]
            for j, v in self.hinges.items()
        }
        duals = optimum.multipliers
        relaxed = {
            k: sum([self._vector(k).get(i, 0.0) * duals[row] for i, row in enumerate(equations)])
            for k, equations in self.equations.items()
        }
        return Dominated(
            left,
            {key: point[variable] for key, variable in self.forms.items()},
            {k: Shares(atoms(v), atoms(e), rows(b), rows(p)) for k, (v, e, b, p) in self.shares.items()},
            hinges,
            rows(self.rows),
            [duals[row] for row in self.linear],
            relaxed,
        )
