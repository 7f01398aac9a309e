"""Decide by a circuit that cuts differences of maxima and minima at thresholds (``cuts``)."""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.decide import CircuitRun
from subgrad_hardness.engine.contract import Run
from subgrad_hardness.engine.thresholds.cuts import CutCircuit
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.question.blocks import Block
from subgrad_hardness.question.goal_forms import GoalForms, form_of
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session


def start(question: Question, session: Session) -> Run:
    """A run that decides all goals on one shared circuit."""
    return _Run(question, session).decide


class _Run(CircuitRun):
    name = "thresholds"

    def circuit(self, goals: GoalForms, limits: Limits) -> CutCircuit:
        """The net's circuit, which knows the shapes of the goals.  Raises LimitReached."""
        session = self.session

        def make() -> CutCircuit:
            return CutCircuit(Terms(session.net, goals.normal, session.kink_values(limits), limits))

        circuit = session.of_net(self.name, make)
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
