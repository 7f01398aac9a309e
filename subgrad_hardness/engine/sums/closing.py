"""From rounded multipliers to an exact lemma: no direction of a region makes all forms of a case positive.

Let f_1, ..., f_r be supposed to be positive, s_1, ... the strict rows of the region, u_1, ... forms that are never
positive, and mu, sigma, lambda >= 0.  Put R = sum mu f - sum lambda u and let the phases of the region settle its
atoms: R = R_x + sum_k R_k a_k over the inputs and the other atoms.  If all R_k <= 0 and

    R_x + sum sigma s = sum_k delta_k w_k    for some 0 <= delta_k <= -R_k,

then sum mu f - sum lambda u + sum sigma s + sum_k delta_k (a_k - w_k) + (-R_k - delta_k) a_k = 0, a lemma.

The equations are as few as the inputs, whatever the number of atoms: so mu, lambda and delta may be rounded as one
likes where there is room in the inequalities, and a basis among the delta_k with most room mends what the rounding
broke.  Where there is none, coarse rounding often meets the exact multipliers, which tend to be simple; and the exact
cone (``exact``) needs no proposal at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.engine.sums.region import Region, Weights
from subgrad_hardness.linear.elimination import over_a_basis
from subgrad_hardness.normal_form.generators import EXCESS, VALUE
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.proof.steps import Lemma, Literal

#: Multipliers of the forms, which are about 1, are rounded to multiples of the inverses of these, ...
COARSE = (1, 2, 6, 12, 60, 840)
#: ... and where there is room to multiples of the inverses of these.
FINE = (2**12, 2**24, 2**36)

#: A form with rational coefficients.
Rational = dict[int, Fraction]
#: A multiplier: in floating point, or exact.
Number = float | Fraction
#: Multipliers of forms.
Multipliers = Mapping[Key, Fraction]


class Proposal(NamedTuple):
    """Multipliers, mostly in floating point.

    Attributes
    ----------
    forms : of the supposed forms; their sum is about 1.
    bounded : of the forms that are never positive.
    hinges : delta_k of atom k.
    rows : of the region's strict rows, in their order.
    """

    forms: Mapping[Key, Number]
    bounded: Mapping[Key, Number]
    hinges: Mapping[int, Number]
    rows: Sequence[Number]


def closed(region: Region, proposal: Proposal, room: bool) -> Lemma | None:
    """The lemma that the proposal suggests, if some rounding of it is right; ``room``: fine ones are likely to be."""
    for unit in units(room):
        lemma = near(region, proposal, unit)
        if lemma is not None:
            return lemma
    return None


def near(region: Region, proposal: Proposal, unit: Fraction) -> Lemma | None:
    """The lemma of the proposal in multiples of a unit, if it is right."""
    exact = proposal._replace(forms=rounded(proposal.forms, unit), bounded=rounded(proposal.bounded, unit))
    return balanced(region, exact, unit)


def units(room: bool) -> Iterator[Fraction]:
    """What to round to multiples of, the likeliest first."""
    for inverse in (*FINE, *COARSE) if room else (*COARSE, *FINE):
        yield Fraction(1, inverse)


def nearest(value: Number, unit: Fraction) -> Fraction:
    """The nearest multiple of the unit that is not negative."""
    return max(round(Fraction(value) / unit), 0) * unit


def rounded(values: Mapping[Key, Number], unit: Fraction) -> dict[Key, Fraction]:
    """All values rounded, without zeros."""
    near = {key: nearest(value, unit) for key, value in values.items()}
    return {key: value for key, value in near.items() if value}


def balanced(region: Region, proposal: Proposal, unit: Fraction) -> Lemma | None:
    """The lemma with the proposal's multipliers of the forms, which are exact, if a change of the others makes it one.

    One elimination with as many rows as there are inputs.
    """
    forms = {form: Fraction(value) for form, value in proposal.forms.items()}
    bounded = {form: Fraction(value) for form, value in proposal.bounded.items()}
    total = region.substituted(combined(forms, bounded))
    inputs = region.normal.inputs
    caps = {variable - inputs: -entry for variable, entry in total.items() if variable >= inputs}
    if not forms or min(caps.values(), default=0) < 0:
        return None
    delta = {k: min(nearest(proposal.hinges.get(k, 0.0), unit), cap) for k, cap in caps.items()}
    sigma = [nearest(value, unit) for value in proposal.rows]
    rest = {variable: entry for variable, entry in total.items() if variable < inputs}
    if not _mended(region, rest, caps, delta, sigma):
        return None
    return lemma_of(region, forms, bounded, delta, sigma)


def _mended(
    region: Region, rest: Rational, caps: Mapping[int, Fraction], delta: dict[int, Fraction], sigma: list[Fraction]
) -> bool:
    """Change ``delta`` and ``sigma`` such that the equations hold; whether that kept them within their bounds."""
    atoms = region.normal.atoms
    for row, value in zip(region.rows, sigma, strict=True):
        accumulate(rest, row.form, value)
    for atom, value in delta.items():
        accumulate(rest, atoms[atom], -value)
    if not rest:
        return True
    room = [(min(delta[k], cap - delta[k]) * max(map(abs, atoms[k].values())), k, atoms[k]) for k, cap in caps.items()]
    room += [(value, ~number, row.form) for number, (row, value) in enumerate(zip(region.rows, sigma, strict=True))]
    room.sort(key=lambda entry: (-entry[0], entry[1]))
    found = over([form for _, _, form in room], [rest], 2 * region.normal.inputs)
    if found is None:
        return False
    for position, change in found[0].items():
        number = room[position][1]
        if number >= 0:
            delta[number] += change
            if not 0 <= delta[number] <= caps[number]:
                return False
        else:
            sigma[~number] -= change
            if sigma[~number] < 0:
                return False
    return True


def combined(forms: Multipliers, bounded: Multipliers) -> Rational:
    """The forms with their multipliers, less the bounded ones with theirs."""
    total: Rational = {}
    for form, value in forms.items():
        accumulate(total, dict(form), value)
    for form, value in bounded.items():
        accumulate(total, dict(form), -value)
    return total


def accumulate(target: Rational, form: Form, factor: Fraction) -> None:
    """target += factor * form, where the factor may be zero."""
    if factor:
        add(target, form, factor)


def primitive_form(form: Rational) -> tuple[Key, Fraction]:
    """The form as a positive factor, which comes second, times a primitive one."""
    common = math.lcm(*[entry.denominator for entry in form.values()])
    whole = {variable: int(entry * common) for variable, entry in form.items()}
    content = math.gcd(*whole.values())
    return key_of(whole, content), Fraction(content, common)


def over(forms: Sequence[Form], wanted: Sequence[Rational], few: int) -> list[dict[int, Fraction]] | None:
    """Each of ``wanted`` as a combination of the first independent forms, by their places; None: some is none.

    The first ``few`` forms are tried alone, because they mostly span all.  One or two eliminations.
    """
    used = sorted(set().union(*forms, *wanted))
    common = math.lcm(*[value.denominator for form in wanted for value in form.values()])
    last = [[int(form.get(variable, 0) * common) for variable in used] for form in wanted]
    for most in (min(few, len(forms)), len(forms)):
        vectors = [[form.get(variable, 0) for variable in used] for form in forms[:most]]
        found = over_a_basis([*vectors, *last])
        if found.basis and found.basis[-1] < most:
            scale = found.denominator * common
            return [
                {found.basis[r]: Fraction(entry, scale) for r, entry in coordinates.items()}
                for coordinates in found.coordinates[most:]
            ]
    return None


def lemma_of(
    region: Region, forms: Multipliers, bounded: Multipliers, delta: Mapping[int, Fraction], sigma: Sequence[Fraction]
) -> Lemma:
    """The lemma of exact multipliers; those of the atoms' values, and of what phases settle, follow from them."""
    inputs = region.normal.inputs
    total = combined(forms, bounded)
    generators: Weights = {}
    for atom, value in delta.items():
        generators[atom, EXCESS] = value
        generators[atom, VALUE] = -total.get(inputs + atom, Fraction(0)) - value
    for variable, entry in total.items():
        if variable - inputs in region.phases:
            generator, value = region.settled(variable - inputs, entry)
            generators[generator] = value
    supposed = {Literal(form, True): value for form, value in forms.items()}
    for row, value in zip(region.rows, sigma, strict=True):
        if value:
            supposed[row.literal] = supposed.get(row.literal, Fraction(0)) + value
    return region.lemma(supposed, bounded, generators)
