"""What the derived programs of a program cost, counted node by node without writing them.

Each count here is that of a program that ``backward``, ``forward`` or ``lexicographic`` would write, operation for
operation: the same passes are made over nodes instead of steps, and carry along only what decides what is written:
whether an adjoint is a known constant, which sign travels with it, which branch is taken, what is needed by an output.
A row of a net is gone through by its terms; every other operation is looked up (``local_counts``).  Linear in the
terms, a fraction of a microsecond to a few for each.  ``tests/cost_model/test_counting.py`` compares with the programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.compact import MINUS, PRODUCT, SCALED, Compact, CompactNode, RowNode, Values
from subgrad_hardness.cost_model.dictionaries import OwnStep
from subgrad_hardness.cost_model.local_counts import Adjoint, Case, Outcomes, Source
from subgrad_hardness.cost_model.primitives import CONSTANT
from subgrad_hardness.cost_model.row_counts import row_push, row_value
from subgrad_hardness.cost_model.weights import Counts

_NOTHING = Adjoint(known=Fraction(0))
_SIGNED = {1: Adjoint(1), -1: Adjoint(-1)}


class Tally(NamedTuple):
    """Counts, those that every direction adds, and how many values are kept for the sweeps."""

    once: Counts
    each: Counts
    stored: int


class Branches(NamedTuple):
    """Which branches are taken: outcomes by node; ``known`` None where all branches are kept."""

    outcomes: Sequence[Outcomes] | None


#: All branches are kept.
ALL = Branches(None)


class Tangents(NamedTuple):
    """The tangents of a forward program.

    Attributes
    ----------
    known : what is known of each, by slot.
    names : equal for slots that have the same tangent, up to a sign.
    branches : along which they are pushed.
    slotted : whether each of them is a number of its own, which has its sign.
    """

    known: list[Adjoint]
    names: list[object]
    branches: Branches
    slotted: bool

    def case(self, passes: Passes, slot: int) -> Case:
        """The case of an operation whose tangent is pushed."""
        place = slot - passes.program.inputs
        node, outcomes = passes.program.nodes[place], self.branches.outcomes
        names = [self.names[argument] for argument in node.arguments]
        return Case(
            tangents=tuple([self.known[argument] for argument in node.arguments]),
            alike=tuple([names.index(name) for name in names]),
            slotted=self.slotted,
            outcomes=None if outcomes is None else outcomes[place],
            outer=passes.outer(node, self.branches),
        )


class Passes:
    """The passes over one program.

    Parameters
    ----------
    wrt : the inputs that are differentiated.
    values : at the program's point.
    """

    def __init__(self, program: Compact, wrt: Sequence[int], values: Values, limits: Limits = NO_LIMITS) -> None:
        self.program, self.wrt, self.values, self.limits = program, wrt, values, limits
        self.live = bytearray(program.inputs + len(program.nodes))
        for slot in wrt:
            self.live[slot] = 1
        #: The slot whose value a slot is.
        self.same = list(range(len(self.live)))
        for slot, node in enumerate(program.nodes, program.inputs):
            if node.row is not None:
                self.live[slot] = any(self.live[a] for a in (*node.row.slots, *node.row.weights))
            elif node.local is not None:
                self.live[slot] = not node.local.entry.steps and any(self.live[a] for a in node.arguments)
                if node.local.alias is not None:
                    self.same[slot] = self.same[node.arguments[node.local.alias]]

    @cached_property
    def evaluation(self) -> Counts:
        """Of the evaluation."""
        total = Counts()
        for node in self.program.nodes:
            if node.local is not None:
                total = total.plus(node.local.evaluation)
            elif node.row is not None:
                total = total.plus(row_value(node.row))
        return total

    def key(self, slot: int) -> object:
        """What the tape calls a value; None for what is not kept: inputs, constants, outcomes of comparisons."""
        slot = self.same[slot]
        if slot < self.program.inputs or self.program.nodes[slot - self.program.inputs].operation in (CONSTANT, "sign"):
            return None
        return slot

    def source(self, slot: int, source: Source) -> object:
        """What the tape calls a value that an operation names."""
        if source is None:
            return None
        kind, number = source
        if kind == "x":
            return self.key(self.program.nodes[slot - self.program.inputs].arguments[number])
        return self.key(slot) if kind == "v" else (slot, number)

    def outer(self, node: CompactNode, branches: Branches) -> int | None:
        """The outcome that a ``pick`` chooses by, where it is known."""
        if node.operation != "pick":
            return None
        slot, first = node.arguments[0], self.program.inputs
        if branches.outcomes is None:
            return self.program.guards.get(slot)
        if slot >= first and self.program.nodes[slot - first].operation == "sign":
            outcomes = branches.outcomes[slot - first]
            assert outcomes is not None
            return outcomes[0]
        return int(self.values.numbers[slot])

    def textbook(self) -> Tally:
        """Of textbook backward."""
        total, contributions, kept = Counts(), 0, set[object]()
        for slot, node in enumerate(self.program.nodes, self.program.inputs):
            self.limits.check()
            if node.row is not None:
                total = total.plus(row_value(node.row))
                contributions += sum(sum(step.live) for step in self._row_steps(node.row))
                kept |= {self.key(a) for w, a in zip(node.row.weights, node.row.slots, strict=False) if self.live[w]}
            elif node.local is not None:
                live = tuple([bool(self.live[a]) for a in node.arguments])
                counts, sources = node.local.textbook(live, bool(self.live[slot]))
                total = total.plus(counts)
                if self.live[slot]:
                    contributions += sum(live)
                    kept |= {self.source(slot, source) for source in sources}
        kept |= {self.key(output) for output in self.program.outputs}
        times = len(self.program.outputs) * contributions
        return Tally(total.plus(Counts(add=times, mul=times)), Counts(), len(kept - {None}))

    def textbook_forward(self) -> Tally:
        """Of textbook forward."""
        total, add, mul = Counts(), 0, 0
        for slot, node in enumerate(self.program.nodes, self.program.inputs):
            self.limits.check()
            if node.row is not None:
                total = total.plus(row_value(node.row))
                for step in self._row_steps(node.row):
                    each = sum(step.live)
                    mul, add = mul + each, add + max(each - 1, 0)
            elif node.local is not None:
                live = tuple([bool(self.live[a]) for a in node.arguments])
                total = total.plus(node.local.textbook(live, bool(self.live[slot]))[0])
                if self.live[slot]:
                    mul, add = mul + sum(live), add + sum(live) - 1
        return Tally(total, Counts(add=add, mul=mul), 0)

    def steps(self) -> Iterator[OwnStep]:
        """The steps of the program: operations, and which of their arguments are differentiated."""
        for node in self.program.nodes:
            if node.row is not None:
                yield from self._row_steps(node.row)
            elif node.local is not None:
                yield OwnStep(node.operation, tuple([bool(self.live[a]) for a in node.arguments]), *node.local.told)

    def _row_steps(self, row: RowNode) -> Iterator[OwnStep]:
        before = None
        for place, (slot, code) in enumerate(zip(row.slots, row.codes, strict=True)):
            live = bool(self.live[slot])
            if code == PRODUCT:
                weight = bool(self.live[row.weights[place]])
                yield OwnStep("mul", (weight, live))
                live |= weight
            elif code == SCALED:
                yield OwnStep("mul", (False, live))
            elif code == MINUS and before is None:
                yield OwnStep("neg", (live,))
            if before is not None:
                yield OwnStep("sub" if code == MINUS else "add", (before, live))
                live |= before
            before = live
        if row.constant is not None:
            yield OwnStep("add" if row.constant > 0 else "sub", (bool(before), False))

    @cached_property
    def tangents(self) -> Tangents:
        """The tangents of structural forward, where signs travel and all branches are kept."""
        first = self.program.inputs
        known = [_SIGNED[1] if self.live[slot] else _NOTHING for slot in range(first)]
        found = Tangents(known, list[object](range(first)), ALL, False)
        for slot, node in enumerate(self.program.nodes, first):
            state, name = _NOTHING, None
            if self.live[slot] and node.row is not None:
                _, sign, alias = row_push(node.row, known, False)
                state, name = _SIGNED[sign], slot if alias is None else found.names[alias]
            elif self.live[slot]:
                assert node.local is not None
                state, source = node.local.found(found.case(self, slot)).tangent
                same = source is not None and source[0] == "d"
                name = found.names[node.arguments[source[1]]] if source is not None and same else slot
            known.append(state)
            found.names.append(name)
        return found

    def useful(self, branches: Branches) -> bytearray:
        """Which adjoints have a way to an input that is differentiated."""
        found, first = bytearray(self.live), self.program.inputs
        for slot, node in enumerate(self.program.nodes, first):
            if not self.live[slot]:
                continue
            if node.row is not None:
                found[slot] = any(found[a] for a in (*node.row.slots, *node.row.weights))
            else:
                assert node.local is not None
                outcomes = None if branches.outcomes is None else branches.outcomes[slot - first]
                passes = node.local.passes(outcomes, self.outer(node, branches))
                found[slot] = any(each and found[a] for each, a in zip(passes, node.arguments, strict=True))
        return found
