"""Goals under constraints that leave most kinks one phase: each phase, then each goal, is an exact cone question.

In a region within one activation pattern the net is linear.  Atoms are taken in order: with the phases of those before
it the next one is linear in the inputs, and multipliers over the constraints show its sign.  What is left of the goals
is linear too.  Everything becomes lemmas of a proof that is one chain of unit propagation.

An atom a = relu(z) that has both signs, or whose sign is not shown, stays *open*: a variable of which a >= 0 and a >= z
are all that is used.  What these imply, with the constraints, holds for the atom's true value, so that signs shown
behind it are right, and goals that are refuted are; a point that satisfies a goal there may be none, and is replayed.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.linear.cone import Feasible, Infeasible, StrictCone
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal, Proof
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

# More open atoms than this, or more seconds once one is open, are for the engines, which look at both phases.
_MOST_OPEN, _SECONDS = 64, 1.0


def by_fixed_phases(question: Question, session: Session, limits: Limits) -> Witness | Refutation | None:
    """The answer where the constraints, which leave an open cone, fix enough phases; None where they do not.

    A cone question an atom and a goal, over the constraints and the open atoms.  Raises LimitReached.
    """
    if not question.constraints:
        return None
    forms = session.goal_forms(question, limits)
    size = forms.normal.inputs
    found = _Phases(forms.normal, forms.constraints)
    inside = found.cone.solve(found.asked, limits)
    if not isinstance(inside, Feasible):
        return None
    point, within = inside.point[:size], limits
    try:
        for atom in range(len(forms.normal.atoms)):
            if not found.settle(atom, point, within):
                if len(found.open) == 1:
                    within = limits.within(_SECONDS)
                elif len(found.open) > _MOST_OPEN:
                    return None
        for goal in forms.forms:
            answer = found.ask(found.linear(goal), within)
            if isinstance(answer, Feasible):
                direction = answer.point[:size]
                return Witness(direction) if any(direction) and question.holds(direction) else None
            found.refute(goal, answer)
    except LimitReached:
        limits.check()
        return None
    proof = Proof(forms.normal, (), tuple(found.lemmas), constraints=forms.constraints)
    which = "every kink" if not found.open else f"all but {count(len(found.open), 'kink')}"
    return Refutation(f"the constraints leave {which} one phase", proof)


class _Phases:
    """The phases of the atoms so far, and the lemmas that show them.

    The cone's variables are the inputs and all atoms, of which open ones alone occur.
    """

    def __init__(self, normal: NormalForm, constraints: Sequence[Key]) -> None:
        self.normal, self.constraints = normal, constraints
        self.cone = StrictCone(normal.inputs + len(normal.atoms))
        self.asked = [self._add(dict(key), strict=True) for key in constraints]
        self.places = {number: place for place, number in enumerate(self.asked)}
        self.open: dict[int, tuple[int, int]] = {}  # of open atoms, the numbers of a >= 0 and of a - z >= 0
        self.levels: dict[int, int] = {}  # of open atoms, their values at the point inside
        self.passes: list[bool | None] = []
        self.values: list[Form] = []  # of the atoms, over the inputs and open atoms
        self.lemmas: list[Lemma] = []

    def _add(self, form: Form, *, strict: bool) -> int:
        places = tuple(sorted(form))
        return self.cone.add_sparse(places, tuple([form[place] for place in places]), strict)

    def linear(self, form: Form) -> Form:
        """A form over inputs and atoms as one over the inputs and open atoms."""
        size, total = self.normal.inputs, Form()
        for variable, coefficient in form.items():
            if variable < size:
                add(total, {variable: coefficient}, 1)
            elif self.passes[variable - size] is not False:
                add(total, self.values[variable - size], coefficient)
        return total

    def ask(self, form: Form, limits: Limits, *, strict: bool = True) -> Feasible | Infeasible:
        """Can the form be positive (nonnegative) as well?"""
        return self.cone.solve([*self.asked, self._add(form, strict=strict)], limits)

    def settle(self, atom: int, point: Sequence[int], limits: Limits) -> bool:
        """Show that an atom's form has one sign; else leave the atom open."""
        size = self.normal.inputs
        form = self.normal.atoms[atom]
        row = self.linear(form)
        level = sum([entry * (point[k] if k < size else self.levels[k - size]) for k, entry in row.items()])
        passes = level > 0
        # Where it passes, w <= 0 has to be excluded, otherwise w > 0.
        against = {variable: -entry for variable, entry in row.items()} if passes else row
        answer = self.ask(against, limits, strict=not passes)
        if isinstance(answer, Feasible):
            variable, self.levels[atom] = size + atom, max(0, level)
            excess = {variable: 1} | {place: -entry for place, entry in row.items()}
            self.open[atom] = self._add({variable: 1}, strict=False), self._add(excess, strict=False)
            self.asked += self.open[atom]
            self.passes.append(None)
            self.values.append({variable: 1})
            return False
        self.passes.append(passes)
        self.values.append(row if passes else {})
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
            if number in self.places:
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
            if passes is None:
                value, excess = [times.get(number, 0) for number in self.open[atom]]
                if coefficient + value + excess:
                    raise AssertionError("an open atom does not cancel")
                generators += [(atom, kind, by) for kind, by in ((VALUE, value), (EXCESS, excess)) if by]
                if excess:
                    add(total, bent, -excess)
                add(total, {last: 1}, -coefficient)
                continue
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
