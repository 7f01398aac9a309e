"""A layer's step in doubles as levels: runs in floating point need no program, whose exact entries take far longer.

Inputs are numbered first, states before parameters; then z, the arguments of the relus, the relus, n(z) where Q mixes
them, and the outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from subgrad_hardness.iterative.algorithms.arithmetic import FLOAT
from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.algorithms.layer import Layer
from subgrad_hardness.iterative.in_place import Places, places
from subgrad_hardness.iterative.levels import Gathered, Levelled, Relus, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def algorithm_levels(algorithm: Algorithm) -> Levelled | None:
    """The step of an algorithm at its theta, from its start; None where it is no layer."""
    layer = algorithm.fast
    if not isinstance(layer, Layer):
        return None
    return _Numbering(algorithm, layer).levelled()


class _Numbering:
    """The numbers of a layer's values."""

    def __init__(self, algorithm: Algorithm, layer: Layer) -> None:
        self.layer = layer
        self.theta: Array = FLOAT.array(algorithm.theta)
        self.start: Array = FLOAT.array(algorithm.start)
        self.states = slice(0, len(self.start))
        self.parameters = slice(len(self.start), len(self.start) + len(self.theta))
        self.z = _after(self.parameters, len(layer.inner))
        self.arguments = _after(self.z, len(layer.relus))
        self.relus = _after(self.arguments, len(layer.relus))
        self.mixed = _after(self.relus, 0 if layer.outer is None else len(layer.inner))
        self.outputs = _after(self.mixed, len(self.start))

    def levelled(self) -> Levelled:
        layer = self.layer
        levels: list[Relus | Rows] = [
            self._rows(self.z, layer.inner_constant, layer.inner_parameters, [], (self.states, layer.inner))
        ]
        if layer.relus:
            levels += [self._arguments(), Relus(self.relus, self.arguments)]
        kept = self._kept()
        dense = [] if layer.direct is None else [(self.states, layer.direct)]
        if layer.outer is not None:
            none = np.zeros(len(layer.inner))
            levels.append(self._rows(self.mixed, none, np.zeros((len(none), len(self.theta))), kept))
            kept, dense = [], [*dense, (self.mixed, layer.outer)]
        levels.append(self._rows(self.outputs, layer.constant, layer.parameters, kept, *dense))
        return Levelled(
            inputs=self.parameters.stop,
            size=self.outputs.stop,
            levels=levels,
            states=self.states,
            parameters=self.parameters,
            outputs=self.outputs,
            preactivations=self.arguments,
            theta=self.theta,
            start=self.start,
        )

    def _arguments(self) -> Rows:
        """sign * z + offset + over . theta."""
        relus = self.layer.relus
        moved = np.zeros((len(relus), len(self.theta)))
        for number, relu in enumerate(relus):
            for index, coefficient in relu.over:
                moved[number, index] += coefficient
        rows, signs = [relu.row for relu in relus], np.array([float(relu.sign) for relu in relus])
        own = Gathered(slice(0, len(rows)), places(self.z.start + np.array(rows)), signs, False)
        return self._rows(self.arguments, np.array([float(relu.offset) for relu in relus]), moved, [own])

    def _kept(self) -> list[Gathered]:
        """n(z): the linear part, and the relus of each row, the first of each together, then the second."""
        layer, found = self.layer, list[Gathered]()
        if layer.linear is not None:
            found.append(Gathered(slice(0, len(layer.inner)), self.z, np.asarray(layer.linear, dtype=float), False))
        rows = np.array([relu.row for relu in layer.relus], dtype=np.int64)
        weights = np.array([float(relu.weight) for relu in layer.relus])
        for turn in _turns(rows):
            found.append(Gathered(places(rows[turn]), places(self.relus.start + turn), weights[turn], False))
        return found

    def _rows(
        self, targets: slice, constant: Array, moved: Array, gathered: list[Gathered], *dense: tuple[slice, Array]
    ) -> Rows:
        """A level: a constant, ``moved`` times theta, what is gathered, and products with matrices."""
        shift, fixed = np.array(constant, dtype=float), list[Gathered]()
        rows, columns = np.nonzero(moved)
        if len(rows):
            shift += moved @ self.theta
            for turn in _turns(rows):
                read = places(self.parameters.start + columns[turn])
                fixed.append(Gathered(places(rows[turn]), read, moved[rows[turn], columns[turn]], True))
        numbers: Places = slice(0)
        matrix: Array | None = None
        if dense:
            numbers = places(np.concatenate([np.arange(span.start, span.stop) for span, _ in dense]))
            matrix = np.ascontiguousarray(np.hstack([np.asarray(part, dtype=float) for _, part in dense]))
        long = slice(0, targets.stop - targets.start) if dense else slice(0)
        return Rows(targets, shift, (*fixed, *gathered), long, numbers, matrix)


def _after(last: slice, count: int) -> slice:
    return slice(last.stop, last.stop + count)


def _turns(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The places of the first entry of each row, those of the second entries, and so on."""
    order = np.argsort(rows, kind="stable")
    sorted_rows = rows[order]
    first = np.searchsorted(sorted_rows, sorted_rows, side="left")
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(len(rows)) - first
    return [np.flatnonzero(rank == turn) for turn in range(int(rank.max(initial=-1)) + 1)]
