"""The rules of an operation carried out on numbers, along branches that may be other than those that are taken."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.cost_model.primitives import PRIMITIVES, Value
from subgrad_hardness.cost_model.rules import Applied, Entry
from subgrad_hardness.cost_model.writing import ZERO, Plain, Term, Writer, constant


class Numbers(Plain):
    """Runs rules on numbers instead of writing them: every term is a constant, outcomes are numbered."""

    def __init__(self) -> None:
        super().__init__(Writer(()))
        self.found: list[int] = []
        self._chosen: Sequence[int] = ()
        self._outer: int | None = None

    def applied(self, entry: Entry, parameter: Value | None, arguments: Sequence[Term]) -> Applied:
        """The operation, with what its other rules read."""
        value, kept = entry.value(self, arguments, parameter)
        node = Applied(tuple(arguments), parameter, value, kept)
        if entry.prepare is not None:
            node = node._replace(prepared=entry.prepare(self, node))
        self._chosen = self.found
        return node

    def settle(self, outcomes: Sequence[int] | None, outer: int | None) -> None:
        """From now on choices are made by these outcomes."""
        self._chosen, self._outer = self.found if outcomes is None else outcomes, outer

    def branch(self, node: Applied) -> Applied:
        """The node, whose first argument is the outcome that it chooses by, where it is told."""
        if self._outer is None:
            return node
        return node._replace(arguments=(constant(self._outer), *node.arguments[1:]))

    def write(self, operation: str, *terms: Term) -> Term:
        return constant(PRIMITIVES[operation].evaluate(*[term.constant for term in terms]))

    def sign(self, first: Term, second: Term = ZERO) -> Term:
        outcome = int(PRIMITIVES["sign"].evaluate(first.constant, second.constant))
        self.found.append(outcome)
        return Term(-1 - len(self.found), 1, Fraction(outcome))

    def pick(self, outcome: Term, below: Term, equal: Term, above: Term) -> Term:
        chosen = int(outcome.constant) if outcome.slot > -2 else (self._chosen or self.found)[-2 - outcome.slot]
        return (equal, above, below)[chosen]
