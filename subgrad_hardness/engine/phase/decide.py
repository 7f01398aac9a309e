"""Decide by phases of kinks, cutting planes and a CDCL solver (SPEC 5.4), for sums of many relus.

Is a form v over inputs and atoms a_k = relu(w_k) positive somewhere?  At a point x with v(x) <= 0 the
form has a linear upper bound r (``linear_bounds``) with r(x) <= 0 too, right wherever some phases are as at x.  A
better point needs r > 0 as long as it keeps these phases: *cuts* in the space of the inputs alone, which
the exact cone answers with a next point, or with multipliers.  Then the phases that took part are a
conflict, a clause for the solver, whose next model says which phases to try (``theory``).  A phase
"w_k > 0" whose form is not linear in the inputs is itself such a form, and is cut in the same way.

Every clause is a lemma with exact multipliers; no step rests on strictness beyond SPEC 4: only forms
in the inputs alone are taken to be nonzero.
"""

from __future__ import annotations

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.engine.phase.lemmas import PhaseLemmas
from subgrad_hardness.engine.phase.theory import Evaluated, TheoryCheck
from subgrad_hardness.normal_form.linear_form import Form, key_of
from subgrad_hardness.proof.steps import Literal, Proof
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.blocks import Block
from subgrad_hardness.question.objectives import merged, normal_objectives
from subgrad_hardness.question.question import Question


def start(question: Question) -> Run:
    """A run that decides all outputs and both signs, one after another, over one set of clauses."""
    return _Run(question).decide


class _Run:
    """One question; a limit leaves the clauses, and the next call goes on with them."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.clauses: PhaseLemmas | None = None
        self.left: list[Block] = []

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached."""
        if self.clauses is None:
            self.aim = normal_objectives(self.question, limits)
            self.left = list(self.aim.split.blocks)
            start = Stream(self.question.seed, "phase").direction(self.question.net.inputs, 9)
            self.current = Evaluated.at(self.aim.normal, start)
            self.clauses = PhaseLemmas(self.aim.normal, self.aim.coordinates, self.aim.half)
        clauses = self.clauses
        while self.left:
            point = self._positive(clauses, self.left[0].form, limits)
            if point is not None:
                return Witness(self.aim.witness(self.question, self.left[0], point))
            del self.left[0]
        why = merged(self.question, self.aim)
        if self.aim.forms:
            why += f", {len(clauses.lemmas)} conflicts with exact multipliers"
        return Refutation(why, Proof(clauses.normal, (), (*self.aim.split.lemmas, *clauses.lemmas), clauses.half))

    def _positive(self, clauses: PhaseLemmas, form: Form, limits: Limits) -> tuple[int, ...] | None:
        """A direction on which ``form`` is positive, or None: then the lemmas show it."""
        goal = Literal(key_of(form), True)
        while True:
            model = clauses.solver.solve(limits, [clauses.variable(goal)])
            if model is None:
                return None
            check = TheoryCheck(clauses, goal, set(model), self.current)
            found = check.run(limits)
            self.current = check.current
            if found:
                return self.current.point
