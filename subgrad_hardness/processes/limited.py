"""A job on a net within limits: here, or in a worker process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from subgrad_hardness.common.limits import Interrupted, Limits
from subgrad_hardness.common.progress import hearing, ignore, listener
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels, Ended

Result = TypeVar("Result")

#: A job on a net: a picklable function (``functools.partial`` holds its options) that looks at the limits between its
#: steps and reports to the channels on its way.
Job = Callable[[NetLike, Limits, Channels[Result]], Result]


def limited(
    job: Job[Result],
    net: NetLike,
    *,
    seconds: float | None = None,
    memory: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Ended[Result]:
    """``job(net, limits, channels)``: here if there is no limit, else in a worker process, stopped at the limit.

    Parameters
    ----------
    seconds : how long everything may take, reading the net included; None: no limit.
    memory : bytes that the data of the job may take; None: no limit.
    progress : hears the lines of text that the job reports; None: whoever listens (``common.progress``).

    Returns
    -------
    What the job returned; where a limit stopped it, the last result that it reported.

    Raises
    ------
    What the job raises; Interrupted on Ctrl-C, which knows the last result reported; ParameterError where the system
    has no memory limits.
    """
    told = progress or listener()
    if seconds is not None or memory is not None:
        from subgrad_hardness.processes.worker import run_limited  # late: most checks need no process

        return run_limited(job, net, seconds, memory, told)
    known: deque[Result] = deque(maxlen=1)
    try:
        with hearing(told):
            return Ended(job(net, Limits(), Channels(told or ignore, known.append)), None)
    except KeyboardInterrupt:
        raise Interrupted(known[-1] if known else None) from None
