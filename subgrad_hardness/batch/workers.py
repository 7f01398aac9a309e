"""What carries the items of a batch to where they are decided: the contract of ``pool`` and ``dask_workers``."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from subgrad_hardness.batch.item import Item, NetResult


class WorkersLost(Exception):
    """Processes that decide nets cannot be started or reached; what was decided stands."""


class Workers(Protocol):
    """Takes items, gives results, in any order; every item that was taken comes back as one result.

    A context manager: leaving it stops whatever still runs.
    """

    def __enter__(self) -> Workers: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def full(self) -> bool:
        """Whether another item would only lie about."""

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""

    def submit(self, item: Item) -> None:
        """Take an item.  Raises WorkersLost where there is nobody to give it to."""

    def next(self) -> NetResult:
        """Wait for the next result.  Raises ParameterError for an option that cannot be had, and WorkersLost."""
