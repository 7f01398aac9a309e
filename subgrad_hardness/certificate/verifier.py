"""The independent verifier: decides whether a certificate proves its claim about a net (SPEC 4).

It stands on ``common/`` and ``net/`` alone and localises itself: no error in the engines can make it accept.  All
arithmetic is exact; nothing in a certificate is believed that is not recomputed in this folder.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.certificate.format import KINDS, Certificate, DirectionMatrix
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.net.program import Program


def verify_certificate(program: Program, certificate: Certificate) -> str:
    """The verdict that ``certificate`` proves for ``program`` at its point.

    Raises Rejected, with the reason.  Costs a forward pass a leading direction, a backward pass an
    output and an unresolved kink, and a k x k determinant; for ``unique`` also what ``refutation`` says.
    """
    kind, digest, matrices, argument = certificate
    if len(matrices) != KINDS.get(kind) or (argument is None) != (kind == "distinct"):
        raise Rejected("a distinct claim has two direction matrices, a unique one a matrix and an argument")
    if digest != program.digest:
        raise Rejected("the certificate is for another net or another point (the digests differ)")
    for number, matrix in enumerate(matrices):
        _require_nonsingular(matrix, program.input_count, f"directions[{number}]")
    localised = Localised(program)
    branches = [localised.branches(matrix) for matrix in matrices]
    if argument is not None:
        from subgrad_hardness.certificate.refutation import require_refutation  # most certificates have no argument

        require_refutation(program, localised, branches[0], argument)
    elif all(localised.gradient(k, branches[0]) == localised.gradient(k, branches[1]) for k in localised.outputs):
        raise Rejected("the two direction matrices give the same Jacobian")
    return kind


def _require_nonsingular(matrix: DirectionMatrix, size: int, place: str) -> None:
    """M is p x p and nonsingular: the minor of its leading columns on the rows that no unit vector covers."""
    for number, column in enumerate(matrix.leading):
        if len(column) != size:
            raise Rejected(f"{place}.leading[{number}] has {len(column)} entries, the net has {size} inputs")
    for index in matrix.complete:
        if not 0 <= index < size:
            raise Rejected(f"{place}.complete names input {index}, the net has {size} inputs")
    if len(set(matrix.complete)) != len(matrix.complete):
        raise Rejected(f"{place}.complete names an input twice, so the matrix is singular")
    if len(matrix.leading) + len(matrix.complete) != size:
        raise Rejected(f"{place} has {len(matrix.leading) + len(matrix.complete)} columns, the net has {size} inputs")
    free = set(range(size)).difference(matrix.complete)
    if not _has_full_rank([[column[index] for index in free] for column in matrix.leading]):
        raise Rejected(f"{place} is singular")


def _has_full_rank(rows: list[list[Fraction]]) -> bool:
    """Whether a square matrix is nonsingular, by exact elimination."""
    for step in range(len(rows)):
        pivot = next((index for index in range(step, len(rows)) if rows[index][step]), None)
        if pivot is None:
            return False
        rows[step], rows[pivot] = rows[pivot], rows[step]
        for index in range(step + 1, len(rows)):
            factor = rows[index][step] / rows[step][step]
            if factor:
                rows[index] = [x - factor * y for x, y in zip(rows[index], rows[step], strict=True)]
    return True
