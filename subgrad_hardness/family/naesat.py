"""Random not-all-equal k-SAT nets (``reduction.nae_sat``), drawn as in ``family.clauses``.

At k = 3 and 60 variables the share of solvable formulas falls from nearly 1 at R = 1.9 to 0 at R = 2.3 (measured).
"""

from __future__ import annotations

from subgrad_hardness.family.clauses import ClauseFamily
from subgrad_hardness.reduction.nae_sat import NAE_MINMAX, NAE_TWO_LAYERS, NotAllEqual, nae_cnf

NAESAT = ClauseFamily(
    name="naesat",
    aliases=("nae-sat",),
    summary="random not-all-equal k-SAT (phase transition near ratio 2.1 for k = 3)",
    picture="""
        minmax: the net of ksat for each clause and its opposite, so that F is even and stands on opposite pairs of
        orthants, one for each solution.  layers2, for clauses of at most 3: relu(h), where h rewards |l - l'| for
        the literals of a clause and charges for |x_i| other than |x_1|, so that F is positive on thin ridges about
        the diagonals of the solutions' orthants only.  Two hidden layers, at most 6m + 6n + 1 units for n variables
        and m clauses.  Without a solution F is flat, and 0 is the only subgradient.
    """,
    variables=2**17,
    forms={"minmax": NAE_MINMAX, "layers2": NAE_TWO_LAYERS},
    problem=NotAllEqual,
    cnf=nae_cnf,
).family()
