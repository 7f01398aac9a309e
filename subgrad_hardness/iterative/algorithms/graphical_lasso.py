"""Douglas-Rachford for sparse inverse covariances (graphical Lasso), in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import FLOAT, Arithmetic, Array, number, symmetric
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen
from subgrad_hardness.iterative.algorithms.linearised import Linearised
from subgrad_hardness.iterative.algorithms.spectra import Rate


def graphical_lasso(
    S: object,  # noqa: N803 - the letters of the field
    lam: object,
    step: object = 1,
    *,
    weights: object = None,
    parameters: Sequence[str] = ("lam",),
) -> Algorithm:
    """Douglas-Rachford for min -log det X + <S, X> + lam sum W_ij |X_ij| over positive definite X.

    Y = soft(Z, g lam W), X = the proximal map of g f at 2Y - Z, Z <- Z + X - Y, with f = -log det + <S, .>.  At V the
    proximal map is U diag((w + sqrt(w^2 + 4 g)) / 2) U' where V - g S = U diag(w) U', and its derivative is
    D_f = (I + g X^-1 (x) X^-1)^-1, which needs no derivative of eigenvectors.  A = I + D_f (2S' - I) - S' with S' the
    slopes of the soft thresholding.

    Parameters
    ----------
    S : symmetric matrix, an empirical covariance.
    lam, step : positive numbers.
    weights : symmetric matrix of numbers at least 0, W; by default 1 off the diagonal and 0 on it.
    parameters : ``lam``.

    Returns
    -------
    Algorithm
        The state is Z, row by row, from the identity.  ``local_rate``: (1 + d) / 2 with d = max |t^2 - g| / (t^2 + g)
        over the least and greatest eigenvalue t of X; the best g is their product.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers; when ``exact`` or ``iteration`` is asked for.

    Notes
    -----
    Friedman, Hastie and Tibshirani 2008; Ravikumar et al. 2011.  Iterates are irrational, so this runs in doubles;
    ``sh.graphical_lasso_solution`` has the solution and its derivative exactly where they are rational.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.graphical_lasso([[2, 1], [1, 1]], "1/2")
    >>> it.state
    ('Z0_0', 'Z0_1', 'Z1_0', 'Z1_1')
    """
    covariance = symmetric(S, "S")
    size = len(covariance)
    penalty = default_weights(size) if weights is None else symmetric(weights, "weights")
    if len(penalty) != size or min(entry for row in penalty for entry in row) < 0:
        raise ParameterError(f"expected {size} rows of numbers at least 0", place="weights")
    level = number(lam, "lam", positive=True)
    names, theta, _ = chosen(parameters, {"lam": level})
    form = _Splitting(covariance, penalty, level, number(step, "step", positive=True), bool(names))
    state = tuple([f"Z{i}_{j}" for i in range(size) for j in range(size)])
    start = [Fraction(int(i == j)) for i in range(size) for j in range(size)]
    return Algorithm(
        "graphical lasso",
        state,
        names,
        start,
        theta,
        form,
        inexact="its values are irrational (eigenvalues): it runs in doubles; see graphical_lasso_solution",
        known_local_rate=form.local_rate,
    )


def default_weights(size: int) -> list[list[Fraction]]:
    """1 off the diagonal, 0 on it."""
    return [[Fraction(int(i != j)) for j in range(size)] for i in range(size)]


@dataclass(frozen=True)
class _Splitting:
    covariance: Any
    weights: Any
    lam: Fraction
    g: Fraction
    moves: bool

    def __call__(self, arithmetic: Arithmetic) -> _SplittingStep:
        return _SplittingStep(self, arithmetic.array(self.covariance), arithmetic.array(self.weights))

    def local_rate(self, state: Array, theta: Array) -> Rate:
        found = self(FLOAT).step(state, theta)
        assert isinstance(found.a, _Derivative)
        g, t = as_double(self.g), found.a.eigenvalues[[0, -1]]
        far = float(np.max(np.abs(t**2 - g) / (t**2 + g)))
        return Rate(Fraction((1 + far) / 2), False, "local", "(1 + max |t^2 - g| / (t^2 + g)) / 2, t eigenvalues of X")


@dataclass(frozen=True)
class _SplittingStep:
    form: _Splitting
    covariance: Array
    weights: Array

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        size, g = len(self.covariance), as_double(self.form.g)
        lam = float(theta[0]) if self.form.moves else as_double(self.form.lam)
        z = state.reshape(size, size)
        level = g * lam * self.weights
        size_of = np.abs(z)
        above, on = size_of > level, (size_of == level) & (level > 0)
        met = bool(on.any())
        kept = np.where(on, float(at_kink), above) if met else above.astype(float)
        y = np.sign(z) * np.maximum(size_of - level, 0)
        roots, vectors = np.linalg.eigh(2 * y - z - g * self.covariance)
        eigenvalues = (roots + np.sqrt(roots**2 + 4 * g)) / 2
        x = (vectors * eigenvalues) @ vectors.T
        derivative = _Derivative(kept, vectors, eigenvalues, eigenvalues[:, None] * eigenvalues, g)
        value = (z + x - y).ravel()
        if not self.form.moves:
            return Linearised(value, derivative, np.zeros((size * size, 0)), met)
        return _Moved(value, derivative, -g * self.weights * np.sign(z) * kept, met)


class _Moved(Linearised):
    """With the penalty as a parameter: A J + B in one pass, B = A 0 + B only where it is asked for."""

    __slots__ = ("_derivative", "_shift")

    def __init__(self, value: Array, derivative: _Derivative, shift: Array, at_kink: bool) -> None:
        super().__init__(value, derivative, None, at_kink)
        self._derivative, self._shift = derivative, shift

    @property
    def b(self) -> Array:
        return self.jacobian(np.zeros((self._shift.size, 1)))

    def jacobian(self, last: Array) -> Array:
        v = last.reshape(self._shift.shape)
        moved = self._derivative.kept * v + self._shift
        result: Array = (v + self._derivative.proximal(2 * moved - v) - moved).reshape(-1, 1)
        return result


@dataclass(frozen=True)
class _Derivative:
    """I + D_f (2S' - I) - S', D_f by the eigenvectors of X."""

    kept: Array
    vectors: Array
    eigenvalues: Array
    products: Array
    g: float

    def proximal(self, v: Array) -> Array:
        """D_f of a matrix, or of matrices one after the other."""
        turned = self.vectors.T @ v @ self.vectors
        turned *= self.products / (self.products + self.g)
        result: Array = self.vectors @ turned @ self.vectors.T
        return result

    def forward(self, right: Array) -> Array:
        v = self._matrices(right)
        return self._columns(v + self.proximal((2 * self.kept - 1) * v) - self.kept * v, right.shape)

    def reverse(self, left: Array) -> Array:
        w = self._matrices(left)
        return self._columns(w + (2 * self.kept - 1) * self.proximal(w) - self.kept * w, left.shape)

    def _matrices(self, columns: Array) -> Array:
        size = len(self.kept)
        return columns.T.reshape(-1, size, size)

    def _columns(self, matrices: Array, shape: tuple[int, ...]) -> Array:
        return matrices.reshape(len(matrices), -1).T.reshape(shape)
