"""Steps that are affine, then separable and piecewise linear, then affine: most of the algorithms here.

F(x, th) = P x + R th + r + Q n(z),   z = V x + W th + e,   n_i(z_i) = l_i z_i + sum_j w_j relu(s_j z_i + o_j(th)),

the sum over the relus j that stand at row i, with signs s_j = 1 or -1 and offsets o_j that are affine in th.  So soft
thresholding is relu(z - t) - relu(-z - t), a clip to [a, b] is a + relu(z - a) - relu(z - b).  With S = diag(n'(z)),

A = P + Q S V,   B = R + Q (S W + the part of the offsets).

The same object in Fractions is the program and the exact step, in doubles the fast step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array
from subgrad_hardness.iterative.algorithms.linearised import Linearised
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.building import GraphBuilder


@dataclass(frozen=True, slots=True)
class Relu:
    """One relu of a row: weight * relu(sign * z + offset + over . th); ``over`` has its nonzero coefficients."""

    row: int
    sign: int
    weight: Any
    offset: Any
    over: tuple[tuple[int, Any], ...] = ()


@dataclass(frozen=True)
class Layer:
    """F of the module's text.

    Attributes
    ----------
    arithmetic : of the entries.
    inner, inner_parameters, inner_constant : V, W, e; k rows.
    relus : at the rows of z.
    linear : l, k numbers; None: zero.
    outer : Q, p x k; None: the identity.
    direct : P, p x p; None: zero.
    parameters, constant : R, r.
    """

    arithmetic: Arithmetic
    inner: Array
    inner_parameters: Array
    inner_constant: Array
    relus: tuple[Relu, ...]
    parameters: Array
    constant: Array
    outer: Array | None = None
    direct: Array | None = None
    linear: Array | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "_columns", _Columns.of(self))

    def step(self, state: Array, theta: Array, at_kink: Any = 0) -> Linearised:
        """F and [A, B] where every relu that stands at 0 has the slope ``at_kink``."""
        columns: _Columns = getattr(self, "_columns")  # noqa: B009 - set where the object is made
        shift, offsets, moved_by = self._at(theta)
        z = self.inner @ state + shift
        before = columns.signs * z + offsets
        above, met = before > 0, before == 0
        passing = columns.weights * above
        kept = columns.total(passing * before)
        at_kinks = bool(met.any())
        if at_kinks and at_kink:
            passing = passing + columns.weights * met * at_kink
        slopes = columns.total(columns.signs * passing)
        if self.linear is not None:
            kept, slopes = kept + self.linear * z, slopes + self.linear
        moved = slopes[:, None] * self.inner_parameters
        if len(columns.over):
            moved[:, columns.over] += columns.total(passing[:, :, None] * columns.moved)
        value = self._out(kept) + moved_by
        if self.direct is not None:
            value = value + self.direct @ state
        return Linearised(value, _Product(self, slopes), self._out(moved) + self.parameters, at_kinks)

    def _at(self, theta: Array) -> tuple[Array, Array, Array]:
        """What depends on theta alone, kept for the next step: e + W th, the offsets, r + R th."""
        columns: _Columns = getattr(self, "_columns")  # noqa: B009
        last: tuple[Array, tuple[Array, Array, Array]] | None = getattr(self, "_last", None)
        if last is not None and last[0].shape == theta.shape and (last[0] == theta).all():
            return last[1]
        found = (
            self.inner_parameters @ theta + self.inner_constant,
            columns.moved @ theta[columns.over] + columns.offsets,
            self.parameters @ theta + self.constant,
        )
        object.__setattr__(self, "_last", (theta.copy(), found))
        return found

    def _out(self, middle: Array) -> Array:
        return middle if self.outer is None else self.outer @ middle

    def iteration(
        self, state: Sequence[str], parameters: Sequence[str], start: Any, theta: Any, name: str
    ) -> Iteration:
        """F as a program; entries have to be rational."""
        build = GraphBuilder([*state, *parameters])
        places = range(len(state) + len(parameters))
        ins, pars = places[: len(state)], places[len(state) :]
        z = []
        for i, (row, moved, constant) in enumerate(
            zip(self.inner, self.inner_parameters, self.inner_constant, strict=True)
        ):
            terms = [*zip(ins, row, strict=True), *zip(pars, moved, strict=True)]
            z.append(build.sum(terms, constant, name=f"before{i}"))
        kept: list[list[tuple[int, Any]]] = [[] for _ in z]
        if self.linear is not None:
            for i, factor in enumerate(self.linear):
                kept[i].append((z[i], factor))
        for relu in self.relus:
            terms = [(z[relu.row], relu.sign), *[(pars[index], coefficient) for index, coefficient in relu.over]]
            bend = build.apply("relu", [build.sum(terms, relu.offset)])
            kept[relu.row].append((bend, relu.weight))
        outputs = []
        for index, own in enumerate(state):
            outer = [(index, 1)] if self.outer is None else enumerate(self.outer[index])
            terms = [(handle, weight * factor) for i, factor in outer if factor for handle, weight in kept[i]]
            terms += zip(pars, self.parameters[index], strict=True)
            if self.direct is not None:
                terms += zip(ins, self.direct[index], strict=True)
            outputs.append(build.sum(terms, self.constant[index], name=f"next.{own}"))
        program = build.program(outputs, name=name)
        return Iteration(program, state, parameters, start=start, theta=theta)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The relus as arrays, first one of each row, then a second of each; where a row has no more, one of weight 0.

    ``over`` are the parameters on which offsets depend, ``moved`` has their coefficients.
    """

    signs: Array
    weights: Array
    offsets: Array
    moved: Array
    over: Array
    zeros: Callable[..., Array]

    @classmethod
    def of(cls, layer: Layer) -> _Columns:
        import numpy as np

        arithmetic, height = layer.arithmetic, len(layer.inner)
        over = sorted({index for relu in layer.relus for index, _ in relu.over})
        place = {index: number for number, index in enumerate(over)}
        turns: list[int] = []
        used = [0] * height
        for relu in layer.relus:
            turns.append(used[relu.row])
            used[relu.row] += 1
        shape = (max(used, default=0), height)
        signs, weights, offsets = arithmetic.zeros(*shape), arithmetic.zeros(*shape), arithmetic.zeros(*shape)
        moved = arithmetic.zeros(*shape, len(over))
        offsets += arithmetic.number(Fraction(1))  # what is no relu meets no kink
        for turn, relu in zip(turns, layer.relus, strict=True):
            signs[turn, relu.row], weights[turn, relu.row] = arithmetic.number(Fraction(relu.sign)), relu.weight
            offsets[turn, relu.row] = relu.offset
            for index, coefficient in relu.over:
                moved[turn, relu.row, place[index]] += coefficient
        return cls(signs, weights, offsets, moved, np.array(over, dtype=int), arithmetic.zeros)

    def total(self, values: Array) -> Array:
        """Sums over the relus of each row; for two of them this is faster than ``sum``."""
        if not len(values):
            return self.zeros(*values.shape[1:])
        total: Array = values[0]
        for other in values[1:]:
            total = total + other
        return total


class _Used(NamedTuple):
    """The rows that a pattern of slopes uses, with their parts of V and Q; ``rows`` None: all, as most have slopes."""

    pattern: bytes
    rows: Array | None
    inner: Array
    outer: Array | None


@dataclass(frozen=True, slots=True)
class _Product:
    """A = P + Q S V as what it does to matrices, without its entries: only rows with a slope are multiplied."""

    layer: Layer
    slopes: Array

    def forward(self, right: Array) -> Array:
        layer, used = self.layer, self._used()
        middle = self._scaled(used, used.inner @ right)
        if layer.outer is not None:
            result: Array = used.outer @ middle
        elif used.rows is None:
            result = middle
        else:
            result = layer.arithmetic.zeros(*right.shape)
            result[used.rows] = middle
        return result if layer.direct is None else result + layer.direct @ right

    def reverse(self, left: Array) -> Array:
        layer, used = self.layer, self._used()
        middle = left if used.rows is None or used.outer is not None else left[used.rows]
        if used.outer is not None:
            middle = used.outer.T @ left
        result: Array = used.inner.T @ self._scaled(used, middle)
        return result if layer.direct is None else result + layer.direct.T @ left

    def _scaled(self, used: _Used, middle: Array) -> Array:
        slopes = self.slopes if used.rows is None else self.slopes[used.rows]
        scaled: Array = slopes.reshape(-1, *[1] * (middle.ndim - 1)) * middle
        return scaled

    def _used(self) -> _Used:
        """That of the last step, if its pattern was the same: runs soon keep to one pattern, and slices are copies."""
        import numpy as np

        layer, on = self.layer, self.slopes != 0
        pattern = on.tobytes()
        last: _Used | None = getattr(layer, "_last_used", None)
        if last is not None and last.pattern == pattern:
            return last
        rows = np.flatnonzero(on)
        if 2 * len(rows) > len(on):
            found = _Used(pattern, None, layer.inner, layer.outer)
        else:
            found = _Used(pattern, rows, layer.inner[rows], None if layer.outer is None else layer.outer[:, rows])
        object.__setattr__(layer, "_last_used", found)
        return found
