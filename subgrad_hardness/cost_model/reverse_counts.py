"""The pass that counts a structural program: from the outputs to the inputs, what is needed, and all sweeps at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.cost_model.compact import MINUS, PLUS, PRODUCT, CompactNode, RowNode
from subgrad_hardness.cost_model.counting import Branches, Passes, Tally, Tangents
from subgrad_hardness.cost_model.local_counts import Adjoint, Case, Swept
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.row_counts import row_push, row_value
from subgrad_hardness.cost_model.weights import Counts

#: A state of an adjoint: its sign, its value where it is a known constant, and the kept value that it is, if it is one.
State = tuple[int, Value | None, object]


def reverse(
    passes: Passes, sweeps: Sequence[tuple[int, Branches]], tangents: Tangents | None = None, read: Sequence[int] = ()
) -> Tally:
    """Of a structural program: the evaluation, tangents if there are any, and sweeps.

    Parameters
    ----------
    sweeps : the output of each, and its branches.
    tangents : those that are written.
    read : slots whose tangents are read by comparisons.
    """
    return _Reverse(passes, sweeps, tangents).run(read)


class _Reverse:
    """One pass from the outputs to the inputs: what is needed, and all sweeps at once."""

    def __init__(
        self,
        passes: Passes,
        sweeps: Sequence[tuple[int, Branches]],
        tangents: Tangents | None,
    ) -> None:
        self.passes, self.program, self.sweeps = passes, passes.program, sweeps
        self.tangents = tangents
        size = len(passes.live)
        known = {id(branches): passes.useful(branches) for _, branches in sweeps}
        self.useful = [known[id(branches)] for _, branches in sweeps]
        self.adjoints: list[list[State | None]] = [[None] * size for _ in sweeps]
        for adjoint, (output, _) in zip(self.adjoints, sweeps, strict=True):
            adjoint[output] = (1, Fraction(1), None)
        self.value_needed, self.tangent_needed = bytearray(size), bytearray(size)
        self.kept: set[object] = set()
        self.add = self.mul = self.each_add = self.each_mul = 0
        self.once, self.each = Counts(), Counts()

    def run(self, read: Sequence[int]) -> Tally:
        """The pass."""
        passes, first = self.passes, self.program.inputs
        for slot in (*self.program.outputs, *self.program.guards):
            self.value_needed[slot] = 1
        for output in self.program.outputs:
            self.kept.add(passes.key(output))
            if self.tangents is not None:
                self.tangent_needed[output] = 1
                if not self.tangents.slotted and not self.tangents.known[output].nothing:
                    self.each_add += self.tangents.known[output].sign < 0
        for slot in read:
            self.tangent_needed[slot] = 1
        for slot in range(len(passes.live) - 1, first - 1, -1):
            passes.limits.check()
            node = self.program.nodes[slot - first]
            if node.row is not None:
                self._row(slot, node.row)
            elif node.local is not None:
                self._operation(slot, node)
        for adjoint in self.adjoints:
            for slot in passes.wrt:
                state = adjoint[slot]
                if state is not None and state[1] is None:
                    self.add += state[0] < 0
                    self.kept.add(state[2])
        once = self.once.plus(Counts(add=self.add, mul=self.mul))
        each = self.each.plus(Counts(add=self.each_add, mul=self.each_mul))
        return Tally(once, each, len(self.kept - {None}))

    def _give(self, sweep: int, slot: int, given: State) -> None:
        """One more contribution to an adjoint."""
        adjoint, now = self.adjoints[sweep], self.adjoints[sweep][slot]
        if now is None:
            adjoint[slot] = given
        elif now[1] is not None and given[1] is not None:
            total = now[1] + given[1]
            adjoint[slot] = (1, total, None) if total else None
        else:
            if self.useful[sweep][slot]:
                self.add += 1
                self.kept.add(now[2])
                self.kept.add(given[2])
            adjoint[slot] = (now[0] if now[0] == given[0] else 1, None, None)

    def _row(self, slot: int, row: RowNode) -> None:
        if self.value_needed[slot]:
            self.once = self.once.plus(row_value(row))
            for argument in row.slots:
                self.value_needed[argument] = 1
        if self.tangent_needed[slot] and self.passes.live[slot]:
            assert self.tangents is not None
            counts, _, _ = row_push(row, self.tangents.known, self.tangents.slotted)
            self.each_add, self.each_mul = self.each_add + counts.add, self.each_mul + counts.mul
            for argument in row.slots:
                self.tangent_needed[argument] = 1
        for sweep, adjoint in enumerate(self.adjoints):
            w = adjoint[slot]
            adjoint[slot] = None
            if w is not None and self.passes.live[slot]:
                self._sweep_row(sweep, row, w)

    def _sweep_row(self, sweep: int, row: RowNode, w: State) -> None:
        sign, known, key = w
        live, useful, give = self.passes.live, self.useful[sweep], self._give
        unit = known is not None and abs(known) == 1
        if known is not None:  # a product with 1 or -1 is none
            sign = -1 if unit and known < 0 else 1
        scaled: State = (sign, None, None)
        turned: State = (-sign, None, key) if known is None else (1, -known, None)
        for place in range(len(row.slots) - 1, -1, -1):
            slot, code = row.slots[place], row.codes[place]
            if code == PRODUCT:
                weight = row.weights[place]
                if live[weight]:
                    value = self.passes.key(slot)
                    if not unit:
                        self.mul += 1
                        self.kept.add(key)
                        self.kept.add(value)
                    give(sweep, weight, (scaled[0], None, value if unit else None))
            if not live[slot]:
                continue
            if code == PLUS:
                give(sweep, slot, w)
            elif code == MINUS:
                give(sweep, slot, turned)
            else:
                if not unit and useful[slot]:
                    self.mul += 1
                    self.kept.add(key)
                give(sweep, slot, scaled)

    def _operation(self, slot: int, node: CompactNode) -> None:
        passes, place = self.passes, slot - self.program.inputs
        assert node.local is not None
        live = passes.live[slot]
        swept, numbers, states = [], [], []
        for number, (adjoint, (_, branches)) in enumerate(zip(self.adjoints, self.sweeps, strict=True)):
            w = adjoint[slot]
            adjoint[slot] = None
            if w is None or not live:
                continue
            useful = tuple([bool(self.useful[number][a]) for a in node.arguments])
            outcomes = None if branches.outcomes is None else branches.outcomes[place]
            given = Adjoint(w[0] if w[1] is None else 1, w[1])
            swept.append(Swept(outcomes, passes.outer(node, branches), given, useful))
            numbers.append(number)
            states.append(w)
        needed = bool(self.value_needed[slot])
        tangents = self.tangents if live else None
        pushed = tangents is not None and bool(self.tangent_needed[slot] or tangents.slotted)
        if not needed and not swept and not pushed:
            return
        case = Case(value_needed=needed) if tangents is None else tangents.case(passes, slot)
        wanted = bool(self.tangent_needed[slot])
        case = case._replace(sweeps=tuple(swept), value_needed=needed, tangent_needed=wanted)
        found = node.local.found(case)
        self.once, self.each = self.once.plus(found.once), self.each.plus(found.each)
        for argument in found.values:
            self.value_needed[node.arguments[argument]] = 1
        for argument in found.tangents:
            self.tangent_needed[node.arguments[argument]] = 1
        for source in found.kept:
            self.kept.add(passes.source(slot, source))
        for number in found.adjoints:
            self.kept.add(states[number][2])
        for sweep, w, increments in zip(numbers, states, found.increments, strict=True):
            for argument, (state, source) in zip(node.arguments, increments, strict=True):
                if passes.live[argument] and not state.nothing:
                    key = w[2] if source is not None and source[0] == "w" else passes.source(slot, source)
                    self._give(sweep, argument, (state.sign if state.known is None else 1, state.known, key))
