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
    if [len(row) for row in norm] != [size] * size or any(norm[i][j] != norm[j][i] for i in range(size) for j in range(i)):
        raise Rejected("the norm is no symmetric matrix of the state's size")
    if len(multipliers) != len(kinks) or any(entry < 0 for entry in multipliers):
        raise Rejected(f"the norm wants a multiplier, not negative, for each of {len(kinks)} kinks")
    width = size + len(kinks)
    form = [[norm[i][j] if max(i, j) < size else Fraction(0) for j in range(width)] for i in range(width)]
    for left, right in product(range(size), repeat=2):
        for a, b in product(outputs[left], outputs[right]):
            form[a][b] -= norm[left][right] * outputs[left][a] * outputs[right][b]
    for number, (row, multiplier) in enumerate(zip(kinks, multipliers, strict=True), start=size):
        form[number][number] += 2 * multiplier
        for variable, entry in row.items():
            form[number][variable] -= multiplier * entry
            form[variable][number] -= multiplier * entry
    if not (_positive([list(row) for row in norm]) and _positive(form)):
        raise Rejected("the norm does not contract: a form is not positive definite")


def _moved_by_states(program: Program, state: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """The rows of the kinks that states move, over states and earlier kinks, and those of the outputs.

    Each kink is scaled so that its row is primitive; kinks from which no way leads to an output are left out.
    """
    local, lowered = Localised(program), program.lowered
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


def _choice(size: int, kinks: list[Row], outputs: list[Row], slopes: Sequence[int]) -> list[list[Fraction]]:
    """A matrix with the determinant of I - A(s)."""
    width = size + len(kinks)
    matrix = [[Fraction(int(i == j)) for j in range(width)] for i in range(width)]
    for number, row in enumerate([*outputs, *kinks]):
        if number < size or slopes[number - size]:
            for variable, entry in row.items():
                matrix[number][variable] -= entry
    return matrix


def _sign(matrix: list[list[Fraction]]) -> int:
    """That of the determinant, by elimination."""
    sign = 1
    for step in range(len(matrix)):
        pivot = next((index for index in range(step, len(matrix)) if matrix[index][step]), None)
        if pivot is None:
            return 0
        if pivot != step:
            matrix[step], matrix[pivot], sign = matrix[pivot], matrix[step], -sign
        sign = sign if matrix[step][step] > 0 else -sign
        _clear(matrix, step)
    return sign


def _positive(matrix: list[list[Fraction]]) -> bool:
    """Whether a symmetric matrix is positive definite: the pivots of elimination without exchanges are positive."""
    for step in range(len(matrix)):
        if matrix[step][step] <= 0:
            return False
        _clear(matrix, step)
    return True


def _clear(matrix: list[list[Fraction]], step: int) -> None:
    pivots = matrix[step]
    for row in matrix[step + 1 :]:
        if row[step]:
            factor = row[step] / pivots[step]
            row[step:] = [x - factor * y for x, y in zip(row[step:], pivots[step:], strict=True)]
