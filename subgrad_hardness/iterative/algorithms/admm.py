"""The alternating direction method for a quadratic and an l1 norm: general Lasso, total variation, trend filtering.

min 1/2 x'Px - c'x + lam |Dx|_1, with state w (z and the scaled multiplier in one), z = soft(w, lam / r),

x = M (c + r D^T (2z - w)),   w <- D x + w - z,   M = (P + r D^T D)^-1;

with H = r D M D^T: w <- (I - H) w + (2H - I) z + D M c, A = (I + (2H - I)(2S - I)) / 2, S the slopes of z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, matrix, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.layer import Layer, Relu
from subgrad_hardness.iterative.algorithms.splitting import Splitting


def generalised_lasso(
    P: object,  # noqa: N803 - the letters of the field
    c: object,
    D: object,  # noqa: N803
    lam: object,
    r: object = 1,
    *,
    parameters: Sequence[str] = ("lam",),
    readout: bool = False,
    start: object = None,
) -> Algorithm:
    """ADMM for the generalised Lasso, min 1/2 x'Px - c'x + lam |Dx|_1.

    w <- D M (c + r D^T (2z - w)) + w - z with z = soft(w, lam / r) and M = (P + r D^T D)^-1: one map of one state, the
    Douglas-Rachford operator of the two functions.  A = (I + (2H - I)(2S - I)) / 2 with H = r D M D^T and S the slopes
    of z.

    Parameters
    ----------
    P : symmetric matrix with P + r D^T D positive definite.
    c, D, lam : vector, matrix, positive number.
    r : the penalty of ADMM, positive.
    parameters : of ``lam`` and ``c``.
    readout : also put the solution x into the state (x0, x1, ..., after w0, w1, ...), from the same z: the state's
        derivatives are then about one choice at each kink.
    start : of the state; zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: (1 + max |2 h - 1|) / 2 over the eigenvalues h of H, from everywhere, less than 1 iff 0 < H < I (so D
        has independent rows); not with ``readout``.  The rate near the fixed point, the spectral radius of A, is far
        better.  All r > 0 are admissible.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers; a singular P + r D^T D, when the step is made.

    Notes
    -----
    Tibshirani and Taylor 2011 for the problem, Boyd et al. 2011 and Eckstein and Bertsekas 1992 for the method.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.generalised_lasso([[1, 0], [0, 1]], [0, 4], [[-1, 1]], 1)
    >>> it.iteration, it.rate.bound < 1
    (<Iteration generalised lasso: 1 state, 1 parameter>, True)
    """
    square = symmetric(P, "P")
    differences = matrix(D, "D", columns=len(square))
    given = (square, vector(c, "c", len(square)), differences)
    return _alternating("generalised lasso", "c", given, lam, r, parameters=parameters, readout=readout, start=start)


def tv_admm(
    y: object,
    lam: object,
    r: object = 1,
    *,
    parameters: Sequence[str] = ("lam",),
    readout: bool = False,
    start: object = None,
) -> Algorithm:
    """ADMM for total variation denoising of a signal, min 1/2 |x - y|^2 + lam sum |x_{i+1} - x_i|.

    ``generalised_lasso`` with P = I, c = y and D the first differences.

    Parameters
    ----------
    y : the signal.
    lam, r, readout, start : as for ``generalised_lasso``.
    parameters : of ``lam`` and ``y``.

    Returns
    -------
    Algorithm
        ``rate``: (1 + d) / 2 with d = max |r t^2 - 1| / (r t^2 + 1) over the singular values t of D, from everywhere;
        the best r is 1 / (greatest t * least t).

    Raises
    ------
    ParameterError
        As ``generalised_lasso``.

    Notes
    -----
    Rudin, Osher and Fatemi 1992.  ``sh.total_variation_path`` gives the exact solution for all lam.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.tv_admm([0, 1, 5], 1)
    >>> it.iteration.step([1, 4])
    (Fraction(1, 1), Fraction(4, 1))
    """
    return trend_filtering(y, lam, 1, r, parameters=parameters, readout=readout, start=start, name="total variation")


def trend_filtering(
    y: object,
    lam: object,
    order: int = 2,
    r: object = 1,
    *,
    parameters: Sequence[str] = ("lam",),
    readout: bool = False,
    start: object = None,
    name: str = "trend filtering",
) -> Algorithm:
    """ADMM for l1 trend filtering, min 1/2 |x - y|^2 + lam |D x|_1 with D the differences of an order.

    Parameters
    ----------
    y : the signal.
    order : of the differences; 1 is total variation, 2 gives piecewise linear signals.
    lam, r, readout, start : as for ``generalised_lasso``.
    parameters : of ``lam`` and ``y``.
    name : for people.

    Returns
    -------
    Algorithm
        ``rate`` as for ``tv_admm``.

    Raises
    ------
    ParameterError
        As ``generalised_lasso``, and for an order that leaves no difference.

    Notes
    -----
    Kim, Koh, Boyd and Gorinevsky 2009.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.iterations.trend_filtering([0, 1, 3, 3, 2], 1).state
    ('w0', 'w1', 'w2')
    """
    signal = vector(y, "y")
    size = len(signal)
    if isinstance(order, bool) or not isinstance(order, int) or not 1 <= order < size:
        raise ParameterError(f"{order!r}, expected an integer in 1..{size - 1}", place="order")
    differences = np.diff(np.eye(size, dtype=int), n=order, axis=0)
    identity = np.eye(size, dtype=int)
    given = (identity, signal, differences)
    return _alternating(name, "y", given, lam, r, parameters=parameters, readout=readout, start=start)


def _alternating(
    name: str,
    called: str,
    of: tuple[Any, Any, Any],
    lam: object,
    r: object,
    *,
    parameters: Sequence[str],
    readout: bool,
    start: object,
) -> Algorithm:
    """The method for P, c (the user calls it ``called``) and D."""
    level, penalty = number(lam, "lam", positive=True), number(r, "r", positive=True)
    p, c, d = of
    names, theta, places = chosen(parameters, {"lam": level, called: c})
    form = _Alternating(p, d, penalty, Fraction(0), c, called, level, tuple(places.items()), readout)
    state = named("w", len(d)) + (named("x", len(p)) if readout else ())
    known_rate = None if readout else form.rate
    return Algorithm(name, state, names, started(start, len(state)), theta, form, known_rate=known_rate)


@dataclass(frozen=True)
class _Alternating(Splitting):
    """The step and its rate; ``vector`` is the user's name of c."""

    c: Any
    vector: str
    lam: Fraction
    places: tuple[tuple[str, range], ...]
    readout: bool
    called = "P + r D'D"

    def __call__(self, arithmetic: Arithmetic) -> Layer:
        places = dict(self.places)
        d, inverse, h = self.solver(arithmetic)
        rows, size = d.shape
        width = sum(map(len, places.values()))
        eye, r = arithmetic.eye(rows), arithmetic.number(self.r)
        direct, outer, source = eye - h, 2 * h - eye, d @ inverse
        if self.readout:
            back = r * (inverse @ d.T)
            direct = np.block([[direct, arithmetic.zeros(rows, size)], [-back, arithmetic.zeros(size, size)]])
            outer, source = np.vstack([outer, 2 * back]), np.vstack([source, inverse])
        parameters, constant = arithmetic.zeros(len(source), width), arithmetic.zeros(len(source))
        if self.vector in places:
            span = places[self.vector]
            parameters[:, span.start : span.stop] = source
        else:
            constant = source @ arithmetic.array(self.c)
        inner = eye if not self.readout else np.hstack([eye, arithmetic.zeros(rows, size)])
        over = tuple([(column, arithmetic.number(-1 / self.r)) for column in places.get("lam", ())])
        level = arithmetic.number(Fraction(0) if over else -self.lam / self.r)
        relus = tuple([Relu(i, sign, sign, level, over) for i in range(rows) for sign in (1, -1)])
        return Layer(
            arithmetic,
            inner,
            arithmetic.zeros(rows, width),
            arithmetic.zeros(rows),
            relus,
            parameters,
            constant,
            outer,
            direct,
            reflects=True,
        )
