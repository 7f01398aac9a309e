"""Nets whose kinks have linear arguments: their cells are those of a central arrangement, listed in bulk.

For such a net F'(x0; d) = L d + sum_k g_k relu(a_k d).  Kinks whose forms a_k are multiples of one another share a
hyperplane.  On a cell the Jacobian is the sum over the hyperplanes of one of two matrices, by the side.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from operator import neg
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.cell import Cell, Row
from subgrad_hardness.linear.elimination import independent
from subgrad_hardness.local.local_net import Rows
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.linear_form import Form

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# So many cells are made into objects at a time: few enough for caches, and not to set linear algebra's threads to work.
_AT_ONCE = 2**10


class CentralNet(NamedTuple):
    """The arrangement behind a net.

    ``forms`` are primitive, none a multiple of another; kink k is on the positive side of ``forms[hyperplanes[k]]``
    where ``sides[k]`` is 1, on the negative one for -1, and zero everywhere for 0.  ``positive`` and ``negative`` are
    what each hyperplane adds to the Jacobian on its sides (m p integers, flat), ``linear`` is the rest.
    """

    inputs: int
    forms: tuple[Row, ...]
    hyperplanes: tuple[int, ...]
    sides: tuple[int, ...]
    positive: tuple[Row, ...]
    negative: tuple[Row, ...]
    linear: Row

    @property
    def most_cells(self) -> int:
        """There are not more cells than this: Schlaefli's number for hyperplanes in general position."""
        count = len(self.forms)
        return 2 * sum([comb(count - 1, k) for k in range(min(self.inputs, count))]) if count else 1


def central_net(flat: FlatNet) -> CentralNet | None:
    """The arrangement of the net, or None where a kink's argument is not linear."""
    size = flat.inputs
    if any(max(form, default=0) >= size for form in flat.kinks):
        return None
    numbers: dict[Row, int] = {}
    hyperplanes, sides = [], []
    for form in flat.kinks:
        row = primitive(_dense(form, size))
        sides.append(next((1 if entry > 0 else -1 for entry in row if entry), 0))
        normal = tuple([sides[-1] * entry for entry in row])
        hyperplanes.append(numbers.setdefault(normal, len(numbers)) if sides[-1] else 0)
    width = size * len(flat.outputs)
    added = {1: [[0] * width for _ in numbers], -1: [[0] * width for _ in numbers]}
    linear: list[int] = []
    for number, output in enumerate(flat.outputs):
        linear += _dense({place: gain for place, gain in output.items() if place < size}, size)
        for place, gain in output.items():
            if place >= size and sides[place - size]:
                kink = place - size
                brought = added[sides[kink]][hyperplanes[kink]]
                for index, entry in flat.kinks[kink].items():
                    brought[number * size + index] += gain * entry
    return CentralNet(
        size,
        tuple(numbers),
        tuple(hyperplanes),
        tuple(sides),
        tuple(map(tuple, added[1])),
        tuple(map(tuple, added[-1])),
        tuple(linear),
    )


def central_cells(net: CentralNet, limits: Limits) -> Iterator[Cell]:
    """Every cell once, in batches.

    Raises LimitReached.  The forms must span a plane at least.  Costs some microseconds a cell
    (``linear.chambers.listing``).
    """
    import numpy as np

    from subgrad_hardness.linear.chambers.interior import points_inside
    from subgrad_hardness.linear.chambers.listing import half_listing

    columns = independent(list(zip(*net.forms, strict=True)))
    forms = [tuple([form[column] for column in columns]) for form in net.forms]
    array = np.array(forms, dtype=object)
    jacobians = _Jacobians(net)
    hyperplanes, sides = np.array(net.hyperplanes, dtype=np.intp), np.array(net.sides, dtype=np.int8)
    for found in half_listing(forms, limits):
        for start in range(0, len(found.words), _AT_ONCE):
            limits.check()
            batch = found.part(start, start + _AT_ONCE)
            half = batch.signs(len(forms))
            assert batch.ladders is not None
            points = points_inside(array, half, batch.ladders, limits)
            if len(columns) < net.inputs:
                points = [_spread(point, columns, net.inputs) for point in points]
            for side in (1, -1):
                signs = side * half
                kinks: list[list[int]] = (signs[:, hyperplanes] * sides).tolist()
                if side < 0:
                    points = [tuple(map(neg, point)) for point in points]
                yield from map(Cell, points, jacobians.of(signs), map(tuple, kinks))


class _Jacobians:
    """Jacobians from signs, by exact products of matrices in binary64: of parts of the integers, small enough."""

    def __init__(self, net: CentralNet) -> None:
        import numpy as np

        self._shape = len(net.linear) // net.inputs, net.inputs
        self._bits = 52 - len(net.forms).bit_length()
        rest: NDArray[Any] = np.array(net.positive, dtype=object) - np.array(net.negative, dtype=object)
        self._base: NDArray[Any] = np.array(net.linear, dtype=object) + np.array(net.negative, dtype=object).sum(axis=0)
        self._parts: list[NDArray[np.float64]] = []
        while abs(rest).max() >> self._bits:
            self._parts.append((rest & ((1 << self._bits) - 1)).astype(np.float64))
            rest = rest >> self._bits
        self._parts.append(rest.astype(np.float64))
        self._small = len(self._parts) == 1 and abs(self._base).max() < 2**62

    def of(self, signs: NDArray[np.int8]) -> Iterator[Rows]:
        """For each row of signs, m rows of p integers."""
        import numpy as np

        above = (signs > 0).astype(np.float64)
        products = [(above @ part).astype(np.int64) for part in self._parts]
        total: NDArray[Any] = self._base.astype(np.int64) if self._small else self._base
        for number, product in enumerate(products):
            total = total + (product if self._small else product.astype(object) << self._bits * number)
        outputs, inputs = self._shape
        entries = total.reshape(len(signs), outputs, inputs)
        return zip(*(map(tuple, entries[:, output].tolist()) for output in range(outputs)), strict=True)


def _spread(point: Row, columns: tuple[int, ...], size: int) -> Row:
    """The vector with these entries in these places, and 0 elsewhere."""
    entries = [0] * size
    for column, entry in zip(columns, point, strict=True):
        entries[column] = entry
    return tuple(entries)


def _dense(form: Form, size: int) -> Row:
    return tuple([form.get(index, 0) for index in range(size)])
