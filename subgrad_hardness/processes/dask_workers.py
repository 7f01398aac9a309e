"""The processes of a Dask cluster, here or on other machines, that do tasks.

A task whose process dies is run again by another; the client alone keeps results, so that each is kept once.
"""

from __future__ import annotations

import logging
import re
import time
from concurrent.futures import CancelledError
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Generic

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.memory import SHARED, shared_among
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.processes.workers import Lost, Result, Task, Work, WorkersLost

#: Tasks under way for each thread of the cluster: one that it does, one that waits there.
_EACH = 2
#: And at least so many, for clusters that start, or grow, with the work.
_LEAST = 8

# Seconds between two looks at what is done.
_PAUSE = 0.05

_LOCAL = re.compile(r"local:([0-9]{1,4})", re.ASCII)


class DaskWorkers(Generic[Task, Result]):
    """Tasks of ours become tasks of a cluster; implements ``Workers``.

    Parameters
    ----------
    scheduler : an address such as ``tcp://host:8786``, or ``local:N`` for a cluster of N processes on this machine,
        which ends with this object's context.  The package has to be installed wherever tasks run.

    Raises ParameterError where Dask is not installed.
    """

    def __init__(self, scheduler: str, work: Work[Task, Result], lost: Lost[Task, Result]) -> None:
        try:
            import distributed
        except Exception as problem:  # a broken package raises whatever it likes
            raise ParameterError(missing_extra("distributed", "dask", problem), place="dask") from None
        self._distributed = distributed
        self._scheduler = scheduler
        self._closing = ExitStack()
        self._work = work
        self._lost = lost
        self._client: Any = None
        self._loaded: Any = None
        self._completed: Any = None
        self._tasks: dict[str, Task] = {}

    def __enter__(self) -> DaskWorkers[Task, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    @property
    def processes(self) -> int:
        return 1 if self._client is None else max(1, sum(self._client.nthreads().values()))

    @property
    def full(self) -> bool:
        return self._client is not None and len(self._tasks) >= max(_LEAST, _EACH * self.processes)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    def submit(self, task: Task) -> None:
        """Take a task.  The first starts or finds the cluster; raises ParameterError where there is none."""
        if self._client is None:
            self._connect()
        # Tasks are done in their order, also those that are submitted in one moment.
        future = self._client.submit(_done, self._loaded, task, pure=False, fifo_timeout="0 ms")
        self._tasks[future.key] = task
        self._completed.add(future)

    def next(self, limits: Limits = NO_LIMITS) -> Result:
        """The next result.  Raises WorkersLost where the cluster cannot run the task, or is gone."""
        while limits != NO_LIMITS and not self._completed.has_ready():  # what waits for it knows no limit
            limits.check()
            time.sleep(_PAUSE)
        future = next(self._completed)
        task = self._tasks.pop(future.key)
        try:
            result: Result = future.result()
        except ParameterError:
            raise
        except self._distributed.KilledWorker as problem:
            deaths = problem.allowed_failures + 1
            return self._lost(task, f"{deaths} process{'es' * (deaths > 1)} of the cluster died of it", killed=True)
        except (Exception, CancelledError) as problem:
            raise WorkersLost(" ".join(f"{self._scheduler}: {type(problem).__name__}: {problem}".split())) from problem
        return result

    def _connect(self) -> None:
        distributed, address = self._distributed, self._scheduler
        local = _LOCAL.fullmatch(address)
        try:
            if local is not None:
                workers = int(local[1])
                cluster = distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                    env={SHARED: shared_among(workers)[SHARED]},
                )
                address = self._closing.enter_context(cluster)
            self._client = self._closing.enter_context(distributed.Client(address, set_as_default=False))
        except (OSError, ValueError) as problem:
            raise ParameterError(f"no scheduler at {address}: {problem}", place="dask") from None
        self._completed = distributed.as_completed(loop=self._client.loop)
        # The result of a task, so that the cluster keeps it where it is used, and makes it again where it was lost.
        self._loaded = self._client.submit(_itself, self._work, pure=False)


def _itself(work: Work[Task, Result]) -> Work[Task, Result]:
    return work


def _done(work: Work[Task, Result], task: Task) -> Result:
    return work(task)
