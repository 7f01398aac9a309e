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
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from subgrad_hardness.local.flatten import Form
from subgrad_hardness.local.normal_form import NormalForm, add
from subgrad_hardness.local.signs import EXCESS, VALUE, Generator

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


def upper_bound(
    normal: NormalForm,
    form: Form,
    values: Sequence[int],
    phase: Callable[[int], bool],
    *,
    slack: int,
    avoid: Collection[int] = (),
) -> Bound:
    """A bound of ``form`` whose value at the point is at most the form's value plus ``slack``.

    Parameters
    ----------
    values : the point's inputs, then all atoms there (``NormalForm.values``).
    phase : the phase of an atom; wherever it differs from the point's own the bound is only lower there.
    slack : at least 0; it is spent on leaving out terms c_k w_k, those of the atoms in ``avoid`` first,
        then the smallest: what stays is what is most wrong at the point, which gives short conflicts.

    Linear in the coefficients between the form and the inputs.
    """
    inputs = normal.inputs
    row = dict(form)
    generators: list[Generator] = []
    kept: list[int] = []
    phases: list[tuple[int, bool]] = []
    dropped: set[int] = set()
    for cost, variable in sorted(
        (-1 if variable - inputs in avoid else -coefficient * values[variable], variable)
        for variable, coefficient in form.items()
        if coefficient < 0 <= variable - inputs and values[variable]
    ):
        spent = cost if cost > 0 else -form[variable] * values[variable]
        if spent <= slack:
            slack -= spent
            dropped.add(variable)
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
            if variable in dropped:
                cost += form[variable] * values[variable]
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
            seen = sum([entry * values[v] for v, entry in normal.atoms[atom].items()])
            slack += coefficient * (values[variable] - (seen if passes else 0))  # a phase that is not the point's own
        if passes:
            add(row, normal.atoms[atom], coefficient)
            for other in normal.atoms[atom]:
                if other >= inputs and -other not in queued:
                    queued.add(-other)
                    heapq.heappush(heap, -other)
    return Bound(row, tuple(generators), tuple(kept), tuple(phases))
