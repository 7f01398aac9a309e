"""What has to be computed for A J + B: all of a program with any slopes, or what one pattern of relus leaves of it.

A relu that blocks has tangent 0, so that what only blocked relus read is not computed, and rows that read nothing else
stay 0; one that passes has the tangent of its argument, and is not computed either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.in_place import Places, places
from subgrad_hardness.iterative.levels import Relus, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]


class Work(NamedTuple):
    """``targets`` = ``dense`` @ tangents of ``columns`` in the rows ``long`` + gathered ones (rows, read, entries)."""

    targets: slice
    gathered: tuple[tuple[Places, Places, Array], ...]
    long: Places = slice(0)
    columns: Places = slice(0)
    dense: Array | None = None


class Plan(NamedTuple):
    """Works over a table of tangents: of the states, of the parameters, of what is computed.

    Attributes
    ----------
    height : of the table.
    live, read : the outputs that are not 0, and their rows in the table.
    products : the cost for one column, in multiplications.
    """

    works: tuple[Work, ...]
    height: int
    live: Indices
    read: Places
    products: int

    def run(self, table: Array) -> Array:
        """The tangents of the live outputs, from the table's first rows."""
        for work in self.works:
            total = table[work.targets]
            parts = work.gathered
            if work.dense is not None and len(work.dense) == len(total):
                np.dot(work.dense, table[work.columns], out=total)
            elif work.dense is None and isinstance(parts[0][0], slice) and len(parts[0][2]) == len(total):
                np.multiply(parts[0][2][:, None], _rows_at(table, parts[0][1]), out=total)
                parts = parts[1:]
            else:
                total[:] = 0.0
                if work.dense is not None:
                    total[work.long] += work.dense @ table[work.columns]
            for rows, read, entries in parts:
                total[rows] += entries[:, None] * _rows_at(table, read)
        return _rows_at(table, self.read)


def _rows_at(table: Array, where: Places) -> Array:
    return table[where] if isinstance(where, slice) else table.take(where, axis=0)


def whole_plan(compiled: Compiled, slopes: Array) -> Plan:
    """For any slopes: those that ``slopes``, in the order of ``compiled.arguments``, holds when it runs."""
    return _Making(compiled, slopes, by_pattern=False).plan()


def plan_of(compiled: Compiled, slopes: Array) -> Plan:
    """For these slopes alone."""
    return _Making(compiled, slopes, by_pattern=True).plan()


class _Making:
    """``row``: of each node the row of the table; -1: its tangent is 0, or not needed."""

    def __init__(self, compiled: Compiled, slopes: Array, *, by_pattern: bool) -> None:
        self.compiled, self.by_pattern = compiled, by_pattern
        self.every = np.arange(compiled.size)
        self.slopes: list[Array] = []
        for level in compiled.levels:
            if isinstance(level, Relus):
                height = level.targets.stop - level.targets.start
                self.slopes.append(slopes[:height])
                slopes = slopes[height:]
        self.needed = self._needed()
        size, width = len(compiled.start), len(compiled.theta)
        self.row = np.full(compiled.size, -1)
        self.row[compiled.states] = np.arange(size)
        self.row[compiled.parameters] = size + np.arange(width)
        self.last = size + width

    def plan(self) -> Plan:
        """The levels one after the other."""
        works = []
        rest = list(self.slopes)
        for level in self.compiled.levels:
            work = self._relus(level, rest.pop(0)) if isinstance(level, Relus) else self._rows(level)
            if work is not None:
                works.append(work)
                self.last = work.targets.stop
        outputs = self.row[self.compiled.outputs]
        live = np.flatnonzero(outputs >= 0)
        products = sum([work.dense.size for work in works if work.dense is not None])
        products += sum([entries.size for work in works for _, _, entries in work.gathered])
        return Plan(tuple(works), self.last, live, places(outputs[live]), products)

    def _needed(self) -> Flags:
        """From which nodes a way leads to an output."""
        compiled = self.compiled
        needed = np.zeros(compiled.size, dtype=bool)
        needed[compiled.outputs] = True
        rest = list(self.slopes)
        for level in reversed(compiled.levels):
            own = needed[level.targets]
            if isinstance(level, Relus):
                passing = rest.pop() != 0 if self.by_pattern else True
                np.logical_or.at(needed, self.every[level.arguments], own & passing)
                continue
            for part in level.gathered:
                np.logical_or.at(needed, self.every[part.read], own[part.rows])
            if level.dense is not None and own[level.long].any():
                needed[level.columns] = True
        return needed

    def _relus(self, level: Relus, slopes: Array) -> Work | None:
        targets, read = self.every[level.targets], self.row[level.arguments]
        if not self.by_pattern:
            # The slopes are a view: what stands there when the plan runs.
            self.row[targets] = self.last + np.arange(len(targets))
            return Work(self._next(len(targets)), ((slice(None), places(read), slopes),))
        whole = slopes == 1
        self.row[targets[whole]] = read[whole]
        kept = np.flatnonzero((slopes != 0) & ~whole & (read >= 0))
        if not len(kept):
            return None
        self.row[targets[kept]] = self.last + np.arange(len(kept))
        return Work(self._next(len(kept)), ((slice(None), places(read[kept]), slopes[kept]),))

    def _rows(self, level: Rows) -> Work | None:
        targets, wanted = self.every[level.targets], self.needed[level.targets]
        inner = np.arange(len(targets))
        long, dense, columns = inner[level.long], level.dense, self.row[level.columns]
        used, live = np.flatnonzero(wanted[long]), np.flatnonzero(columns >= 0)
        if 2 * len(used) > len(long):
            used = np.arange(len(long))  # the matrix as it stands: a copy of most of it would cost more
        elif dense is not None:
            dense = dense[used]
        if dense is not None and len(live) < len(columns):
            dense = dense[:, live]
        if dense is not None and not dense.size:
            dense = None
        alive = np.full(len(targets), not self.by_pattern)  # for all slopes every node has a row
        if dense is not None:
            alive[long[used]] = True
        gathered = []
        for part in level.gathered:
            rows, read = inner[part.rows], self.row[part.read]
            kept = np.flatnonzero(wanted[rows] & (read >= 0))
            alive[rows[kept]] = True
            gathered.append((rows[kept], read[kept], part.entries[kept]))
        if not alive.any():
            return None
        number = np.cumsum(alive) - 1
        self.row[targets[alive]] = self.last + number[alive]
        parts = [(places(number[rows]), places(read), entries) for rows, read, entries in gathered if len(rows)]
        place = self._next(int(alive.sum()))
        return Work(place, tuple(parts), places(number[long[used]]), places(columns[live]), dense)

    def _next(self, height: int) -> slice:
        return slice(self.last, self.last + height)
