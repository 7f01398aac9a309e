"""Satisfiability of a CNF formula to two distinct subgradients at 0 of a net with TWO inputs x and t.

Statement.  With n variables put, by tent maps,
    T_1 = x,   T_(i+1) = 2 min(T_i, t - T_i),   y_i = 2 T_i - t                    (i = 1..n),
    F(x, t) = relu(min(x, t - x, min over clauses of max over literals of +-y_i)).
F has two distinct subgradients at 0 iff the formula is satisfiable.  F is positively homogeneous with
integer weights, and its depth grows with n.  So the question is NP-hard at the fixed dimension 2, and
what makes fixed dimension easy is fixed depth (SPEC 1).

Proof.  F >= 0, so it has two distinct subgradients iff F != 0 (F = 0 has the only one 0; F(d) > 0 and F
linear would give F(-d) < 0).
Let F(x, t) > 0.  Then 0 < x < t, and every clause has a literal that is positive: y_i > 0 for variable
i, y_i < 0 for its negation.  The assignment "i is true iff y_i > 0" makes all these literals true.  (At
y_i = 0 both literals of i are 0, so none of them was needed, and either value does.)
Let b satisfy the formula.  At t = 1 the map z -> 2 min(z, 1 - z) sends each of (0, 1/2) and (1/2, 1)
one to one onto (0, 1), with the inverses z -> z / 2 and z -> 1 - z / 2.  So start with T_n = 3/4 if b_n,
else 1/4, and go back: T_i = 1 - T_(i+1) / 2 if b_i, else T_(i+1) / 2.  By induction each T_i is in (0, 1)
and above 1/2 iff b_i, hence y_i > 0 iff b_i, and y_i != 0: all true literals are positive, and so is F.
Times 2^(n+1) all of this is in integers.

In binary digits, T_1 = 0.B_1 B_2 B_3 ...: a step shifts the digits, and turns all of them over where the
first one was 1.  So B_i = b_1 xor ... xor b_i: the bit patterns b come in the order of the Gray code, and the 2^n
intervals of length 2^-n between the dyadic points, where some y_i = 0, have one pattern each.

Tautologies are dropped first: max(y_i, -y_i) = |y_i| would ask for y_i != 0.  An empty clause gives F = 0.
Source: the tent maps that write bit patterns are folklore (Telgarsky, "Benefits of depth in neural
networks", 2016, uses them for depth separation); the proof here is the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.cnf import Assignment, Cnf
from subgrad_hardness.reduction.source import NetReduction, SourceInverse
from subgrad_hardness.reduction.three_sat import source


@dataclass(frozen=True)
class TentInverse(SourceInverse[Cnf, Assignment]):
    """Assignments and directions (x, t): variable i is true iff 2 T_i > t."""

    def positive(self, solution: Assignment) -> Direction:
        """The middle of the interval of that bit pattern, t = 2^(n+1); n steps, n-bit integers."""
        total = 2 << len(solution)
        position = total // 2  # what T_n comes from: a true or false last variable puts it on 3/4 or 1/4
        for value in reversed(solution):
            position = total - position // 2 if value else position // 2
        return position, total

    def decode(self, direction: Direction) -> Assignment:
        """The bit pattern of x / t; n steps on integers of at most n bits more than the direction's."""
        position, total = direction
        assignment = []
        for _ in range(self.problem.variables):
            assignment.append(2 * position > total)
            position = 2 * min(position, total - position)
        return tuple(assignment)


@dataclass(frozen=True)
class TentReduction(NetReduction[Cnf, Assignment]):
    """F over the inputs x and t: a relu for each variable, one below the other, and one for each literal."""

    name: ClassVar[str] = "CNF to net with two inputs by tent maps"
    takes: ClassVar[type] = Cnf

    def inverse(self, program: Program, problem: Cnf) -> TentInverse:
        return TentInverse(program, problem)

    def source(self, problem: Cnf) -> dict[str, Any]:
        return source(problem)

    def net(self, problem: Cnf) -> Program:
        formula = problem.simplified()
        build = GraphBuilder(["x", "t"])
        if () in formula.clauses:
            return build.program([build.affine([], name="F")])
        literals = {literal for clause in formula.clauses for literal in clause}
        build.affine([("t", 1), ("x", -1)], name="rest1")
        _tents(build, max(map(abs, literals), default=1))
        for literal in sorted(literals):
            sign = 1 if literal > 0 else -1
            build.affine([(_tent(abs(literal)), 2 * sign), ("t", -sign)], name=f"y{literal}")
        clauses = [
            build.apply("max", [f"y{literal}" for literal in clause], name=f"clause{number}")
            for number, clause in enumerate(formula.clauses, start=1)
        ]
        build.apply("min", ["x", "rest1", *clauses], name="formula")
        return build.program([build.apply("relu", ["formula"], name="F")])


def _tent(number: int) -> str:
    """The node T_i."""
    return "x" if number == 1 else f"T{number}"


def _tents(build: GraphBuilder, count: int) -> None:
    """T_2, ..., T_count; ``rest1`` is there already."""
    for number in range(1, count):
        if number > 1:
            build.affine([("t", 1), (_tent(number), -1)], name=f"rest{number}")
        build.apply("min", [_tent(number), f"rest{number}"], name=f"tent{number}")
        build.affine([(f"tent{number}", 2)], name=_tent(number + 1))
