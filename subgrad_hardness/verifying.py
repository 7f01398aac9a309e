"""``verify``: does a certificate prove its claim about this net at this point?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from subgrad_hardness.certificate.format import CertificateLike, load_certificate
from subgrad_hardness.certificate.verifier import Rejected, verify_certificate
from subgrad_hardness.net.rational import Number
from subgrad_hardness.net.reading import NetLike, load


class VerifyResult(NamedTuple):
    """``verdict`` is the proved verdict, or None for a rejected certificate (then ``reason`` says why)."""

    verdict: str | None
    reason: str | None
    digest: str

    @property
    def verified(self) -> bool:
        """Whether the certificate proves its claim."""
        return self.verdict is not None

    def __repr__(self) -> str:
        return f"VERIFIED {self.verdict}" if self.verified else f"REJECTED: {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """The object that ``verify --json`` prints."""
        return {"verified": self.verified, "verdict": self.verdict, "reason": self.reason, "digest": self.digest}


def verify(net: NetLike, certificate: CertificateLike, point: Sequence[Number] | None = None) -> VerifyResult:
    """Check a certificate independently of everything that produced it (SPEC 4).

    Parameters
    ----------
    net : a path, a parsed mapping or a Program.
    certificate : a path, a parsed mapping or a Certificate.
    point : replaces the net's own point.

    Raises NetError, PointError, or CertificateError for unreadable input; a readable but false
    certificate is no error but a result.
    """
    program = load(net)
    if point is not None:
        program = program.at(point)
    claim = load_certificate(certificate)
    try:
        return VerifyResult(verify_certificate(program, claim), None, program.digest)
    except Rejected as rejected:
        return VerifyResult(None, str(rejected), program.digest)
