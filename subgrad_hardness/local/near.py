"""The program that answers for another one near its point."""

from __future__ import annotations

from collections.abc import Callable

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.program import Program


def near_point(
    program: Program, *, limits: Limits = NO_LIMITS, progress: Callable[[str], None] | None = None
) -> Program:
    """A program that equals ``program`` near its point, at that point: what is asked about the point is asked of it.

    It is the program itself, but for one in tensors (``models.tensor_form``), which is localised; what comes out bears
    the digest of that.

    Raises LimitReached, and NetError as ``local.tensor_net.localise_form`` does.
    """
    if program.form.tensors is None:
        return program
    from subgrad_hardness.local.tensor_net import localise_form  # rare, and it brings numpy along

    found = localise_form(program.form.tensors, program.point, limits=limits, progress=progress)
    return found.near.standing_for(program)
