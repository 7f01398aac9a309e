"""Tangents in floating point: J -> A J + B at the state that a step has just left, as cheaply as active relus allow.

A relu that blocks has tangent 0, so that what only blocked relus read is not computed, and rows that read nothing else
stay 0.  Which rows are left is worked out once for each pattern of relus, and a run soon keeps to one pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from subgrad_hardness.iterative.compiled import Compiled, Relus, Rows, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = slice | NDArray[np.int64]


class _Work(NamedTuple):
    """``targets`` = ``dense`` @ tangents of ``columns`` in the rows ``long`` + gathered ones (rows, read, entries)."""

    height: int
    targets: Places
    gathered: tuple[tuple[Places, Places, Array], ...]
    long: Places
    columns: Places
    dense: Array | None


class Tangents:
    """p x m tangents along a run."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._every = np.arange(compiled.size)
        self._pattern: bytes | None = None
        self._work: list[_Work] = []
        self._moved: Array = np.zeros((compiled.size, len(compiled.theta)))

    def step(self, jacobian: Array, values: Array) -> Array:
        """A J + B at the state that gave ``values``."""
        compiled = self.compiled
        slopes = [compiled.slopes(values[level.arguments]) for level in compiled.levels if isinstance(level, Relus)]
        pattern = b"".join([each.tobytes() for each in slopes])
        if pattern != self._pattern:
            self._pattern = pattern
            self._plan(slopes)
        moved = self._moved
        moved[compiled.states] = jacobian
        for work in self._work:
            total = np.zeros((work.height, moved.shape[1]))
            if work.dense is not None:
                total[work.long] = work.dense @ moved[work.columns]
            for rows, read, entries in work.gathered:
                total[rows] += entries * moved[read]
            moved[work.targets] = total
        found: Array = moved[compiled.outputs]
        return found

    def _plan(self, slopes: list[Array]) -> None:
        """The rows to be computed, and their entries."""
        compiled = self.compiled
        needed = np.zeros(compiled.size, dtype=bool)
        needed[compiled.outputs] = True
        rest = list(slopes)
        for level in reversed(compiled.levels):
            if isinstance(level, Relus):
                np.logical_or.at(needed, self._every[level.arguments], needed[level.targets] & (rest.pop() != 0))
                continue
            own = needed[level.targets]
            for part in level.gathered:
                np.logical_or.at(needed, self._every[part.read], own[part.rows])
            if level.dense is not None and own[level.long].any():
                needed[level.columns] = True
        self._moved = np.zeros_like(self._moved)
        self._moved[compiled.parameters] = np.eye(len(compiled.theta))
        live = np.zeros(compiled.size, dtype=bool)
        live[compiled.states] = live[compiled.parameters] = True
        self._work, rest = [], list(slopes)
        for level in compiled.levels:
            work = self._relus(level, rest.pop(0), needed, live) if isinstance(level, Relus) else None
            if isinstance(level, Rows):
                work = self._rows(level, needed, live)
            if work is not None and work.height:
                live[work.targets] = True
                self._work.append(work)

    def _relus(self, level: Relus, slopes: Array, needed: NDArray[np.bool_], live: NDArray[np.bool_]) -> _Work:
        kept = np.flatnonzero((slopes != 0) & needed[level.targets] & live[level.arguments])
        targets, read = self._every[level.targets][kept], self._every[level.arguments][kept]
        part = (slice(0, len(kept)), places(read), slopes[kept][:, None])
        return _Work(len(kept), places(targets), (part,), slice(0), slice(0), None)

    def _rows(self, level: Rows, needed: NDArray[np.bool_], live: NDArray[np.bool_]) -> _Work:
        targets = self._every[level.targets]
        wanted = needed[level.targets]
        inner = np.arange(len(targets))
        long = inner[level.long]
        rows_of_dense = np.flatnonzero(wanted[level.long]) if level.dense is not None else np.zeros(0, dtype=np.int64)
        alive = np.zeros(len(targets), dtype=bool)
        alive[long[rows_of_dense]] = True
        gathered = []
        for part in level.gathered:
            rows, read = inner[part.rows], self._every[part.read]
            kept = np.flatnonzero(wanted[rows] & live[read])
            alive[rows[kept]] = True
            gathered.append((rows[kept], read[kept], part.entries[kept]))
        number = np.cumsum(alive) - 1
        dense = None if level.dense is None or not len(rows_of_dense) else level.dense
        if dense is not None and len(rows_of_dense) < len(dense):
            dense = dense[rows_of_dense]
        return _Work(
            int(alive.sum()),
            places(targets[alive]),
            tuple(
                [
                    (places(number[rows]), places(read), entries[:, None])
                    for rows, read, entries in gathered
                    if len(rows)
                ]
            ),
            places(number[long[rows_of_dense]]),
            level.columns,
            dense,
        )
