"""Decide by a monotone circuit, a CDCL solver and Gordan's theorem (SPEC 5.3).

"v > 0 somewhere" loses its topologically last relu by the relu rule

    L + c relu(z) > 0   iff   L > 0 or  L + c z > 0   (c > 0),
                        iff   L > 0 and L + c z > 0   (c < 0),

memoised on primitive forms, until only forms in the inputs are left: a monotone circuit over
atoms [l(d) > 0].  A direction off all these hyperplanes has l > 0 or -l > 0, so the two share one
variable.  The solver proposes signs, those that justify the root go to the exact cone, which answers
with a direction or with a conflict clause.  Complete, because there are finitely many sign patterns.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from subgrad_hardness.engine.blocks import Block
from subgrad_hardness.engine.contract import Answer, Lemma, Literal, Proof, Question, Refutation, Rule, Run, Witness
from subgrad_hardness.engine.gordan import GordanSearch
from subgrad_hardness.engine.objectives import Objectives, merged, normal_objectives
from subgrad_hardness.limits import GaveUp, LimitReached, Limits, MoreTime, RoomReached
from subgrad_hardness.local.flatten import Form
from subgrad_hardness.local.normal_form import Key, NormalForm, add, key_of
from subgrad_hardness.randomness import Stream

#: A circuit that outgrows this, and this much for each kink, is a blow-up: another engine's turn first.
FIRST_GATES, GATES_EACH = 3000, 12
#: How far it may grow when it is asked again, and its end.
GROWTH, MOST_GATES = 8, 1_000_000

#: With fewer conflicts than this from the cone, what is hard is the propositional search alone.
FEW_LEMMAS = 30

#: The literals that are always true, never true; ``-TRUE == FALSE``.
TRUE, FALSE = 1, -1


def start(question: Question) -> Run:
    """A run that decides all outputs and both signs on one shared circuit."""
    return _Run(question).decide


class _Run:
    """The stages of one question; a limit leaves what is done, and the next call goes on from there."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.aim: Objectives | None = None
        self.circuit: Circuit | None = None
        self.search: GordanSearch | None = None
        self.tops: list[int] = []

    def decide(self, limits: Limits) -> Answer:
        """Raises LimitReached, also when the circuit outgrows its room of this call."""
        if self.aim is None:
            self.aim = normal_objectives(self.question, limits)
            self.circuit = Circuit(self.aim.normal)
        aim, circuit = self.aim, self.circuit
        assert circuit is not None
        blocks = aim.split.blocks
        while len(self.tops) < len(blocks):
            self.tops.append(circuit.gate(blocks[len(self.tops)].form, limits))
        if self.search is None:
            half = None if aim.half is None else circuit.gate(dict(aim.half), limits)
            self.search = GordanSearch(aim.chart, circuit.forms, circuit.gates, self.tops, half)
        try:
            witness = self.search.run(limits)
        except LimitReached as reached:
            if self.search.lazy < FEW_LEMMAS:  # a propositional search, near enough
                raise MoreTime(str(reached)) from None
            raise
        if witness is not None:
            block, direction = self._positive(aim, witness)
            return Witness(aim.witness(self.question, block, direction))
        return Refutation(self._why(aim, circuit, self.search), _proof(aim, circuit, self.search.lemmas))

    def _positive(self, aim: Objectives, direction: tuple[int, ...]) -> tuple[Block, tuple[int, ...]]:
        """A block that is positive at a direction near ``direction``.

        The circuit speaks of directions off all hyperplanes ("l > 0 or -l > 0" is true); the cone's answer may
        lie on one that was not asked for.  Random steps off it, relative to ever larger multiples, end there.
        """
        stream = Stream(self.question.seed, "circuit")
        near, factor = direction, 1
        while True:
            for block in aim.split.blocks:
                if aim.normal.value(block.form, near) > 0:
                    return block, near
            step = stream.direction(len(direction), 10**3)
            near = tuple([factor * x + y for x, y in zip(direction, step, strict=True)])
            factor *= 2

    def _why(self, aim: Objectives, circuit: Circuit, search: GordanSearch) -> str:
        words = merged(self.question, aim)
        if not aim.forms:
            return words
        gates, planes = len(circuit.gates), search.hyperplanes
        return f"{words}, {gates} gates over {planes} hyperplanes, {len(search.lemmas)} Gordan lemmas"


def _proof(aim: Objectives, circuit: Circuit, lemmas: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> Proof:
    """The relu rule on every form that was met, parents first, and the Gordan lemmas."""
    return Proof(
        circuit.normal,
        tuple([Rule(form, form[-1][0] - circuit.inputs) for form in reversed(circuit.ruled)]),
        tuple(
            Lemma(tuple(Literal(circuit.forms[abs(atom)], atom < 0) for atom in atoms), multipliers)
            for atoms, multipliers in lemmas
        )
        + aim.split.lemmas,
        aim.half,
    )


class Gate(NamedTuple):
    """A conjunction (or disjunction) of two circuit literals."""

    conjunction: bool
    left: int
    right: int


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
