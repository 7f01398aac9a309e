"""Deep equilibrium layers: z <- relu(W z + U u + b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array, matrix, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.layer import Layer, Relu
from subgrad_hardness.iterative.algorithms.spectra import Rate, computed_spectrum


def equilibrium(
    W: object,  # noqa: N803 - the letters of the field
    U: object,  # noqa: N803
    b: object,
    u: object,
    *,
    parameters: Sequence[str] = ("u",),
    start: object = None,
) -> Algorithm:
    """A deep equilibrium layer, z <- relu(W z + U u + b).

    A = S W and B = S U for u, S for b, with S the slopes of the relus, [0, 1] where an argument is 0.

    Parameters
    ----------
    W, U : matrices, p x p and p x (inputs of the layer).
    b, u : vectors, the bias and the layer's input.
    parameters : of ``u`` and ``b``.
    start : z_0; zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: a bound on the Euclidean norm of W; where that is not below 1, a joint spectral radius or determinants
        may still show that there is one limit.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers.

    Notes
    -----
    Bai, Kolter and Koltun 2019; Winston and Kolter 2020 for conditions weaker than a contraction.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.equilibrium([["1/2", 0], ["1/4", "-1/2"]], [[1], [1]], [0, -1], [1])
    >>> it.iteration.step([2, "1/3"])
    (Fraction(2, 1), Fraction(1, 3))
    """
    inner = matrix(W, "W", columns=len(matrix(W, "W")))
    size = len(inner)
    outer = matrix(U, "U", rows=size)
    bias, given = vector(b, "b", size), vector(u, "u", len(outer[0]))
    names, theta, places = chosen(parameters, {"u": given, "b": bias})
    form = _Equilibrium(inner, outer, bias, given, tuple(places.items()))
    return Algorithm("equilibrium", named("z", size), names, started(start, size), theta, form, known_rate=form.rate)


@dataclass(frozen=True)
class _Equilibrium:
    w: Any
    u: Any
    bias: Any
    given: Any
    places: tuple[tuple[str, range], ...]

    def __call__(self, arithmetic: Arithmetic) -> Layer:
        places = dict(self.places)
        size, width = len(self.w), sum(map(len, places.values()))
        outer = arithmetic.array(self.u)
        moved, constant = arithmetic.zeros(size, width), arithmetic.zeros(size)
        for name, factor, value in (("u", outer, self.given), ("b", arithmetic.eye(size), self.bias)):
            if name in places:
                moved[:, places[name].start : places[name].stop] = factor
            else:
                constant = constant + factor @ arithmetic.array(value)
        relus = tuple([Relu(i, 1, 1, 0) for i in range(size)])
        zeros = arithmetic.zeros
        return Layer(arithmetic, arithmetic.array(self.w), moved, constant, relus, zeros(size, width), zeros(size))

    def rate(self, theta: Any) -> Rate:
        """A bound on the norm: a root, rounded up, of a bound on the eigenvalues of W^T W."""
        square = computed_spectrum(self._square, len(self.w))
        return Rate(_root_above(square.high), square.proved, "global", "Euclidean norm of W")

    def _square(self, arithmetic: Arithmetic) -> Array:
        """W^T W."""
        w = arithmetic.array(self.w)
        result: Array = w.T @ w
        return result


def _root_above(value: Fraction) -> Fraction:
    """A rational r with r^2 >= value, within 2^-40 or so of the root."""
    scaled = -(-value.numerator * 4**40 // value.denominator)
    return Fraction(isqrt(max(scaled, 0)) + 1, 2**40)
