"""What a long job says on its way, what it says at its end, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from subgrad_hardness.common.progress import ignore

Result = TypeVar("Result")


class Channels(NamedTuple, Generic[Result]):
    """Where a job reports to while it runs: lines of text in ``progress``, each better result in ``result``."""

    progress: Callable[[str], None] = ignore
    result: Callable[[Result], None] = ignore


class Ended(NamedTuple, Generic[Result]):
    """How a job ended: ``result`` is its last word (None: it never spoke); ``stopped`` says what cut it short
    (None: nothing did)."""

    result: Result | None
    stopped: str | None
