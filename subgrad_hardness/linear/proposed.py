"""A point of an open cone in many dimensions: floating point proposes one, integers confirm it.

The point of least norm at which all forms, scaled to the length 1, are 1: where the forms are independent there is one.
It is rounded to integers of few digits.  Nothing is said of a cone in which none is found this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from subgrad_hardness.net.rational import primitive

#: The greatest entry of a point, in turn: short numbers are quick.
_GRIDS = (2**10, 2**20, 2**40)


def proposed_point(forms: Sequence[Sequence[int]]) -> tuple[int, ...] | None:
    """A point d, of integers, with form d > 0 for all forms; None if none was found.  Cubic in the forms.

    Examples
    --------
    >>> proposed_point([(1, 0, 0), (0, 1, 0)])
    (1, 1, 0)
    >>> proposed_point([(1, 0), (-1, 0)])
    """
    import numpy as np

    # Integers beyond all floats are shortened together first.
    shifts = [max(0, max(map(abs, form)).bit_length() - 900) for form in forms]
    rows = np.array(
        [[float(entry >> shift) for entry in form] for form, shift in zip(forms, shifts, strict=True)], dtype=float
    )
    rows /= np.abs(rows).max(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    weights, *_ = np.linalg.lstsq(rows @ rows.T, np.ones(len(rows)), rcond=None)
    point = weights @ rows
    top = float(np.abs(point).max())
    if not np.isfinite(top) or not top:
        return None
    for grid in _GRIDS:
        rounded = [int(entry) for entry in np.rint(point * (grid / top)).tolist()]
        if all(sum(map(mul, form, rounded)) > 0 for form in forms):
            return primitive(rounded)
    return None
