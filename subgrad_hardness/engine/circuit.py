"""Decide by a monotone circuit, a CDCL solver and Gordan's theorem (SPEC 5.3).

"v > 0 somewhere" loses its topologically last relu by the relu rule

    L + c relu(z) > 0   iff   L > 0 or  L + c z > 0   (c > 0),
                        iff   L > 0 and L + c z > 0   (c < 0),

memoised on primitive forms, until only forms in the inputs are left: a monotone circuit over
atoms [l(d) > 0].  Only true atoms matter, so a set of them is realisable iff no nonnegative,
nonzero combination of its forms vanishes; the solver proposes sets, the exact cone answers with a
direction or with a conflict clause.  Complete, because there are finitely many sets.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from subgrad_hardness.engine.contract import Answer, Lemma, Question, Refutation, Undecided, Witness
from subgrad_hardness.engine.objectives import normal_objectives
from subgrad_hardness.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.flatten import Form
from subgrad_hardness.local.normal_form import NormalForm, add

#: A circuit with more gates than this is a blow-up: another engine's turn.
MOST_GATES = 50_000
# The solver is asked in slices of this many conflicts, so that limits and Ctrl-C are seen.
_CONFLICTS = 2000

Key = tuple[tuple[int, int], ...]

FALSE = 0


def decide(question: Question, limits: Limits) -> Answer:
    """Decide all outputs and both signs on one shared circuit.  Raises LimitReached."""
    normal, roots = normal_objectives(question, limits)
    if not roots:
        return Refutation("the normal form is linear")
    circuit = Circuit(normal)
    try:
        tops = [circuit.gate(root, limits) for root in roots]
    except LimitReached as reached:
        return Undecided(f"circuit: {reached}")
    search = _Search(circuit, question)
    try:
        for top in tops:
            witness = search.satisfy(top, limits)
            if witness is not None:
                return Witness(witness)
    finally:
        search.close()
    why = f"{len(circuit.gates)} gates over {len(circuit.atoms)} input forms, {len(search.lemmas)} Gordan lemmas"
    return Refutation(why, tuple(search.lemmas))


class Gate(NamedTuple):
    """A conjunction (or disjunction) of two circuit literals."""

    conjunction: bool
    left: int
    right: int


class Circuit:
    """The monotone circuit of a normal form; its literals are positive integers, ``FALSE`` is 0.

    Literal v is an input atom (``atoms[v]`` is its form) or a gate (``gates[v]``).
    """

    def __init__(self, normal: NormalForm) -> None:
        self.normal = normal
        self.atoms: dict[int, tuple[int, ...]] = {}
        self.gates: dict[int, Gate] = {}
        self._literals: dict[Key, int] = {(): FALSE}
        self._count = 0

    def gate(self, form: Form, limits: Limits) -> int:
        """The literal that says ``form`` > 0.  Raises LimitReached, also when the circuit blows up."""
        root = _key(form)
        stack = [root]
        while stack:
            key = stack[-1]
            if key in self._literals:
                stack.pop()
                continue
            limits.check()
            last, coefficient = key[-1]
            if last < self.normal.inputs:
                self._literals[key] = self._atom(key)
                continue
            without, passed = self._children(key)
            missing = [child for child in (without, passed) if child not in self._literals]
            if missing:
                stack.extend(missing)
            else:
                self._literals[key] = self._join(coefficient < 0, self._literals[without], self._literals[passed])
        return self._literals[root]

    def _children(self, key: Key) -> tuple[Key, Key]:
        """L and L + c z for the form L + c relu(z), z the last atom."""
        last, coefficient = key[-1]
        without = dict(key[:-1])
        passed = dict(without)
        add(passed, self.normal.atoms[last - self.normal.inputs], coefficient)
        return _key(without), _key(passed)

    def _new(self) -> int:
        self._count += 1
        if self._count > MOST_GATES:
            raise LimitReached(f"more than {MOST_GATES} gates")
        return self._count

    def _atom(self, key: Key) -> int:
        literal = self._new()
        row = [0] * self.normal.inputs
        for variable, coefficient in key:
            row[variable] = coefficient
        self.atoms[literal] = tuple(row)
        return literal

    def _join(self, conjunction: bool, left: int, right: int) -> int:
        if left == right:
            return left
        if FALSE in (left, right):
            return FALSE if conjunction else left or right
        literal = self._new()
        self.gates[literal] = Gate(conjunction, left, right)
        return literal


def _key(form: Form) -> Key:
    """The form up to positive scaling, as a hashable value."""
    content = math.gcd(*form.values())
    return tuple((variable, form[variable] // content) for variable in sorted(form))


class _Search:
    """The CDCL solver over the circuit, the cone over its atoms, and the lemmas between them."""

    def __init__(self, circuit: Circuit, question: Question) -> None:
        from pysat.solvers import Solver

        self.circuit = circuit
        self.question = question
        self.lemmas: list[Lemma] = []
        self.solver = Solver(name="cadical195")
        self.cone = StrictCone(circuit.normal.inputs)
        self.numbers: dict[int, int] = {}
        self.literal_of: list[int] = []
        for literal, gate in circuit.gates.items():  # one direction suffices in a monotone circuit
            if gate.conjunction:
                self.solver.add_clause([-literal, gate.left])
                self.solver.add_clause([-literal, gate.right])
            else:
                self.solver.add_clause([-literal, gate.left, gate.right])
        by_form = {form: literal for literal, form in circuit.atoms.items()}
        for literal, form in circuit.atoms.items():
            opposite = by_form.get(tuple(-entry for entry in form), FALSE)
            if opposite > literal:
                self._learn((literal, opposite), (1, 1))

    def satisfy(self, top: int, limits: Limits) -> tuple[int, ...] | None:
        """A direction on which the gate ``top`` is true, or None.  Raises LimitReached."""
        if top == FALSE:
            return None
        while True:
            answer = None
            while answer is None:
                limits.check()
                self.solver.conf_budget(_CONFLICTS)
                answer = self.solver.solve_limited(assumptions=[top])
            if not answer:
                return None
            true = {literal for literal in self.solver.get_model() if literal > 0}
            asked = [self._number(literal) for literal in self._justification(top, true)]
            result = self.cone.solve(asked, limits)
            if isinstance(result, Feasible):
                return result.point
            self._learn(tuple(self.literal_of[number] for number in result.forms), result.multipliers)

    def close(self) -> None:
        self.solver.delete()

    def _number(self, literal: int) -> int:
        """The atom's form in the cone."""
        if literal not in self.numbers:
            self.numbers[literal] = self.cone.add(self.circuit.atoms[literal])
            self.literal_of.append(literal)
        return self.numbers[literal]

    def _justification(self, top: int, true: set[int]) -> list[int]:
        """Atoms that are true and make ``top`` true: of a disjunction one true side is enough."""
        atoms, seen, stack = [], {top}, [top]
        while stack:
            literal = stack.pop()
            gate = self.circuit.gates.get(literal)
            if gate is None:
                atoms.append(literal)
                continue
            if gate.conjunction:
                children = [gate.left, gate.right]
            elif gate.left in true and (gate.right not in true or gate.left in seen or gate.right not in seen):
                children = [gate.left]
            else:
                children = [gate.right]
            for child in children:
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
        return atoms

    def _learn(self, literals: tuple[int, ...], multipliers: tuple[int, ...]) -> None:
        self.lemmas.append(Lemma(tuple(self.circuit.atoms[literal] for literal in literals), multipliers))
        self.solver.add_clause([-literal for literal in literals])
