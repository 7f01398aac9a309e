"""A refutation where every relu keeps its phase: each one's sign follows from the constraints, one after another.

Atom by atom, a_k = relu(w_k) is put in its place as w_k or as zero, so that w_k becomes a linear form l_k in the inputs
on the region.  If l_k (or -l_k) is a nonnegative combination of the constraints, mu l_k = sum_j lambda_j c_j, then with
the generators of the atoms before it

    mu w_k = sum_j lambda_j c_j + sum_i (multiples of a_i - w_i where i passes, of a_i where it blocks),

which is a lemma: its clause says that one of the constraints fails, or an earlier atom has another phase, or w_k > 0.
A goal is refuted by the same lemma.  Unit propagation does the rest.  (Forward symbolic bounds are as old as
Wang et al., "Formal security analysis of neural networks using symbolic intervals", 2018; here they are exact, and
no relu may stay undecided.)
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, Infeasible, StrictCone
from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal, Proof
from subgrad_hardness.question.answer import Refutation
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


def fixed_phases(question: Question, session: Session, limits: Limits) -> Refutation | None:
    """The refutation of a question with constraints by the phases that they fix; None where this does not suffice.

    An exact cone question in p variables an atom, and p numbers an argument of an atom.  Raises LimitReached.
    """
    forms = session.goal_forms(question, limits)
    phases = _Phases(forms.normal, forms.constraints)
    if phases.interior is None:
        return None
    for number in range(len(forms.normal.atoms)):
        limits.check()
        phases.settle(number)
    for form in forms.forms:
        if not phases.state(form, positive=False):
            return None
    proof = Proof(forms.normal, lemmas=tuple(phases.lemmas), constraints=forms.constraints)
    return Refutation("where the constraints hold, each kink that matters keeps its phase", proof)


class _Phases:
    """What is known of the atoms where the constraints hold."""

    def __init__(self, normal: NormalForm, constraints: Sequence[Key]) -> None:
        self.normal, self.constraints = normal, constraints
        self.passing: list[bool | None] = []  # of each atom; None: not known
        self.linear: list[Form | None] = []  # of each atom its value as a form in the inputs
        self.lemmas: list[Lemma] = []
        self.cone = StrictCone(normal.inputs)
        self.asked = [self._asked(dict(key)) for key in constraints]
        answer = self.cone.solve(self.asked)
        self.interior = answer.point if isinstance(answer, Feasible) else None

    def settle(self, number: int) -> None:
        """Find and state the phase of the next atom."""
        assert self.interior is not None
        form = self.normal.atoms[number]
        linear = self._linear(form)
        passing: bool | None = None
        if linear is not None:
            value = sum([coefficient * self.interior[variable] for variable, coefficient in linear.items()])
            passing = value > 0
            if not self.state(form, positive=passing, linear=linear):
                passing = None
        self.passing.append(passing)
        self.linear.append(None if passing is None else linear if passing else {})

    def state(self, form: Form, *, positive: bool, linear: Form | None = None) -> bool:
        """State that ``form`` is positive, or that it is not, as far as the constraints imply it.

        Whether they do; a form that is zero on the whole region counts as not positive.
        """
        if linear is None:
            linear = self._linear(form)
        if linear is None or (positive and not linear):
            return False
        factor, rows = 1, dict[Key, int]()
        if linear:
            sign = -1 if positive else 1
            last = self._asked({variable: sign * coefficient for variable, coefficient in linear.items()})
            answer = self.cone.solve([*self.asked, last])
            if not isinstance(answer, Infeasible):
                return False
            factor = 0
            for number, multiplier in zip(answer.forms, answer.multipliers, strict=True):
                if number == last:
                    factor = multiplier
                else:
                    key = self.constraints[self.asked.index(number)]
                    rows[key] = rows.get(key, 0) + multiplier
            if not factor:
                return False
        key = key_of(form)
        content = next(iter(form.values())) // dict(key)[next(iter(form))]
        if rows.keys() & {key, opposite(key)}:  # a constraint says it itself
            return True
        self._add(key, positive, factor * content, rows, form)
        return True

    def _add(self, key: Key, positive: bool, factor: int, rows: Mapping[Key, int], form: Form) -> None:
        """The lemma; ``factor`` goes with the primitive form ``key``."""
        generators = self._generators(dict(key), factor if positive else -factor)
        clause: dict[Literal, int] = {Literal(row, False): multiplier for row, multiplier in rows.items()}
        for atom, kind, _ in generators:
            if kind in (PASSING, BLOCKED):
                clause.setdefault(Literal(key_of(self.normal.atoms[atom]), kind == BLOCKED), 0)
        clause[Literal(key, positive)] = factor
        self.lemmas.append(Lemma(tuple(clause), tuple(clause.values()), tuple(generators)))

    def _generators(self, form: Form, factor: int) -> list[Generator]:
        """``factor`` times the difference of a form and its linear value, as generators of atoms with known phases."""
        inputs = self.normal.inputs
        pending = {variable: factor * coefficient for variable, coefficient in form.items()}
        heap = [-variable for variable in pending if variable >= inputs]
        heapq.heapify(heap)
        found: list[Generator] = []
        while heap:
            variable = -heapq.heappop(heap)
            coefficient = pending.pop(variable, 0)
            if not coefficient:
                continue
            atom = variable - inputs
            if self.passing[atom]:
                argument = self.normal.atoms[atom]
                for other in argument:
                    if other >= inputs and other not in pending:
                        heapq.heappush(heap, -other)
                add(pending, argument, coefficient)
                kind = EXCESS if coefficient > 0 else PASSING
            else:
                kind = VALUE if coefficient > 0 else BLOCKED
            found.append((atom, kind, abs(coefficient)))
        return found

    def _linear(self, form: Form) -> Form | None:
        """The form with each atom's value put in; None if one is not known."""
        inputs = self.normal.inputs
        total: Form = {}
        for variable, coefficient in form.items():
            value = {variable: 1} if variable < inputs else self.linear[variable - inputs]
            if value is None:
                return None
            add(total, value, coefficient)
        return total

    def _asked(self, form: Form) -> int:
        support = tuple(sorted(form))
        return self.cone.add_sparse(support, tuple([form[variable] for variable in support]))
