"""Decide by phases of kinks, cutting planes and a CDCL solver (SPEC 5.4), for sums of many relus.

Is a form v over inputs and atoms a_k = relu(w_k) positive somewhere?  At a point x with v(x) <= 0 the
form has a linear upper bound r (``linear_bounds``) with r(x) <= 0 too, right wherever some phases are as at x.  A
better point needs r > 0 as long as it keeps these phases: *cuts* in the space of the inputs alone, which
the exact cone answers with a next point, or with multipliers.  Then the phases that took part are a
conflict, a clause for the solver, whose next model says which phases to try (``theory``).  A phase
"w_k > 0" whose form is not linear in the inputs is itself such a form, and is cut in the same way.

The clauses speak of the net alone: a session keeps them from one question to the next, and a question's constraints
are assumptions.  Every clause is a lemma with exact multipliers; no step rests on strictness beyond SPEC 4: only forms
in the inputs alone are taken to be nonzero.
"""

from __future__ import annotations

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.contract import MoreTime, Run
from subgrad_hardness.engine.phase.lemmas import PhaseLemmas, oriented
from subgrad_hardness.engine.phase.single_terms import state_single_terms
from subgrad_hardness.engine.phase.theory import Evaluated, TheoryCheck
from subgrad_hardness.normal_form.linear_form import Form, Key, key_of
from subgrad_hardness.proof.steps import Literal, Proof
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.blocks import Block
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


def start(question: Question, session: Session) -> Run:
    """A run that decides the goals one after another, over one set of clauses."""
    return _Run(question, session).decide


class _Run:
    """One question; a limit leaves the clauses, and the next call goes on with them."""

    def __init__(self, question: Question, session: Session) -> None:
        self.question = question
        self.session = session
        self.left: list[Block] | None = None
        self.current: Evaluated | None = None

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached."""
        goals = self.session.goal_forms(self.question, limits)
        clauses = _clauses(self.session, goals)
        if self.left is None:
            self.left = list(goals.split.blocks)
        inside = [clauses.variable(oriented(form, goals.normal.inputs)) for form in goals.constraints]
        while self.left:
            point = self._positive(clauses, self.left[0].form, inside, limits)
            if point is not None:
                return Witness(goals.witness(self.question, self.left[0], point), {"lemmas": len(clauses.lemmas)})
            del self.left[0]
        why = goals.merged(len(self.question.net.kinks))
        if goals.forms:
            why += f", {len(clauses.lemmas)} conflicts with exact multipliers"
        lemmas = (*goals.split.lemmas, *clauses.lemmas)
        proof = Proof(clauses.normal, (), lemmas, goals.half, goals.constraints)
        return Refutation(why, proof, {"lemmas": len(clauses.lemmas)})

    def _positive(self, clauses: PhaseLemmas, form: Form, inside: list[int], limits: Limits) -> tuple[int, ...] | None:
        """A direction on which ``form`` is positive, or None: then the lemmas show it."""
        if self.current is None:
            start = Stream(self.question.seed, "phase").direction(self.question.net.inputs, 9)
            self.current = Evaluated.at(clauses.normal, start)
        goal = Literal(key_of(form), True)
        state_single_terms(clauses, goal, limits)
        while True:
            model = _model(clauses, [clauses.variable(goal), *inside], limits)
            if model is None:
                return None
            check = TheoryCheck(clauses, goal, set(model), self.current)
            found = check.run(limits)
            self.current = check.current
            if found:
                return self.current.point


def _model(clauses: PhaseLemmas, supposed: list[int], limits: Limits) -> list[int] | None:
    """A model of the clauses.  Raises MoreTime where a limit stops a long search of the solver."""
    try:
        return clauses.search.model(supposed, limits)
    except LimitReached as reached:
        if clauses.search.long:
            raise MoreTime(str(reached)) from None
        raise


def _clauses(session: Session, goals: GoalForms) -> PhaseLemmas:
    """The clauses of this net, for these coordinates and the half of the space that is looked at."""
    kept = session.of_net("phase", dict[tuple[Coordinates, Key | None], PhaseLemmas])
    key = (goals.coordinates, goals.half)
    if key not in kept:
        kept[key] = PhaseLemmas(goals.normal, goals.coordinates, goals.half)
    return kept[key]
