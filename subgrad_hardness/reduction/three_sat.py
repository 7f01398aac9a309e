"""Satisfiability of a CNF formula (3-SAT and any other width) to two distinct subgradients at 0.

Statement [B22, arXiv 2206.01730]: deciding whether a bias-free relu net with weights in {-1, 0, 1} has
two distinct Clarke (or lexicographic) subgradients at x0 = 0 is NP-hard.  Two nets F show it, both
nonnegative and positively homogeneous, with F != 0 iff the formula is satisfiable.

Then F has two distinct subgradients iff it is satisfiable: F = 0 has the only subgradient 0, and if
F(d) > 0 a linear F would have F(-d) < 0.

Min-max form: F(x) = relu(min over clauses of max over literals of +-x_j).  F(d) > 0 iff every clause
has a literal that is positive at d; then "x_j is true iff d_j > 0" satisfies the formula, and a
satisfying assignment gives d in {-1, 1}^n with F(d) = 1 (any other sizes keep F(d) > 0).

Three hidden layers: inputs x_1..x_n and t; u_j = relu(relu(t) - sum over the literals l of clause j
of relu(l)); F = relu(relu(t) - sum_j u_j).  F(d) > 0 needs t > 0 and every u_j < t, hence in every
clause a positive literal; a satisfying assignment with |x_j| >= 1 and t = 1 gives
sum_l relu(l) >= 1 in every clause, all u_j = 0 and F(d) = 1.

Tautologies and repeated literals are dropped first (a repeated literal would give a weight 2).  An
empty clause gives F = 0, and a formula without clauses F = relu of the first input.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.reduction.cnf import Assignment, Cnf, is_tautology
from subgrad_hardness.reduction.layered_minmax import balanced, relu_layers
from subgrad_hardness.reduction.source import NetReduction, SourceInverse

#: Formulas with at most this many literals travel in the provenance whole, larger ones as a digest.
_MOST_LITERALS = 10_000

Layers = list[dict[str, Any]]


@dataclass(frozen=True)
class SatInverse(SourceInverse[Cnf, Assignment]):
    """Assignments and directions: x_j is true iff d_j > 0.

    ``problem`` is the source formula as it was given; inputs after its variables are 1 in every
    direction (``t`` of the three-layer form, the dummy input of a formula without variables).
    """

    def positive(self, solution: Assignment) -> Direction:
        """d_j = +-(j + 1), t = 1: the signs say all, and different sizes leave few ties between kinks,
        so that d alone enters its cell.
        """
        entries = [size if value else -size for size, value in enumerate(solution, start=2)]
        entries += [1] * (self.program.input_count - len(entries))
        if not self.problem.simplified().clauses:  # F = relu(first input), and every assignment satisfies
            entries[0] = abs(entries[0])
        return tuple(entries)

    def decode(self, direction: Direction) -> Assignment:
        """The signs of the first n entries; a zero makes neither literal positive, so it is free."""
        return tuple(entry > 0 for entry in direction[: self.problem.variables])


@dataclass(frozen=True)
class SatReduction(NetReduction[Cnf, Assignment]):
    """What the two forms share: every ``Cnf`` is accepted, of any clause widths.

    ``apply`` is about linear in the number of literals (times its logarithm in the layered min-max form).
    """

    takes: ClassVar[type] = Cnf

    def net(self, problem: Cnf) -> Program:
        formula = problem.simplified()
        inputs = self.inputs(formula)
        return self.written(formula, inputs)

    def inverse(self, program: Program, problem: Cnf) -> SatInverse:
        return SatInverse(program, problem)

    def source(self, problem: Cnf) -> dict[str, Any]:
        return source(problem)

    def known(self, problem: Cnf) -> dict[str, str | None]:
        """Known are formulas with an empty clause, and those in which all clauses are tautologies."""
        if () in problem.clauses:
            return {"verdict": "unique", "known_by": "the formula has an empty clause"}
        if all(map(is_tautology, problem.clauses)):
            return {"verdict": "distinct", "known_by": "the formula has no clauses"}
        return super().known(problem)

    @abstractmethod
    def inputs(self, formula: Cnf) -> list[str]:
        """The input names."""

    @abstractmethod
    def written(self, formula: Cnf, inputs: list[str]) -> Program:
        """The net for a simplified formula, without provenance."""


@dataclass(frozen=True)
class MinMaxReduction(SatReduction):
    """F(x) = relu(min over clauses of max over literals of +-x_j).

    ``layered`` chooses the pure layered matrix form instead of the graph.  Both have the same
    balanced trees and the same values.
    """

    layered: bool = False
    name: ClassVar[str] = "CNF to min-max net"

    def inputs(self, formula: Cnf) -> list[str]:
        """x1..xn; a formula without variables still has x1."""
        return [f"x{number}" for number in range(1, max(formula.variables, 1) + 1)]

    def written(self, formula: Cnf, inputs: list[str]) -> Program:
        if self.layered:
            return program_from({"inputs": inputs, "layers": _layered_minmax(formula, len(inputs))})
        return _graph_minmax(formula, inputs)


@dataclass(frozen=True)
class ThreeLayerReduction(SatReduction):
    """F = relu(relu(t) - sum_j relu(relu(t) - sum over literals l of clause j of relu(l)))."""

    name: ClassVar[str] = "CNF to net with three hidden layers"

    def inputs(self, formula: Cnf) -> list[str]:
        """x1..xn and t."""
        return [*(f"x{number}" for number in range(1, formula.variables + 1)), "t"]

    def written(self, formula: Cnf, inputs: list[str]) -> Program:
        return program_from({"inputs": inputs, "layers": _three_layers(formula, len(inputs))})


def source(formula: Cnf) -> dict[str, Any]:
    """The source problem for a net's provenance: the clauses, or a digest where they are many."""
    result: dict[str, Any] = {"problem": "cnf", "variables": formula.variables}
    if sum(map(len, formula.clauses)) + len(formula.clauses) <= _MOST_LITERALS:
        return {**result, "clauses": [list(clause) for clause in formula.clauses]}
    return {**result, "clause_count": len(formula.clauses), "dimacs_sha256": formula.digest}


def _graph_minmax(formula: Cnf, inputs: list[str]) -> Program:
    build = GraphBuilder(inputs)
    if () in formula.clauses:
        return build.program([build.affine([], name="F")])
    if not formula.clauses:
        return build.program([build.apply("relu", [0], name="F")])
    for variable in sorted({-literal for clause in formula.clauses for literal in clause if literal < 0}):
        build.affine([(f"x{variable}", -1)], name=f"-x{variable}")
    clauses = []
    for number, clause in enumerate(formula.clauses, start=1):
        literals = [f"x{literal}" if literal > 0 else f"-x{-literal}" for literal in clause]
        clauses.append(build.apply("max", literals, name=f"clause{number}"))
    build.apply("min", clauses, name="formula")
    return build.program([build.apply("relu", ["formula"], name="F")])


def _layered_minmax(formula: Cnf, inputs: int) -> Layers:
    if () in formula.clauses:
        return [_layer(1, inputs, [], "identity")]
    if not formula.clauses:
        return [_layer(1, inputs, [[0, 0, 1]]), _layer(1, 1, [[0, 0, 1]], "identity")]
    return relu_layers(balanced(False, [balanced(True, clause) for clause in formula.clauses]), inputs)


def _three_layers(formula: Cnf, inputs: int) -> Layers:
    """Units of layer 1: relu(x_i) is 2 i - 2, relu(-x_i) is 2 i - 1, relu(t) is 2 n."""
    last = [_layer(1, 1, [[0, 0, 1]], "identity")]
    if not formula.clauses:
        return [_layer(1, inputs, [[0, 0, 1]]), *[_layer(1, 1, [[0, 0, 1]])] * 2, *last]
    n, m = formula.variables, len(formula.clauses)
    first = [[2 * index + side, index, (1, -1)[side]] for index in range(n) for side in (0, 1)]
    second = []
    for number, clause in enumerate(formula.clauses):
        second.append([number, 2 * n, 1])
        second += [[number, 2 * abs(literal) - 2 + (literal < 0), -1] for literal in clause]
    third = [[0, number, -1] for number in range(m)]
    return [
        _layer(2 * n + 1, inputs, [*first, [2 * n, n, 1]]),
        _layer(m + 1, 2 * n + 1, [*second, [m, 2 * n, 1]]),
        _layer(1, m + 1, [*third, [0, m, 1]]),
        *last,
    ]


def _layer(rows: int, columns: int, entries: list[list[int]], activation: str = "relu") -> dict[str, Any]:
    return {"weight": {"shape": [rows, columns], "entries": entries}, "activation": activation}
