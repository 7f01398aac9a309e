"""F in floating point, for runs of large iterations: matrices by levels, forward with p x m tangents, or backward.

Nodes of one level read only earlier ones.  The rows of a level that have many entries become one dense matrix over the
columns that many of them read, so that a step costs what its matrices cost; other entries are gathered, the first of
each row together, then the second of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = slice | NDArray[np.int64]

# Rows with at most so many entries are gathered; so are columns that fewer than this share of the long rows read.
_SHORT, _SHARE = 4, 0.1


class Relus(NamedTuple):
    """``targets`` = relu of ``arguments``."""

    targets: Places
    arguments: Places


class Gathered(NamedTuple):
    """At most one entry of each row: ``rows``, the node that is ``read``, the entry."""

    rows: Places
    read: Places
    entries: Array


class Rows(NamedTuple):
    """``targets`` = ``bias`` + what is gathered + in the rows ``long`` ``dense`` @ the values of ``columns``."""

    targets: Places
    bias: Array
    gathered: tuple[Gathered, ...]
    long: Places
    columns: Places
    dense: Array | None


class Compiled:
    """F as levels.

    Parameters
    ----------
    iteration : F, theta and the start; rounded to floats.
    slope : relu'(0), for all relus.
    """

    def __init__(self, iteration: Iteration, slope: float) -> None:
        lowered = iteration.program.lowered
        self.size, self.slope = lowered.inputs + len(lowered.nodes), slope
        states, parameters = iteration.columns()
        self.states, self.parameters, self.outputs = places(states), places(parameters), places(lowered.outputs)
        self.theta = np.array([float(entry) for entry in iteration.theta])
        self.start = np.array([float(entry) for entry in iteration.start])
        self.levels = _levels(lowered)

    def step(self, state: Array) -> tuple[Array, Array]:
        """F(x), and the values of all nodes."""
        values: Array = np.zeros(self.size)
        values[self.states], values[self.parameters] = state, self.theta
        for level in self.levels:
            if isinstance(level, Relus):
                values[level.targets] = np.maximum(values[level.arguments], 0.0)
                continue
            total = level.bias.copy()
            for part in level.gathered:
                total[part.rows] += part.entries * values[part.read]
            if level.dense is not None:
                total[level.long] += level.dense @ values[level.columns]
            values[level.targets] = total
        return values[self.outputs], values

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


def _add(target: Array, places: Places, values: Array) -> None:
    """Also where a place stands more than once."""
    if isinstance(places, slice):
        target[places] += values
    else:
        np.add.at(target, places, values)


def places(numbers: Sequence[int] | NDArray[np.int64]) -> Places:
    """Numbers that follow one another as a slice."""
    indices = np.asarray(numbers, dtype=np.int64)
    if len(indices) and (np.diff(indices) == 1).all():
        return slice(int(indices[0]), int(indices[0]) + len(indices))
    return indices


def _levels(lowered: Lowered) -> list[Relus | Rows]:
    depth = [0] * lowered.inputs
    rows: dict[int, list[int]] = {}
    relus: dict[int, list[tuple[int, int]]] = {}
    for index, node in enumerate(lowered.nodes, start=lowered.inputs):
        read = (node.argument,) if isinstance(node, Relu) else node.arguments
        depth.append(1 + max([depth[argument] for argument in read], default=0))
        if isinstance(node, Relu):
            relus.setdefault(depth[index], []).append((index, node.argument))
        else:
            rows.setdefault(depth[index], []).append(index)
    levels: list[Relus | Rows] = []
    for number in range(1, max(depth) + 1):
        if number in rows:
            levels.append(_rows(lowered, rows[number]))
        if number in relus:
            targets, arguments = zip(*relus[number], strict=True)
            levels.append(Relus(places(targets), places(arguments)))
    return levels


def _rows(lowered: Lowered, targets: list[int]) -> Rows:
    nodes = [node for index in targets if isinstance(node := lowered.nodes[index - lowered.inputs], Row)]
    long = [place for place, node in enumerate(nodes) if len(node.arguments) > _SHORT]
    seen = Counter(argument for place in long for argument in nodes[place].arguments)
    common = sorted(argument for argument, times in seen.items() if times >= _SHARE * len(long))
    column = {argument: number for number, argument in enumerate(common)}
    row_of = {place: number for number, place in enumerate(long)}
    dense = np.zeros((len(long), len(common)))
    turns: list[tuple[list[int], list[int], list[float]]] = []
    for place, node in enumerate(nodes):
        turn = 0
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            entry = coefficient / node.denominator
            if place in row_of and argument in column:
                dense[row_of[place], column[argument]] += entry
                continue
            if turn == len(turns):
                turns.append(([], [], []))
            where, read, entries = turns[turn]
            where.append(place)
            read.append(argument)
            entries.append(entry)
            turn += 1
    gathered = [Gathered(places(where), places(read), np.array(entries)) for where, read, entries in turns]
    bias: Array = np.array([node.bias / node.denominator for node in nodes])
    return Rows(places(targets), bias, tuple(gathered), places(long), places(common), dense if common else None)
