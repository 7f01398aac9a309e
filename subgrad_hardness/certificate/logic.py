"""Literals, clauses and the checks of single steps (SPEC 4; docs/certificate.md, section 6).

A literal says "form > 0", the form over inputs 0..p-1, atoms p, p+1, ... and thresholds -1, -2, ..., up to positive
scaling.  A direction off the hyperplanes of finitely many nonzero forms in the inputs alone has l > 0 or -l > 0, so the
literals of such a form and of its opposite are each other's negation.  Thresholds count as inputs: each lies in an open
interval, off the finitely many values at which a form without atoms vanishes.
"""

from __future__ import annotations

import marshal
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from subgrad_hardness.certificate.argument import BLOCKED, EXCESS, PASSING, Generators, Pairs
from subgrad_hardness.net.json_text import show_int

Form = dict[int, int]
#: A primitive form in dictionaries: bytes, because a certificate can choose integers whose hashes are equal.
Key = bytes
Clause = frozenset[int]


class Rejected(Exception):
    """The certificate is readable but proves nothing about this net; the message says why."""


def primitive(form: Mapping[int, int]) -> Pairs:
    """The form up to positive scaling."""
    content = math.gcd(*form.values())
    return tuple([(variable, form[variable] // content) for variable in sorted(form)])


def key_of(pairs: Pairs) -> Key:
    """The same bytes for the same pairs only; a sixth of their memory.  (Marshal's version 2 has no references.)"""
    return marshal.dumps(tuple(chain.from_iterable(pairs)), 2)


def opposite(pairs: Pairs) -> Pairs:
    """The form with all signs turned round."""
    return tuple([(variable, -coefficient) for variable, coefficient in pairs])


def add(target: Form, form: Iterable[tuple[int, int]], factor: int) -> None:
    """target += factor * form, zeros dropped."""
    for variable, coefficient in form:
        total = target.get(variable, 0) + factor * coefficient
        if total:
            target[variable] = total
        else:
            target.pop(variable, None)


def generated(generators: Generators, inputs: int, atoms: Sequence[Pairs]) -> Form:
    """The sum of the generators; the form of an atom is added once, however many of them name it."""
    total: Form = {}
    forms: Form = {}  # atom -> factor of its form
    for atom, kind, multiplier in generators:
        factor = -multiplier if kind in (PASSING, BLOCKED) else multiplier
        add(total, ((inputs + atom, 1),), factor)
        if kind in (EXCESS, PASSING):
            add(forms, ((atom, 1),), -factor)
    for atom, factor in forms.items():
        add(total, atoms[atom], factor)
    return total


class Logic:
    """The literals in the order in which they were first met, and the clauses."""

    def __init__(self, inputs: int, atoms: Sequence[Pairs]) -> None:
        self.inputs = inputs
        self.atoms = atoms
        self.keys: list[Key] = [b""]  # literal v > 0 says form(v) > 0
        self.clauses: list[Clause] = [frozenset()]  # numbered from 1
        self.thresholds = 0
        self._literals: dict[Key, int] = {}

    def literal(self, form: Mapping[int, int]) -> int:
        """The literal "form > 0", new if it was not met; 0, which is false, for the zero form."""
        if not form:
            return 0
        pairs, sign = primitive(form), 1
        if pairs[-1][0] < self.inputs and pairs[0][1] < 0:
            pairs, sign = opposite(pairs), -1
        key = key_of(pairs)
        if key not in self._literals:
            self._literals[key] = len(self.keys)
            self.keys.append(key)
        return sign * self._literals[key]

    def form(self, literal: int) -> Pairs:
        """The form of a literal or of its negation."""
        flat = marshal.loads(self.keys[abs(literal)])
        return tuple(zip(flat[::2], flat[1::2], strict=True))

    def state(self, literals: Iterable[int]) -> None:
        """Add a clause; false literals are left out."""
        self.clauses.append(frozenset(literals) - {0})

    def known(self, literal: int, place: str) -> int:
        """``literal``, if it was met.  Raises Rejected."""
        if not 0 < abs(literal) < len(self.keys):
            raise Rejected(f"{place} names literal {show_int(literal)}, there are {len(self.keys) - 1}")
        return literal

    def split(self, form: Pairs, part: Pairs, place: str) -> None:
        """With a fresh variable t: from v = A - B > 0, A being ``part``, follow A - t > 0 and t - B > 0."""
        for pairs in (form, part):
            if pairs and not -self.thresholds <= pairs[0][0] <= pairs[-1][0] < self.inputs + len(self.atoms):
                raise Rejected(f"{place} names a variable that there is not, or not yet")
        if not form:
            raise Rejected(f"{place} supposes that zero is positive")
        self.thresholds += 1
        above, below = dict(part), dict(form)
        add(below, part, -1)
        above[-self.thresholds], below[-self.thresholds] = -1, 1
        literal = self.literal(dict(form))
        for implied in (above, below):
            self.state((-literal, self.literal(implied)))

    def rule(self, literal: int, atom: int, place: str) -> None:
        """The relu rule: from v = L + c a > 0 follows L > 0 or L + c w > 0 (c > 0), or both (c < 0)."""
        if self.known(literal, place) < 0:
            raise Rejected(f"{place} uses the relu rule on a negation")
        without = dict(self.form(literal))
        coefficient = without.pop(self.inputs + atom, 0)
        if not 0 <= atom < len(self.atoms) or not coefficient:
            raise Rejected(f"{place} uses the relu rule on atom {show_int(atom)}, which the form does not have")
        passed = dict(without)
        add(passed, self.atoms[atom], coefficient)
        left, right = self.literal(without), self.literal(passed)
        for literals in ((left, right),) if coefficient > 0 else ((left,), (right,)):
            self.state((-literal, *literals))

    def lemma(self, literals: Sequence[int], multipliers: Sequence[int], generators: Generators, place: str) -> None:
        """A clause whose negation gives contradictory rows: their combination vanishes, a strict row takes part."""
        if len(multipliers) != len(literals):
            raise Rejected(f"{place} has {len(multipliers)} multipliers for {len(literals)} literals")
        if min((*multipliers, *(entry for _, _, entry in generators)), default=0) < 0:
            raise Rejected(f"{place} has a negative multiplier")
        weights: Form = {}  # literal -> all its multipliers together
        for literal, multiplier in zip(literals, multipliers, strict=True):
            add(weights, ((self.known(literal, place), 1),), multiplier)
        self._require_supposed(frozenset(literals), generators, place)
        total = generated(generators, self.inputs, self.atoms)
        strict = False
        for literal, multiplier in weights.items():
            form = self.form(literal)
            add(total, form, -multiplier if literal > 0 else multiplier)
            # The negation of "form > 0" is "form <= 0"; of a form in the inputs alone it is "-form > 0".
            strict |= literal < 0 or form[-1][0] < self.inputs
        if total:
            raise Rejected(f"{place} does not sum to zero")
        if not strict:
            raise Rejected(f"{place} has no strict row")
        self.state(literals)

    def _require_supposed(self, clause: Clause, generators: Generators, place: str) -> None:
        """There are these atoms, and the clause supposes that they pass or block as their generators have it."""
        for atom, _, _ in generators:
            if not 0 <= atom < len(self.atoms):
                raise Rejected(f"{place} names atom {show_int(atom)}, there are {len(self.atoms)}")
        for atom, kind in dict.fromkeys((atom, kind) for atom, kind, _ in generators):
            if kind == PASSING and -self.literal(dict(self.atoms[atom])) not in clause:
                raise Rejected(f"{place} takes atom {atom} to pass, which the clause does not suppose")
            if kind == BLOCKED and self.literal(dict(self.atoms[atom])) not in clause:
                raise Rejected(f"{place} takes atom {atom} to block, which the clause does not suppose")

    def derive(self, literals: Sequence[int], hints: Sequence[int], place: str) -> None:
        """A clause by reverse unit propagation: with all its literals false, each hint forces one literal
        more, and the last one is violated."""
        clauses, last = self.clauses, len(self.clauses) - 1
        false = {self.known(literal, place) for literal in literals}
        used: set[int] = set()  # clauses that have left one literal: it stays true, and they say nothing more
        for step, hint in enumerate(hints, start=1):
            if not 0 < hint <= last:
                raise Rejected(f"{place} has the hint {show_int(hint)}; the clauses before it are 1 to {last}")
            if hint in used:
                continue
            free = clauses[hint] - false
            if not free and step == len(hints):
                self.state(literals)
                return
            if len(free) != 1:
                raise Rejected(f"{place}: its hint {hint} leaves {len(free)} literals, expected one")
            (forced,) = free
            false.add(-forced)
            used.add(hint)
        raise Rejected(f"{place}: its hints do not end in a violated clause")
