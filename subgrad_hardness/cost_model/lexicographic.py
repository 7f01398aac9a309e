"""Derivatives that are right at a kink: vector forward mode with tie-breaking rows, and branch locking, counted.

A comparison that ends in a tie at the point is settled by the first direction that separates the two sides: their
tangents are compared, one direction after another (Nesterov 2005; Khan and Barton 2015).  With p independent directions
M this is the lexicographic derivative F'(x; M); its price beside that of structural forward is at most k comparisons a
kink.  *Branch locking* (Khan 2018) does so with a few directions, one random one as a rule, and then goes back once,
along the branches that are settled: evaluation, a push a direction, and a reverse sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.applying import Evaluated, active
from subgrad_hardness.cost_model.backward import sweep, swept
from subgrad_hardness.cost_model.forward import first_tangents, push, tangent_names
from subgrad_hardness.cost_model.primitives import CONSTANT, Value
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.writing import ZERO, Plain, Term, Writer


class Settled(NamedTuple):
    """A derived program, the values of its inputs (the point and the directions), and the ties that are left."""

    program: StraightLine
    values: tuple[Value, ...]
    ties: int


def lexicographic(
    program: Line,
    point: Sequence[Value],
    directions: Sequence[Sequence[Value]],
    *,
    wrt: Sequence[int] | None = None,
    limits: Limits = NO_LIMITS,
) -> Settled:
    """The outputs and, direction by direction, F'(x; M): forward through the branches that M settles.

    Raises PointError where the program has no value at the point or ties in something that has no directional branch,
    such as a norm at 0; LimitReached.  Linear in the size of the program times the directions.
    """
    pushed = _Pushed(program.flat, point, directions, wrt, limits)
    written = pushed.evaluated.writer.program(
        [*pushed.evaluated.outputs, *pushed.outputs], prune=True, guarded=True, name=program.name
    )
    return Settled(StraightLine.of(written), pushed.values, pushed.ties)


def branch_locking(
    program: Line,
    point: Sequence[Value],
    directions: Sequence[Sequence[Value]] | None = None,
    *,
    wrt: Sequence[int] | None = None,
    seed: int = 0,
    limits: Limits = NO_LIMITS,
) -> Settled:
    """The outputs, F'(x; .) along the directions, and the gradients along the branches that these settle.

    Without ``directions`` one random one, integers other than 0 drawn by seed.  If no tie is left, or what is left is
    zero whatever is done, the gradients are rows of one element of the lexicographic subdifferential.  Raises as
    ``lexicographic`` does.
    """
    flat = program.flat
    chosen = range(len(flat.inputs)) if wrt is None else wrt
    if directions is None:
        directions = [random_direction(len(chosen), seed)]
    pushed = _Pushed(flat, point, directions, wrt, limits)
    pushed.evaluated.writer.sweep = len(pushed.evaluated.writer.steps)
    found = swept(pushed.evaluated, chosen, more=pushed.outputs, guarded=True, limits=limits)
    return Settled(found, pushed.values, pushed.ties)


def two_elements(
    program: Line, point: Sequence[Value], *, wrt: Sequence[int] | None = None, limits: Limits = NO_LIMITS
) -> Settled:
    """The outputs, the gradients, and the gradients again with the other slope at every tie: relu'(0) = 1.

    Both are elements of the conservative gradient of the program; they may be equal.  Raises as ``backward`` does.
    """
    flat = program.flat
    chosen = range(len(flat.inputs)) if wrt is None else wrt
    writer = Writer(flat.inputs, point)
    evaluated = Evaluated(flat, writer, prepared=True).all()
    writer.sweep = len(writer.steps)
    live = active(flat, chosen)
    outputs = list(evaluated.outputs)
    values = writer.values or []
    signs = (slot for slot, step in enumerate(writer.steps, len(flat.inputs)) if step.operation == "sign")
    ties = [slot for slot in signs if not values[slot]]
    for outcome in (0, 1):
        writer.outcomes.update(dict.fromkeys(ties, outcome))
        outputs += [term for output in flat.outputs for term in sweep(evaluated, output, live, chosen, limits)]
    written = writer.program(outputs, prune=True, guarded=True, name=program.name)
    return Settled(StraightLine.of(written), tuple(point), len(ties))


def random_direction(size: int, seed: int = 0) -> tuple[Value, ...]:
    """Integers from -1000 to 1000 without 0, by seed: a tie that a random direction can settle is, almost surely."""
    stream = Stream(seed, "branch locking", "counted")
    return tuple(Fraction(stream.integer(1, 1000) * (1 - 2 * stream.below(2))) for _ in range(size))


class _Pushed:
    """A program written with its tangents, every tie settled by the first direction that can."""

    def __init__(
        self,
        flat: Line,
        point: Sequence[Value],
        directions: Sequence[Sequence[Value]],
        wrt: Sequence[int] | None,
        limits: Limits,
    ) -> None:
        moving = range(len(flat.inputs)) if wrt is None else wrt
        if any(len(direction) != len(moving) for direction in directions):
            raise ParameterError(f"every direction needs {len(moving)} entries", place="directions")
        self.values = (*point, *(entry for direction in directions for entry in direction))
        names = tangent_names(flat, moving, len(directions))
        self.writer = Writer([*flat.inputs, *names], self.values)
        self.evaluated = Evaluated(flat, self.writer, prepared=True)
        live = active(flat, moving)
        tangents = first_tangents(flat, moving, len(directions))
        self._rows = {slot: [each[slot] for each in tangents] for slot in range(len(flat.inputs))}
        self._none = [ZERO] * len(directions)
        self._tied: list[int] = []
        self._read: set[int] = set()
        self.evaluated.group_plain = _Settling(self)
        for position, step in enumerate(flat.steps):
            limits.check()
            before = self.writer.size
            self.evaluated.apply(position)
            for slot in range(before, self.writer.size):
                self.settle(slot)
            push(
                self.evaluated,
                position,
                live,
                tangents,
                [[each[argument] for argument in step.arguments] for each in tangents],
            )
            if live[len(flat.inputs) + position]:
                # Which branch is taken is found out on the way: a zero and a sign are as dear as anywhere.
                for each in tangents:
                    each[-1] = Term(self.writer.slot(each[-1]))
            self._rows.setdefault(self.evaluated.terms[-1].slot, [each[-1] for each in tangents])
        self.outputs = [each[output] for each in tangents for output in flat.outputs]
        self.ties = sum(slot not in self.writer.outcomes for slot in self._tied)

    def settle(self, slot: int) -> None:
        """Where a comparison is a tie: read both sides' tangents until they differ."""
        writer = self.writer
        step = writer.steps[slot - len(writer.inputs)]
        assert writer.values is not None
        if step.operation != "sign" or slot in self._read:
            return
        self._read.add(slot)
        if writer.values[slot]:
            return
        self._tied.append(slot)
        first, second = (self._row(argument) for argument in step.arguments)
        for one, other in zip(first, second, strict=True):
            if one == other:
                continue
            read = Plain(writer).sign(one, other).slot
            self._read.add(read)
            writer.relied.add(read)
            if writer.values[read]:
                writer.outcomes[slot] = int(writer.values[read])
                return

    def _row(self, slot: int) -> list[Term]:
        """The tangents of a value; of one that an operation picked inside, those of what it picked."""
        if slot in self._rows:
            return self._rows[slot]
        writer = self.writer
        step = writer.steps[slot - len(writer.inputs)]
        if step.operation == CONSTANT:
            return self._none
        if step.operation != "pick":
            raise PointError("a tie that no direction settles", place=writer.name or step.operation)
        outcome = writer.outcome(step.arguments[0])
        assert outcome is not None
        return self._row(step.arguments[1 + (outcome + 1)])


class _Settling(Plain):
    """Writes the comparisons of a sort: what is compared next depends on how a tie before was settled."""

    def __init__(self, pushed: _Pushed) -> None:
        super().__init__(pushed.writer)
        self._pushed = pushed

    def sign(self, first: Term, second: Term = ZERO) -> Term:
        found = super().sign(first, second)
        self._pushed.settle(found.slot)
        return found

    def pick(self, outcome: Term, below: Term, equal: Term, above: Term) -> Term:
        known = self.writer.outcomes.get(outcome.slot)
        if known is None:
            return super().pick(outcome, below, equal, above)
        self.writer.relied.add(outcome.slot)
        return (equal, above, below)[known]
