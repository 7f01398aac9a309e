"""What carries tasks to where they are done: the contract of ``pool`` and ``dask_workers``."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, TypeVar

from subgrad_hardness.common.limits import NO_LIMITS, Limits

Task = TypeVar("Task")
Result = TypeVar("Result")
Task_contra = TypeVar("Task_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class WorkersLost(Exception):
    """Processes cannot be started or reached; what was done stands."""


class Work(Protocol[Task_contra, Result_co]):
    """What a process does with a task: picklable, and sent to each process once.

    Raises ParameterError alone, for an option that cannot be had there, whatever the task.
    """

    def __call__(self, task: Task_contra, /) -> Result_co: ...


class Lost(Protocol[Task_contra, Result_co]):
    """The result of a task whose process ended without one, which ``end`` tells in words; ``killed``: from outside, as
    the kernel does where memory is short."""

    def __call__(self, task: Task_contra, end: str, /, *, killed: bool) -> Result_co: ...


class Workers(Protocol[Task, Result]):
    """Takes tasks, gives results, in any order; every task that was taken comes back as one result.

    A context manager: leaving it stops whatever still runs.
    """

    def __enter__(self) -> Workers[Task, Result]: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def processes(self) -> int:
        """How many tasks can be under way at once, as far as that is known."""

    @property
    def full(self) -> bool:
        """Whether another task would only lie about."""

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""

    def submit(self, task: Task) -> None:
        """Take a task.  Raises WorkersLost where there is nobody to give it to."""

    def next(self, limits: Limits = NO_LIMITS) -> Result:
        """Wait for the next result.  Raises LimitReached, ParameterError for an option that cannot be had, and
        WorkersLost."""
