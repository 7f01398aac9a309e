"""Homogeneous cones, decided exactly: a point, or multipliers that exclude one.

For strict integer forms l_i and weak ones w_j on Q^p exactly one holds (Gordan's theorem without
weak forms, Motzkin's with them): some d has all l_i d > 0 and w_j d >= 0, or some nonnegative
combination of all forms vanishes in which some strict form has a positive multiplier.  By
homogeneity the first is { l_i d >= 1, w_j d >= 0 }, which the general simplex of Dutertre and de
Moura (CAV 2006) decides without an objective; it is run here in revised form on an
integer-preserving inverse (Edmonds, Bareiss), so that no number is ever rounded and cones of any
width are found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.limits import Limits
from subgrad_hardness.net.rational import primitive

# Bland's rule ends always but slowly; the largest violation is tried first for this many pivots,
# and this many more for each dimension.
_GREEDY_PIVOTS = 200
_GREEDY_PIVOTS_EACH = 8


class Feasible(NamedTuple):
    """``point`` (p integers, primitive) makes every asked strict form positive, every weak one nonnegative."""

    point: tuple[int, ...]


class Infeasible(NamedTuple):
    """The forms numbered ``forms``, times the positive integers ``multipliers``, sum to zero.

    At least one of the forms is strict.  The support is minimal: no proper subset of these forms is
    positively dependent.
    """

    forms: tuple[int, ...]
    multipliers: tuple[int, ...]


class StrictCone:
    """Integer forms on Q^p, strict or weak, of which any subset can be asked, again and again.

    The simplex basis stays between questions, so that a question near the last one costs few
    pivots.  A pivot costs O(p^2) integer operations, pricing O(nonzeros of the asked forms).
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._forms: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self._levels: list[int] = []  # 1 for strict forms, 0 for weak ones
        # The basis: position k holds a form number, or None for the coordinate d_k itself.
        # Column k of the inverse, times the denominator, moves d so that only form k changes.
        self._basis: list[int | None] = [None] * dimension
        self._columns = [[int(row == column) for row in range(dimension)] for column in range(dimension)]
        self._denominator = 1

    def add(self, form: Sequence[int], strict: bool = True) -> int:
        """Register a form (p integers); returns its number."""
        support = tuple(index for index, coefficient in enumerate(form) if coefficient)
        return self.add_sparse(support, tuple(form[index] for index in support), strict)

    def add_sparse(self, support: tuple[int, ...], coefficients: tuple[int, ...], strict: bool = True) -> int:
        """Register a form by its nonzero entries; returns its number."""
        self._forms.append((support, coefficients))
        self._levels.append(int(strict))
        return len(self._forms) - 1

    def solve(self, asked: Iterable[int], limits: Limits | None = None) -> Feasible | Infeasible:
        """Can all forms numbered in ``asked`` hold at once?  Raises LimitReached."""
        asked = sorted(set(asked))
        wanted = set(asked)
        for number in asked:
            if not self._forms[number][0] and self._levels[number]:
                return Infeasible((number,), (1,))
        point = self._start(wanted)
        pivots, greedy = 0, _GREEDY_PIVOTS + _GREEDY_PIVOTS_EACH * self.dimension
        while True:
            if limits is not None:
                limits.check()
            entering, slack = self._violated(asked, point, pivots >= greedy)
            if entering is None:
                return Feasible(primitive(point))
            row = self._row(entering)
            leaving = self._leaving(row, wanted)
            if leaving is None:
                return self._dependence(entering, row)
            point = self._pivot(entering, leaving, row, point, slack)
            pivots += 1

    def _start(self, wanted: set[int]) -> list[int]:
        """denominator * d, where wanted strict basis forms stand at 1 and all others at 0."""
        columns = [
            column
            for form, column in zip(self._basis, self._columns, strict=True)
            if form is not None and form in wanted and self._levels[form]
        ]
        return [sum(entries) for entries in zip(*columns, strict=True)] if columns else [0] * self.dimension

    def _violated(self, asked: list[int], point: list[int], bland: bool) -> tuple[int | None, int]:
        """A form below its level at the point (the worst of all, or the first under Bland's rule)."""
        worst, most = None, 0
        levels = (0, self._denominator)
        for number in asked:
            support, coefficients = self._forms[number]
            value = sum(map(mul, coefficients, [point[index] for index in support]))
            slack = levels[self._levels[number]] - value
            if slack > most:
                worst, most = number, slack
                if bland:
                    break
        return worst, most

    def _row(self, number: int) -> list[int]:
        """denominator * coordinates of the form in the basis."""
        support, coefficients = self._forms[number]
        if len(support) == 1:
            (index,), (coefficient,) = support, coefficients
            return [coefficient * column[index] for column in self._columns]
        return [sum(map(mul, coefficients, [column[index] for index in support])) for column in self._columns]

    def _leaving(self, row: list[int], wanted: set[int]) -> int | None:
        """A basis position whose change raises the form and breaks nothing; free ones first."""
        best: int | None = None
        for position, entry in enumerate(row):
            if not entry:
                continue
            form = self._basis[position]
            if form is None or form not in wanted:
                return position
            if entry > 0:
                incumbent = None if best is None else self._basis[best]
                if incumbent is None or form < incumbent:
                    best = position
        return best

    def _dependence(self, entering: int, row: list[int]) -> Infeasible:
        entries = [(number, -entry) for number, entry in zip(self._basis, row, strict=True) if entry]
        forms = [entering, *(number for number, _ in entries if number is not None)]
        multipliers = [self._denominator, *(entry for _, entry in entries)]
        content = math.gcd(*multipliers)
        return Infeasible(tuple(forms), tuple(multiplier // content for multiplier in multipliers))

    def _pivot(self, entering: int, leaving: int, row: list[int], point: list[int], slack: int) -> list[int]:
        """Exchange a basis form; returns the new point.  All divisions are exact (minors of the forms)."""
        denominator, pivot, moved = self._denominator, row[leaving], self._columns[leaving]
        point = [(pivot * x + slack * c) // denominator for x, c in zip(point, moved, strict=True)]
        for position, entry in enumerate(row):
            if position == leaving or (not entry and pivot == denominator):
                continue
            column = self._columns[position]
            self._columns[position] = [
                (pivot * x - entry * c) // denominator for x, c in zip(column, moved, strict=True)
            ]
        self._basis[leaving] = entering
        self._denominator = pivot
        if pivot < 0:  # the denominator stays positive
            self._denominator = -pivot
            self._columns = [[-x for x in column] for column in self._columns]
            point = [-x for x in point]
        return point


def interior_point(
    forms: Sequence[Sequence[int]], dimension: int, limits: Limits | None = None
) -> Feasible | Infeasible:
    """One question: is there a d with form d > 0 for all ``forms``?  Raises LimitReached."""
    cone = StrictCone(dimension)
    return cone.solve([cone.add(form) for form in forms], limits)
