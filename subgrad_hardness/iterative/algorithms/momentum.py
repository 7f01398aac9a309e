"""Methods with momentum: heavy ball, Nesterov's, FISTA.  The state is the last iterate and the one before it.

With h the curvature that a step meets, the Jacobians in the state are

heavy ball  [[1 + b - a h, -b], [1, 0]],        Nesterov  [[(1 + b)(1 - a h), -b (1 - a h)], [1, 0]],

for the step a and the momentum b.  Each of them may be small while products are not: only their joint spectral radius
says whether derivatives along the iterates stay bounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, number, symmetric, vector
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.rational import NumberLike


class Tuned(NamedTuple):
    """The step and the momentum that are tuned to curvatures between ``low`` and ``high``."""

    step: Fraction
    momentum: Fraction


def heavy_ball(
    curvatures: Sequence[NumberLike],
    step: NumberLike,
    momentum: NumberLike,
    *,
    theta: NumberLike = 0,
    start: Sequence[NumberLike] = (0, 0),
) -> Iteration:
    """The heavy ball method for f(u) = h u^2 / 2, u = x - t, with one curvature h on each side of the minimum t.

    x_{k+1} = x_k + b (x_k - x_{k-1}) - a f'(x_k - t); the state is (x_k, x_{k-1}), the parameter t.

    Parameters
    ----------
    curvatures : two positive numbers
        h where x < t, and where x > t; f' has a kink at the minimum unless they are equal.
    step, momentum : numbers
        a > 0 and 0 <= b < 1; ``tuned_heavy_ball`` gives those that are best where f is smooth.
    theta, start : numbers
        t, and (x_0, x_{-1}).

    Returns
    -------
    Iteration

    Raises
    ------
    ParameterError
        A number that is none, or outside its range.

    Notes
    -----
    Polyak 1964.  With the tuned step and momentum and a ratio of curvatures above 3 + 2 sqrt 2 = 5.83 the products of
    its Jacobians at the minimum are unbounded: M(high) M(low) has the eigenvalue -b (3 + 2 sqrt 2) (docs/
    iterations-momentum.md).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.iterations.heavy_ball([1, "1/4"], 1, "3/4").step([2, 1])
    (Fraction(9, 4), Fraction(2, 1))
    """
    low, high = _curvatures(curvatures)
    a, b = number(step, "step", positive=True), _momentum(momentum)
    build = GraphBuilder(["x", "y", "t"])
    slope = _slope(build, build.affine([("x", 1), ("t", -1)], name="u"), low, high)
    following = build.affine([("x", 1 + b), ("y", -b), (slope, -a)], name="next")
    return _iteration(build, following, "heavy ball", theta, start)


def nesterov(
    curvatures: Sequence[NumberLike],
    step: NumberLike,
    momentum: NumberLike,
    *,
    theta: NumberLike = 0,
    start: Sequence[NumberLike] = (0, 0),
) -> Iteration:
    """Nesterov's method with constant momentum for the function of ``heavy_ball``.

    z = x_k + b (x_k - x_{k-1}), x_{k+1} = z - a f'(z - t); the state is (x_k, x_{k-1}), the parameter t.

    Parameters
    ----------
    curvatures, step, momentum, theta, start
        As for ``heavy_ball``; ``tuned_nesterov`` gives a = 1/L and b = (sqrt k - 1) / (sqrt k + 1).

    Returns
    -------
    Iteration

    Raises
    ------
    ParameterError
        A number that is none, or outside its range.

    Notes
    -----
    Nesterov 1983, and 2004 for the constant momentum.  A(L) A(mu)^n has the one nonzero eigenvalue
    -n (1 - 1/sqrt k)^(n + 1), so products of the tuned method are unbounded from a ratio k of 18 on.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.iterations.nesterov([1, "1/4"], 1, "1/3").step([2, -1])
    (Fraction(9, 4), Fraction(2, 1))
    """
    low, high = _curvatures(curvatures)
    a, b = number(step, "step", positive=True), _momentum(momentum)
    build = GraphBuilder(["x", "y", "t"])
    build.affine([("x", 1 + b), ("y", -b)], name="z")
    slope = _slope(build, build.affine([("z", 1), ("t", -1)], name="u"), low, high)
    following = build.affine([("z", 1), (slope, -a)], name="next")
    return _iteration(build, following, "Nesterov", theta, start)


def fista(
    Q: Sequence[Sequence[NumberLike]],  # noqa: N803 - the letters of the field
    c: Sequence[NumberLike],
    lam: NumberLike,
    step: NumberLike,
    momentum: NumberLike,
    *,
    start: Sequence[NumberLike] | None = None,
) -> Iteration:
    """FISTA with constant momentum for the Lasso, min x'Qx/2 - c'x + lam |x|_1; the parameter is lam.

    z = x_k + b (x_k - x_{k-1}), x_{k+1} = soft(z - a (Q z - c), a lam); the state is x_k, then x_{k-1}.

    Parameters
    ----------
    Q, c : p x p numbers, symmetric, and p numbers
    lam, step, momentum : numbers
        lam > 0, a > 0, 0 <= b < 1.
    start : sequence of 2 p numbers, optional
        x_0, then x_{-1}; zeros by default.

    Returns
    -------
    Iteration

    Raises
    ------
    ParameterError
        A number that is none, or outside its range; sizes that do not fit.

    Notes
    -----
    Beck and Teboulle 2009.  Their momentum grows to 1; a constant one is what a uniform statement can be about.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.iterations.fista([["1/25"]], [1], 1, 1, "2/3").step([5, 2])
    (Fraction(168, 25), Fraction(5, 1))
    """
    square = EXACT.array(symmetric(Q, "Q")).tolist()
    size = len(square)
    centre = EXACT.array(vector(c, "c", size)).tolist()
    a, b, weight = number(step, "step", positive=True), _momentum(momentum), number(lam, "lam", positive=True)
    names, before = [f"x{i}" for i in range(size)], [f"y{i}" for i in range(size)]
    build = GraphBuilder([*names, *before, "lam"])
    ahead = [
        build.affine([(x, 1 + b), (y, -b)], name=f"z{i}") for i, (x, y) in enumerate(zip(names, before, strict=True))
    ]
    nexts = []
    for i, row in enumerate(square):
        terms = [(z, int(i == j) - a * entry) for j, (z, entry) in enumerate(zip(ahead, row, strict=True))]
        above = build.sum([*terms, (build["lam"], -a)], a * centre[i])
        below = build.sum([*[(z, -factor) for z, factor in terms], (build["lam"], -a)], -a * centre[i])
        up, down = build.apply("relu", [above], name=f"p{i}"), build.apply("relu", [below], name=f"m{i}")
        nexts.append(build.affine([(up, 1), (down, -1)], name=f"next{i}"))
    program = build.program([*nexts, *names], name="FISTA")
    zeros = [0] * (2 * size)
    return Iteration(program, [*names, *before], ["lam"], start=zeros if start is None else start, theta=[weight])


def tuned_heavy_ball(low: NumberLike, high: NumberLike) -> Tuned:
    """a = 4 / (sqrt high + sqrt low)^2 and b = ((sqrt k - 1) / (sqrt k + 1))^2, k = high / low.

    Raises ParameterError unless both are squares of rationals, times one number; the step is rational then.
    """
    root, _ = _root_of_ratio(low, high)
    return Tuned(4 / (number(low, "low") * (root + 1) ** 2), ((root - 1) / (root + 1)) ** 2)


def tuned_nesterov(low: NumberLike, high: NumberLike) -> Tuned:
    """a = 1 / high and b = (sqrt k - 1) / (sqrt k + 1), k = high / low.

    Raises ParameterError unless k is the square of a rational number.
    """
    root, most = _root_of_ratio(low, high)
    return Tuned(1 / most, (root - 1) / (root + 1))


def _root_of_ratio(low: NumberLike, high: NumberLike) -> tuple[Fraction, Fraction]:
    least, most = _curvatures([low, high])
    ratio = most / least
    root = Fraction(math.isqrt(ratio.numerator), math.isqrt(ratio.denominator))
    if ratio < 1 or root * root != ratio:
        raise ParameterError("the ratio is not the square of a rational number from 1 on", place="curvatures")
    return root, most


def _slope(build: GraphBuilder, u: int, low: Fraction, high: Fraction) -> int:
    """f'(u) = low u + (high - low) relu u: one relu."""
    positive = build.apply("relu", [u], name="positive")
    return build.affine([(u, low), (positive, high - low)], name="slope")


def _iteration(
    build: GraphBuilder, following: int, name: str, theta: NumberLike, start: Sequence[NumberLike]
) -> Iteration:
    return Iteration(build.program([following, "x"], name=name), ["x", "y"], ["t"], start=start, theta=[theta])


def _curvatures(given: Sequence[NumberLike]) -> tuple[Fraction, Fraction]:
    low, high = EXACT.array(vector(given, "curvatures", 2)).tolist()
    if min(low, high) <= 0:
        raise ParameterError("not two positive numbers", place="curvatures")
    return low, high


def _momentum(given: NumberLike) -> Fraction:
    value = number(given, "momentum")
    if not 0 <= value < 1:
        raise ParameterError("not from 0 to less than 1", place="momentum")
    return value
