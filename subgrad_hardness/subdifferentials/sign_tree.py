"""Decision trees over the signs of kinks: all Jacobians of d_L, or a proof that a functional is nowhere above a bound.

A tree branches on kinks whose forms are decided by the branches above.  A branch ends where the forms that are positive
on it cannot all be (Gordan's multipliers say so), where no slopes of the undecided kinks bring the functional above the
bound (by intervals), or where no undecided kink reaches an output: that is a piece of F'(x0; .).  What is found is what
certificates hold (``certificate.tree``); ``sign_steps`` writes it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Kink, LocalNet, Rows
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.subdifferentials.functional import Functional
from subgrad_hardness.subdifferentials.sign_bounds import greatest, influence

Vector = tuple[int, ...]


class Piece(NamedTuple):
    """A Jacobian before the output scales, and a point (p integers) inside a cone where it rules."""

    rows: Rows
    interior: Vector


class Branch:
    """A node of the tree.

    Attributes
    ----------
    kink : the local kink that it branches on, or None at an end.
    passes, blocks : what follows on either side.
    closed : (place on the path, multiplier) pairs where no direction goes that way, else None.
    """

    __slots__ = ("blocks", "closed", "kink", "passes")

    def __init__(self) -> None:
        self.kink: int | None = None
        self.passes: Branch | None = None
        self.blocks: Branch | None = None
        self.closed: tuple[tuple[int, int], ...] | None = None


class _Frame(NamedTuple):
    """A branch to be looked at: signs of kinks, rows of slots (None: undecided), the path's form numbers, a point."""

    branch: Branch
    signs: tuple[bool | None, ...]
    rows: list[Vector | None]
    path: tuple[int, ...]
    point: Vector | None  # None: it is not known whether there is one


class Listed(NamedTuple):
    """All Jacobians of d_L, each once, and the tree that shows that there are no others."""

    pieces: tuple[Piece, ...]
    tree: Branch


class Bounded(NamedTuple):
    """The tree that shows that the functional is nowhere above the bound."""

    tree: Branch


class Above(NamedTuple):
    """A piece on which the functional is above the bound."""

    piece: Piece


class TooMany(NamedTuple):
    """There are more branches than were allowed for; the functional's numerator is at most ``high`` everywhere."""

    high: int | None = None


class SignTree:
    """A net of which trees are asked; cones of earlier trees help with later ones.  Not thread-safe."""

    def __init__(self, net: LocalNet) -> None:
        self.net = net
        self._cone = StrictCone(net.inputs)
        self._numbers: dict[Vector, int] = {}
        self._forms: list[Vector] = []
        self._zero = (0,) * net.inputs
        self._kink_at = {slot: kink for kink, slot in enumerate(net.kinks)}

    def listed(self, limits: Limits, most: int) -> Listed | TooMany:
        """All Jacobians, unless that takes more than ``most`` branches.  Raises LimitReached.

        Costs an exact cone question and the nonzeros of the undecided part of the net a branch.
        """
        pieces: dict[Rows, Vector] = {}
        root, count = self._root(), 0
        stack = [root]
        while stack:
            limits.check()
            frame = stack.pop()
            rows = self._outputs(frame)
            if rows is not None:
                point = self._inside(frame, limits)
                if point is not None:
                    pieces.setdefault(rows, point)
                continue
            count += 1
            if count > most:
                return TooMany()
            kink = self._first(frame)
            for passing in (False, True):
                child = self._child(frame, kink, passing)
                point = self._inside(child, limits)
                if point is not None:
                    stack.append(child._replace(point=point))
        return Listed(tuple([Piece(rows, point) for rows, point in pieces.items()]), root.branch)

    def bounded(self, functional: Functional, bound: int, limits: Limits) -> Bounded | Above | TooMany:
        """Whether the functional's numerator is at most ``bound`` everywhere, as far as the limits allow.

        The kink that bends the functional most is branched on first, and the side with the greater bound comes first.
        """
        root = self._root()
        high = greatest(self.net, root.rows, functional)[0]
        stack = [(high, root)] if high > bound else []
        while stack:
            high, frame = stack[-1]
            rows = self._outputs(frame)
            if rows is not None:
                assert frame.point is not None  # the root's is known, and others are here because theirs is
                return Above(Piece(rows, frame.point))
            try:
                limits.check()
                inside = self._sides(frame, functional, bound, limits)
            except LimitReached:
                return TooMany(max(high for high, _ in stack))
            stack.pop()
            stack += inside
        return Bounded(root.branch)

    def _sides(self, frame: _Frame, functional: Functional, bound: int, limits: Limits) -> list[tuple[int, _Frame]]:
        """The sides of the heaviest kink that are not empty and may be above the bound, the greater one last.

        Raises LimitReached.
        """
        kink = self._heaviest(frame, functional)
        children = []
        for passing in (False, True):
            child = self._child(frame, kink, passing)
            high = greatest(self.net, child.rows, functional)[0]
            if high > bound:
                children.append((high, passing, child))
        found = []
        for high, _, child in sorted(children, key=lambda entry: entry[:2]):
            point = self._inside(child, limits)
            if point is not None:
                found.append((high, child._replace(point=point)))
        return found

    def _root(self) -> _Frame:
        net = self.net
        units = [tuple([int(row == column) for column in range(net.inputs)]) for row in range(net.inputs)]
        rows: list[Vector | None] = [*units, *([None] * len(net.nodes))]
        signs = (None,) * len(net.kinks)
        self._settle(rows, signs, net.inputs)
        return _Frame(Branch(), signs, rows, (), units[0] if units else ())

    def _settle(self, rows: list[Vector | None], signs: Sequence[bool | None], first: int) -> None:
        """Fill in the rows, from slot ``first`` on, that no undecided kink reaches."""
        net = self.net
        for slot, node in enumerate(net.nodes[first - net.inputs :], start=first):
            if rows[slot] is not None:
                continue
            if isinstance(node, Kink):
                row = rows[node.argument]
                if row is None:
                    continue
                if not any(row):
                    rows[slot] = row
                    continue
                sign = signs[self._kink_at[slot]]
                if sign is not None:
                    rows[slot] = row if sign else self._zero
                continue
            gathered = []
            for argument in node.arguments:
                row = rows[argument]
                if row is None:
                    break
                gathered.append(row)
            else:
                rows[slot] = tuple(
                    [sum(map(mul, node.coefficients, entries)) for entries in zip(*gathered, strict=True)]
                )

    def _child(self, frame: _Frame, kink: int, passing: bool) -> _Frame:
        """The side of a branch on which the kink passes, or on which it is blocked."""
        net = self.net
        slot = net.kinks[kink]
        node = net.nodes[slot - net.inputs]
        assert isinstance(node, Kink)
        row = frame.rows[node.argument]
        assert row is not None
        form = primitive(row) if passing else tuple([-entry for entry in primitive(row)])
        if form not in self._numbers:
            self._numbers[form] = self._cone.add(form)
            self._forms.append(form)
        branch = Branch()
        frame.branch.kink = kink
        if passing:
            frame.branch.passes = branch
        else:
            frame.branch.blocks = branch
        signs = (*frame.signs[:kink], passing, *frame.signs[kink + 1 :])
        rows = list(frame.rows)
        self._settle(rows, signs, slot)
        point = frame.point
        if point is not None and sum(map(mul, form, point)) <= 0:
            point = None
        return _Frame(branch, signs, rows, (*frame.path, self._numbers[form]), point)

    def _inside(self, frame: _Frame, limits: Limits) -> Vector | None:
        """A point at which all forms of the path are positive; None, and the branch is closed, where there is none."""
        if frame.point is not None:
            return frame.point
        answer = self._cone.solve(frame.path, limits)
        if isinstance(answer, Feasible):
            return answer.point
        places = {number: place for place, number in reversed(tuple(enumerate(frame.path)))}
        frame.branch.closed = tuple(
            [(places[number], factor) for number, factor in zip(answer.forms, answer.multipliers, strict=True)]
        )
        return None

    def _outputs(self, frame: _Frame) -> Rows | None:
        """The Jacobian, where no undecided kink reaches it."""
        found = []
        for output in self.net.outputs:
            row = frame.rows[output] if output >= 0 else self._zero
            if row is None:
                return None
            found.append(row)
        return tuple(found)

    def _first(self, frame: _Frame) -> int:
        """The first kink that is undecided, whose form is decided, and that reaches an output."""
        reach = influence(self.net, frame.rows, (1,) * len(self.net.outputs))
        return next(kink for kink in self._ready(frame) if reach[self.net.kinks[kink]])

    def _ready(self, frame: _Frame) -> list[int]:
        net = self.net
        return [
            kink
            for kink, slot in enumerate(net.kinks)
            if frame.rows[slot] is None and frame.rows[net.nodes[slot - net.inputs].argument] is not None  # type: ignore[union-attr]
        ]

    def _heaviest(self, frame: _Frame, functional: Functional) -> int:
        """The kink, of those that ``_first`` chooses from, whose slope changes the bound most."""
        widths = greatest(self.net, frame.rows, functional)[1]
        reach = influence(self.net, frame.rows, [max(1, factor) for factor in functional.factors])
        return max(
            self._ready(frame),
            key=lambda kink: (
                reach[self.net.kinks[kink]] * widths[self.net.kinks[kink]],
                reach[self.net.kinks[kink]],
            ),
        )
