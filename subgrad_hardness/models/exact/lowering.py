"""Tensor programs as linear steps and relus: the fixed rewriting of the dictionary, whole tensors at a time.

What ``net.operations`` says of one unit is said here of all entries of a tensor: a step of this program is a linear
map, or ``Applied("relu")``.  Each relu remembers whose it is: the step of the model, the entries there, and the place
among the relus of one entry (a maximum over nine arguments has eight).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from subgrad_hardness.models.operators.contract import exact
from subgrad_hardness.models.tensors import (
    ABSENT,
    Applied,
    Array,
    Constant,
    Contracted,
    Extremum,
    Index,
    Multiplied,
    Scaled,
    Source,
    Step,
    Summed,
    Taken,
    Tensor,
    TensorProgram,
)
from subgrad_hardness.net.operations import OPERATIONS


class Whose(NamedTuple):
    """Relu i of a step is relu number ``ordinal`` of entry ``places[i]`` of the model's step ``step``."""

    step: int
    places: Index
    ordinal: int


class LinearProgram(NamedTuple):
    """Steps that are linear or relus, in topological order; ``sizes`` are theirs, ``relus`` say whose each relu is."""

    steps: tuple[Step, ...]
    sizes: tuple[int, ...]
    relus: dict[int, Whose]
    output: int


def lowered(model: TensorProgram, output: Tensor) -> LinearProgram:
    """``model`` rewritten, as far as the output rests on it; linear in its size."""
    return _Lowering(model).program(output)


class _Lowering:
    """The rewritten program as it grows; it is a ``net.operations.Builder`` whose handles are numbers of steps."""

    def __init__(self, model: TensorProgram) -> None:
        self.model = model
        self.steps: list[Step] = []
        self.sizes: list[int] = []
        self.relus: dict[int, Whose] = {}
        self.step, self.ordinal = 0, 0
        self.places: Index = np.zeros(0, dtype=np.int64)

    def program(self, output: Tensor) -> LinearProgram:
        new: dict[int, int] = {}
        for number in self.model.needed(output):
            size = int(np.prod(self.model.shapes[number], dtype=object))
            new[number] = self._rewritten(number, self.model.steps[number], size, new)
        return LinearProgram(tuple(self.steps), tuple(self.sizes), self.relus, new[output.step])

    def add(self, step: Step, size: int) -> int:
        self.steps.append(step)
        self.sizes.append(size)
        return len(self.steps) - 1

    def combine(self, coefficients: tuple[int, ...], handles: tuple[int, ...], constant: int = 0) -> int:
        size = self.sizes[handles[0]]
        total = self.add(Summed(handles, coefficients), size)
        return (
            total if not constant else self.add(Scaled(total, None, np.broadcast_to(np.asarray(constant), size)), size)
        )

    def blend(self, coefficients: Sequence[Fraction], handles: Sequence[int]) -> int:
        raise NotImplementedError("slopes differ from entry to entry")

    def relu(self, argument: int) -> int:
        made = self.add(Applied("relu", argument), self.sizes[argument])
        self.relus[made] = Whose(self.step, self.places, self.ordinal)
        self.ordinal += 1
        return made

    def _rewritten(self, number: int, step: Step, size: int, new: dict[int, int]) -> int:
        if isinstance(step, Source | Constant):
            return self.add(step, size)
        if isinstance(step, Taken | Summed):
            return self.add(step._replace(sources=tuple([new[source] for source in step.sources])), size)
        assert not isinstance(step, Multiplied)  # ``tensor_form.in_tensors`` refuses them
        read = new[step.source]
        if isinstance(step, Contracted | Scaled):
            return self.add(step._replace(source=read), size)
        self.step, self.ordinal = number, 0
        if isinstance(step, Extremum):
            return self._extremum(step, read)
        self.places = np.arange(size, dtype=np.int64)
        if step.slopes is not None:
            return self._leaky(step.slopes.reshape(-1), read)
        return OPERATIONS[step.operation].rewrite(self, [read], None)

    def _extremum(self, step: Extremum, read: int) -> int:
        """Windows with equally many arguments together: their trees are the same."""
        counts = (step.places != ABSENT).sum(axis=1)
        parts, places = [], np.zeros(len(counts), dtype=np.int64)
        start = 0
        for count in np.unique(counts).tolist():
            rows = np.flatnonzero(counts == count)
            order = np.argsort(step.places[rows] == ABSENT, axis=1, kind="stable")[:, :count]  # the present ones first
            columns = np.take_along_axis(step.places[rows], order, axis=1)
            self.places, self.ordinal = rows, 0
            handles = [self.add(Taken((read,), np.ascontiguousarray(column)), len(rows)) for column in columns.T]
            parts.append(OPERATIONS[step.operation].rewrite(self, handles, None))
            places[rows] = np.arange(start, start + len(rows))
            start += len(rows)
        return parts[0] if len(parts) == 1 else self.add(Taken(tuple(parts), places), len(counts))

    def _leaky(self, slopes: Array, read: int) -> int:
        """s t + (1 - s) relu(t), and t without a relu where s = 1."""
        values, which = np.unique(slopes, return_inverse=True)
        exactly = [exact(entry) for entry in values.tolist()]
        bent = np.flatnonzero(np.asarray([slope != 1 for slope in exactly])[which])
        if not len(bent):
            return read
        size, everywhere = len(slopes), len(bent) == len(slopes)
        self.places = bent
        argument = read if everywhere else self.add(Taken((read,), bent), len(bent))
        part = self.add(Scaled(self.relu(argument), _spread([1 - slope for slope in exactly], which[bent])), len(bent))
        if not everywhere:
            zero = self.add(Constant(np.zeros(1, dtype=np.int64)), 1)
            places = np.full(size, len(bent), dtype=np.int64)
            places[bent] = np.arange(len(bent))
            part = self.add(Taken((part, zero), places), size)
        straight = self.add(Scaled(read, _spread(exactly, which)), size)
        return self.add(Summed((straight, part), (1, 1)), size)


def _spread(values: Sequence[Fraction], which: Index) -> Array:
    """values[which[i]] for each i; where all are the same, without a copy each."""
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return np.broadcast_to(made, which.shape) if len(values) == 1 else made[which]
