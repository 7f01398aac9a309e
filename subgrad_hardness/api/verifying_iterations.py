"""What the calls that check a certificate about an iteration have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from subgrad_hardness.api.iterating import IterationJob, answer_iteration
from subgrad_hardness.api.verify import VerifyResult
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike


def verified_within(
    job: IterationJob[VerifyResult],
    source: IterationLike,
    theta: Sequence[NumberLike] | None,
    time_limit: float | None,
    memory_limit: int | None,
) -> VerifyResult:
    """``answer_iteration``, where a limit is an answer: neither verified nor rejected."""
    try:
        return answer_iteration(job, source, theta, time_limit, memory_limit)
    except LimitReached as reached:
        return VerifyResult(verdict=None, reason=str(reached), digest=None, limited=True)


def verified_at(
    iteration: Iteration, fixed_point: Vector, limits: Limits, check: Callable[[Program], str]
) -> VerifyResult:
    """What ``check``, which raises Rejected, proves of F at a certificate's fixed point.  Raises LimitReached."""
    if len(fixed_point) != len(iteration.state):
        return VerifyResult(verdict=None, reason="the certificate is for a state of another size", digest=None)
    program = iteration.program_at(fixed_point)
    limits.check()
    try:
        return VerifyResult(verdict=check(program), reason=None, digest=program.digest)
    except Rejected as rejected:
        return VerifyResult(verdict=None, reason=str(rejected), digest=program.digest)
