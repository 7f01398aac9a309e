"""Linear forms over numbered variables, with integer coefficients; no zero is ever stored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

#: A coefficient.
Number = TypeVar("Number", int, Fraction)
#: A linear form: variable -> nonzero integer; variables 0..p-1 are inputs, p + k is kink k's value.
Form = dict[int, int]

#: A form up to positive scaling, as a hashable value: sorted (variable, coefficient) pairs.
Key = tuple[tuple[int, int], ...]


def add(target: dict[int, Number], form: Mapping[int, int], factor: Number) -> None:
    """target += factor * form, zeros dropped; the factor is not zero."""
    for variable, coefficient in form.items():
        total = target.get(variable, 0) + factor * coefficient
        if total:
            target[variable] = total
        else:
            del target[variable]


def key_of(form: Form, content: int | None = None) -> Key:
    """The form up to positive scaling; ``content`` is the gcd of its coefficients, if that is known."""
    if content is None:
        content = math.gcd(*form.values())
    if content <= 1:
        return tuple(sorted(form.items()))
    return tuple([(variable, form[variable] // content) for variable in sorted(form)])


def opposite(key: Key) -> Key:
    """The form with all signs turned round."""
    return tuple([(variable, -coefficient) for variable, coefficient in key])
