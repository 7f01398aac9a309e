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
    variables=4096,
    forms={"tent": TentReduction()},
    problem=lambda formula: formula,
    cnf=Cnf.simplified,
).family()
