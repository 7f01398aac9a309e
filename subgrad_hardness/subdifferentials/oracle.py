"""What is asked about the Clarke subdifferential of one net, by column generation: members found, bounds proved.

No list of all members is made.  Floats propose directions in which a functional is large, exact arithmetic makes
members of d_L of them; that there is no greater one is shown by a tree over signs or by an engine's refutation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.derived import shifted
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import Element, lock_branches
from subgrad_hardness.local.local_net import Matrix, Rows
from subgrad_hardness.local.localise import Localisation, localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.subdifferentials.asking import Asker, Found, Refuted
from subgrad_hardness.subdifferentials.functional import Functional, functional
from subgrad_hardness.subdifferentials.multiplied import multiplied
from subgrad_hardness.subdifferentials.sign_tree import Above, Bounded, Branch, SignTree

# Searching in floats, and numpy with it, is loaded where it begins.
if TYPE_CHECKING:
    from subgrad_hardness.subdifferentials.proposals import Proposer

#: The first round's budget of a tree in seconds, an engine's as a share of that, the factor from round to round.
TREE_SECONDS, _SHARE, _GROWTH = 0.3, 0.5, 4
#: Engines are asked from this round on: where trees need so long, most nets are too much for engines, too.
_ENGINES_FROM = 2
#: So many of the best members known are where a search begins.
_BEST = 6
#: So many random members (and their opposites) are known from the start.
_SEEDS = 24


class Proof(NamedTuple):
    """That a functional is at most a bound on all of d_C: a tree, or an argument about the shifted net; with neither
    it is known, and why no certificate says so is in ``unargued``."""

    tree: Branch | None = None
    argument: Argument | None = None
    unargued: str | None = None


class Higher(NamedTuple):
    """A member at which the functional is greater than it was asked to be at most."""

    element: Element


class Unproved(NamedTuple):
    """Nobody knows within the limits; the numerator is at most ``high`` everywhere, if that is known."""

    high: int | None


class Oracle:
    """A program at its point, of which support, membership and the shortest subgradient are asked.

    Not thread-safe.  ``members`` are the elements of d_L that are known so far, by their rows.
    """

    def __init__(
        self,
        program: Program,
        seed: int = 0,
        local: Localisation | None = None,
        *,
        tree_seconds: float = TREE_SECONDS,
    ) -> None:
        self.program = program
        self._tree_seconds = tree_seconds
        self.local = localise(program) if local is None else local
        self.net = multiplied(self.local.net)
        self.members: dict[Rows, Element] = {}
        self._seed = seed
        self._proposer: Proposer | None = None
        self._tree: SignTree | None = None

    @property
    def proposer(self) -> Proposer:
        """The search in floats."""
        if self._proposer is None:
            from subgrad_hardness.subdifferentials.proposals import Proposer

            self._proposer = Proposer(self.net, self._seed)
        return self._proposer

    def begin(self) -> None:
        """Make sure that some members are known: those at random directions and their opposites."""
        if not self.members:
            for element in self.proposer.start(_SEEDS if self.net.kinks else 1):
                self.add(element)

    @property
    def tree(self) -> SignTree:
        """Trees over the signs of the kinks."""
        if self._tree is None:
            self._tree = SignTree(self.net)
        return self._tree

    def add(self, element: Element) -> bool:
        """Whether the element's Jacobian is new."""
        if element.rows in self.members:
            return False
        self.members[element.rows] = element
        return True

    def at(self, direction: Sequence[int]) -> Element:
        """The member that a direction (p integers, not all zero) leads to."""
        return lock_branches(self.net, [primitive(direction)])

    def functional(self, matrix: Matrix) -> Functional:
        """J -> <U, J> for this net."""
        return functional(self.net, matrix)

    def greatest(self, asked: Functional) -> tuple[int, Element]:
        """The greatest numerator of the functional at a member known, and the member."""
        return max(
            ((asked.numerator(rows), element) for rows, element in self.members.items()), key=lambda pair: pair[0]
        )

    def improve(self, asked: Functional, bound: int, limits: Limits) -> bool:
        """Whether a search in floats has found members at which the functional is above ``bound``; they are added."""
        if not asked.parts or not self.net.kinks:
            return False
        best = sorted(self.members.values(), key=lambda element: -asked.numerator(element.rows))[:_BEST]
        known = [element.directions.leading[0] for element in best if element.directions.leading]
        found = self.proposer.better(asked, bound, known, limits)
        for element in found:
            self.add(element)
        return bool(found)

    def bound(self, asked: Functional, bound: int, limits: Limits, *, argued: bool = True) -> Proof | Higher | Unproved:
        """Is the functional's numerator at most ``bound`` on all of d_C?

        A tree over signs and, where the functional is J -> w J u, the engines in turn, with growing budgets.
        ``argued``: whether a refutation by an engine is to come with an argument.
        """
        seconds, number = self._tree_seconds, 0
        high: int | None = None
        asker: _Shifted | None = None
        while True:
            number += 1
            answer = self.tree.bounded(asked, bound, limits.within(seconds))
            if isinstance(answer, Bounded):
                return Proof(tree=answer.tree)
            if isinstance(answer, Above):
                return self._higher(self.at(answer.piece.interior))
            high = answer.high if high is None or answer.high is None else min(high, answer.high)
            with suppress(LimitReached):
                if self.improve(asked, bound, limits):  # it begins elsewhere now
                    return Higher(self.greatest(asked)[1])
            if number >= _ENGINES_FROM or not seconds:
                asker = asker or self._asker(asked)
                if asker is not None:
                    within = limits.within(seconds * _SHARE) if seconds else limits
                    found = self._asked(asker, asked, bound, within, argued)
                    if found is not None:
                        return found
            if not limits.remaining:
                return Unproved(high)
            seconds *= _GROWTH

    def _higher(self, element: Element) -> Higher:
        self.add(element)
        return Higher(element)

    def _asker(self, asked: Functional) -> _Shifted | None:
        """The shifted net, where the functional is J -> w J u."""
        if len(asked.parts) != 1:
            return None
        used = [row for row in asked.matrix if any(row)]
        direction = used[0]
        place = next(index for index, entry in enumerate(direction) if entry)
        outputs = [row[place] / direction[place] for row in asked.matrix]
        if any(
            row != tuple([weight * entry for entry in direction])
            for row, weight in zip(asked.matrix, outputs, strict=True)
        ):
            return None
        return _Shifted(tuple(outputs), direction, Asker(shifted(self.program, direction)))

    def _asked(
        self, made: _Shifted, asked: Functional, bound: int, limits: Limits, argued: bool
    ) -> Proof | Higher | None:
        """The engines' answer to: is w F'(y + t u) - w F'(y) > c t for some y and t > 0?"""
        size = self.net.inputs
        limit = Fraction(bound, asked.denominator)
        goal = OneSided(tuple(enumerate(made.outputs)), (*(Fraction(0),) * size, limit))
        answer = made.asker.ask([goal], [(*(0,) * size, 1)], limits, argued=argued)
        if isinstance(answer, Refuted):
            return Proof(argument=answer.argument, unargued=answer.unargued)
        if isinstance(answer, Found):
            return self._higher(self._between(made, asked, bound, answer.direction))
        return None

    def _between(self, made: _Shifted, asked: Functional, bound: int, found: Sequence[int]) -> Element:
        """A member, on the way from y to y + t u, at which the functional is above the bound: the mean slope is."""
        outputs = [weight * scale for weight, scale in zip(made.outputs, self.net.scales, strict=True)]
        limit = Fraction(bound, asked.denominator)
        *base, length = found
        start = [Fraction(entry) for entry in base]
        move = [length * entry for entry in made.direction]
        low, high = Fraction(0), Fraction(1)

        def place(at: Fraction) -> list[Fraction]:
            return [entry + at * step for entry, step in zip(start, move, strict=True)]

        def value(at: Fraction) -> Fraction:
            derivative = self.net.derivative(place(at))
            return sum([weight * entry for weight, entry in zip(made.outputs, derivative, strict=True)], Fraction(0))

        assert outputs
        below, above = value(low), value(high)
        while True:
            for at, sign in ((low, 1), (high, -1)):
                element = self._beside(place(at), [sign * entry for entry in move])
                if element is not None and asked.numerator(element.rows) > bound:
                    return element
            middle = (low + high) / 2
            between = value(middle)
            if between - below > limit * length * (middle - low):
                high, above = middle, between
            else:
                low, below = middle, between
            assert above - below > limit * length * (high - low)

    def _beside(self, place: Sequence[Fraction], towards: Sequence[Fraction]) -> Element | None:
        """The member in the cell that one enters from a place in a direction."""
        first, second = (primitive(_whole(vector)) for vector in (place, towards))
        leading = [vector for vector in (first, second) if any(vector)]
        if len(leading) == 2 and leading[0] in (leading[1], tuple([-entry for entry in leading[1]])):
            leading = leading[:1]
        return lock_branches(self.net, leading) if leading else None


class _Shifted(NamedTuple):
    """The functional J -> ``outputs`` J ``direction``, and who is asked about the net shifted in that direction."""

    outputs: tuple[Fraction, ...]
    direction: tuple[Fraction, ...]
    asker: Asker


def _whole(vector: Sequence[Fraction]) -> list[int]:
    common = math.lcm(*(entry.denominator for entry in vector))
    return [int(entry * common) for entry in vector]
