"""What one operation has to do with the counts of a whole derived program: its rules are written out once for symbols.

A derived program is written operation by operation, and what is written for one of them depends on little: which
branches are taken, whether its adjoint is a known constant or carries a sign, which of its results anybody needs.  For
each such case the rules are run once, on inputs x (its arguments), d (their tangents) and w (its adjoints), what nobody
needs is left out, and the steps are counted; nodes in the same case cost the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.local_numbers import Numbers
from subgrad_hardness.cost_model.primitives import CONSTANT, PRIMITIVES, Value
from subgrad_hardness.cost_model.rules import Applied, Entry
from subgrad_hardness.cost_model.weights import Counts
from subgrad_hardness.cost_model.writing import ONE, ZERO, Folding, Plain, Term, Writer, constant

#: Outcomes of the comparisons of an operation, in order; None where they are not known.
Outcomes = tuple[int, ...] | None


class Adjoint(NamedTuple):
    """What is known of an adjoint or a tangent: its value where it is a constant (0: nothing), else its sign."""

    sign: int = 1
    known: Value | None = None

    @property
    def nothing(self) -> bool:
        """Whether it is 0."""
        return self.known is not None and not self.known

    def term(self, slot: int) -> Term:
        """As a term."""
        return Term(slot, self.sign) if self.known is None else constant(self.known)


class Swept(NamedTuple):
    """One sweep through a node: the branches, the outcome that a ``pick`` reads, the adjoint, and what is needed."""

    outcomes: Outcomes
    outer: int | None
    adjoint: Adjoint
    useful: tuple[bool, ...]


class Case(NamedTuple):
    """All that the counts of a node depend on.

    ``tangents`` are what is known of the arguments' tangents (None: there are none), ``alike`` for each argument the
    first one that has the same tangent, up to a sign.
    """

    sweeps: tuple[Swept, ...] = ()
    tangents: tuple[Adjoint, ...] | None = None
    alike: tuple[int, ...] = ()
    #: Whether every tangent is a number of its own, with its sign.
    slotted: bool = False
    outcomes: Outcomes = None
    outer: int | None = None
    value_needed: bool = True
    tangent_needed: bool = False


#: Where a value comes from: an argument, the value itself, an inner value, an adjoint, or it is new.
Source = tuple[str, int] | None


class Found(NamedTuple):
    """What a node in a case contributes.

    Attributes
    ----------
    once, each : counts, and those that every direction adds.
    values, tangents : the arguments whose values and tangents are read.
    kept : which values the sweeps read from the evaluation.
    adjoints : which adjoints are read, by sweep.
    increments : for each sweep what is given to each argument.
    tangent : what the tangent is.
    """

    once: Counts
    each: Counts
    values: tuple[int, ...]
    tangents: tuple[int, ...]
    kept: tuple[Source, ...]
    adjoints: tuple[int, ...]
    increments: tuple[tuple[tuple[Adjoint, Source], ...], ...]
    tangent: tuple[Adjoint, Source]


class Local:
    """An operation with its parameter, and which of its arguments are the same."""

    @classmethod
    def of(cls, operation: str, arguments: Sequence[int], parameter: Value | None, own: Entry | None = None) -> Local:
        """The one object for all nodes that are alike; ``own`` is an entry that is not built in."""
        return _local(operation, tuple([arguments.index(argument) for argument in arguments]), parameter, own)

    def __init__(
        self, operation: str, pattern: tuple[int, ...], parameter: Value | None, own: Entry | None = None
    ) -> None:
        self.operation, self.pattern, self.parameter = operation, pattern, parameter
        self.own, self.told = own, (own, parameter)
        self.entry = ENTRIES[operation] if own is None else own
        self.found = lru_cache(maxsize=4096)(self._found)
        self.textbook = lru_cache(maxsize=256)(self._textbook)
        self.passes = lru_cache(maxsize=256)(self._passes)
        written = _Written(self)
        self.evaluation = _counts(written.writer, range(written.first, written.valued))
        #: With what sweeps and pushes share.
        self.prepared = _counts(written.writer, range(written.first, written.told))
        #: The comparisons: what each one compares, as slots of ``steps``.
        self.steps, self.first = list(written.writer.steps), written.first
        self.signs = written.signs
        #: The argument whose value this is, where it computes nothing.
        self.alias = written.node.value.slot if 0 <= written.node.value.slot < len(pattern) else None
        self.entry.pull(Plain(written.writer), written.node, Term(written.w))
        #: Whether its slopes are quotients, which may have no value.
        self.divides = any(step.operation == "div" for step in written.writer.steps)
        #: Whether it may compare floats though its arguments are rational: of what is built in, the norm compares a
        #: root with 0, which is exact.
        self.rounds = own is not None and any(step.operation in ("exp", "log", "sqrt") for step in self.steps)
        primitive = own is None and operation in PRIMITIVES
        self._primitive = PRIMITIVES[operation].evaluate if primitive else None

    def value(self, arguments: Sequence[Value]) -> tuple[Value, Outcomes]:
        """The value, and the outcomes of all comparisons."""
        if self._primitive is not None:
            found = self._primitive(*arguments)
            return found, (int(found),) if self.entry.steps else ()
        numbers = Numbers()
        node = numbers.applied(self.entry, self.parameter, [constant(argument) for argument in arguments])
        return node.value.constant, tuple(numbers.found)

    def pushed(
        self, arguments: Sequence[Value], tangents: Sequence[Value], outcomes: Outcomes, outer: int | None
    ) -> Value:
        """The tangent, along these branches."""
        numbers = Numbers()
        node = numbers.applied(self.entry, self.parameter, [constant(argument) for argument in arguments])
        numbers.settle(outcomes, outer)
        return self.entry.push(numbers, numbers.branch(node), [constant(tangent) for tangent in tangents]).constant

    def pulled(self, arguments: Sequence[Value], w: Value, outcomes: Outcomes, outer: int | None) -> list[Value]:
        """The increments for the adjoint w, along these branches."""
        numbers = Numbers()
        node = numbers.applied(self.entry, self.parameter, [constant(argument) for argument in arguments])
        numbers.settle(outcomes, outer)
        return [term.constant for term in self.entry.pull(numbers, numbers.branch(node), constant(w))]

    def sides(self, number: int, outcomes: Sequence[int], name: str) -> list[int | None]:
        """The two arguments that a comparison compares, through choices made before it; None: a constant.

        Raises PointError where it compares anything else.
        """
        chosen = dict(zip(self.signs, outcomes, strict=True))

        def side(slot: int) -> int | None:
            if slot < len(self.pattern):
                return slot
            step = self.steps[slot - self.first]
            if step.operation == CONSTANT:
                return None
            if step.operation != "pick" or step.arguments[0] not in chosen:
                raise PointError("a tie that no direction settles", place=name or self.operation)
            return side(step.arguments[2 + chosen[step.arguments[0]]])

        return [side(slot) for slot in self.steps[self.signs[number] - self.first].arguments]

    def _passes(self, outcomes: Outcomes, outer: int | None) -> tuple[bool, ...]:
        """Which arguments get anything from an adjoint."""
        written = _Written(self)
        written.branch(outcomes, outer)
        found = self.entry.pull(Folding(written.writer), written.node, Term(written.w))
        return tuple([not term.known or bool(term.constant) for term in found])

    def _textbook(self, live: tuple[bool, ...], own: bool) -> tuple[Counts, tuple[Source, ...]]:
        """The value with the slopes of the live arguments, and where the slopes come from."""
        written = _Written(self)
        if not own:
            return self.prepared, ()
        slopes = self.entry.pull(Folding(written.writer, branches=False), written.node, ONE)
        slots = [written.writer.slot(slopes[place]) for place, each in enumerate(live) if each]
        needed = written.needed(slots)
        steps = [*range(written.first, written.told), *(slot for slot in needed if slot >= written.told)]
        return _counts(written.writer, steps), tuple([written.source(slot, True) for slot in slots])

    def _found(self, case: Case) -> Found:
        written = _Written(self)
        writer, entry = written.writer, self.entry
        pushed = writer.size
        tangent, state = ZERO, written.state(ZERO)
        if case.tangents is not None:
            written.branch(case.outcomes, case.outer)
            given = [each.term(written.d + place) for each, place in zip(case.tangents, case.alike, strict=True)]
            tangent = entry.push(Folding(writer), written.node, given)
            state = written.state(tangent)
            if case.slotted:
                tangent = Term(writer.slot(tangent))
                state = state if state[0].known is not None else written.state(tangent)
        swept = writer.size
        increments = []
        for number, sweep in enumerate(case.sweeps):
            written.branch(sweep.outcomes, sweep.outer)
            increments.append(entry.pull(Folding(writer), written.node, sweep.adjoint.term(written.w + number)))
        roots = [written.node.value.slot] if case.value_needed else []
        roots += [tangent.slot] if case.tangent_needed and not tangent.known else []
        for sweep, found in zip(case.sweeps, increments, strict=True):
            roots += [term.slot for term, useful in zip(found, sweep.useful, strict=True) if useful and not term.known]
        needed = written.needed([*roots, *writer.relied])
        steps = [slot for slot in needed if slot >= written.first]
        read = {
            argument for slot in steps if slot >= swept for argument in writer.steps[slot - written.first].arguments
        }
        kept = [source for source in map(written.source, sorted(read)) if source is not None and source[0] != "w"]
        width = len(self.pattern)
        return Found(
            _counts(writer, [slot for slot in steps if not pushed <= slot < swept]),
            _counts(writer, [slot for slot in steps if pushed <= slot < swept]),
            tuple(sorted(slot for slot in needed if slot < width)),
            tuple(sorted(slot - written.d for slot in needed if written.d <= slot < written.d + width)),
            tuple(kept),
            tuple(sorted(slot - written.w for slot in read if written.w <= slot < written.first)),
            tuple([tuple([written.state(term) for term in found]) for found in increments]),
            state,
        )


@lru_cache(maxsize=4096)
def _local(operation: str, pattern: tuple[int, ...], parameter: Value | None, own: Entry | None) -> Local:
    return Local(operation, pattern, parameter, own)


class _Written:
    """An operation applied to symbols."""

    #: No node has more sweeps at once.
    sweeps = 64

    def __init__(self, local: Local) -> None:
        width = len(local.pattern)
        self.d, self.w = width, 2 * width
        self.first = 2 * width + self.sweeps
        self.writer = Writer([""] * self.first)
        plain, entry = Plain(self.writer), local.entry
        arguments = tuple([Term(place) for place in local.pattern])
        value, kept = entry.value(plain, arguments, local.parameter)
        self.node = Applied(arguments, local.parameter, value, kept)
        self.valued = self.writer.size
        if entry.prepare is not None:
            self.node = self.node._replace(prepared=entry.prepare(plain, self.node))
        self.told = self.writer.size
        operations = enumerate(self.writer.steps, self.first)
        self.signs = [slot for slot, step in operations if step.operation == "sign"]

    def branch(self, outcomes: Outcomes, outer: int | None) -> None:
        """Make these branches the ones that are taken."""
        self.writer.outcomes.clear()
        if outcomes is not None:
            self.writer.outcomes.update(zip(self.signs, outcomes, strict=True))
        if outer is not None:
            self.writer.outcomes[self.node.arguments[0].slot] = outer

    def needed(self, roots: Sequence[int]) -> list[int]:
        """All slots that these need."""
        found, todo = set[int](), list(roots)
        while todo:
            slot = todo.pop()
            if slot not in found:
                found.add(slot)
                if slot >= self.first:
                    todo += self.writer.steps[slot - self.first].arguments
        return sorted(found)

    def source(self, slot: int, evaluated: bool = False) -> Source:
        """Where a value comes from, of which the tape is told; of comparisons and constants it is not.

        With ``evaluated`` everything belongs to the evaluation.
        """
        if slot < self.d:
            return "x", slot
        if self.w <= slot < self.first:
            return "w", slot - self.w
        if slot < self.first or (slot >= self.told and not evaluated):
            return None
        if self.writer.steps[slot - self.first].operation in ("sign", CONSTANT):
            return None
        return ("v", 0) if slot == self.node.value.slot else ("i", slot)

    def state(self, term: Term) -> tuple[Adjoint, Source]:
        """What is known of a term."""
        if term.known:
            return Adjoint(known=term.constant), None
        if self.d <= term.slot < self.w:
            return Adjoint(term.sign), ("d", term.slot - self.d)
        return Adjoint(term.sign), self.source(term.slot)


def _counts(writer: Writer, slots: Sequence[int]) -> Counts:
    steps = [writer.steps[slot - len(writer.inputs)] for slot in slots]
    return Counts.of(PRIMITIVES[step.operation].kind for step in steps if step.operation != CONSTANT)
