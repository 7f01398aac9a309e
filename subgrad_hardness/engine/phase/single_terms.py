"""Lemmas that are stated beforehand: what each negative term of a form says by itself.

Let v = P - sum_j d_j a_j with d_j > 0, a_j = relu(w_j), be a form whose part P is short.  All a_j are nonnegative, so
v > 0 implies v_J > 0 for every set J of the terms, v_J = P - sum_{j in J} d_j a_j.  A single term leaves
P - d_j a_j <= P - d_j w_j, and where each atom of the right side is replaced as its phase says, it may *cancel* as a
whole.  Then not all of these phases hold where v > 0: a clause.  For the net of a CNF formula with three hidden layers,

    relu(t) - sum_j relu(relu(t) - sum over the literals l of clause j of relu(l)),

these clauses are the formula, clause by clause: without its literals clause j leaves relu(t) - relu(t).  The theory
check would find the same clauses, a few at a time, at points that violate them.

The lemma of one term would name all others, m^2 numbers for m terms.  So the terms are halved again and again:
v_J > 0 implies v_K > 0 for either half K of J.  All lemmas together are about m log m numbers long, and only the proof
hears of them, as the clauses of single terms are enough for the solver.
"""

from __future__ import annotations

import heapq
import math
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.phase.lemmas import Explanation, PhaseLemmas, negated
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal

#: P has at most 8 atoms, and no more than 16 are replaced for one term: longer sums seldom cancel.
_MOST_ADDED, _MOST_REPLACED = 8, 16
#: Fewer terms than 8 are left to the theory check, which finds what they say at a point or two.
_FEWEST = 8


class Term(NamedTuple):
    """A term -d_j a_j: its variable, -d_j, and why v_j > 0 contradicts some phases."""

    variable: int
    coefficient: int
    why: Explanation


def state_single_terms(store: PhaseLemmas, goal: Literal, limits: Limits) -> None:
    """State what the single terms of the goal say, or of w where the goal is a kink a = relu(w) itself.

    Linear in the goal and in the forms of its terms, times the logarithm of its length.  Raises LimitReached.
    """
    if goal in store.stated:
        return
    inputs, literal = store.normal.inputs, goal
    while len(literal.form) == 1 and literal.form[0][0] >= inputs and literal.form[0][1] > 0:
        atom = literal.form[0][0] - inputs
        store.learn({literal: 1}, [(1, Explanation(((atom, BLOCKED, 1),), ((atom, False),)))])
        literal = store.phases[atom]
    if not store.linear(literal.form) and not store.one_layer(literal.form):
        _state_terms(store, literal, limits)
    store.stated.add(goal)


def _state_terms(store: PhaseLemmas, literal: Literal, limits: Limits) -> None:
    """What the single terms of a form say.  Raises LimitReached, and then nothing is stated."""
    inputs = store.normal.inputs
    rest = {v: c for v, c in literal.form if v < inputs or c > 0}
    if not rest or sum(variable >= inputs for variable in rest) > _MOST_ADDED:
        return
    terms = []
    for variable, coefficient in literal.form:
        if variable not in rest:
            limits.check()
            why = _cancelled(store.normal, rest, variable, coefficient)
            if why is not None:
                terms.append(Term(variable, coefficient, why))
    if len(terms) >= _FEWEST:
        _state(store, literal, rest, terms)


def _cancelled(normal: NormalForm, rest: Form, variable: int, coefficient: int) -> Explanation | None:
    """Phases under which ``rest`` and the term are at most zero because they cancel; None where none are found.

    The term is replaced by ``coefficient`` times w.  Of every other atom the phase (of a negative one: the bound) is
    taken that leaves the shorter row.
    """
    inputs = normal.inputs
    row = dict(rest)
    add(row, normal.atoms[variable - inputs], coefficient)
    generators: list[Generator] = [(variable - inputs, EXCESS, -coefficient)]
    phases: list[tuple[int, bool]] = []
    heap = [-other for other in row if other >= inputs]
    heapq.heapify(heap)
    while heap:
        other = -heapq.heappop(heap)
        entry = row.pop(other, 0)
        if not entry:
            continue
        if len(generators) > _MOST_REPLACED:
            return None
        atom, passed = other - inputs, dict(row)
        add(passed, normal.atoms[atom], entry)
        passes = len(passed) < len(row)
        if entry > 0:
            phases.append((atom, passes))
            generators.append((atom, PASSING if passes else BLOCKED, entry))
        else:
            generators.append((atom, EXCESS if passes else VALUE, -entry))
        if passes:
            row = passed
            for behind in normal.atoms[atom]:
                if behind >= inputs:
                    heapq.heappush(heap, -behind)
    return None if row else Explanation(tuple(generators), tuple(phases))


def _state(store: PhaseLemmas, whole: Literal, rest: Form, terms: list[Term]) -> None:
    """The lemmas from the whole form to single terms by halves, those of the terms, and the clauses."""
    for phase in sorted({store.phases[atom] for term in terms for atom, _ in term.why.phases}):
        store.variable(phase)  # the solver takes variables in their order, here that of their forms
    inputs, kept = store.normal.inputs, {term.variable for term in terms}
    unsaid = [(variable, entry) for variable, entry in whole.form if variable not in rest and variable not in kept]
    stack = [(whole, 1, terms, unsaid)]
    while stack:
        literal, content, inside, dropped = stack.pop()
        if dropped:
            form = rest | {term.variable: term.coefficient for term in inside}
            part, scale = Literal(key_of(form), True), math.gcd(*form.values())
            generators = tuple([(variable - inputs, VALUE, -entry) for variable, entry in dropped])
            store.lemmas.append(Lemma((negated(literal), part), (content, scale), generators))
            literal, content = part, scale
        if len(inside) == 1:
            lemma = store.lemma({literal: content}, [(1, inside[0].why)], {})
            store.lemmas.append(lemma)
            store.tell((negated(whole), *lemma.clause[1:]))
            continue
        half = len(inside) // 2
        for chosen, left in ((inside[half:], inside[:half]), (inside[:half], inside[half:])):
            stack.append((literal, content, chosen, [(term.variable, term.coefficient) for term in left]))
