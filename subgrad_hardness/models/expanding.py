"""A tensor program as a graph of single units: exact, and for models whose entries can be written down one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.models.tensors import (
    ABSENT,
    Applied,
    Array,
    Constant,
    Contracted,
    Extremum,
    Multiplied,
    Scaled,
    Shape,
    Source,
    Step,
    Summed,
    Taken,
    Tensor,
    TensorProgram,
)
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.forms import Node, Row
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import Number

#: A model with more products than this is not written down unit by unit.
MOST_PRODUCTS = 50_000_000


def expanded(
    model: TensorProgram,
    output: Tensor,
    file: str,
    *,
    provenance: Mapping[str, Any] | None = None,
    limits: Limits = NO_LIMITS,
) -> Program:
    """The graph of single units that ``model`` is, at the origin.

    Inputs and units bear the names of the model's tensors with their places, ``conv1[0,3,5,5]``; the model's notes
    stand in the provenance.

    Raises NetError for a model of more than ``MOST_PRODUCTS`` products, LimitReached.  Linear in the products.
    """
    products = model.products(output)
    if products > MOST_PRODUCTS:
        raise NetError(f"{products} products; at most {MOST_PRODUCTS} can be written down one by one", file=file)
    return _Expansion(model, limits).program(
        output, file, {**(provenance or {}), **({"notes": model.notes} if model.notes else {})}
    )


def exact_numbers(array: Array) -> list[Number]:
    """The entries of an array, flat, as exact numbers.  Raises ValueError for one that is none."""
    if array.dtype == object or array.dtype.kind in "iub":
        flat: list[Number] = array.reshape(-1).tolist()
        return flat
    with np.errstate(invalid="ignore"):  # not a number: said below
        wide = array.astype(np.float64)  # exact for all binary formats of at most 64 bits
    if not np.isfinite(wide).all():
        raise ValueError("a number that is not finite")
    found: list[Number] = [*wide.reshape(-1).tolist()]
    return found


class _Expansion:
    def __init__(self, model: TensorProgram, limits: Limits) -> None:
        self.model, self.limits = model, limits
        self.taken: set[str] = set()
        self.build = GraphBuilder(
            [self._name(name, place, shape) for name, shape in model.inputs for place in range(math.prod(shape))]
        )
        self.handles: dict[int, list[int]] = {}

    def program(self, output: Tensor, file: str, provenance: Mapping[str, Any]) -> Program:
        for number in self.model.needed(output):
            self.limits.check()
            try:
                self.handles[number] = self._expand(number, self.model.steps[number])
            except ValueError as problem:
                raise NetError(str(problem), file=file, place=self.model.names[number]) from None
        if not self.build.nodes:  # a net has at least one node
            self.handles[output.step] = self._scaled(output.step, self.handles[output.step], None, None)
        return self.build.program(self.handles[output.step], name=self.model.names[output.step], provenance=provenance)

    def _expand(self, number: int, step: Step) -> list[int]:
        if isinstance(step, Source):
            return list(range(len(self.build.inputs)))
        if isinstance(step, Constant):
            return [self._row(number, place, (), (), value) for place, value in enumerate(exact_numbers(step.values))]
        if isinstance(step, Taken):
            together = [handle for source in step.sources for handle in self.handles[source]]
            return [together[place] for place in step.places.tolist()]
        if isinstance(step, Contracted):
            return self._contracted(number, step)
        if isinstance(step, Summed):
            parts = [self.handles[source] for source in step.sources]
            return [
                self._row(number, place, handles, step.coefficients)
                for place, handles in enumerate(zip(*parts, strict=True))
            ]
        if isinstance(step, Multiplied):
            left, right = [self.handles[source] for source in step.sources]
            return self._each(number, lambda place: ("mul", [left[place], right[place]], None), len(left))
        read = self.handles[step.source]
        if isinstance(step, Scaled):
            factor = None if step.factor is None else exact_numbers(step.factor)
            shift = None if step.shift is None else exact_numbers(step.shift)
            return self._scaled(number, read, factor, shift)
        if isinstance(step, Extremum):
            rows = [[read[place] for place in row if place != ABSENT] for row in step.places.tolist()]
            return self._each(number, lambda place: (step.operation, rows[place], None), len(rows))
        slopes = None if step.slopes is None else exact_numbers(step.slopes)
        return self._applied(number, step, read, slopes)

    def _applied(self, number: int, step: Applied, read: Sequence[int], slopes: list[Number] | None) -> list[int]:
        def node(place: int) -> tuple[str, list[int], Number | None]:
            return step.operation, [read[place]], None if slopes is None else slopes[place]

        return self._each(number, node, len(read))

    def _each(self, number: int, node: Callable[[int], tuple[str, list[int], Number | None]], size: int) -> list[int]:
        """One node of the dictionary for each entry."""
        made = []
        for place in range(size):
            operation, arguments, slope = node(place)
            made.append(self.build.apply(operation, arguments, slope, name=self._unit(number, place)))
        return made

    def _contracted(self, number: int, step: Contracted) -> list[int]:
        """Rows of one window share their arguments, one object, where no weight is zero."""
        groups, rows, terms = step.weights.shape
        weights = exact_numbers(step.weights)
        bias = None if step.bias is None else exact_numbers(step.bias)
        read, windows = self.handles[step.source], step.places.shape[2]
        made = [0] * (groups * rows * windows)
        for group in range(groups):
            for window in range(windows):
                self.limits.check()
                places = step.places[group, :, window].tolist()
                present = [term for term in range(terms) if places[term] != ABSENT]
                arguments = tuple([read[places[term]] for term in present])
                for row in range(rows):
                    start = (group * rows + row) * terms
                    coefficients = [weights[start + term] for term in present]
                    place = (group * rows + row) * windows + window
                    constant = 0 if bias is None else bias[place]
                    if all(coefficients):
                        made[place] = self._row(number, place, arguments, coefficients, constant)
                        continue
                    pairs = [pair for pair in zip(arguments, coefficients, strict=True) if pair[1]]
                    kept, values = zip(*pairs, strict=True) if pairs else ((), ())
                    made[place] = self._row(number, place, kept, values, constant)
        return made

    def _scaled(
        self, number: int, read: Sequence[int], factor: list[Number] | None, shift: list[Number] | None
    ) -> list[int]:
        made = []
        for place, handle in enumerate(read):
            coefficient = 1 if factor is None else factor[place]
            made.append(self._row(number, place, (handle,), (coefficient,), 0 if shift is None else shift[place]))
        return made

    def _row(
        self, number: int, place: int, arguments: Sequence[int], coefficients: Sequence[Number], bias: Number = 0
    ) -> int:
        row = Row.of(tuple(arguments), coefficients, bias)
        if isinstance(arguments, tuple):
            row = row._replace(arguments=arguments)
        return self.build.add(Node(self._unit(number, place), "affine", row.arguments, row))

    def _unit(self, number: int, place: int) -> str:
        return self._name(self.model.names[number], place, self.model.shapes[number])

    def _name(self, name: str, place: int, shape: Shape) -> str:
        """``name[i,j]``, with primes where another unit is called so."""
        where: list[str] = []
        for size in reversed(shape):
            place, index = divmod(place, size)
            where.insert(0, str(index))
        full = f"{name}[{','.join(where)}]" if where else name
        while full in self.taken:
            full += "'"
        self.taken.add(full)
        return full
