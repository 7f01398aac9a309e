"""Sinkhorn's iteration in logarithms: smooth, and I - A is singular along constants; in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array, matrix, number, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.linearised import Linearised


def sinkhorn(
    cost: object,
    a: object,
    b: object,
    eps: object,
    *,
    parameters: Sequence[str] = ("eps",),
    start: object = None,
) -> Algorithm:
    """Sinkhorn's iteration for entropic optimal transport between weights a and b.

    The state is the potential f of the rows: h_j = eps (log b_j - log sum_i exp((f_i - C_ij) / eps)), then
    f_i <- eps (log a_i - log sum_j exp((h_j - C_ij) / eps)).  A is a product of two stochastic matrices: f is fixed up
    to a constant, A 1 = 1, and I - A is singular.

    Parameters
    ----------
    cost : matrix C.
    a, b : vectors of positive numbers, of one sum.
    eps : positive number.
    parameters : of ``eps`` and ``a``.
    start : f_0; zeros by default.

    Returns
    -------
    Algorithm

    Raises
    ------
    ParameterError
        Wrong shapes, weights that are not positive; when ``exact`` or ``iteration`` is asked for.

    Notes
    -----
    Cuturi 2013.  In doubles: logarithms are irrational.  Along the iterates the derivative converges to (I - A)^# B
    plus the projection of J_0, with the group inverse, which is the derivative of the limit of the iterates, where B
    is in the range of I - A, as it is in eps and along changes of a that keep its sum; a minimum-norm solution of
    (I - A) J = B is the derivative of another choice of the constant.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.sinkhorn([[0, 1], [1, 0]], ["1/2", "1/2"], ["1/4", "3/4"], 1)
    >>> bool(abs(it.step([0, 0]).a.forward([1, 1]) - 1).max() < 1e-12)
    True
    """
    prices = matrix(cost, "cost")
    rows, columns = vector(a, "a", len(prices)), vector(b, "b", len(prices[0]))
    for name, weights in (("a", rows), ("b", columns)):
        for index, weight in enumerate(weights):
            if weight <= 0:
                raise ParameterError("not positive", place=f"{name}[{index}]")
    level = number(eps, "eps", positive=True)
    names, theta, places = chosen(parameters, {"eps": level, "a": rows})
    form = _Sinkhorn(prices, rows, columns, level, tuple(places.items()))
    return Algorithm(
        "sinkhorn",
        named("f", len(rows)),
        names,
        started(start, len(rows)),
        theta,
        form,
        inexact="its values are irrational (logarithms): it runs in doubles",
    )


@dataclass(frozen=True)
class _Sinkhorn:
    cost: Any
    a: Any
    b: Any
    eps: Fraction
    places: tuple[tuple[str, range], ...]

    def __call__(self, arithmetic: Arithmetic) -> _SinkhornStep:
        return _SinkhornStep(self, *[arithmetic.array(value) for value in (self.cost, self.a, self.b)])


@dataclass(frozen=True)
class _SinkhornStep:
    form: _Sinkhorn
    cost: Array
    a: Array
    b: Array

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        places = dict(self.form.places)
        eps = float(theta[places["eps"][0]]) if "eps" in places else as_double(self.form.eps)
        a = theta[places["a"].start : places["a"].stop] if "a" in places else self.a
        first, of_rows, slope = _half(state[:, None] - self.cost, eps, 0)
        h = eps * np.log(self.b) - first
        slope_h = np.log(self.b) - slope
        second, of_columns, slope = _half(h[None, :] - self.cost, eps, 1)
        value = eps * np.log(a) - second
        moved = np.zeros((len(state), len(theta)))
        if "eps" in places:
            moved[:, places["eps"][0]] = np.log(a) - slope - of_columns @ slope_h
        if "a" in places:
            moved[:, places["a"].start : places["a"].stop] = np.diag(eps / a)
        return Linearised(value, _Stochastic(of_columns, of_rows), moved, False)


@dataclass(frozen=True)
class _Stochastic:
    """A: the weights of the columns times the transpose of those of the rows."""

    of_columns: Array
    of_rows: Array

    def forward(self, right: Array) -> Array:
        result: Array = self.of_columns @ (self.of_rows.T @ right)
        return result

    def reverse(self, left: Array) -> Array:
        result: Array = self.of_rows @ (self.of_columns.T @ left)
        return result


def _half(scores: Array, eps: float, axis: int) -> tuple[Array, Array, Array]:
    """eps log sum exp(scores / eps) along an axis, the weights of the sum, and the derivative in eps."""
    top = scores.max(axis=axis, keepdims=True)
    powers = np.exp((scores - top) / eps)
    sums = powers.sum(axis=axis, keepdims=True)
    logarithm = np.log(sums) + top / eps
    weights = powers / sums
    slope = logarithm.squeeze(axis) - (weights * scores).sum(axis=axis) / eps
    return (eps * logarithm).squeeze(axis), weights, slope
