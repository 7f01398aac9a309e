"""Values and exact derivatives of a net at its point, as library calls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.derivative import lexicographic
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net import evaluation
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.net.vectors import exact_vector


def value(net: NetLike, point: Sequence[NumberLike] | None = None) -> tuple[Fraction, ...]:
    """F(x0), m exact rationals.  Raises NetError, PointError; linear in the nonzeros."""
    return evaluation.value(load(net, point))


def directional_derivative(
    net: NetLike, direction: Sequence[NumberLike], point: Sequence[NumberLike] | None = None
) -> tuple[Fraction, ...]:
    """F'(x0; d), m exact rationals, for p numbers d.

    Raises NetError, PointError.  Linear in the nonzeros; for many directions localise once
    (``local.localise``) and use ``LocalNet.derivative``.
    """
    return localise(load(net, point)).net.derivative(direction)


def lexicographic_derivative(
    net: NetLike, matrix: Sequence[Sequence[NumberLike]], point: Sequence[NumberLike] | None = None
) -> Matrix:
    """J_L(x0; M) for a nonsingular M (p rows; the columns are the directions) [N05, KB15].

    Raises NetError, PointError (also for a singular M).  Vector forward mode: p times the nonzeros.
    """
    return lexicographic.lexicographic_derivative(localise(load(net, point)).net, matrix)


def clarke_subgradient(
    net: NetLike, directions: Sequence[Sequence[NumberLike]] = (), point: Sequence[NumberLike] | None = None
) -> Matrix:
    """One true Clarke subgradient: the Jacobian on the cell that ``directions`` enter, in order [K18].

    Parameters
    ----------
    directions : independent directions, probed first; unit vectors follow where a tie is left.

    Raises NetError, PointError (dependent directions).  Branch locking: about one forward pass a
    direction and one backward pass an output.
    """
    program = load(net, point)
    local = localise(program).net
    leading = [
        integer_direction(exact_vector(direction, program.input_count, f"directions[{number}]"))[0]
        for number, direction in enumerate(directions)
    ]
    return local.scaled(lexicographic.lock_branches(local, leading).rows)
