"""J_F(x, theta): the pairs [A, B] of Jacobians of F in the state and in the parameters, in three senses.

`lexicographic`: the Jacobians that rule on open cones; `clarke`: their convex hull, which has these as its vertices or
more; `autodiff`: each kink its own slope in [0, 1], what backpropagation may return, with the slopes in {0, 1} as its
extreme choices.  The three are never mixed silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.local.local_net import LocalNet, Matrix

#: The senses of J_F.
SENSES = ("lexicographic", "clarke", "autodiff")
#: With more kinks than these, the 2^kinks extreme choices of backpropagation are not listed.
MOST_CHOICES = 20


class Pair(NamedTuple):
    """[A, B]: the Jacobian of F in the state, p x p, and in the parameters, p x m; rows of rationals."""

    a: Matrix
    b: Matrix


def pairs(iteration: Iteration, state: Vector, sense: str = "clarke", limits: Limits = NO_LIMITS) -> Iterator[Pair]:
    """The pairs of which J_F(state, theta) consists, or whose hull it is, each once.

    Parameters
    ----------
    iteration : F and theta.
    state : x, p rationals.
    sense : one of ``SENSES``.  For ``clarke`` the same pairs come as for ``lexicographic``; the set is their hull.  For
        ``autodiff`` those of the slopes 0 and 1 of every kink come; the set has all slopes between.
    limits : ends the listing.

    Raises
    ------
    LimitReached, ParameterError
        The latter for an unknown sense, for more than ``MOST_CHOICES`` kinks under ``autodiff``, and otherwise for an F
        with smooth operations at a kink.

    Notes
    -----
    As many pairs as cells, or 2^kinks.
    """
    if sense not in SENSES:
        raise ParameterError(f"{sense!r} is unknown; known: {', '.join(SENSES)}", place="jacobian")
    net = iteration.localised(state).net
    if sense != "autodiff" and not pieces_tell(iteration, state):
        message = "F has smooth operations and kinks there: its derivative does not tell all pieces; autodiff is known"
        raise ParameterError(message, place="jacobian")
    seen: set[Pair] = set()
    for rows in _rows(net, sense, limits):
        limits.check()
        pair = split(iteration, rows)
        if pair not in seen:
            seen.add(pair)
            yield pair


def pieces_tell(iteration: Iteration, state: Vector) -> bool:
    """Whether F'((x, theta); .) has all Jacobians near: F is piecewise linear, or without kinks there.

    relu(t^2 - |x|) has the derivative 0 at 0, and near 0 pieces whose Jacobians tend to others.  A relu of what has the
    derivative 0 itself, such as t^2, counts for none: the Jacobians of both its pieces tend to 0.
    """
    return iteration.program.piecewise_linear or not iteration.localised(state).net.kinks


def split(iteration: Iteration, jacobian: Matrix) -> Pair:
    """The Jacobian of F in all inputs as the pair of its columns of the state and of the parameters."""
    states, parameters = iteration.columns()
    return Pair(
        tuple([tuple([row[column] for column in states]) for row in jacobian]),
        tuple([tuple([row[column] for column in parameters]) for row in jacobian]),
    )


def _rows(net: LocalNet, sense: str, limits: Limits) -> Iterator[Matrix]:
    if sense != "autodiff":
        for piece in pieces(net, limits):
            yield net.scaled(piece.rows)
        return
    if len(net.kinks) > MOST_CHOICES:
        raise ParameterError(f"{len(net.kinks)} kinks; at most {MOST_CHOICES} are listed", place="jacobian")
    for slopes in product((0, 1), repeat=len(net.kinks)):
        yield net.scaled(net.gradient_rows(slopes))
