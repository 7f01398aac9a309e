"""Gradient descent for a quadratic with a ridge: smooth, its derivatives converge like k rho^k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, Arithmetic, Array, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.gradient_step import GradientStep
from subgrad_hardness.iterative.algorithms.linearised import Dense, Linearised
from subgrad_hardness.iterative.algorithms.spectra import Spectrum
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.building import GraphBuilder


def ridge(
    Q: object,  # noqa: N803 - the letters of the field
    c: object,
    th: object,
    step: object,
    *,
    parameters: Sequence[str] = ("th",),
    start: object = None,
) -> Algorithm:
    """Gradient descent for ridge regression, min 1/2 x'Qx - c'x + th/2 |x|^2.

    x <- x - g ((Q + th I) x - c); A = I - g (Q + th I), B is -g x for th and g I for c.

    Parameters
    ----------
    Q : symmetric matrix.
    c, th, step : vector, number at least 0, positive number g.
    parameters : of ``th`` and ``c``.
    start : x_0; zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: max |1 - g (e + th)| over the eigenvalues e of Q; Jacobians in th follow like k times its k-th power.
        ``step_range``: 0 < g < 2 / (L + th).

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers.

    Notes
    -----
    In th the step multiplies a parameter with the state: ``iteration`` is a program with the operation ``mul``.
    Calls about a fixed point that is given decide it, exact runs run it; searches for a fixed point, global rates and
    runs of the program in doubles are for piecewise linear ones, and say so.  In c alone the program is affine.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.ridge([[1]], [1], 1, "1/4")
    >>> it.step([0]).value, it.rate.bound >= 0.5
    (array([0.25]), True)
    """
    square = symmetric(Q, "Q")
    size = len(square)
    linear, weight = vector(c, "c", size), number(th, "th")
    names, theta, places = chosen(parameters, {"th": weight, "c": linear})
    form = _Ridge(square, linear, number(step, "step", positive=True), weight, tuple(places.items()))
    return Algorithm(
        "ridge",
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
class _Ridge(GradientStep):
    th: Fraction
    places: tuple[tuple[str, range], ...]

    def __call__(self, arithmetic: Arithmetic) -> _RidgeStep:
        places = dict(self.places)
        return _RidgeStep(self, arithmetic, *self.before(arithmetic, sum(map(len, places.values())), places.get("c")))

    def spectrum(self, theta: Any) -> Spectrum:
        """That of Q + th I, with th from theta where it is a parameter."""
        place = dict(self.places).get("th")
        found, th = super().spectrum(theta), self.th if place is None else Fraction(theta[place[0]])
        return found._replace(low=found.low + th, high=found.high + th)

    def write(self, algorithm: Algorithm) -> Iteration:
        """x_i - g sum_j Q_ij x_j - g th x_i + g c_i."""
        places = dict(self.places)
        size, g = len(algorithm.state), self.step
        step = self(EXACT)
        build = GraphBuilder([*algorithm.state, *algorithm.parameters])
        outputs = []
        for i, name in enumerate(algorithm.state):
            terms = list(enumerate([*step.inner[i], *step.moved[i]]))
            if "th" in places:
                terms.append((build.apply("mul", [i, size + places["th"][0]]), -g))
            else:
                terms[i] = (i, terms[i][1] - g * self.th)
            outputs.append(build.sum(terms, step.constant[i], name=f"next.{name}"))
        program = build.program(outputs, name=algorithm.name)
        start, theta = EXACT.array(algorithm.start), EXACT.array(algorithm.theta)
        return Iteration(program, algorithm.state, algorithm.parameters, start=start.tolist(), theta=theta.tolist())


@dataclass(frozen=True)
class _RidgeStep:
    form: _Ridge
    arithmetic: Arithmetic
    inner: Array
    moved: Array
    constant: Array

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        place = dict(self.form.places).get("th")
        a, tail = self._at(theta, place)
        b = self.moved
        if place is not None:
            b = b.copy()
            b[:, place[0]] = -self.arithmetic.number(self.form.step) * state
        return Linearised(a.matrix @ state + tail, a, b, False)

    def _at(self, theta: Array, place: range | None) -> tuple[Dense, Array]:
        """A, and what is added to A x: what depends on theta alone, kept for the next step."""
        last: tuple[bytes, Array, tuple[Dense, Array]] | None = getattr(self, "_last", None)
        given = theta.tobytes()
        if last is not None and last[0] == given and last[1].dtype == theta.dtype:
            return last[2]
        weight = self.arithmetic.number(self.form.th) if place is None else theta[place[0]]
        shrink = self.arithmetic.number(self.form.step) * weight
        found = Dense(self.inner - shrink * self.arithmetic.eye(len(self.inner))), self.moved @ theta + self.constant
        object.__setattr__(self, "_last", (given, theta.copy(), found))  # the copy keeps Fractions alive
        return found
