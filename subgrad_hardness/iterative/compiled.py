"""F in floating point: matrices by levels, forward with p x m ``tangents``, or backward.  It decides nothing.

Nodes of one level read only earlier ones, and are numbered anew, so that those of a level follow one another.  The rows
of a level that have many entries become one dense matrix over the columns that many of them read, so that a step costs
what its matrices cost; other entries are gathered, the first of each row together, then the second of each.  What
depends on theta alone is added up once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from subgrad_hardness.iterative.doubles import as_double, quotient
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = slice | NDArray[np.int64]

# Rows with at most so many entries are gathered; so are columns that fewer than this share of the long rows read,
# unless a row has more than so many of them and the whole matrix fewer entries than this.
_SHORT, _SHARE, _MOST_GATHERED, _SMALL = 4, 0.1, 48, 4_000_000


class Relus(NamedTuple):
    """``targets`` = relu of ``arguments``."""

    targets: slice
    arguments: Places


class Gathered(NamedTuple):
    """At most one entry of each row: ``rows``, the node that is ``read``, the entry; ``fixed``: parameters are read."""

    rows: Places
    read: Places
    entries: Array
    fixed: bool


class Rows(NamedTuple):
    """``targets`` = ``shift`` + what is gathered + in the rows ``long`` ``dense`` @ the values of ``columns``.

    ``shift`` has the biases and what the fixed gathered entries add.
    """

    targets: slice
    shift: Array
    gathered: tuple[Gathered, ...]
    long: Places
    columns: Places
    dense: Array | None


class Compiled:
    """F as levels.

    Parameters
    ----------
    iteration : F, theta and the start; rounded to doubles, infinite ones beyond their range.
    slope : relu'(0), for all relus.
    """

    def __init__(self, iteration: Iteration, slope: float = 0.0) -> None:
        lowered = iteration.program.lowered
        self.size, self.slope = lowered.inputs + len(lowered.nodes), slope
        self.theta = np.array([as_double(entry) for entry in iteration.theta])
        self.start = np.array([as_double(entry) for entry in iteration.start])
        states, parameters = iteration.columns()
        with np.errstate(all="ignore"):
            self.levels, number = _levels(lowered, dict(zip(parameters, self.theta.tolist(), strict=True)))
        self.states, self.parameters = places(states), places(parameters)
        self.outputs = places(number[list(lowered.outputs)])
        relus = [node.argument for node in lowered.nodes if isinstance(node, Relu)]
        #: The arguments of all relus, in the order of the program, and in that of the levels.
        self.preactivations = places(number[relus])
        own = [np.arange(self.size)[level.arguments] for level in self.levels if isinstance(level, Relus)]
        self.arguments = places(np.concatenate(own)) if own else slice(0)
        self._values: Array = np.zeros(self.size)
        self._values[self.parameters] = self.theta

    def step(self, state: Array) -> tuple[Array, Array]:
        """F(x), and the values of all nodes, until the next step.  A number that is not finite is passed on."""
        values = self._values
        values[self.states] = state
        for level in self.levels:
            total = values[level.targets]
            if isinstance(level, Relus):
                np.maximum(_at(values, level.arguments), 0.0, out=total)
                continue
            if level.dense is not None and len(level.dense) == len(total):
                np.dot(level.dense, values[level.columns], out=total)
                total += level.shift
            else:
                total[:] = level.shift
                if level.dense is not None:
                    total[level.long] += level.dense @ values[level.columns]
            for part in level.gathered:
                if not part.fixed:
                    total[part.rows] += part.entries * _at(values, part.read)
        following = values[self.outputs]
        return following.copy() if isinstance(self.outputs, slice) else following, values

    def passing(self) -> NDArray[np.bool_]:
        """Of each relu of F, in the order of the program, whether it passed in the last step."""
        return self._values[self.preactivations] > 0.0

    def pull(self, weights: Array, values: Array) -> tuple[Array, Array]:
        """(w A, w B) at the state that gave ``values``."""
        adjoint = np.zeros(self.size)
        _add(adjoint, self.outputs, weights)
        for level in reversed(self.levels):
            own = adjoint[level.targets]
            if isinstance(level, Relus):
                _add(adjoint, level.arguments, own * self.slopes(values[level.arguments]))
                continue
            if level.dense is not None:
                adjoint[level.columns] += own[level.long] @ level.dense
            for part in level.gathered:
                _add(adjoint, part.read, own[part.rows] * part.entries)
        return adjoint[self.states], adjoint[self.parameters]

    def slopes(self, z: Array) -> Array:
        """What relus with these arguments multiply tangents with."""
        slopes: Array = np.where(z > 0, 1.0, 0.0)
        if self.slope:
            slopes[z == 0] = self.slope
        return slopes


def _at(values: Array, where: Places) -> Array:
    return values[where] if isinstance(where, slice) else values.take(where)


def _add(target: Array, where: Places, values: Array) -> None:
    """Also where a place stands more than once."""
    if isinstance(where, slice):
        target[where] += values
    else:
        np.add.at(target, where, values)


def places(numbers: Sequence[int] | NDArray[np.int64]) -> Places:
    """Numbers that follow one another as a slice."""
    indices = np.asarray(numbers, dtype=np.int64)
    if not len(indices):
        return slice(0)
    if (np.diff(indices) == 1).all():
        return slice(int(indices[0]), int(indices[0]) + len(indices))
    return indices


def _levels(lowered: Lowered, fixed: dict[int, float]) -> tuple[list[Relus | Rows], NDArray[np.int64]]:
    """The levels, in new numbers, and the new number of each node; inputs keep theirs."""
    depth = [0] * lowered.inputs
    rows: dict[int, list[int]] = {}
    relus: dict[int, list[int]] = {}
    for index, node in enumerate(lowered.nodes, start=lowered.inputs):
        read = (node.argument,) if isinstance(node, Relu) else node.arguments
        depth.append(1 + max([depth[argument] for argument in read], default=0))
        (relus if isinstance(node, Relu) else rows).setdefault(depth[index], []).append(index)
    number = np.arange(lowered.inputs + len(lowered.nodes))
    levels: list[Relus | Rows] = []
    last = lowered.inputs
    for place in range(1, max(depth) + 1):
        if place in rows:
            targets = slice(last, last + len(rows[place]))
            number[rows[place]], last = np.arange(targets.start, targets.stop), targets.stop
            nodes = [node for index in rows[place] if isinstance(node := lowered.nodes[index - lowered.inputs], Row)]
            levels.append(_rows(nodes, number, targets, fixed))
        if place in relus:
            pairs = [
                (int(number[node.argument]), index)
                for index in relus[place]
                if isinstance(node := lowered.nodes[index - lowered.inputs], Relu)
            ]
            arguments, own = zip(*sorted(pairs), strict=True)
            targets = slice(last, last + len(own))
            number[list(own)], last = np.arange(targets.start, targets.stop), targets.stop
            levels.append(Relus(targets, places(arguments)))
    return levels, number


def _rows(nodes: list[Row], number: NDArray[np.int64], targets: slice, fixed: dict[int, float]) -> Rows:
    long = [place for place, node in enumerate(nodes) if len(node.arguments) > _SHORT]
    common = _common([nodes[place].arguments for place in long])
    column = {argument: index for index, argument in enumerate(common)}
    row_of = {place: index for index, place in enumerate(long)}
    dense = np.zeros((len(long), len(common)))
    turns: dict[tuple[bool, int], tuple[list[int], list[int], list[float]]] = {}
    shift: Array = np.array([quotient(node.bias, node.denominator) for node in nodes])
    for place, node in enumerate(nodes):
        own = row_of.get(place)
        used = [0, 0]
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            entry = quotient(coefficient, node.denominator)
            if own is not None and argument in column:
                dense[own, column[argument]] += entry
                continue
            constant = argument in fixed
            if constant:
                shift[place] += entry * fixed[argument]
            where, read, entries = turns.setdefault((constant, used[constant]), ([], [], []))
            where.append(place)
            read.append(int(number[argument]))
            entries.append(entry)
            used[constant] += 1
    gathered = [
        Gathered(places(where), places(read), np.array(entries), constant)
        for (constant, _), (where, read, entries) in turns.items()
    ]
    columns = places(number[common]) if common else slice(0)
    return Rows(targets, shift, tuple(gathered), places(long), columns, dense if common else None)


def _common(rows: list[tuple[int, ...]]) -> list[int]:
    """The columns of the dense matrix of these rows."""
    seen = Counter(argument for arguments in rows for argument in arguments)
    common = {argument for argument, times in seen.items() if times >= _SHARE * len(rows)}
    rest = max([sum(argument not in common for argument in arguments) for arguments in rows], default=0)
    return sorted(seen if rest > _MOST_GATHERED and len(rows) * len(seen) <= _SMALL else common)
