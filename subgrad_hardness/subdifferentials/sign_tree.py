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

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Kink, LocalNet, Rows
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.subdifferentials.functional import Functional

Vector = tuple[int, ...]
#: The range of the derivative of a slot in one direction.
Range = tuple[int, int]


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

    def bounded(self, functional: Functional, bound: int, limits: Limits, most: int) -> Bounded | Above | TooMany:
        """Whether the functional's numerator is at most ``bound`` everywhere, unless that takes more than ``most``
        branches.  Raises LimitReached.

        The kink that bends the functional most is branched on first, and the side with the greater bound comes first.
        """
        root, count = self._root(), 0
        high = self._most(root, functional)[0]
        stack = [(high, root)] if high > bound else []
        while stack:
            limits.check()
            high, frame = stack.pop()
            rows = self._outputs(frame)
            if rows is not None:
                point = self._inside(frame, limits)
                if point is not None:
                    return Above(Piece(rows, point))
                continue
            count += 1
            if count > most:
                return TooMany(max([high, *(other for other, _ in stack)]))
            kink = self._heaviest(frame, functional)
            children = []
            for passing in (False, True):
                child = self._child(frame, kink, passing)
                high = self._most(child, functional)[0]
                if high > bound:
                    children.append((high, passing, child))
            for high, _, child in sorted(children, key=lambda entry: entry[:2]):
                point = self._inside(child, limits)
                if point is not None:
                    stack.append((high, child._replace(point=point)))
        return Bounded(root.branch)

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

    def _influence(self, frame: _Frame, weights: Sequence[int]) -> list[int]:
        """How much each undecided slot weighs in the outputs at most, each times the integer of its output."""
        net, rows = self.net, frame.rows
        adjoint = [0] * len(rows)
        for output, weight in zip(net.outputs, weights, strict=True):
            if output >= 0 and rows[output] is None:
                adjoint[output] += weight
        for slot in range(len(rows) - 1, net.inputs - 1, -1):
            weight = adjoint[slot]
            if not weight or rows[slot] is not None:
                continue
            node = net.nodes[slot - net.inputs]
            if isinstance(node, Kink):
                if rows[node.argument] is None:
                    adjoint[node.argument] += weight
                continue
            for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
                if rows[argument] is None:
                    adjoint[argument] += weight * abs(coefficient)
        return adjoint

    def _first(self, frame: _Frame) -> int:
        """The first kink that is undecided, whose form is decided, and that reaches an output."""
        influence = self._influence(frame, (1,) * len(self.net.outputs))
        return next(kink for kink in self._ready(frame) if influence[self.net.kinks[kink]])

    def _ready(self, frame: _Frame) -> list[int]:
        net = self.net
        return [
            kink
            for kink, slot in enumerate(net.kinks)
            if frame.rows[slot] is None and frame.rows[net.nodes[slot - net.inputs].argument] is not None  # type: ignore[union-attr]
        ]

    def _heaviest(self, frame: _Frame, functional: Functional) -> int:
        """The kink, of those that ``_first`` chooses from, whose slope changes the bound most."""
        _, widths = self._most(frame, functional)
        influence = self._influence(frame, [max(1, factor) for factor in functional.factors])
        return max(
            self._ready(frame),
            key=lambda kink: (
                influence[self.net.kinks[kink]] * widths[self.net.kinks[kink]],
                influence[self.net.kinks[kink]],
            ),
        )

    def _most(self, frame: _Frame, functional: Functional) -> tuple[int, list[int]]:
        """The functional's bound by intervals (its numerator), and the width of the range of each undecided slot."""
        net, total = self.net, 0
        widths = [0] * len(frame.rows)
        for direction, outputs in functional.parts:
            ranges: list[Range | None] = [None] * len(frame.rows)

            def known(slot: int, direction: Vector = direction, ranges: list[Range | None] = ranges) -> Range:
                found = ranges[slot]
                if found is None:
                    row = frame.rows[slot]
                    assert row is not None
                    value = sum(map(mul, row, direction))
                    found = ranges[slot] = (value, value)
                return found

            for slot, node in enumerate(net.nodes, start=net.inputs):
                if frame.rows[slot] is not None:
                    continue
                if isinstance(node, Kink):
                    low, high = known(node.argument)
                    sign = frame.signs[self._kink_at[slot]]
                    if sign is None:
                        low, high = min(low, 0), max(high, 0)
                    elif not sign:
                        low = high = 0
                else:
                    low = high = 0
                    for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
                        below, above = known(argument)
                        if coefficient > 0:
                            low += coefficient * below
                            high += coefficient * above
                        else:
                            low += coefficient * above
                            high += coefficient * below
                ranges[slot] = low, high
                widths[slot] = max(widths[slot], high - low)
            for output, factor in outputs:
                if output >= 0:
                    total += factor * known(output)[1]
        return total, widths
