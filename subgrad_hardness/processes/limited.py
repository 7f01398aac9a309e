"""``encode`` and ``decode`` within a time limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.worker import Ended, Result, run_limited


def timed(job: Callable[..., Result], net: NetLike, seconds: float | None, options: dict[str, Any]) -> Ended[Result]:
    """``job(net, limits, report=..., **options)``: here without a limit, else in a worker process.

    Raises what the job raises, and ParameterError for what is no number of seconds.
    """
    if seconds is None:
        return Ended(job(net, Limits(), **options), None)
    if not isinstance(seconds, int | float) or not seconds >= 0:
        raise ParameterError(f"{seconds} is not a number of seconds", place="time limit")
    return run_limited(job, net, seconds, options)
