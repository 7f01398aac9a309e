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
    picture="""
        minmax: the net of ksat for "some literal" and, pair by pair, "no two literals" of each clause; F stands on
        the orthants of the solutions.  layers2: relu(h), where h is |x_0| minus an absolute value for each clause,
        which is 0 on a diagonal iff exactly one literal is true there, minus a charge for |x_i| other than |x_0|:
        thin ridges about the solutions' diagonals, in opposite pairs.  Two hidden layers, at most 2m + 6n + 3 units
        for n variables and m clauses.  Without a solution F is flat, and 0 is the only subgradient.
    """,
    variables=2**17,
    forms={"minmax": ONE_IN_MINMAX, "layers2": ONE_IN_TWO_LAYERS},
    problem=ExactlyOne,
    cnf=one_in_cnf,
).family()
