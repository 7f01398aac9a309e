"""J_pb(theta): what the derivatives along the iterates can tend to; its hull, support and members."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.attractor_hull import AttractorHull, Point, attractor_hull, extreme, whole_points
from subgrad_hardness.iterative.contraction_of_products import Contraction, contraction
from subgrad_hardness.iterative.inverse_orbit import InverseOrbit, Traced
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import Pair, pairs
from subgrad_hardness.iterative.resolvent import act, columns_of, flat, shaped
from subgrad_hardness.iterative.scalar_hull import scalar_hull
from subgrad_hardness.iterative.support_search import searched
from subgrad_hardness.iterative.verifying.attractor import HullClaim
from subgrad_hardness.iterative.verifying.spectral_format import Upper
from subgrad_hardness.iterative.words import Letters, Word
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.nearest import nearest_point

if TYPE_CHECKING:
    from subgrad_hardness.iterative.compiled import Array

#: So many steps of the hull are made, unless another number is asked for.
STEPS = 40
# More pairs than this are not reduced to the vertices of their hull.
_FEW_PAIRS, _FEW_ENTRIES = 64, 16
# With so many vertices floating point looks first.
_MANY = 64


class Within(NamedTuple):
    """Whether a matrix is in conv J_pb.

    ``inside`` with ``weights`` of the words' members, by the words' numbers; not ``inside`` with ``separation``: <U, .>
    is greater at the matrix than anywhere on conv J_pb.  None: it lies in the gap.
    """

    inside: bool | None
    weights: dict[int, Fraction]
    separation: Matrix | None = None


class PiggybackSet:
    """conv J_pb by its vertices or within a gap, and J_pb itself for finitely many pairs.

    Attributes
    ----------
    pairs : [A, B], of which J_F consists (``lexicographic``) or whose hull has the same hull of J_pb.
    covered : the other pairs of J_F, which are convex combinations of ``pairs``.
    contraction : the norm in which they contract.
    members : the vertices of P, by word; P = conv J_pb if ``exact``.
    gap : else conv J_pb is within this of P in the norm, column by column.
    """

    def __init__(
        self, letters: Letters, contracting: Contraction, hull: AttractorHull, sense: str, covered: Sequence[Pair] = ()
    ) -> None:
        self.letters, self.contraction, self.sense, self.covered = letters, contracting, sense, tuple(covered)
        self.pairs = letters.pairs
        self.exact, self.gap = hull.exact, hull.gap
        self.width = len(self.pairs[0].b[0])
        self._points: tuple[Point, ...] = tuple(hull.words)
        self.words: tuple[Word, ...] = tuple(hull.words.values())
        self.members: tuple[Matrix, ...] = tuple([shaped(point, self.width) for point in self._points])

    def support(
        self, functional: Matrix, below: Fraction | None = None, limits: Limits = NO_LIMITS
    ) -> tuple[Fraction, Fraction]:
        """The greatest <U, X> over conv J_pb: between these two, which are equal if ``exact``.

        ``below``: only whether it is less than this matters.
        """
        direction = flat(functional)
        low = max([sum(map(_times, direction, point), Fraction(0)) for point in self._points])
        if self.exact:
            return low, low
        high = low + self._ball(functional)
        if below is not None and not low < below <= high:
            return low, high
        found = searched(self.pairs, functional, self._bounds, below, limits)
        return max(low, found[0]), max(low, min(high, found[1]))

    def _ball(self, functional: Matrix) -> Fraction:
        """How far the gap may reach."""
        return self.gap * sum(map(self.contraction.reach, columns_of(functional)), Fraction(0))

    @cached_property
    def _doubles(self) -> tuple[Array, Array] | None:
        """The points as doubles, and the greatest size of each entry; None where rounding is not relative."""
        import numpy as np

        if not all(map(_is_plain, self._points)):
            return None
        points = np.array([list(map(as_double, point)) for point in self._points])
        return points, np.abs(points).max(axis=0)

    def _bounds(self, functional: Matrix) -> tuple[Fraction, Fraction]:
        """As ``support``, sooner: products in doubles, with a bound of their errors.

        A sum of n products of rounded numbers is within (n + 2) 2^-52 of the sum of their sizes.
        """
        entries = flat(functional)
        if self._doubles is None or not _is_plain(entries):
            low = max([sum(map(_times, entries, point), Fraction(0)) for point in self._points])
            return low, low + self._ball(functional)
        import numpy as np

        points, sizes = self._doubles
        direction = np.array(list(map(as_double, entries)))
        value = Fraction(float((points @ direction).max()))
        slack = Fraction(float(np.abs(direction) @ sizes)) * (len(direction) + 4) / 2**50
        return value - slack, value + slack + self._ball(functional)

    def within(self, target: Matrix, limits: Limits = NO_LIMITS) -> Within:
        """Whether ``target`` is in conv J_pb.  Raises LimitReached."""
        point = flat(target)
        proposed = self._proposed(point)
        if proposed is not None:
            return proposed
        nearest = nearest_point(point, self._points, limits)
        if not nearest.squared_distance:
            return Within(True, dict(nearest.weights))
        separation = shaped([-entry for entry in nearest.offset], self.width)
        value = sum(map(_times, flat(separation), point), Fraction(0))
        if value > self.support(separation, below=value, limits=limits)[1]:
            return Within(False, {}, separation)
        return Within(None, {})

    def _proposed(self, point: Point) -> Within | None:
        """Of many points: what floating point proposes, where it is so exactly."""
        if len(self._points) < _MANY or len(point) < 3:
            return None
        from subgrad_hardness.subdifferentials.vertex_filter import Cloud, nearest_rows

        cloud, number = Cloud(whole_points([*self._points, point])[0]), len(self._points)
        away, around, _ = nearest_rows(cloud.white[:number], cloud.white[number])
        if away is None:
            weights = cloud.surrounded(number, around)
            return None if weights is None else Within(True, weights)
        separation = shaped(map(Fraction, cloud.functional(away)), self.width)
        value = sum(map(_times, flat(separation), point), Fraction(0))
        return Within(False, {}, separation) if value > self.support(separation, below=value)[1] else None

    def member(self, target: Matrix, limits: Limits = NO_LIMITS) -> Traced:
        """Whether ``target`` is in J_pb itself.  Raises LimitReached.

        For a set of pairs that is connected, J_pb of numbers is an interval, and the hull says all; else only members
        of the hull that a word leads to are known.
        """
        if self.sense != "lexicographic":
            placed = self.within(target, limits).inside
            if placed and len(flat(target)) > 1:
                word = dict(zip(self.members, self.words, strict=True)).get(target)
                return Traced(None if word is None else True, word)
            return Traced(placed)
        return InverseOrbit(self.letters, self._outside).trace(target, limits)

    def _outside(self, target: Matrix) -> bool:
        point = flat(target)
        size = len(target)
        units = [tuple([Fraction(int(i == j)) for j in range(size)]) for i in range(size)]
        reach = [more for unit in units for more in [self.gap * self.contraction.reach(unit)] * self.width]
        columns = zip(*self._points, strict=True)
        for entry, column, more in zip(point, columns, reach, strict=True):
            if not min(column) - more <= entry <= max(column) + more:
                return True
        return self.within(target).inside is False


def piggyback_set_of(
    iteration: Iteration, state: Vector, sense: str, steps: int = STEPS, limits: Limits = NO_LIMITS
) -> PiggybackSet:
    """At a fixed point.

    Raises ParameterError where no contraction was found, or for too many kinks, and LimitReached before the fixed
    points of the maps are known.
    """
    every = list(pairs(iteration, state, sense, limits))
    letters = Letters(_reduced(every, sense, limits))
    covered = [pair for pair in every if pair not in letters.pairs]
    found = contraction([pair.a for pair in letters.pairs], limits)
    if found is None:
        raise ParameterError("no norm was found in which its Jacobians contract at the fixed point", place="iteration")
    if len(state) == 1 == len(iteration.parameters):
        interval = scalar_hull([(pair.a[0][0], pair.b[0][0]) for pair in letters.pairs], limits)
        ends: dict[Point, Word] = {(interval.low,): interval.words[0], (interval.high,): interval.words[1]}
        return PiggybackSet(letters, found, AttractorHull(ends, True, Fraction(0)), sense, covered)
    return PiggybackSet(letters, found, attractor_hull(letters, found, steps, limits), sense, covered)


def _reduced(given: Sequence[Pair], sense: str, limits: Limits) -> list[Pair]:
    """Of a hull of pairs the vertices; of the finite set itself all."""
    entries = [(*flat(pair.a), *flat(pair.b)) for pair in given]
    if sense == "lexicographic" or not 2 < len(given) <= _FEW_PAIRS or len(entries[0]) > _FEW_ENTRIES:
        return list(given)
    kept = set(extreme(entries, limits))
    return [pair for pair, point in zip(given, entries, strict=True) if point in kept]


def _is_plain(entries: Sequence[Fraction]) -> bool:
    """Whether these numbers, and their products with others of the kind, are rounded by a part of their size: no
    double is infinite or subnormal."""
    return all(
        not entry or abs(entry.numerator.bit_length() - entry.denominator.bit_length()) < 400 for entry in entries
    )


def _times(left: Fraction, right: Fraction) -> Fraction:
    return left * right


def hull_claim(found: PiggybackSet, state: Vector, limits: Limits = NO_LIMITS) -> HullClaim | None:
    """What proves that the hull is exact, for ``verifying.attractor``; None where it is not.  Raises LimitReached."""
    if not found.exact:
        return None
    points = [flat(member) for member in found.members]
    multipliers = [
        tuple([dict(nearest_point(flat(act(pair, member)), points, limits).weights) for member in found.members])
        for pair in found.pairs
    ]
    among = [(*flat(pair.a), *flat(pair.b)) for pair in found.pairs]
    covered = [
        (pair.a, pair.b, dict(nearest_point((*flat(pair.a), *flat(pair.b)), among, limits).weights))
        for pair in found.covered
    ]
    return HullClaim(
        jacobian=found.sense,
        fixed_point=tuple(state),
        maps=tuple([(pair.a, pair.b) for pair in found.pairs]),
        covered=tuple(covered),
        points=found.members,
        words=tuple([(word.prefix, word.period) for word in found.words]),
        multipliers=tuple(multipliers),
        length=found.contraction.length,
        upper=Upper(found.contraction.rho, found.contraction.norm),
    )
