"""A local net compiled to numpy, for many directions at once; for proposals only.

Nodes are grouped into levels; a level's sums are one gather, one product and one ``np.add.reduceat``.
Coefficients of the local net are integers of any size, so every node is rescaled by a power of two
of its own (relu commutes with positive scaling) that keeps each row's absolute sum at most 1: no value
ever exceeds the largest entry of its direction.  Entries too small for binary64 become 0.  What comes
out is rounded, and nothing exact may rest on it: whoever uses a proposal recomputes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]

#: One evaluation holds at most about this many bytes; more directions are cut into batches.
_MOST_BYTES = 64 * 2**20


class _Step(NamedTuple):
    """Rows first..last-1 of the value table: sums of the gathered rows, or relus (no coefficients).

    With a ``matrix`` the sums are its products with the rows ``arguments``, each of which stands there once.
    ``distinct``: relus read a row each.
    """

    first: int
    last: int
    arguments: IndexArray
    coefficients: FloatArray | None
    starts: IndexArray | None
    matrix: FloatArray | None = None
    distinct: bool = False

    def sums(self, values: FloatArray, target: FloatArray) -> None:
        """The sums, of the rows of a table, into ``target``."""
        gathered = values[self.arguments]
        if self.matrix is not None:
            np.matmul(self.matrix, gathered, out=target)
        elif self.coefficients is not None and self.starts is not None:
            gathered *= self.coefficients[:, np.newaxis]
            np.add.reduceat(gathered, self.starts, axis=0, out=target)

    def pulled(self, adjoint: FloatArray) -> None:
        """Add to the adjoints of what the sums read what they bring to these, rows of one table."""
        own = adjoint[self.first : self.last]
        if self.matrix is not None:
            adjoint[self.arguments] += self.matrix.T @ own
        elif self.coefficients is not None and self.starts is not None:
            lengths = np.diff(np.append(self.starts, len(self.arguments)))
            np.add.at(adjoint, self.arguments, self.coefficients[:, np.newaxis] * np.repeat(own, lengths, axis=0))

    def brought(self, adjoint: FloatArray, shares: FloatArray) -> None:
        """Add to the adjoints of what relus read a share each."""
        if self.distinct:
            adjoint[self.arguments] += shares
        else:
            np.add.at(adjoint, self.arguments, shares)

    def dense(self) -> _Step:
        """The same with a matrix, where that has few zeros."""
        if self.coefficients is None or self.starts is None:
            return self
        columns, where = np.unique(self.arguments, return_inverse=True)
        rows = self.last - self.first
        if len(self.arguments) * 4 < rows * len(columns):
            return self
        matrix = np.zeros((rows, len(columns)))
        lengths = np.diff(np.append(self.starts, len(self.arguments)))
        np.add.at(matrix, (np.repeat(np.arange(rows), lengths), where.reshape(-1)), self.coefficients)
        return self._replace(arguments=columns, matrix=matrix)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledNet:
    """F'(x0; .) in floating point; ``compile_net`` makes one.

    Attributes
    ----------
    batch : so many directions are evaluated at once.
    """

    inputs: int
    _size: int
    _steps: tuple[_Step, ...]
    _kinks: IndexArray
    _outputs: IndexArray
    batch: int

    def evaluate(self, directions: FloatArray) -> tuple[BoolArray, FloatArray]:
        """Branches and outputs along many directions.

        Parameters
        ----------
        directions : (n, p) binary64, entries at most 2^1000 in size.

        Returns
        -------
        passing : (n, K) bool, True where kink k (in the order of ``LocalNet.kinks``) has a positive
            preactivation; a tie does not pass.
        outputs : (n, m) binary64, each output up to a positive power of two that is the same for all
            directions.

        Both rounded.  Costs n times the nonzeros, in batches of at most 64 MB.
        """
        count = len(directions)
        passing: BoolArray = np.empty((count, len(self._kinks)), dtype=np.bool_)
        outputs: FloatArray = np.empty((count, len(self._outputs)))
        for first in range(0, count, self.batch):
            batch = slice(first, min(first + self.batch, count))
            values = self.values(directions[batch])
            passing[batch] = (values[self._kinks] > 0).T
            outputs[batch] = values[self._outputs].T
        return passing, outputs

    def derivatives(self, directions: FloatArray, along: FloatArray) -> FloatArray:
        """The derivatives of the outputs in one direction, in the cells of many.

        Parameters
        ----------
        directions : (n, p) binary64: they say which kinks pass.
        along : (p,) binary64.

        Returns
        -------
        (n, m) binary64, scaled as the outputs of ``evaluate``.  Rounded; costs twice as much as ``evaluate``.
        """
        result: FloatArray = np.empty((len(directions), len(self._outputs)))
        for first in range(0, len(directions), self.batch):
            batch = slice(first, min(first + self.batch, len(directions)))
            values = self.values(directions[batch])
            moved: FloatArray = np.empty_like(values)
            moved[: self.inputs] = along[:, np.newaxis]
            moved[-1] = 0
            for step in self._steps:
                target = moved[step.first : step.last]
                if step.coefficients is None:
                    np.multiply(moved[step.arguments], values[step.first : step.last] > 0, out=target)
                else:
                    step.sums(moved, target)
            result[batch] = moved[self._outputs].T
        return result

    @property
    def arguments(self) -> IndexArray:
        """The rows of ``values`` that kinks read, step by step."""
        read = [step.arguments for step in self._steps if step.coefficients is None]
        return np.concatenate(read) if read else _indices([])

    def curvature(
        self, values: FloatArray, slopes: FloatArray, steepness: FloatArray, along: FloatArray, weights: FloatArray
    ) -> FloatArray:
        """The gradient, with respect to the directions, of a derivative whose kinks have slopes that depend on them.

        Parameters
        ----------
        values : as ``values`` gave them for n directions.
        slopes, steepness : of each kink, in the order of ``arguments``, its slope and the derivative of this with
            respect to the preactivation, (K, n).
        along : (p,), the direction of differentiation.
        weights : (m,), of the outputs' derivatives, scaled as ``derivatives``.

        Returns
        -------
        (n, p) binary64.  Rounded; costs four times as much as ``evaluate``, without batches.
        """
        moved: FloatArray = np.empty_like(values)
        moved[: self.inputs] = along[:, np.newaxis]
        moved[-1] = 0
        place, places = 0, []
        for step in self._steps:
            target = moved[step.first : step.last]
            if step.coefficients is None:
                places.append(slice(place, place + step.last - step.first))
                place += step.last - step.first
                np.multiply(moved[step.arguments], slopes[places[-1]], out=target)
            else:
                step.sums(moved, target)
        linear: FloatArray = np.zeros_like(values)  # adjoints of what moved, and of the values
        adjoint: FloatArray = np.zeros_like(values)
        np.add.at(linear, self._outputs, weights[:, np.newaxis])
        for step in reversed(self._steps):
            if step.coefficients is None:
                own, kinks = slice(step.first, step.last), places.pop()
                brought = steepness[kinks] * linear[own] * moved[step.arguments]
                brought += np.where(values[own] > 0, adjoint[own], 0)
                step.brought(adjoint, brought)
                step.brought(linear, slopes[kinks] * linear[own])
            else:
                step.pulled(linear)
                step.pulled(adjoint)
        return adjoint[: self.inputs].T

    def values(self, directions: FloatArray) -> FloatArray:
        """The table of all values, a column a direction, without batches."""
        values: FloatArray = np.empty((self._size, len(directions)))
        values[: self.inputs] = directions.T
        values[-1] = 0  # the row that ZERO refers to
        for step in self._steps:
            target = values[step.first : step.last]
            if step.coefficients is None:
                np.maximum(values[step.arguments], 0, out=target)
            else:
                step.sums(values, target)
        return values


def compile_net(net: LocalNet, *, dense: bool = False) -> CompiledNet:
    """Compile ``net``; linear in its nonzeros.

    ``dense``: layers with few zeros become matrices.  That is many times as fast; which way their products are rounded
    is up to the library that takes them.
    """
    levels = [0] * net.inputs
    for node in net.nodes:
        arguments = (node.argument,) if isinstance(node, Kink) else node.arguments
        levels.append(1 + max(levels[argument] for argument in arguments))
    groups: dict[tuple[int, bool], list[int]] = {}
    for slot, node in enumerate(net.nodes, net.inputs):
        groups.setdefault((levels[slot], isinstance(node, Kink)), []).append(slot)
    rows = {slot: slot for slot in range(net.inputs)}
    for _, slots in sorted(groups.items()):
        for slot in slots:
            rows[slot] = len(rows)
    size = len(rows) + 1
    rows[ZERO] = size - 1
    scaled = _rescaled(net)
    steps = tuple(_step(net, slots, kinks, rows, scaled) for (_, kinks), slots in sorted(groups.items()))
    if dense:
        steps = tuple(step.dense() for step in steps)
    widest = max((len(step.arguments) for step in steps), default=0)
    return CompiledNet(
        net.inputs,
        size,
        steps,
        _indices([rows[slot] for slot in net.kinks]),
        _indices([rows[slot] for slot in net.outputs]),
        max(1, _MOST_BYTES // (8 * (size + widest))),
    )


def _step(net: LocalNet, slots: list[int], kinks: bool, rows: dict[int, int], scaled: list[list[float]]) -> _Step:
    first = rows[slots[0]]
    arguments: list[int] = []
    coefficients: list[float] = []
    starts: list[int] = []
    for slot in slots:
        node = net.nodes[slot - net.inputs]
        starts.append(len(arguments))
        if isinstance(node, Sum):
            arguments.extend(rows[argument] for argument in node.arguments)
            coefficients.extend(scaled[slot - net.inputs])
        else:
            arguments.append(rows[node.argument])
    if kinks:
        return _Step(
            first, first + len(slots), _indices(arguments), None, None, distinct=len(set(arguments)) == len(slots)
        )
    return _Step(first, first + len(slots), _indices(arguments), np.array(coefficients), _indices(starts))


def _rescaled(net: LocalNet) -> list[list[float]]:
    """The float coefficients of every sum (empty for a kink).

    Value table entry = node value * 2^-exponent, the exponent such that the row's absolute sum is
    at most 1.
    """
    exponents = [0] * net.inputs
    result: list[list[float]] = []
    for node in net.nodes:
        if isinstance(node, Kink):
            exponents.append(exponents[node.argument])
            result.append([])
            continue
        terms = [
            (coefficient, exponents[argument])
            for coefficient, argument in zip(node.coefficients, node.arguments, strict=True)
        ]
        top = max(coefficient.bit_length() + exponent for coefficient, exponent in terms)
        scaled = [_shifted(coefficient, exponent - top) for coefficient, exponent in terms]
        _, excess = math.frexp(sum(map(abs, scaled)))
        exponents.append(top + excess)
        result.append([math.ldexp(entry, -excess) for entry in scaled])
    return result


def _shifted(coefficient: int, exponent: int) -> float:
    """coefficient * 2^exponent, where that is at most 1 in size; 64 leading bits are kept."""
    dropped = max(0, coefficient.bit_length() - 64)
    return math.ldexp(float(coefficient >> dropped), dropped + exponent)


def _indices(values: list[int]) -> IndexArray:
    result: NDArray[Any] = np.array(values, dtype=np.intp)
    return result
