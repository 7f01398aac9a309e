"""Has y = F'((xbar, theta); (y, d)) exactly one solution for every d?  Two sufficient conditions, with exact proofs.

*Determinants.*  A(s) is the Jacobian in the state when kink k has the slope s_k.  det(I - A(s)) is affine in each s_k,
so if it has one sign at all s in {0, 1}^K, it has that sign on the whole cube, I - A(s) is invertible there, and
y - F'(y, d), whose differences are (I - A(s)) (y - y') by the mean value theorem for relus, is a homeomorphism.

*A norm.*  If for a symmetric positive definite P and multipliers l_k >= 0

    y P y - w P w - 2 sum_k l_k u_k (z_k - u_k) > 0     for all (y, u) other than 0,

with w and z_k the linear forms of the next state and of the kinks in (y, u), then, as the differences of any two states
have u_k (z_k - u_k) >= 0, F' contracts in the norm of P: the solution is unique, and iterations converge to it.  This
is the S-procedure; its proof is one factorisation however many kinks there are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.state_system import StateSystem
from subgrad_hardness.local.local_net import Matrix

#: With more kinks than these the determinants are not all computed.
MOST_KINKS = 12
# With so few kinks determinants come first: no norm has to be found.
_FEW_KINKS = 5
# A norm is not looked for where a Jacobian has larger entries, or entries beyond the range of doubles.
_LARGEST = 1e100


class Solvable(NamedTuple):
    """Why there is exactly one solution: ``determinants``, or ``norm`` with P and the multipliers.

    ``norm`` says more: that the iteration contracts near its fixed point.
    """

    by: str
    norm: Matrix | None = None
    multipliers: tuple[Fraction, ...] = ()


def solvable(system: StateSystem, limits: Limits = NO_LIMITS) -> Solvable | None:
    """A proof, or None where neither condition was seen to hold.  Raises LimitReached."""
    few = len(system.kinks) <= _FEW_KINKS
    if few and one_sign(system, limits):
        return Solvable("determinants")
    for norm, multipliers in _proposals(system):
        limits.check()
        if positive_definite(_whole(norm)) and positive_definite(contraction_form(system, norm, multipliers)):
            return Solvable("norm", norm, multipliers)
    if not few and len(system.kinks) <= MOST_KINKS and one_sign(system, limits):
        return Solvable("determinants")
    return None


def one_sign(system: StateSystem, limits: Limits = NO_LIMITS) -> bool:
    """Whether det(I - A(s)) is nonzero, with one sign, at all s in {0, 1}^K.  Raises LimitReached."""
    from flint import fmpz_mat

    size = system.size + len(system.kinks)
    signs = set()
    for slopes in product((0, 1), repeat=len(system.kinks)):
        limits.check()
        rows = []
        for row in system.choice(slopes):
            common = math.lcm(*[entry.denominator for entry in row])
            rows += [int(entry * common) for entry in row]
        value = int(fmpz_mat(size, size, rows).det())
        signs.add((value > 0) - (value < 0))
        if 0 in signs or len(signs) > 1:
            return False
    return True


def contraction_form(system: StateSystem, norm: Matrix, multipliers: Sequence[Fraction]) -> list[list[int]]:
    """The symmetric matrix of the quadratic form above, times a positive integer."""
    from flint import fmpz_mat

    size, width = system.size, system.size + len(system.kinks)
    below = math.lcm(*[entry.denominator for row in system.outputs for entry in row.values()])
    unit = math.lcm(*[entry.denominator for row in (*norm, multipliers) for entry in row])
    metric = fmpz_mat(size, size, [int(entry * unit) for row in norm for entry in row])
    outputs = fmpz_mat(
        size, width, [int(row.get(column, 0) * below) for row in system.outputs for column in range(width)]
    )
    square = outputs.transpose() * metric * outputs
    form = [[-int(square[i, j]) for j in range(width)] for i in range(width)]
    for i in range(size):
        for j in range(size):
            form[i][j] += below * below * int(metric[i, j])
    for number, (row, multiplier) in enumerate(zip(system.kinks, multipliers, strict=True), start=size):
        factor = int(multiplier * unit) * below * below
        form[number][number] += 2 * factor
        for variable, entry in row.items():  # primitive rows: integers
            form[number][variable] -= factor * int(entry)
            form[variable][number] -= factor * int(entry)
    return form


def positive_definite(form: Sequence[Sequence[int]]) -> bool:
    """Whether a symmetric matrix is: its leading minors are positive (Sylvester).  One elimination in integers."""
    rows = [list(row[place:]) for place, row in enumerate(form)]  # what is left stays symmetric: from the diagonal on
    last = 1
    for step, pivots in enumerate(rows):  # Bareiss: the pivots are the minors
        pivot = pivots[0]
        if pivot <= 0:
            return False
        for place, row in enumerate(rows[step + 1 :], start=1):
            factor = pivots[place]
            row[:] = [(pivot * x - factor * y) // last for x, y in zip(row, pivots[place:], strict=True)]
        last = pivot
    return True


def _whole(norm: Matrix) -> list[list[int]]:
    """P in integers, up to a positive factor."""
    below = math.lcm(*[entry.denominator for row in norm for entry in row])
    return [[int(entry * below) for entry in row] for row in norm]


def _proposals(system: StateSystem) -> Iterator[tuple[Matrix, tuple[Fraction, ...]]]:
    """Norms with multipliers: Euclidean ones, and those in which the Jacobian with all slopes 0, 1/2 or 1 contracts."""
    for norm in _norms(system):
        own = []
        for number in range(len(system.kinks)):
            column = [row.get(system.size + number, Fraction(0)) for row in system.outputs]
            own.append(_square(norm, column) or Fraction(1))
        for factor in (Fraction(1), Fraction(1, 2), Fraction(2)):
            yield norm, tuple([factor * entry for entry in own])


def _square(norm: Matrix, vector: Sequence[Fraction]) -> Fraction:
    total = Fraction(0)
    for row, entry in zip(norm, vector, strict=True):
        if entry:
            total += entry * sum([x * y for x, y in zip(row, vector, strict=True)], Fraction(0))
    return total


def _norms(system: StateSystem) -> Iterator[Matrix]:
    size = system.size
    yield tuple([tuple([Fraction(int(i == j)) for j in range(size)]) for i in range(size)])
    import numpy as np

    for slope in (0.5, 0.0, 1.0):
        jacobian = np.array(_jacobian(system, slope))
        if not np.abs(jacobian).max() < _LARGEST:
            continue
        norm, power = np.eye(size), np.eye(size)
        for _ in range(500):  # sum of (A^T)^k A^k, the solution of Lyapunov's equation
            power = jacobian @ power
            step = power.T @ power
            norm = norm + step
            if not np.isfinite(step).all() or step.max() > 1e9:
                break
        else:
            rounded = np.rint(norm * 2**20 / max(norm.max(), 1.0)).astype(object)
            rounded = rounded + rounded.T
            yield tuple([tuple([Fraction(int(entry)) for entry in row]) for row in rounded])


def _jacobian(system: StateSystem, slope: float) -> list[list[float]]:
    """A(s), rounded, with one slope for all kinks."""
    rows: list[list[float]] = []
    for row in (*system.kinks, *system.outputs):
        total = [as_double(row.get(column, 0)) for column in range(system.size)]
        for variable, entry in row.items():
            if variable >= system.size:
                weight = as_double(entry) * slope
                total = [x + weight * y for x, y in zip(total, rows[variable - system.size], strict=True)]
        rows.append(total)
    return rows[len(system.kinks) :]
