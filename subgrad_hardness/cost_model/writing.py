"""Writing straight-line programs of counted operations: as they are told, or with signs and constants folded.

``Plain`` writes every operation that it is asked for: so a program is evaluated.  ``Folding`` writes what a code
generator would: no product by 0, 1 or -1, no sum with 0, nothing between constants, and signs travel with a value until
they meet a sum (which absorbs one: a + (-b) is a - b) or an output.  Both hand out ``Term``s, so that one rule of the
dictionary serves either.

A writer may be *live*: it then knows the values of the inputs and computes each step as it is written, which tells
the outcome of every comparison, and ``Folding`` writes the branch that is taken alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.cost_model.primitives import CONSTANT, PRIMITIVES, Value, problem_of
from subgrad_hardness.cost_model.steps import Line, Step


class Term(NamedTuple):
    """sign * value(slot), or a constant where ``slot`` is negative."""

    slot: int
    sign: int = 1
    constant: Value = Fraction(0)

    @property
    def known(self) -> bool:
        """Whether this is a constant."""
        return self.slot < 0


def constant(value: Value | int) -> Term:
    """A constant as a term."""
    return Term(-1, 1, Fraction(value) if isinstance(value, int) else value)


ZERO, ONE = constant(0), constant(1)


class Writer:
    """Steps as they are written.

    Parameters
    ----------
    inputs : names.
    values : of the inputs, for a live writer.
    """

    def __init__(self, inputs: Sequence[str], values: Sequence[Value] | None = None) -> None:
        self.inputs = tuple(inputs)
        self.steps: list[Step] = []
        self.values = None if values is None else list(values)
        #: Outcomes of comparisons that are known otherwise than from values.
        self.outcomes: dict[int, int] = {}
        #: Comparisons on whose outcome the program that is written out relies already.
        self.guards: dict[int, int] = {}
        #: Comparisons whose outcome a branch was chosen by.
        self.relied: set[int] = set()
        self.sweep: int | None = None
        self.name = ""
        self._constants: dict[tuple[type, Value], int] = {}

    @property
    def size(self) -> int:
        """How many slots there are."""
        return len(self.inputs) + len(self.steps)

    def write(self, operation: str, *arguments: int) -> int:
        """One step; its slot.  Raises PointError where a live writer finds no value."""
        if self.values is not None:
            try:
                value = PRIMITIVES[operation].evaluate(*[self.values[argument] for argument in arguments])
            except (ArithmeticError, ValueError) as error:
                raise PointError(problem_of(error, operation), place=self.name or operation) from None
            self.values.append(value)
        self.steps.append(Step(operation, arguments, name=self.name))
        return self.size - 1

    def constant(self, value: Value) -> int:
        """The slot of a constant, written once."""
        key = type(value), value
        if key not in self._constants:
            if self.values is not None:
                self.values.append(value)
            self.steps.append(Step(CONSTANT, (), value))
            self._constants[key] = self.size - 1
        return self._constants[key]

    def slot(self, term: Term) -> int:
        """The slot that has a term's value; a sign that has found no sum costs an operation here."""
        if term.known:
            return self.constant(term.constant)
        return term.slot if term.sign > 0 else self.write("neg", term.slot)

    def outcome(self, slot: int) -> int | None:
        """How a comparison comes out, where that is known."""
        known = self.outcomes.get(slot)
        if known is None and self.values is not None:
            return int(self.values[slot])
        return known

    def program(
        self,
        outputs: Sequence[Term],
        *,
        keep: Iterable[int] = (),
        prune: bool = False,
        guarded: bool = False,
        name: str | None = None,
    ) -> Line:
        """What was written, with these outputs.

        ``prune`` leaves out what neither an output nor a slot of ``keep`` needs, nor a branch that was chosen;
        ``guarded`` writes down the outcomes of the comparisons that branches were chosen by.
        """
        slots = tuple([self.slot(term) for term in outputs])
        written = len(self.inputs) + len(self.steps)
        guards = dict(self.guards)
        if guarded:
            assert self.values is not None
            guards |= {slot: int(self.values[slot]) for slot in self.relied}
        if not prune:
            return Line(self.inputs, tuple(self.steps), slots, None, name, guards, self.sweep)
        needed = bytearray(written)
        for slot in (*slots, *keep, *self.relied, *guards):
            needed[slot] = 1
        for slot in range(written - 1, len(self.inputs) - 1, -1):
            if needed[slot]:
                for argument in self.steps[slot - len(self.inputs)].arguments:
                    needed[argument] = 1
        place = list(range(len(self.inputs)))
        steps: list[Step] = []
        sweep = self.sweep
        for position, step in enumerate(self.steps):
            if position == self.sweep:
                sweep = len(steps)
            place.append(len(self.inputs) + len(steps))
            if needed[len(self.inputs) + position]:
                steps.append(step._replace(arguments=tuple([place[argument] for argument in step.arguments])))
        if self.sweep is not None and self.sweep >= len(self.steps):
            sweep = len(steps)
        kept = {place[slot]: outcome for slot, outcome in guards.items() if needed[slot]}
        return Line(self.inputs, tuple(steps), tuple([place[slot] for slot in slots]), None, name, kept, sweep)


class Plain:
    """Writes every operation that it is asked for."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def write(self, operation: str, *terms: Term) -> Term:
        """One operation, whatever its arguments are."""
        return Term(self.writer.write(operation, *[self.writer.slot(term) for term in terms]))

    def add(self, first: Term, second: Term) -> Term:
        return self.write("add", first, second)

    def sub(self, first: Term, second: Term) -> Term:
        return self.write("sub", first, second)

    def neg(self, term: Term) -> Term:
        return self.write("neg", term)

    def mul(self, first: Term, second: Term) -> Term:
        return self.write("mul", first, second)

    def div(self, first: Term, second: Term) -> Term:
        return self.write("div", first, second)

    def sign(self, first: Term, second: Term = ZERO) -> Term:
        """Which of two is larger: one comparison."""
        return self.write("sign", first, second)

    def pick(self, outcome: Term, below: Term, equal: Term, above: Term) -> Term:
        """One of three by the outcome of a comparison: free."""
        return self.write("pick", outcome, below, equal, above)

    def nonlinear(self, operation: str, term: Term) -> Term:
        """exp, log or sqrt."""
        return self.write(operation, term)

    def total(self, terms: Sequence[Term]) -> Term:
        """The sum, from the left."""
        result = terms[0]
        for term in terms[1:]:
            result = self.add(result, term)
        return result


class Folding(Plain):
    """Writes what a code generator would; ``branches`` says whether known outcomes of comparisons are used."""

    def __init__(self, writer: Writer, branches: bool = True) -> None:
        super().__init__(writer)
        self.branches = branches

    def add(self, first: Term, second: Term) -> Term:
        for one, other in ((first, second), (second, first)):
            if one.known and not one.constant:
                return other
        if first.known and second.known:
            return constant(first.constant + second.constant)
        if first.sign == second.sign:
            return self.write("add", first._replace(sign=1), second._replace(sign=1))._replace(sign=first.sign)
        plus, minus = (first, second) if first.sign > 0 else (second, first)
        return self.write("sub", plus, minus._replace(sign=1))

    def sub(self, first: Term, second: Term) -> Term:
        return self.add(first, self.neg(second))

    def neg(self, term: Term) -> Term:
        return constant(-term.constant) if term.known else term._replace(sign=-term.sign)

    def mul(self, first: Term, second: Term) -> Term:
        if first.known and second.known:
            return constant(first.constant * second.constant)
        for one, other in ((first, second), (second, first)):
            if one.known:
                if not one.constant:
                    return ZERO
                if abs(one.constant) == 1:
                    return other if one.constant > 0 else self.neg(other)
        sign = first.sign * second.sign
        return self.write("mul", first._replace(sign=1), second._replace(sign=1))._replace(sign=sign)

    def div(self, first: Term, second: Term) -> Term:
        if first.known and not first.constant:
            return ZERO
        if second.known and second.constant:
            if first.known:
                return constant(first.constant / second.constant)
            if abs(second.constant) == 1:
                return first if second.constant > 0 else self.neg(first)
        sign = first.sign * second.sign
        return self.write("div", first._replace(sign=1), second._replace(sign=1))._replace(sign=sign)

    def pick(self, outcome: Term, below: Term, equal: Term, above: Term) -> Term:
        known = int(outcome.constant) if outcome.known else None
        if known is None and self.branches:
            known = self.writer.outcome(outcome.slot)
            if known is not None:
                self.writer.relied.add(outcome.slot)
        if known is not None:
            return (equal, above, below)[known]
        if below == equal == above:
            return equal
        return super().pick(outcome, below, equal, above)
