"""What a process does with a cube: decide it within its time, or say how to split it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import LimitReached, Limits, lacks_memory
from subgrad_hardness.cubes.cube import Fallen, Found, Report, Standing, Task, within
from subgrad_hardness.cubes.splitting import split_in_time
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.engine.registry import ENGINES, Decision, undecided
from subgrad_hardness.normal_form.linear_form import Key, key_of
from subgrad_hardness.proof.lrat import NoProof
from subgrad_hardness.proof.steps import Case, Proof
from subgrad_hardness.proof.writer import case_argument
from subgrad_hardness.question.answer import Refutation, Undecided, Witness
from subgrad_hardness.question.goal_forms import GoalForms, goal_forms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

#: In seconds: the choice of a split takes at most this long.  A proof may take so long, or so many times the cube's
#: budget.
_SPLIT_SECONDS, _PROOF_SECONDS, _PROOF_SHARE = 10.0, 60.0, 10.0
#: No engine is asked again for less than this part of the budget.
_LEAST_SHARE = 0.05


class CubeWork:
    """Decides cubes of one question; what its engines learn about the net in one cube, they keep for the next.

    Parameters
    ----------
    question : whose constraints leave an open cone.
    engines : exact ones that accept constraints, the likeliest first.
    proofs : whether refutations are to carry a proof.

    Notes
    -----
    Sent to each process once.  A session belongs to one task at a time, in case several threads share this object.
    """

    def __init__(self, question: Question, engines: tuple[str, ...], proofs: bool) -> None:
        self.question, self.engines, self.proofs = question, engines, proofs
        self._sessions: list[Session] = []

    def __reduce__(self) -> tuple[type[CubeWork], tuple[Question, tuple[str, ...], bool]]:
        return CubeWork, (self.question, self.engines, self.proofs)

    def __call__(self, task: Task, /) -> Report:
        """The report; an error of an engine is raised."""
        try:
            session = self._sessions.pop()
        except IndexError:
            session = Session(self.question.net)
        try:
            report = self.report(task, session)
        except Exception as problem:
            if not lacks_memory(problem):
                raise
            del session  # and with it what fills the memory
            return Report(task.name, Standing("out of memory", self._split(task, Session(self.question.net)), False))
        self._sessions.append(session)
        return report

    def report(self, task: Task, session: Session) -> Report:
        """The report, over what ``session`` keeps."""
        start = time.thread_time()
        question = within(self.question, task.supposed)
        decision, limited = _decided(question, self.engines, session, task.seconds)
        decided = time.thread_time()
        answer = decision.answer
        outcome: Found | Fallen | Standing
        if isinstance(answer, Witness):
            outcome = Found(answer.direction, decision.by)
        elif isinstance(answer, Refutation):
            outcome = self._fallen(task, answer.proof, decision.by, session)
        else:
            outcome = Standing(answer.why, self._split(task, session), limited)
        return Report(task.name, outcome, decided - start, time.thread_time() - decided, os.getpid())

    def _fallen(self, task: Task, proof: Proof | None, by: str, session: Session) -> Fallen:
        case: Case | None = None
        if self.proofs and proof is not None:
            limits = Limits.seconds(max(_PROOF_SECONDS, _PROOF_SHARE * task.seconds))
            try:
                goals = self._goals(session, limits)
                supposed = (*goals.constraints, *task.supposed)
                case = case_argument([key_of(form) for form in goals.forms], supposed, proof, limits)
            except (LimitReached, CertificateError, NoProof):
                case = None  # the verdict stands without it
            except Exception as problem:
                if not lacks_memory(problem):
                    raise
                case = None
        rests_on = task.supposed if case is None else tuple([form for form in task.supposed if form in case.supposed])
        return Fallen(rests_on, case, by)

    def _split(self, task: Task, session: Session) -> Key | None:
        limits = Limits.seconds(_SPLIT_SECONDS)
        try:
            goals = self._goals(session, limits)
        except LimitReached:
            return None
        return split_in_time(goals, task.supposed, session, self.engines, limits)

    def _goals(self, session: Session, limits: Limits) -> GoalForms:
        """The whole question's goals, which no cube changes.  Raises LimitReached."""
        normal = session.normal(limits)
        return session.of_net("goals of all cubes", lambda: goal_forms(self.question, normal))


def _decided(question: Question, engines: Sequence[str], session: Session, seconds: float) -> tuple[Decision, bool]:
    """What the engines say, one after the other, each with the time that is left; whether more time would help.

    One that outgrew its room makes room for the next.  The time is the processor's, so that a busy machine makes no
    difference to which cubes fall; engines look at the clock on the wall, and are asked again while there is time.
    """
    said: dict[str, Undecided] = {}
    runs: dict[str, Run] = {}
    left = list(engines)
    end = time.thread_time() + seconds
    while left:
        for name in list(left):
            run = runs.setdefault(name, ENGINES[name].start(question, session))
            answer = run(Limits.seconds(max(0.0, end - time.thread_time())))
            if not isinstance(answer, Undecided):
                return Decision(answer, name), False
            said[name] = answer
            if not answer.limited:
                left.remove(name)
        if end - time.thread_time() < _LEAST_SHARE * seconds:
            break
    return undecided(said), bool(left)
