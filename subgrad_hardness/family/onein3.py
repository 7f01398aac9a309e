"""Random exactly-one-in-k SAT nets (``reduction.one_in_three_sat``), drawn as in ``family.clauses``.

At k = 3 and 60 variables the share of solvable formulas falls from 1 at R = 1/4 to a tenth at R = 3/5 (measured).
"""

from __future__ import annotations

from subgrad_hardness.family.clauses import ClauseFamily
from subgrad_hardness.reduction.one_in_three_sat import ONE_IN_MINMAX, ONE_IN_TWO_LAYERS, ExactlyOne, one_in_cnf

ONEIN3 = ClauseFamily(
    name="onein3",
    aliases=("one-in-three",),
    summary="random exactly-one-in-k SAT (phase transition near ratio 0.4 for k = 3)",
    variables=2**17,
    forms={"minmax": ONE_IN_MINMAX, "layers2": ONE_IN_TWO_LAYERS},
    problem=ExactlyOne,
    cnf=one_in_cnf,
).family()
