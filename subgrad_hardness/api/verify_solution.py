"""``verify_solution``: does a certificate prove what it says of an iteration's limit?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from subgrad_hardness.api.iterating import IterationJob
from subgrad_hardness.api.verify import VerifyResult
from subgrad_hardness.api.verifying_iterations import verified_at, verified_within
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.verifying.solution_map import (
    SolutionCertificate,
    SolutionLike,
    load_solution_certificate,
    verify_solution_map,
)
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.processes.channels import Channels


def verify_solution(
    iteration: IterationLike,
    certificate: SolutionLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> VerifyResult:
    """Check a certificate of ``solution_kink`` from the iteration itself (docs/iterations-kinks.md).

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    certificate : path, mapping or SolutionCertificate
        ``"-"`` is standard input.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    VerifyResult
        Its verdict is ``kink`` or ``smooth``; true only if the certificate proves it.

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
    F(xbar) = xbar, N_G and the proof that there is one solution are all made anew, by code that shares nothing with the
    search but the reading of nets.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.Iteration(sh.Program.from_text("inputs x t; r = relu t; f = 1/2 x + r; outputs f"), ["x"])
    >>> certificate = sh.solution_kink(it, [0]).certificate
    >>> sh.verify_solution(it, certificate, [0])
    VERIFIED kink
    >>> sh.verify_solution(it, certificate, [1]).verified
    False
    """
    job: IterationJob[VerifyResult] = partial(verify_solution_within, claim=load_solution_certificate(certificate))
    return verified_within(job, iteration, theta, time_limit, memory_limit)


def verify_solution_within(
    iteration: Iteration, limits: Limits, _: Channels[VerifyResult], *, claim: SolutionCertificate
) -> VerifyResult:
    """``verify_solution`` in this process."""

    def check(program: Program) -> str:
        return verify_solution_map(program, iteration.state, iteration.parameters, claim)

    return verified_at(iteration, claim.fixed_point, limits, check)
