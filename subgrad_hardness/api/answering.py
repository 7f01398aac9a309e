"""What calls with several limits and several certificates have in common."""

from __future__ import annotations

from typing import TypeVar

from subgrad_hardness.api.options import require_bytes, require_seconds
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import LimitReached
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Ended
from subgrad_hardness.processes.limited import Job, limited
from subgrad_hardness.subdifferentials.stating import stated

Result = TypeVar("Result")

#: Why something is not known in a result that a job reports on its way.
STOPPED = "stopped by a limit"


def answer_within(job: Job[Result], net: NetLike, time_limit: float | None, memory_limit: int | None) -> Result:
    """What the job returns or, where a limit stops it, the last result that it reported.

    Raises what the job raises, ParameterError for a limit that makes no sense, and LimitReached where a limit was hit
    before anything was reported.
    """
    ended: Ended[Result] = limited(job, net, seconds=require_seconds(time_limit), memory=require_bytes(memory_limit))
    if ended.result is None:
        raise LimitReached(ended.stopped or STOPPED)
    return ended.result


class Certificates:
    """Certificates by the parts of an answer, and why some are missing.

    Parameters
    ----------
    wanted : whether certificates are to be made.

    Attributes
    ----------
    made : accepted by the verifier.
    uncertified : by part.
    """

    def __init__(self, program: Program, *, wanted: bool) -> None:
        self.program, self.wanted = program, wanted
        self.made: dict[str, Statement] = {}
        self.uncertified: dict[str, str] = {}

    def add(self, name: str, statement: Statement | None, why: str | None = None) -> None:
        """Make that of one part; ``why`` says why there is no statement."""
        if not self.wanted:
            return
        found = stated(self.program, statement, why)
        if found.certificate is not None:
            self.made[name] = found.certificate
        elif found.uncertified is not None:
            self.uncertified[name] = found.uncertified
