"""The cell on which a functional of the Jacobian is greatest, where the cells of one layer of kinks are listed in bulk.

No object is made of a cell: the functional is linear in the cell's signs, and the best of a batch is that of a product
of matrices in binary64.  Where that rounds, all cells whose value is nearer to the best than the rounding may be are
kept, and compared in integers at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.central import CentralNet
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.linear.elimination import independent

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: So many cells are valued at a time.
_AT_ONCE = 2**14
#: More cells of nearly the same value are not compared.
_MOST_ALIKE = 10_000


def greatest_cell(net: CentralNet, weights: Sequence[int], limits: Limits) -> tuple[int, ...] | None:
    """A point inside the cell on which <weights, Jacobian> is greatest; None if too many look alike to floats.

    Parameters
    ----------
    net : its forms span a plane at least.
    weights : m p integers, for Jacobians before their scales.

    Raises
    ------
    LimitReached

    Notes
    -----
    About a microsecond a cell, of which there may be ``net.most_cells``.
    """
    import numpy as np

    from subgrad_hardness.linear.chambers.listing import half_listing

    columns = independent(list(zip(*net.forms, strict=True)))
    forms = [tuple([form[column] for column in columns]) for form in net.forms]
    # Half of what the two sides differ by; what both have in common says nothing.
    gains = [
        sum(map(mul, weights, p)) - sum(map(mul, weights, n)) for p, n in zip(net.positive, net.negative, strict=True)
    ]
    scale = max(map(abs, gains)).bit_length()
    factors: NDArray[np.float64] = np.array([gain / 2**scale for gain in gains])
    exact = scale + len(gains).bit_length() <= 52
    apart = 0.0 if exact else 2.0**-50 * len(gains) ** 2  # more than two roundings of sums of numbers below 1
    best = -np.inf
    kept: dict[bytes, NDArray[Any]] = {}
    for found in half_listing(forms, limits, ladders=False):
        for start in range(0, len(found.words), _AT_ONCE):
            limits.check()
            signs = found.part(start, start + _AT_ONCE).signs(len(forms))
            values = signs @ factors
            sizes = np.abs(values)  # the opposite cell has the opposite value
            most = sizes.max()
            if most < best - apart or (exact and most <= best):
                continue
            best = max(best, most)
            near = [int(sizes.argmax())] if exact else np.flatnonzero(sizes >= best - apart).tolist()
            kept = {} if exact else kept
            for place in near:
                each = signs[place] if values[place] > 0 else -signs[place]
                kept[each.tobytes()] = each
            if len(kept) > _MOST_ALIKE:
                return None
    vectors: list[list[int]] = [each.tolist() for each in kept.values()]
    chosen = max(vectors, key=lambda vector: sum(map(mul, vector, gains)))
    walls = [tuple([sign * entry for entry in form]) for form, sign in zip(forms, chosen, strict=True)]
    answer = interior_point(walls, len(columns), limits)
    assert isinstance(answer, Feasible), "a listed cell is empty"
    point = [0] * net.inputs
    for column, entry in zip(columns, answer.point, strict=True):
        point[column] = entry
    return tuple(point)
