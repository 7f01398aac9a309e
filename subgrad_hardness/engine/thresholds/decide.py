"""Decide by a circuit that cuts differences of maxima and minima at thresholds (``cuts``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.decide import CircuitRun
from subgrad_hardness.engine.contract import GaveUp, Run
from subgrad_hardness.engine.thresholds.cuts import CutCircuit
from subgrad_hardness.engine.thresholds.sweep import Sweep
from subgrad_hardness.engine.thresholds.terms import Owing, Terms
from subgrad_hardness.engine.thresholds.unfolded import UnfoldedCircuit
from subgrad_hardness.local.local_net import Kink, LocalNet, Sum
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.question.answer import Answer
from subgrad_hardness.question.blocks import Block
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.question.goal_forms import GoalForms, form_of
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

# Conflicts of the cone before the next stage has its turn.
_FIRST_CONFLICTS = 40


def suits(question: Question, session: Session, limits: Limits) -> bool:
    """Whether some goal is a difference of maxima and minima: at least half of its terms are no mere relus.

    About as long as the normal form takes, and next to nothing where the last node of each output is itself one relu,
    maximum or minimum.  Raises LimitReached.
    """
    if not any(_adds_up(session.net, output) for output in session.net.outputs):
        return False
    goals = session.goal_forms(question, limits)
    try:
        terms = _terms(session, goals, limits)
        outputs = [output.shape for output in terms.read(limits)]
    except GaveUp:
        return False
    for goal in question.goals:
        members = terms.members(form_of(goal, outputs))
        completed = sum(bool(terms.terms[member - terms.inputs].left) for member in members)
        if len(members) >= 2 and 2 * completed >= len(members):
            return True
    return False


def _adds_up(net: LocalNet, slot: int) -> bool:
    """Whether a slot adds several values up and is not seen to be one maximum or minimum."""
    if slot < net.inputs or not isinstance(node := net.nodes[slot - net.inputs], Sum):
        return False
    added = {argument for argument in node.arguments if argument >= net.inputs}
    for argument in added:
        inner = net.nodes[argument - net.inputs]
        if isinstance(inner, Kink) and inner.argument >= net.inputs:
            read = net.nodes[inner.argument - net.inputs]
            if isinstance(read, Sum) and added - {argument} <= set(read.arguments):
                return False
    return len(added) > 1


def _terms(session: Session, goals: GoalForms, limits: Limits) -> Terms:
    """The net's terms, none of them merged."""
    values = session.kink_values(limits)
    return session.of_net("thresholds terms", lambda: Terms(session.net, goals.normal, values))


def start(question: Question, session: Session) -> Run:
    """A run in three stages, each with a circuit for all goals: unfolded, cut, and cut with equal terms merged."""
    return ThresholdsRun(question, session).decide


class ThresholdsRun:
    """The stages; a limit leaves what is done, and the next call goes on from there.

    Attributes
    ----------
    stages : those that are left.  All but the last one end where their patience does; only sums are unfolded.
    """

    def __init__(self, question: Question, session: Session) -> None:
        self.question = question
        self.session = session
        self.stages: list[CircuitRun] = [
            _Unfolded(question, session),
            _Stage(question, session, swept=False),
            _Stage(question, session, swept=True),
        ]

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached, also when a circuit outgrows its room of this call."""
        while len(self.stages) > 1:
            try:
                return self.stages[0].decide(limits, _FIRST_CONFLICTS)
            except LimitReached:
                if not limits.remaining:
                    raise
                del self.stages[0]
        return self.stages[0].decide(limits)


class _Unfolded(CircuitRun):
    """A run on the unfolded circuit, for goals with more than two terms: with two a cut is as good."""

    name = "thresholds unfolded"

    def circuit(self, goals: GoalForms, limits: Limits) -> Circuit:
        """Raises LimitReached (GaveUp where no goal is a sum)."""
        terms = _terms(self.session, goals, limits)
        outputs = [output.shape for output in terms.read(limits)]
        if all(len(terms.members(form_of(goal, outputs))) <= 2 for goal in self.question.goals):
            raise GaveUp("no goal has more than two terms")
        return self.session.of_net(self.name, lambda: UnfoldedCircuit(goals.normal))


class _Stage(CircuitRun):
    """A run on the net's circuit of cuts."""

    def __init__(self, question: Question, session: Session, *, swept: bool) -> None:
        super().__init__(question, session)
        self.swept = swept
        self.name = "thresholds, swept" if swept else "thresholds"

    def coordinates(self, goals: GoalForms) -> Coordinates:
        """All inputs: the terms see more of them than their differences do."""
        return Coordinates(tuple(range(goals.normal.inputs)), goals.normal.inputs)

    def circuit(self, goals: GoalForms, limits: Limits) -> CutCircuit:
        """The net's circuit, which knows the shapes of the goals.  Raises LimitReached."""
        session = self.session
        if self.swept:
            values = session.kink_values(limits)
            sweep = session.of_net(f"{self.name} sweep", lambda: Sweep(session.net, goals.normal, values))
            circuit = sweep.circuit
            session.of_net(f"{self.name} conflicts", lambda: sweep.conflicts)
        else:
            circuit = session.of_net(self.name, lambda: CutCircuit(_terms(session, goals, limits)))
        outputs = circuit.terms.read(limits)
        if not self.literals:
            for goal in _goals(self.question, goals, circuit.terms, outputs):
                circuit.learn_goal(goal)
        return circuit


def _goals(question: Question, goals: GoalForms, terms: Terms, outputs: Sequence[Owing]) -> Iterator[Owing]:
    """The shapes of the goals, and those of their blocks that are seen to be made of some of their terms."""
    shapes = [output.shape for output in outputs]
    debts = [output.debts for output in outputs]
    found = [Owing(form_of(goal, shapes), form_of(goal._replace(linear=()), debts)) for goal in question.goals]
    yield from (goal for goal in found if terms.paid(goal))
    for block in goals.split.blocks:
        if block.own is not None:
            yield from _parts(block, [goal.shape for goal in found if not goal.debts], terms)


def _parts(block: Block, shapes: list[Form], terms: Terms) -> Iterator[Owing]:
    """The shapes of a block, as far as the terms of a goal that share atoms with it give it up to a linear form."""
    for shape in shapes:
        part = {
            variable: entry
            for variable, entry in shape.items()
            if variable >= terms.inputs and not block.form.keys().isdisjoint(terms.terms[variable - terms.inputs].form)
        }
        rest = dict(block.form)
        add(rest, terms.form(part), -1)
        if all(variable < terms.inputs for variable in rest):
            add(part, rest, 1)
            yield Owing(part, {})
