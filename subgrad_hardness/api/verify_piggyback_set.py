"""``verify_piggyback_set``: does a certificate prove what the hull of J_pb is?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from subgrad_hardness.api.iterating import IterationJob
from subgrad_hardness.api.verify import VerifyResult
from subgrad_hardness.api.verifying_iterations import verified_at, verified_within
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.verifying.attractor import HullClaim, verify_attractor
from subgrad_hardness.iterative.verifying.attractor_format import HullLike, load_hull_claim
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.processes.channels import Channels


def verify_piggyback_set(
    iteration: IterationLike,
    certificate: HullLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> VerifyResult:
    """Check a certificate of ``piggyback_set`` from the iteration itself (docs/certificate.md).

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    certificate : path, mapping or HullClaim
        ``"-"`` is standard input.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    VerifyResult
        Its verdict is ``hull``; true only if the points' hull is proved to be conv J_pb.

    Raises
    ------
    NetError, PointError
        The iteration or theta cannot be read, or do not fit.
    CertificateError
        There is no readable certificate.
    ParameterError
        A limit that makes no sense.

    Notes
    -----
    F(xbar) = xbar and the pairs [A, B] of F there are computed anew, by code that shares nothing with the search but
    the reading of nets; up to 4096 choices of sides of kinks, or of slopes, are looked at.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.Iteration(sh.Program.from_text("inputs x t; r = relu t; f = -1/2 x + r; outputs f"), ["x"])
    >>> claim = sh.piggyback_set(it, [0]).claim
    >>> sh.verify_piggyback_set(it, claim, [0])
    VERIFIED hull
    >>> sh.verify_piggyback_set(it, claim, [1])
    REJECTED: F(xbar, theta) is not xbar
    """
    job: IterationJob[VerifyResult] = partial(verify_piggyback_set_within, claim=load_hull_claim(certificate))
    return verified_within(job, iteration, theta, time_limit, memory_limit)


def verify_piggyback_set_within(
    iteration: Iteration, limits: Limits, _: Channels[VerifyResult], *, claim: HullClaim
) -> VerifyResult:
    """``verify_piggyback_set`` in this process."""

    def check(program: Program) -> str:
        verify_attractor(program, iteration.state, iteration.parameters, claim)
        return "hull"

    return verified_at(iteration, claim.fixed_point, limits, check)
