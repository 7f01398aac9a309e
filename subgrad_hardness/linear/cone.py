"""Homogeneous cones, decided exactly: a point, or multipliers that exclude one.

Given are strict integer forms l_i and weak ones w_j on Q^p.  By Gordan's theorem (without weak forms) and Motzkin's
(with weak forms) exactly one of these holds:

* some d has l_i d > 0 for all i and w_j d >= 0 for all j;
* some combination of all forms with nonnegative multipliers vanishes, and some strict form has a positive multiplier.

The first case is homogeneous, so that "l_i d > 0" may be read as "l_i d >= 1".  The general simplex of Dutertre and de
Moura (CAV 2006) decides such systems without an objective.  It is run here in revised form on a sparse exact inverse,
so that no number is ever rounded, and a cone is found however narrow it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.rational import primitive

# The largest violation is mended first for 200 pivots, and 8 more for each dimension: far more than most questions
# take.  After these Bland's rule makes sure that the simplex does not cycle, but it is slow.
_GREEDY_PIVOTS = 200
_GREEDY_PIVOTS_EACH = 8
# The 4 largest violations that one look at all forms finds are mended one after another, because a look costs as much
# as some pivots.
_AT_ONCE = 4


class Feasible(NamedTuple):
    """``point`` (p integers, primitive) makes every asked strict form positive, every weak one nonnegative."""

    point: tuple[int, ...]


class Infeasible(NamedTuple):
    """The forms numbered ``forms``, times the positive integers ``multipliers``, sum to zero.

    At least one of the forms is strict.  No proper subset of these forms has positive multiples that sum to zero.
    """

    forms: tuple[int, ...]
    multipliers: tuple[int, ...]


class StrictCone:
    """Integer forms on Q^p, strict or weak, of which any subset can be asked, again and again.

    The simplex basis stays between questions, so that a question near the last one costs few pivots.  Which of several
    answers is given may therefore depend on earlier questions.  The inverse of the basis is kept as sparse integer
    columns, each over its own denominator, and a pivot changes only the columns in which the entering form has an
    entry.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._forms: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self._levels: list[int] = []  # 1 for strict forms, 0 for weak ones
        # The basis: position k holds a form number, or None for the coordinate d_k itself.  Column k
        # of the inverse, divided by denominator k, moves d so that of the basis only form k changes.
        self._basis: list[int | None] = [None] * dimension
        self._columns: list[dict[int, int]] = [{index: 1} for index in range(dimension)]
        self._denominators = [1] * dimension
        self._where = [{index} for index in range(dimension)]  # coordinate -> columns that hold it
        self._last = [0] * dimension  # the last point that was found, or one beside it

    def add(self, form: Sequence[int], strict: bool = True) -> int:
        """Register a form (p integers); returns its number."""
        support = tuple(index for index, coefficient in enumerate(form) if coefficient)
        return self.add_sparse(support, tuple(form[index] for index in support), strict)

    def add_sparse(self, support: tuple[int, ...], coefficients: tuple[int, ...], strict: bool = True) -> int:
        """Register a form by its nonzero entries; returns its number."""
        self._forms.append((support, coefficients))
        self._levels.append(int(strict))
        return len(self._forms) - 1

    def form(self, number: int) -> tuple[tuple[int, int], ...]:
        """The nonzero (coordinate, coefficient) pairs of a registered form."""
        return tuple(zip(*self._forms[number], strict=True))

    def solve(self, asked: Iterable[int], limits: Limits | None = None) -> Feasible | Infeasible:
        """Can all forms numbered in ``asked`` hold at once?

        Raises
        ------
        LimitReached
            The basis stays, and the next question starts from it.
        """
        asked = sorted(set(asked))
        wanted = set(asked)
        for number in asked:
            if not self._forms[number][0] and self._levels[number]:
                return Infeasible((number,), (1,))
        if self._flipped(asked):
            return Feasible(primitive(self._last))
        point = self._start(wanted)
        pivots, greedy = 0, _GREEDY_PIVOTS + _GREEDY_PIVOTS_EACH * self.dimension
        while True:
            if limits is not None:
                limits.check()
            bland = pivots >= greedy
            violated = self._violated(asked, point, bland)
            if not violated:
                self._last = list(point.numerators)
                return Feasible(primitive(point.numerators))
            for entering in violated:
                slack = self._slack(entering, point)
                if slack <= 0:  # the pivot for a larger violation has mended this one, too
                    continue
                row = self._row(entering)
                leaving = self._leaving(row, wanted, bland)
                if leaving is None:
                    return self._dependence(entering, row)
                point = self._moved(point, slack, leaving, row[leaving])
                self._pivot(entering, leaving, row)
                pivots += 1

    def _flipped(self, asked: list[int]) -> bool:
        """Whether the last point satisfies all forms, after it was changed for the forms that are single coordinates.

        A violated form with one term asks for the other sign of a coordinate, which is flipped.  Between two models of
        a CDCL solver often nothing else changes; so this spares the simplex many questions.
        """
        point = _Point(self._last, 1)
        changed: dict[int, int] = {}
        for number in asked:
            if self._slack(number, point) > 0:
                support, (coefficient, *more) = self._forms[number]
                if more:
                    return False
                size = max(abs(self._last[support[0]]), 1)
                changed[support[0]] = size if coefficient > 0 else -size
        if changed:
            self._last = [changed.get(index, entry) for index, entry in enumerate(self._last)]
            point = _Point(self._last, 1)
            return all(self._slack(number, point) <= 0 for number in asked)
        return True

    def _start(self, wanted: set[int]) -> _Point:
        """The point at which the wanted strict forms of the basis are 1 and all other members of the basis are 0."""
        chosen = [k for k, form in enumerate(self._basis) if form is not None and form in wanted and self._levels[form]]
        common = math.lcm(*(self._denominators[k] for k in chosen))
        numerators = [0] * self.dimension
        for k in chosen:
            factor = common // self._denominators[k]
            for index, entry in self._columns[k].items():
                numerators[index] += factor * entry
        return _Point(numerators, common)

    def _violated(self, asked: list[int], point: _Point, bland: bool) -> list[int]:
        """The forms that are farthest below their levels at the point, the worst one first; under Bland's rule only the
        form with the smallest number that is below its level."""
        found: list[tuple[int, int]] = []
        for number in asked:
            slack = self._slack(number, point)
            if slack > 0:
                if bland:
                    return [number]
                found.append((-slack, number))
        return [number for _, number in sorted(found)[:_AT_ONCE]]

    def _slack(self, number: int, point: _Point) -> int:
        """How far the form is below its level at the point, times the denominator."""
        support, coefficients = self._forms[number]
        x = point.numerators
        value: int = sum(map(mul, coefficients, [x[i] for i in support]))
        return self._levels[number] * point.denominator - value

    def _row(self, number: int) -> dict[int, int]:
        """The form's nonzero coordinates in the basis, each times its column's denominator."""
        row: dict[int, int] = {}
        for index, coefficient in zip(*self._forms[number], strict=True):
            for k in self._where[index]:
                row[k] = row.get(k, 0) + coefficient * self._columns[k][index]
        return {k: entry for k, entry in row.items() if entry}

    def _leaving(self, row: dict[int, int], wanted: set[int], bland: bool) -> int | None:
        """A position of the basis whose change raises the form without breaking a wanted one; None if there is none.

        Members of the basis that the question does not ask for are preferred, because they do not come back while it
        lasts.  Among equals a sparse column is preferred, which keeps the inverse sparse; under Bland's rule the form
        with the smallest number.
        """
        best: tuple[int, int, int] | None = None
        for k, entry in row.items():
            form = self._basis[k]
            if form is None or form not in wanted:
                rank = (0, len(self._columns[k]), k)
            elif entry > 0:
                rank = (1, 0 if bland else len(self._columns[k]), form)
            else:
                continue
            if best is None or rank < best:
                best, position = rank, k
        return None if best is None else position

    def _dependence(self, entering: int, row: dict[int, int]) -> Infeasible:
        """The entering form is minus a nonnegative combination of wanted basis forms: its row says which one."""
        common = math.lcm(*(self._denominators[k] for k in row))
        entries = {entering: common}
        for k, entry in row.items():
            form = self._basis[k]
            if form is not None:
                entries[form] = -entry * (common // self._denominators[k])
        content = math.gcd(*entries.values())
        return Infeasible(tuple(entries), tuple(entry // content for entry in entries.values()))

    def _moved(self, point: _Point, slack: int, leaving: int, pivot: int) -> _Point:
        """The point once it has been moved along the column that leaves, until the entering form is at its level.

        ``slack`` is how far the entering form is below its level, ``pivot`` its entry in the column.
        """
        x, common = point
        moved = [pivot * entry for entry in x]
        for index, entry in self._columns[leaving].items():
            moved[index] += slack * entry
        common *= pivot
        content = math.gcd(common, *moved) if common > 0 else -math.gcd(common, *moved)
        return _Point([entry // content for entry in moved], common // content)

    def _pivot(self, entering: int, leaving: int, row: dict[int, int]) -> None:
        """The entering form takes a position of the basis; all divisions are exact."""
        pivot, moved = row[leaving], self._columns[leaving]
        for k, entry in row.items():
            if k == leaving:
                continue
            column = self._columns[k]
            changed = {index: pivot * value for index, value in column.items()}
            for index, value in moved.items():
                total = changed.get(index, 0) - entry * value
                if total:
                    if index not in column:
                        self._where[index].add(k)
                    changed[index] = total
                elif index in column:
                    self._where[index].discard(k)
                    del changed[index]
            self._set(k, changed, self._denominators[k] * pivot)
        self._set(leaving, moved, pivot)
        self._basis[leaving] = entering

    def _set(self, k: int, column: dict[int, int], denominator: int) -> None:
        """Column k in lowest terms, its denominator positive."""
        content = math.gcd(denominator, *column.values())
        if denominator < 0:
            content = -content
        if content != 1:
            column = {index: value // content for index, value in column.items()}
        self._columns[k] = column
        self._denominators[k] = denominator // content


class _Point(NamedTuple):
    """A rational point: integers over one positive denominator."""

    numerators: list[int]
    denominator: int


def interior_point(
    forms: Sequence[Sequence[int]], dimension: int, limits: Limits | None = None
) -> Feasible | Infeasible:
    """One question: is there a d with form d > 0 for all ``forms``?  Raises LimitReached."""
    cone = StrictCone(dimension)
    return cone.solve([cone.add(form) for form in forms], limits)
