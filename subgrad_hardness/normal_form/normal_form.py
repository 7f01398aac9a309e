"""Normal form: equal, rescaled, permuted and opposite kinks become one (SPEC 5.2).

Bottom-up hash-consing of the flattened net.  Every kink's form is made primitive, relu(c z) = c relu(z)
for c > 0, and kinks of equal forms share one *atom*; so do those of opposite forms, by
relu(-z) = relu(z) - z, and those that bend where an atom does and nowhere else (``bent_like_an_atom``).
A kink whose sign is proved (``signs``) is its form, or zero.  What is left may be linear.  A kink's
form is over inputs and earlier atoms when it is looked at, so one pass upwards is the fixed point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.generators import Generator
from subgrad_hardness.normal_form.linear_form import Form, add, key_of, opposite
from subgrad_hardness.normal_form.samples import Samples
from subgrad_hardness.normal_form.signs import evident_sign, relaxed_sign

# Proofs of signs are no longer tried after 40 failures, and 5 more for each success: a net that has kinks of one sign
# usually has many, and in other nets each failed proof costs a question to the cone.
_FAILURES, _FAILURES_EACH = 40, 5


class SignFact(NamedTuple):
    """Kink number ``kink`` of the flat net has a form of sign ``sign`` (1 or -1), by the generators."""

    kink: int
    sign: int
    generators: tuple[Generator, ...]


class NormalForm(NamedTuple):
    """Atom k is relu of ``atoms[k]``, a primitive form over inputs (0..p-1) and atoms p + i, i < k, in their order.

    ``outputs`` are forms over the same variables, equal to the flat net's outputs.  ``signs`` are the
    sign facts that were used, in the order of the kinks.
    """

    inputs: int
    atoms: tuple[Form, ...]
    outputs: tuple[Form, ...]
    signs: tuple[SignFact, ...] = ()

    def values(self, direction: tuple[int, ...]) -> list[int]:
        """The inputs and then all atoms at an integer direction."""
        values = list(direction)
        for form in self.atoms:
            value = 0
            for variable, coefficient in form.items():
                value += coefficient * values[variable]
            values.append(max(value, 0))
        return values

    def value(self, form: Form, direction: tuple[int, ...]) -> int:
        """The value of a form over inputs and atoms at an integer direction."""
        values = self.values(direction)
        return sum(coefficient * values[variable] for variable, coefficient in form.items())


class KinkValues(NamedTuple):
    """What each kink of a flat net is in its normal form.

    Of each flat variable: a positive multiple of one variable in ``multiples``, or None there and any form in
    ``values``.
    """

    inputs: int
    multiples: list[tuple[int, int] | None]
    values: dict[int, Form]

    def of(self, kink: int) -> Form:
        """The value of kink number ``kink`` over inputs and atoms; nobody changes it."""
        multiple = self.multiples[self.inputs + kink]
        return self.values[self.inputs + kink] if multiple is None else {multiple[0]: multiple[1]}


def normalise(flat: FlatNet, limits: Limits | None = None) -> NormalForm:
    """The normal form of ``flat``; about linear in the size of what it writes.  Raises LimitReached."""
    return normalised(flat, limits)[0]


def normalised(flat: FlatNet, limits: Limits | None = None) -> tuple[NormalForm, KinkValues]:
    """The normal form of ``flat``, and what each kink is in it.  As ``normalise``."""
    draft = _Draft(flat.inputs, limits)
    for number, kink in enumerate(flat.kinks):
        if limits is not None:
            limits.check()
        draft.add(number, kink)
    outputs = tuple(map(draft.substitute, flat.outputs))
    normal = NormalForm(flat.inputs, tuple(draft.atoms), outputs, tuple(draft.signs))
    return normal, KinkValues(flat.inputs, draft.multiples, draft.values)


class _Draft:
    """The atoms found so far, and the value of each flat variable over inputs and atoms.

    A value that is a positive multiple of one variable, as most are, is kept in ``multiples`` as that variable and
    the factor; all others, with a None there, in ``values``.
    """

    def __init__(self, inputs: int, limits: Limits | None) -> None:
        self.inputs = inputs
        self.limits = limits
        self.atoms: list[Form] = []
        self.multiples: list[tuple[int, int] | None] = [(variable, 1) for variable in range(inputs)]
        self.values: dict[int, Form] = {}
        self.signs: list[SignFact] = []
        self._numbers: dict[tuple[int, ...], int] = {}  # the line of a form (``_value``) -> +- its atom's variable
        self._first: dict[int, int] = {}  # a kink's form, by identity -> the first kink that has it
        self._proved: dict[int, SignFact] = {}
        self._failures_left = _FAILURES

    @cached_property
    def _samples(self) -> Samples:
        """Made when a first kink asks: a large net without kinks has no use for them."""
        return Samples(self.inputs)

    def add(self, number: int, kink: Form) -> None:
        """The next flat variable: relu of ``kink``, or what a kink with this very form was found to be."""
        first = self._first.setdefault(id(kink), number)
        if first != number:
            self._repeat(number, first)
            return
        form = self.substitute(kink)
        value = self._value(number, form) if form else {}
        if len(value) == 1 and (multiple := next(iter(value.items())))[1] > 0:
            self.multiples.append(multiple)
        else:
            self.values[len(self.multiples)] = value
            self.multiples.append(None)

    def _repeat(self, number: int, first: int) -> None:
        """Kink ``number`` is kink ``first`` once more; the value of that one is shared, not copied."""
        multiple = self.multiples[self.inputs + first]
        if multiple is None:
            self.values[len(self.multiples)] = self.values[self.inputs + first]
        self.multiples.append(multiple)
        if first in self._proved:
            self.signs.append(self._proved[first]._replace(kink=number))

    def substitute(self, form: Form) -> Form:
        """A form over flat variables as one over inputs and atoms; the same object where it is over inputs alone."""
        if not form or max(form) < self.inputs:
            return form
        result: Form = {}
        for variable, coefficient in form.items():
            multiple = self.multiples[variable]
            if multiple is None:
                add(result, self.values[variable], coefficient)
                continue
            atom, factor = multiple
            if total := result.get(atom, 0) + coefficient * factor:
                result[atom] = total
            else:
                del result[atom]
        return result

    def _value(self, number: int, form: Form) -> Form:
        content = math.gcd(*form.values())
        key = key_of(form, content)
        forward = key[0][1] > 0
        # One flat tuple: pairs would take four times the room, and the lines of all atoms are kept.
        line = tuple(chain.from_iterable(key if forward else opposite(key)))
        if line in self._numbers:
            known = self._numbers[line]
            if (known > 0) == forward:
                return {abs(known): content}
            value = dict(form)  # relu(-z) = relu(z) - z
            add(value, {abs(known): content}, 1)
            return value
        bent = bent_like_an_atom(form, self.atoms, self.inputs)
        if bent is not None:
            return bent
        proved = evident_sign(form, self.inputs)
        if proved is None and self._failures_left > 0:
            proved = self._relaxed_sign(form, content)
        if proved is not None:
            self._proved[number] = SignFact(number, *proved)
            self.signs.append(self._proved[number])
            return form if proved[0] > 0 else {}
        variable = self.inputs + len(self.atoms)
        self._numbers[line] = variable if forward else -variable
        ordered = dict(key)
        self.atoms.append(form if content == 1 and list(form) == list(ordered) else ordered)  # not a second copy
        return {variable: content}

    def _relaxed_sign(self, form: Form, content: int) -> tuple[int, tuple[Generator, ...]] | None:
        """The sign that the samples suggest, if it can be proved; if not, the form's relu is the next atom."""
        seen = self._samples.at(form)
        if seen is None:  # no more samples without this one
            self._failures_left = 0
            return None
        for sign, possible in ((1, seen.never_negative), (-1, seen.never_positive)):
            if possible:
                generators = relaxed_sign(form, sign, self.atoms, self.inputs, self.limits)
                if generators is not None:
                    self._failures_left += _FAILURES_EACH
                    return sign, generators
                self._failures_left -= 1
        self._samples.append(seen, content)
        return None


def bent_like_an_atom(form: Form, atoms: Sequence[Form], inputs: int) -> Form | None:
    """relu of a multiple of w plus a multiple of a = relu(w), w the form of an atom; None for another form.

    Such a form is P relu(w) + N relu(-w), and never are both relus positive, so its relu is
    max(P, 0) relu(w) + max(N, 0) relu(-w), with relu(-w) = a - w.  Leaky units behind leaky units are such
    forms.  The atom can only be the form's last variable.
    """
    last = max(form)
    if last < inputs or len(form) != len(atoms[last - inputs]) + 1:
        return None
    inner = atoms[last - inputs]
    leader, leading = next(iter(inner.items()))
    below = -form.get(leader, 0) // leading  # exact: inner is primitive
    if not below or any(form.get(variable) != -below * coefficient for variable, coefficient in inner.items()):
        return None
    above = form[last] - below
    value = {variable: -below * coefficient for variable, coefficient in inner.items()} if below > 0 else {}
    if total := max(above, 0) + max(below, 0):
        value[last] = total
    return value
