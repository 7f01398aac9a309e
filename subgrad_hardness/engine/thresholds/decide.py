"""Decide by a circuit that cuts differences of maxima and minima at thresholds (``cuts``)."""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.decide import CircuitRun
from subgrad_hardness.engine.circuit.gordan import Conflict
from subgrad_hardness.engine.contract import GaveUp, RoomReached, Run
from subgrad_hardness.engine.thresholds.cuts import CutCircuit
from subgrad_hardness.engine.thresholds.sweep import Sweep
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.question.answer import Answer
from subgrad_hardness.question.blocks import Block
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.question.goal_forms import GoalForms, form_of
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

# Conflicts of the cone before equal terms are looked for.
_FIRST_CONFLICTS = 100


def start(question: Question, session: Session) -> Run:
    """A run that decides all goals on one shared circuit, in two stages: as the net is, and with equal terms merged."""
    return _Run(question, session).decide


class _Run:
    """The two stages; a limit leaves what is done, and the next call goes on from there."""

    def __init__(self, question: Question, session: Session) -> None:
        self.question = question
        self.session = session
        self.first = _Stage(question, session, swept=False)
        self.second = _Stage(question, session, swept=True)
        self.over = False  # the first stage

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached, also when a circuit outgrows its room of this call."""
        if not self.over:
            try:
                return self.first.decide(limits, _FIRST_CONFLICTS)
            except (RoomReached, GaveUp):
                self.over = True
        return self.second.decide(limits)


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
        terms = session.of_net("terms", lambda: Terms(session.net, goals.normal, session.kink_values(limits), limits))
        circuit = session.of_net(self.name, lambda: CutCircuit(terms))
        if self.swept:
            sweep = session.of_net("sweep", lambda: Sweep(circuit, self.coordinates(goals)))
            if not sweep.done:
                sweep.run(limits)
                session.of_net(f"{self.name} conflicts", list[Conflict]).extend(sweep.conflicts)
        if not self.literals:
            for shape in _shapes(self.question, goals, circuit.terms):
                circuit.learn(shape)
        return circuit


def _shapes(question: Question, goals: GoalForms, terms: Terms) -> Iterator[Form]:
    """The shapes of the goals, and those of their blocks that are seen to be made of some of their terms."""
    shapes = [shape for goal in question.goals if (shape := form_of(goal, terms.outputs))]
    yield from shapes
    for block in goals.split.blocks:
        if block.own is not None:
            yield from _parts(block, shapes, terms)


def _parts(block: Block, shapes: list[Form], terms: Terms) -> Iterator[Form]:
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
            yield part
