"""The linear program of ``hulls``: a case over inputs and atoms, relaxed by the facets that were found violated.

Variables are the inputs x_i, an a_k for each atom of the case, and a level t.  Maximise t under t <= f for all forms of
the case, a_k >= 0, a_k >= w_k, u <= 0 for the facets so far, and sum_k n_k (2 a_k - w_k) = 1, where n_k > 0 is about
the coefficient of a_k in the forms: the last sum is the size of a point.  At a node the phases of some atoms are
bounds: a_k = w_k, or a_k = 0.

If the optimum t is negative, there is room: the multipliers mu, lambda, delta of the rows satisfy the equations of
``closing`` with |t| n_k to spare on both a_k and a_k - w_k.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.sums.closing import Proposal
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.normal_form.linear_form import Form, Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.solvers.linear_program import LinearProgram

#: Rows are forgotten where there are more than this for each variable; a form is about 0 if it is within this of 0.
_MOST_ROWS, _TIGHT = 3, 1e-5
#: Multipliers below this, where the largest coefficient of a form is 1, are zero.
_NOTHING = 1e-9


class Relaxed(NamedTuple):
    """An optimum: its level, the values of all variables, and the multipliers as a proposal."""

    level: float
    values: dict[int, float]
    proposal: Proposal


class Relaxation:
    """One program for all nodes of a case."""

    def __init__(self, normal: NormalForm, case: frozenset[Key]) -> None:
        self.normal = normal
        self.inputs = inputs = normal.inputs
        self.case = sorted(case)
        forms = {key: dict(key) for key in self.case}
        self.atoms = sorted({v - inputs for form in forms.values() for v in form if v >= inputs})
        self.size = {k: max(map(abs, normal.atoms[k].values())) for k in self.atoms}
        weights = {
            k: max([abs(form.get(inputs + k, 0)) for form in forms.values()]) * size for k, size in self.size.items()
        }
        self.unit = max(weights.values(), default=1)
        self.share = {k: weight / self.unit for k, weight in weights.items()}
        self.seen = {v for k in self.atoms for v in normal.atoms[k]} | {v for key in case for v, _ in key if v < inputs}
        self._begin(())

    def _begin(self, bounded: Iterable[Key]) -> None:
        """A program with these forms that are never positive, and no region."""
        normal, inputs = self.normal, self.inputs
        self.program = LinearProgram(growing=True)
        self.level = self.program.variable(objective=1.0)
        self.variables = {i: self.program.variable() for i in sorted(self.seen)}
        self.variables |= {inputs + k: self.program.variable(0.0) for k in self.atoms}
        self.forms = {
            key: self.program.row([(self.level, -self.unit), *self._terms(dict(key))], lower=0.0) for key in self.case
        }
        self.excess = {
            k: self.program.row(self._terms({inputs + k: 1, **_opposite(normal.atoms[k])}, self.size[k]), lower=0.0)
            for k in self.atoms
        }
        self._normalise()
        self.bounded: dict[Key, int] = {}
        self.supposed: dict[tuple[tuple[int, int], ...], int] = {}
        self.phases: dict[int, bool] = {}
        self.add(bounded)

    def forget(self, values: Mapping[int, float]) -> None:
        """Begin anew with the forms that are about 0 at a point, where these are few of many: the program shrinks."""
        if len(self.bounded) > _MOST_ROWS * len(self.variables):
            kept = [form for form in self.bounded if sum([entry * values[v] for v, entry in form]) > -_TIGHT]
            if 2 * len(kept) < len(self.bounded):
                self._begin(kept)

    def _terms(self, form: Form, divisor: float = 1.0) -> list[tuple[int, float]]:
        """A form in the variables of the program, in which a_k is in units of the largest entry of w_k."""
        return [
            (self.variables[v], entry * (1 if v < self.inputs else self.size[v - self.inputs]) / divisor)
            for v, entry in form.items()
        ]

    def _normalise(self) -> None:
        total: dict[int, float] = {}
        for k, share in self.share.items():
            for variable, entry in self._terms({self.inputs + k: 2, **_opposite(self.normal.atoms[k])}, self.size[k]):
                total[variable] = total.get(variable, 0.0) + share * entry
        self.program.row(total.items(), 1.0, 1.0)

    def measure(self, values: Mapping[int, float]) -> float:
        """The size of a point."""
        total = 0.0
        for k, share in self.share.items():
            level = sum([entry * values[index] for index, entry in self.normal.atoms[k].items()])
            total += share / self.size[k] * (2 * values[self.inputs + k] - level)
        return total

    def add(self, forms: Iterable[Key]) -> int:
        """Add forms that are never positive; how many of them are new."""
        before = len(self.bounded)
        for form in forms:
            if form not in self.bounded:
                largest = max([abs(entry) for _, entry in form])
                self.bounded[form] = self.program.row(self._terms(dict(form), largest), upper=0.0)
        return len(self.bounded) - before

    def enter(self, region: Region) -> None:
        """Bounds and rows as the region has them."""
        for k in self.phases.keys() | region.phases.keys():
            before, after = self.phases.get(k), region.phases.get(k)
            if before != after and k in self.size:
                self.program.bound_row(self.excess[k], 0.0, 0.0 if after else math.inf)
                self.program.bound_variable(self.variables[self.inputs + k], 0.0, 0.0 if after is False else math.inf)
        self.phases = dict(region.phases)
        wanted = [tuple(row.form.items()) for row in region.rows[: region.supposed]]
        for key in wanted:
            if key not in self.supposed:
                terms = [(self.variables[v], entry) for v, entry in key if v in self.variables]
                self.supposed[key] = self.program.row(terms, lower=0.0)
        for key, number in self.supposed.items():
            self.program.bound_row(number, 0.0 if key in wanted else -math.inf, math.inf)

    def solve(self, region: Region, limits: Limits) -> Relaxed | None:
        """An optimum in the region that was entered; None: the program has none.  Raises LimitReached."""
        optimum = self.program.solve(limits)
        if optimum is None:
            return None
        level, duals = optimum.value, optimum.multipliers
        spare = max(-level, 0.0)
        values = {
            v: optimum.point[number] * (1 if v < self.inputs else self.size[v - self.inputs])
            for v, number in self.variables.items()
        }
        hinges = {
            k: (max(-duals[row], 0.0) + spare * self.share[k]) * self.unit / self.size[k]
            for k, row in self.excess.items()
        }
        forms = {key: max(-duals[row], 0.0) * self.unit for key, row in self.forms.items()}
        bounded = {
            form: value * self.unit / max([abs(entry) for _, entry in form])
            for form, row in self.bounded.items()
            if (value := duals[row]) > _NOTHING
        }
        rows = [
            max(-duals[self.supposed[tuple(row.form.items())]], 0.0) * self.unit
            for row in region.rows[: region.supposed]
        ]
        for k, passes in region.phases.items():  # what the program gives to a_k >= 0 or a_k >= w_k is the phase's row's
            if k in self.size:
                dual = -optimum.reduced[self.variables[self.inputs + k]] if passes else -duals[self.excess[k]]
                rows.append((max(dual, 0.0) + spare * self.share[k]) * self.unit / self.size[k])
            else:
                rows.append(0.0)
        return Relaxed(level, values, Proposal(forms, bounded, hinges, rows))


def _opposite(form: Form) -> Form:
    return {variable: -entry for variable, entry in form.items()}
