"""A circuit that cuts differences at thresholds.

"A - B > 0" holds somewhere iff "A > t and t > B" does for some number t, one more variable.  Where A and B are maxima
and minima, each half is a small monotone circuit over half-spaces in d and t, with as many leaves as A and B have
together; removing relus from A - B multiplies these numbers.  (For a sorting network over independent inputs the leaves
are x_i > t, and the circuit is the network on zeros and ones: Knuth's 0-1 principle, TAOCP 3, 5.3.4.)

So a form with several terms (``terms``) is cut between its last term and the rest, and one with a single term is
expanded by the relu rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.circuit import Circuit, Expansion
from subgrad_hardness.engine.thresholds.terms import Owing, Terms
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.proof.steps import Lemma, Literal, Threshold, threshold_variable

#: The room of the first call, in gates and leaves: such circuits are small or hopeless.
FIRST_GATES, GATES_EACH = 25_000, 30
# Shapes with more terms than this are cut without a look at what their terms cancel.
_FEW = 6


class CutCircuit(Circuit):
    """A circuit over half-spaces in the inputs and in thresholds.

    ``terms`` may still grow.
    """

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms.normal)
        self.terms = terms
        self.room = FIRST_GATES + GATES_EACH * len(terms.normal.atoms)
        self._shapes: dict[Key, Owing] = {}

    def learn(self, shape: Form) -> Key:
        """The form of a shape, up to positive scaling, which is expanded by this shape from now on."""
        key = key_of(self.terms.form(shape))
        self._shapes.setdefault(key, Owing(shape, {}))
        return key

    def learn_goal(self, goal: Owing) -> Key:
        """The net's form where it is known with its debts, likewise."""
        key = key_of(self.terms.paid(goal))
        self._shapes.setdefault(key, goal)
        return key

    def expand(self, key: Key, limits: Limits) -> Expansion:
        """The same form without debts, the relu rule, or a cut at a new threshold."""
        terms = self.terms
        known = self._shapes.pop(key, None) or terms.of_form(dict(key), limits)
        shape, debts = known
        if debts:
            self._link(terms.paid(known), terms.form(shape), debts)
            target = self.learn(shape)
            return Expansion(False, target, target, None)
        common = math.gcd(*shape.values())
        shape = {variable: entry // common for variable, entry in shape.items()}
        members = terms.members(shape)
        member = members[0] if len(members) == 1 else self._cancelling(shape, members)
        return self._cut(shape, max(members)) if member is None else self._relu_rule(shape, member)

    def _cancelling(self, shape: Form, members: list[int]) -> int | None:
        """A term that is worth the relu rule before the shape is cut, because one of its sides cancels all the rest.

        So it is with a difference of equal terms, too: with v a maximum and u another one of the same sides, each side
        of v less u is at most zero, as u is no less than it, and no cut is needed.
        """
        if len(members) > _FEW:
            return None
        for member in members:
            sides = self.terms.sides(shape, member)
            if not all(sides) or all(self._is_negative(side) for side in sides):
                return member
        return None

    def _is_negative(self, shape: Form) -> bool:
        """Whether some term of the shape needs both its sides, and one of them cancels all the rest."""
        return any(
            self.terms.is_conjunction(shape, member) and not all(self.terms.sides(shape, member))
            for member in self.terms.members(shape)
        )

    def _relu_rule(self, shape: Form, member: int) -> Expansion:
        term = self.terms.terms[member - self.inputs]
        left, right = self.terms.sides(shape, member)
        if term.atom in self.terms.arguments:  # the rule says something of the argument as the net has it
            form = self.terms.form(shape)
            coefficient = form.pop(term.atom)
            factor, debts = self.terms.arguments[term.atom]
            passed = {variable: entry * factor for variable, entry in form.items()}
            add(passed, self.normal.atoms[term.atom - self.inputs], coefficient * factor)
            kept = dict(passed)
            owed = {variable: entry * coefficient for variable, entry in debts.items()}
            for variable, entry in owed.items():
                add(kept, self.terms.errors[variable], -entry)
            self._link(passed, kept, owed)
        children = self.learn(left), self.learn(right)
        return Expansion(self.terms.is_conjunction(shape, member), *children, term.atom - self.inputs)

    def _cut(self, shape: Form, member: int) -> Expansion:
        fresh = threshold_variable(len(self.cuts))
        above = {member: shape[member], fresh: -1}
        below = {**{variable: entry for variable, entry in shape.items() if variable != member}, fresh: 1}
        part = self.terms.form({member: shape[member]})
        self.cuts.append(Threshold(_sorted(self.terms.form(shape).items()), _sorted(part.items())))
        return Expansion(True, self.learn(above), self.learn(below), None)

    def _link(self, paid: Form, kept: Form, debts: Form) -> None:
        """The lemma: if ``paid`` is positive, so is ``kept``, the same form without its debts, or some error is not
        zero."""
        rows = [(paid, -1), (kept, 1)]
        for variable, entry in debts.items():
            sign = 1 if entry > 0 else -1
            rows.append(({index: sign * part for index, part in self.terms.errors[variable].items()}, abs(entry)))
        stated = [(row, entry) for row, entry in rows if row]
        clause = tuple([Literal(key_of(row), entry > 0) for row, entry in stated])
        self.links.append(Lemma(clause, tuple([abs(entry) * math.gcd(*row.values()) for row, entry in stated])))


def _sorted(form: Iterable[tuple[int, int]]) -> Key:
    return tuple(sorted(form))
