"""What backpropagation of a program returns, by convention: two programs of one function need not agree."""

from __future__ import annotations

from subgrad_hardness.auditing.conventions import NAMED
from subgrad_hardness.auditing.traced import backpropagated, traced
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.program import Program


def returned(program: Program, limits: Limits = NO_LIMITS) -> dict[str, Matrix]:
    """The exact result of backpropagation at the program's point for each named convention.

    A forward pass, and a backward pass for each.  Raises NetError, LimitReached.
    """
    trace = traced(program, limits)
    return {convention.name: backpropagated(trace, trace.choices(convention), limits) for convention in NAMED}
