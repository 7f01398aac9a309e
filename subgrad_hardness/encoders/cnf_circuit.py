"""DIMACS CNF: the monotone circuit over signs of linear forms (SPEC 5.3), with a complete set of Gordan clauses.

"v > 0 somewhere" loses its kinks, the last one first, by the relu rule (``engine.circuit``), until a
monotone circuit over atoms [l(d) > 0], l linear in d, is left; ``engine.clauses`` writes it with as few clauses
as there are.  Which atoms can be true at the same d is said by ``gordan_clauses``: by Gordan's theorem it
is the question whether a nonnegative combination vanishes.  No solver takes part, so the file knows no more
than the net.

Satisfiable iff there are two subgradients.  If some form is positive somewhere, it is so at a d off all hyperplanes,
and the signs there satisfy everything.  From a model let S be the literals of atoms that stand in the
circuit's clauses and are true: they make the circuit true by themselves, because it is monotone, and they are
positive at some d, because the Gordan clauses are complete.  ``inverse`` finds that d by an exact linear
program; so a model is never in vain.

The net of a CNF formula becomes this formula, clause by clause and without a single Gordan clause.  Nets
that add many kinks blow the circuit up; many atoms in more than three dimensions need many Gordan clauses.
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
from subgrad_hardness.encoders.gordan_clauses import implications, opposite
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import FALSE
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.net.rational import format_int
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.question.goal_forms import GoalForms
from subgrad_hardness.question.question import Question, linearity
from subgrad_hardness.question.session import Session

#: Larger circuits are refused.
MOST_GATES = 250_000
#: So are nets with more Gordan clauses.
MOST_GORDAN_CLAUSES = 200_000


class CircuitCnf(Encoder):
    """Variables 1, 2, ... are the atoms of the circuit, then come gates, then other forms."""

    name = "cnf-circuit"
    summary = "DIMACS CNF over signs of linear forms (min-max nets, few inputs)"

    def apply(self, asked: Asked) -> str:
        """Raises EncodingError where there would be more than 250,000 gates, or Gordan clauses beyond their limits."""
        formula = _formula(asked)
        atoms, gates, clauses = len(formula.planes), formula.gates, formula.clauses
        try:
            found = implications(formula.atoms.values(), MOST_GORDAN_CLAUSES)
        except TooLarge:
            message = (
                f"more than {MOST_GORDAN_CLAUSES} Gordan clauses, or far too many pairs, between {atoms} hyperplanes"
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
            f"kinks in the normal form: {len(formula.aim.normal.atoms)}",
        ]
        if clauses:
            lines += [
                f"variables, in this order: {atoms} atoms of the circuit, {gates} gates, the rest other forms",
                f"clauses, in this order: {len(clauses)} of the circuit, {len(gordan)} of Gordan's",
                "Gordan's are about forms l, m, n with r l + s m = t n for some r, s, t > 0: not l > 0, or not m > 0,",
                "or n > 0.  They suffice: take the literals of atoms that stand in the circuit's clauses and are true",
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
    ``atoms`` gives of each literal of the first kind in the clauses the form that it says is positive.
    """

    question: Question
    aim: GoalForms
    planes: list[Key]
    gates: int
    clauses: list[tuple[int, ...]]
    atoms: dict[int, Key]

    def direction(self, model: Collection[int]) -> Direction | None:
        """A direction that separates, from a model; None if it is none, or its atoms exclude each other."""
        if not self.clauses or not all(any(literal in model for literal in clause) for clause in self.clauses):
            return None
        cone = StrictCone(self.aim.normal.inputs)
        asked = []
        for literal, form in self.atoms.items():
            if literal in model:
                support, coefficients = zip(*form, strict=True)
                asked.append(cone.add_sparse(support, coefficients))
        result = cone.solve(asked)
        return self._near(result.point) if isinstance(result, Feasible) else None

    def _near(self, point: Direction) -> Direction:
        """A direction near the point, off the hyperplanes that the circuit forgot ("l > 0 or -l > 0" is true).

        Random steps, relative to ever larger multiples, end there.
        """
        stream = Stream(0, "circuit as clauses")
        near, factor = point, 1
        while True:
            for block in self.aim.split.blocks:
                if self.aim.normal.value(block.form, near) > 0:
                    return self.aim.witness(self.question, block, near)
            step = stream.direction(len(point), 10**3)
            near = tuple([factor * x + y for x, y in zip(point, step, strict=True)])
            factor *= 2


def _formula(asked: Asked) -> _Formula:
    """Always of the normal form.  About linear in the circuit.  Raises EncodingError."""
    limits = Limits()
    question = linearity(asked.net, asked.reference.rows)
    aim = Session(asked.net).goal_forms(question, limits)
    circuit = Circuit(aim.normal)
    circuit.room = MOST_GATES
    try:
        tops = [circuit.gate(block.form, limits) for block in aim.split.blocks]
    except LimitReached:
        raise EncodingError(f"the circuit has more than {MOST_GATES} gates") from None
    # No top is always true: an objective vanishes on the cell that the reference subgradient comes from.
    tops = [top for top in dict.fromkeys(tops) if top != FALSE]
    written = list(clausal(circuit.gates, tops)) if tops else []
    met = {abs(literal) for clause in written for literal in clause}
    order = sorted(met - circuit.gates.keys(), key=lambda variable: circuit.forms[variable])
    planes = [circuit.forms[variable] for variable in order]
    order += sorted(met & circuit.gates.keys())
    numbers = {variable: number for number, variable in enumerate(order, 1)}
    clauses = [
        _sorted([numbers[literal] if literal > 0 else -numbers[-literal] for literal in clause]) for clause in written
    ]
    atoms = {
        literal: planes[literal - 1] if literal > 0 else opposite(planes[-literal - 1])
        for literal in sorted({literal for clause in clauses for literal in clause})
        if abs(literal) <= len(planes)
    }
    return _Formula(question, aim, planes, len(order) - len(planes), clauses, atoms)


def _sorted(clause: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(clause, key=abs))


def _text(form: Key) -> str:
    """A linear form in d."""
    terms = [
        f"{'-' if coefficient < 0 else '+'} {'' if abs(coefficient) == 1 else format_int(abs(coefficient)) + ' '}d{j}"
        for j, coefficient in form
    ]
    return " ".join(terms).removeprefix("+ ")
