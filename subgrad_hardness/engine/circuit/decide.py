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

from collections import deque

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.circuit.apart import apart
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
    searches : one for the goals that have half-spaces in common with one another; together they are no harder than
        apart for the cone, but the solver's models and what is made of them have all their gates.
    left : the searches that have not ended without a witness.
    """

    name = "circuit"

    def __init__(self, question: Question, session: Session) -> None:
        self.question = question
        self.session = session
        self.literals: list[int] = []
        self.searches: tuple[GordanSearch, ...] = ()
        self.left: deque[GordanSearch] = deque()

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
        circuit = self.prepared(limits)
        try:
            witness = self._witness(limits, patience)
        except RoomReached:
            raise
        except LimitReached as reached:
            if self._lazy() < FEW_LEMMAS:  # a propositional search, near enough
                raise MoreTime(str(reached)) from None
            raise
        lemmas = self.session.of_net(f"{self.name} conflicts", list[Conflict])
        effort = {
            "gates": len(circuit.gates),
            "half_spaces": sum(search.hyperplanes for search in self.searches),
            "lemmas": len(lemmas),
            "conflicts": sum(search.conflicts for search in self.searches),
        }
        if circuit.cuts:
            effort["thresholds"] = len(circuit.cuts)
        if witness is not None:
            stream = Stream(self.question.seed, "circuit")
            block, direction = positive_near(goals.normal, goals.split.blocks, witness, stream, self.question.allows)
            return Witness(goals.witness(self.question, block, direction), effort)
        return Refutation(self._why(goals, effort), _proof(goals, circuit, lemmas), effort)

    def prepared(self, limits: Limits) -> Circuit:
        """The circuit with all goals, on which the searches are ready.  Raises LimitReached."""
        goals = self.session.goal_forms(self.question, limits)
        circuit = self.circuit(goals, limits)
        blocks = goals.split.blocks
        while len(self.literals) < len(blocks):
            self.literals.append(circuit.gate(blocks[len(self.literals)].form, limits))
        if not self.searches:
            half = None if goals.half is None else circuit.gate(dict(goals.half), limits)
            inside = [circuit.gate(dict(form), limits) for form in goals.constraints]
            known = self.session.of_net(f"{self.name} conflicts", list[Conflict])
            self.searches = tuple(
                [
                    GordanSearch(
                        self.coordinates(goals),
                        circuit.forms,
                        circuit.gates,
                        literals,
                        half=half,
                        constraints=inside,
                        known=known,
                        further=circuit.plane,
                    )
                    for literals in apart(circuit.gates, self.literals)
                ]
            )
            self.left.extend(self.searches)
        return circuit

    def _witness(self, limits: Limits, patience: int | None) -> tuple[int, ...] | None:
        """What the first search finds that finds a direction; where a limit stops one, the next call begins with the
        next one."""
        while self.left:
            search = self.left[0]
            try:
                others = self._lazy() - search.lazy
                witness = search.run(limits, None if patience is None else max(patience - others, 0))
            except LimitReached:
                self.left.rotate(-1)
                raise
            if witness is not None:
                return witness
            self.left.popleft()
        return None

    def _lazy(self) -> int:
        """How many lemmas came from the cone."""
        return sum(search.lazy for search in self.searches)

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
