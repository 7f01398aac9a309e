"""Decide one question in many processes, cube by cube (docs/cubes.md).

A cube that does not fall within its budget is split in two, by look-ahead (``splitting``); budgets grow with the depth,
so that whatever some engine can decide is decided in the end.  One witness ends everything.  What has fallen and how
cubes were split is kept in a file, if one is given, before anything rests on it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.cubes.cube import Fallen, Found, Lost, Report, Standing, Task, lost
from subgrad_hardness.cubes.splitting import split_in_time
from subgrad_hardness.cubes.tree import Node, Tree
from subgrad_hardness.cubes.work import CubeWork
from subgrad_hardness.engine.contract import extended
from subgrad_hardness.engine.portfolio import decide, exact_engines
from subgrad_hardness.engine.registry import ENGINES, Decision
from subgrad_hardness.normal_form.linear_form import key_of
from subgrad_hardness.processes.choice import workers_for
from subgrad_hardness.processes.here import Here
from subgrad_hardness.processes.workers import Workers, WorkersLost
from subgrad_hardness.proof.steps import Cases, Proof
from subgrad_hardness.question.answer import Refutation, Undecided, Witness
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.restriction import restricted
from subgrad_hardness.question.session import Session

if TYPE_CHECKING:
    from subgrad_hardness.cubes.journal import Journal

#: What a decision by cubes says that it is by.
CUBES = "cubes"

#: A cube gets to see so many processes die at it before it is given up: at first it is tried again, then split.
MOST_DEATHS = 3
#: No more cubes than this are made at once: with more processes than that, the first cubes are split as they stand.
MOST_AT_ONCE = 4096
#: So many cubes, one in the other, may be given up by all engines, for want of memory, say, before the question is.
MOST_GIVEN_UP = 6
# Budgets grow by at most so many factors: no time is longer.
_MOST_GROWTH = 100


class Plan(NamedTuple):
    """How a question is split.

    Attributes
    ----------
    jobs : processes on this machine.
    dask : the address of a Dask cluster that decides cubes instead; ``local:N``: one of N processes here.
    resume : a file that keeps what was decided; None: nothing is kept.
    proofs : whether the cubes' proofs are wanted.
    first : seconds for the whole question, before it is split.
    seconds : a cube's budget.
    growth : the factor by which the budget grows from a cube to its halves, once there are enough for all processes.
    each : at first so many cubes are made for each process.
    """

    jobs: int = 1
    dask: str | None = None
    resume: str | os.PathLike[str] | None = None
    proofs: bool = True
    first: float = 2.0
    seconds: float = 8.0
    growth: float = 1.25
    each: int = 4


def conquer(
    question: Question,
    solver: str,
    limits: Limits,
    announce: Callable[[str], None],
    plan: Plan,
    *,
    session: Session | None = None,
) -> Decision:
    """Decide ``question`` cube by cube, if it does not fall as a whole in a moment.

    The answer is the one that ``portfolio.decide`` would give with enough time.  Engines that are not exact decide no
    cubes: what they say of the whole question is then all.

    Raises
    ------
    ParameterError
        A file to resume from that is another question's; no such cluster.
    OutputError
        That file cannot be written, or another process has it.
    """
    session = session or Session(question.net)
    if question.constraints:
        restriction = restricted(question, limits)
        if restriction is None:
            return Decision(Refutation("only the direction 0 satisfies the constraints"), CUBES)
        if restriction.basis is not None:
            inner = conquer(restriction.question, solver, limits, announce, plan)
            return inner._replace(answer=extended(restriction, inner.answer))
        question = restriction.question
    whole = limits.within(plan.first)
    if not question.net.kinks or (solver != "auto" and not ENGINES[solver].exact):
        whole = limits  # there is nothing to split, or nobody to decide a part
    decision = decide(question, solver, whole, announce, session=session)
    if not isinstance(decision.answer, Undecided) or whole is limits:
        return decision
    try:
        goals = session.goal_forms(question, limits)
    except LimitReached:
        return decision
    engines = exact_engines(question, solver, session, limits, proofs=plan.proofs)
    if not engines or not goals.forms:  # such a question falls at once, with enough time
        return decide(question, solver, limits, announce, session=session)
    return _Conquest(question, engines, goals, session, plan).decide(limits, announce)


class _Conquest:
    """One question, its tree and its processes."""

    def __init__(
        self, question: Question, engines: tuple[str, ...], goals: GoalForms, session: Session, plan: Plan
    ) -> None:
        self.question, self.engines, self.goals, self.session, self.plan = question, engines, goals, session, plan
        self.tree = Tree(() if goals.half is None else (goals.half,))
        self.running: dict[str, Node] = {}
        self.left: list[Node] = []  # open cubes, the next one last
        self.enough = 0  # the depth at which there were cubes for all processes
        self.by: dict[str, int] = {}
        self.journal: Journal | None = None

    def decide(self, limits: Limits, announce: Callable[[str], None]) -> Decision:
        plan = self.plan
        try:
            with ExitStack() as stack:
                if plan.resume is not None:
                    self.journal = stack.enter_context(self._opened(plan.resume))
                    if self.journal.found is not None and self.question.holds(self.journal.found):
                        return Decision(Witness(self.journal.found, self._effort()), CUBES)
                self.left = list(self.tree.open())[::-1]
                workers = stack.enter_context(self._workers())
                self._spread(plan.each * workers.processes, limits)
                while not self.tree.root.fallen:
                    self._assign(workers, limits)
                    announce(self._said())
                    report = workers.next(limits)
                    node = self.running.pop(report.name)
                    answer = self._taken(node, report)
                    if answer is not None:
                        return Decision(answer, CUBES)
        except LimitReached as reached:
            return Decision(Undecided(f"{reached}: {self._said()}", limited=True, effort=self._effort()), CUBES)
        except WorkersLost as problem:
            return Decision(Undecided(f"{problem}: {self._said()}", effort=self._effort()), CUBES)
        return Decision(Refutation(self._why(), self._proof(), self._effort()), CUBES)

    def _opened(self, path: str | os.PathLike[str]) -> Journal:
        try:
            from subgrad_hardness.cubes.journal import Journal
        except ImportError:
            raise ParameterError("needs file locks, and this system has none", place="resume") from None
        return Journal(path, self.goals, self.plan.proofs, self.tree)

    def _workers(self) -> Workers[Task, Report]:
        work = CubeWork(self.question, self.engines, self.plan.proofs)
        if self.plan.jobs == 1 and self.plan.dask is None:
            return Here(work)
        return workers_for(work, lost, self.plan.jobs, self.plan.dask)

    def _spread(self, wanted: int, limits: Limits) -> None:
        """Split here, widest first, until there are cubes for all processes."""
        wanted = min(wanted, MOST_AT_ONCE)
        while 0 < len(self.left) < wanted:
            self.left.sort(key=lambda node: -node.depth)
            node = self.left[-1]
            form = split_in_time(self.goals, node.supposed, self.session, self.engines, limits)
            if form is None:
                break
            self.left.pop()
            self._split(node, Report(node.name, Standing("", form)))
        self.enough = max([self.enough, *(node.depth for node in self.left)])

    def _assign(self, workers: Workers[Task, Report], limits: Limits) -> None:
        """A cube for each process that has none.  A cluster has them once it has a task, and may grow."""
        while self.left and (idle := workers.processes - len(self.running)) > 0:
            self._spread(idle, limits)
            node = self.left.pop()
            if node.fallen:
                continue
            grown = max(0, node.depth - self.enough)
            factors = min(grown + 6 * node.tries, _MOST_GROWTH)
            seconds = min(self.plan.seconds * self.plan.growth**factors, limits.remaining)
            if node.deaths == MOST_DEATHS - 1:  # smaller cubes need less memory
                seconds = 0.0
            self.running[node.name] = node
            workers.submit(Task(node.name, node.supposed, seconds))

    def _taken(self, node: Node, report: Report) -> Witness | Undecided | None:
        """What a report changes; an answer, if it ends everything."""
        outcome = report.outcome
        if node.fallen and not isinstance(outcome, Found):  # meanwhile, with a cube around it
            return None
        if isinstance(outcome, Lost):
            node.deaths += 1
            if node.deaths == MOST_DEATHS:
                return Undecided(f"cube {node.name or 'whole'}: {outcome.end}", effort=self._effort())
            self.left.append(node)
        elif isinstance(outcome, Found):
            if not self.question.holds(outcome.direction):  # the caller refuses it, with the evidence
                return Witness(outcome.direction, self._effort())
            if self.journal is not None:
                self.journal.keep(node, report)
            return Witness(outcome.direction, self._effort())
        elif isinstance(outcome, Fallen):
            if self.journal is not None:
                self.journal.keep(node, report)
            self.by[outcome.by] = self.by.get(outcome.by, 0) + 1
            self.tree.fall(node, frozenset(outcome.rests_on), outcome.case)
        else:
            return self._stood(node, report, outcome)
        return None

    def _stood(self, node: Node, report: Report, outcome: Standing) -> Undecided | None:
        """Split a cube, or try it again with more time."""
        if outcome.limited:
            node.given_up = 0
        else:
            node.given_up += 1
            if node.given_up == MOST_GIVEN_UP or outcome.split is None:
                return Undecided(f"cube {node.name or 'whole'}: {outcome.why}", effort=self._effort())
        if outcome.split is not None:
            self._split(node, report)
        else:
            node.tries += 1
            self.left.append(node)
        return None

    def _split(self, node: Node, report: Report) -> None:
        assert isinstance(report.outcome, Standing) and report.outcome.split is not None
        if self.journal is not None:
            self.journal.keep(node, report)
        self.left += self.tree.split(node, report.outcome.split)[::-1]

    def _effort(self) -> dict[str, int]:
        return {"cubes": self.tree.fallen, "splits": self.tree.splits}

    def _said(self) -> str:
        waiting = sum(not node.fallen for node in self.left)
        return f"{count(self.tree.fallen, 'cube')} fallen, {len(self.running)} under way, {waiting} waiting"

    def _why(self) -> str:
        earlier = 0 if self.journal is None else self.journal.earlier
        parts = [f"{number} by {name}" for name, number in sorted(self.by.items())]
        if earlier:
            parts.append(f"{earlier} of them earlier")
        return f"all of {count(self.tree.fallen, 'cube')} fell: {', '.join(parts)}"

    def _proof(self) -> Proof | None:
        """The cubes' proofs as one; None where one is missing."""
        tree = self.tree.proof()
        if tree is None:
            return None
        goals = tuple(map(key_of, self.goals.forms))
        return Proof(
            self.goals.normal, half=self.goals.half, constraints=self.goals.constraints, cases=Cases(goals, tree)
        )
