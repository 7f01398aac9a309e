"""Decide by a monotone circuit, a CDCL solver and Gordan's theorem (SPEC 5.3).

"v > 0 somewhere" loses its topologically last relu by the relu rule

    L + c relu(z) > 0   iff   L > 0 or  L + c z > 0   (c > 0),
                        iff   L > 0 and L + c z > 0   (c < 0),

memoised on primitive forms, until only forms in the inputs are left: a monotone circuit over
half-spaces [l(d) > 0].  A direction off all these hyperplanes has l > 0 or -l > 0, so the two share one
variable.  The solver proposes signs, those that justify the root go to the exact cone, which answers
with a direction or with a conflict clause.  Complete, because there are finitely many sign patterns.
"""

from __future__ import annotations

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.gordan import GordanSearch
from subgrad_hardness.engine.circuit.near import positive_near
from subgrad_hardness.engine.contract import MoreTime, Run
from subgrad_hardness.proof.steps import Lemma, Literal, Proof, Rule
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.objectives import Objectives, merged, normal_objectives
from subgrad_hardness.question.question import Question

#: With fewer conflicts than this from the cone, what is hard is the propositional search alone.
FEW_LEMMAS = 30


def start(question: Question) -> Run:
    """A run that decides all outputs and both signs on one shared circuit."""
    return _Run(question).decide


class _Run:
    """The stages of one question; a limit leaves what is done, and the next call goes on from there."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.aim: Objectives | None = None
        self.circuit: Circuit | None = None
        self.search: GordanSearch | None = None
        self.tops: list[int] = []

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached, also when the circuit outgrows its room of this call."""
        if self.aim is None:
            self.aim = normal_objectives(self.question, limits)
            self.circuit = Circuit(self.aim.normal)
        aim, circuit = self.aim, self.circuit
        assert circuit is not None
        blocks = aim.split.blocks
        while len(self.tops) < len(blocks):
            self.tops.append(circuit.gate(blocks[len(self.tops)].form, limits))
        if self.search is None:
            half = None if aim.half is None else circuit.gate(dict(aim.half), limits)
            self.search = GordanSearch(aim.coordinates, circuit.forms, circuit.gates, self.tops, half)
        try:
            witness = self.search.run(limits)
        except LimitReached as reached:
            if self.search.lazy < FEW_LEMMAS:  # a propositional search, near enough
                raise MoreTime(str(reached)) from None
            raise
        if witness is not None:
            stream = Stream(self.question.seed, "circuit")
            block, direction = positive_near(aim.normal, aim.split.blocks, witness, stream)
            return Witness(aim.witness(self.question, block, direction))
        return Refutation(self._why(aim, circuit, self.search), _proof(aim, circuit, self.search.lemmas))

    def _why(self, aim: Objectives, circuit: Circuit, search: GordanSearch) -> str:
        words = merged(self.question, aim)
        if not aim.forms:
            return words
        gates, planes = len(circuit.gates), search.hyperplanes
        return f"{words}, {gates} gates over {planes} hyperplanes, {len(search.lemmas)} Gordan lemmas"


def _proof(aim: Objectives, circuit: Circuit, lemmas: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> Proof:
    """The relu rule on every form that was met, parents first, and the Gordan lemmas."""
    return Proof(
        circuit.normal,
        tuple([Rule(form, form[-1][0] - circuit.inputs) for form in reversed(circuit.ruled)]),
        tuple(
            Lemma(tuple(Literal(circuit.forms[abs(literal)], literal < 0) for literal in literals), multipliers)
            for literals, multipliers in lemmas
        )
        + aim.split.lemmas,
        aim.half,
    )
