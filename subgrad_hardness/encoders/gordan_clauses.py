"""Enough Gordan clauses, stated beforehand: when are linear forms positive at the same direction?

Give each hyperplane {l = 0} one Boolean variable, true for l > 0 and false for -l > 0.  An *implication*
(l, m, n) with a l + b m = c n for some positive a, b, c is the clause "not l > 0, or not m > 0, or n > 0".

Statement.  For finitely many forms L the implications below, over L and further forms, are complete: a
set S of forms in L is positive at one direction iff some assignment makes all of S true and satisfies all of
them.

Fourier-Motzkin elimination, all subsets S at once.  The forms are written over a basis chosen among
them and taken apart into groups without common coordinates.  In a group with more than two coordinates
one of them, x, is eliminated: forms l and m with opposite signs at x have a positive combination n without
x, which joins the forms without x; these are taken apart again, and so on.  Forms up to positive scaling are
one, so elimination costs a variable a form and not one a derivation.  In the end a group has

* one coordinate: its only forms are x and -x, two sides of one variable;
* two: n_i = y - s_i x (up to scaling) for s_1 < ... < s_r, and x itself, or their opposites.  The implications
  (n_{i+1}, x, n_i) and (n_i, -x, n_{i+1}) say that for x > 0 the true n_i are a first part of the list, for
  x < 0 a last part: the signs at the points (1, y) and (-1, y), all of them.

Combinations are left out by histories.  A history of a form is a set of members of L, of which it is a
positive combination; after k eliminations one with more than k + 1 members is not needed (Kohler 1967), nor one
that contains another.

Proof.  A direction off all hyperplanes gives an assignment.  Conversely suppose an assignment satisfies
the implications and makes S true.  The y >= 0 on S for which sum y_l l is zero in the k coordinates eliminated so
far (in one line of groups) form a pointed cone; its extreme rays have inclusion-minimal supports of at most k + 1
members (k equations), and an extreme ray of the next cone is one of this cone or the sum of two with opposite
signs at x.  So by induction each extreme ray has its combination among the forms of its groups, with its support as
a history, and true; it is not 0, since l and -l are not both true.  In the end the true forms of all groups are
positive at one point, by the two cases above.  If S is positive nowhere, some y >= 0, y != 0, has sum y_l l = 0 by
Gordan's theorem.  It is a nonnegative combination of extreme rays of the last cone, so 0 is one of the
forms, all positive at the point: a contradiction.

Cost.  Two inputs: linear.  Three: the square of the number of forms.  In general up to C(r, d - 1) for r forms in
d dimensions, and nothing where the forms are independent, as in min-max nets of formulas.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from subgrad_hardness.encoders.adders import TooLarge
from subgrad_hardness.linear.elimination import over_a_basis
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite

#: A matrix of forms with more entries than this is refused, because its elimination would take too long.
_MOST_ENTRIES = 4_000_000
#: At most 5 pairs of forms are looked at for each clause allowed: pairs that give no clause cost time, too.
_PAIRS_EACH = 5
#: A form with more minimal histories than this is always combined.
_MOST_HISTORIES = 3


class Implication(NamedTuple):
    """``first`` > 0 and ``second`` > 0 imply ``third`` > 0: a first + b second = c third with a, b, c > 0."""

    first: Key
    second: Key
    third: Key


def implications(forms: Iterable[Key], most: int) -> list[Implication]:
    """A complete set of implications for ``forms`` (nonzero and primitive), the same for equal sets.

    Raises TooLarge where there would be more than ``most``.
    """
    result: list[Implication] = []
    for group in _groups(forms):
        basis, over = _over_a_basis(group)
        elimination = _Elimination(over, most - len(result))
        elimination.run()
        names: dict[Key, Key] = {}
        for implication in elimination.found:
            for form in implication:
                if form not in names:
                    names[form] = _combination([(entry, basis[number]) for number, entry in form])
            result.append(Implication(*[names[form] for form in implication]))
    return result


def _groups(forms: Iterable[Key]) -> list[list[Key]]:
    """The forms taken apart: no two groups have a coordinate in common."""
    forms = sorted(forms)
    parent = {variable: variable for form in forms for variable, _ in form}

    def find(variable: int) -> int:
        while parent[variable] != variable:
            parent[variable] = parent[parent[variable]]
            variable = parent[variable]
        return variable

    for form in forms:
        for variable, _ in form:
            parent[find(variable)] = find(form[0][0])
    groups: dict[int, list[Key]] = {}
    for form in forms:
        groups.setdefault(find(form[0][0]), []).append(form)
    return list(groups.values())


def _over_a_basis(forms: Sequence[Key]) -> tuple[list[Key], list[Key]]:
    """Independent forms among ``forms``, short ones first, and all of ``forms`` over these, up to positive scaling."""
    lines = sorted({max(form, opposite(form)) for form in forms}, key=lambda form: (len(form), form))
    used = sorted({variable for form in lines for variable, _ in form})
    if len(used) == 1:
        return lines, [((0, 1 if form == lines[0] else -1),) for form in forms]
    if len(used) * len(lines) > _MOST_ENTRIES:
        raise TooLarge
    columns = [dict(form) for form in lines]
    found = over_a_basis([[column.get(variable, 0) for variable in used] for column in columns])
    over: dict[Key, Key] = {}
    for line, coordinates in zip(lines, found.coordinates, strict=True):
        form = key_of(coordinates)
        over[line], over[opposite(line)] = form, opposite(form)
    return [lines[number] for number in found.basis], [over[form] for form in forms]


def _combination(terms: Iterable[tuple[int, Key]]) -> Key:
    """The sum of factor * form, up to positive scaling."""
    total: Form = {}
    for factor, form in terms:
        add(total, dict(form), factor)
    return key_of(total)


class _Elimination:
    """``found``: the implications of forms in some coordinates, at most ``most``."""

    def __init__(self, forms: Iterable[Key], most: int) -> None:
        self.found: list[Implication] = []
        self.most = most
        self.pairs_left = _PAIRS_EACH * most
        # Sets of numbers of the given forms, as bits; None: too many to keep.
        self.histories: dict[Key, list[int] | None] = {form: [1 << n] for n, form in enumerate(sorted(forms))}

    def run(self) -> None:
        """Raises TooLarge."""
        stack = [(group, 0) for group in _groups(self.histories)]
        while stack:
            forms, eliminated = stack.pop()
            signs: dict[int, list[int]] = {}
            for form in forms:
                for variable, coefficient in form:
                    signs.setdefault(variable, [0, 0])[coefficient < 0] += 1
            if len(signs) == 2:
                self._fan(forms)
            elif len(signs) > 2:
                variable = min(signs, key=lambda v: (signs[v][0] * signs[v][1], v))
                eliminated += all(signs[variable])
                stack += [(group, eliminated) for group in _groups(self._without(variable, forms, eliminated))]

    def _add(self, first: Key, second: Key, third: Key) -> None:
        if len(self.found) >= self.most:
            raise TooLarge
        self.found.append(Implication(first, second, third))

    def _without(self, variable: int, forms: Sequence[Key], eliminated: int) -> set[Key]:
        """The forms without ``variable``: those that never had it, and the combinations of two."""
        rest: set[Key] = set()
        sides: tuple[list[tuple[Key, int]], list[tuple[Key, int]]] = ([], [])
        for form in forms:
            coefficient = next((entry for number, entry in form if number == variable), 0)
            if coefficient:
                sides[coefficient < 0].append((form, abs(coefficient)))
            else:
                rest.add(form)
        self.pairs_left -= len(sides[0]) * len(sides[1])
        if self.pairs_left < 0:
            raise TooLarge
        for first, up in sides[0]:
            for second, down in sides[1]:
                histories = self._joined(first, second, eliminated + 1)
                if histories == []:
                    continue
                content = math.gcd(up, down)
                third = _combination([(down // content, first), (up // content, second)])
                if third:  # else first and second are opposite
                    self._add(first, second, third)
                    self._remember(third, histories)
                    rest.add(third)
        return rest

    def _joined(self, first: Key, second: Key, most: int) -> list[int] | None:
        """The histories of a combination, of at most ``most`` members."""
        ones, others = self.histories[first], self.histories[second]
        if ones is None or others is None:
            return None
        return [one | other for one in ones for other in others if (one | other).bit_count() <= most]

    def _remember(self, form: Key, histories: list[int] | None) -> None:
        known = self.histories.get(form, [])
        if known is None or histories is None:
            self.histories[form] = None
            return
        joined = {*known, *histories}
        minimal = sorted([one for one in joined if not any(other & one == other != one for other in joined)])
        self.histories[form] = minimal if len(minimal) <= _MOST_HISTORIES else None

    def _fan(self, forms: Iterable[Key]) -> None:
        """All hyperplanes in the plane of two coordinates, by their slopes."""
        pivot, *lines = sorted({max(form, opposite(form)) for form in forms})
        u, v = sorted({variable for form in (pivot, *lines) for variable, _ in form})

        def entries(form: Key) -> tuple[int, int]:
            found = dict(form)
            return found.get(u, 0), found.get(v, 0)

        p, q = entries(pivot)
        fan = []
        for line in lines:
            a, b = entries(line)
            turn = p * b - q * a  # (p^2 + q^2) line = turn (y - s x) for x = p u + q v and y = p v - q u
            slope = Fraction(-(p * a + q * b), turn)
            fan.append((slope, line if turn > 0 else opposite(line)))
        fan.sort()
        for (_, lower), (_, upper) in pairwise(fan):
            self._add(upper, pivot, lower)
            self._add(lower, opposite(pivot), upper)
