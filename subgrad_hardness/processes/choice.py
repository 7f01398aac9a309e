"""Which processes do tasks: on this machine, or on a cluster."""

from __future__ import annotations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.processes.workers import Lost, Result, Task, Work, Workers


def workers_for(
    work: Work[Task, Result], lost: Lost[Task, Result], jobs: int, dask: str | None
) -> Workers[Task, Result]:
    """``jobs`` processes on this machine, or the Dask cluster with this address.

    Raises ParameterError where both are asked for, and where Dask is not installed.
    """
    if dask is None:
        from subgrad_hardness.processes.pool import Pool

        return Pool(jobs, work, lost)
    from subgrad_hardness.processes.dask_workers import DaskWorkers

    if jobs != 1:
        raise ParameterError("the cluster has as many processes as it has", place="jobs")
    return DaskWorkers(dask, work, lost)
