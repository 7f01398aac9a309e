"""``verify``: does a certificate prove its claim about this net at this point?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from subgrad_hardness.api.options import require_bytes, require_seconds
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_names
from subgrad_hardness.certificate.format import CertificateLike, load_certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.models.plain_near import plain_near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.outer import before_outer
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels, Ended
from subgrad_hardness.processes.limited import limited

#: The kinds of claims that depend on F'(x0; .) alone.
ABOUT_A_POINT = {"distinct", "unique", "member", "outside", "support", "shortest", "complete"}
ABOUT_A_POINT |= {"minimum", "descent", "regular", "irregular"}


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class VerifyResult(Readable):
    """What the verifier says of a certificate.

    True in a condition only if the certificate proves its claim: ``assert verify(net, certificate)`` stops at a
    rejected one, and also where a limit was hit before anything was known (``limited`` tells these two apart).

    Attributes
    ----------
    verdict : the proved verdict, ``"distinct"`` or ``"unique"``, or another kind of claim (``"member"``, ``"affine"``;
        docs/certificate.md, section 10); None if nothing is proved.
    reason : why nothing is proved, else None.
    digest : of the net and the point that were asked about; None where a limit came first.
    limited : a limit was hit: neither verified nor rejected.
    outer : the nodes of irrational functions that come last: the claim is about the program before them.
    """

    verdict: str | None
    reason: str | None
    digest: str | None
    limited: bool = False
    outer: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.verified

    @property
    def verified(self) -> bool:
        """Whether the certificate proves its claim."""
        return self.verdict is not None

    def __repr__(self) -> str:
        if self.verified:
            before = f" (of the program before {show_names(self.outer)})" if self.outer else ""
            return f"VERIFIED {self.verdict}{before}"
        return f"UNKNOWN: {self.reason}" if self.limited else f"REJECTED: {self.reason}"

    def lines(self) -> list[str]:
        """The answer for people, a line."""
        return [repr(self)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``verify --json`` prints; ``verified`` is null where a limit was hit."""
        verified = None if self.limited else self.verified
        said = {"verdict": self.verdict, "reason": self.reason, "digest": self.digest}
        return {"version": 1, "verified": verified, **said}


def verify(
    net: NetLike,
    certificate: CertificateLike,
    point: Sequence[NumberLike] | None = None,
    *,
    other: NetLike | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> VerifyResult:
    """Check a certificate independently of everything that produced it (docs/certificate.md).

    Parameters
    ----------
    net : a path, ``"-"`` for standard input, a parsed mapping or a Program.
    certificate : a path, ``"-"`` for standard input, a parsed mapping, a Certificate or a Statement.  The last three
        are read as the text that they would be written as.
    point : replaces the net's own point.
    other : the second net, where the claim is about two (``equal``, ``different``), as ``net`` is given.
    time_limit : seconds for everything, in a worker process; None: no limit.
    memory_limit : bytes of data, in a worker process; None: no limit.

    Returns
    -------
    VerifyResult; true only if the certificate proves its claim.  A readable but false certificate is no error.

    Raises
    ------
    NetError, PointError : the net or the point cannot be read, or do not fit.
    CertificateError : there is no readable certificate.
    ParameterError : a limit that makes no sense.

    Notes
    -----
    A claim about the point of a model in tensors is verified for the program near the point, which is derived in plain
    integers for it (docs/certificate.md, section 11).
    A forward pass of the net for each leading direction, a backward pass for each output (and, for ``unique``, each
    kink), one exact elimination, and time in proportion to the argument written out (docs/certificate.md, section 6).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f"]}
    >>> certificate = sh.check(net).certificate
    >>> sh.verify(net, certificate)
    VERIFIED distinct
    >>> elsewhere = sh.verify(net, certificate, point=[1])
    >>> elsewhere
    REJECTED: the certificate is for another net or another point (the digests differ)
    >>> bool(elsewhere)
    False
    """
    seconds, most = require_seconds(time_limit), require_bytes(memory_limit)
    if certificate == "-" or isinstance(certificate, Mapping):  # a worker has no standard input
        certificate = load_certificate(certificate)
    second = None if other is None else load(other)
    job = partial(verify_within, certificate=certificate, point=point, other=second)
    ended: Ended[VerifyResult] = limited(job, net, seconds=seconds, memory=most)
    if ended.result is None:
        return VerifyResult(verdict=None, reason=ended.stopped, digest=None, limited=True)
    return ended.result


def verify_within(
    net: NetLike,
    limits: Limits,
    _: Channels[VerifyResult],
    *,
    certificate: CertificateLike,
    point: Sequence[NumberLike] | None = None,
    other: Program | None = None,
) -> VerifyResult:
    """``verify`` in this process; the limits are looked at between its steps only."""
    program, outer = before_outer(load(net, point))
    claim = load_certificate(certificate)
    try:
        limits.check()
        about = plain_near_point(program, limits) if claim.kind in ABOUT_A_POINT else program
        verdict = verify_certificate(about, claim, other)
        return VerifyResult(verdict=verdict, reason=None, digest=program.digest, outer=outer)
    except LimitReached as reached:
        return VerifyResult(verdict=None, reason=str(reached), digest=program.digest, limited=True)
    except Rejected as rejected:
        return VerifyResult(verdict=None, reason=str(rejected), digest=program.digest)
