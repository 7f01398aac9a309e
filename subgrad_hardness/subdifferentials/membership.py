"""Membership of a matrix in d_C and d_L, by column generation.

The members known are searched for the point of their hull that is nearest to the matrix (exactly, ``nearest``).  If it
is the matrix, the combination shows it.  Else a functional separates the matrix from all of them, and a member that it
does not separate is looked for: one more column; if there is none, the matrix is outside.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.local_net import Matrix, Rows
from subgrad_hardness.subdifferentials.functional import product
from subgrad_hardness.subdifferentials.hull import Combined, Hull
from subgrad_hardness.subdifferentials.oracle import Higher, Oracle, Proof
from subgrad_hardness.subdifferentials.sign_tree import Branch, Listed


class Outside(NamedTuple):
    """<U, J> <= bound < <U, matrix> for all J in d_C, with U the m x p matrix ``functional``."""

    functional: Matrix
    bound: Fraction
    proof: Proof


class Unlisted(NamedTuple):
    """No Jacobian of d_L is the matrix; ``tree`` lists them all."""

    tree: Branch


class Unknown(NamedTuple):
    """Not decided within the limits."""

    why: str


def in_clarke(oracle: Oracle, matrix: Matrix, limits: Limits, *, argued: bool = True) -> Combined | Outside | Unknown:
    """Whether the m x p matrix is in d_C F(x0), the hull of d_L F(x0).

    Few exact solves in m p dimensions, and as many searches for members; the last question is as hard as a bound on the
    support function is (NP-hard).  ``argued``: whether an engine's refutation is to come with an argument.
    """
    hull = Hull(oracle, matrix)
    try:
        oracle.begin()
        while True:
            limits.check()
            hull.refresh()
            separating = hull.separating()
            if separating is None:
                nearest = hull.nearest(limits)
                if not any(nearest.point):
                    return hull.combined(nearest)
                separating = tuple([tuple([-entry for entry in row]) for row in hull.difference(nearest)])
            asked = oracle.functional(separating)
            known, _ = oracle.greatest(asked)
            if oracle.improve(asked, known, limits):
                continue
            below = math.ceil(product(separating, matrix) * asked.denominator) - 1
            bound = known + (below - known) * 7 // 8  # the nearer to the matrix, the easier to show
            answer = oracle.bound(asked, bound, limits, argued=argued)
            if isinstance(answer, Proof):
                return Outside(separating, Fraction(bound, asked.denominator), answer)
            if not isinstance(answer, Higher):
                return Unknown("a functional separates the vector from the members known, but not provably from all")
    except LimitReached as reached:
        return Unknown(str(reached))


def in_lexicographic(oracle: Oracle, matrix: Matrix, limits: Limits, *, most: int) -> Element | Unlisted | Unknown:
    """Whether the m x p matrix is in d_L F(x0): it is known already, or is seen where all members are listed, which may
    take at most ``most`` branches."""
    rows = unscaled(oracle, matrix)
    known = None if rows is None else oracle.members.get(rows)
    if known is not None:
        return known
    try:
        listed = oracle.tree.listed(limits, most)
    except LimitReached as reached:
        return Unknown(str(reached))
    if not isinstance(listed, Listed):
        return Unknown(f"more than {most} branches would have to be looked at")
    for piece in listed.pieces:
        if piece.rows == rows:
            element = oracle.at(piece.interior)
            oracle.add(element)
            return element
    return Unlisted(listed.tree)


def unscaled(oracle: Oracle, matrix: Matrix) -> Rows | None:
    """The rows that are ``matrix`` with the output scales; None where these are no integers."""
    found = []
    for scale, row in zip(oracle.net.scales, matrix, strict=True):
        entries = [entry / scale for entry in row]
        if any(entry.denominator != 1 for entry in entries):
            return None
        found.append(tuple([int(entry) for entry in entries]))
    return tuple(found)
