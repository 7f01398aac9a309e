"""The greatest value of a linear functional on a set of Jacobians: its support function."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import ignore
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.sets import Bound, Point, greatest, product


class Greatest(NamedTuple):
    """The support function in one direction, as far as it is known.

    Attributes
    ----------
    attained : its value at ``point``, a lower bound.
    exact : whether no element has a greater value; ``proof`` shows it, if it could be had.
    proved : no element has a greater value than this; None: not looked into yet.
    """

    attained: Fraction
    point: Point
    exact: bool
    proof: Bound | None = None
    why: str | None = None
    proved: Fraction | None = None


def maximum(
    convex: ClarkeSet,
    functional: Matrix,
    limits: Limits,
    *,
    argued: bool = True,
    heard: Callable[[Greatest], None] = ignore,
) -> Greatest:
    """The greatest <functional, J>, by ever better elements, until there is none or the limits are hit.

    ``heard`` is told of each better element, of smaller bounds, and of the greatest before its proof is sought, which
    may take longer than to know it.
    """
    while True:
        point = greatest(convex.known, functional)
        value = product(functional, point.jacobian)
        heard(Greatest(value, point, exact=False))
        with suppress(LimitReached):
            if convex.improves(functional, limits):
                continue
        known = Greatest(value, point, exact=False, proved=convex.upper(functional, value))
        heard(known)
        found = convex.exceeds(functional, value, limits, argued=False, told=partial(_told, heard, known))
        if found.holds is None:
            return known._replace(why=found.why, proved=convex.upper(functional, value))
        if found.holds:
            break
    answer = Greatest(value, point, exact=True, proved=value)
    if not argued:
        return answer
    heard(answer)
    proof = convex.exceeds(functional, value, limits)
    return answer._replace(proof=proof if proof.holds else None, why=proof.why)


def _told(heard: Callable[[Greatest], None], known: Greatest, proved: Fraction) -> None:
    heard(known._replace(proved=proved))
