"""Forward-backward for the group Lasso, whose proximal map has the norms of groups: in doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array, number, symmetric, vector
from subgrad_hardness.iterative.algorithms.contract import Algorithm, chosen, named, started
from subgrad_hardness.iterative.algorithms.gradient_step import GradientStep
from subgrad_hardness.iterative.algorithms.linearised import Linearised
from subgrad_hardness.net.json_text import Reader
from subgrad_hardness.net.plain_values import plain_value


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
    reader = Reader("", ParameterError)
    read = [
        reader.sequence(group, f"groups[{number}]", "a list of coordinates")
        for number, group in enumerate(reader.sequence(plain_value(groups), "groups", "a list of groups"))
    ]
    own = tuple([tuple(group) for group in read if group])
    every = [index for group in own for index in group]
    if any(type(index) is not int for index in every) or sorted(every) != list(range(size)):
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

    @cached_property
    def _places(self) -> tuple[Array, Array, Array]:
        """The coordinates group by group, where groups begin there, and the group of each coordinate."""
        groups = self.form.groups
        order = np.array([index for group in groups for index in group])
        sizes = np.array([len(group) for group in groups])
        own = np.empty(len(order), dtype=int)
        own[order] = np.repeat(np.arange(len(groups)), sizes)
        return order, np.cumsum(sizes) - sizes, own

    def step(self, state: Array, theta: Array, at_kink: float | Fraction = 0) -> Linearised:
        places, g = dict(self.form.places), as_double(self.form.step)
        level = g * (theta[places["lam"][0]] if "lam" in places else as_double(self.form.lam))
        order, starts, own = self._places
        z = self.inner @ state + self.moved @ theta + self.constant
        norms = np.sqrt(np.add.reduceat((z * z)[order], starts))
        kept = norms > level
        safe = np.where(kept, norms, 1.0)
        shrink = np.where(kept, 1 - level / safe, 0.0)[own]
        along = np.where(kept, level / safe**3, 0.0)[own] * z
        slopes = _GroupSlopes(z, shrink, along, self._places)
        b = slopes.forward(self.moved) if self.moved.any() else np.zeros_like(self.moved)
        if "lam" in places:
            b[:, places["lam"][0]] -= g * np.where(kept, 1 / safe, 0.0)[own] * z
        return Linearised(shrink * z, _Composed(slopes, self.inner), b, bool((norms == level).any()))


@dataclass(frozen=True)
class _GroupSlopes:
    """The proximal map's Jacobian, symmetric: ``shrink`` times v, and z <z, v> / |z|^3 times t in each group."""

    z: Array
    shrink: Array
    along: Array
    places: tuple[Array, Array, Array]

    def forward(self, right: Array) -> Array:
        order, starts, own = self.places
        scale = (-1, *[1] * (right.ndim - 1))
        inner = np.add.reduceat((self.z.reshape(scale) * right)[order], starts, axis=0)[own]
        result: Array = self.shrink.reshape(scale) * right + self.along.reshape(scale) * inner
        return result


@dataclass(frozen=True)
class _Composed:
    """It times the gradient step's Jacobian."""

    slopes: _GroupSlopes
    inner: Array

    def forward(self, right: Array) -> Array:
        return self.slopes.forward(self.inner @ right)

    def reverse(self, left: Array) -> Array:
        return self.inner.T @ self.slopes.forward(left)
