"""Kinks that together are one maximum, as one unit: to branch on its pieces, not on all signs.

max(a, b, c) is written with two kinks, a + j + k with j = relu(b - a), k = relu(c - a - j), and has three pieces but
six cells.  Units are found in the multiplied-out net without knowing how it was written.  A unit is a maximum of
pieces, linear in inputs and earlier units; at first each kink is one, with the pieces 0 and its argument.  Two units
become one where an identity allows it:

* *chain*.  Where A and B have all their users in common, with coefficients in one ratio r : s, they count only as S = r
A + s B.  If each
  piece of B has coefficient 0 or -r / s at A, then r A + s b is free of A for the latter ones, and S is the maximum of
  these and of r a + s b, over the pieces a of A and the other b.
* *within*.  Where B alone uses A, and never with a negative coefficient, B is the maximum of its pieces with each a in
the place of A.

Ratios are made integers by letting S stand for a positive multiple.
"""

from __future__ import annotations

from math import gcd
from typing import NamedTuple

from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.linear_form import Form, add


class UnitNet(NamedTuple):
    """Unit u is the maximum of ``units[u]``, forms over the inputs and the units before it; so are the outputs."""

    inputs: int
    units: tuple[tuple[Form, ...], ...]
    outputs: tuple[Form, ...]


def unit_net(flat: FlatNet) -> UnitNet:
    """The net with kinks made units, as long as two can be joined.

    Notes
    -----
    A look at each unit and those that use it for each unit that is joined: quadratic in the kinks at worst.
    """
    units: dict[int, list[Form]] = {place: [{}, dict(form)] for place, form in enumerate(flat.kinks, start=flat.inputs)}
    outputs = [dict(form) for form in flat.outputs]
    again = True
    while again:
        again = False
        for place in list(units):
            if place in units and (_within(units, outputs, place) or _chained(units, outputs, place)):
                again = True
    names = {place: place for place in range(flat.inputs)}
    names |= {place: flat.inputs + number for number, place in enumerate(units)}

    def renamed(form: Form) -> Form:
        return {names[place]: coefficient for place, coefficient in form.items()}

    return UnitNet(
        flat.inputs,
        tuple([tuple(map(renamed, pieces)) for pieces in units.values()]),
        tuple(map(renamed, outputs)),
    )


def _within(units: dict[int, list[Form]], outputs: list[Form], place: int) -> bool:
    """Put the unit into the only one that uses it, if that is allowed and makes no more pieces of them."""
    users = [number for number, pieces in units.items() if any(place in piece for piece in pieces)]
    if len(users) != 1 or any(place in form for form in outputs):
        return False
    (user,) = users
    own, pieces = units[place], units[user]
    if any(piece.get(place, 0) < 0 for piece in pieces):
        return False
    joined = []
    for piece in pieces:
        gain = piece.get(place, 0)
        joined += [_sum(piece, 1, each, gain, without=place) for each in own] if gain else [piece]
    return _replace(units, place, user, joined)


def _chained(units: dict[int, list[Form]], outputs: list[Form], place: int) -> bool:
    """Make one of this unit and a later one that compares with it, if all others use both in one ratio."""
    for other, pieces in units.items():
        if not any(piece.get(place, 0) < 0 for piece in pieces):
            continue
        users = [
            form
            for form in [*outputs, *[piece for number, each in units.items() if number != other for piece in each]]
            if place in form or other in form
        ]
        ratios = {_ratio(form.get(place, 0), form.get(other, 0)) for form in users}
        if len(ratios) != 1:
            continue
        first, second = ratios.pop()
        if first <= 0 or second <= 0 or any(second * piece.get(place, 0) not in (0, -first) for piece in pieces):
            continue
        joined: list[Form] = []
        for piece in pieces:
            if place in piece:
                joined.append(_sum(piece, second, {}, 0, without=place))
            else:
                joined += [_sum(piece, second, each, first, without=place) for each in units[place]]
        if _replace(units, place, other, joined):
            for form in users:
                form[other] = form.pop(place) // first
            return True
    return False


def _ratio(one: int, other: int) -> tuple[int, int]:
    """In lowest terms; both signs the same are none."""
    divisor = gcd(one, other) * (-1 if one < 0 and other < 0 else 1)
    return one // divisor, other // divisor


def _sum(form: Form, factor: int, other: Form, weight: int, without: int) -> Form:
    """factor * form + weight * other, without the term of one variable."""
    total: Form = {}
    if factor:
        add(total, form, factor)
    if weight:
        add(total, other, weight)
    total.pop(without, None)
    return total


def _replace(units: dict[int, list[Form]], place: int, user: int, joined: list[Form]) -> bool:
    """Make the joined pieces those of ``user``, and ``place`` disappear, unless there are too many."""
    distinct = list({tuple(sorted(piece.items())): piece for piece in joined}.values())
    if len(distinct) > len(units[place]) + len(units[user]):
        return False
    del units[place]
    units[user] = distinct
    return True
