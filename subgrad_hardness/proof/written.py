"""A proof counts only as the file that it becomes: what is verified is what a reader finds in the text."""

from __future__ import annotations

from typing import TypeVar, cast

from subgrad_hardness.certificate.format import Certificate, load_certificate
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.net.program import Program

Claim = TypeVar("Claim", Certificate, Statement)


def verify_as_written(program: Program, certificate: Claim, other: Program | None = None) -> Claim:
    """The certificate as it was read back from its own text, and verified.

    Returns
    -------
    Equal to ``certificate``, and written with the same text again.

    Raises
    ------
    CertificateError : no file can hold this proof, for example because a number in it is too long; the message
        says where.  Nothing is wrong with the verdict.
    Rejected : it can be read and proves nothing.

    Notes
    -----
    Costs the writing and reading of the text, and then what ``verify_certificate`` does.
    """
    claim = load_certificate(certificate)
    verify_certificate(program, claim, other)
    return cast(Claim, claim)  # a kind is read as the class that it was written from
