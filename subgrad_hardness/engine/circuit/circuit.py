"""The monotone circuit of a normal form, by the relu rule."""

from __future__ import annotations

import math

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE, Gate
from subgrad_hardness.engine.contract import GaveUp, RoomReached
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm

#: A circuit that outgrows this, and this much for each kink, is a blow-up: another engine's turn first.
FIRST_GATES, GATES_EACH = 3000, 12
#: How far it may grow when it is asked again, and its end.
GROWTH, MOST_GATES = 8, 1_000_000


class Circuit:
    """The monotone circuit of a normal form.

    Variable v > 1 has the form ``forms[v]``; it is an input atom (and -v its opposite) or, in
    ``gates``, a gate.  ``ruled`` are the forms that the relu rule was used on, children first.
    """

    def __init__(self, normal: NormalForm) -> None:
        self.normal = normal
        self.inputs = normal.inputs
        self.forms: list[Key] = [(), ()]
        self.gates: dict[int, Gate] = {}
        self.ruled: list[Key] = []
        self.room = FIRST_GATES + GATES_EACH * len(normal.atoms)
        # Forms are numbered as they are met, so that each is hashed once; 0 is no literal yet.
        self._keys: list[Key] = [()]
        self._numbers: dict[Key, int] = {(): 0}
        self._literals: list[int] = [FALSE]
        self._children: list[tuple[int, int] | None] = [None]

    def gate(self, form: Form, limits: Limits) -> int:
        """The literal that says ``form`` > 0.  Raises LimitReached, also when the circuit outgrows its room."""
        root = self._number(key_of(form))
        literals = self._literals
        stack = [root]
        while stack:
            number = stack[-1]
            if literals[number]:
                stack.pop()
                continue
            key = self._keys[number]
            last, coefficient = key[-1]
            if last < self.inputs:
                self._add_atom(number, key)
                continue
            children = self._children[number]
            if children is None:
                limits.check()
                without, passed = self._ruled(key)
                children = self._children[number] = self._number(without), self._number(passed)
            left, right = literals[children[0]], literals[children[1]]
            if left and right:
                literals[number] = self._join(key, coefficient < 0, left, right)
                self.ruled.append(key)
                continue
            if not right:
                stack.append(children[1])
            if not left:
                stack.append(children[0])
        return literals[root]

    def _number(self, key: Key) -> int:
        number = self._numbers.setdefault(key, len(self._keys))
        if number == len(self._keys):
            self._keys.append(key)
            self._literals.append(0)
            self._children.append(None)
        return number

    def _ruled(self, key: Key) -> tuple[Key, Key]:
        """L and L + c z for the form L + c relu(z), z the last atom."""
        last, coefficient = key[-1]
        without = key[:-1]
        passed = dict(without)
        content = math.gcd(*passed.values())
        add(passed, self.normal.atoms[last - self.inputs], coefficient)
        if content > 1:
            without = tuple([(variable, entry // content) for variable, entry in without])
        return without, key_of(passed)

    def _new(self, key: Key) -> int:
        if len(self.forms) > self.room:
            said = self.room
            if said >= MOST_GATES:
                raise GaveUp(f"more than {said} gates")
            self.room = min(self.room * GROWTH, MOST_GATES)
            raise RoomReached(f"more than {said} gates")
        self.forms.append(key)
        return len(self.forms) - 1

    def _add_atom(self, number: int, key: Key) -> None:
        """A hyperplane, oriented by its first nonzero entry."""
        opposite = tuple([(variable, -coefficient) for variable, coefficient in key])
        forward = key[0][1] > 0
        variable = self._new(key if forward else opposite)
        literal = variable if forward else -variable
        self._literals[number] = literal
        self._literals[self._number(opposite)] = -literal

    def _join(self, key: Key, conjunction: bool, left: int, right: int) -> int:
        if left == right:
            return left
        absorbing, neutral = (FALSE, TRUE) if conjunction else (TRUE, FALSE)
        if absorbing in (left, right) or left == -right:
            return absorbing
        if neutral in (left, right):
            return right if left == neutral else left
        variable = self._new(key)
        self.gates[variable] = Gate(conjunction, left, right)
        return variable
