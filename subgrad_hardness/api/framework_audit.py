"""What ``audit_torch`` and ``audit_jax`` share: the program at its point, asking the framework, the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from subgrad_hardness.api.answering import answer_within
from subgrad_hardness.api.audit import audit_within
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.options import require_flag, require_seed
from subgrad_hardness.auditing.explaining import Explained, explained_by
from subgrad_hardness.auditing.traced import traced
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program
from subgrad_hardness.processes.limited import Job

# What reads models loads numpy, and is loaded when one is read.
if TYPE_CHECKING:
    from subgrad_hardness.auditing.choices import Asked
    from subgrad_hardness.auditing.frameworks import Framework
    from subgrad_hardness.models.framework import FrameworkProgram


def expanded_at_point(read: FrameworkProgram, framework: Framework, limits: Limits = NO_LIMITS) -> Program:
    """The exact program that was read, at the numbers that the framework was given.  Raises NetError, LimitReached."""
    from subgrad_hardness.models.expanding import expanded

    point = [entry for array in read.variables for entry in framework.entries(array)]
    made = expanded(read.program, read.output, framework.place, provenance={"model": framework.name}, limits=limits)
    return made.at(point)


def audit_framework(
    read: FrameworkProgram,
    framework: Framework,
    differentiate: Callable[[], Sequence[Sequence[float]]],
    *,
    limits: Limits,
    certify: bool,
    seed: int,
    memory_limit: int | None,
) -> AuditResult:
    """Ask the framework about each operation with kinks, and audit its gradient with these choices.

    What ``limits`` leave is for the audit.  Raises NetError, LimitReached before that has begun.
    """
    from subgrad_hardness.auditing.choices import asked

    version = f"{framework.name} {framework.version()}{', forward mode' * (framework.mode == 'forward')}"
    program = expanded_at_point(read, framework, limits)
    found = asked(read, traced(program, limits), framework, limits)
    job: Job[AuditResult] = partial(
        audit_within,
        gradient=differentiate(),
        point=None,
        precision=str(read.variables[0].dtype).removeprefix("torch."),
        explaining=partial(_explain, asked=found, name=version, forward=framework.mode == "forward"),
        framework=version,
        mode=framework.mode,
        operations=found.said,
        certify=require_flag(certify, "certify"),
        seed=require_seed(seed),
    )
    limits.check()
    return answer_within(job, program, limits.remaining, memory_limit)


def _explain(
    program: Program, given: Matrix, precision: str, limits: Limits, *, asked: Asked, name: str, forward: bool
) -> Explained:
    return explained_by(
        program,
        given,
        precision,
        choices=asked.choices,
        seen=asked.pieces,
        name=name,
        forward=forward,
        limits=limits,
    )
