"""What the phase engine keeps from one attempt to the next: clauses with their lemmas, rows, vectors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from subgrad_hardness.engine.phase.linear_bounds import Bound
from subgrad_hardness.linear.box import BoxSystem
from subgrad_hardness.linear.cone import StrictCone
from subgrad_hardness.normal_form.generators import Generator
from subgrad_hardness.normal_form.linear_form import Form, Key, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal
from subgrad_hardness.question.coordinates import Chart
from subgrad_hardness.solvers.sat import Cdcl

#: Shorter conflicts are no longer looked for after so many failures more than successes.
MOST_FAILURES = 8


class Row(NamedTuple):
    """A row of the cone: a literal over the inputs, or (with ``bound``) a literal's upper bound."""

    literal: Literal
    bound: Bound | None


class PhaseClauses:
    """Clauses over literals, each a lemma; the cone and the box over the inputs, with their rows.

    ``phases[k]`` is the literal "w_k > 0" of atom k.
    """

    def __init__(self, normal: NormalForm, chart: Chart, half: Key | None) -> None:
        self.normal = normal
        self.chart = chart
        self.half = half
        self.lemmas: list[Lemma] = []
        self.shortening = MOST_FAILURES
        self.solver = Cdcl()
        self.cone = StrictCone(chart.dimension)
        self.rows: list[Row] = []  # by their numbers in the cone
        self.box = BoxSystem(chart.dimension)
        self.keys = [tuple(form.items()) for form in normal.atoms]
        self.phases = [oriented(key, normal.inputs) for key in self.keys]
        self.variables: dict[Key, int] = {}
        self._phase_forms = {literal.form for literal in self.phases}
        self._numbers: dict[Literal, int] = {}
        self._refuted: set[Literal] = set()
        self._vectors: dict[tuple[Key, bool], int] = {}
        if half is not None:
            self.solver.add([self.variable(oriented(half, normal.inputs))])

    def linear(self, form: Key) -> bool:
        """Whether the form is over the inputs alone."""
        return form[-1][0] < self.normal.inputs

    def shallow(self, form: Key) -> bool:
        """Whether all atoms of the form are relus of forms over the inputs alone."""
        inputs = self.normal.inputs
        return all(self.linear(self.keys[variable - inputs]) for variable, _ in form if variable >= inputs)

    def variable(self, literal: Literal) -> int:
        """The solver's literal."""
        number = self.variables.setdefault(literal.form, len(self.variables) + 1)
        return number if literal.positive else -number

    def decided(self, model: set[int]) -> tuple[list[Literal], list[Literal]]:
        """The phases that occur in clauses, as in ``model``: those over the inputs alone, and the others."""
        linear, deep = [], []
        for form, number in self.variables.items():
            if self.linear(form):
                linear.append(Literal(form, number in model))
            elif form in self._phase_forms:
                deep.append(Literal(form, number in model))
        return linear, deep

    def literal_row(self, literal: Literal) -> int:
        """The number of the strict row of a literal over the inputs alone."""
        number = self._numbers.get(literal)
        if number is None:
            sign = 1 if literal.positive else -1
            form = tuple([(variable, sign * entry) for variable, entry in literal.form])
            number = self._numbers[literal] = self._add(form, True)
            self.rows.append(Row(literal, None))
        return number

    def cut_row(self, literal: Literal, bound: Bound) -> int:
        """The bound of a form that is positive is so; that of minus a form that is not is not negative."""
        self.rows.append(Row(literal, bound))
        return self._add(bound.row.items(), literal.positive)

    def _add(self, form: Iterable[tuple[int, int]], strict: bool) -> int:
        support, coefficients = zip(*self.chart.down(form), strict=True)
        return self.cone.add_sparse(support, coefficients, strict)

    def vector(self, form: Key, row: bool) -> int:
        """The vector in the box of a form in the chart; those of rows and of hinges are kept apart."""
        number = self._vectors.get((form, row))
        if number is None:
            entries = dict(form)
            number = self.box.add([entries.get(index, 0) for index in range(self.chart.dimension)])
            self._vectors[form, row] = number
        return number

    def learn(
        self,
        rows: Mapping[Literal, int],
        bounds: Iterable[tuple[int, Bound]],
        refuted: Mapping[Literal, int] | None = None,
    ) -> None:
        """The clause that not all literals of ``rows`` and phases of ``bounds`` hold, from the multipliers of both.

        ``refuted`` literals, with the multipliers of their negations, are part of the lemma, and none of the
        solver's clause.
        """
        lemma = self._lemma(rows, bounds, refuted or {})
        self.lemmas.append(lemma)
        self.solver.add([self.variable(literal) for literal in lemma.clause if literal not in self._refuted])

    def learn_combination(
        self,
        multipliers: Mapping[int, int],
        literals: Mapping[Literal, int] | None = None,
        bounds: Iterable[tuple[int, Bound]] = (),
        refuted: Mapping[Literal, int] | None = None,
    ) -> None:
        """Rows, each times its multiplier, that vanish together (with all the others) are a conflict."""
        supposed, rested = dict(literals or {}), list(bounds)
        for number, multiplier in multipliers.items():
            row = self.rows[number]
            supposed[row.literal] = supposed.get(row.literal, 0) + multiplier
            if row.bound is not None:
                rested.append((multiplier, row.bound))
        self.learn(supposed, rested, refuted)

    def refuted(self, form: Form, cases: Iterable[Bound]) -> Literal:
        """The literal "form > 0", which no model holds: in each case the form is at most 0, and one case there is.

        The solver does not hear of it: it would have to choose phases that nobody else asks for.
        """
        literal = Literal(key_of(form), True)
        if literal not in self._refuted:
            self._refuted.add(literal)
            content = math.gcd(*form.values())
            self.lemmas += [self._lemma({literal: content}, [(1, case)], {}) for case in cases]
        return literal

    def _lemma(
        self, rows: Mapping[Literal, int], bounds: Iterable[tuple[int, Bound]], refuted: Mapping[Literal, int]
    ) -> Lemma:
        supposed = dict(rows)
        rested = list(bounds)
        for _, bound in rested:
            for atom, passes in bound.phases:
                literal = self.phases[atom]
                supposed.setdefault(literal if passes else negated(literal), 0)
        clause = (*map(negated, supposed), *refuted)
        return Lemma(clause, (*supposed.values(), *refuted.values()), _combined(rested))


def _combined(bounds: list[tuple[int, Bound]]) -> tuple[Generator, ...]:
    """The generators of all bounds, each times its bound's multiplier, once for each atom and kind."""
    if len(bounds) == 1 and bounds[0][0] == 1:
        return bounds[0][1].generators
    total: dict[tuple[int, int], int] = {}
    for multiplier, bound in bounds:
        for atom, kind, entry in bound.generators:
            total[atom, kind] = total.get((atom, kind), 0) + multiplier * entry
    return tuple([(atom, kind, entry) for (atom, kind), entry in total.items()])


def oriented(form: Key, inputs: int) -> Literal:
    """The literal of ``form`` > 0; of a form over the inputs alone and its opposite one is the negation."""
    if form[-1][0] < inputs and form[0][1] < 0:
        return Literal(tuple([(variable, -coefficient) for variable, coefficient in form]), False)
    return Literal(form, True)


def negated(literal: Literal) -> Literal:
    """Its negation."""
    return Literal(literal.form, not literal.positive)
