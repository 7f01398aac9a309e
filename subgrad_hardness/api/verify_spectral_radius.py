"""``verify_spectral_radius``: does a certificate prove its bounds of a joint spectral radius?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from subgrad_hardness.api.iterating import IterationJob, fixed_state
from subgrad_hardness.api.joint_spectral_radius import state_matrices
from subgrad_hardness.api.options import require_choice
from subgrad_hardness.api.verify import VerifyResult
from subgrad_hardness.api.verifying_iterations import verified_within
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import SENSES
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.verifying.spectral_format import (
    SpectralCertificate,
    SpectralLike,
    load_spectral_certificate,
)
from subgrad_hardness.iterative.verifying.spectral_radius import proved_verdict
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.processes.channels import Channels


def verify_spectral_radius(
    certificate: SpectralLike,
    iteration: IterationLike | None = None,
    theta: Sequence[NumberLike] | None = None,
    *,
    fixed_point: Sequence[NumberLike] | None = None,
    jacobian: str = "clarke",
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> VerifyResult:
    """Check a certificate of ``joint_spectral_radius`` (docs/certificate.md).

    Parameters
    ----------
    certificate : path, mapping or SpectralCertificate
        ``"-"`` is standard input.
    iteration : Iteration, path, or mapping, optional
        Whose Jacobians the certificate's matrices have to be, all of them and no others; without it the certificate is
        about its matrices alone.
    theta, fixed_point : sequences of numbers, optional
        Where; by default the iteration's own theta, and the fixed point that is found.
    jacobian : str
        The sense, as for ``joint_spectral_radius``.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything about an iteration.

    Returns
    -------
    VerifyResult
        Its verdict is ``bounded``, ``unbounded`` or ``unknown``; true if the stated bounds are proved.

    Raises
    ------
    CertificateError
        There is no readable certificate.
    NetError, PointError
        The iteration, theta or the fixed point cannot be read, or do not fit.
    ParameterError
        An option that makes no sense.

    Notes
    -----
    Bounds are checked in plain rational arithmetic, by a file that shares nothing with the search.  Which matrices an
    iteration has is computed anew, by the code that the search uses as well.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> found = sh.joint_spectral_radius([[[1, 1], [0, 1]], [[1, 0], [1, 1]]])
    >>> sh.verify_spectral_radius(found.certificate)
    VERIFIED unbounded
    """
    claim = load_spectral_certificate(certificate)
    if iteration is None:
        return _verified(claim)
    job: IterationJob[VerifyResult] = partial(
        _of_iteration, claim=claim, fixed_point=fixed_point, jacobian=require_choice(jacobian, "jacobian", SENSES)
    )
    return verified_within(job, iteration, theta, time_limit, memory_limit)


def _of_iteration(
    iteration: Iteration,
    limits: Limits,
    _: Channels[VerifyResult],
    *,
    claim: SpectralCertificate,
    fixed_point: Sequence[NumberLike] | None,
    jacobian: str,
) -> VerifyResult:
    state = fixed_state(iteration, fixed_point, limits)
    if set(state_matrices(iteration, state, jacobian, limits)) != set(claim.matrices):
        return VerifyResult(verdict=None, reason="the matrices are not those of the iteration", digest=None)
    return _verified(claim)


def _verified(claim: SpectralCertificate) -> VerifyResult:
    try:
        return VerifyResult(verdict=proved_verdict(claim), reason=None, digest=None)
    except Rejected as rejected:
        return VerifyResult(verdict=None, reason=str(rejected), digest=None)
