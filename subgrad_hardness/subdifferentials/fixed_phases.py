"""Goals under constraints that leave every kink one phase: each phase, then each goal, is an exact cone question.

In a region within one activation pattern the net is linear.  Atoms are taken in order: with the phases of those before
it the next one is linear in the inputs, and multipliers over the constraints show its sign.  What is left of the goals
is linear too.  Everything becomes lemmas of a proof that is one chain of unit propagation.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, Infeasible, StrictCone
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal, Proof
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


def by_fixed_phases(question: Question, session: Session, limits: Limits) -> Witness | Refutation | None:
    """The answer where the constraints, which leave an open cone, fix all phases; None where they do not.

    A cone question an atom and a goal, over the constraints alone.  Raises LimitReached.
    """
    if not question.constraints:
        return None
    forms = session.goal_forms(question, limits)
    cone = StrictCone(forms.normal.inputs)
    asked = [cone.add(_dense(dict(key), forms.normal.inputs)) for key in forms.constraints]
    inside = cone.solve(asked, limits)
    if not isinstance(inside, Feasible):
        return None
    found = _Phases(forms.normal, forms.constraints, cone, asked)
    for atom in range(len(forms.normal.atoms)):
        if not found.settle(atom, inside.point, limits):
            return None
    for goal in forms.forms:
        answer = cone.solve([*asked, cone.add(found.linear(goal))], limits)
        if isinstance(answer, Feasible):
            return Witness(answer.point) if question.holds(answer.point) else None
        found.refute(goal, answer)
    proof = Proof(forms.normal, (), tuple(found.lemmas), constraints=forms.constraints)
    return Refutation("the constraints leave every kink one phase", proof)


def _dense(form: Form, size: int) -> tuple[int, ...]:
    return tuple([form.get(index, 0) for index in range(size)])


class _Phases:
    """The phases of the atoms so far, and the lemmas that show them."""

    def __init__(self, normal: NormalForm, constraints: Sequence[Key], cone: StrictCone, asked: Sequence[int]) -> None:
        self.normal, self.constraints, self.cone = normal, constraints, cone
        self.places = {number: place for place, number in enumerate(asked)}
        self.asked = list(asked)
        self.passes: list[bool] = []
        self.values: list[tuple[int, ...]] = []  # of the atoms, linear in the inputs
        self.lemmas: list[Lemma] = []

    def linear(self, form: Form) -> tuple[int, ...]:
        """A form over inputs and settled atoms as one over the inputs."""
        size = self.normal.inputs
        total = list(_dense(form, size))
        for variable, coefficient in form.items():
            if variable >= size and self.passes[variable - size]:
                value = self.values[variable - size]
                total = [entry + coefficient * other for entry, other in zip(total, value, strict=True)]
        return tuple(total)

    def settle(self, atom: int, point: Sequence[int], limits: Limits) -> bool:
        """Show that an atom's form has one sign; False: it has both, or vanishes somewhere on the way."""
        form = self.normal.atoms[atom]
        row = self.linear(form)
        passes = sum(map(mul, row, point)) > 0
        against = tuple([-entry for entry in row]) if passes else row
        # Where it passes, w <= 0 has to be excluded, otherwise w > 0.
        answer = self.cone.solve([*self.asked, self.cone.add(against, strict=not passes)], limits)
        if isinstance(answer, Feasible):
            return False
        self.passes.append(passes)
        self.values.append(row if passes else (0,) * len(row))
        claimed = self._literal(form, passes)
        if claimed not in [Literal(key, True) for key in self.constraints]:
            self._lemma(form, passes, answer)
        return True

    def refute(self, goal: Form, answer: Infeasible) -> None:
        """The lemma that a goal is not positive."""
        self._lemma(goal, False, answer)

    def _literal(self, form: Form, positive: bool) -> Literal:
        """ "form > 0", or its negation."""
        key = key_of(form)
        if key[-1][0] < self.normal.inputs and key[0][1] < 0:
            return Literal(opposite(key), not positive)
        return Literal(key, positive)

    def _lemma(self, form: Form, positive: bool, answer: Infeasible) -> None:
        """The constraints and the settled phases imply "form > 0" (or its negation): the sum of the rows vanishes."""
        clause, multipliers, total = [self._literal(form, positive)], [1], Form()
        times = dict(zip(answer.forms, answer.multipliers, strict=True))
        own = max(times)  # the form that was asked with the constraints was added last
        if own in self.places:
            raise AssertionError("the constraints leave an open cone")
        scale = times[own]
        key = key_of(form)
        multipliers[0] = scale * (next(iter(form.values())) // dict(key)[next(iter(form))])
        add(total, form, -scale if positive else scale)
        for number, multiplier in times.items():
            if number != own:
                constraint = self.constraints[self.places[number]]
                clause.append(self._literal(dict(constraint), False))
                multipliers.append(multiplier)
                add(total, dict(constraint), multiplier)
        generators: list[Generator] = []
        size = self.normal.inputs
        while total and (last := max(total)) >= size:
            atom, coefficient = last - size, total[last]
            bent = self.normal.atoms[atom]
            passes = self.passes[atom]
            if passes:
                generators.append((atom, PASSING if coefficient > 0 else EXCESS, abs(coefficient)))
                add(total, bent, coefficient)
            else:
                generators.append((atom, BLOCKED if coefficient > 0 else VALUE, abs(coefficient)))
            add(total, {last: 1}, -coefficient)
            if coefficient > 0:
                supposed = self._literal(bent, not passes)
                if supposed not in clause:
                    clause.append(supposed)
                    multipliers.append(0)
        if total:
            raise AssertionError("the rows do not sum to zero")
        self.lemmas.append(Lemma(tuple(clause), tuple(multipliers), tuple(generators)))
