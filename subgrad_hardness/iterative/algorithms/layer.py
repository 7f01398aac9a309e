"""Steps that are affine, then separable and piecewise linear, then affine: most of the algorithms here.

F(x, th) = P x + R th + r + Q n(z),   z = V x + W th + e,   n_i(z_i) = l_i z_i + sum_j w_j relu(s_j z_i + o_j(th)),

the sum over the relus j that stand at row i, with signs s_j = 1 or -1 and offsets o_j that are affine in th.  So soft
thresholding is relu(z - t) - relu(-z - t), a clip to [a, b] is a + relu(z - a) - relu(z - b).  With S = diag(n'(z)),

A = P + Q S V,   B = R + Q (S W + the part of the offsets).

The same object in Fractions is the program and the exact step, in doubles the fast step.  [A, B] depends on the signs
of the arguments of the relus alone, so that a run that keeps its signs keeps its pair (``layer_pair``).

Methods that reflect have Q = V' - 2 P V' for a V that selects coordinates, as Douglas and Rachford's splitting has:
then F is P (x - 2 V' n) + V' n + ..., one product instead of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array
from subgrad_hardness.iterative.algorithms.factors import Selection, factor
from subgrad_hardness.iterative.algorithms.layer_pair import Constants, Factors, Pair, Relus
from subgrad_hardness.iterative.algorithms.linearised import Dense, Linearised
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
    reflects : whether V selects coordinates, and Q = V' - 2 P V'.
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
    reflects: bool = False

    @cached_property
    def _columns(self) -> Relus:
        return _columns_of(self)

    @cached_property
    def _factors(self) -> Factors:
        import numpy as np

        made = Dense if self.arithmetic.is_exact else factor  # structure is for speed
        inner = made(self.inner)
        reflected = inner.chosen if self.reflects and isinstance(inner, Selection) else None
        outer = None if self.outer is None or reflected is not None else made(self.outer)
        turning = None
        if reflected is not None and self.direct is not None:
            rest = self.direct.copy()
            rest[:, reflected] = 0
            turning = None if rest.any() else np.ascontiguousarray(self.direct[:, reflected])
        return Factors(inner, outer, None if self.direct is None else made(self.direct), reflected, turning)

    @cached_property
    def _constants(self) -> Constants:
        inner, own = (matrix if (matrix != 0).any() else None for matrix in (self.inner_parameters, self.parameters))
        return Constants(self._columns, self._factors, self.linear, inner, own, self.parameters.shape[1])

    def step(self, state: Array, theta: Array, at_kink: Any = 0) -> Linearised:
        """F and [A, B] where every relu that stands at 0 has the slope ``at_kink``."""
        import numpy as np

        columns, factors = self._columns, self._factors
        base, tail = self._at(theta)
        z = factors.inner.forward(state)
        arguments = z + base if columns.positive else columns.signs * z + base
        gate: Array = arguments > 0
        met = np.count_nonzero(arguments) != arguments.size
        bent = np.maximum(arguments, 0)
        kept = columns.total(bent if columns.unit else columns.weights * bent)
        if self.linear is not None:
            kept = kept + self.linear * z
        value = factors.out(state, kept) + tail
        if met and at_kink:
            gate = gate + (arguments == 0) * at_kink
        pair = self._pair(gate)
        return Linearised(value, pair, pair.b, met)

    def _at(self, theta: Array) -> tuple[Array, Array]:
        """What depends on theta alone, kept for the next step: what is added to s V x, and to the next state."""
        last: tuple[bytes, Array, tuple[Array, Array]] | None = getattr(self, "_last", None)
        given = theta.tobytes()
        if last is not None and last[0] == given and last[1].dtype == theta.dtype:
            return last[2]
        columns = self._columns
        shift = self.inner_parameters @ theta + self.inner_constant
        base = columns.signs * shift + columns.offsets
        if columns.moved is not None:
            base = base + columns.moved @ theta[columns.over]
        tail = self.parameters @ theta + self.constant
        if self.linear is not None:
            tail = tail + self._factors.mixed(self.linear * shift)
        object.__setattr__(self, "_last", (given, theta.copy(), (base, tail)))  # the copy keeps Fractions alive
        return base, tail

    def _pair(self, gate: Array) -> Pair:
        """That of the last step, if its signs were the same."""
        pattern = gate.tobytes()
        last: Pair | None = getattr(self, "_last_pair", None)
        if last is not None and last.pattern == pattern:
            return last
        found = Pair(self._constants, gate, pattern)
        object.__setattr__(self, "_last_pair", found)
        return found

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


def _columns_of(layer: Layer) -> Relus:
    """First one relu of each row, then a second of each; where a row has no more, one of weight 0."""
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
    whole = len(over) == layer.parameters.shape[1]
    return Relus.of(signs, weights, offsets, moved, slice(None) if whole else np.array(over, dtype=int))
