"""Arrays of traced numbers, on which the primitives of array libraries are carried out, an operation an entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import product
from typing import Any

from subgrad_hardness.cost_model import tracing
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.tracing import Traced

#: What a comparison is true for: the outcomes of sign(a, b).
COMPARISONS = {"gt": (1,), "ge": (0, 1), "lt": (-1,), "le": (-1, 0), "eq": (0,), "ne": (-1, 1)}


class Inputs:
    """The entries of arrays as the inputs of a program: ``traced`` are the arrays of traced numbers."""

    def __init__(self, arrays: Sequence[Any], names: Sequence[str]) -> None:
        import numpy as np

        labels, self.point = list[str](), list[Value]()
        for name, array in zip(names, arrays, strict=True):
            for index in np.ndindex(array.shape):
                labels.append(f"{name}[{','.join(map(str, index))}]" if index else name)
                self.point.append(float(array[index]))
        self.build, start, self.traced = Builder(labels), 0, list[Any]()
        for array in arrays:
            entries = np.empty(array.shape, dtype=object)
            for offset, index in enumerate(np.ndindex(array.shape)):
                entries[index] = Traced(self.build, start + offset)
            start += array.size
            self.traced.append(entries)

    def program(self, outputs: Sequence[Any], name: str | None) -> StraightLine:
        """The program whose outputs are the entries of these arrays."""
        import numpy as np

        slots = [self._slot(entry) for output in outputs for entry in np.asarray(output, dtype=object).ravel()]
        return self.build.program(*slots, point=self.point, name=name)

    def _slot(self, entry: Any) -> int:
        return entry._slot if isinstance(entry, Traced) else self.build.constant(tracing._constant(entry))


class Truth:
    """A comparison of traced numbers: its outcome, and for which outcomes it is true."""

    def __init__(self, first: Any, second: Any, name: str) -> None:
        self.outcome, self.true = tracing._function("sign", first, second), COMPARISONS[name]

    def choose(self, no: Any, yes: Any) -> Any:
        """``yes`` where it is true."""
        return tracing._function("pick", self.outcome, *[yes if each in self.true else no for each in (-1, 0, 1)])


def maximum(first: Any, second: Any) -> Any:
    for one, other in ((first, second), (second, first)):
        if not isinstance(one, Traced) and one == 0:
            return tracing.relu(other)
    return tracing.maximum(first, second)


def choose(which: Any, no: Any, yes: Any) -> Any:
    """``yes`` where a comparison is true."""
    return which.choose(no, yes) if isinstance(which, Truth) else (yes if which else no)


def along(function: Callable[[list[Any]], list[Any]], array: Any, axis: int) -> Any:
    """A function of lists carried out on each line of an array along an axis."""
    import numpy as np

    lines = np.moveaxis(array, axis, -1)
    result = np.empty(lines.shape, dtype=object)
    for index in np.ndindex(lines.shape[:-1]):
        result[index] = function(list(lines[index]))
    return np.moveaxis(result, -1, axis)


def joined(join: Callable[[Any, Any], Any], array: Any, axes: Sequence[int], keep: bool = False) -> Any:
    """The entries along axes joined, from the first to the last."""
    import numpy as np

    for axis in sorted(axes, reverse=True):
        parts = [np.take(array, [place], axis=axis) if keep else np.take(array, place, axis=axis)
                 for place in range(array.shape[axis])]  # fmt: skip
        total = parts[0]
        for part in parts[1:]:
            total = each(join, (total, part))
        array = np.asarray(total, dtype=object)
    return array


def each(function: Callable[..., Any], given: Sequence[Any]) -> Any:
    import numpy as np

    arrays = np.broadcast_arrays(*[np.asarray(each, dtype=object) for each in given])
    result = np.empty(arrays[0].shape, dtype=object)
    for index in np.ndindex(result.shape):
        result[index] = function(*[array[index] for array in arrays])
    return result


def contracted(first: Any, second: Any, numbers: Any) -> Any:
    """The contraction of ``dot_general``: result axes are the batch, those of the first, those of the second."""
    import numpy as np

    (over_first, over_second), (batch_first, batch_second) = numbers
    kept_first = [axis for axis in range(first.ndim) if axis not in (*over_first, *batch_first)]
    kept_second = [axis for axis in range(second.ndim) if axis not in (*over_second, *batch_second)]
    left = np.transpose(first, (*batch_first, *kept_first, *over_first))
    right = np.transpose(second, (*batch_second, *kept_second, *over_second))
    batch, inner = [first.shape[axis] for axis in batch_first], [first.shape[axis] for axis in over_first]
    rows, columns = [first.shape[axis] for axis in kept_first], [second.shape[axis] for axis in kept_second]
    result = np.empty((*batch, *rows, *columns), dtype=object)
    for where, row, column in product(np.ndindex(*batch), np.ndindex(*rows), np.ndindex(*columns)):
        products = [left[(*where, *row, *index)] * right[(*where, *column, *index)] for index in np.ndindex(*inner)]
        result[(*where, *row, *column)] = reduce(lambda total, term: total + term, products) if products else 0
    return result
