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

from subgrad_hardness.engine.circuit.circuit import Circuit, Expansion
from subgrad_hardness.engine.thresholds.terms import Terms
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.proof.steps import Threshold, threshold_variable

#: The room of the first call, in gates and leaves: such circuits are small or hopeless.
FIRST_GATES, GATES_EACH = 30_000, 60


class CutCircuit(Circuit):
    """A circuit over half-spaces in the inputs and in thresholds.

    Attributes
    ----------
    cuts : the thresholds, in the order of their numbers.
    """

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms.normal)
        self.terms = terms
        self.room = FIRST_GATES + GATES_EACH * len(terms.normal.atoms)
        self._shapes: dict[Key, Form] = {}

    def learn(self, shape: Form) -> Key:
        """The form of a shape, up to positive scaling, which is expanded by this shape from now on."""
        key = key_of(self.terms.form(shape))
        self._shapes.setdefault(key, shape)
        return key

    def expand(self, key: Key) -> Expansion:
        """The relu rule on the one term of a form, or its cut at a new threshold."""
        shape = self._shapes.pop(key, None)
        if shape is None:
            shape = self.terms.of_form(dict(key))
        common = math.gcd(*shape.values())
        shape = {variable: entry // common for variable, entry in shape.items()}
        members = self.terms.members(shape)
        return self._relu_rule(key, shape, members[0]) if len(members) == 1 else self._cut(shape, max(members))

    def _relu_rule(self, key: Key, shape: Form, member: int) -> Expansion:
        term, coefficient = self.terms.terms[member - self.inputs], shape[member]
        rest = {variable: entry * term.factor for variable, entry in shape.items() if variable != member}
        for side in (term.left, term.right):
            inner = dict(rest)
            add(inner, side, coefficient)
            if self.terms.members(inner):
                self.learn(inner)
        return Expansion(term.minimum == (coefficient > 0), *self.removed(key, term.atom), term.atom - self.inputs)

    def _cut(self, shape: Form, member: int) -> Expansion:
        fresh = threshold_variable(len(self.cuts))
        above = {member: shape[member], fresh: -1}
        below = {**{variable: entry for variable, entry in shape.items() if variable != member}, fresh: 1}
        part = self.terms.form({member: shape[member]})
        self.cuts.append(Threshold(_sorted(self.terms.form(shape).items()), _sorted(part.items())))
        return Expansion(True, self.learn(above), self.learn(below), None)


def _sorted(form: Iterable[tuple[int, int]]) -> Key:
    return tuple(sorted(form))
