"""The exact vertex at which a linear program ended: what to do where there is no room for rounding.

An optimal vertex is the only solution of the program's equations in which all variables but its basic ones are 0.  So
the variables that are positive in floating point say which equations to solve over the rationals, and where the solver
was right the solution is not negative.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from subgrad_hardness.engine.sums.closing import Proposal, combined, over
from subgrad_hardness.engine.sums.domination_program import Dominated, Shares, Terms
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.normal_form.linear_form import Form, Key

#: Values below this part of the largest one are zeros of the vertex.
_NOTHING = 1e-7
#: Matrices with more entries are not eliminated: a branch of the tree costs less.
_MOST_ENTRIES = 160_000

Name = TypeVar("Name", bound=Hashable)
#: By a variable's name, its column in the equations and its value in floating point.
Columns = dict[Name, tuple[Form, float]]


def vertex(columns: Columns[Name], wanted: Mapping[int, int]) -> dict[Name, Fraction] | None:
    """Nonnegative values of the variables such that the columns add up to ``wanted``; None: none were found.

    One elimination.
    """
    least = _NOTHING * max([value for _, value in columns.values()], default=0.0)
    names = sorted([name for name, (_, value) in columns.items() if value > least], key=lambda name: -columns[name][1])
    forms = [columns[name][0] for name in names]
    if len(forms) * len({row for form in forms for row in form}) > _MOST_ENTRIES:
        return None
    found = over(forms, [{row: Fraction(entry) for row, entry in wanted.items() if entry}], len(forms))
    if found is None or min(found[0].values(), default=0) < 0:
        return None
    return {names[place]: value for place, value in found[0].items()}


def exact_proposal(region: Region, proposal: Proposal) -> tuple[Proposal, Fraction] | None:
    """The proposal's vertex, and a unit of which all its numbers are multiples."""
    inputs, atoms = region.normal.inputs, region.normal.atoms
    extra = max(inputs + len(atoms), 1)  # the row that says that the multipliers of the forms sum to 1
    columns: Columns[tuple[str, Key | int]] = {}
    for form, value in proposal.forms.items():
        columns["form", form] = {**region.substituted(dict(form)), extra: 1}, float(value)
    for form, value in proposal.bounded.items():
        columns["bounded", form] = {v: -entry for v, entry in region.substituted(dict(form)).items()}, float(value)
    for number, value in enumerate(proposal.rows):
        columns["row", number] = region.rows[number].form, float(value)
    total = region.substituted(
        combined(
            {form: Fraction(value) for form, value in proposal.forms.items()},
            {form: Fraction(value) for form, value in proposal.bounded.items()},
        )
    )
    for atom, value in proposal.hinges.items():
        if atom not in region.phases:
            one = {inputs + atom: 1}
            columns["excess", atom] = {**one, **{v: -entry for v, entry in atoms[atom].items()}}, float(value)
            columns["value", atom] = one, float(-total.get(inputs + atom, Fraction(0))) - float(value)
    found = vertex(columns, {extra: 1})
    if found is None:
        return None

    def part(kind: str) -> dict[Key | int, Fraction]:
        return {name: value for (of, name), value in found.items() if of == kind and value}

    rows = part("row")
    exact = Proposal(
        part("form"),  # type: ignore[arg-type]
        part("bounded"),  # type: ignore[arg-type]
        part("excess"),  # type: ignore[arg-type]
        [rows.get(number, Fraction(0)) for number in range(len(region.rows))],
    )
    return exact, _unit(found)


def _unit(found: Mapping[Name, Fraction]) -> Fraction:
    return Fraction(1, math.lcm(*[value.denominator for value in found.values()]))


def exact_domination(region: Region, terms: Terms, optimum: Dominated) -> tuple[Dominated, Fraction] | None:
    """The optimum's vertex, as far as nothing has to be left, and a unit of which all its numbers are multiples.

    The rows of the equations: one for each subtracted atom, then one for each input, then for each added atom one for
    each input, and one for the sum of the multipliers.
    """
    inputs, atoms = region.normal.inputs, region.normal.atoms
    capacity = {j: place for place, j in enumerate(terms.subtracted)}
    first = {None: len(capacity)} | {k: len(capacity) + (1 + place) * inputs for place, k in enumerate(terms.added)}
    extra = len(capacity) + (1 + len(terms.added)) * inputs

    def at(atom: int | None, form: Form, factor: int) -> Form:
        return {first[atom] + index: factor * entry for index, entry in form.items()}

    columns: Columns[tuple[str, Key | int, int]] = {}
    spent = dict.fromkeys(capacity, 0.0)
    for key, form in terms.forms.items():
        column = {extra: 1, **at(None, {v: entry for v, entry in form.items() if v < inputs}, 1)}
        for v, entry in form.items():
            if v >= inputs and entry > 0:
                column |= at(v - inputs, atoms[v - inputs], entry)
            elif v >= inputs:
                column[capacity[v - inputs]] = entry
                spent[v - inputs] += entry * float(optimum.forms[key])
        columns["form", key, 0] = column, float(optimum.forms[key])
    for j, value in optimum.hinges.items():
        columns["hinge", j, 0] = {capacity[j]: 1, **at(None, atoms[j], -1)}, float(value)
        spent[j] += float(value)
    for number, value in enumerate(optimum.rows):
        columns["row", number, 0] = at(None, region.rows[number].form, 1), float(value)
    for k, shares in optimum.shares.items():
        for j, value in shares.values.items():
            columns["value", k, j] = {capacity[j]: 1, **at(k, atoms[j], -1)}, float(value)
            spent[j] += float(value)
        for j, value in shares.excesses.items():
            columns["excess", k, j] = {capacity[j]: 1, **at(k, atoms[j], 1), **at(None, atoms[j], -1)}, float(value)
            spent[j] += float(value)
        for number, row in enumerate(region.rows):
            columns["blocked", k, number] = (
                {**at(k, row.form, -1), **at(None, row.form, 1)},
                float(shares.blocked[number]),
            )
            columns["passing", k, number] = at(k, row.form, 1), float(shares.passing[number])
    for j, value in spent.items():
        columns["left", j, 0] = {capacity[j]: 1}, -value
    found = vertex(columns, {extra: 1})
    if found is None:
        return None

    def of(kind: str, k: Key | int) -> dict[int, Fraction]:
        return {j: value for (name, other, j), value in found.items() if name == kind and other == k}

    def along(kind: str, k: int) -> list[Fraction]:
        values = of(kind, k)
        return [values.get(number, Fraction(0)) for number in range(len(region.rows))]

    exact = optimum._replace(
        forms={key: of("form", key).get(0, Fraction(0)) for key in terms.forms},
        shares={
            k: Shares(of("value", k), of("excess", k), along("blocked", k), along("passing", k)) for k in terms.added
        },
        hinges={j: of("hinge", j).get(0, Fraction(0)) for j in terms.subtracted},
        rows=[of("row", number).get(0, Fraction(0)) for number in range(len(region.rows))],
    )
    return exact, _unit(found)
