"""Normal form: equal, rescaled, permuted and opposite kinks become one (SPEC 5.2).

Bottom-up hash-consing of the flattened net.  Every kink's form is made primitive and its leading
sign positive by the identities relu(c z) = c relu(z) for c > 0 and relu(-z) = relu(z) - z; equal
forms share one atom; a form that is a nonnegative (nonpositive) combination of kink values alone is
itself (zero).  Often the rest is linear.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from subgrad_hardness.limits import Limits
from subgrad_hardness.local.flatten import FlatNet, Form


class NormalForm(NamedTuple):
    """Atom k is relu of ``atoms[k]``, a primitive form over inputs (0..p-1) and atoms p + i, i < k.

    ``outputs`` are forms over the same variables, equal to the flat net's outputs.
    """

    inputs: int
    atoms: tuple[Form, ...]
    outputs: tuple[Form, ...]


def normalise(flat: FlatNet, limits: Limits | None = None) -> NormalForm:
    """The normal form of ``flat``; about linear in the size of what it writes.  Raises LimitReached."""
    inputs = flat.inputs
    atoms: list[Form] = []
    numbers: dict[tuple[tuple[int, int], ...], int] = {}
    values: list[Form] = []  # of each flat kink, over inputs and atoms

    for kink in flat.kinks:
        if limits is not None:
            limits.check()
        form = substitute(kink, inputs, values)
        if not form:
            values.append({})
            continue
        sign = _evident_sign(form, inputs)
        if sign:
            values.append(form if sign > 0 else {})
            continue
        content = math.gcd(*form.values())
        opposite = form[min(form)] < 0
        signed = -content if opposite else content
        key = tuple((variable, form[variable] // signed) for variable in sorted(form))
        if key not in numbers:
            numbers[key] = inputs + len(atoms)
            atoms.append(dict(key))
        value = {numbers[key]: content}
        if opposite:  # relu(z) = relu(-z) + z
            add(value, form, 1)
        values.append(value)
    outputs = tuple(substitute(output, inputs, values) for output in flat.outputs)
    return NormalForm(inputs, tuple(atoms), outputs)


def substitute(form: Form, inputs: int, values: list[Form]) -> Form:
    """``form`` with every kink variable p + k replaced by the form ``values[k]``."""
    result: Form = {}
    for variable, coefficient in form.items():
        if variable < inputs:
            add(result, {variable: 1}, coefficient)
        else:
            add(result, values[variable - inputs], coefficient)
    return result


def add(target: Form, form: Form, factor: int) -> None:
    """target += factor * form, zeros dropped."""
    for variable, coefficient in form.items():
        total = target.get(variable, 0) + factor * coefficient
        if total:
            target[variable] = total
        else:
            del target[variable]


def _evident_sign(form: Form, inputs: int) -> int:
    """1 (-1) for a nonnegative (nonpositive) combination of atoms alone, else 0."""
    if any(variable < inputs for variable in form):
        return 0
    if all(coefficient > 0 for coefficient in form.values()):
        return 1
    return -1 if all(coefficient < 0 for coefficient in form.values()) else 0
