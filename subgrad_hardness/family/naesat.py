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
    variables=2**17,
    forms={"minmax": NAE_MINMAX, "layers2": NAE_TWO_LAYERS},
    problem=NotAllEqual,
    cnf=nae_cnf,
).family()
