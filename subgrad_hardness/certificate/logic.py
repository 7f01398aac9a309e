"""Literals, clauses and the checks of single steps (SPEC 4; docs/certificate.md, section 6).

A literal says "form > 0", the form over inputs 0..p-1 and atoms p, p+1, ..., up to positive scaling.  A
direction off the hyperplanes of finitely many nonzero forms in the inputs alone has l > 0 or -l > 0, so
the literals of such a form and of its opposite are each other's negation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

Form = dict[int, int]
Key = tuple[tuple[int, int], ...]
Clause = frozenset[int]

#: Kinds of generators of atom a = relu(w): a >= 0, a - w >= 0 always; w - a >= 0 if w > 0; -a >= 0 if not.
VALUE, EXCESS, PASSING, BLOCKED = range(4)


class Rejected(Exception):
    """The certificate is readable but proves nothing about this net; the message says why."""


def key_of(form: Mapping[int, int]) -> Key:
    """The form up to positive scaling."""
    content = math.gcd(*form.values())
    return tuple([(variable, form[variable] // content) for variable in sorted(form)])


def add(target: Form, form: Iterable[tuple[int, int]], factor: int) -> None:
    """target += factor * form, zeros dropped."""
    for variable, coefficient in form:
        total = target.get(variable, 0) + factor * coefficient
        if total:
            target[variable] = total
        else:
            target.pop(variable, None)


class Logic:
    """The literals in the order in which they were first met, and the clauses."""

    def __init__(self, inputs: int, atoms: Sequence[Key]) -> None:
        self.inputs = inputs
        self.atoms = atoms
        self.forms: list[Key] = [()]  # literal v > 0 says forms[v] > 0
        self.clauses: list[Clause] = [frozenset()]  # numbered from 1
        self._literals: dict[Key, int] = {}

    def copy(self) -> Logic:
        """The same literals and clauses, to go on with apart."""
        other = Logic(self.inputs, self.atoms)
        other.forms, other.clauses, other._literals = list(self.forms), list(self.clauses), dict(self._literals)
        return other

    def literal(self, form: Mapping[int, int]) -> int:
        """The literal "form > 0", new if it was not met; 0, which is false, for the zero form."""
        if not form:
            return 0
        key = key_of(form)
        sign = 1
        if key[-1][0] < self.inputs and key[0][1] < 0:
            key, sign = tuple([(variable, -coefficient) for variable, coefficient in key]), -1
        if key not in self._literals:
            self._literals[key] = len(self.forms)
            self.forms.append(key)
        return sign * self._literals[key]

    def state(self, literals: Iterable[int]) -> None:
        """Add a clause; false literals are left out."""
        self.clauses.append(frozenset(literals) - {0})

    def known(self, literal: int, place: str) -> int:
        """``literal``, if it was met.  Raises Rejected."""
        if not 0 < abs(literal) < len(self.forms):
            raise Rejected(f"{place} names literal {literal}, there are {len(self.forms) - 1}")
        return literal

    def rule(self, literal: int, atom: int, place: str) -> None:
        """The relu rule: from v = L + c a > 0 follows L > 0 or L + c w > 0 (c > 0), or both (c < 0)."""
        if self.known(literal, place) < 0:
            raise Rejected(f"{place} uses the relu rule on a negation")
        without = dict(self.forms[literal])
        coefficient = without.pop(self.inputs + atom, 0)
        if not 0 <= atom < len(self.atoms) or not coefficient:
            raise Rejected(f"{place} uses the relu rule on atom {atom}, which the form does not have")
        passed = dict(without)
        add(passed, self.atoms[atom], coefficient)
        left, right = self.literal(without), self.literal(passed)
        if coefficient > 0:
            self.state((-literal, left, right))
        else:
            self.state((-literal, left))
            self.state((-literal, right))

    def lemma(
        self,
        literals: Sequence[int],
        multipliers: Sequence[int],
        generators: Sequence[tuple[int, int, int]],
        place: str,
    ) -> None:
        """A clause whose negation gives contradictory rows: their combination vanishes, a strict row takes part."""
        if len(multipliers) != len(literals):
            raise Rejected(f"{place} has {len(multipliers)} multipliers for {len(literals)} literals")
        if min((*multipliers, *(entry for _, _, entry in generators)), default=0) < 0:
            raise Rejected(f"{place} has a negative multiplier")
        total: Form = {}
        strict = False
        for literal, multiplier in zip(literals, multipliers, strict=True):
            form = self.forms[abs(self.known(literal, place))]
            add(total, form, -multiplier if literal > 0 else multiplier)
            # The negation of "form > 0" is "form <= 0"; of a form in the inputs alone it is "-form > 0".
            strict |= multiplier > 0 and (literal < 0 or form[-1][0] < self.inputs)
        clause = frozenset(literals)
        for generator in generators:
            self._generate(total, clause, generator, place)
        if total:
            raise Rejected(f"{place} does not sum to zero")
        if not strict:
            raise Rejected(f"{place} has no strict row")
        self.state(clause)

    def _generate(self, total: Form, clause: Clause, generator: tuple[int, int, int], place: str) -> None:
        atom, kind, multiplier = generator
        if not 0 <= atom < len(self.atoms):
            raise Rejected(f"{place} names atom {atom}, there are {len(self.atoms)}")
        if kind == PASSING and -self.literal(dict(self.atoms[atom])) not in clause:
            raise Rejected(f"{place} takes atom {atom} to pass, which the clause does not suppose")
        if kind == BLOCKED and self.literal(dict(self.atoms[atom])) not in clause:
            raise Rejected(f"{place} takes atom {atom} to block, which the clause does not suppose")
        variable = self.inputs + atom
        add(total, ((variable, 1),), multiplier if kind in (VALUE, EXCESS) else -multiplier)
        if kind in (EXCESS, PASSING):
            add(total, self.atoms[atom], -multiplier if kind == EXCESS else multiplier)

    def derive(self, literals: Sequence[int], hints: Sequence[int], place: str) -> None:
        """A clause by reverse unit propagation: with all its literals false, each hint forces one literal
        more, and the last one is violated."""
        true = {-self.known(literal, place) for literal in literals}
        for step, hint in enumerate(hints, start=1):
            if not 0 < hint < len(self.clauses):
                raise Rejected(f"{place} has the hint {hint}; the clauses before it are 1 to {len(self.clauses) - 1}")
            free = [literal for literal in self.clauses[hint] if -literal not in true]
            if not free and step == len(hints):
                self.state(literals)
                return
            if len(free) != 1:
                raise Rejected(f"{place}: its hint {hint} leaves {len(free)} literals, expected one")
            true.add(free[0])
        raise Rejected(f"{place}: its hints do not end in a violated clause")
