"""I - A singular: what piggyback does, and what the group inverse and the pseudo-inverse say.

Let A be power-bounded, with the eigenvalue 1 semisimple, M = I - A and Pi = I - M M^# the projector on its kernel along
its range.  If B is in the range of M, J_k = A J_(k-1) + B tends to M^# B + Pi J_0, M^# the group inverse; the
pseudo-inverse M^+ B solves the same equation, and is the one of least norm.  If B is not, J_k grows like k Pi B, and
M^+ B solves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.iterative.inverse_orbit import in_range
from subgrad_hardness.iterative.jacobians import Pair
from subgrad_hardness.iterative.resolvent import implicit, less_identity, rational_matrix, rows_of
from subgrad_hardness.local.local_net import Matrix

if TYPE_CHECKING:
    from flint import fmpq_mat

#: What can be asked for where I - A is singular.
SINGULAR = ("group", "minimum-norm", "refuse")


class Implicit(NamedTuple):
    """What the implicit rule says of one pair.

    Attributes
    ----------
    case : ``regular`` (I - A is invertible); ``consistent`` (it is not, B is in its range: piggyback from 0 tends to
        ``group`` if A is power-bounded); ``drifting`` (B is not in its range: piggyback grows like k times ``drift``);
        ``defective`` (the eigenvalue 1 of A is not semisimple: there is no group inverse).
    value : the Jacobian asked for, None where there is none.
    group, least_norm : (I - A)^# B and (I - A)^+ B, which agree in the case ``regular``.
    drift : Pi B.
    """

    case: str
    value: Matrix | None
    group: Matrix | None
    least_norm: Matrix
    drift: Matrix | None = None


def implicit_value(pair: Pair, singular: str = "group") -> Implicit:
    """By ``singular``, one of ``SINGULAR``; some exact eliminations."""
    regular = implicit(pair)
    if regular is not None:
        return Implicit("regular", regular, regular, regular)
    size, width = len(pair.a), len(pair.b[0])
    whole, b = rational_matrix(less_identity(pair.a), size), rational_matrix(pair.b, width)
    left, right = _factors(whole)
    consistent = in_range(less_identity(pair.a), pair.b)
    normal = left.transpose() * whole * right.transpose()
    least_norm = rows_of(right.transpose() * normal.inv() * left.transpose() * b)
    middle = right * left
    if not middle.det():
        value = least_norm if singular == "minimum-norm" else None
        return Implicit("defective", value, None, least_norm)
    inverse = left * middle.inv() * middle.inv() * right
    group = rows_of(inverse * b)
    value = {"group": group if consistent else None, "minimum-norm": least_norm}.get(singular)
    if consistent:
        return Implicit("consistent", value, group, least_norm)
    return Implicit("drifting", value, group, least_norm, rows_of(b - whole * inverse * b))


def _factors(whole: fmpq_mat) -> tuple[fmpq_mat, fmpq_mat]:
    """L of full column rank and R of full row rank with L R = ``whole``: its pivot columns, and its echelon form."""
    from flint import fmpq_mat

    size = whole.ncols()
    echelon, rank = whole.rref()
    pivots = [next(column for column in range(size) if echelon[row, column]) for row in range(rank)]
    left = fmpq_mat(size, rank, [whole[row, column] for row in range(size) for column in pivots])
    right = fmpq_mat(rank, size, [echelon[row, column] for row in range(rank) for column in range(size)])
    return left, right
