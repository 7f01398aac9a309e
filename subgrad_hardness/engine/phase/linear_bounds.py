"""Linear upper bounds of a form over kinks, by backward substitution under chosen phases (SPEC 5.4).

Let v = L + sum_k c_k a_k be a form over inputs and atoms a_k = relu(w_k).  From the last atom to the first, each
term c_k a_k is replaced by a form over the inputs and earlier atoms:

* if c_k < 0, by 0 or by c_k w_k.  Both are upper bounds of the term, because a_k >= 0 and a_k >= w_k, so no phase is
  needed;
* if c_k > 0, by c_k w_k where w_k > 0 is supposed, and by 0 where w_k <= 0 is supposed.  The bound then rests on this
  *phase* of kink k.

Each replacement adds a nonnegative multiple of a row that is never negative under the phases (a *generator*).  The
bound is therefore v plus a nonnegative combination of generators, and the multipliers of this combination are those
of a lemma.  The sign of c_k that counts is the sign of the coefficient when its turn comes, after all later atoms
have been replaced.  So a phase is asked for only where the sum over all paths above the kink is positive.

Bounds by backward substitution are CROWN (Zhang, Weng, Chen, Hsieh and Daniel, NeurIPS 2018) and DeepPoly (Singh,
Gehr, Pueschel and Vechev, POPL 2019).  These relax a kink of unknown phase by a chord of relu over an interval; here a
phase is chosen instead, and no interval is needed, so the bounds hold on whole cones.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from subgrad_hardness.normal_form.generators import BLOCKED, EXCESS, PASSING, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import NormalForm


class Bound(NamedTuple):
    """An upper bound of a form v: ``row``, a form over the inputs, is v plus the ``generators``.

    Attributes
    ----------
    row : the bound; empty if it is zero.
    generators : rows that are never negative under the phases, with positive multipliers.
    kept : the atoms with a negative coefficient c_k that were replaced by c_k w_k, and not by 0.
    phases : the atoms whose phase the bound rests on, each with its phase (True for w_k > 0).
    """

    row: Form
    generators: tuple[Generator, ...]
    kept: tuple[int, ...]
    phases: tuple[tuple[int, bool], ...]


class LinearBounds:
    """Linear upper bounds of one form that are close to it at one point.

    Parameters
    ----------
    form : over inputs and atoms.
    values : the point's inputs, followed by the values of all atoms there (``NormalForm.values``).
    """

    def __init__(self, normal: NormalForm, form: Form, values: Sequence[int]) -> None:
        self._normal = normal
        self._form = form
        self._values = values
        negative = [v for v, c in form.items() if c < 0 and v >= normal.inputs]
        # Most terms with a negative coefficient are replaced by 0, which costs nothing where the atom is 0 at the
        # point.  Such a term is looked at again only if the replacement of a later term changes its coefficient.
        self._at_rest = tuple([(v - normal.inputs, VALUE, -form[v]) for v in negative])
        self._positions = {v: position for position, v in enumerate(negative)}
        self._others = {v: c for v, c in form.items() if v not in self._positions}
        self._costs = {v: -form[v] * values[v] for v in negative if values[v]}

    def within(self, phase: Callable[[int], bool], *, slack: int, avoid: Collection[int] = ()) -> Bound:
        """A bound whose value at the point is at most the form's value plus ``slack``.

        Parameters
        ----------
        phase : gives the phase of an atom.  Where it is not the phase that the atom has at the point, the bound is
            only lower at the point.
        slack : at least 0.  A term c_k a_k with c_k < 0 that is replaced by 0 raises the bound at the point by
            -c_k a_k; the slack is spent on such terms, those of the atoms in ``avoid`` first, then the cheapest.  The
            terms that remain are the ones that matter most at the point, so that the bound rests on few phases.

        Notes
        -----
        Linear in the coefficients between the form and the inputs that matter at the point.
        """
        dropped = self._dropped(slack, avoid)
        slack -= sum([self._costs[variable] for variable in dropped])
        return self._bound(phase, slack, [variable for variable in self._costs if variable not in dropped])

    def by_one_term(self, phase: Callable[[int], bool], *, slack: int, avoid: Collection[int]) -> Iterator[Bound]:
        """All bounds within the slack for which a single term of the form with a negative coefficient is not dropped
        beforehand, except for the terms of the atoms in ``avoid``; the largest terms come first."""
        total = sum(self._costs.values())
        for variable in reversed(self._by_cost):
            left = slack - (total - self._costs[variable])
            if left < 0:
                break
            if variable - self._normal.inputs not in avoid:
                yield self._bound(phase, left, [variable])

    def _bound(self, phase: Callable[[int], bool], slack: int, candidates: Sequence[int]) -> Bound:
        """The bound in which each term of the form with a negative coefficient is replaced by 0 at once, except for
        the ``candidates``: these are replaced by 0 in their turn as far as the slack lasts."""
        normal, values, inputs = self._normal, self._values, self._normal.inputs
        row = self._others | {variable: self._form[variable] for variable in candidates}
        generators: list[Generator] = []
        kept: list[int] = []
        phases: list[tuple[int, bool]] = []
        woken: set[int] = set()
        heap = [-variable for variable in row if variable >= inputs]
        heapq.heapify(heap)
        queued = set(heap)
        while heap:
            variable = -heapq.heappop(heap)
            coefficient = row.pop(variable, 0)
            if not coefficient:
                continue
            atom = variable - inputs
            if coefficient < 0:
                cost = -coefficient * values[variable]
                if variable in self._costs and variable in woken:
                    cost -= self._costs[variable]  # the form's own part of it has been paid for
                passes = cost > slack if cost > 0 else False
                generators.append((atom, EXCESS if passes else VALUE, -coefficient))
                if passes:
                    kept.append(atom)
                else:
                    slack -= cost
            else:
                passes = phase(atom)
                generators.append((atom, PASSING if passes else BLOCKED, coefficient))
                phases.append((atom, passes))
                seen = sum([entry * values[v] for v, entry in normal.atoms[atom].items()]) if passes else 0
                # Where the phase is not the one at the point, the bound falls there, and more may be spent.
                slack += coefficient * (values[variable] - seen)
            if passes:
                for other in normal.atoms[atom]:
                    if other >= inputs and -other not in queued:
                        queued.add(-other)
                        heapq.heappush(heap, -other)
                        if other in self._positions:
                            woken.add(other)
                            row[other] = self._form[other]
                add(row, normal.atoms[atom], coefficient)
        return Bound(row, (*generators, *self._resting((*candidates, *woken))), tuple(kept), tuple(phases))

    def _resting(self, awake: Iterable[int]) -> Iterator[Generator]:
        """The generators of the form's terms with negative coefficients, without those of the variables ``awake``."""
        start = 0
        for position in sorted([self._positions[variable] for variable in awake]):
            yield from self._at_rest[start:position]
            start = position + 1
        yield from self._at_rest[start:]

    def _dropped(self, slack: int, avoid: Collection[int]) -> set[int]:
        """The terms of the form that are replaced by 0 beforehand, at the expense of the slack."""
        avoided = [variable for variable in self._costs if variable - self._normal.inputs in avoid]
        dropped: set[int] = set()
        for variable in (*sorted(avoided), *self._by_cost):
            if variable not in dropped and self._costs[variable] <= slack:
                slack -= self._costs[variable]
                dropped.add(variable)
        return dropped

    @cached_property
    def _by_cost(self) -> list[int]:
        return sorted(self._costs, key=lambda variable: (self._costs[variable], variable))
