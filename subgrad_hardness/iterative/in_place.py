"""Levels of F as numpy calls that are made once and write where they are told: a call in a loop then costs little.

Of small states most of a step in doubles would be what Python does between numpy's calls: views of the table that are
taken anew, new arrays, choices among cases.  All of that depends on the program alone.  A table has a column for each
node; it is a vector of values, or has rows: values first, then the tangents of each parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
#: Columns, or nodes: those that follow one another as a slice.
Places: TypeAlias = "slice | NDArray[np.int64]"

#: One call without arguments; what it returns does not count.
Operation = Callable[[], Any]


def places(numbers: Sequence[int] | NDArray[np.int64]) -> Places:
    """Numbers that follow one another as a slice."""
    indices = np.asarray(numbers, dtype=np.int64)
    if not len(indices):
        return slice(0)
    if (np.diff(indices) == 1).all():
        return slice(int(indices[0]), int(indices[0]) + len(indices))
    return indices


def read_at(table: Array, where: Places) -> tuple[Array, list[Operation]]:
    """These columns of a table: a view, or a copy that the operations renew."""
    if isinstance(where, slice):
        return table[..., where], []
    copy: Array = np.empty((*table.shape[:-1], len(where)))
    return copy, [partial(table.take, where, axis=-1, out=copy, mode="clip")]


def affine(
    table: Array,
    targets: slice,
    constant: Array,
    gathered: Sequence[tuple[Places, Places, Array]],
    product: tuple[Places, Places, Array] | None,
) -> list[Operation]:
    """``targets`` = ``constant`` + what is gathered + a product with a dense matrix.

    ``gathered``: targets, each at most once; columns of the table; an entry for each.  ``product``: targets; columns of
    the table; their matrix.
    """
    total, operations, begun = table[..., targets], list[Operation](), False
    height = targets.stop - targets.start
    parts = [] if product is None else [product]
    for where, read, entries in [*parts, *gathered]:
        source, before = read_at(table, read)
        operations += before
        whole = isinstance(where, slice) and len(entries) == height and not begun
        if not begun and not whole:
            operations.append(partial(total.fill, 0.0))
        result: Array = total if whole else np.empty((*table.shape[:-1], len(entries)))
        if entries.ndim == 1:
            operations += [partial(np.multiply, x, entries, y) for x, y in _pairs(source, result)]
        elif table.ndim == 1:
            operations.append(partial(np.dot, entries, source, result))
        else:
            operations.append(partial(np.matmul, source, entries.T, result))
        if not whole:
            operations += [_added(x, where, y) for x, y in _pairs(total, result)]
        begun = True
    if not begun:
        operations.append(partial(np.copyto, total, constant))
    else:
        operations += [partial(np.add, x, y, x) for x, y in _pairs(total, constant) if y.any()]
    return operations


def relus(table: Array, targets: slice, arguments: Places, slope: float) -> list[Operation]:
    """relu of the first row, and its slopes, ``slope`` at 0, times the others."""
    source, operations = read_at(table, arguments)
    total = table[..., targets]
    if table.ndim == 1:
        return [*operations, partial(np.maximum, source, np.zeros(len(source)), out=total)]
    slopes, below = np.empty(source.shape[1]), np.zeros(source.shape[1])
    return [
        *operations,
        partial(np.heaviside, source[0], slope, slopes),
        partial(np.maximum, source[0], below, out=total[0]),
        *[partial(np.multiply, x, slopes, y) for x, y in _pairs(source[1:], total[1:])],
    ]


def _pairs(left: Array, right: Array) -> list[tuple[Array, Array]]:
    """Row by row, since numpy takes longer for a few short rows that lie apart."""
    return [(left, right)] if left.ndim == 1 else list(zip(left, right, strict=True))


def _added(total: Array, where: Places, result: Array) -> Operation:
    if isinstance(where, slice):
        part = total[where]
        return partial(np.add, part, result, part)

    def add() -> None:
        total[where] += result

    return add
