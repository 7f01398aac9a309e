"""The same question as ``closing``, put to the exact cone: slower, and without a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.sums.closing import lemma_of
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.normal_form.linear_form import Form, Key
from subgrad_hardness.proof.steps import Lemma


def decided(
    region: Region, forms: Iterable[Key], bounded: Iterable[Key], limits: Limits
) -> Lemma | dict[int, Fraction]:
    """A lemma that the forms are not all positive in the region, if ``bounded`` forms and the generators show it; else
    a point, by variable, of the relaxation that these leave.

    One question to the cone over the inputs and the atoms that no phase settles.  Raises LimitReached.
    """
    inputs = region.normal.inputs
    strict = [(form, region.substituted(dict(form))) for form in forms]
    weak = [(form, region.substituted(dict(form))) for form in bounded]
    atoms = sorted({v - inputs for _, form in (*strict, *weak) for v in form if v >= inputs})
    kept = {v for _, form in (*strict, *weak) for v in form}
    kept |= {v for atom in atoms for v in region.normal.atoms[atom]} | {v for row in region.rows for v in row.form}
    place = {variable: index for index, variable in enumerate(sorted(kept))}
    cone = StrictCone(len(place))

    def add(form: Form, factor: int, strictly: bool) -> None:
        cone.add_sparse(tuple([place[v] for v in form]), tuple([factor * entry for entry in form.values()]), strictly)

    for _, form in strict:
        add(form, 1, True)
    for row in region.rows:
        add(row.form, 1, True)
    for _, form in weak:
        add(form, -1, False)
    for atom in atoms:
        add({inputs + atom: 1}, 1, False)
        add({inputs + atom: -1, **region.normal.atoms[atom]}, -1, False)
    count = len(strict) + len(region.rows) + len(weak)
    answer = cone.solve(range(count + 2 * len(atoms)), limits)
    if isinstance(answer, Feasible):
        return {variable: Fraction(answer.point[index]) for variable, index in place.items()}
    multipliers = dict(zip(answer.forms, map(Fraction, answer.multipliers), strict=True))
    first = len(strict)
    second = first + len(region.rows)
    return lemma_of(
        region,
        {form: multipliers[number] for number, (form, _) in enumerate(strict) if number in multipliers},
        {form: multipliers[number] for number, (form, _) in enumerate(weak, second) if number in multipliers},
        {atom: multipliers.get(count + 2 * number + 1, Fraction(0)) for number, atom in enumerate(atoms)},
        [multipliers.get(number, Fraction(0)) for number in range(first, second)],
    )
