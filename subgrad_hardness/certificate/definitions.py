"""Kinks as forms over inputs and atoms: equal, opposite and one-signed ones are merged (SPEC 4, "definition steps").

An atom is a_k = relu(w_k), w_k a primitive form over inputs and earlier atoms.
"""

from __future__ import annotations

import math

from subgrad_hardness.certificate.argument import Argument, SignStep
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import EXCESS, VALUE, Form, Key, Rejected, add, key_of
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program


class Definitions:
    """The atoms of a certificate, and the value of each kink that it lists."""

    def __init__(self, program: Program, localised: Localised, argument: Argument) -> None:
        self.inputs = program.input_count
        self.atoms: list[Key] = []
        self.numbers: dict[Key, int] = {}  # form -> the variable of its relu
        self._localised = localised
        self._values: dict[int, Form] = {}
        self._dead: set[int] | None = None
        relus = numbered_relus(program)
        signs = {step.kink: step for step in argument.signs}
        for place, kink in enumerate(argument.kinks):
            if not 0 <= kink < len(relus) or relus[kink] in localised.fixed:
                raise Rejected(f"kinks[{place}]: relu {kink} is no kink at the point")
            if relus[kink] in self._values:
                raise Rejected(f"kinks[{place}]: kink {kink} is listed twice")
            argument_node = localised.nodes[relus[kink] - self.inputs]
            assert isinstance(argument_node, int)
            form = self.form(argument_node)
            self._values[relus[kink]] = self._value(form, signs.pop(kink, None)) if form else {}
        if signs:
            raise Rejected(f"signs: kink {min(signs)} is not listed, or has a zero form")

    def form(self, node: int) -> Form:
        """A node's (scaled) form over inputs and atoms.  Raises Rejected if it needs a kink that is not listed."""
        result: Form = {}
        for index, coefficient in self._localised.row(node).items():
            if index < self.inputs:
                add(result, ((index, 1),), coefficient)
            elif index in self._values:
                add(result, self._values[index].items(), coefficient)
            elif not self._is_dead(index):
                raise Rejected(f"a form needs the kink at node {index}, which is not listed before it")
        return result

    def _value(self, form: Form, step: SignStep | None) -> Form:
        if step is not None:
            self._require_sign(form, step)
            return form if step.sign > 0 else {}
        known = self._known_relu(form)
        if known is None:
            known = self._bent_relu(form)
        if known is not None:
            return known
        key = key_of(form)
        self.numbers[key] = self.inputs + len(self.atoms)
        self.atoms.append(key)
        return {self.numbers[key]: math.gcd(*form.values())}

    def _known_relu(self, form: Form) -> Form | None:
        """relu of a nonzero form that is a multiple of an atom's form."""
        content, key = math.gcd(*form.values()), key_of(form)
        if key in self.numbers:
            return {self.numbers[key]: content}
        opposite = tuple([(variable, -coefficient) for variable, coefficient in key])
        if opposite in self.numbers:  # relu(-z) = relu(z) - z
            value = dict(form)
            add(value, ((self.numbers[opposite], 1),), content)
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
        if key_of(rest) == atom:
            below = -below
        elif key_of(rest) != tuple([(variable, -coefficient) for variable, coefficient in atom]):
            return None
        value = {variable: -below * coefficient for variable, coefficient in atom} if below > 0 else {}
        if total := max(form[last] - below, 0) + max(below, 0):
            value[last] = total
        return value

    def _require_sign(self, form: Form, step: SignStep) -> None:
        """``step.sign`` * form is, up to positive scaling, a nonnegative combination of a_k and a_k - w_k."""
        total: Form = {}
        for atom, kind, multiplier in step.generators:
            if not 0 <= atom < len(self.atoms) or kind not in (VALUE, EXCESS) or multiplier < 0:
                raise Rejected(f"signs: kink {step.kink} has a generator that is none")
            add(total, ((self.inputs + atom, 1),), multiplier)
            if kind == EXCESS:
                add(total, self.atoms[atom], -multiplier)
        wanted = {variable: step.sign * coefficient for variable, coefficient in form.items()}
        if key_of(total) != key_of(wanted):
            raise Rejected(f"signs: the generators do not give the form of kink {step.kink}")

    def _is_dead(self, node: int) -> bool:
        """Whether a kink's form over inputs and kinks holds no input, and only kinks that are dead."""
        if self._dead is None:
            self._dead = set()
            for index, argument in enumerate(self._localised.nodes, start=self.inputs):
                if isinstance(argument, int) and self._dead.issuperset(self._localised.row(argument)):
                    self._dead.add(index)
        return node in self._dead

    def reflected(self) -> list[Form | None]:
        """Of each atom its value at -d as a form over the atoms' values at d, or None where that is unknown."""
        values: list[Form | None] = []
        for key in self.atoms:
            form = self.reflect(key, values)
            values.append(self._known_relu(form) if form else form)
        return values

    def reflect(self, key: Key, values: list[Form | None]) -> Form | None:
        """The form at -d, where ``values`` are those of the atoms there."""
        result: Form = {}
        for variable, coefficient in key:
            value = {variable: -1} if variable < self.inputs else values[variable - self.inputs]
            if value is None:
                return None
            add(result, value.items(), coefficient)
        return result


def numbered_relus(program: Program) -> list[int]:
    """The nodes of all relus of the rewriting in the certificate's numbering.

    Layer by layer and unit by unit, or nodes sorted by id; inside a unit as the rewriting has them,
    inner ones first.
    """
    lowered = program.lowered
    relus = [index for index, node in enumerate(lowered.nodes) if isinstance(node, Relu)]
    ranks = {unit: rank for rank, unit in enumerate(program.form.canonical_order())}
    relus.sort(key=lambda index: ranks[lowered.units[index]])
    return [lowered.inputs + index for index in relus]
