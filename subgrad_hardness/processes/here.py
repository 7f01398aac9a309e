"""The process that asks does the tasks itself, one after the other; implements ``Workers``."""

from __future__ import annotations

from collections import deque
from types import TracebackType
from typing import Generic

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.processes.workers import Result, Task, Work


class Here(Generic[Task, Result]):
    """No other process: nothing to start, nothing to send, and nobody else dies of a task."""

    def __init__(self, work: Work[Task, Result]) -> None:
        self._work = work
        self._waiting: deque[Task] = deque()

    def __enter__(self) -> Here[Task, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.clear()

    @property
    def processes(self) -> int:
        return 1

    @property
    def full(self) -> bool:
        return self.busy

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    def submit(self, task: Task) -> None:
        self._waiting.append(task)

    def next(self, limits: Limits = NO_LIMITS) -> Result:
        """Do the next task.  Raises what that raises, and LimitReached before it is begun."""
        limits.check()
        return self._work(self._waiting.popleft())
