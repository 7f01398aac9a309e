"""The independent verifier: decides whether a certificate proves its claim about a net (SPEC 4).

It stands on ``common/`` and ``net/`` alone and localises itself: no error in the engines can make it accept.  All
arithmetic is exact; nothing in a certificate is believed that is not recomputed in this folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subgrad_hardness.certificate.format import KINDS, Certificate
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import require_nonsingular
from subgrad_hardness.certificate.smooth import require_statement
from subgrad_hardness.net.program import Program

if TYPE_CHECKING:
    from subgrad_hardness.certificate.statement import Statement


def verify_certificate(program: Program, certificate: Certificate | Statement, other: Program | None = None) -> str:
    """The verdict, or the kind of claim, that ``certificate`` proves for ``program`` at its point.

    ``other`` is the second net, where the claim is about two.

    Raises Rejected, with the reason.  Costs a forward pass a leading direction, a backward pass an
    output and an unresolved kink, and a k x k determinant; for ``unique`` also what ``refutation`` says.
    """
    if not isinstance(certificate, Certificate):
        from subgrad_hardness.certificate.claims import verify_statement

        return verify_statement(program, certificate, other)
    if other is not None:
        raise Rejected("the claim is about one net")
    kind, digest, matrices, argument, statement = certificate
    if len(matrices) != KINDS.get(kind) or (argument is None) != (kind == "distinct"):
        raise Rejected("a distinct claim has two direction matrices, a unique one a matrix and an argument")
    if digest != program.digest:
        raise Rejected("the certificate is for another net or another point (the digests differ)")
    require_statement(program, kind, statement)
    for number, matrix in enumerate(matrices):
        require_nonsingular(matrix, program.input_count, f"directions[{number}]")
    localised = Localised(program)
    branches = [localised.branches(matrix) for matrix in matrices]
    if argument is not None:
        from subgrad_hardness.certificate.refutation import require_refutation  # most certificates have no argument

        require_refutation(program, localised, branches[0], argument)
    elif all(localised.gradient(k, branches[0]) == localised.gradient(k, branches[1]) for k in localised.outputs):
        raise Rejected("the two direction matrices give the same Jacobian")
    return kind
