"""Back from nets: a min-max net over signed inputs to a CNF formula, and so round trips net -> CNF -> net.

Statement.  Let f = F'(x0; .) be, in normal form, a nonnegative combination of kinks, and let all atoms of its
monotone circuit (``engine.circuit``) be single inputs, [x_j > 0] or [-x_j > 0], as in the min-max nets of CNF
formulas, of not-all-equal and exactly-one SAT and of 3-colouring.  Then the clauses of the circuit
(``engine.clauses``), with variable j + 1 for [x_j > 0] and one more for each gate that has a name, are
satisfiable iff f is positive somewhere, iff F has two distinct subgradients at x0.

Proof.  f >= 0 is positively homogeneous, so F' = f is linear iff f = 0.  At a d without zeros the circuit, with the
signs of d for its atoms, is true iff f(d) > 0 (by the relu rule, SPEC 5.3).  Every sign vector is the signs of
some d, so that no condition between the atoms is needed; and f is continuous, so where it is positive somewhere
it is so at a d without zeros.  The clauses say that the root is true and that true gates have true
children; the circuit is monotone, so they hold for the gates' own values where the root is true, and where
they hold, the root is true of the signs (Plaisted and Greenbaum 1986).

The formula of the min-max net of a simplified CNF formula is that formula again, up to the order of its clauses
and what the circuit merges.  For other nets the atoms are not free of each other (Gordan's conditions), and this
file does not accept them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.engine.circuit.circuit import Circuit
from subgrad_hardness.engine.circuit.clauses import clausal
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.normal_form import normalise
from subgrad_hardness.reduction.cnf import Assignment, Cnf
from subgrad_hardness.reduction.composition import Translation
from subgrad_hardness.reduction.source import SourceProblem


@dataclass(frozen=True, slots=True)
class PositiveDirection(SourceProblem[Direction]):
    """Is F'(x0; d) > 0, for the first output of the program, at some d?"""

    program: Program

    def satisfied(self, direction: Direction, /) -> bool:
        """Whether it is so there; one localisation.  Raises PointError for a wrong length."""
        return localise(self.program).net.derivative(direction)[0] > 0

    def source(self) -> dict[str, Any]:
        return {"problem": "positive direction", "digest": self.program.digest}


class _Clauses(NamedTuple):
    """The circuit of a program, its root, and the variable of the formula for each one of the circuit."""

    circuit: Circuit
    root: int
    variables: dict[int, int]


def _read(program: Program) -> _Clauses | None:
    """None for a net that is not of the kind; about linear in the circuit."""
    if program.output_count != 1:
        return None
    limits = Limits()
    normal = normalise(flatten(localise(program).net, limits), limits)
    form = normal.outputs[0]
    if any(variable < normal.inputs or coefficient < 0 for variable, coefficient in form.items()):
        return None
    circuit = Circuit(normal)
    try:
        root = circuit.gate(form, limits)
    except LimitReached:  # the circuit is much larger than the net
        return None
    variables: dict[int, int] = {}
    gates = 0
    for variable in range(TRUE + 1, len(circuit.forms)):
        if variable in circuit.gates:
            gates += 1
            variables[variable] = normal.inputs + gates
            continue
        if len(circuit.forms[variable]) > 1:
            return None
        variables[variable] = 1 + circuit.forms[variable][0][0]
    return _Clauses(circuit, root, variables)


def _require(program: Program) -> _Clauses:
    found = _read(program)
    if found is None:
        raise TypeError("the program is no min-max net over signed inputs")
    return found


@dataclass(frozen=True)
class NetToCnf(Translation[PositiveDirection, Direction, Cnf, Assignment]):
    """Input j is positive iff variable j + 1 is true."""

    name: ClassVar[str] = "min-max net to CNF"
    takes: ClassVar[type] = PositiveDirection

    def accepts(self, problem: object) -> bool:
        """Nets with one output of the kind that the module's docstring describes."""
        return isinstance(problem, PositiveDirection) and _read(problem.program) is not None

    def translate(self, problem: PositiveDirection) -> Cnf:
        """The formula; linear in the circuit.  Raises TypeError for another net."""
        circuit, root, variables = _require(problem.program)
        if root in (TRUE, FALSE):
            return Cnf(circuit.inputs, () if root == TRUE else ((),))
        clauses = [
            tuple(variables[literal] if literal > 0 else -variables[-literal] for literal in clause)
            for clause in clausal(circuit.gates, [root])
        ]
        return Cnf(max([circuit.inputs, *variables.values()]), tuple(clauses))

    def forth(self, problem: PositiveDirection, solution: Direction) -> Assignment:
        """The signs of a direction near ``solution`` without zeros, and the values of the gates there."""
        circuit, _, variables = _require(problem.program)
        near = _without_zeros(problem, solution)
        values = {variable: near[variable - 1] > 0 for variable in range(1, len(near) + 1)}
        for variable, gate in sorted(circuit.gates.items()):  # children have smaller numbers
            sides = [values[variables[abs(side)]] is (side > 0) for side in (gate.left, gate.right)]
            values[variables[variable]] = all(sides) if gate.conjunction else any(sides)
        return tuple(values[variable] for variable in range(1, len(values) + 1))

    def back(self, problem: PositiveDirection, image: Assignment) -> Direction:
        return tuple(1 if value else -1 for value in image[: problem.program.input_count])


def _without_zeros(problem: PositiveDirection, direction: Direction) -> Direction:
    """A direction near it without zeros at which F' is still positive: ever larger multiples, plus ones."""
    factor = 1
    while True:
        near = tuple(factor * entry + 1 for entry in direction)
        if all(near) and problem.satisfied(near):
            return near
        factor *= 2
