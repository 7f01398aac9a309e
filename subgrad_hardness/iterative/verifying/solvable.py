"""Is there one solution y of y = F'((xbar, theta); (y, d)) for every d?  The verifier's own answer, from its own rows.

Two proofs are accepted (docs/iterations-kinks.md, "One solution").  The determinants of I - A(s) have one sign at all
slopes s in {0, 1}^K of the kinks: they are affine in each slope.  Or a norm P with multipliers l_k >= 0 for which
y P y - w P w - 2 sum l_k u_k (z_k - u_k) is positive definite: F' contracts in it, since relus have u (z - u) >= 0 for
the differences u, z of any two of their values and arguments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from operator import mul

from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.net.program import Program

_MOST_KINKS = 14

Row = dict[int, Fraction]
Rows = tuple[tuple[Fraction, ...], ...]


def require_solvable(
    program: Program, state: Sequence[str], norm: Rows | None, multipliers: Sequence[Fraction] | None
) -> None:
    """One solution y of y = F'(y, d) for every d, by determinants where no norm is given.

    Raises Rejected.  2^kinks determinants, or two factorisations.
    """
    kinks, outputs = _moved_by_states(program, state)
    size = len(state)
    if norm is None or multipliers is None:
        if len(kinks) > _MOST_KINKS:
            raise Rejected(f"{len(kinks)} kinks depend on the state: too many determinants")
        signs = {_sign(_choice(size, kinks, outputs, slopes)) for slopes in product((0, 1), repeat=len(kinks))}
        if len(signs) != 1 or 0 in signs:
            raise Rejected("the determinants of I - A do not have one sign")
        return
    if [len(row) for row in norm] != [size] * size or tuple(zip(*norm, strict=True)) != norm:
        raise Rejected("the norm is no symmetric matrix of the state's size")
    if len(multipliers) != len(kinks) or any(entry < 0 for entry in multipliers):
        raise Rejected(f"the norm wants a multiplier, not negative, for each of {len(kinks)} kinks")
    form, whole = _contraction(size, kinks, outputs, norm, multipliers)
    if not (_positive(whole) and _positive(form)):
        raise Rejected("the norm does not contract: a form is not positive definite")


def _contraction(
    size: int, kinks: list[Row], outputs: list[Row], norm: Rows, multipliers: Sequence[Fraction]
) -> tuple[list[list[int]], list[list[int]]]:
    """The form that has to be positive definite, and P, both in integers, up to positive factors."""
    width, below = size + len(kinks), math.lcm(*[entry.denominator for row in outputs for entry in row.values()])
    unit = math.lcm(*[entry.denominator for row in norm for entry in row], *[m.denominator for m in multipliers])
    whole = [[int(entry * unit) for entry in row] for row in norm]
    columns = [[int(row.get(variable, 0) * below) for row in outputs] for variable in range(width)]
    weighted = [[sum(map(mul, row, column)) for row in whole] for column in columns]
    form = [[-sum(map(mul, left, right)) for right in weighted] for left in columns]
    for i, row in enumerate(whole):
        for j, entry in enumerate(row):
            form[i][j] += below * below * entry
    for number, (kink, multiplier) in enumerate(zip(kinks, multipliers, strict=True), start=size):
        factor = int(multiplier * unit) * below * below
        form[number][number] += 2 * factor
        for variable, coefficient in kink.items():  # primitive rows: integers
            form[number][variable] -= factor * int(coefficient)
            form[variable][number] -= factor * int(coefficient)
    return form, whole


def _moved_by_states(program: Program, state: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """The rows of the kinks that states move, over states and earlier kinks, and those of the outputs.

    Each kink is scaled so that its row is primitive; kinks from which no way leads to an output are left out.
    """
    local, lowered = Localised(program), program.tangent
    place = {program.inputs.index(name): number for number, name in enumerate(state)}
    rows: dict[int, Row] = {}  # relu node -> its row over program inputs and relu nodes, primitive
    factor: dict[int, Fraction] = {}

    def row_of(target: int) -> Row:
        found: Row = {}
        for variable, entry in local.gradient(target, local.fixed).items():
            if variable in place:
                found[variable] = Fraction(entry)
            elif variable in factor:
                found[variable] = entry * factor[variable]
        return found

    for kink in sorted(local.kinks):
        row = row_of(local.kinks[kink])
        if row:
            common = math.lcm(*[entry.denominator for entry in row.values()])
            divisor = math.gcd(*[int(entry * common) for entry in row.values()])
            factor[kink] = Fraction(divisor, common)
            rows[kink] = {variable: entry / factor[kink] for variable, entry in row.items()}
    outputs = [
        {variable: entry / local.scales[node] for variable, entry in row_of(node).items()} for node in lowered.outputs
    ]
    alive = {variable for row in outputs for variable in row}
    for kink in sorted(rows, reverse=True):
        if kink in alive:
            alive.update(rows[kink])
    kept = [kink for kink in sorted(rows) if kink in alive]
    number = place | {kink: len(state) + index for index, kink in enumerate(kept)}

    def numbered(row: Row) -> Row:
        return {number[variable]: entry for variable, entry in row.items()}

    return [numbered(rows[kink]) for kink in kept], [numbered(row) for row in outputs]


def _choice(size: int, kinks: list[Row], outputs: list[Row], slopes: Sequence[int]) -> list[list[int]]:
    """A matrix whose determinant has the sign of that of I - A(s)."""
    matrix = []
    for number, row in enumerate([*outputs, *kinks]):
        taken = row if number < size or slopes[number - size] else {}
        below = math.lcm(*[entry.denominator for entry in taken.values()])
        matrix.append([-int(taken.get(column, 0) * below) for column in range(size + len(kinks))])
        matrix[number][number] += below
    return matrix


def _sign(matrix: list[list[int]]) -> int:
    """That of the determinant."""
    sign, last = 1, 1
    for step in range(len(matrix)):
        pivot = next((index for index in range(step, len(matrix)) if matrix[index][step]), None)
        if pivot is None:
            return 0
        if pivot != step:
            matrix[step], matrix[pivot], sign = matrix[pivot], matrix[step], -sign
        last = _clear(matrix, step, last)
    return sign if last > 0 else -sign


def _positive(matrix: list[list[int]]) -> bool:
    """Whether a symmetric matrix is positive definite: its leading minors are positive.

    They are the pivots of ``_clear``, which leaves symmetric matrices: entries below the diagonal are not computed.
    """
    last = 1
    for step, pivots in enumerate(matrix):
        pivot = pivots[step]
        if pivot <= 0:
            return False
        for number, row in enumerate(matrix[step + 1 :], start=step + 1):
            factor = pivots[number]
            row[number:] = [
                (pivot * x - factor * y) // last for x, y in zip(row[number:], pivots[number:], strict=True)
            ]
        last = pivot
    return True


def _clear(matrix: list[list[int]], step: int, last: int) -> int:
    """One step of Bareiss (1968), whose pivots are the leading minors; ``last`` is the one before, this is returned."""
    pivots = matrix[step]
    pivot = pivots[step]
    for row in matrix[step + 1 :]:
        factor = row[step]
        row[step:] = [(pivot * x - factor * y) // last for x, y in zip(row[step:], pivots[step:], strict=True)]
    return pivot
