"""The form of a program whose units are too many to be written down one by one: a tensor program.

What is asked at a point is answered by ``local.tensor_net``, tensors kept whole.  Whoever asks for single units
(``lower``, ``to_graph``, ``units``) gets them as long as they can be written down, and otherwise the refusal of
``models.expanding``.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.models.expanding import expanded
from subgrad_hardness.models.tensors import Array, Shape, Source, Step, Taken, Tensor, TensorProgram
from subgrad_hardness.net.canonical_text import number_texts
from subgrad_hardness.net.forms import GraphForm, Layer, LoweringBuilder, Size, Unit
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import common_denominator

#: Models of at most so many products are written down unit by unit when they are read.
LARGE = 5_000_000


class TensorForm:
    """A tensor program with its output; ``file`` is where it came from, for messages.

    Units are the entries of all steps that make anything, in the order of the steps: as in the expanded program.
    """

    def __init__(self, model: TensorProgram, output: Tensor, file: str) -> None:
        self.model, self.output, self.file = model, output, file
        #: The point that was asked about last, and what was found (``local.tensor_net``).
        self.seen: tuple[tuple[Fraction, ...], Any] | None = None

    @property
    def kind(self) -> str:
        return "tensors"

    @property
    def output_count(self) -> int:
        return self.output.size

    @property
    def unit_count(self) -> int:
        return self._ends[-1] if self._ends else 0

    @property
    def chain(self) -> tuple[Layer, ...] | None:
        return None

    @property
    def tensors(self) -> TensorForm:
        return self

    def units(self) -> Iterator[Unit]:
        return self._graph.units()

    def unit_name(self, unit: int) -> str:
        if not 0 <= unit < self.unit_count:
            raise IndexError(unit)
        at = bisect_right(self._ends, unit)
        step = self._making[at]
        return self.entry_name(step, unit - self._starts[step])

    def canonical_order(self) -> Sequence[int]:
        return range(self.unit_count)

    def graph_size(self) -> Size:
        return self._graph.graph_size()

    def to_graph(self, inputs: Sequence[str]) -> GraphForm:
        return self._graph

    def lower(self, build: LoweringBuilder) -> list[int]:
        return self._graph.lower(build)

    def size_of(self, step: int) -> int:
        """How many entries a step makes."""
        return _size(self.model.shapes[step])

    def input_names(self) -> tuple[str, ...]:
        """The names of the inputs, ``x[0,2,5]``."""
        return tuple(
            [entry_name(name, shape, place) for name, shape in self.model.inputs for place in range(_size(shape))]
        )

    def unit(self, step: int, place: int) -> int:
        """The number of the unit that is this entry of a step."""
        return self._starts[step] + place

    def entry_name(self, step: int, place: int) -> str:
        """The name of an entry of a step, primed where steps before it have an entry of this name."""
        shape = self.model.shapes[step]
        full = entry_name(self.model.names[step], shape, place)
        if not self._alike[step]:
            return full
        where = np.unravel_index(place, shape)
        return full + "'" * sum([all(i < n for i, n in zip(where, other, strict=True)) for other in self._alike[step]])

    def canonical(self) -> Mapping[str, Iterable[str]]:
        """The text of the program for the digest, with a hash in the place of each array."""
        return {"tensors": self._canonical()}

    def _canonical(self) -> Iterator[str]:
        needed = self.model.needed(self.output)
        numbers = {step: number for number, step in enumerate(needed)}
        yield "["
        for step in needed:
            yield json.dumps(_plain(self.model.steps[step], numbers), sort_keys=True, separators=(",", ":")) + ","
        yield f"{numbers[self.output.step]}]"

    @cached_property
    def _graph(self) -> GraphForm:
        form = expanded(self.model, self.output, self.file).form
        assert isinstance(form, GraphForm)
        return form

    @cached_property
    def _making(self) -> list[int]:
        """The steps whose entries are units."""
        return [n for n in self.model.needed(self.output) if not isinstance(self.model.steps[n], Source | Taken)]

    @cached_property
    def _alike(self) -> dict[int, list[Shape]]:
        """Of each step whose entries are units the shapes of what has its name before it, with as many axes."""
        known: dict[tuple[str, int], list[Shape]] = {}
        for name, shape in self.model.inputs:
            known.setdefault((name, len(shape)), []).append(shape)
        found = {}
        for step in self._making:
            others = known.setdefault((self.model.names[step], len(self.model.shapes[step])), [])
            found[step] = list(others)
            others.append(self.model.shapes[step])
        return found

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate([_size(self.model.shapes[step]) for step in self._making]))

    @cached_property
    def _starts(self) -> dict[int, int]:
        return dict(zip(self._making, [0, *self._ends], strict=False))


def in_tensors(
    model: TensorProgram, output: Tensor, file: str, *, provenance: Mapping[str, Any] | None = None
) -> Program:
    """The program of ``model`` at the origin, kept in tensors; its notes stand in the provenance."""
    if (product := model.multiplied(output)) is not None:
        why = f"a product of two values that depend on the inputs: read in models of at most {LARGE} products only"
        raise NetError(why, file=file, place=product)
    form = TensorForm(model, output, file)
    told = {**(provenance or {}), **({"notes": model.notes} if model.notes else {})}
    names = form.input_names()
    return Program(names, form, (Fraction(0),) * len(names), model.names[output.step], told or None)


def entry_name(name: str, shape: Shape, place: int) -> str:
    """``name[i,j]`` for an entry of a tensor."""
    where = ",".join(map(str, np.unravel_index(place, shape))) if shape else ""
    return f"{name}[{where}]" if where else name


def _size(shape: Shape) -> int:
    return int(np.prod(shape, dtype=object))


def _plain(step: Step, numbers: Mapping[int, int]) -> dict[str, object]:
    """A step as plain values: its sources by their numbers, its arrays by their hashes."""
    found: dict[str, object] = {"step": type(step).__name__.lower()}
    for field, value in step._asdict().items():
        if field == "source":
            found[field] = numbers[value]
        elif field == "sources":
            found[field] = [numbers[source] for source in value]
        elif isinstance(value, np.ndarray):
            found[field] = array_hash(value)
        elif value is not None:
            found[field] = list(value) if isinstance(value, tuple) else value
    return found


def array_hash(array: Array) -> str:
    """SHA-256 of an array's shape and numbers, the same for equal numbers of different types.

    Numbers that binary64 holds are written in its eight bytes, little-endian, 0 without a sign; an array with any other
    number is the text of its rationals in lowest terms.
    """
    total = hashlib.sha256(json.dumps(list(array.shape)).encode())
    numerators: list[int] = []
    if array.dtype == object:
        numerators, denominator = common_denominator(array.reshape(-1).tolist())
    wide: Any = array
    if array.dtype == object or (array.dtype.kind in "iu" and np.any(np.abs(array.astype(object)) > 2**53)):
        if array.dtype != object:
            numerators, denominator = [int(entry) for entry in array.reshape(-1).tolist()], 1
        exactly = [Fraction(numerator, denominator) for numerator in numerators]
        if not all(_is_double(entry) for entry in exactly):
            total.update(b"rational")
            total.update(",".join(number_texts(numerators, denominator)).encode())
            return total.hexdigest()
        wide = np.asarray([float(entry) for entry in exactly])
    total.update(b"binary64")
    for start in range(0, wide.size, 2**20):  # in pieces: broadcast arrays are not copied whole
        piece = wide.reshape(-1)[start : start + 2**20] if wide.flags.c_contiguous else wide.flat[start : start + 2**20]
        total.update((piece.astype("<f8") + 0.0).tobytes())
    return total.hexdigest()


def _is_double(number: Fraction) -> bool:
    try:
        return Fraction(float(number)) == number
    except OverflowError:
        return False
