"""Branch and bound over signs of kinks: is a linear functional above a bound on some cell?

Kinks are decided inner ones first.  At a place of the tree every kink that may come next is tried both ways: where the
bound by intervals and lines (``interval_bounds``) closes a side, the kink is forced to the other one; what is forced
joins the cone of the place, which an exact question empties or gives a point.  Else the kink is branched on whose sides
both lower the bound most.  The places with the greatest bounds come first, each followed down, so that the greatest
bound of the open places falls: it is proved at any time.  The bound may be raised as better elements are found, and
nothing is done again.  Why a cone is empty is kept (``conflicts``), and spares most questions about others; where no
kink rests on another, a search that is not recorded also lowers its bounds by what avoiding these conflicts costs.  A
price is rounded a few times, by 2^-53 of a cost each time, and all costs are at most 2 together.

What is closed, and why, is one tree by sign (``certificate.tree``): closed sides are its leaves, empty cones its closed
branches.  A search that is not recorded also settles kinks before their turn, by the same bounds and conflicts; no tree
could say so in as few steps.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from fractions import Fraction
from itertools import count
from math import lcm, ldexp
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.certificate.tree import LEAF, Tree
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, Infeasible, StrictCone
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.conflicts import Conflict, Conflicts, conflict
from subgrad_hardness.subdifferentials.interval_bounds import BLOCKED, PASSES, UNDECIDED, IntervalBounds
from subgrad_hardness.subdifferentials.sign_tree import Here, Place, SignTree
from subgrad_hardness.subdifferentials.trees import Grower, Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A cone that has met more forms than this is begun anew.
_MOST_FORMS = 20_000


class Above(NamedTuple):
    """The functional is above the bound on the cell around ``direction``."""

    direction: tuple[int, ...]


class Branching:
    """One functional, a bound that may be raised, and the tree so far.

    Parameters
    ----------
    recorded : keep what closed places end with, for ``tree``.
    after : a search about the same functional, whose conflicts hold here, too.
    """

    def __init__(
        self,
        grower: Grower,
        functional: Matrix,
        bound: Fraction,
        *,
        recorded: bool,
        after: Branching | None = None,
    ) -> None:
        self._grower, self.functional, self.recorded = grower, functional, recorded
        self._bounds = IntervalBounds(grower.flat, grower.scales, functional)
        self._cone, self._numbers, self._met = StrictCone(grower.size), dict[Row, int](), list[Row]()
        self._conflicts: Conflicts = Conflicts(len(self._bounds.columns)) if after is None else after._conflicts
        self._tree = SignTree(grower, self._bounds, recorded=recorded)
        self._costs = None if recorded or self._bounds.by_lines else self._bounds.costs()
        self._serial = count()
        start = tuple([int(index == 0) for index in range(grower.size)])
        self._open: list[tuple[float, int, Place, Row]] = []
        self._next: tuple[float, int, Place, Row] | None = (
            -self._bounds.case(Here(len(self._bounds.columns)).signs).top,
            next(self._serial),
            self._tree.root,
            start,
        )
        self.raise_to(bound)

    def raise_to(self, bound: Fraction) -> None:
        """From now on only values above ``bound`` count; it is not below the last one."""
        self.bound = bound
        self._limit = self._bounds.limit(bound)
        self._excess = self._bounds.rounded(self._limit + 1)  # values are integers over one denominator

    @property
    def upper(self) -> Fraction:
        """No element has a greater value than this (and the bound), as far as the tree goes."""
        places = self._open if self._next is None else [*self._open, self._next]
        return max([self.bound, *(self._bounds.value(-lowest) for lowest, *_ in sorted(places)[:1])])

    def grow(self, limits: Limits) -> Above | bool:
        """Go on: an element above the bound; or True where there is none; or False where a limit came first."""
        while limits.remaining > 0:
            if self._next is None:
                if not self._open:
                    return True
                self._next = heapq.heappop(self._open)
            entry, self._next = self._next, None
            try:
                found = self._expand(entry, limits)
            except LimitReached:
                self._next = entry
                return False
            if found is not None:
                self._next = entry
                return found
        return self._next is None and not self._open

    def tree(self) -> Tree:
        """The tree of a search that is over, and was recorded."""
        return self._tree.tree()

    def _expand(self, entry: tuple[float, int, Place, Row], limits: Limits) -> Above | None:
        """Close a place, or branch there; or a point in a cell above the bound."""
        import numpy as np

        _, _, place, point = entry
        here = self._tree.here(place)
        first, checked = place, len(here.forms) - 1
        while True:
            before, ready = here.decisions, self._tree.ready(here)
            for column in ready:
                sign = here.signs[column]
                if sign != UNDECIDED:  # settled before it was its turn
                    place = self._tree.decide(place, here, column, (sign == BLOCKED, sign == PASSES))
            for column, excluded, why in self._conflicts.next(here.signs):
                if column < 0 and here.excludes(multiples := why.multiples(here.signs.tolist())):
                    self._tree.close(first, place, multiples)
                    return None
                if column >= 0 and here.signs[column] == UNDECIDED:
                    place = self._excluded(place, here, (column, excluded, why), column in ready)
            if here.decisions != before:
                continue
            case = self._bounds.case(here.signs)
            top, left = case.top, None
            if self._costs is not None:
                paid, left, prices = self._conflicts.packed(here.signs, self._costs)
                top -= paid - (ldexp(prices + 4, -50) if self._bounds.margin else 0)
            if self._closes(top, here.signs):
                self._tree.end(place, (LEAF,))
                return None
            if not ready:
                break
            tried = ready if self.recorded else np.flatnonzero(here.signs == UNDECIDED).tolist()
            if left is None:
                passing, blocked = self._bounds.probed(case, tried)
            else:
                blocked, passing = top - left[tried], top - left[len(here.signs) :][tried]
            for column, up, down in zip(tried, passing.tolist(), blocked.tolist(), strict=True):
                closed = (
                    self._closed_side(here.signs, column, up, PASSES),
                    self._closed_side(here.signs, column, down, BLOCKED),
                )
                if any(closed):
                    if column in ready:
                        place = self._tree.decide(place, here, column, closed)
                    else:
                        here.settle(column, BLOCKED if closed[0] else PASSES)
                    if all(closed):
                        self._tree.end(place, (LEAF,))
                        return None
            if here.decisions == before:
                break
        if any(sum(map(mul, form, point)) <= 0 for form in here.forms[max(checked, 0) :]):
            answer = self._asked(here.forms, limits)
            if isinstance(answer, Infeasible):
                self._learn(first, place, here, answer)
                return None
            point = answer.point
            if self._above(point):
                return Above(point)
        if not ready:
            return Above(point)
        tops = {column: pair for column, *pair in zip(tried, passing.tolist(), blocked.tolist(), strict=True)}
        self._branch(place, here, top, {column: tops[column] for column in ready}, point)
        return None

    def _above(self, point: Row) -> bool:
        """Whether the functional is above the bound on the cell around a point, if that is inside of one."""
        import numpy as np

        size, signs, values = self._grower.size, list[int](), list[int]()
        for kink, before in zip(self._bounds.columns, self._bounds.forms, strict=True):
            form = self._grower.flat.kinks[kink]
            level = sum([gain * point[index] for index, gain in form.items() if index < size])
            level += sum([gain * values[other] for other, gain in before.items()])
            if not level:
                return False
            signs.append(PASSES if level > 0 else BLOCKED)
            values.append(max(level, 0))
        cell = np.array(signs, dtype=np.int8)
        return not self._closes(self._bounds.case(cell).top, cell)

    def _closes(self, top: float, signs: NDArray[Any]) -> bool:
        """Whether no value is above the bound in this case; in a search that is recorded, as the verifier finds."""
        if not self._may_close(top):
            return False
        if not (self.recorded and self._bounds.by_lines) and top + self._bounds.margin < self._excess:
            return True
        found = self._bounds.exactly(signs.tolist())
        return found <= self.bound if self.recorded else self._bounds.limit(found) <= self._limit

    def _may_close(self, top: float) -> bool:
        return top - self._bounds.margin < self._excess

    def _closed_side(self, signs: NDArray[Any], column: int, top: float, sign: int) -> bool:
        if not self._may_close(top):
            return False
        tried = signs.copy()
        tried[column] = sign
        return self._closes(top, tried)

    def _branch(self, place: Place, here: Here, top: float, tops: Mapping[int, list[float]], point: Row) -> None:
        """Both sides of the kink whose decision lowers the bound most; ``tops`` are the bounds if it passes, and if it
        is blocked."""

        def lowered(column: int) -> float:
            up, down = tops[column]
            return min(top - up, top - down) + max(top - up, top - down) / 1024

        column = max(tops, key=lowered)
        for side, bound in zip(self._tree.fork(place, here, column), tops[column], strict=True):
            if side is None:
                continue
            entry = (-bound, next(self._serial), side, point)
            if self._next is None:
                self._next = entry
            else:
                self._next, entry = min(self._next, entry), max(self._next, entry)
                heapq.heappush(self._open, entry)

    def _asked(self, forms: list[Row], limits: Limits) -> Feasible | Infeasible:
        if len(self._numbers) > _MOST_FORMS:
            self._cone, self._numbers, self._met = StrictCone(self._grower.size), {}, []
        asked = []
        for form in forms:
            if form not in self._numbers:
                self._numbers[form] = self._cone.add(form)
                self._met.append(form)
            asked.append(self._numbers[form])
        return self._cone.solve(asked, limits)

    def _excluded(self, place: Place, here: Here, found: tuple[int, int, Conflict], ready: bool) -> Place:
        """Branch on a kink of which a conflict excludes a side; the place that is left, which ``here`` becomes.

        A kink that is not ready is settled, if nothing is recorded.
        """
        column, excluded, why = found
        signs = here.signs.tolist()
        here.signs[column] = signs[column] = excluded
        multiples = why.multiples(signs)
        excludes = here.excludes(multiples)
        here.signs[column] = UNDECIDED
        if not excludes:
            return place
        if not ready:
            if not self.recorded:
                here.settle(column, BLOCKED if excluded == PASSES else PASSES)
            return place
        passes, kept = self._tree.fork(place, here, column)
        if passes is not None:
            kept, closed = (kept, passes) if excluded == PASSES else (passes, kept)
            self._tree.close(closed, closed, multiples)
        self._tree.enter(here, kept)
        return kept

    def _learn(self, first: Place, place: Place, here: Here, answer: Infeasible) -> None:
        """Close a place whose forms exclude one another, and keep why."""
        times = {self._met[form]: by for form, by in zip(answer.forms, answer.multipliers, strict=True)}
        named = [branch for branch in place.path() if branch.form in times]
        common = lcm(*(branch.content for branch in named))
        multiples: dict[int, int] = {}
        for branch in named:
            if branch.form in times:
                multiples[branch.column] = times.pop(branch.form) * (common // branch.content)
        self._tree.close(first, place, multiples)
        signs = here.signs.tolist()
        self._conflicts.add(signs, conflict(self._bounds.forms, signs, multiples))
