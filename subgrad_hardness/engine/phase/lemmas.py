"""The clauses and lemmas of the phase engine, kept from one theory check to the next.

The engine is a solver modulo a theory, CDCL(T).  A theory check (``theory``) explains a contradiction by a theory
lemma: a clause over literals "form > 0", with multipliers that show it to hold.  This module turns explanations into
lemmas and gives their clauses to the CDCL solver.  It also keeps the exact cone and the exact box over the inputs with
all their rows, so that the next check starts from the last basis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from subgrad_hardness.engine.phase.clause_search import ClauseSearch
from subgrad_hardness.engine.phase.linear_bounds import Bound
from subgrad_hardness.linear.box import BoxSystem
from subgrad_hardness.linear.cone import StrictCone
from subgrad_hardness.normal_form.generators import Generator, GeneratorKind
from subgrad_hardness.normal_form.linear_form import Form, Key, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal
from subgrad_hardness.question.coordinates import Coordinates

#: The search for shorter conflicts ends once 8 more of its attempts have failed than succeeded: on nets where all
#: phases are needed it would cost more time than the rest of the theory check.
MOST_FAILURES = 8


class CutRow(NamedTuple):
    """A row of the cone: a literal over the inputs alone, or (with ``bound``) a linear bound of a literal's form."""

    literal: Literal
    bound: Bound | None


class Explanation(NamedTuple):
    """Why one form is at most another one: the ``generators`` that are added to it, and the phases that make these
    nonnegative (True for w_k > 0)."""

    generators: tuple[Generator, ...]
    phases: tuple[tuple[int, bool], ...]


#: What a lemma rests on: explanations, each times a positive multiplier.
Explanations = Iterable[tuple[int, Bound | Explanation]]


class PhaseLemmas:
    """Theory lemmas and their clauses; the cone and the box over the inputs, with their rows.

    Attributes
    ----------
    lemmas : all lemmas so far, in the order in which they were learned.
    search : the CDCL solver, which has their clauses.
    phases : ``phases[k]`` is the literal "w_k > 0" of atom k.
    variables : the solver's variable of each form that the solver has heard of.
    rows : the rows of the cone, by their numbers there.
    stated : the goals whose single terms have been stated (``single_terms``).
    """

    def __init__(self, normal: NormalForm, coordinates: Coordinates, half: Key | None) -> None:
        self.normal = normal
        self.coordinates = coordinates
        self.half = half
        self.lemmas: list[Lemma] = []
        self.search = ClauseSearch()
        self.cone = StrictCone(coordinates.dimension)
        self.rows: list[CutRow] = []
        self.box = BoxSystem(coordinates.dimension)
        self.keys = [tuple(form.items()) for form in normal.atoms]
        self.phases = [oriented(key, normal.inputs) for key in self.keys]
        self.variables: dict[Key, int] = {}
        self.stated: set[Literal] = set()
        self._failures_left = MOST_FAILURES
        self._phase_forms = {literal.form for literal in self.phases}
        self._numbers: dict[Literal, int] = {}
        self._refuted: set[Literal] = set()
        self._vectors: dict[tuple[Key, bool], int] = {}
        if half is not None:
            self.search.add([self.variable(oriented(half, normal.inputs))])

    def linear(self, form: Key) -> bool:
        """Whether the form is over the inputs alone."""
        return form[-1][0] < self.normal.inputs

    def one_layer(self, form: Key) -> bool:
        """Whether all atoms of the form are relus of forms over the inputs alone."""
        inputs = self.normal.inputs
        return all(self.linear(self.keys[variable - inputs]) for variable, _ in form if variable >= inputs)

    def variable(self, literal: Literal) -> int:
        """The solver's literal."""
        number = self.variables.setdefault(literal.form, len(self.variables) + 1)
        return number if literal.positive else -number

    def decided(self, model: set[int]) -> tuple[list[Literal], list[Literal]]:
        """What a model says of the forms that occur in clauses: the literals over the inputs alone, and the phases of
        kinks behind kinks."""
        linear, deep = [], []
        for form, number in self.variables.items():
            if self.linear(form):
                linear.append(Literal(form, number in model))
            elif form in self._phase_forms:
                deep.append(Literal(form, number in model))
        return linear, deep

    def literal_row(self, literal: Literal) -> int:
        """The number in the cone of the strict row that states a literal over the inputs alone."""
        number = self._numbers.get(literal)
        if number is None:
            form = literal.form if literal.positive else opposite(literal.form)
            number = self._numbers[literal] = self._add(form, True)
            self.rows.append(CutRow(literal, None))
        return number

    def cut_row(self, literal: Literal, bound: Bound) -> int:
        """The number in the cone of a cutting plane: a linear bound under phases, stated for a literal.

        If the literal says that its form is positive, ``bound`` is a bound of the form.  An upper bound of a
        positive number is positive: the row is strict.  If it says that its form is not positive, ``bound`` is a
        bound of minus the form, which is not negative: the row is weak.
        """
        self.rows.append(CutRow(literal, bound))
        return self._add(bound.row.items(), literal.positive)

    def _add(self, form: Iterable[tuple[int, int]], strict: bool) -> int:
        support, coefficients = zip(*self.coordinates.restrict(form), strict=True)
        return self.cone.add_sparse(support, coefficients, strict)

    def vector(self, form: Key, row: bool) -> int:
        """The number in the box of a form over the coordinates.

        A form may be both a row of the cone and a hinge.  These have different bounds in the box, so they are two
        vectors there.
        """
        number = self._vectors.get((form, row))
        if number is None:
            entries = dict(form)
            number = self.box.add([entries.get(index, 0) for index in range(self.coordinates.dimension)])
            self._vectors[form, row] = number
        return number

    def learn(
        self,
        literals: Mapping[Literal, int],
        explanations: Explanations,
        refuted: Mapping[Literal, int] | None = None,
    ) -> None:
        """Learn the clause that the ``literals`` and the phases of the ``explanations`` do not all hold.

        Parameters
        ----------
        literals : each with the multiplier of its form (of minus its form, if it is negative).
        explanations : each with the multiplier of its generators.  All these multiples sum to zero.
        refuted : literals that were refuted once and for all (``refute``), with the multipliers of their negations.
            They belong to the lemma, but the solver's clause does without them.
        """
        lemma = self.lemma(literals, explanations, refuted or {})
        self.lemmas.append(lemma)
        self.tell([literal for literal in lemma.clause if literal not in self._refuted])

    def tell(self, clause: Iterable[Literal]) -> None:
        """Give the solver a clause that the lemmas imply."""
        self.search.add(sorted([self.variable(literal) for literal in clause], key=abs))

    def learn_combination(
        self,
        multipliers: Mapping[int, int],
        literals: Mapping[Literal, int] | None = None,
        explanations: Explanations = (),
        refuted: Mapping[Literal, int] | None = None,
    ) -> None:
        """Learn from rows of the cone, each times its multiplier, that sum to zero with everything else.

        ``multipliers`` goes from numbers in the cone to multipliers; the rest is as in ``learn``.  Each row is
        explained by its literal and, if it is a cutting plane, by its bound.
        """
        supposed, rested = dict(literals or {}), list(explanations)
        for number, multiplier in multipliers.items():
            row = self.rows[number]
            supposed[row.literal] = supposed.get(row.literal, 0) + multiplier
            if row.bound is not None:
                rested.append((multiplier, row.bound))
        self.learn(supposed, rested, refuted)

    def refute(self, form: Form, cases: Iterable[Explanation]) -> Literal:
        """Refute "form > 0" by lemmas, one for each case; return this literal.

        In each case the form is at most 0, by the case's explanation, and the phases of one of the cases always hold.
        The solver does not hear of these lemmas, because it would then have to choose phases that no other clause
        mentions.
        """
        literal = Literal(key_of(form), True)
        if literal not in self._refuted:
            self._refuted.add(literal)
            content = math.gcd(*form.values())
            self.lemmas += [self.lemma({literal: content}, [(1, case)], {}) for case in cases]
        return literal

    @property
    def shortening(self) -> bool:
        """Whether it still pays to look for shorter conflicts."""
        return self._failures_left > 0

    def count_shortening(self, worth: bool) -> None:
        """Count one search for a shorter conflict: whether it was worth its time."""
        self._failures_left = min(self._failures_left + 1, MOST_FAILURES) if worth else self._failures_left - 1

    def lemma(
        self, literals: Mapping[Literal, int], explanations: Explanations, refuted: Mapping[Literal, int]
    ) -> Lemma:
        """The lemma that ``learn`` would learn, for the proof; the solver does not hear of it."""
        supposed = dict(literals)
        rested = list(explanations)
        for _, explanation in rested:
            for atom, passes in explanation.phases:
                literal = self.phases[atom]
                supposed.setdefault(literal if passes else negated(literal), 0)
        clause = (*map(negated, supposed), *refuted)
        return Lemma(clause, (*supposed.values(), *refuted.values()), _combined(rested))


def _combined(explanations: list[tuple[int, Bound | Explanation]]) -> tuple[Generator, ...]:
    """The generators of all explanations, each times its multiplier, once for each atom and kind."""
    if len(explanations) == 1 and explanations[0][0] == 1:
        return explanations[0][1].generators
    total: dict[tuple[int, GeneratorKind], int] = {}
    for multiplier, explanation in explanations:
        for atom, kind, entry in explanation.generators:
            total[atom, kind] = total.get((atom, kind), 0) + multiplier * entry
    return tuple([(atom, kind, entry) for (atom, kind), entry in total.items()])


def oriented(form: Key, inputs: int) -> Literal:
    """The literal that says ``form`` > 0.

    A form over the inputs alone and its opposite share one variable: only the one whose first coefficient is positive
    is named, and the literal of the other one is its negation.  This is sound because a nonzero linear form may be
    supposed to be nonzero (SPEC 4).
    """
    if form[-1][0] < inputs and form[0][1] < 0:
        return Literal(opposite(form), False)
    return Literal(form, True)


def negated(literal: Literal) -> Literal:
    """The negation of a literal."""
    return Literal(literal.form, not literal.positive)
