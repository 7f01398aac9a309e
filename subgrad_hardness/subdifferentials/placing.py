"""Where a matrix lies beside a convex set of Jacobians: in it, or how far from it (SPEC 7, column generation).

Known elements span a hull, whose point x nearest to the target v is found exactly.  If x is v, v is a combination of
them.  Else v - x separates v from what is known, and the set is asked for an element beyond: if there is one it joins
the hull, and if not, v is outside, and x the nearest point of the set.  For membership alone the bound asked for lies
near v, where it is easier to prove.  The hulls grow by vertices of the set, so this ends.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.progress import ignore
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.interval_separation import Separated, separated_by_intervals
from subgrad_hardness.subdifferentials.nearest import Hull, Nearest
from subgrad_hardness.subdifferentials.sets import Bound, ConvexSet, Point, greatest, product, values

# A separating functional is rounded to integers of these sizes in turn: short numbers are quick.
_GRIDS = (2**6, 2**12, 2**24)


class Separation(NamedTuple):
    """<functional, J> <= bound < <functional, target> for all J of the set; ``proof`` shows the first."""

    functional: Matrix
    bound: Fraction
    proof: Bound


class Placed(NamedTuple):
    """Where a target lies.

    Attributes
    ----------
    inside : whether it is in the set; None: not known within the limits, and ``why``.
    nearest : the point of the hull of known elements that is nearest to it, m x p; the target itself if it is inside.
    squared_distance : of that point, exact: that of the set if ``closest``, else an upper bound.
    combination : known elements with weights that give ``nearest``.
    separation : why the target is outside.  With ``closest`` its bound is attained at ``nearest``.
    """

    inside: bool | None
    closest: bool
    nearest: Matrix
    squared_distance: Fraction
    combination: tuple[tuple[Fraction, Point], ...]
    separation: Separation | None = None
    why: str | None = None


class Placing:
    """A target beside a set; asked again it goes on where limits stopped it."""

    def __init__(self, convex: ConvexSet, target: Matrix) -> None:
        self.convex, self.target = convex, target
        self._hull = Hull([entry for row in target for entry in row])
        self._joined: list[Point] = []
        self._seen: set[Matrix] = set()
        self._looked = False

    def place(
        self,
        limits: Limits,
        *,
        closest: bool = False,
        argued: bool = True,
        proposed: Matrix | None = None,
        heard: Callable[[Placed], None] = ignore,
    ) -> Placed:
        """Decide membership or, with ``closest``, find the nearest point; ``heard`` is told of each nearer one.

        A functional that is ``proposed`` is asked about first, unless what is known says that the target is inside.
        An exact nearest point and a question to the set for each element that joins.
        """
        while True:
            self._join()
            if self.target in self._seen:
                number = next(n for n, point in enumerate(self._joined) if point.jacobian == self.target)
                combination = ((Fraction(1), self._joined[number]),)
                return Placed(True, True, self.target, Fraction(0), combination)
            try:
                nearest = self._hull.nearest(limits)
            except LimitReached as reached:
                return self._placed(None, False, self._hull.nearest(), why=str(reached))
            if not any(nearest.offset):
                return self._placed(True, True, nearest)
            heard(self._placed(None, False, nearest))
            if proposed is not None:
                functional, proposed = proposed, None
            else:
                functional = self._matrix([-entry for entry in nearest.offset])
                rounded = self._rounded(nearest)
                if self._improves(rounded or functional, limits):
                    continue
                if not closest and (separated := self._by_intervals(functional, limits)) is not None:
                    found = self.convex.exceeds(*separated, limits, argued=argued)
                    return self._placed(False, False, nearest, Separation(*separated, found), found.why)
                if rounded is not None and not closest:
                    functional = rounded
            known = product(functional, greatest(self._joined, functional).jacobian)
            bound = known if closest else (known + 7 * product(functional, self.target)) / 8
            found = self.convex.exceeds(functional, bound, limits, argued=argued)
            if found.holds is None:
                return self._placed(None, False, nearest, why=found.why)
            if found.holds:
                return self._placed(False, closest, nearest, Separation(functional, bound, found), found.why)

    def _rounded(self, nearest: Nearest) -> Matrix | None:
        """The functional in small integers, if it still separates the target from all elements known."""
        top = max(map(abs, nearest.offset))
        for grid in _GRIDS:
            functional = self._matrix([Fraction(round(-entry * grid / top)) for entry in nearest.offset])
            level = product(functional, self.target)
            value = values(functional)
            if all(value(point) < level for point in self._joined):
                return functional
        return None

    def _by_intervals(self, functional: Matrix, limits: Limits) -> Separated | None:
        """What intervals alone separate the target by; looked for once."""
        if self._looked:
            return None
        self._looked = True
        inside = self._matrix(self._middle())
        if product(functional, self.target) <= product(functional, inside):
            return None
        with suppress(LimitReached):
            return separated_by_intervals(self.convex.grower, self.target, inside, functional, limits)
        return None

    def _middle(self) -> list[Fraction]:
        """The mean of all elements known."""
        flats = [[entry for row in point.jacobian for entry in row] for point in self._joined]
        return [sum(column, Fraction(0)) / len(flats) for column in zip(*flats, strict=True)]

    def _improves(self, functional: Matrix, limits: Limits) -> bool:
        """Whether a search has brought elements that are nearer; a limit ends it."""
        with suppress(LimitReached):
            return self.convex.improves(functional, limits)
        return False

    def _join(self) -> None:
        for point in self.convex.known:
            if point.jacobian not in self._seen:
                self._seen.add(point.jacobian)
                self._joined.append(point)
                self._hull.add([entry for row in point.jacobian for entry in row])

    def _matrix(self, flat: list[Fraction]) -> Matrix:
        width = len(flat) // len(self.target)
        return tuple([tuple(flat[start : start + width]) for start in range(0, len(flat), width)])

    def _placed(
        self,
        inside: bool | None,
        closest: bool,
        nearest: Nearest,
        separation: Separation | None = None,
        why: str | None = None,
    ) -> Placed:
        combination = tuple([(weight, self._joined[number]) for number, weight in nearest.weights.items()])
        return Placed(
            inside, closest, self._matrix(list(nearest.point)), nearest.squared_distance, combination, separation, why
        )
