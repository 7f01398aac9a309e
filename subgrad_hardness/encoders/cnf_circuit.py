"""DIMACS CNF: the monotone circuit over signs of linear forms (SPEC 5.3), with a complete set of Gordan clauses.

"v > 0 somewhere" loses its kinks, the last one first, by the relu rule (``engine.circuit.decide``), until a
monotone circuit over half-spaces [l(d) > 0], l linear in d, is left; ``engine.circuit.clauses`` writes it with as few
clauses as there are.  Which half-spaces have a common d is said by ``gordan_clauses``: by Gordan's theorem it
is the question whether a nonnegative combination vanishes.  No solver takes part, so the file knows no more
than the net.

Satisfiable iff there are two subgradients.  If some form is positive somewhere, it is so at a d off all hyperplanes,
and the signs there satisfy everything.  From a model let S be the literals of half-spaces that stand in the
circuit's clauses and are true: they make the circuit true by themselves, because it is monotone, and they are
positive at some d, because the Gordan clauses are complete.  ``inverse`` finds that d by an exact linear
program; so a model is never in vain.

The net of a CNF formula becomes this formula, clause by clause and without a single Gordan clause.  Nets
that add many kinks blow the circuit up; many half-spaces in more than three dimensions need many Gordan clauses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.encoders.adders import TooLarge
from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, EncodingError
from subgrad_hardness.encoders.dimacs import CONTRADICTION, dimacs, read_answer
from subgrad_hardness.encoders.gordan_clauses import implications
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import FALSE
from subgrad_hardness.engine.circuit.near import positive_near
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.net.rational import format_int
from subgrad_hardness.normal_form.linear_form import Key, opposite
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

#: Larger circuits are refused.
MOST_GATES = 250_000
#: So are nets with more Gordan clauses.
MOST_GORDAN_CLAUSES = 200_000


class CircuitCnf(Encoder):
    """Variables 1, 2, ... are the half-spaces of the circuit, then come gates, then other half-spaces."""

    name = "cnf-circuit"
    suffix = ".cnf"
    otherwise, like = "cnf-bits, or smtlib", "cnf-bits or cnf"
    summary = "DIMACS CNF over signs of linear forms (min-max nets, few inputs)"

    def apply(self, asked: Asked) -> str:
        """Raises EncodingError where there would be more than 250,000 gates, or Gordan clauses beyond their limits."""
        formula = _formula(asked)
        planes, gates, clauses = len(formula.planes), formula.gates, formula.clauses
        try:
            found = implications(formula.half_spaces.values(), MOST_GORDAN_CLAUSES)
        except TooLarge:
            message = (
                f"more than {MOST_GORDAN_CLAUSES} Gordan clauses, or far too many pairs, between {planes} hyperplanes"
            )
            raise EncodingError(message) from None
        numbers = {plane: number for number, plane in enumerate(formula.planes, 1)}

        def literal(form: Key) -> int:
            plane = max(form, opposite(form))
            number = numbers.setdefault(plane, gates + len(numbers) + 1)
            return number if plane == form else -number

        gordan = [_sorted((-literal(first), -literal(second), literal(third))) for first, second, third in found]
        lines = [
            "A circuit of 'and' and 'or' over signs of linear forms in d, made from the net's normal form by the rule",
            "L + b relu(z) > 0 iff L > 0 or L + b z > 0 (b positive), iff L > 0 and L + b z > 0 (b negative).",
            f"kinks in the normal form: {len(formula.goals.normal.atoms)}",
        ]
        if clauses:
            lines += [
                f"variables, in this order: {planes} half-spaces of the circuit, {gates} gates, other half-spaces",
                f"clauses, in this order: {len(clauses)} of the circuit, {len(gordan)} of Gordan's",
                "Gordan's are about forms l, m, n with r l + s m = t n for some r, s, t > 0: not l > 0, or not m > 0,",
                "or n > 0.  They suffice: take the literals of half-spaces in the circuit's clauses that are true",
                "in a model; their forms (the opposites, for negative literals) are all positive at some d, which an",
                "exact linear program finds and which separates, moved a little if need be.",
            ]
        else:
            lines.append("Without kinks, or with kinks that cancel, the circuit is false: two clauses that contradict.")
        lines.append("Satisfiable iff there are two distinct subgradients.")
        lines.append(f"Decode: {self.name}, from lines 's' and 'v'.")
        lines += [f"variable {number}: {_text(form)} > 0" for form, number in numbers.items()]
        header = asked.header("DIMACS CNF", lines)
        if not clauses:
            return dimacs(header, 1, CONTRADICTION)
        return dimacs(header, gates + len(numbers), [*clauses, *gordan])

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """The output of a SAT solver (``dimacs.read_answer``); one exact linear program."""
        satisfiable, model = read_answer(answer)
        if model is None:
            return Claim(satisfiable)
        direction = _formula(asked).direction(model)
        return Claim(satisfiable, [] if direction is None else [direction])


class _Formula(NamedTuple):
    """A question's circuit as ``clauses``.

    Variables 1, 2, ... say on which side of the hyperplanes ``planes`` d lies, the next ones are ``gates`` gates.
    ``half_spaces`` gives of each literal of the first kind in the clauses the form that it says is positive.
    """

    question: Question
    goals: GoalForms
    planes: list[Key]
    gates: int
    clauses: list[tuple[int, ...]]
    half_spaces: dict[int, Key]

    def direction(self, model: Collection[int]) -> Direction | None:
        """A direction that separates, from a model; None if it is none, or its half-spaces have no common direction."""
        if not self.clauses or not all(any(literal in model for literal in clause) for clause in self.clauses):
            return None
        cone = StrictCone(self.goals.normal.inputs)
        asked = []
        for literal, form in self.half_spaces.items():
            if literal in model:
                support, coefficients = zip(*form, strict=True)
                asked.append(cone.add_sparse(support, coefficients))
        result = cone.solve(asked)
        if not isinstance(result, Feasible):
            return None
        stream = Stream(0, "circuit as clauses")
        block, near = positive_near(self.goals.normal, self.goals.split.blocks, result.point, stream)
        return self.goals.witness(self.question, block, near)


def _formula(asked: Asked) -> _Formula:
    """Always of the normal form.  About linear in the circuit.  Raises EncodingError."""
    limits = Limits()
    question = asked.posed.question
    goals = Session(asked.net).goal_forms(question, limits)
    circuit = Circuit(goals.normal)
    circuit.room = MOST_GATES
    try:
        literals = [circuit.gate(block.form, limits) for block in goals.split.blocks]
    except LimitReached:
        raise EncodingError(f"the circuit has more than {MOST_GATES} gates") from None
    # No literal is always true, because a goal vanishes on the cell that the subgradient g comes from.
    literals = [literal for literal in dict.fromkeys(literals) if literal != FALSE]
    written = list(clausal(circuit.gates, literals)) if literals else []
    met = {abs(literal) for clause in written for literal in clause}
    order = sorted(met - circuit.gates.keys(), key=lambda variable: circuit.forms[variable])
    planes = [circuit.forms[variable] for variable in order]
    order += sorted(met & circuit.gates.keys())
    numbers = {variable: number for number, variable in enumerate(order, 1)}
    clauses = [
        _sorted([numbers[literal] if literal > 0 else -numbers[-literal] for literal in clause]) for clause in written
    ]
    half_spaces = {
        literal: planes[literal - 1] if literal > 0 else opposite(planes[-literal - 1])
        for literal in sorted({literal for clause in clauses for literal in clause})
        if abs(literal) <= len(planes)
    }
    return _Formula(question, goals, planes, len(order) - len(planes), clauses, half_spaces)


def _sorted(clause: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(clause, key=abs))


def _text(form: Key) -> str:
    """A linear form in d."""
    terms = [
        f"{'-' if coefficient < 0 else '+'} {'' if abs(coefficient) == 1 else format_int(abs(coefficient)) + ' '}d{j}"
        for j, coefficient in form
    ]
    return " ".join(terms).removeprefix("+ ")
