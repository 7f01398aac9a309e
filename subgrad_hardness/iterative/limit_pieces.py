"""All Jacobians of the limit near theta: those that rule on open cones of directions, whose hull is d_C xbar(theta).

Each is (I - A)^-1 B for a full-dimensional piece [A, B] of F: where xbar'(theta; d) = G d on an open cone, the points
(G d, d) lie in the closure of such a piece.  And such a G rules on an open cone iff N_G'(0; d) = G d does, that is, iff
G is one of the Jacobians of N_G.
"""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import pairs
from subgrad_hardness.iterative.resolvent import implicit
from subgrad_hardness.iterative.solution_net import solution_net
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise


def limit_pieces(iteration: Iteration, state: Vector, limits: Limits = NO_LIMITS) -> Iterator[Matrix]:
    """Each once, where the linearised equation has one solution for each direction (``solvability``).

    Raises LimitReached.  All pieces of F, and for each all of N_G until G is among them.
    """
    seen: set[Matrix] = set()
    for pair in pairs(iteration, state, "lexicographic", limits):
        jacobian = implicit(pair)
        if jacobian is None or jacobian in seen:
            continue
        seen.add(jacobian)
        net = localise(solution_net(iteration, state, jacobian)).net
        if any(net.scaled(piece.rows) == jacobian for piece in pieces(net, limits)):
            yield jacobian
