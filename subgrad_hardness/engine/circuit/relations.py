"""Linear relations among three hyperplanes, found by hashing.

Where a l_i + b l_j = c l_k with small positive a, b, c (each l with either sign), l_i > 0 and l_j > 0
imply l_k > 0.  Stated beforehand, such clauses spare a lattice net most of its lazy conflicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.normal_form.linear_form import Key

#: The multipliers (a, b) of the first two forms that are tried, and the multipliers c of the third one.
_PAIRS = ((1, 1), (1, 2), (2, 1))
_THIRD = (1, 2, 3)
#: With more than 160 hyperplanes only a = b = 1 is tried, with more than 600 nothing: the number of pairs grows
#: with the square of the number of hyperplanes.
_FEW, _MANY = 160, 600

_MODULUS = 2**61 - 1


def relations(forms: Mapping[int, Key]) -> Iterator[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    """Signed literals (i, j, k) and positive (a, b, c) with a l_i + b l_j = c l_k, each relation once.

    Parameters
    ----------
    forms : literal (positive) -> form over inputs and thresholds; the opposite form has the opposite literal.

    About the number of hyperplanes squared; a hash names candidates, exact sums decide.
    """
    if len(forms) > _MANY or all(len(form) == 1 for form in forms.values()) or inputs_at_thresholds(forms):
        return
    prints = {literal: sum(_weight(i) * c for i, c in form) % _MODULUS for literal, form in forms.items()}
    wanted: dict[int, tuple[int, int]] = {}
    for third in _THIRD:
        for literal, mark in prints.items():
            wanted.setdefault(third * mark % _MODULUS, (literal, third))
            wanted.setdefault(-third * mark % _MODULUS, (-literal, third))
    literals = list(forms)
    seen: set[frozenset[int]] = set()
    for number, first in enumerate(literals):
        for second in literals[number + 1 :]:
            for a, b in _PAIRS if len(forms) <= _FEW else _PAIRS[:1]:
                for sign in (1, -1):
                    found = wanted.get((a * prints[first] + sign * b * prints[second]) % _MODULUS)
                    if found is None:
                        continue
                    third, c = found
                    triple = frozenset((first, second, abs(third)))
                    if len(triple) < 3 or triple in seen:
                        continue
                    if _sum(forms, ((a, first), (b, sign * second), (-c, third))):
                        continue
                    seen.add(triple)
                    yield (first, sign * second, third), (a, b, c)


def inputs_at_thresholds(forms: Mapping[int, Key]) -> bool:
    """Whether each form has one input and one threshold, and no two forms the same ones: then three have no relation.

    A relation has each of its variables twice or more, so three forms of two variables have three in all, and are the
    sides of a triangle; but no side joins two inputs, or two thresholds.
    """
    pairs = {(form[0][0], form[1][0]) for form in forms.values() if len(form) == 2}
    return len(pairs) == len(forms) and all(low < 0 <= high for low, high in pairs)


@cache
def _weight(variable: int) -> int:
    """A random factor of an input or a threshold, for hashes of forms."""
    return Stream(variable, "relations").below(_MODULUS)


def _sum(forms: Mapping[int, Key], terms: tuple[tuple[int, int], ...]) -> bool:
    """Whether the sum of factor * (form of the literal) has a nonzero entry."""
    total: dict[int, int] = {}
    for factor, literal in terms:
        signed = factor if literal > 0 else -factor
        for variable, coefficient in forms[abs(literal)]:
            total[variable] = total.get(variable, 0) + signed * coefficient
    return any(total.values())
