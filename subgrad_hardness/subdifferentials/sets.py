"""The contract of the Clarke subdifferential and the hull of the conservative set, as optimisation asks it (SPEC 7).

Both are hulls of finitely many m x p matrices, of which some are *known*; and both answer one question about a linear
functional: does some element exceed a bound?  Yes brings a new element, no a proof.  That is all that distances,
membership and support need (column generation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from operator import mul
from typing import NamedTuple, Protocol

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.tree import Tree
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.subdifferentials.trees import Grower

Vector = tuple[Fraction, ...]


class Whole(NamedTuple):
    """The entries of a matrix, row by row: integers over one denominator."""

    entries: list[int]
    denominator: int


def whole(matrix: Matrix) -> Whole:
    """A matrix as integers: what is multiplied with many functionals is brought to this form once."""
    return Whole(*common_denominator([entry for row in matrix for entry in row]))


class Point(Protocol):
    """An element that is known, and what shows that it is one."""

    @property
    def jacobian(self) -> Matrix:
        """m x p."""

    @property
    def whole(self) -> Whole:
        """The same as integers."""


class RankOne(NamedTuple):
    """The functional J -> outputs J direction."""

    outputs: Vector
    direction: Vector


class Bound(NamedTuple):
    """Whether <functional, J> <= bound for all J of a set.

    ``holds`` None: not known, and ``why``.  True: by ``argument`` about the functional written as ``rank_one``, or by
    ``tree`` (both None where no proof was asked for, or none was made in time).  False: ``point`` exceeds the bound.
    """

    holds: bool | None
    rank_one: RankOne | None = None
    argument: Argument | None = None
    tree: Tree | None = None
    point: Point | None = None
    why: str | None = None


class ConvexSet(Protocol):
    """What is asked of a set."""

    @property
    def name(self) -> str:
        """As certificates call it."""

    @property
    def known(self) -> Iterable[Point]:
        """Elements found so far, one at least, the earliest first."""

    @property
    def grower(self) -> Grower:
        """Grows trees for the program."""

    def improves(self, functional: Matrix, limits: Limits) -> bool:
        """Whether a search that proves nothing has found elements with greater values than all known; they are known
        now.  Raises LimitReached."""

    def exceeds(self, functional: Matrix, bound: Fraction, limits: Limits, *, argued: bool = True) -> Bound:
        """Does some element J have <functional, J> > bound?  Limits end in ``holds`` None."""


def product(functional: Matrix, matrix: Matrix) -> Fraction:
    """<functional, matrix>."""
    left, right = whole(functional), whole(matrix)
    return Fraction(sum(map(mul, left.entries, right.entries)), left.denominator * right.denominator)


def values(functional: Matrix) -> Callable[[Point], Fraction]:
    """<functional, J> of elements: a sum of integers each."""
    factors, below = whole(functional)

    def value(point: Point) -> Fraction:
        entries, denominator = point.whole
        return Fraction(sum(map(mul, factors, entries)), below * denominator)

    return value


def greatest(known: Iterable[Point], functional: Matrix) -> Point:
    """The known element with the greatest value; the earliest of several."""
    return max(known, key=values(functional))


def rank_one(functional: Matrix) -> RankOne | None:
    """The functional as an outer product; None if its rank is greater.  The zero functional has zero weights."""
    longest = max(functional, key=lambda row: sum(map(mul, row, row)))
    square = sum(map(mul, longest, longest), Fraction(0))
    if not square:
        return RankOne((Fraction(0),) * len(functional), longest)
    outputs = tuple([sum(map(mul, row, longest), Fraction(0)) / square for row in functional])
    same = all(
        entry == weight * along
        for row, weight in zip(functional, outputs, strict=True)
        for entry, along in zip(row, longest, strict=True)
    )
    return RankOne(outputs, longest) if same else None
