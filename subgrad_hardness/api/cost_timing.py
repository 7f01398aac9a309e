"""How calls are timed: in turn, round by round, in processor time, the median of each."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence

from subgrad_hardness.common.limits import Limits


def medians(calls: Sequence[Callable[[], object]], repeat: int, limits: Limits) -> list[float]:
    """The median processor time of each call; short calls are made often enough to be seen by the clock."""
    often = []
    for call in calls:
        call()  # the first one may compile something
        start = time.process_time()
        call()
        taken = max(time.process_time() - start, 1e-6)
        often.append(max(1, min(200, int(0.005 / taken))))
    found: list[list[float]] = [[] for _ in calls]
    for _ in range(repeat):
        for number, (call, times) in enumerate(zip(calls, often, strict=True)):
            limits.check()
            start = time.process_time()
            for _ in range(times):
                call()
            found[number].append((time.process_time() - start) / times)
    return [max(statistics.median(each), 1e-9) for each in found]


def environment(packages: Sequence[str] = ()) -> dict[str, str]:
    """Versions of Python and of packages, and the machine."""
    versions = {name: importlib.metadata.version(name) for name in packages}
    return {"python": platform.python_version(), "machine": platform.machine(), "cores": str(os.cpu_count())} | versions
