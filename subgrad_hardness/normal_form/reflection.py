"""Evenness and oddness: what a normal form is at -d (SPEC 5.4).

relu(-w) = relu(w) - w, so the value of an atom at -d is a form over the atoms at d wherever its own form,
taken at -d, is a multiple of plus or minus another atom's form; from the inputs upwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm


def symmetric(normal: NormalForm, forms: Sequence[Key]) -> bool:
    """Whether ``forms``, as a set, up to positive scaling, are seen to be the same at d and at -d.

    About linear in the size of the normal form; no is not a proof.
    """
    keys = set(forms)
    needed = _needed(normal, forms)
    # Atoms are in order and primitive, as keys are.
    numbers = {tuple(form.items()): variable for variable, form in enumerate(normal.atoms, start=normal.inputs)}
    values: dict[int, Form] = {variable: {variable: -1} for variable in range(normal.inputs)}
    for variable in sorted(needed):
        value = _relu(_reflected(normal.atoms[variable - normal.inputs].items(), values), numbers)
        if value is None:
            return False
        values[variable] = value
    images = [_reflected(key, values) for key in keys]
    return all(image and key_of(image) in keys for image in images)


def _needed(normal: NormalForm, forms: Sequence[Key]) -> set[int]:
    found: set[int] = set()
    stack = [variable for key in forms for variable, _ in key]
    while stack:
        variable = stack.pop()
        if variable >= normal.inputs and variable not in found:
            found.add(variable)
            stack += normal.atoms[variable - normal.inputs]
    return found


def _reflected(form: Iterable[tuple[int, int]], values: dict[int, Form]) -> Form:
    result: Form = {}
    for variable, coefficient in form:
        add(result, values[variable], coefficient)
    return result


def _relu(form: Form, numbers: dict[Key, int]) -> Form | None:
    if not form:
        return form
    content = math.gcd(*form.values())
    forward = key_of(form, content)
    if forward in numbers:
        return {numbers[forward]: content}
    backward = opposite(forward)
    if backward not in numbers:
        return None
    value = dict(form)
    add(value, {numbers[backward]: content}, 1)
    return value
