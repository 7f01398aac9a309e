"""Forward-backward splitting: a gradient step, then soft thresholding (Lasso, elastic net)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import FLOAT, Arithmetic, Array, finite, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.gradient_step import GradientStep
from subgrad_hardness.iterative.algorithms.layer import Layer, Relu
from subgrad_hardness.iterative.algorithms.spectra import Rate, gradient_rate, spectrum


def lasso(
    Q: object,  # noqa: N803 - the letters of the field
    c: object,
    lam: object,
    step: object,
    *,
    parameters: Sequence[str] = ("lam",),
    start: object = None,
) -> Algorithm:
    """Forward-backward (ISTA) for the Lasso, min 1/2 x'Qx - c'x + lam |x|_1.

    x <- soft(x - g (Q x - c), g lam), where soft(z, t) = relu(z - t) - relu(-z - t) is the proximal map of t |.|_1.
    With z the argument and S = diag(1 where |z_i| > g lam, 0 where less, [0, 1] on the edge), A = S (I - g Q); B is
    -g S sign z for lam and g S for c.

    Parameters
    ----------
    Q : symmetric matrix, positive semidefinite; for a design X it is X'X.
    c : vector; for a design and data y it is X'y.
    lam : number, positive.
    step : g.
    parameters : of ``lam`` and ``c``, those that the solution is differentiated in.
    start : x_0; zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: max |1 - g e| over the eigenvalues e of Q, a contraction iff Q > 0 and g < 2 / L.  ``local_rate``: the
        same over those of Q_EE, E the coordinates with |z_i| >= g lam; it holds near the fixed point, where the others
        stay 0, for designs with more columns than rows as well.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers, a Q that is not symmetric.

    Notes
    -----
    Daubechies, Defrise and De Mol 2004; Beck and Teboulle 2009.  One product with Q a step.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 2, "1/2")
    >>> it.iteration.step([1, 0])
    (Fraction(1, 1), Fraction(0, 1))
    """
    return _thresholded("lasso", (Q, c, lam), Fraction(0), step, (parameters, start))


def elastic_net(
    Q: object,  # noqa: N803
    c: object,
    lam: object,
    lam2: object,
    step: object,
    *,
    parameters: Sequence[str] = ("lam",),
    start: object = None,
) -> Algorithm:
    """Forward-backward for the elastic net, min 1/2 x'Qx - c'x + lam |x|_1 + lam2/2 |x|^2.

    x <- soft(x - g (Q x - c), g lam) / (1 + g lam2); [A, B] is that of ``lasso`` divided by 1 + g lam2.

    Parameters
    ----------
    Q, c, lam, step, start : as for ``lasso``.
    lam2 : number, at least 0.  The step divides by 1 + g lam2, so it is no parameter.
    parameters : of ``lam`` and ``c``.

    Returns
    -------
    Algorithm
        ``rate``: max |1 - g e| / (1 + g lam2) over the eigenvalues e of Q: where lam2 > 0, a contraction for
        all g < 2 / L.

    Raises
    ------
    ParameterError
        As ``lasso``, and for a lam2 below 0.

    Notes
    -----
    Zou and Hastie 2005.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.elastic_net([[1, 1], [1, 1]], [3, 2], 1, 1, "1/2")
    >>> float(it.rate) < 0.667
    True
    """
    second = number(lam2, "lam2")
    if second < 0:
        raise ParameterError("negative", place="lam2")
    return _thresholded("elastic net", (Q, c, lam), second, step, (parameters, start))


def _thresholded(
    name: str, of: tuple[object, object, object], lam2: Fraction, step: object, rest: tuple[Sequence[str], object]
) -> Algorithm:
    square = symmetric(of[0], "Q")
    size = len(square)
    linear, level = vector(of[1], "c", size), number(of[2], "lam", positive=True)
    wanted, start = rest
    names, theta, places = chosen(wanted, {"lam": level, "c": linear})
    form = _Thresholded(square, linear, number(step, "step", positive=True), level, lam2, tuple(places.items()))
    return Algorithm(
        name,
        named("x", size),
        names,
        started(start, size),
        theta,
        form,
        known_rate=form.rate,
        known_local_rate=form.local_rate,
        known_steps=form.steps,
    )


@dataclass(frozen=True)
class _Thresholded(GradientStep):
    """The step and its rates."""

    lam: Fraction
    lam2: Fraction
    places: tuple[tuple[str, range], ...]

    @property
    def shrink(self) -> Fraction:
        return 1 / (1 + self.step * self.lam2)

    def __call__(self, arithmetic: Arithmetic) -> Layer:
        places = dict(self.places)
        size = len(self.q)
        width = sum(map(len, places.values()))
        g = arithmetic.number(self.step)
        before = self.before(arithmetic, width, places.get("c"))
        over = tuple([(column, -g) for column in places.get("lam", ())])
        level = arithmetic.number(Fraction(0) if over else -self.step * self.lam)
        shrink = arithmetic.number(self.shrink)
        relus = tuple([Relu(i, sign, sign * shrink, level, over) for i in range(size) for sign in (1, -1)])
        return Layer(arithmetic, *before, relus, arithmetic.zeros(size, width), arithmetic.zeros(size))

    def local_rate(self, state: Array, theta: Array) -> Rate:
        import numpy as np

        layer = self(FLOAT)
        with np.errstate(invalid="ignore"):
            z = finite(layer.inner @ state + layer.inner_parameters @ theta + layer.inner_constant, "rate")
        places = dict(self.places)
        level = theta[places["lam"][0]] if "lam" in places else as_double(self.lam)
        edge = np.flatnonzero(np.abs(z) >= as_double(self.step) * level * (1 - 1e-12))
        if not len(edge):
            return Rate(Fraction(0), False, "local", "no coordinate reaches the threshold")
        found = spectrum(FLOAT.array(self.q)[np.ix_(edge, edge)])
        how = "max |1 - step eigenvalue of Q_EE|, E found in doubles"
        return gradient_rate(found, self.step, "local", self.shrink)._replace(proved=False, how=how)
