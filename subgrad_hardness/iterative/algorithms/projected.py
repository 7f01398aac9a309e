"""Projected gradient for quadratic programs over a box, or over the simplex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.networks import order_statistics
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, Arithmetic, Array, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.gradient_step import GradientStep
from subgrad_hardness.iterative.algorithms.layer import Layer, Relu
from subgrad_hardness.iterative.algorithms.linearised import Linearised
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.building import GraphBuilder


def box_qp(
    Q: object,  # noqa: N803 - the letters of the field
    b: object,
    lower: object,
    upper: object,
    step: object,
    *,
    parameters: Sequence[str] = ("b",),
    start: object = None,
) -> Algorithm:
    """Projected gradient for min 1/2 x'Qx - b'x over lower <= x <= upper.

    x <- clip(x - g (Q x - b)), where clip(z) = lower + relu(z - lower) - relu(z - upper).  A = S (I - g Q), S with 1
    inside the box, 0 outside, [0, 1] on its faces.

    Parameters
    ----------
    Q : symmetric matrix.
    b, lower, upper : vectors, lower <= upper.
    step : g.
    parameters : of ``b``, ``lower``, ``upper``.
    start : x_0; zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: max |1 - g e| over the eigenvalues e of Q, from everywhere.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers, lower > upper.

    Notes
    -----
    Goldstein 1964; Levitin and Polyak 1966.  In doubles, the slope asked for at a kink is taken at lower faces, and 1
    less it at upper ones, as backpropagation of the program takes it.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.box_qp([[2, 1], [1, 2]], [3, -1], [0, 0], [1, 1], "1/3")
    >>> it.iteration.step([1, 0])
    (Fraction(1, 1), Fraction(0, 1))
    """
    square = symmetric(Q, "Q")
    size = len(square)
    low, high = vector(lower, "lower", size), vector(upper, "upper", size)
    for index in range(size):
        if low[index] > high[index]:
            raise ParameterError("lower > upper", place=f"lower[{index}]")
    linear = vector(b, "b", size)
    names, theta, places = chosen(parameters, {"b": linear, "lower": low, "upper": high})
    form = _Box(square, linear, number(step, "step", positive=True), low, high, tuple(places.items()))
    return Algorithm(
        "box QP",
        named("x", size),
        names,
        started(start, size),
        theta,
        form,
        known_rate=form.rate,
        known_steps=form.steps,
    )


def simplex_qp(
    Q: object,  # noqa: N803
    b: object,
    step: object,
    *,
    parameters: Sequence[str] = ("b",),
    start: object = None,
) -> Algorithm:
    """Projected gradient for min 1/2 x'Qx - b'x over the simplex, x >= 0 with sum 1.

    The projection of z is relu(z_i - t) with t = max over k of (sum of the k greatest entries - 1) / k; the program
    sorts with Batcher's network and takes the maximum.  On the piece where the entries of a set K stay positive its
    Jacobian is I_K - 1 1^T / |K|.

    Parameters
    ----------
    Q : symmetric matrix; the identity with ``step`` 1 makes the iteration the projection of b.
    b : vector.
    step : g.
    parameters : of ``b``.
    start : x_0; zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: max |1 - g e| over the eigenvalues e of Q, from everywhere.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers.

    Notes
    -----
    Held, Wolfe and Crowder 1974 for the projection.  In doubles, an entry that the projection just meets at 0 is kept
    at 0, its slope that of its neighbours within, whatever slope is asked for at kinks.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.simplex_qp([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, "1/2", "1/4"], 1)
    >>> it.iteration.step([0, 0, 0])
    (Fraction(3, 4), Fraction(1, 4), Fraction(0, 1))
    """
    square = symmetric(Q, "Q")
    size = len(square)
    linear = vector(b, "b", size)
    names, theta, places = chosen(parameters, {"b": linear})
    form = _Simplex(square, linear, number(step, "step", positive=True), bool(places))
    return Algorithm(
        "simplex QP",
        named("x", size),
        names,
        started(start, size),
        theta,
        form,
        form.write,
        known_rate=form.rate,
        known_steps=form.steps,
    )


@dataclass(frozen=True)
class _Box(GradientStep):
    low: Any
    high: Any
    places: tuple[tuple[str, range], ...]

    def __call__(self, arithmetic: Arithmetic) -> Layer:
        places = dict(self.places)
        size, width = len(self.q), sum(map(len, places.values()))
        parameters, low, high = arithmetic.zeros(size, width), arithmetic.array(self.low), arithmetic.array(self.high)
        for i, column in enumerate(places.get("lower", ())):
            parameters[i, column] = 1
        relus = []
        for i in range(size):
            for sign, name, bound in ((1, "lower", low[i]), (-1, "upper", high[i])):
                over = ((places[name][i], arithmetic.number(Fraction(-1))),) if name in places else ()
                relus.append(Relu(i, 1, sign, 0 if over else -bound, over))
        shift = arithmetic.zeros(size) if "lower" in places else low
        return Layer(arithmetic, *self.before(arithmetic, width, places.get("b")), tuple(relus), parameters, shift)


@dataclass(frozen=True)
class _Simplex(GradientStep):
    moves: bool

    def __call__(self, arithmetic: Arithmetic) -> _SimplexStep:
        size = len(self.q)
        width = size if self.moves else 0
        return _SimplexStep(arithmetic, *self.before(arithmetic, width, range(size) if self.moves else None))

    def write(self, algorithm: Algorithm) -> Iteration:
        """The program; of n inputs it has about n log^2 n / 2 relus."""
        step = self(EXACT)
        size = len(step.inner)
        build = GraphBuilder([*algorithm.state, *algorithm.parameters])
        z = []
        for i in range(size):
            terms = list(enumerate([*step.inner[i], *step.moved[i]]))
            z.append(build.sum(terms, step.constant[i], name=f"before{i}"))
        ordered = order_statistics(build, z, "oddeven", range(size))[::-1]
        levels = [
            build.sum([(entry, Fraction(1, k)) for entry in ordered[:k]], Fraction(-1, k)) for k in range(1, size + 1)
        ]
        level = build.apply("max", levels, name="level")
        outputs = [
            build.apply("relu", [build.affine([(entry, 1), (level, -1)])], name=f"next.{name}")
            for entry, name in zip(z, algorithm.state, strict=True)
        ]
        program = build.program(outputs, name=algorithm.name)
        start, theta = EXACT.array(algorithm.start), EXACT.array(algorithm.theta)
        return Iteration(program, algorithm.state, algorithm.parameters, start=start.tolist(), theta=theta.tolist())


@dataclass(frozen=True)
class _SimplexStep:
    arithmetic: Arithmetic
    inner: Array
    moved: Array
    constant: Array

    @cached_property
    def _counts(self) -> Array:
        return self.arithmetic.array(list(range(1, len(self.inner) + 1)))

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        z = self.inner @ state + self.moved @ theta + self.constant
        level = ((np.cumsum(np.sort(z)[::-1]) - 1) / self._counts).max()
        above = z - level
        a = self._derivative(above > 0)
        met = np.count_nonzero(above) != above.size
        return Linearised(np.maximum(above, 0), a, a.b, met)

    def _derivative(self, kept: Array) -> _Composed:
        """That of the last step, if it kept the same entries."""
        pattern = kept.tobytes()
        last: tuple[bytes, _Composed] | None = getattr(self, "_last", None)
        if last is not None and last[0] == pattern:
            return last[1]
        slopes = _Projection(kept, self.arithmetic.number(Fraction(1, max(int(kept.sum()), 1))))
        found = _Composed(slopes, self.inner, slopes.forward(self.moved))
        found.b.flags.writeable = False  # the next step may have the same one
        object.__setattr__(self, "_last", (pattern, found))
        return found


@dataclass(frozen=True)
class _Projection:
    """I_K - 1 1^T / |K|, symmetric; ``share`` is 1 / |K|."""

    kept: Array
    share: Any

    def forward(self, right: Array) -> Array:
        moved: Array = right - self.share * (self.kept @ right)
        moved[~self.kept] = 0
        return moved


@dataclass(frozen=True)
class _Composed:
    """The projection's Jacobian times the gradient step's, and times what it moves."""

    slopes: _Projection
    inner: Array
    b: Array

    def forward(self, right: Array) -> Array:
        return self.slopes.forward(self.inner @ right)

    def reverse(self, left: Array) -> Array:
        return self.inner.T @ self.slopes.forward(left)
