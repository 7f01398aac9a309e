"""Kinks that together are one maximum, as one unit: to branch on its pieces, not on all signs.

max(a, b, c) is written with two kinks, a + j + k with j = relu(b - a), k = relu(c - a - j), and has three pieces but
six cells.  Units are found in the multiplied-out net without knowing how it was written.  A unit is a maximum of
pieces, linear in inputs and earlier units; at first each kink is one, with the pieces 0 and its argument.  Two units
become one where an identity allows it:

* *chain*.  Where A and B have all their users in common, with coefficients in one ratio r : s, they count only as
  S = r A + s B.  If each piece of B has coefficient 0 or -r / s at A, then r A + s b is free of A for the latter ones,
  and S is the maximum of these and of r a + s b, over the pieces a of A and the other b.
* *within*.  Where B alone uses A, and never with a negative coefficient, B is the maximum of its pieces with each a
  in the place of A.

Ratios are made integers by letting S stand for a positive multiple.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.linear_form import Form, add


class UnitNet(NamedTuple):
    """Unit u is the maximum of ``units[u]``, forms over the inputs and the units before it; so are the outputs."""

    inputs: int
    units: tuple[tuple[Form, ...], ...]
    outputs: tuple[Form, ...]


def unit_net(flat: FlatNet, limits: Limits = NO_LIMITS) -> UnitNet:
    """The net with kinks made units, as long as two can be joined.

    Raises
    ------
    LimitReached

    Notes
    -----
    A look at each pair of units of which one uses the other, and where they are compared at those that use both:
    quadratic in the kinks where few are.
    """
    joining = _Joining(flat)
    again = True
    while again:
        again = False
        for place in joining.units():
            limits.check()
            if place in joining.forms and (joining.within(place) or joining.chained(place)):
                again = True
    units = joining.units()
    names = {place: place for place in range(flat.inputs)}
    names |= {place: flat.inputs + number for number, place in enumerate(units)}

    def renamed(form: Form) -> Form:
        return {names[place]: coefficient for place, coefficient in form.items()}

    return UnitNet(
        flat.inputs,
        tuple([tuple(map(renamed, joining.forms[place])) for place in units]),
        tuple([renamed(joining.forms[~number][0]) for number in range(len(flat.outputs))]),
    )


class _Joining:
    """Units by their places, each a list of pieces, and outputs, each one form, by the complements of their numbers;
    with the places that use each."""

    def __init__(self, flat: FlatNet) -> None:
        self.forms: dict[int, list[Form]] = {
            place: [{}, dict(form)] for place, form in enumerate(flat.kinks, start=flat.inputs)
        }
        self.forms |= {~number: [dict(form)] for number, form in enumerate(flat.outputs)}
        self._users: dict[int, set[int]] = {}
        for user in self.forms:
            self._use(user)

    def units(self) -> list[int]:
        """Those that are left, in topological order."""
        return [place for place in self.forms if place >= 0]

    def within(self, place: int) -> bool:
        """Put the unit into the only one that uses it, if that is allowed and makes no more pieces of them."""
        users = self._using(place)
        if len(users) != 1 or min(users) < 0:
            return False
        (user,) = users
        own, pieces = self.forms[place], self.forms[user]
        if any(piece.get(place, 0) < 0 for piece in pieces):
            return False
        joined = []
        for piece in pieces:
            gain = piece.get(place, 0)
            joined += [_sum(piece, 1, each, gain, without=place) for each in own] if gain else [piece]
        return self._replace(place, user, joined)

    def chained(self, place: int) -> bool:
        """Make one of this unit and a later one that compares with it, if all others use both in one ratio."""
        for other in sorted(user for user in self._using(place) if user >= 0):
            pieces = self.forms[other]
            if not any(piece.get(place, 0) < 0 for piece in pieces):
                continue
            users = (self._using(place) | self._using(other)) - {other}
            ratio = self._one_ratio(place, other, users)
            if ratio is None:
                continue
            first, second = ratio
            if first <= 0 or second <= 0 or any(second * piece.get(place, 0) not in (0, -first) for piece in pieces):
                continue
            joined: list[Form] = []
            for piece in pieces:
                if place in piece:
                    joined.append(_sum(piece, second, {}, 0, without=place))
                else:
                    joined += [_sum(piece, second, each, first, without=place) for each in self.forms[place]]
            if self._replace(place, other, joined):
                for user in users:
                    for form in self.forms[user]:
                        if place in form:
                            form[other] = form.pop(place) // first
                    self._using(other).add(user)
                return True
        return False

    def _one_ratio(self, place: int, other: int, users: Iterable[int]) -> tuple[int, int] | None:
        """How all forms that use one of the two use them; None if they differ, or there are none."""
        common = None
        for user in users:
            for form in self.forms[user]:
                if place in form or other in form:
                    ratio = _ratio(form.get(place, 0), form.get(other, 0))
                    if common not in (None, ratio):
                        return None
                    common = ratio
        return common

    def _replace(self, place: int, user: int, joined: list[Form]) -> bool:
        """Make the joined pieces those of ``user``, and ``place`` disappear, unless there are too many."""
        distinct = list({tuple(sorted(piece.items())): piece for piece in joined}.values())
        if len(distinct) > len(self.forms[place]) + len(self.forms[user]):
            return False
        for gone in (place, user):
            for used in {name for piece in self.forms[gone] for name in piece}:
                self._using(used).discard(gone)
        del self.forms[place]
        self.forms[user] = distinct
        self._use(user)
        return True

    def _use(self, user: int) -> None:
        for name in {name for piece in self.forms[user] for name in piece}:
            self._using(name).add(user)

    def _using(self, place: int) -> set[int]:
        return self._users.setdefault(place, set())


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
