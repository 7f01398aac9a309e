"""The parity principle as nets: an odd number of points has no perfect matching.

Variables: points i and j are matched.  Clauses: every point is matched with some other one, and with no two.  For odd
n there is no solution, and resolution needs exponentially many clauses, even bounded-depth Frege systems do
(Ajtai 1990; Beame and Pitassi 1996).  For even n the points 2i and 2i + 1 are matched.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from subgrad_hardness.family.contract import integer
from subgrad_hardness.family.formulas import Formula, FormulaFamily, FormulaValues, assignment, at_most_one
from subgrad_hardness.reduction.cnf import Clause, Cnf


def perfect_matching(points: int) -> Cnf:
    """The formula of the module's docstring; the pairs in lexicographic order are the variables 1, 2, ..."""
    pairs = {pair: number for number, pair in enumerate(combinations(range(points), 2), start=1)}
    clauses: list[Clause] = []
    for point in range(points):
        own = [number for pair, number in pairs.items() if point in pair]
        clauses.append(tuple(own))
        clauses += at_most_one(own)
    return Cnf(len(pairs), tuple(clauses))


@dataclass(frozen=True, kw_only=True)
class ParityValues(FormulaValues):
    """The parameters of ``parity``."""

    points: int = integer("number of points n; odd: no solution", default=5, low=2, high=500)


def _formula(values: ParityValues) -> Formula:
    points = values.points
    cnf = perfect_matching(points)
    name = f"perfect matching of {points} points"
    if points % 2:
        return Formula(cnf, name, "parity: an odd number of points has no perfect matching", None)
    pairs = list(combinations(range(points), 2))
    true = [number for number, (i, j) in enumerate(pairs, start=1) if i % 2 == 0 and j == i + 1]
    return Formula(cnf, name, "by construction: points 2i and 2i + 1 are matched", assignment(cnf.variables, true))


def _literals(values: ParityValues) -> int:
    points: int = values.points
    return points * (points - 1) ** 2


PARITY = FormulaFamily(
    name="parity",
    aliases=("matching",),
    summary="the parity principle: an odd number of points has no perfect matching",
    picture="""
        relu(min over clauses of max over literals) over one input for each pair of points, positive where the two
        are matched.  Each point has a clause of width n - 1 (some partner) and (n - 1)(n - 2) / 2 of width 2 (no
        two).  Identically zero for odd n, by counting, which resolution cannot do; for even n positive around each
        of the (n - 1)(n - 3) ... 1 perfect matchings.
    """,
    values=ParityValues,
    formula=_formula,
    literals=_literals,
).family()
