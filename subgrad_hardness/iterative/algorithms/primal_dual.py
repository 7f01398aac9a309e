"""The primal-dual hybrid gradient method (PDHG) for min 1/2 |x - y|^2 + lam |D x|_1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array, matrix, number, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.layer import Layer, Relu
from subgrad_hardness.iterative.algorithms.spectra import StepRange, computed_spectrum, gradient_steps


def pdhg(
    D: object,  # noqa: N803 - the letters of the field
    y: object,
    lam: object,
    tau: object,
    sigma: object,
    *,
    parameters: Sequence[str] = ("lam",),
    start: object = None,
) -> Algorithm:
    """Chambolle and Pock's primal-dual method for min 1/2 |x - y|^2 + lam |D x|_1.

    x <- (x - tau D^T v + tau y) / (1 + tau), then v <- clip(v + sigma D (2 x_new - x_old); -lam, lam); the state is
    (x, v), v the dual variable.

    Parameters
    ----------
    D, y, lam : matrix, vector, positive number.
    tau, sigma : the two steps, positive.
    parameters : of ``lam`` and ``y``.
    start : of (x, v); zeros by default.

    Returns
    -------
    Algorithm
        ``step_range``: of tau, for this sigma: 0 < tau < 1 / (sigma |D|^2).  No contraction from everywhere is known;
        ``local_rate`` is the spectral radius of A.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers, steps that are not positive.

    Notes
    -----
    Chambolle and Pock 2011.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.pdhg([[-1, 1, 0], [0, -1, 1]], [0, 1, 5], 1, "1/2", "1/3")
    >>> it.iteration.step([1, 1, 4, 1, 1])
    (Fraction(1, 1), Fraction(1, 1), Fraction(4, 1), Fraction(1, 1), Fraction(1, 1))
    """
    signal = vector(y, "y")
    differences = matrix(D, "D", columns=len(signal))
    level = number(lam, "lam", positive=True)
    names, theta, places = chosen(parameters, {"lam": level, "y": signal})
    form = _PrimalDual(
        differences,
        signal,
        level,
        number(tau, "tau", positive=True),
        number(sigma, "sigma", positive=True),
        tuple(places.items()),
    )
    state = named("x", len(signal)) + named("v", len(differences))
    return Algorithm("PDHG", state, names, started(start, len(state)), theta, form, known_steps=form.steps)


@dataclass(frozen=True)
class _PrimalDual:
    d: Any
    y: Any
    lam: Fraction
    tau: Fraction
    sigma: Fraction
    places: tuple[tuple[str, range], ...]

    def __call__(self, arithmetic: Arithmetic) -> Layer:
        places = dict(self.places)
        d, width = arithmetic.array(self.d), sum(map(len, dict(self.places).values()))
        rows, size = d.shape
        zeros, eye = arithmetic.zeros, arithmetic.eye
        tau, sigma, shrink = (arithmetic.number(value) for value in (self.tau, self.sigma, 1 / (1 + self.tau)))
        primal = np.hstack([shrink * eye(size), -tau * shrink * d.T])
        before = sigma * (2 * (d @ primal) - np.hstack([d, zeros(rows, rows)]))
        inner = before + np.hstack([zeros(rows, size), eye(rows)])
        direct = np.vstack([primal, zeros(rows, size + rows)])
        outer = np.vstack([zeros(size, rows), eye(rows)])
        parameters, constant = zeros(size + rows, width), zeros(size + rows)
        moved, fixed = zeros(rows, width), zeros(rows)
        if "y" in places:
            span = slice(places["y"].start, places["y"].stop)
            parameters[:size, span] = tau * shrink * eye(size)
            moved[:, span] = 2 * sigma * tau * shrink * d
        else:
            y = arithmetic.array(self.y)
            constant[:size] = tau * shrink * y
            fixed = 2 * sigma * tau * shrink * (d @ y)
        relus = []
        for i in range(rows):  # -lam + relu(z + lam) - relu(z - lam)
            for sign in (1, -1):
                over = tuple([(column, arithmetic.number(Fraction(sign))) for column in places.get("lam", ())])
                relus.append(Relu(i, 1, sign, 0 if over else arithmetic.number(sign * self.lam), over))
        if "lam" in places:
            parameters[size:, places["lam"][0]] -= 1
        else:
            constant[size:] -= arithmetic.number(self.lam)
        return Layer(arithmetic, inner, moved, fixed, tuple(relus), parameters, constant, outer, direct)

    def steps(self, theta: Any) -> StepRange:
        found = gradient_steps(computed_spectrum(self._square, len(self.y)), times=1)
        high = None if found.high is None else found.high / self.sigma
        return found._replace(high=high, how="0 < tau < 1 / (sigma |D|^2)")

    def _square(self, arithmetic: Arithmetic) -> Array:
        """D D^T."""
        d = arithmetic.array(self.d)
        result: Array = d @ d.T
        return result
