"""The claim that a list of Jacobians is the whole lexicographic subdifferential, as a certificate."""

from __future__ import annotations

from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.program import Program
from subgrad_hardness.proof.distinct import direction_matrix
from subgrad_hardness.subdifferentials.stating import Stated, stated
from subgrad_hardness.subdifferentials.trees import Grower

#: Trees of more steps fill files that nobody checks.
MOST_STEPS = 200_000


class Differs(Exception):
    """The tree finds other Jacobians than the enumeration: a bug in this project."""


def complete(program: Program, local: Localisation, members: frozenset[Matrix], limits: Limits) -> Stated:
    """The certificate of kind ``complete``, accepted by the verifier, or why there is none.

    Parameters
    ----------
    members : all Jacobians as the enumeration has them.

    Raises
    ------
    Differs
    ContradictedError : the verifier rejects the certificate.

    Notes
    -----
    The tree is an enumeration of its own, which shares no step with the one that made ``members``.  An exact cone
    question a branch, and then what the verifier does.
    """
    grower, tree = Grower(program, local), list[tuple[int, ...]]()
    directions: dict[Matrix, tuple[int, ...]] = {}
    try:
        for step in grower.by_sign(limits):
            if step.values is not None:
                directions.setdefault(grower.jacobian(step.values), step.direction)
            tree.append(step.step)
            if len(tree) > MOST_STEPS:
                return Stated(None, f"the tree has more than {MOST_STEPS} steps")
    except LimitReached as reached:
        return Stated(None, str(reached))
    if directions.keys() != members:
        raise Differs(f"{len(directions)} Jacobians in the tree, {len(members)} by enumeration")
    matrices = [direction_matrix(lock_branches(local.net, [inside]).directions) for inside in directions.values()]
    return stated(program, Statement("complete", program.digest, directions=tuple(matrices), tree=tuple(tree)))
