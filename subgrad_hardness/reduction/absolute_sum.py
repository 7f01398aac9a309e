"""Nets relu(sum of c |form|) with two hidden layers: |t| = relu(t) + relu(-t), integers throughout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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


def absolute_layers(inputs: int, terms: Sequence[AbsoluteTerm]) -> list[dict[str, Any]]:
    """relu of the sum as ``layers``: units 2 i and 2 i + 1 of the first one are the two relus of term i.

    Without terms the net is 0.
    """
    if not terms:
        return [{"weight": {"shape": [1, inputs], "entries": []}}]
    first, second = [], []
    for number, (form, coefficient) in enumerate(terms):
        for unit, sign in ((2 * number, 1), (2 * number + 1, -1)):
            first += [[unit, index, sign * entry] for index, entry in form]
            second.append([0, unit, coefficient])
    shapes = ([2 * len(terms), inputs], [1, 2 * len(terms)])
    weights = [{"shape": shape, "entries": rows} for shape, rows in zip(shapes, (first, second), strict=True)]
    return [*({"weight": weight, "activation": "relu"} for weight in weights), {"weight": [[1]]}]
