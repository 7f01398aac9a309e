"""Random k-SAT nets with two inputs (``reduction.tent_sat``): fixed dimension alone does not help.

Drawn as in ``family.clauses``; the inputs of a witness have as many digits as the formula has variables.
"""

from __future__ import annotations

from subgrad_hardness.family.clauses import ClauseFamily
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.reduction.tent_sat import TentReduction

TENT = ClauseFamily(
    name="tent",
    aliases=("tentsat",),
    summary="random k-SAT with two inputs and unbounded depth: tent maps write the bit patterns",
    picture="""
        Two inputs x and t.  The tent map 2 min(T, t - T), n times over, cuts the angle between x = 0 and x = t into
        2^n sectors, each 2^-n wide, one for each truth assignment, in the order of the Gray code.  relu(min(x, t -
        x, clauses)) is positive in the sectors of the satisfying assignments and 0 in the others: a fan in the
        plane, with one needle for each solution, and flat without any.  Depth and units grow with n, the inputs
        never do.
    """,
    variables=4096,
    forms={"tent": TentReduction()},
    problem=lambda formula: formula,
    cnf=Cnf.simplified,
).family()
