"""``verify``: does a certificate prove its claim about this net at this point?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from subgrad_hardness.certificate.format import CertificateLike, load_certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import LimitReached, Limits, require_memory_limit
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited


class VerifyResult(NamedTuple):
    """``verdict`` is the proved verdict, or None: for a rejected certificate, or (``limited``) where the
    time ran out first; ``reason`` says why."""

    verdict: str | None
    reason: str | None
    digest: str | None
    limited: bool = False

    @property
    def verified(self) -> bool:
        """Whether the certificate proves its claim."""
        return self.verdict is not None

    def __repr__(self) -> str:
        if self.verified:
            return f"VERIFIED {self.verdict}"
        return f"UNKNOWN: {self.reason}" if self.limited else f"REJECTED: {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """The object that ``verify --json`` prints; ``verified`` is null where a limit was hit."""
        verified = None if self.limited else self.verified
        return {"verified": verified, "verdict": self.verdict, "reason": self.reason, "digest": self.digest}


def verify(
    net: NetLike,
    certificate: CertificateLike,
    point: Sequence[NumberLike] | None = None,
    *,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> VerifyResult:
    """Check a certificate independently of everything that produced it (SPEC 4).

    Parameters
    ----------
    net : a path, a parsed mapping or a Program.
    certificate : a path, a parsed mapping or a Certificate.
    point : replaces the net's own point.
    time_limit, memory_limit : seconds for everything, and bytes of data, in a worker process; None: no limit.

    Raises NetError, PointError, or CertificateError for unreadable input; a readable but false
    certificate is no error but a result.
    """
    require_memory_limit(memory_limit)
    if certificate == "-" or isinstance(certificate, Mapping):  # a worker has no standard input
        certificate = load_certificate(certificate)
    job = partial(verify_within, certificate=certificate, point=point)
    ended = limited(job, net, seconds=time_limit, memory=memory_limit)
    return ended.result or VerifyResult(None, ended.stopped, None, limited=True)


def verify_within(
    net: NetLike,
    limits: Limits,
    _: Channels[VerifyResult],
    *,
    certificate: CertificateLike,
    point: Sequence[NumberLike] | None = None,
) -> VerifyResult:
    """``verify`` in this process; the limits are looked at between its steps only."""
    program = load(net)
    if point is not None:
        program = program.at(point)
    claim = load_certificate(certificate)
    try:
        limits.check()
        return VerifyResult(verify_certificate(program, claim), None, program.digest)
    except LimitReached as reached:
        return VerifyResult(None, str(reached), program.digest, limited=True)
    except Rejected as rejected:
        return VerifyResult(None, str(rejected), program.digest)
