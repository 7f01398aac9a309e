"""Kinks as forms over inputs and atoms: equal, opposite and one-signed ones are merged (SPEC 4, "definition steps").

An atom is a_k = relu(w_k), w_k a primitive form over inputs and earlier atoms.
"""

from __future__ import annotations

import math
from functools import partial

from subgrad_hardness.certificate.argument import EXCESS, VALUE, Argument, Pairs, SignStep
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Key, Rejected, add, generated, key_of, opposite, primitive
from subgrad_hardness.net.json_text import show_int
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program


class Definitions:
    """The atoms of a certificate, and the value of each kink that it lists."""

    def __init__(self, program: Program, localised: Localised, argument: Argument) -> None:
        self.inputs = program.input_count
        self.atoms: list[Pairs] = []
        self.numbers: dict[Key, int] = {}  # form -> the variable of its relu
        self._kinks, self._localised = localised.kinks, localised
        self._row = partial(localised.gradient, passing=localised.fixed)  # stops at kinks
        self._values: dict[int, tuple[int, int]] = {}  # of each kink: a place in ``_shared``, and a factor
        self._shared: list[Pairs] = []
        self._places: dict[Key, int] = {}
        self._dead: set[int] | None = None
        relus = numbered_relus(program) if argument.kinks or argument.signs else []
        signs = {step.kink: step for step in argument.signs if step.kink in range(len(relus))}
        alike: dict[int, tuple[int, int]] = {}  # what kinks without a sign read -> their value
        for place, kink in enumerate(argument.kinks):
            if not 0 <= kink < len(relus) or relus[kink] not in self._kinks:
                raise Rejected(f"kinks[{place}]: relu {show_int(kink)} is no kink at the point")
            if relus[kink] in self._values:
                raise Rejected(f"kinks[{place}]: kink {kink} is listed twice")
            node = self._kinks[relus[kink]]
            if kink in signs:
                self._values[relus[kink]] = self._share(self._signed(self.form(node), signs[kink]))
                continue
            if node not in alike:
                alike[node] = self._share(self._relu(self.form(node)))
            self._values[relus[kink]] = alike[node]
        for step in argument.signs:
            if not 0 <= step.kink < len(relus) or relus[step.kink] not in self._values:
                raise Rejected(f"signs: kink {show_int(step.kink)} is not listed, or has a zero form")

    def form(self, node: int) -> Form:
        """A node's (scaled) form over inputs and atoms.  Raises Rejected if it needs a kink that is not listed."""
        result: Form = {}
        factors: Form = {}  # of the shared forms
        for index, coefficient in self._row(node).items():
            if index < self.inputs:
                result[index] = coefficient
            elif index in self._values:
                add(factors, (self._values[index],), coefficient)
            elif not self._is_dead(index):
                raise Rejected(f"a form needs the kink at node {index}, which is not listed before it")
        for place, factor in factors.items():
            add(result, self._shared[place], factor)
        return result

    def _share(self, form: Form) -> tuple[int, int]:
        """Keep a form once for all its positive multiples: many kinks may have long values."""
        pairs = primitive(form)
        place = self._places.setdefault(key_of(pairs), len(self._shared))
        if place == len(self._shared):
            self._shared.append(pairs)
        return place, math.gcd(*form.values())

    def _relu(self, form: Form) -> Form:
        """relu of a form that is zero, an atom's, bends like an atom, or makes the next atom."""
        for known in (self._known_relu, self._bent_relu):
            if (value := known(form)) is not None:
                return value
        self.atoms.append(primitive(form))
        variable = self.numbers[key_of(self.atoms[-1])] = self.inputs + len(self.atoms) - 1
        return {variable: math.gcd(*form.values())}

    def _known_relu(self, form: Form) -> Form | None:
        """relu of zero, or of a multiple of an atom's form."""
        if not form:
            return {}
        content, pairs = math.gcd(*form.values()), primitive(form)
        if (key := key_of(pairs)) in self.numbers:
            return {self.numbers[key]: content}
        if (key := key_of(opposite(pairs))) in self.numbers:  # relu(-z) = relu(z) - z
            value = dict(form)
            add(value, ((self.numbers[key], 1),), content)
            return value
        return None

    def _bent_relu(self, form: Form) -> Form | None:
        """relu of P relu(w) + N relu(-w), relu(-w) = a - w, for the atom a = relu(w) that is the form's last variable.

        Never are both relus positive, so it is max(P, 0) relu(w) + max(N, 0) relu(-w).
        """
        last = max(form)
        if last < self.inputs:
            return None
        atom = self.atoms[last - self.inputs]
        rest = {variable: coefficient for variable, coefficient in form.items() if variable != last}
        below = math.gcd(*rest.values())
        if primitive(rest) == atom:
            below = -below
        elif primitive(rest) != opposite(atom):
            return None
        value = {variable: -below * coefficient for variable, coefficient in atom} if below > 0 else {}
        if total := max(form[last] - below, 0) + max(below, 0):
            value[last] = total
        return value

    def _signed(self, form: Form, step: SignStep) -> Form:
        """relu of z: ``step.sign`` * z is, up to positive scaling, a nonnegative combination of a_k and a_k - w_k."""
        if not form:
            raise Rejected(f"signs: kink {step.kink} is not listed, or has a zero form")
        for atom, kind, multiplier in step.generators:
            if not 0 <= atom < len(self.atoms) or kind not in (VALUE, EXCESS) or multiplier < 0:
                raise Rejected(f"signs: kink {step.kink} has a generator that is none")
        total = generated(step.generators, self.inputs, self.atoms)
        wanted = {variable: step.sign * coefficient for variable, coefficient in form.items()}
        if primitive(total) != primitive(wanted):
            raise Rejected(f"signs: the generators do not give the form of kink {step.kink}")
        return form if step.sign > 0 else {}

    def _is_dead(self, node: int) -> bool:
        """Whether a kink's form over inputs and kinks holds no input, and only kinks that are dead."""
        if not self._localised.ways[0][node]:  # as most are
            return True
        if self._dead is None:
            self._dead = set()
            for index, argument in self._kinks.items():
                if self._dead.issuperset(self._row(argument)):
                    self._dead.add(index)
        return node in self._dead

    def reflected(self) -> list[Form | None]:
        """Of each atom its value at -d as a form over the atoms' values at d, or None where that is unknown."""
        values: list[Form | None] = []
        for pairs in self.atoms:
            form = self.reflect(pairs, values)
            values.append(None if form is None else self._known_relu(form))
        return values

    def reflect(self, pairs: Pairs, values: list[Form | None]) -> Form | None:
        """The form at -d, where ``values`` are those of the atoms there."""
        result: Form = {}
        for variable, coefficient in pairs:
            value = {variable: -1} if variable < self.inputs else values[variable - self.inputs]
            if value is None:
                return None
            add(result, value.items(), coefficient)
        return result


def numbered_relus(program: Program) -> list[int]:
    """The nodes of all relus of the rewriting in the certificate's numbering: unit by unit of each layer, or nodes
    sorted by id; inside a unit as the rewriting has them, inner ones first."""
    lowered = program.rewritten
    relus = [index for index, node in enumerate(lowered.nodes) if isinstance(node, Relu)]
    ranks = {unit: rank for rank, unit in enumerate(program.form.canonical_order())}
    relus.sort(key=lambda index: ranks[lowered.units[index]])
    return [lowered.inputs + index for index in relus]
