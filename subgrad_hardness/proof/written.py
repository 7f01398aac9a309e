"""A proof counts only as the file that it becomes: what is verified is what a reader finds in the text."""

from __future__ import annotations

from typing import TypeVar, cast

from subgrad_hardness.certificate.format import Certificate, load_certificate
from subgrad_hardness.certificate.statement import CLARKE, LEXICOGRAPHIC, Statement
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.net.evaluation import has_kinks
from subgrad_hardness.net.program import Program

Claim = TypeVar("Claim", Certificate, Statement)


def statement_made(program: Program, verdict: str) -> str:
    """``clarke`` or ``lexicographic``: of which subgradients a verdict about the program speaks (SPEC 6).

    With smooth operations F'(x0; .) decides about the lexicographic ones.  Those of one output are Clarke subgradients,
    so that ``distinct`` stands for these too; ``unique`` does not where there are kinks, because there may be more of
    them.  Without kinks the program is smooth near the point.
    """
    told = program.piecewise_linear or (verdict == "distinct" and program.output_count == 1) or not has_kinks(program)
    return CLARKE if told else LEXICOGRAPHIC


def verify_as_written(program: Program, certificate: Claim, other: Program | None = None) -> Claim:
    """The certificate with the statement that it makes, as it was read back from its own text, and verified.

    Returns
    -------
    Equal to ``certificate``, apart from ``statement``, and written with the same text again.

    Raises
    ------
    CertificateError : no file can hold this proof, for example because a number in it is too long; the message
        says where.  Nothing is wrong with the verdict.
    Rejected : it can be read and proves nothing.

    Notes
    -----
    Costs the writing and reading of the text, and then what ``verify_certificate`` does.
    """
    claim = load_certificate(certificate._replace(statement=statement_made(program, certificate.kind)))
    verify_certificate(program, claim, other)
    return cast(Claim, claim)  # a kind is read as the class that it was written from
