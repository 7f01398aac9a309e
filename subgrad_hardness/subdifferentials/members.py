"""Members of the lexicographic subdifferential, found one by one: sampled, and along a segment.

A member is kept by its Jacobian, with the directions that enter its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.lexicographic import Directions, Element, complete_basis, lock_branches
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.local.local_net import Kink, LocalNet, Matrix, integer_direction
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.subdifferentials.sets import Whole, whole

Vector = tuple[Fraction, ...]

#: In so many inputs the exact simplex is quick, and its points are short.
_FEW_INPUTS = 100


class Member(NamedTuple):
    """One element of d_L F(x0), m x p, with an M that gives it."""

    jacobian: Matrix
    directions: Directions
    whole: Whole

    @property
    def flat(self) -> Vector:
        """The m p entries, row by row."""
        return tuple([entry for row in self.jacobian for entry in row])

    def value(self, weights: Sequence[Fraction], direction: Sequence[Fraction]) -> Fraction:
        """weights J direction."""
        rows = [sum(map(mul, row, direction), Fraction(0)) for row in self.jacobian]
        return sum(map(mul, weights, rows), Fraction(0))


class Members:
    """The different members found so far of one net.

    ``sample`` looks on from where it was; every draw is a forward pass and m backward passes.
    """

    def __init__(self, net: LocalNet, seed: int = 0) -> None:
        self.net = net
        self.found: dict[Matrix, Member] = {}
        self._stream = Stream(seed, "members")
        self.drawn = 0

    def __iter__(self) -> Iterator[Member]:
        return iter(tuple(self.found.values()))

    def __len__(self) -> int:
        return len(self.found)

    def at(self, leading: Sequence[Sequence[int]]) -> Member:
        """The member that independent directions enter, kept."""
        return self.keep(lock_branches(self.net, [tuple(direction) for direction in leading]))

    def keep(self, element: Element) -> Member:
        """An element of d_L as a member; the one that is known already if its Jacobian is."""
        made = self.net.scaled(element.rows)
        if made not in self.found:
            self.found[made] = Member(made, element.directions, whole(made))
        return self.found[made]

    def keep_piece(self, piece: LinearPiece) -> Member:
        """The Jacobian of a piece as a member."""
        made = self.net.scaled(piece.rows)
        if made not in self.found:
            inside = piece.interior
            directions = Directions((inside,), complete_basis([inside], self.net.inputs))
            self.found[made] = Member(made, directions, whole(made))
        return self.found[made]

    def where_all_block(self, limits: Limits) -> Member | None:
        """The member of the cell where no kink passes, if there is one: what backpropagation with relu'(0) = 0 takes.

        There all kinks read forms of the inputs alone; those that are zero stay so.  A backward pass a kink, and a
        direction that floating point proposes and integers confirm, or else one exact cone question.  Raises
        LimitReached.
        """
        slopes = [0] * len(self.net.kinks)
        rows: dict[tuple[int, ...], None] = {}
        for slot in self.net.kinks:
            limits.check()
            node = self.net.nodes[slot - self.net.inputs]
            assert isinstance(node, Kink)
            row = tuple([-entry for entry in self.net.gradient_row(node.argument, slopes)])
            if any(row):
                rows.setdefault(primitive(row))
        if not rows:
            return None
        if self.net.inputs > _FEW_INPUTS:
            from subgrad_hardness.linear.proposed import proposed_point

            point = proposed_point(list(rows))
            if point is not None:
                return self.at([point])
        found = interior_point(list(rows), self.net.inputs, limits)
        return self.at([found.point]) if isinstance(found, Feasible) else None

    def sample(self, count: int, limits: Limits) -> None:
        """``count`` more random directions.  Stops where time is up."""
        bits = min(len(self.net.kinks).bit_length() + 6, 40)
        for _ in range(count):
            if limits.remaining <= 0:
                return
            direction = self._stream.signed(self.net.inputs, bits)
            self.drawn += 1
            if any(direction):
                self.at([direction])

    def steeper(self, weights: Sequence[Fraction], base: Sequence[Fraction | int], step: Sequence[Fraction]) -> Member:
        """A member J with weights J step at least weights (F'(base + step) - F'(base)).

        F' is piecewise linear along the segment, so its slope is at least the mean on some piece; the half with the
        greater mean is taken again and again, until a member just behind one of its ends has that slope.  Two members
        a half; as many halves as the shortest piece is small.
        """
        start = [Fraction(entry) for entry in base]
        ahead, _ = integer_direction(tuple(step))
        back = tuple([-entry for entry in ahead])
        low, high = Fraction(0), Fraction(1)
        values = {place: self._value(weights, start, step, place) for place in (low, high)}
        mean = values[high] - values[low]
        while True:
            for place, turned in ((low, ahead), (high, back)):
                member = self._beside(_along(start, step, place), turned)
                if member.value(weights, step) >= mean:
                    return member
            middle = (low + high) / 2
            values[middle] = self._value(weights, start, step, middle)
            rises = values[middle] - values[low] >= values[high] - values[middle]
            low, high = (low, middle) if rises else (middle, high)

    def _beside(self, point: Vector, turned: tuple[int, ...]) -> Member:
        """The member that is entered from ``point`` on the way along ``turned``."""
        first, _ = integer_direction(point)
        crossed = any(first[i] * turned[j] != first[j] * turned[i] for i in range(len(first)) for j in range(i))
        return self.at([first, turned] if crossed else [first] if any(first) else [turned])

    def _value(
        self, weights: Sequence[Fraction], start: Sequence[Fraction], step: Sequence[Fraction], place: Fraction
    ) -> Fraction:
        return sum(map(mul, weights, self.net.derivative(_along(start, step, place))), Fraction(0))


def sampled(net: LocalNet, count: int, limits: Limits) -> Iterator[LinearPiece]:
    """The Jacobians around random directions, perhaps several times; none for a direction that leaves a tie.

    Stops where time is up.
    """
    stream, bits = Stream(0, "sampled pieces"), min(len(net.kinks).bit_length() + 6, 40)
    for _ in range(count):
        if limits.remaining <= 0:
            return
        direction = stream.signed(net.inputs, bits)
        if any(direction):
            element = lock_branches(net, [direction])
            if len(element.directions.leading) == 1:
                yield LinearPiece(element.rows, direction)


def _along(start: Sequence[Fraction], step: Sequence[Fraction], place: Fraction) -> Vector:
    return tuple([entry + place * more for entry, more in zip(start, step, strict=True)])
