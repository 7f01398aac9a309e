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
from subgrad_hardness.proof.steps import Lemma, Literal, Threshold, threshold_variable

#: The room of the first call, in gates and leaves: such circuits are small or hopeless.
FIRST_GATES, GATES_EACH = 30_000, 60
# Shapes with more terms than this are cut without a look at what their terms cancel.
_FEW = 6


class CutCircuit(Circuit):
    """A circuit over half-spaces in the inputs and in thresholds.

    Attributes
    ----------
    cuts : the thresholds, in the order of their numbers.
    merged : terms that were proved to be equal to a shape over other terms, which stands for them from then on.
    """

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms.normal)
        self.terms = terms
        self.merged: dict[int, Form] = {}
        self.room = FIRST_GATES + GATES_EACH * len(terms.normal.atoms)
        self._shapes: dict[Key, Form] = {}

    def learn(self, shape: Form) -> Key:
        """The form of a shape, up to positive scaling, which is expanded by this shape from now on."""
        key = key_of(self.terms.form(shape))
        self._shapes.setdefault(key, shape)
        return key

    def reduced(self, shape: Form) -> Form:
        """The shape over terms that were not merged; itself if it holds no others."""
        if self.merged.keys().isdisjoint(shape):
            return shape
        result: Form = {}
        for variable, entry in shape.items():
            add(result, self.merged.get(variable, {variable: 1}), entry)
        return result

    def expand(self, key: Key) -> Expansion:
        """The same form over terms that were not merged, the relu rule, or a cut at a new threshold."""
        known = self._shapes.pop(key, None)
        shape = self.terms.of_form(dict(key)) if known is None else known
        reduced = self.reduced(shape)
        if reduced is not shape:
            target = self.learn(reduced)
            if target != key:
                self._link(key, shape, target, reduced)
                return Expansion(False, target, target, None)
        common = math.gcd(*reduced.values())
        shape = {variable: entry // common for variable, entry in reduced.items()}
        members = self.terms.members(shape)
        member = members[0] if len(members) == 1 else self._cancelling(shape, members)
        return self._cut(shape, max(members)) if member is None else self._relu_rule(shape, member)

    def _sides(self, shape: Form, member: int) -> tuple[Form, Form]:
        """The shape with a term's left and with its right side in its place, times the term's factor."""
        term, coefficient = self.terms.terms[member - self.inputs], shape[member]
        rest = {variable: entry * term.factor for variable, entry in shape.items() if variable != member}
        left, right = dict(rest), rest
        add(left, term.left, coefficient)
        add(right, term.right, coefficient)
        return left, right

    def _is_conjunction(self, shape: Form, member: int) -> bool:
        """Whether both sides of a term of the shape have to be positive for the shape to be so."""
        return self.terms.terms[member - self.inputs].minimum == (shape[member] > 0)

    def _cancelling(self, shape: Form, members: list[int]) -> int | None:
        """A term that is worth the relu rule before the shape is cut, because one of its sides cancels all the rest.

        So it is with a difference of equal terms, too: with v a maximum and u another one of the same sides, each side
        of v less u is at most zero, as u is no less than it, and no cut is needed.
        """
        if len(members) > _FEW:
            return None
        for member in members:
            sides = [self.reduced(side) for side in self._sides(shape, member)]
            if not all(sides) or all(self._is_negative(side) for side in sides):
                return member
        return None

    def _is_negative(self, shape: Form) -> bool:
        """Whether some term of the shape needs both its sides, and one of them cancels all the rest."""
        return any(
            self._is_conjunction(shape, member) and not all(map(self.reduced, self._sides(shape, member)))
            for member in self.terms.members(shape)
        )

    def _relu_rule(self, shape: Form, member: int) -> Expansion:
        left, right = map(self.learn, self._sides(shape, member))
        return Expansion(
            self._is_conjunction(shape, member), left, right, self.terms.terms[member - self.inputs].atom - self.inputs
        )

    def _cut(self, shape: Form, member: int) -> Expansion:
        fresh = threshold_variable(len(self.cuts))
        above = {member: shape[member], fresh: -1}
        below = {**{variable: entry for variable, entry in shape.items() if variable != member}, fresh: 1}
        part = self.terms.form({member: shape[member]})
        self.cuts.append(Threshold(_sorted(self.terms.form(shape).items()), _sorted(part.items())))
        return Expansion(True, self.learn(above), self.learn(below), None)

    def _link(self, key: Key, shape: Form, target: Key, reduced: Form) -> None:
        """The lemma: if the form of ``shape`` is positive, so is that of ``reduced``, or a merged term is not equal to
        what stands for it."""
        rows = [(self.terms.form(shape), -1), (self.terms.form(reduced), 1)]
        for variable in shape.keys() & self.merged.keys():
            error = self.error(variable)
            rows.append(
                (
                    {index: entry if shape[variable] > 0 else -entry for index, entry in error.items()},
                    abs(shape[variable]),
                )
            )
        clause = [
            (Literal(key_of(form), sign > 0), abs(sign) * math.gcd(*form.values())) for form, sign in rows if form
        ]
        self.links.append(Lemma(*map(tuple, zip(*clause, strict=True))))

    def error(self, variable: int) -> Form:
        """A merged term less the shape that stands for it, a form that is zero everywhere."""
        error = dict(self.terms.terms[variable - self.inputs].form)
        add(error, self.terms.form(self.merged[variable]), -1)
        return error


def _sorted(form: Iterable[tuple[int, int]]) -> Key:
    return tuple(sorted(form))
