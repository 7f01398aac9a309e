"""Not-all-equal satisfiability to two distinct subgradients at 0, in two forms.

A clause holds iff one of its literals is true and one is false.  (So no clause of fewer than two distinct
literals holds, and every clause with a variable and its negation does.)

Min-max form, any width: F(x) = relu(min over clauses of min(max of literals, max of negated literals)) over
literals +-x_j.  This is the net of ``three_sat`` for the formula that has, for every clause C, the
clauses C and -C = {-l : l in C}; an assignment makes both true iff C has a true and a false literal, so the
statement and the proof are those of ``three_sat``.

Two hidden layers, width at most 3: f(x) = sum over clauses of g_C(x) - (4 m - 1) |x_1|, m clauses, where
    g_C = |l_1 - l_2| + |l_2 - l_3| + |l_3 - l_1|  (width 3),   2 |l_1 - l_2|  (width 2),   0  (width 1 and 0).
At a sign vector g_C is 4 if C holds, else 0: of three signs that are not all equal exactly two pairs differ, by 2
each.  So f is positive iff all m clauses hold, and ``sign_search`` makes of it a net with at most
6 m + 6 n units in its first layer and one in its second.  (This is maximum cut with weights.)

Source: Schaefer 1978 for the NP-completeness; the nets are the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm
from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf
from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.sign_search import SignProblem, SignReduction, Signs
from subgrad_hardness.reduction.source import SourceProblem
from subgrad_hardness.reduction.three_sat import MinMaxReduction, source

#: The longest clause of the form with two hidden layers.
WIDEST = 3


@dataclass(frozen=True, slots=True)
class NotAllEqual(SourceProblem[Assignment]):
    """Has the formula an assignment under which every clause has a true literal and a false one?"""

    formula: Cnf

    def satisfied(self, assignment: Assignment, /) -> bool:
        """Whether it is one; linear.  Raises FormulaError for a wrong length."""
        return nae_cnf(self).satisfied(assignment)

    def source(self) -> dict[str, Any]:
        return {**source(self.formula), "problem": "not-all-equal satisfiability"}


def nae_cnf(problem: NotAllEqual) -> Cnf:
    """The formula of the clauses C and -C, in this order; linear."""
    clauses = problem.formula.clauses
    both = (each for clause in clauses for each in (clause, tuple(-literal for literal in clause)))
    return Cnf(problem.formula.variables, tuple(both))


@dataclass(frozen=True)
class NaeToCnf(Translation[NotAllEqual, Assignment, Cnf, Assignment]):
    """The same assignments."""

    name: ClassVar[str] = "not-all-equal SAT to CNF"
    takes: ClassVar[type] = NotAllEqual

    def translate(self, problem: NotAllEqual) -> Cnf:
        return nae_cnf(problem)

    def forth(self, problem: NotAllEqual, solution: Assignment) -> Assignment:
        return solution

    def back(self, problem: NotAllEqual, image: Assignment) -> Assignment:
        return image


@dataclass(frozen=True)
class NaeToSigns(Translation[NotAllEqual, Assignment, SignProblem, Signs]):
    """The same signs, for clauses of at most three literals; without variables one sign that says nothing."""

    name: ClassVar[str] = "not-all-equal SAT to sign vectors"
    takes: ClassVar[type] = NotAllEqual

    def accepts(self, problem: object) -> bool:
        """Problems whose clauses have at most ``WIDEST`` literals."""
        return isinstance(problem, NotAllEqual) and all(len(clause) <= WIDEST for clause in problem.formula.clauses)

    def translate(self, problem: NotAllEqual) -> SignProblem:
        clauses = problem.formula.clauses
        terms = [AbsoluteTerm(((0, 1),), 1 - 4 * len(clauses))]
        for clause in clauses:
            terms += _differences(clause)
        return SignProblem(max(1, problem.formula.variables), tuple(terms))

    def forth(self, problem: NotAllEqual, solution: Assignment) -> Signs:
        return solution or (True,)

    def back(self, problem: NotAllEqual, image: Signs) -> Assignment:
        return image[: problem.formula.variables]


def _differences(clause: Clause) -> list[AbsoluteTerm]:
    """g_C."""
    forms = (
        tuple((abs(literal) - 1, side if literal > 0 else -side) for literal, side in zip(pair, (1, -1), strict=True))
        for pair in combinations(clause, 2)
    )
    return [AbsoluteTerm(form, 2 if len(clause) == 2 else 1) for form in forms]


#: From ``NotAllEqual`` to a min-max net.
NAE_MINMAX = Composed(NaeToCnf(), MinMaxReduction())
#: From ``NotAllEqual`` with clauses of at most three literals to a net with two hidden layers.
NAE_TWO_LAYERS = Composed(NaeToSigns(), SignReduction())
