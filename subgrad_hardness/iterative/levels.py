"""The levels of F: which nodes are computed at one time, and as which matrices.

Nodes of one level read only earlier ones, and are numbered anew, so that those of a level follow one another.  The rows
of a level that have many entries become one dense matrix over the columns that many of them read, so that a step costs
what its matrices cost; other entries are gathered, the first of each row together, then the second of each.  A small
program is multiplied out between its relus, since there the number of levels costs more than their entries.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from subgrad_hardness.common.doubles import as_double, quotient
from subgrad_hardness.iterative.in_place import Places, places
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Rows with at most so many entries are gathered; so are columns that fewer than this share of the long rows read,
# unless a row has more than so many of them and the whole matrix fewer entries than this.
_SHORT, _SHARE, _MOST_GATHERED, _SMALL = 4, 0.1, 48, 4_000_000
# A program is multiplied out where that has at most so many entries ...
_MULTIPLIED = 32_768
#: ... which is tried if its nodes times its inputs and relus are no more than this.
TRIED = 1_000_000


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


class Levelled(NamedTuple):
    """F in levels, with theta and the start as doubles.

    Attributes
    ----------
    inputs, size : how many numbers inputs have, and inputs and nodes.
    states, parameters, outputs : their numbers.
    preactivations : the arguments of all relus, in the order of the program.
    """

    inputs: int
    size: int
    levels: list[Relus | Rows]
    states: Places
    parameters: Places
    outputs: Places
    preactivations: Places
    theta: Array
    start: Array


def levelled(iteration: Iteration) -> Levelled:
    """F, theta and the start; rounded to doubles, infinite ones beyond their range."""
    lowered = iteration.program.lowered
    theta = np.array([as_double(entry) for entry in iteration.theta])
    states, parameters = iteration.columns()
    with np.errstate(all="ignore"):
        fixed = dict(zip(parameters, theta.tolist(), strict=True))
        levels, number = _multiplied_out(lowered) or _by_depth(lowered, fixed)
    read = [node.argument for node in lowered.nodes if isinstance(node, Relu)]
    return Levelled(
        inputs=lowered.inputs,
        size=lowered.inputs + len(lowered.nodes),
        levels=levels,
        states=places(states),
        parameters=places(parameters),
        outputs=places(number[list(lowered.outputs)]),
        preactivations=places(number[read]),
        theta=theta,
        start=np.array([as_double(entry) for entry in iteration.start]),
    )


def _by_depth(lowered: Lowered, fixed: dict[int, float]) -> tuple[list[Relus | Rows], NDArray[np.int64]]:
    """The levels, in new numbers, and the new number of each node that is computed; inputs keep theirs.

    ``fixed`` has the values of the parameters, by their inputs.
    """
    depth = [0] * lowered.inputs
    rows: dict[int, list[int]] = {}
    bent: dict[int, list[int]] = {}
    for index, node in enumerate(lowered.nodes, start=lowered.inputs):
        read = (node.argument,) if isinstance(node, Relu) else node.arguments
        depth.append(1 + max([depth[argument] for argument in read], default=0))
        (bent if isinstance(node, Relu) else rows).setdefault(depth[index], []).append(index)
    number = np.arange(lowered.inputs + len(lowered.nodes))
    levels: list[Relus | Rows] = []
    last = lowered.inputs
    for place in range(1, max(depth) + 1):
        if place in rows:
            targets = slice(last, last + len(rows[place]))
            number[rows[place]], last = np.arange(targets.start, targets.stop), targets.stop
            nodes = [node for index in rows[place] if isinstance(node := lowered.nodes[index - lowered.inputs], Row)]
            levels.append(_rows(nodes, number, targets, fixed))
        if place in bent:
            last = _bend(lowered, bent[place], number, last, levels)
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


def _bend(lowered: Lowered, relus: list[int], number: NDArray[np.int64], last: int, levels: list[Relus | Rows]) -> int:
    """A level of relus in the order of their arguments; returns where it ends."""
    pairs = [
        (int(number[node.argument]), index)
        for index in relus
        if isinstance(node := lowered.nodes[index - lowered.inputs], Relu)
    ]
    arguments, own = zip(*sorted(pairs), strict=True)
    targets = slice(last, last + len(own))
    number[list(own)] = np.arange(targets.start, targets.stop)
    levels.append(Relus(targets, places(arguments)))
    return targets.stop


def _multiplied_out(lowered: Lowered) -> tuple[list[Relus | Rows], NDArray[np.int64]] | None:
    """Of a small program: what relus of one depth read is one matrix over inputs and earlier relus.

    None where that would be large, or has entries beyond the range of doubles.
    """
    inputs, nodes = lowered.inputs, lowered.nodes
    relus = [index for index, node in enumerate(nodes, start=inputs) if isinstance(node, Relu)]
    read = {*[node.argument for node in nodes if isinstance(node, Relu)], *lowered.outputs}
    wanted = [index for index in sorted(read) if index >= inputs and isinstance(nodes[index - inputs], Row)]
    width, height = inputs + len(relus), inputs + len(nodes)
    if height * width > TRIED:
        return None
    column = {index: place for place, index in enumerate([*range(inputs), *relus])}
    forms, biases, depth = np.zeros((height, width)), np.zeros(height), [0] * inputs
    forms[list(column), list(column.values())] = 1.0
    for index, node in enumerate(nodes, start=inputs):
        if isinstance(node, Relu):
            depth.append(1 + depth[node.argument])
            continue
        arguments = list(node.arguments)
        entries = np.array([quotient(entry, node.denominator) for entry in node.coefficients])
        depth.append(max([depth[argument] for argument in arguments], default=0))
        forms[index] = entries @ forms[arguments]
        biases[index] = entries @ biases[arguments] + quotient(node.bias, node.denominator)
    if not (np.isfinite(forms).all() and np.isfinite(biases).all()):
        return None
    number, levels, last, entries_made = np.arange(height), list[Relus | Rows](), inputs, 0
    sources = np.array([*range(inputs), *relus])
    for place in range(max(depth) + 1):
        bent = [index for index in relus if depth[index] == place]
        if bent:
            last = _bend(lowered, bent, number, last, levels)
        own = [index for index in wanted if depth[index] == place]
        if own:
            targets = slice(last, last + len(own))
            number[own], last = np.arange(targets.start, targets.stop), targets.stop
            used = np.flatnonzero(forms[own].any(axis=0))
            used = used[np.argsort(number[sources[used]])]
            entries_made += len(own) * len(used)
            dense = np.ascontiguousarray(forms[own][:, used]) if len(used) else None
            columns = places(number[sources[used]])
            levels.append(Rows(targets, biases[own], (), slice(0, len(own)), columns, dense))
    return (levels, number) if entries_made <= _MULTIPLIED else None
