"""Linear upper bounds of a form over kinks, under chosen phases (SPEC 5.4).

Let v = L + sum_k c_k a_k, a_k = relu(w_k).  From the last atom to the first, a term c_k a_k is replaced

* for c_k < 0 by 0 or by c_k w_k, since a_k >= 0 and a_k >= w_k: always right, no phase is needed;
* for c_k > 0 by c_k w_k where w_k > 0 is supposed, by 0 where it is not: kink k's *phase* is needed.

Each replacement adds a multiple of a row that is never negative under the phases, so v is the bound
minus a nonnegative combination of such rows: the multipliers of a lemma.  The sign of c_k is that of the
coefficient when its turn comes, after all later atoms: so phases are asked for by the gains of the
chains that are really there, and not by the direct coefficient alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from subgrad_hardness.normal_form.generators import EXCESS, VALUE, Generator
from subgrad_hardness.normal_form.linear_form import Form, add
from subgrad_hardness.normal_form.normal_form import NormalForm

#: Kinds of generators that a phase gives: w_k - a_k >= 0 where w_k > 0, and -a_k >= 0 where it is not.
PASSING, BLOCKED = 2, 3


class Bound(NamedTuple):
    """``row`` (a form over the inputs) is the form plus the ``generators``, hence at least the form.

    ``kept`` are the atoms with a negative coefficient whose c_k w_k was taken; ``phases`` the atoms whose
    phase was needed, with the phase.
    """

    row: Form
    generators: tuple[Generator, ...]
    kept: tuple[int, ...]
    phases: tuple[tuple[int, bool], ...]


class UpperBounds:
    """The bounds of one form at one point.

    Parameters
    ----------
    form : over inputs and atoms.
    values : the point's inputs, then all atoms there (``NormalForm.values``).
    """

    def __init__(self, normal: NormalForm, form: Form, values: Sequence[int]) -> None:
        self._normal = normal
        self._form = form
        self._values = values
        negative = [v for v, c in form.items() if c < 0 and v >= normal.inputs]
        # Most terms c_k a_k are left at 0, at no cost where a_k is 0 there; they wait until a later one adds to them.
        self._at_rest = tuple([(v - normal.inputs, VALUE, -form[v]) for v in negative])
        self._places = {v: place for place, v in enumerate(negative)}
        self._others = {v: c for v, c in form.items() if v not in self._places}
        self._costs = {v: -form[v] * values[v] for v in negative if values[v]}

    def under(self, phase: Callable[[int], bool], *, slack: int, avoid: Collection[int] = ()) -> Bound:
        """A bound whose value at the point is at most the form's value plus ``slack``.

        Parameters
        ----------
        phase : the phase of an atom; wherever it differs from the point's own the bound is only lower there.
        slack : at least 0; it is spent on leaving out terms c_k w_k, those of the atoms in ``avoid`` first,
            then the smallest: what stays is what is most wrong at the point, which gives short conflicts.

        Linear in the coefficients between the form and the inputs that matter at the point.
        """
        dropped = self._dropped(slack, avoid)
        slack -= sum([self._costs[variable] for variable in dropped])
        return self._bound(phase, slack, [variable for variable in self._costs if variable not in dropped])

    def alone(self, phase: Callable[[int], bool], *, slack: int, avoid: Collection[int]) -> Iterator[Bound]:
        """The bounds ``under`` the slack that keep a single term of the form, but those of the atoms in ``avoid``."""
        total = sum(self._costs.values())
        for variable in reversed(self._by_cost):
            left = slack - (total - self._costs[variable])
            if left < 0:
                break
            if variable - self._normal.inputs not in avoid:
                yield self._bound(phase, left, [variable])

    def _bound(self, phase: Callable[[int], bool], slack: int, candidates: Sequence[int]) -> Bound:
        """The bound that leaves out all terms with a negative coefficient but ``candidates``, which it may keep."""
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
                    cost -= self._costs[variable]  # that part has been paid for
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
                slack += coefficient * (values[variable] - seen)  # a phase that is not the point's own
            if passes:
                for other in normal.atoms[atom]:
                    if other >= inputs and -other not in queued:
                        queued.add(-other)
                        heapq.heappush(heap, -other)
                        if other in self._places:
                            woken.add(other)
                            row[other] = self._form[other]
                add(row, normal.atoms[atom], coefficient)
        return Bound(row, (*generators, *self._resting((*candidates, *woken))), tuple(kept), tuple(phases))

    def _resting(self, awake: Iterable[int]) -> Iterator[Generator]:
        """The generators of all terms with negative coefficients but those that are ``awake``."""
        start = 0
        for place in sorted([self._places[variable] for variable in awake]):
            yield from self._at_rest[start:place]
            start = place + 1
        yield from self._at_rest[start:]

    def _dropped(self, slack: int, avoid: Collection[int]) -> set[int]:
        """The terms of the form on which the slack is spent beforehand."""
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
