"""Points inside the cells of a listing: proposed in floating point, and compared exactly with the cells' signs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.chambers.signs import Floats, Integers, Signs, product_signs, unit_rows
from subgrad_hardness.linear.cone import Feasible, interior_point

# What is smaller on unit vectors counts as 0 in proposals.
_NOTHING = 1e-9
# Larger integers are not exact in binary64.
_MOST_BITS = 52


def points_inside(forms: Integers, signs: Signs, ladders: Floats, limits: Limits) -> list[tuple[int, ...]]:
    """A primitive integer point in each cell, at which the forms have exactly these signs.

    Parameters
    ----------
    forms : (n, p).
    signs : (N, n), all 1 or -1.
    ladders : (N, q, p), as in ``linear.chambers.flats.Found``.

    Raises
    ------
    LimitReached

    Notes
    -----
    A few passes over N n q numbers, and for cells that are too narrow for binary64 an exact cone question each.
    """
    points, good = _proposed(unit_rows(forms), signs, ladders)
    good &= (product_signs(forms, points) == signs).all(axis=1)
    points //= np.maximum(np.gcd.reduce(points, axis=1), 1)[:, np.newaxis]
    found: list[tuple[int, ...]] = list(map(tuple, points.tolist()))
    integers: list[list[int]] = forms.tolist()
    for number in np.nonzero(~good)[0].tolist():
        limits.check()
        found[number] = _asked(integers, signs[number].tolist(), limits)
    return found


def _proposed(forms: Floats, signs: Signs, ladders: Floats) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Points that may be inside, and which of them have been rounded to integers without becoming too large.

    Each step of the ladder is taken half as far as the forms that are positive already would allow, and not farther
    than 1.
    """
    sizes = np.abs(ladders).max(axis=2, keepdims=True)
    steps = ladders / np.where(sizes > 0, sizes, 1)
    place = np.zeros(steps[:, 0].shape)
    level = np.zeros(signs.shape)
    for number in range(steps.shape[1]):
        step = steps[:, number]
        pace = (step @ forms.T) * signs
        held = (level > _NOTHING) & (pace < -_NOTHING)
        room = np.where(held, level, 2.0) / np.where(held, -pace, 1.0)
        length = np.minimum(1.0, room.min(axis=1) / 2)[:, np.newaxis]
        place += length * step
        level += length * pace
    margin = level.min(axis=1)
    good = margin > 0
    # Rounding changes an entry by 1/2 at most, a form by half the number of entries.
    bits = np.ceil(np.log2(forms.shape[1] / np.where(good, margin, 1.0)))
    good &= np.log2(np.maximum(np.abs(place).max(axis=1), 1e-300)) + bits < _MOST_BITS
    bits = np.where(good, bits, 0)
    return np.rint(np.ldexp(place, bits.astype(np.int64)[:, np.newaxis])).astype(np.int64), good


def _asked(forms: Sequence[Sequence[int]], signs: Sequence[int], limits: Limits) -> tuple[int, ...]:
    walls = [tuple([sign * entry for entry in form]) for form, sign in zip(forms, signs, strict=True)]
    answer = interior_point(walls, len(walls[0]), limits)
    assert isinstance(answer, Feasible), "a listed cell is empty"
    return answer.point
