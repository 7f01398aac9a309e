"""Membership of a matrix in d_C and d_L, by column generation.

The members known are searched for the point of their hull that is nearest to the matrix (exactly, ``nearest``).  If it
is the matrix, the combination shows it.  Else a functional separates the matrix from all of them, and a member that it
does not separate is looked for: one more column; if there is none, the matrix is outside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.local_net import Matrix, Rows
from subgrad_hardness.subdifferentials.functional import Functional
from subgrad_hardness.subdifferentials.nearest import Nearest, nearest, nearest_floats
from subgrad_hardness.subdifferentials.oracle import Higher, Oracle, Proof
from subgrad_hardness.subdifferentials.sign_tree import Branch, Listed

#: A separating functional is rounded to integers of these sizes in turn, and used where it still separates.
_GRIDS = (2**6, 2**12, 2**24, 2**48)
#: A squared distance below this, where the farthest member's largest entry is 1, is taken to be zero by floats.
_NEAR = 1e-14


class Combined(NamedTuple):
    """The matrix is the convex combination of members of d_L with these weights."""

    weights: tuple[Fraction, ...]
    elements: tuple[Element, ...]


class Outside(NamedTuple):
    """<U, J> <= bound < <U, matrix> for all J in d_C."""

    functional: Functional
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
    support function is (NP-hard).
    """
    shifted = _Shifted(oracle, matrix)
    try:
        while True:
            limits.check()
            found = shifted.separated(limits)
            if isinstance(found, Combined):
                return found
            asked, level = found
            known = max(map(asked.numerator, oracle.members))
            if oracle.improve(asked, known, limits):
                continue
            bound = known + (math.ceil(level) - 1 - known) * 7 // 8  # nearer to the matrix: the easier to show
            answer = oracle.bound(asked, bound, limits, argued=argued)
            if isinstance(answer, Proof):
                return Outside(asked, Fraction(bound, asked.denominator), answer)
            if not isinstance(answer, Higher):
                return Unknown("a separating functional is found, but no proof that it separates from all members")
    except LimitReached as reached:
        return Unknown(str(reached))


def in_lexicographic(
    oracle: Oracle, matrix: Matrix, limits: Limits, *, most: int
) -> Element | Unlisted | Unknown:
    """Whether the m x p matrix is in d_L F(x0): known already, or seen where all members are listed, in at most
    ``most`` branches."""
    rows = unscaled(oracle, matrix)
    known = None if rows is None else oracle.members.get(rows)
    if known is not None:
        return known
    try:
        listed = oracle.tree.listed(limits, most)
    except LimitReached as reached:
        return Unknown(str(reached))
    if not isinstance(listed, Listed):
        return Unknown(f"there are more than {most} branches")
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


class _Shifted:
    """The members known, minus the matrix, in integers over one denominator."""

    def __init__(self, oracle: Oracle, matrix: Matrix) -> None:
        self.oracle = oracle
        self.matrix = matrix
        scales = oracle.net.scales
        entries = list(chain.from_iterable(matrix))
        common = math.lcm(*(entry.denominator for entry in entries), *(scale.denominator for scale in scales))
        self._factors = [int(scale * common) for scale in scales]
        self._matrix = [int(entry * common) for entry in entries]
        self._elements: list[Element] = []
        self._points: list[tuple[int, ...]] = []

    def separated(self, limits: Limits) -> Combined | tuple[Functional, Fraction]:
        """A combination, or a functional that is less at all known members than at the matrix, and its numerator there."""
        oracle = self.oracle
        assert oracle.proposer or True
        for element in list(oracle.members.values())[len(self._elements) :]:
            self._elements.append(element)
            flat = [factor * entry for factor, row in zip(self._factors, element.rows, strict=True) for entry in row]
            self._points.append(tuple(map(int.__sub__, flat, self._matrix)))
        about, _ = nearest_floats(self._points)
        if float(about @ about) > _NEAR:
            top = float(abs(about).max())
            for grid in _GRIDS:
                direction = [-round(float(entry) / top * grid) for entry in about]
                if all(sum(map(mul, direction, point)) < 0 for point in self._points):
                    return self._functional(direction)
        exact: Nearest = nearest(self._points, limits)
        if not any(exact.point):
            return Combined(exact.weights, tuple([self._elements[place] for place in exact.places]))
        return self._functional([-entry for entry in exact.point])

    def _functional(self, direction: Sequence[int]) -> tuple[Functional, Fraction]:
        content = math.gcd(*direction)
        size = self.oracle.net.inputs
        flat = [Fraction(entry // content) for entry in direction]
        rows = tuple([tuple(flat[start : start + size]) for start in range(0, len(flat), size)])
        asked = self.oracle.functional(rows)
        level = sum(map(mul, flat, chain.from_iterable(self.matrix)), Fraction(0))
        return asked, level * asked.denominator
