"""Is a matrix itself a lexicographic subgradient: found among members, or excluded by all cells."""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.members import Member


class Listed(NamedTuple):
    """Whether the matrix is in d_L (None: not known, and ``why``): the ``member`` that it is, or a certificate that
    no cell has it."""

    inside: bool | None
    member: Member | None = None
    outside: Statement | None = None
    why: str | None = None


def listed(convex: ClarkeSet, target: Matrix, limits: Limits) -> Listed:
    """Decide whether ``target`` is in d_L, by a tree over all cells; the first leaf that has it ends the search.

    Limits end in ``inside`` None.
    """
    found = convex.members.found.get(target)
    if found is not None:
        return Listed(True, found)
    grower, tree = convex.grower, []
    try:
        for step in grower.by_sign(limits):
            if step.values is not None and grower.jacobian(step.values) == target:
                return Listed(True, convex.members.at([step.direction]))
            tree.append(step.step)
    except LimitReached as reached:
        return Listed(None, why=str(reached))
    return Listed(
        False, outside=Statement("outside", convex.program.digest, "lexicographic", vector=target, tree=tuple(tree))
    )
