"""What can be claimed of nets with smooth operations, of which F'(x0; .) does not tell all (SPEC 6)."""

from __future__ import annotations

from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.statement import CLARKE
from subgrad_hardness.net.program import Program

#: Kinds of claims about a program away from its point.
REGIONS = ("affine", "bent", "equal", "different")


def require_statement(program: Program, kind: str, statement: str) -> None:
    """With smooth operations claims are about lexicographic subgradients: F'(x0; .) does not tell all Clarke ones.

    That two of them differ says so of Clarke ones too, which those of one output are among; and without kinks the
    program is smooth near the point (SPEC 6).  Raises Rejected.
    """
    told = program.piecewise_linear or (kind == "distinct" and program.output_count == 1)
    if statement == CLARKE and not told and Localised(program).kinks:
        raise Rejected("the net has smooth operations: the claim can only be about lexicographic subgradients")


def require_piecewise_linear(kind: str, *programs: Program) -> None:
    """What is said of a region is said of piecewise-linear nets.  Raises Rejected."""
    if kind in REGIONS and not all(program.piecewise_linear for program in programs):
        raise Rejected("the claim is about piecewise-linear nets")
