"""Nets relu(sum of c |form|) with two hidden layers: |t| = relu(t) + relu(-t), integers throughout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.net.forms import Layer, LayeredForm, Row
from subgrad_hardness.net.program import Program

#: A linear form as (input, nonzero entry) pairs.
Terms = tuple[tuple[int, int], ...]


class AbsoluteTerm(NamedTuple):
    """``coefficient`` |``form``|."""

    form: Terms
    coefficient: int


def collected(terms: Iterable[AbsoluteTerm]) -> tuple[AbsoluteTerm, ...]:
    """The same sum with at most one term for each form up to its sign, in the order of their first occurrence.

    Forms get sorted inputs and a positive first entry; zero forms and zero coefficients go.  Linear.
    """
    sums: dict[Terms, int] = {}
    for term in terms:
        form = _canonical(term.form)
        if form:
            sums[form] = sums.get(form, 0) + term.coefficient
    return tuple(AbsoluteTerm(form, coefficient) for form, coefficient in sums.items() if coefficient)


def _canonical(form: Terms) -> Terms:
    entries: dict[int, int] = {}
    for index, entry in form:
        entries[index] = entries.get(index, 0) + entry
    pairs = sorted((index, entry) for index, entry in entries.items() if entry)
    sign = -1 if pairs and pairs[0][1] < 0 else 1
    return tuple((index, sign * entry) for index, entry in pairs)


def absolute_sum(terms: Iterable[AbsoluteTerm], point: Sequence[int]) -> int:
    """The value of the sum at integers; linear."""
    return sum(coefficient * abs(sum(entry * point[index] for index, entry in form)) for form, coefficient in terms)


def absolute_net(inputs: int, terms: Sequence[AbsoluteTerm]) -> Program:
    """relu of the sum in layers, at the origin: units 2 i and 2 i + 1 of the first one are the two relus of term i.

    Without terms the net is 0.
    """
    names, origin = tuple(f"x{index}" for index in range(inputs)), (Fraction(0),) * inputs
    if not terms:
        return Program(names, LayeredForm((Layer(inputs, (Row.of((), ()),), "identity"),)), origin)
    first, second = [], []
    for form, coefficient in terms:
        pairs = sorted(pair for pair in form if pair[1])
        for sign in (1, -1):
            first.append(Row.of([index for index, _ in pairs], [sign * entry for _, entry in pairs]))
            second.append(coefficient)
    kept = [unit for unit, coefficient in enumerate(second) if coefficient]
    layers = (
        Layer(inputs, tuple(first), "relu"),
        Layer(len(first), (Row.of(kept, [second[unit] for unit in kept]),), "relu"),
        Layer(1, (Row.of((0,), (1,)),), "identity"),
    )
    return Program(names, LayeredForm(layers), origin)
