"""Sign facts: forms that are nonnegative, or nonpositive, wherever kinks are what they are (SPEC 5.2).

With a_k = relu(w_k) the *generators* a_k and a_k - w_k are never negative, so a nonnegative combination
of generators is a form without negative values: its relu is itself, and the relu of its negative is 0.
By Farkas' lemma such a combination exists iff the linear relaxation (all generators >= 0) leaves the
form no other sign; the exact cone decides that and gives the multipliers.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Infeasible, StrictCone
from subgrad_hardness.normal_form.generators import EXCESS, VALUE, Generator, GeneratorKind
from subgrad_hardness.normal_form.linear_form import Form

#: The relaxation is asked for forms that rest on at most this many kinks: beyond, it seldom pays.
MOST_KINKS = 24


def evident_sign(form: Form, inputs: int) -> tuple[int, tuple[Generator, ...]] | None:
    """1 (-1) and the multipliers for a nonnegative (nonpositive) combination of kink values alone."""
    if min(form) < inputs:
        return None
    sign = 1 if next(iter(form.values())) > 0 else -1
    if any(sign * coefficient < 0 for coefficient in form.values()):
        return None
    return sign, tuple((k - inputs, VALUE, sign * entry) for k, entry in form.items())


def relaxed_sign(
    form: Form, sign: int, atoms: Sequence[Form], inputs: int, limits: Limits | None = None
) -> tuple[Generator, ...] | None:
    """Multipliers that show ``sign`` * ``form`` >= 0 up to a positive factor, or None.

    None also where the form rests on more than ``MOST_KINKS`` kinks.  One exact cone question over
    these kinks and the inputs that they see.  Raises LimitReached.
    """
    used = _closure(form, atoms, inputs)
    if used is None:
        return None
    variables = {k + inputs for k in used}
    for seen in (form, *(atoms[k] for k in used)):
        variables.update(seen)
    position = {variable: index for index, variable in enumerate(sorted(variables))}
    cone = StrictCone(len(position))
    rows: list[tuple[int, GeneratorKind]] = []

    def add(row: Form, factor: int, strict: bool = False) -> None:
        entries = {position[variable]: factor * entry for variable, entry in row.items()}
        cone.add_sparse(tuple(entries), tuple(entries.values()), strict)

    add(form, -sign, strict=True)
    for k in used:
        add({k + inputs: 1}, 1)
        rows.append((k, VALUE))
        add({k + inputs: -1, **atoms[k]}, -1)
        rows.append((k, EXCESS))
    answer = cone.solve(range(2 * len(used) + 1), limits)
    if not isinstance(answer, Infeasible):
        return None
    return tuple(
        (*rows[number - 1], multiplier)
        for number, multiplier in zip(answer.forms, answer.multipliers, strict=True)
        if number
    )


def _closure(form: Form, atoms: Sequence[Form], inputs: int) -> list[int] | None:
    """The atoms that ``form`` rests on, in order, or None if they are too many."""
    found: set[int] = set()
    stack = [variable - inputs for variable in form if variable >= inputs]
    while stack:
        atom = stack.pop()
        if atom in found:
            continue
        found.add(atom)
        if len(found) > MOST_KINKS:
            return None
        stack += [variable - inputs for variable in atoms[atom] if variable >= inputs]
    return sorted(found)
