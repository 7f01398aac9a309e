"""[A, B] of a layer for one choice of slopes, A by its products.

A = P + Q S V and B = R + Q (S W + T), with S the slopes of n and T what the offsets add; kept while the signs of the
relus' arguments are the same, as they soon are along a run.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from subgrad_hardness.iterative.algorithms.arithmetic import Array
from subgrad_hardness.iterative.algorithms.factors import Factor
from subgrad_hardness.iterative.algorithms.linearised import Dense

# Rows of a product are left out where it has so many entries, and where at least half of them have the slope 0 ...
_LARGE = 8192
# ... in the first product already if it has so many columns: rows are copied, which takes as long as one column does.
_WIDE = 4


class Relus(NamedTuple):
    """The relus as arrays: the turns, and the rows of z.

    Attributes
    ----------
    signs, weights, offsets : of each.
    over : the parameters on which offsets depend, a slice where these are all.
    moved : the offsets' coefficients of these parameters; None without any.
    rates : what each relu that passes adds to the slope of its row (first), and to its row of B for these parameters.
    positive, unit : whether all signs, and all weights, are 1.
    """

    signs: Array
    weights: Array
    offsets: Array
    over: Array | slice
    moved: Array | None
    rates: Array
    positive: bool
    unit: bool

    @classmethod
    def of(cls, signs: Array, weights: Array, offsets: Array, moved: Array, over: Array | slice) -> Relus:
        """With what follows from them."""
        return cls(
            signs,
            weights,
            offsets,
            over,
            moved if moved.shape[2] else None,
            np.concatenate([(signs * weights)[:, None], np.moveaxis(weights[:, :, None] * moved, 2, 1)], axis=1),
            bool(len(signs) == 1 and (signs == 1).all()),
            bool(len(signs) == 1 and (weights == 1).all()),
        )

    def total(self, values: Array) -> Array:
        """Sums over the turns; for two of them this is faster than ``sum``."""
        if not len(values):
            return np.zeros(values.shape[1:], dtype=values.dtype)
        total: Array = values[0]
        for other in values[1:]:
            total = total + other
        return total


class Factors(NamedTuple):
    """V, Q, P.

    ``reflected``: the coordinates that V selects, where Q = V' - 2 P V', which is not kept; ``turning`` is P V' where P
    reads no others.
    """

    inner: Factor
    outer: Factor | None
    direct: Factor | None
    reflected: slice | None
    turning: Array | None

    def out(self, state: Array, middle: Array) -> Array:
        """P x + Q n, of vectors or of matrices.  It may be ``middle``."""
        if self.turning is not None:
            assert self.reflected is not None
            result: Array = self.turning @ (state[self.reflected] - 2 * middle)
            result[self.reflected] += middle
            return result
        if self.reflected is not None:
            assert self.direct is not None
            turned = np.array(state, dtype=np.result_type(state, middle))
            turned[self.reflected] -= 2 * middle
            result = self.direct.forward(turned)
            result[self.reflected] += middle
            return result
        result = middle if self.outer is None else self.outer.forward(middle)
        return result if self.direct is None else result + self.direct.forward(state)

    def mixed(self, middle: Array) -> Array:
        """Q n, which may be ``middle``."""
        if self.reflected is not None:
            size = self.inner.matrix.shape[1]
            return self.out(np.zeros((size, *middle.shape[1:]), dtype=middle.dtype), middle)
        return middle if self.outer is None else self.outer.forward(middle)

    def back(self, left: Array) -> tuple[Array | None, Array]:
        """(P' l, Q' l)."""
        first = None if self.direct is None else self.direct.reverse(left)
        if self.reflected is not None:
            assert first is not None
            return first, left[self.reflected] - 2 * first[self.reflected]
        return first, left if self.outer is None else self.outer.reverse(left)


class Constants(NamedTuple):
    """What all pairs of a layer have in common; l, W and R are None where they are zero.

    ``width``: the number of parameters.
    """

    relus: Relus
    factors: Factors
    linear: Array | None
    inner_parameters: Array | None
    parameters: Array | None
    width: int

    def direct_part(self, slopes: Array, shifts: Array) -> Array:
        """B."""
        if self.inner_parameters is None:
            if self.relus.moved is None and self.parameters is not None:
                return self.parameters.copy()
            if self.relus.moved is not None and isinstance(self.relus.over, slice):
                moved = shifts
            else:
                moved = np.zeros((len(slopes), self.width), dtype=slopes.dtype)
                moved[:, self.relus.over] = shifts
        else:
            moved = slopes[:, None] * self.inner_parameters
            if self.relus.moved is not None:
                moved[:, self.relus.over] += shifts
        b = self.factors.mixed(moved)
        return b if self.parameters is None else b + self.parameters


class Pair:
    """[A, B] for one choice ``gate`` of the relus' slopes."""

    def __init__(self, constants: Constants, gate: Array, pattern: bytes) -> None:
        found = constants.relus.total(constants.relus.rates * gate[:, None])
        slopes = found[0]
        #: The bytes of the gate, which is kept: of Fractions the bytes are the places of objects that live.
        self.pattern, self._gate = pattern, gate
        self.factors = constants.factors
        self.slopes = slopes if constants.linear is None else slopes + constants.linear
        self.b = constants.direct_part(self.slopes, found[1:].T)
        self.b.flags.writeable = False  # the next step may have the same one
        self._used = False

    def forward(self, right: Array) -> Array:
        """A times a vector, or a matrix."""
        rows = self._rows(right.shape[1] if right.ndim > 1 else 1)
        scale = (-1, *[1] * (right.ndim - 1))
        if rows is None:
            middle = self.factors.inner.forward(right)
            return self.factors.out(right, self.slopes.reshape(scale) * middle)
        slopes, inner, outer = self._thin
        middle = slopes.reshape(scale) * (inner @ right)
        if outer is not None:
            result: Array = outer @ middle
        else:
            result = np.zeros(right.shape, dtype=middle.dtype)
            result[rows] = middle
        return result if self.factors.direct is None else result + self.factors.direct.forward(right)

    def reverse(self, left: Array) -> Array:
        """The transpose of A times one."""
        first, middle = self.factors.back(left)
        scaled = self.slopes.reshape(-1, *[1] * (left.ndim - 1)) * middle
        result = self.factors.inner.reverse(scaled)
        return result if first is None else result + first

    def _rows(self, columns: int) -> Array | None:
        """The rows with a slope, where it is worth while to leave out the others."""
        inner = self.factors.inner
        if self.factors.reflected is not None or not isinstance(inner, Dense) or inner.matrix.size < _LARGE:
            return None
        if not self._used and columns < _WIDE:
            self._used = True
            return None
        rows = self._on
        return None if 2 * len(rows) > len(self.slopes) else rows

    @cached_property
    def _on(self) -> Array:
        return np.flatnonzero(self.slopes != 0)

    @cached_property
    def _thin(self) -> tuple[Array, Array, Array | None]:
        """Slopes, V and Q at these rows."""
        outer = self.factors.outer
        return (
            self.slopes[self._on],
            self.factors.inner.matrix[self._on],
            None if outer is None else outer.matrix[:, self._on],
        )
