"""Does x <- F(x, theta) contract over a box of states, or everywhere, F smooth?  By bounds of its slopes there.

F(x) - F(y) = A (x - y) for an A between the bounds.  The entries that may vary by much, if they are few, are put to
their ends in all ways, and a norm is searched for in which all these matrices contract; a convex combination of them
with the entries in the middle is within small errors of A, which add to the rate.  With more such entries the matrix of
the greatest absolute values is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import ceil
from operator import attrgetter
from typing import NamedTuple

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.contraction import contracting
from subgrad_hardness.iterative.intervals import Interval, slopes_in
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.spectral_radius.measures import dual_size_of, size_of
from subgrad_hardness.iterative.spectral_radius.norms import weighted_bounds
from subgrad_hardness.iterative.verifying.spectral_format import SpectralCertificate
from subgrad_hardness.local.local_net import Matrix

# So many entries are put to both of their ends; of more than so many only where the greatest absolute values do not do.
_MOST_WIDE, _FEW_WIDE = 6, 2
# What varies by less is not wide.
_NARROW = Fraction(1, 2**48)
# Bits of the entries of matrices, and of rates.
_BITS = 64


class Region(NamedTuple):
    """A rate over a box.

    Attributes
    ----------
    rate : |F(x) - F(y)| <= rate |x - y| for all x, y of the box, in the norm of ``certificate``.
    certificate : that norm, and matrices that it bounds.
    invariant : whether F was seen to map the box into itself, so that it has one fixed point there.
    """

    rate: Fraction
    certificate: SpectralCertificate
    invariant: bool


def whole_space(iteration: Iteration) -> tuple[Interval, ...]:
    """All states."""
    return (Interval.everything(),) * len(iteration.state)


def box_of(low: Vector, high: Vector) -> tuple[Interval, ...]:
    """The states between two corners."""
    return tuple([Interval(Interval.of(x).low, Interval.of(y).high) for x, y in zip(low, high, strict=True)])


def over(iteration: Iteration, box: Sequence[Interval], limits: Limits = NO_LIMITS) -> Region | None:
    """A rate below 1 over the box; None: none was proved.  Raises LimitReached."""
    found = slopes_in(iteration, box, limits)
    if found is None or not all(entry.bounded for row in found.a for entry in row):
        return None
    certificate = _bounded(found.a, limits)
    if certificate is None:
        return None
    rate, proof = certificate
    values = _from_the_middle(iteration, box, found.a) if all(part.bounded for part in box) else found.values
    inside = all(
        part.low <= max(value.low, other.low) and min(value.high, other.high) <= part.high
        for part, value, other in zip(box, found.values, values, strict=True)
    )
    return Region(rate, proof, inside)


def _from_the_middle(
    iteration: Iteration, box: Sequence[Interval], a: Sequence[Sequence[Interval]]
) -> tuple[Interval, ...]:
    """F(x) = F(c) + A (x - c) for the middle c of the box."""
    centre = tuple([part.middle for part in box])
    away = [part + Interval.of(-middle) for part, middle in zip(box, centre, strict=True)]
    found = []
    for value, row in zip(iteration.step(centre), a, strict=True):
        total = Interval.of(value)
        for slope, offset in zip(row, away, strict=True):
            total = total + slope * offset
        found.append(total)
    return tuple(found)


def _bounded(a: Sequence[Sequence[Interval]], limits: Limits) -> tuple[Fraction, SpectralCertificate] | None:
    size = len(a)
    middle = [[_short(entry.middle) for entry in row] for row in a]
    errors = [
        [(entry + Interval.of(-at)).size for entry, at in zip(row, own, strict=True)]
        for row, own in zip(a, middle, strict=True)
    ]
    wide = [(i, j) for i in range(size) for j in range(size) if errors[i][j] > _NARROW]
    if len(wide) > _FEW_WIDE and (quickly := _greatest(a)) is not None:
        return quickly
    if len(wide) <= _MOST_WIDE:
        corners = []
        for signs in product((-1, 1), repeat=len(wide)):
            matrix = [list(row) for row in middle]
            for (i, j), sign in zip(wide, signs, strict=True):
                matrix[i][j] += sign * _above(errors[i][j])
            corners.append(_frozen(matrix))
        for i, j in wide:
            errors[i][j] = Fraction(0)
        found = _with_errors(tuple(dict.fromkeys(corners)), errors, limits)
        if found is not None:
            return found
    return _greatest(a)


def _greatest(a: Sequence[Sequence[Interval]]) -> tuple[Fraction, SpectralCertificate] | None:
    """From the greatest absolute values, in a weighted norm."""
    import numpy as np

    greatest = _frozen([[_above(entry.size) for entry in row] for row in a])
    doubles = np.array([[[as_double(entry) for entry in row] for row in greatest]])
    uppers = [upper for upper in weighted_bounds([greatest], doubles) if upper.bound < 1]
    if not uppers:
        return None
    least = min(uppers, key=attrgetter("bound"))
    return least.bound, SpectralCertificate((greatest,), None, least)


def _with_errors(
    matrices: tuple[Matrix, ...], errors: Sequence[Sequence[Fraction]], limits: Limits
) -> tuple[Fraction, SpectralCertificate] | None:
    """|E x| is at most the sum of |E_ij| |x_j| |e_i|."""
    found = contracting(matrices, limits)
    if found is None or found.upper is None:
        return None
    norm, size = found.upper.norm, len(errors)
    rate = found.upper.bound
    units = [tuple([Fraction(int(i == j)) for j in range(size)]) for i in range(size)]
    sizes, duals = [size_of(norm, unit) for unit in units], [dual_size_of(norm, unit) for unit in units]
    for row, own in zip(errors, sizes, strict=True):
        for error, dual in zip(row, duals, strict=True):
            rate += error * own * dual
    return (rate if rate == found.upper.bound else _above(rate), found) if rate < 1 else None


def _frozen(matrix: Sequence[Sequence[Fraction]]) -> Matrix:
    return tuple([tuple(row) for row in matrix])


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * 2**_BITS), 2**_BITS)


def _above(value: Fraction) -> Fraction:
    """Rounded, to no smaller one."""
    return Fraction(ceil(value * 2**_BITS), 2**_BITS)
