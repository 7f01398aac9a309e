"""Forward-backward for the group Lasso, whose proximal map has the norms of groups: in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.gradient_step import GradientStep
from subgrad_hardness.iterative.algorithms.linearised import Dense, Linearised


def group_lasso(
    Q: object,  # noqa: N803 - the letters of the field
    c: object,
    groups: Sequence[Sequence[int]],
    lam: object,
    step: object,
    *,
    parameters: Sequence[str] = ("lam",),
    start: object = None,
) -> Algorithm:
    """Forward-backward for the group Lasso, min 1/2 x'Qx - c'x + lam sum over groups of the norm of x_G.

    With z = x - g (Q x - c) and t = g lam: x_G <- (1 - t / |z_G|) z_G where |z_G| > t, else 0.  The Jacobian of the
    proximal map on a group that stays is (1 - t / |z_G|) I + t z_G z_G' / |z_G|^3.

    Parameters
    ----------
    Q, c, lam, step, start : as for ``lasso``.
    groups : lists of coordinates, each coordinate in one of them.
    parameters : of ``lam`` and ``c``.

    Returns
    -------
    Algorithm
        ``rate``: max |1 - g e| over the eigenvalues e of Q, from everywhere.

    Raises
    ------
    ParameterError
        Wrong shapes, no finite numbers, groups that are no partition; when ``exact`` or ``iteration`` is asked for.

    Notes
    -----
    Yuan and Lin 2006.  Norms are irrational, so this runs in doubles only.  The step is smooth but where |z_G| = t; at
    such a kink, which doubles hardly meet, the group stays 0 and its slope is 0.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.iterations.group_lasso([[1, 0], [0, 1]], [3, 4], [[0, 1]], 1, 1)
    >>> it.step([0, 0]).value
    array([2.4, 3.2])
    """
    square = symmetric(Q, "Q")
    size = len(square)
    linear, level = vector(c, "c", size), number(lam, "lam", positive=True)
    own = tuple([tuple(group) for group in groups])
    if sorted(index for group in own for index in group) != list(range(size)):
        raise ParameterError(f"expected each of 0..{size - 1} once", place="groups")
    names, theta, places = chosen(parameters, {"lam": level, "c": linear})
    form = _Grouped(square, linear, number(step, "step", positive=True), own, level, tuple(places.items()))
    return Algorithm(
        "group lasso",
        named("x", size),
        names,
        started(start, size),
        theta,
        form,
        inexact="its values are irrational (norms of groups): it runs in doubles",
        known_rate=form.rate,
        known_steps=form.steps,
    )


@dataclass(frozen=True)
class _Grouped(GradientStep):
    groups: tuple[tuple[int, ...], ...]
    lam: Fraction
    places: tuple[tuple[str, range], ...]

    def __call__(self, arithmetic: Arithmetic) -> _GroupedStep:
        places = dict(self.places)
        return _GroupedStep(self, *self.before(arithmetic, sum(map(len, places.values())), places.get("c")))


@dataclass(frozen=True)
class _GroupedStep:
    form: _Grouped
    inner: Array
    moved: Array
    constant: Array

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        places, g, size = dict(self.form.places), float(self.form.step), len(state)
        lam = theta[places["lam"][0]] if "lam" in places else float(self.form.lam)
        z = self.inner @ state + self.moved @ theta + self.constant
        value, slopes = np.zeros(size), np.zeros((size, size))
        direct = np.zeros((size, len(theta)))
        met = False
        for group in self.form.groups:
            index = np.array(group)
            part = z[index]
            norm = float(np.linalg.norm(part))
            met |= norm == g * lam
            if norm <= g * lam:
                continue
            shrink = 1 - g * lam / norm
            value[index] = shrink * part
            slopes[np.ix_(index, index)] = shrink * np.eye(len(group)) + g * lam * np.outer(part, part) / norm**3
            if "lam" in places:
                direct[index, places["lam"][0]] = -g * part / norm
        return Linearised(value, Dense(slopes @ self.inner), slopes @ self.moved + direct, met)
