"""Counting what a batch found, for its progress, its last line and its exit status."""

from __future__ import annotations

import time
from collections import Counter

from subgrad_hardness.api.status import RANK, ExitStatus
from subgrad_hardness.batch.item import NetResult
from subgrad_hardness.common.progress import Line, share_of
from subgrad_hardness.common.words import count, duration


class Tally:
    """Counts of results so far.

    Parameters
    ----------
    total : how many nets the batch has; None: nobody knows before the last one.
    """

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.earlier = 0
        self._verdicts: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()
        self._start = time.monotonic()

    def add(self, result: NetResult) -> None:
        """Count one result."""
        self._statuses[result.status] += 1
        self.earlier += result.earlier
        if result.verdict is not None:
            self._verdicts[result.verdict] += 1

    @property
    def done(self) -> int:
        """How many results were counted."""
        return self._statuses.total()

    @property
    def status(self) -> int:
        """The exit status of the batch: the gravest of its nets' (``RANK``)."""
        return next((status for status in RANK if self._statuses[status]), ExitStatus.ANSWERED)

    def counts(self) -> str:
        """How many of each kind; what never occurred is left out, but for the two answers."""
        internal = self._statuses[ExitStatus.INTERNAL]
        kinds = [
            (self._verdicts["distinct"], "distinct", True),
            (self._verdicts["unique"], "unique", True),
            (self._verdicts["unknown"], "unknown", False),
            (self._statuses[ExitStatus.BAD_INPUT], "bad input", False),
            (self._statuses[ExitStatus.NOT_CERTIFIED], "without certificate", False),
            (internal, count(internal, "internal error").split(" ", 1)[1], False),
        ]
        return ", ".join(f"{number} {kind}" for number, kind, always in kinds if number or always)

    def progress(self) -> Line:
        """One line on how far the batch is: counts, nets per second in this run, and how long the rest may take."""
        if self.total is None:
            return Line(f"{count(self.done, 'net')}: {self.counts()}")
        line = f"{self.done} of {count(self.total, 'net')}: {self.counts()}"
        now = self.done - self.earlier
        if not now:
            return share_of(line, self.done, self.total)
        seconds = max(time.monotonic() - self._start, 1e-9)
        left = seconds / now * (self.total - self.done)
        return share_of(f"{line}; {_rate(now / seconds)}, {duration(left)} left", self.done, self.total)

    def summary(self) -> str:
        """The last line of a batch."""
        seconds = time.monotonic() - self._start
        earlier = f", {self.earlier} of them earlier" if self.earlier else ""
        nets = count(self.done, "net")
        return f"{nets}{earlier}: {self.counts()}; {duration(seconds)}"


def _rate(each_second: float) -> str:
    return f"{each_second:.1f} nets/s" if each_second >= 0.1 else f"{each_second * 3600:.1f} nets/h"
