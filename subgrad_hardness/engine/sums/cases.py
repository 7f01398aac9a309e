"""Goals with kinks behind kinks as cases of sums of relus: the relu rule takes the deep kinks away (SPEC 4).

A kink is *shallow* if its form is over the inputs alone.  For v = L + c relu(z), z not over the inputs alone, v > 0
says L > 0 or L + c z > 0 if c > 0, and both if c < 0.  What is left are *cases*: forms over inputs and shallow kinks
that are supposed to be positive at the same direction.  The goal is positive somewhere iff all forms of some case are.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Rule

#: More cases than this, or more relu rules, are no sum of relus but a circuit.
MOST_CASES, MOST_RULES = 32, 256
#: So many deep kinks in one form nearly always come to that: each one doubles the forms.
_MOST_DEEP = MOST_RULES.bit_length() - 1


class Cases(NamedTuple):
    """The cases, each a set of forms that are supposed to be positive together, and the rules that say so."""

    cases: tuple[frozenset[Key], ...]
    rules: tuple[Rule, ...]


def cases_of(normal: NormalForm, form: Form, limits: Limits) -> Cases:
    """The cases of "``form`` > 0".  Raises LimitReached, GaveUp where they are too many."""
    draft = _Draft(normal, limits)
    return Cases(tuple(draft.of(form)), tuple(draft.rules))


class _Draft:
    def __init__(self, normal: NormalForm, limits: Limits) -> None:
        self.inputs, self.atoms, self.limits = normal.inputs, normal.atoms, limits
        self.deep = {
            variable for variable, form in enumerate(normal.atoms, normal.inputs) if max(form) >= normal.inputs
        }
        self.rules: list[Rule] = []
        self.known: dict[Key, list[frozenset[Key]]] = {}

    def of(self, form: Form) -> list[frozenset[Key]]:
        """The cases of a form; none: it is zero, or never positive by the rules alone."""
        if not form:
            return []
        key = key_of(form)
        if key not in self.known:
            self.known[key] = self._split(key)
        return self.known[key]

    def _split(self, key: Key) -> list[frozenset[Key]]:
        self.limits.check()
        kinks = [variable for variable, _ in key if variable in self.deep]
        if not kinks:
            return [frozenset({key})]
        if len(kinks) > _MOST_DEEP:
            raise GaveUp(f"more than {_MOST_DEEP} kinks behind kinks in one form")
        deep = kinks[-1]
        if len(self.rules) == MOST_RULES:
            raise GaveUp(f"more than {MOST_RULES} relu rules")
        self.rules.append(Rule(key, deep - self.inputs))
        blocked = dict(key)
        coefficient = blocked.pop(deep)
        passing = dict(blocked)
        add(passing, self.atoms[deep - self.inputs], coefficient)
        first = self.of(blocked)
        if coefficient < 0 and not first:
            return []
        second = self.of(passing)
        if coefficient > 0:
            found = dict.fromkeys([*first, *second])
        else:
            found = dict.fromkeys([one | other for one, other in product(first, second)])
        if len(found) > MOST_CASES:
            raise GaveUp(f"more than {MOST_CASES} cases")
        return list(found)
