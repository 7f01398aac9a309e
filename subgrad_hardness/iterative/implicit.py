"""J_imp(theta) = {(I - A)^-1 B : [A, B] in J_F}: its hull holds d_C of the limit, and J_pb holds it.

For `autodiff` conv J_imp is the hull of the values at slopes in {0, 1}, if det(I - A(s)) has one sign there: <U, J(s)>
is a ratio of two functions that are affine in each slope, so monotone in each one.  For `lexicographic` it is finite.
For `clarke` the hull of the values at the pieces is enough if the state is one number, <U, J> being a ratio of affine
functions, or if there are two pieces whose pairs differ by a matrix of rank one.  Else the values at pieces and between
them are members, and conv J_pb is what J_imp cannot leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.attractor_hull import extreme
from subgrad_hardness.iterative.group_inverse import Implicit, implicit_value
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import Pair, pairs
from subgrad_hardness.iterative.resolvent import flat, implicit, rational_matrix, shaped
from subgrad_hardness.iterative.solvability import MOST_KINKS, one_sign
from subgrad_hardness.iterative.state_system import state_system
from subgrad_hardness.local.local_net import Matrix

# Between so many pairs of pieces further members are sampled, at these shares.
_MOST_BETWEEN, _SHARES = 200, (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


class ImplicitSet(NamedTuple):
    """What is known of J_imp.

    Attributes
    ----------
    pairs, values : of the pieces or choices, and what the implicit rule says of each.
    members : the vertices of the hull of the values, and for ``clarke`` of sampled ones between.
    hull_exact : whether their hull is conv J_imp.
    """

    pairs: tuple[Pair, ...]
    values: tuple[Implicit, ...]
    members: tuple[Matrix, ...]
    hull_exact: bool


def implicit_set_of(
    iteration: Iteration, state: Vector, sense: str, singular: str, limits: Limits = NO_LIMITS
) -> ImplicitSet:
    """At a fixed point.  Raises LimitReached, and ParameterError for too many kinks."""
    found = tuple(pairs(iteration, state, sense, limits))
    values = []
    for pair in found:
        limits.check()
        values.append(implicit_value(pair, singular))
    regular = all(value.case == "regular" for value in values)
    whole = regular and _whole(iteration, state, sense, found, limits)
    known = [value.value for value in values if value.value is not None]
    if sense == "clarke" and not whole:
        known += _between(found, limits)
    points = list(dict.fromkeys(map(flat, known)))
    width = len(iteration.parameters)
    members = tuple([shaped(point, width) for point in extreme(points, limits)]) if points else ()
    return ImplicitSet(found, tuple(values), members, whole)


def _whole(iteration: Iteration, state: Vector, sense: str, found: Sequence[Pair], limits: Limits) -> bool:
    """Whether the values at these pairs have the hull of all values, as the head of this file says."""
    if sense == "lexicographic" or len(found) == 1:
        return True
    system = state_system(iteration, iteration.localised(state).net)
    if len(system.kinks) > MOST_KINKS or not one_sign(system, limits):
        return False
    if sense == "autodiff" or len(state) == 1:
        return True
    if len(found) > 2:
        return False
    left, right = [[(*row, *more) for row, more in zip(pair.a, pair.b, strict=True)] for pair in found]
    difference = [[x - y for x, y in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]
    return bool(rational_matrix(difference, len(difference[0])).rank() == 1)


def _between(found: tuple[Pair, ...], limits: Limits) -> list[Matrix]:
    values = []
    for number, (left, right) in enumerate(combinations(found, 2)):
        if number == _MOST_BETWEEN:
            break
        limits.check()
        for share in _SHARES:
            value = implicit(Pair(_mixed(left.a, right.a, share), _mixed(left.b, right.b, share)))
            if value is not None:
                values.append(value)
    return values


def _mixed(left: Matrix, right: Matrix, share: Fraction) -> Matrix:
    return tuple(
        [
            tuple([(1 - share) * x + share * y for x, y in zip(*rows, strict=True)])
            for rows in zip(left, right, strict=True)
        ]
    )
