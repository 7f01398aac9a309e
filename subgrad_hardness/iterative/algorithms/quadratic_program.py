"""Quadratic programs in the form of OSQP, min 1/2 x'Px + q'x with l <= A x <= u, by ADMM.

With z = clip(w; l, u), x = (P + sigma I + r A^T A)^-1 (sigma x_last - q + r A^T (2z - w)), w <- A x + w - z: for
sigma = 0 this is the map of ``admm``, the clip in place of soft thresholding, and has the same certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, matrix, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.layer import Layer, Relu
from subgrad_hardness.iterative.algorithms.splitting import Splitting


def quadratic_program(
    P: object,  # noqa: N803 - the letters of the field
    q: object,
    A: object,  # noqa: N803
    l: object,  # noqa: E741
    u: object,
    *,
    r: object = 1,
    sigma: object = 0,
    parameters: Sequence[str] = ("q",),
    start: object = None,
) -> Algorithm:
    """ADMM for a quadratic program in OSQP's form, min 1/2 x'Px + q'x subject to l <= A x <= u.

    The state is (x, w): z = clip(w; l, u), x <- K (sigma x - q + r A^T (2z - w)), w <- A x + w - z, with
    K the inverse of P + sigma I + r A^T A; relaxation 1.  At a fixed point x is the solution.

    Parameters
    ----------
    P : symmetric matrix.
    q, l, u : vectors; entries of l and u may be None, for no bound.
    A : matrix.
    r, sigma : the penalties of OSQP, rho > 0 and sigma >= 0.
    parameters : of ``q``, ``l``, ``u`` and ``equal``.  ``equal`` stands for the right-hand sides of the rows with
        l = u (equal0, equal1, ... in their order); ``l`` and ``u`` stand for the finite bounds of the other rows.
    start : of (x, w); zeros by default.

    Returns
    -------
    Algorithm
        ``rate``: for sigma = 0 that of ``generalised_lasso`` with H = r A K A^T, for w (x follows in one step).

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers, l > u; a singular P + sigma I + r A^T A, when the step is made.

    Notes
    -----
    Stellato et al. 2020 (OSQP).  A row with l = u has no kink.  Active constraints with multiplier 0 are kinks: the
    solution need not be differentiable there.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> qp = sh.iterations.quadratic_program(
    ...     [[1, 0], [0, 1]], [0, 0], [[1, 1], [1, -2]], [1, None], [1, "-1/2"], parameters=["equal"]
    ... )
    >>> qp.parameters, qp.state
    (('equal0',), ('x0', 'x1', 'w0', 'w1'))
    """
    square = symmetric(P, "P")
    rows = matrix(A, "A", columns=len(square))
    low, high = _bounds(l, "l", len(rows), -1), _bounds(u, "u", len(rows), 1)
    for index, (below, above) in enumerate(zip(low, high, strict=True)):
        if below is not None and above is not None and below > above:
            raise ParameterError("l > u", place=f"l[{index}]")
    equal = [i for i in range(len(rows)) if low[i] is not None and low[i] == high[i]]
    free_low = [i for i in range(len(rows)) if low[i] is not None and low[i] != high[i]]
    free_high = [i for i in range(len(rows)) if high[i] is not None and low[i] != high[i]]
    linear = vector(q, "q", len(square))
    known = {
        "q": linear,
        "l": [low[i] for i in free_low],
        "u": [high[i] for i in free_high],
        "equal": [low[i] for i in equal],
    }
    names, theta, places = chosen(parameters, known)
    weight = number(sigma, "sigma")
    if weight < 0:
        raise ParameterError("negative", place="sigma")
    columns: list[dict[str, int]] = [{} for _ in rows]
    for group, own in (("l", free_low), ("u", free_high), ("equal", equal)):
        for place, row in zip(places.get(group, ()), own, strict=False):
            columns[row][group] = place
    form = _Program(
        square, rows, number(r, "r", positive=True), weight, linear, low, high, places.get("q"), columns, len(names)
    )
    state = named("x", len(square)) + named("w", len(rows))
    known_rate = None if weight else form.rate
    return Algorithm("QP", state, names, started(start, len(state)), theta, form, known_rate=known_rate)


def _bounds(values: object, what: str, length: int, sign: int) -> list[Fraction | None]:
    """Bounds, None for none; infinities in arrays of doubles mean the same."""
    given = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(given, list | tuple):
        raise ParameterError("expected a list of numbers", place=what)
    missing = [value is None or value == sign * inf for value in given]
    numbers = vector([0 if none else value for none, value in zip(missing, given, strict=True)], what, length)
    return [None if none else value for none, value in zip(missing, numbers, strict=True)]


@dataclass(frozen=True)
class _Program(Splitting):
    q: Any
    low: list[Fraction | None]
    high: list[Fraction | None]
    moves: range | None
    columns: list[dict[str, int]]
    width: int
    called = "P + sigma I + r A'A"

    def __call__(self, arithmetic: Arithmetic) -> Layer:
        a, solver, h = self.solver(arithmetic)
        rows, size = a.shape
        zeros, eye, r = arithmetic.zeros, arithmetic.eye(rows), arithmetic.number(self.r)
        back = r * (solver @ a.T)
        kept = arithmetic.number(self.sigma) * solver
        direct = np.block([[kept, -back], [a @ kept, eye - h]])
        outer = np.vstack([2 * back, 2 * h - eye])
        source = np.vstack([-solver, -(a @ solver)])
        parameters, constant = zeros(size + rows, self.width), zeros(size + rows)
        if self.moves is None:
            constant = source @ arithmetic.array(self.q)
        else:
            parameters[:, self.moves.start : self.moves.stop] = source
        relus: list[Relu] = []
        fixed, moved, linear = zeros(rows), zeros(rows, self.width), zeros(rows)
        for i, (low, high, columns) in enumerate(zip(self.low, self.high, self.columns, strict=True)):
            start = low if low is not None else high
            group = "equal" if low == high and low is not None else "l" if low is not None else "u"
            if start is None:
                linear[i] = 1
                continue
            if group in columns:
                moved[i, columns[group]] = 1
            else:
                fixed[i] = arithmetic.number(start)
            if group == "equal":
                continue
            # low + relu(z - low) - relu(z - high); without low it is high - relu(high - z)
            for bound, name, sign in ((low, "l", 1), (high, "u", -1)):
                if bound is None:
                    continue
                turn = -1 if low is None else 1
                over = ((columns[name], arithmetic.number(Fraction(-turn))),) if name in columns else ()
                offset = 0 if over else arithmetic.number(-turn * bound)
                relus.append(Relu(i, turn, sign, offset, over))
        constant, parameters = constant + outer @ fixed, parameters + outer @ moved
        inner = np.hstack([zeros(rows, size), eye])
        return Layer(
            arithmetic,
            inner,
            zeros(rows, self.width),
            zeros(rows),
            tuple(relus),
            parameters,
            constant,
            outer,
            direct,
            linear,
            reflects=True,
        )
