"""Decide by a monotone circuit, a CDCL solver and Gordan's theorem (SPEC 5.3).

"v > 0 somewhere" loses its topologically last relu by the relu rule

    L + c relu(z) > 0   iff   L > 0 or  L + c z > 0   (c > 0),
                        iff   L > 0 and L + c z > 0   (c < 0),

memoised on primitive forms, until only forms in the inputs are left: a monotone circuit over
half-spaces [l(d) > 0].  A direction off all these hyperplanes has l > 0 or -l > 0, so the two share one
variable.  The solver proposes signs, those that justify the root go to the exact cone, which answers
with a direction or with a conflict clause.  Complete, because there are finitely many sign patterns.

The circuit and the conflicts speak of the net alone: a session keeps them from one question to the next.
"""

from __future__ import annotations

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.gordan import GordanSearch
from subgrad_hardness.engine.circuit.near import positive_near
from subgrad_hardness.engine.circuit.triangles import Conflict
from subgrad_hardness.engine.contract import MoreTime, RoomReached, Run
from subgrad_hardness.proof.steps import Lemma, Literal, Proof, Rule
from subgrad_hardness.question.answer import Answer, Effort, Refutation, Witness
from subgrad_hardness.question.coordinates import Coordinates
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

#: With fewer conflicts than this from the cone, what is hard is the propositional search alone.
FEW_LEMMAS = 30


def start(question: Question, session: Session) -> Run:
    """A run that decides all goals on one shared circuit."""
    return CircuitRun(question, session).decide


class CircuitRun:
    """The stages of one question; a limit leaves what is done, and the next call goes on from there.

    Attributes
    ----------
    name : under which the session keeps the circuit and its conflicts.
    """

    name = "circuit"

    def __init__(self, question: Question, session: Session) -> None:
        self.question = question
        self.session = session
        self.search: GordanSearch | None = None
        self.literals: list[int] = []

    def circuit(self, goals: GoalForms, limits: Limits) -> Circuit:
        """The circuit of the net, which may be asked about the goals.  Raises LimitReached."""
        return self.session.of_net(self.name, lambda: Circuit(goals.normal))

    def coordinates(self, goals: GoalForms) -> Coordinates:
        """The coordinates that the half-spaces are looked at in."""
        return goals.coordinates

    def decide(self, limits: Limits, patience: int | None = None) -> Answer:
        """Raises LimitReached, also when the circuit outgrows its room of this call.

        ``patience`` is that of ``GordanSearch.run``.
        """
        goals = self.session.goal_forms(self.question, limits)
        circuit, search = self.prepared(limits)
        try:
            witness = search.run(limits, patience)
        except RoomReached:
            raise
        except LimitReached as reached:
            if search.lazy < FEW_LEMMAS:  # a propositional search, near enough
                raise MoreTime(str(reached)) from None
            raise
        effort = {
            "gates": len(circuit.gates),
            "half_spaces": search.hyperplanes,
            "lemmas": len(search.lemmas),
            "conflicts": search.conflicts,
        }
        if circuit.cuts:
            effort["thresholds"] = len(circuit.cuts)
        if witness is not None:
            stream = Stream(self.question.seed, "circuit")
            block, direction = positive_near(goals.normal, goals.split.blocks, witness, stream, self.question.allows)
            return Witness(goals.witness(self.question, block, direction), effort)
        return Refutation(self._why(goals, effort), _proof(goals, circuit, search.lemmas), effort)

    def prepared(self, limits: Limits) -> tuple[Circuit, GordanSearch]:
        """The circuit with all goals, and the search on it.  Raises LimitReached."""
        goals = self.session.goal_forms(self.question, limits)
        circuit = self.circuit(goals, limits)
        blocks = goals.split.blocks
        while len(self.literals) < len(blocks):
            self.literals.append(circuit.gate(blocks[len(self.literals)].form, limits))
        if self.search is None:
            half = None if goals.half is None else circuit.gate(dict(goals.half), limits)
            inside = [circuit.gate(dict(form), limits) for form in goals.constraints]
            known = self.session.of_net(f"{self.name} conflicts", list[Conflict])
            self.search = GordanSearch(
                self.coordinates(goals),
                circuit.forms,
                circuit.gates,
                self.literals,
                half=half,
                constraints=inside,
                known=known,
                further=circuit.plane,
            )
        return circuit, self.search

    def _why(self, goals: GoalForms, effort: Effort) -> str:
        words = goals.merged(len(self.question.net.kinks))
        if not goals.forms:
            return words
        gates, planes, lemmas = effort["gates"], effort["half_spaces"], effort["lemmas"]
        cuts = f", {effort['thresholds']} thresholds" if "thresholds" in effort else ""
        return f"{words}{cuts}, {gates} gates over {planes} hyperplanes, {lemmas} Gordan lemmas"


def _proof(goals: GoalForms, circuit: Circuit, lemmas: list[Conflict]) -> Proof:
    """The relu rule on every form that was met, parents first, and the Gordan lemmas."""
    return Proof(
        circuit.normal,
        tuple([Rule(form, atom) for form, atom in reversed(circuit.ruled)]),
        tuple(
            Lemma(tuple(Literal(circuit.forms[abs(literal)], literal < 0) for literal in literals), multipliers)
            for literals, multipliers in lemmas
        )
        + goals.split.lemmas
        + tuple(circuit.links),
        goals.half,
        goals.constraints,
        tuple(circuit.cuts),
    )
