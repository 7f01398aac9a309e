"""x <- F(x, theta) in doubles, whole levels of the program at once: it proposes, and decides nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Lowered, Relu

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    Floats = Any


class FloatSteps:
    """F(., theta) in doubles.

    Parameters
    ----------
    iteration : F and theta; numbers beyond the range of doubles become infinite.

    Notes
    -----
    Nodes at one distance from the inputs are evaluated together: rows that read the same arguments are one matrix.
    """

    def __init__(self, iteration: Iteration) -> None:
        import numpy as np

        lowered = iteration.program.lowered
        states, parameters = iteration.columns()
        self._states, self._outputs = list(states), list(lowered.outputs)
        self._values = np.zeros(lowered.inputs + len(lowered.nodes))
        for column, value in zip(parameters, iteration.theta, strict=True):
            self._values[column] = as_double(value)
        relus = [node.argument for node in lowered.nodes if isinstance(node, Relu)]
        self._preactivations = np.array(relus, dtype=np.intp)
        self._levels = [_Level(lowered, level) for level in _levels(lowered)]

    def __call__(self, state: Floats) -> Floats:
        """The next state.  A number that is not finite is passed on."""
        import numpy as np

        values = self._values
        values[self._states] = state
        with np.errstate(all="ignore"):
            for level in self._levels:
                level.fill(values)
        return values[self._outputs]

    def passing(self) -> NDArray[np.bool_]:
        """Of each relu of F, in order, whether it passed in the last step."""
        return self._values[self._preactivations] > 0.0


def as_double(value: Any) -> float:
    """The nearest double of a rational, or an infinite one."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _levels(lowered: Lowered) -> list[list[int]]:
    depth = [0] * lowered.inputs
    levels: list[list[int]] = []
    for index, node in enumerate(lowered.nodes):
        read = (node.argument,) if isinstance(node, Relu) else node.arguments
        own = max([depth[argument] for argument in read], default=0)
        depth.append(own + 1)
        if own == len(levels):
            levels.append([])
        levels[own].append(index)
    return levels


class _Level:
    """Relus and rows none of which reads another."""

    def __init__(self, lowered: Lowered, level: list[int]) -> None:
        import numpy as np

        nodes = lowered.nodes
        relus = [(index, node) for index in level if isinstance(node := nodes[index], Relu)]
        self._relus = np.array([lowered.inputs + index for index, _ in relus], dtype=np.intp)
        self._read = np.array([node.argument for _, node in relus], dtype=np.intp)
        shared: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for index in level:
            node = nodes[index]
            if isinstance(node, Row):
                shared[node.arguments].append(index)
        self._dense = [_dense(lowered, arguments, indices) for arguments, indices in shared.items() if len(indices) > 1]
        alone = [(index, nodes[index]) for indices in shared.values() if len(indices) == 1 for index in indices]
        self._rows = np.array([lowered.inputs + index for index, _ in alone], dtype=np.intp)
        arguments: list[int] = []
        weights: list[float] = []
        starts, biases = [], []
        for _, row in alone:
            assert isinstance(row, Row)
            starts.append(len(arguments))
            arguments += [*row.arguments, 0]  # one term more, so that none is empty
            weights += [_ratio(entry, row.denominator) for entry in row.coefficients] + [0.0]
            biases.append(_ratio(row.bias, row.denominator))
        self._arguments, self._weights = np.array(arguments, dtype=np.intp), np.array(weights)
        self._starts, self._biases = np.array(starts, dtype=np.intp), np.array(biases)

    def fill(self, values: Floats) -> None:
        import numpy as np

        if len(self._relus):
            values[self._relus] = np.maximum(values[self._read], 0.0)
        for places, arguments, matrix, biases in self._dense:
            values[places] = matrix @ values[arguments] + biases
        if len(self._rows):
            products = self._weights * values[self._arguments]
            values[self._rows] = np.add.reduceat(products, self._starts) + self._biases


def _dense(lowered: Lowered, arguments: tuple[int, ...], indices: list[int]) -> tuple[Any, Any, Floats, Floats]:
    import numpy as np

    rows = [row for index in indices if isinstance(row := lowered.nodes[index], Row)]
    matrix = np.array([[_ratio(entry, row.denominator) for entry in row.coefficients] for row in rows])
    biases = np.array([_ratio(row.bias, row.denominator) for row in rows])
    places = np.array([lowered.inputs + index for index in indices], dtype=np.intp)
    return places, np.array(arguments, dtype=np.intp), matrix.reshape(len(rows), len(arguments)), biases


def _ratio(over: int, under: int) -> float:
    try:
        return over / under
    except OverflowError:
        return float("inf") if over > 0 else float("-inf")
