"""The processes of a Dask cluster, here or on other machines, that decide items.

A task whose process dies is run again by another; the client alone keeps results, so that each is kept once.
"""

from __future__ import annotations

import logging
import re
from concurrent.futures import CancelledError
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from subgrad_hardness.batch.deciding import decide, lost
from subgrad_hardness.batch.item import Item, NetResult
from subgrad_hardness.batch.workers import WorkersLost
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.memory import SHARED, shared_among
from subgrad_hardness.common.words import missing_extra

#: Items under way for each thread of the cluster: one that it decides, one that waits there.
_EACH = 2
#: And at least so many, for clusters that start, or grow, with the work.
_LEAST = 8

_LOCAL = re.compile(r"local:([0-9]{1,4})", re.ASCII)


class DaskWorkers:
    """Items become tasks of a cluster; implements ``Workers``.

    Parameters
    ----------
    scheduler : an address such as ``tcp://host:8786``, or ``local:N`` for a cluster of N processes on this machine,
        which ends with the batch.  The package has to be installed wherever tasks run.

    Raises ParameterError where Dask is not installed.
    """

    def __init__(self, scheduler: str) -> None:
        try:
            import distributed
        except ImportError:
            raise ParameterError(missing_extra("distributed", "dask"), place="dask") from None
        self._distributed = distributed
        self._scheduler = scheduler
        self._closing = ExitStack()
        self._client: Any = None
        self._completed: Any = None
        self._items: dict[str, Item] = {}

    def __enter__(self) -> DaskWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    @property
    def full(self) -> bool:
        if self._client is None:
            return False
        threads: int = sum(self._client.nthreads().values())
        return len(self._items) >= max(_LEAST, _EACH * threads)

    @property
    def busy(self) -> bool:
        return bool(self._items)

    def submit(self, item: Item) -> None:
        """Take an item.  The first starts or finds the cluster; raises ParameterError where there is none."""
        if self._client is None:
            self._connect()
        future = self._client.submit(decide, item, pure=False)
        self._items[future.key] = item
        self._completed.add(future)

    def next(self) -> NetResult:
        """The next result.  Raises WorkersLost where the cluster cannot run the task, or is gone."""
        future = next(self._completed)
        item = self._items.pop(future.key)
        try:
            result: NetResult = future.result()
        except ParameterError:
            raise
        except self._distributed.KilledWorker as problem:
            deaths = problem.allowed_failures + 1
            return lost(item, f"{deaths} process{'es' * (deaths > 1)} of the cluster died of it", killed=True)
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
