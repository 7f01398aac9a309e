"""Exactly-one-in-three satisfiability (and in any other width) to two distinct subgradients at 0, in two forms.

A clause holds iff exactly one of its literals is true, counted with repetition: (x, x, y) needs x false
and y true; the empty clause never holds.

Min-max form: F(x) = relu(min over clauses of min(max of literals, min over pairs of max(-l, -l'))) over
literals +-x_j, the net of ``three_sat`` for the clauses C and {-l, -l'} for every two places of C: at
least one literal true, and no two.

Two hidden layers: with one more input x_0,
    f(x) = |x_0| - sum over clauses C of |sum over l in C of l(x) + (|C| - 2) x_0|.
At a sign vector with s_0 = 1 a clause with r true literals adds r - (|C| - r) + |C| - 2 = 2 (r - 1): so the
sum over clauses is 0 iff all hold, else it is at least 2, and f, which is even, is positive iff the assignment
(x_j is true iff s_j = s_0) is a solution.  ``sign_search`` makes of it a net with at most 2 m + 6 n + 2 units
in its first layer and one in its second.

Source: Schaefer 1978 for the NP-completeness; the nets are the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from subgrad_hardness.common.words import count
from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm
from subgrad_hardness.reduction.cnf import Assignment, Cnf, FormulaError
from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.sign_search import SignProblem, SignReduction, Signs
from subgrad_hardness.reduction.source import SourceProblem
from subgrad_hardness.reduction.three_sat import MinMaxReduction, source


@dataclass(frozen=True, slots=True)
class ExactlyOne(SourceProblem[Assignment]):
    """Has the formula an assignment under which every clause has exactly one true literal?"""

    formula: Cnf

    def satisfied(self, assignment: Assignment, /) -> bool:
        """Whether it is one; linear.  Raises FormulaError for a wrong length."""
        if len(assignment) != self.formula.variables:
            raise FormulaError(
                f"{count(len(assignment), 'value')}, expected {self.formula.variables}", place="assignment"
            )
        return all(
            sum(bool(assignment[abs(literal) - 1]) is (literal > 0) for literal in clause) == 1
            for clause in self.formula.clauses
        )

    def source(self) -> dict[str, Any]:
        return {**source(self.formula), "problem": "exactly-one satisfiability"}


def one_in_cnf(problem: ExactlyOne) -> Cnf:
    """The clauses C and {-l, -l'}; quadratic in the widths."""
    clauses = []
    for clause in problem.formula.clauses:
        clauses.append(clause)
        clauses += [(-first, -second) for first, second in combinations(clause, 2)]
    return Cnf(problem.formula.variables, tuple(clauses))


@dataclass(frozen=True)
class OneInToCnf(Translation[ExactlyOne, Assignment, Cnf, Assignment]):
    """The same assignments."""

    name: ClassVar[str] = "exactly-one SAT to CNF"
    takes: ClassVar[type] = ExactlyOne

    def translate(self, problem: ExactlyOne) -> Cnf:
        return one_in_cnf(problem)

    def forth(self, problem: ExactlyOne, solution: Assignment) -> Assignment:
        return solution

    def back(self, problem: ExactlyOne, image: Assignment) -> Assignment:
        return image


@dataclass(frozen=True)
class OneInToSigns(Translation[ExactlyOne, Assignment, SignProblem, Signs]):
    """x_j is true iff it has the sign of x_0."""

    name: ClassVar[str] = "exactly-one SAT to sign vectors"
    takes: ClassVar[type] = ExactlyOne

    def translate(self, problem: ExactlyOne) -> SignProblem:
        terms = [AbsoluteTerm(((0, 1),), 1)]
        for clause in problem.formula.clauses:
            literals = tuple((abs(literal), 1 if literal > 0 else -1) for literal in clause)
            terms.append(AbsoluteTerm(((0, len(clause) - 2), *literals), -1))
        return SignProblem(1 + problem.formula.variables, tuple(terms))

    def forth(self, problem: ExactlyOne, solution: Assignment) -> Signs:
        return (True, *solution)

    def back(self, problem: ExactlyOne, image: Signs) -> Assignment:
        return tuple(sign is image[0] for sign in image[1:])


#: From ``ExactlyOne`` to a min-max net.
ONE_IN_MINMAX = Composed(OneInToCnf(), MinMaxReduction())
#: From ``ExactlyOne`` to a net with two hidden layers.
ONE_IN_TWO_LAYERS = Composed(OneInToSigns(), SignReduction())
