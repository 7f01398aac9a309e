"""Membership in d_C for reports that hold no certificate: the answer alone, replayed on the whole net."""

from __future__ import annotations

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.hull import Combined
from subgrad_hardness.subdifferentials.membership import Outside, in_clarke
from subgrad_hardness.subdifferentials.oracle import Oracle
from subgrad_hardness.subdifferentials.statements import member


def replayed_in_clarke(oracle: Oracle, matrix: Matrix, limits: Limits) -> bool | None:
    """Whether the matrix is in d_C F(x0); None: not decided within the limits.

    A combination is read by the certificates' verifier, which evaluates the whole net.  Raises NotReplayed.
    """
    answer = in_clarke(oracle, matrix, limits, argued=False)
    if isinstance(answer, Combined):
        member(oracle, "clarke", matrix, answer)
        return True
    return False if isinstance(answer, Outside) else None
