"""The ready algorithms as a reader would write them in numpy, with the derivative beside the iterate.

Each problem is an algorithm of ``sh.iterations`` and a function that makes so many steps of x and J from zeros (the
graphical Lasso: from the identity) in plain numpy: whole matrices, no products saved, new arrays in every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import subgrad_hardness as sh

Array = Any
Run = Callable[[int], tuple[Array, Array]]


class Problem(NamedTuple):
    """An algorithm and the same steps in numpy."""

    name: str
    algorithm: Any
    run: Run


def problems(size: int) -> Iterator[Problem]:
    """One of each algorithm with about so many states."""
    rng = np.random.default_rng(size)
    x = rng.integers(-8, 9, (2 * size, size)).astype(float)
    q, c = x.T @ x / 1024, x.T @ rng.integers(-9, 10, 2 * size) / 1024
    step = float(np.floor(2**20 / np.linalg.eigvalsh(q)[-1]) / 2**20)
    lam = float(np.ceil(np.abs(c).max() / 8 * 2**20) / 2**20)
    make = sh.iterations
    yield Problem("ridge", make.ridge(q, c, 1, step), _ridge(q, c, 1.0, step))
    yield Problem("lasso", make.lasso(q, c, lam, step), _thresholded(q, c, lam, 0.0, step))
    yield Problem("elastic net", make.elastic_net(q, c, lam, 1, step), _thresholded(q, c, lam, 1.0, step))
    groups = [list(range(start, min(start + 5, size))) for start in range(0, size, 5)]
    yield Problem("group lasso", make.group_lasso(q, c, groups, lam, step), _grouped(q, c, groups, lam, step))
    low, high = -np.ones(size) / 8, np.ones(size) / 8
    yield Problem("box QP", make.box_qp(q, c, low, high, step), _boxed(q, c, low, high, step))
    yield Problem("simplex QP", make.simplex_qp(q, c, step), _on_simplex(q, c, step))
    y = np.cumsum(rng.integers(-4, 5, size + 1)).astype(float)
    for order, name in ((1, "total variation"), (2, "trend filtering")):
        d = np.diff(np.eye(len(y)), n=order, axis=0)
        yield Problem(name, make.trend_filtering(y, 2.1, order), _alternating(y, d, 2.1))
    half = size // 2
    a = rng.integers(-3, 4, (half, half)).astype(float)
    bounds = (-np.ones(half), np.ones(half))
    p = q[:half, :half]
    made = make.quadratic_program(p, c[:half], a, *bounds, parameters=("q",))
    yield Problem("QP", made, _operator_splitting(p, c[:half], a, *bounds))
    d = np.diff(np.eye(half), n=1, axis=0)
    yield Problem("PDHG", make.pdhg(d, y[:half], 2.1, "1/2", "1/2"), _primal_dual(d, y[:half], 2.1))
    w = rng.integers(-64, 65, (size, size)) / (64 * size**0.5)
    u = rng.integers(-3, 4, (size, 3)).astype(float)
    bias, given = rng.integers(-3, 4, size).astype(float), np.ones(3)
    yield Problem("equilibrium", make.equilibrium(w, u, bias, given), _equilibrium(w, u, bias, given))
    cost = rng.integers(0, 9, (size, size)) / 8
    weights = np.full(size, 1 / size)
    yield Problem("Sinkhorn", make.sinkhorn(cost, weights, weights, 1), _sinkhorn(cost, weights, 1.0))
    side = max(int(size**0.5), 2)
    sample = rng.integers(-4, 5, (4 * side, side)).astype(float)
    covariance = sample.T @ sample / (4 * side)
    yield Problem(f"graphical lasso, {side} x {side}", make.graphical_lasso(covariance, 1), _covariance(covariance))


def _ridge(q: Array, c: Array, th: float, g: float) -> Run:
    def run(steps: int) -> tuple[Array, Array]:
        x = np.zeros(len(c))
        j = np.zeros((len(c), 1))
        for _ in range(steps):
            x, j = x - g * (q @ x + th * x - c), j - g * (q @ j + th * j + x[:, None])
        return x, j

    return run


def _thresholded(q: Array, c: Array, lam: float, lam2: float, g: float) -> Run:
    def run(steps: int) -> tuple[Array, Array]:
        x, j = np.zeros(len(c)), np.zeros((len(c), 1))
        for _ in range(steps):
            z = x - g * (q @ x - c)
            sign, on = np.sign(z), np.abs(z) > g * lam
            x = sign * np.maximum(np.abs(z) - g * lam, 0) / (1 + g * lam2)
            j = on[:, None] * (j - g * (q @ j) - g * sign[:, None]) / (1 + g * lam2)
        return x, j

    return run


def _grouped(q: Array, c: Array, groups: list[list[int]], lam: float, g: float) -> Run:
    def run(steps: int) -> tuple[Array, Array]:
        x, j = np.zeros(len(c)), np.zeros((len(c), 1))
        for _ in range(steps):
            z, v = x - g * (q @ x - c), j - g * (q @ j)
            x, j = np.zeros(len(c)), np.zeros((len(c), 1))
            for group in groups:
                own, moved = z[group], v[group]
                norm = np.linalg.norm(own)
                if norm > g * lam:
                    x[group] = (1 - g * lam / norm) * own
                    along = own[:, None] * (own @ moved) * (g * lam / norm**3)
                    j[group] = (1 - g * lam / norm) * moved + along - g * own[:, None] / norm
        return x, j

    return run


def _boxed(q: Array, b: Array, low: Array, high: Array, g: float) -> Run:
    def run(steps: int) -> tuple[Array, Array]:
        x, j = np.zeros(len(b)), np.zeros((len(b), len(b)))
        for _ in range(steps):
            z = x - g * (q @ x - b)
            x = np.clip(z, low, high)
            j = ((z > low) & (z < high))[:, None] * (j - g * (q @ j) + g * np.eye(len(b)))
        return x, j

    return run


def _on_simplex(q: Array, b: Array, g: float) -> Run:
    def run(steps: int) -> tuple[Array, Array]:
        size = len(b)
        x, j = np.zeros(size), np.zeros((size, size))
        for _ in range(steps):
            z, v = x - g * (q @ x - b), j - g * (q @ j) + g * np.eye(size)
            ordered = np.sort(z)[::-1]
            level = ((np.cumsum(ordered) - 1) / np.arange(1, size + 1)).max()
            x, on = np.maximum(z - level, 0), z > level
            j = on[:, None] * (v - v[on].mean(axis=0))
        return x, j

    return run


def _alternating(y: Array, d: Array, lam: float) -> Run:
    inverse = np.linalg.inv(np.eye(len(y)) + d.T @ d)

    def run(steps: int) -> tuple[Array, Array]:
        w, j = np.zeros(len(d)), np.zeros((len(d), 1))
        for _ in range(steps):
            on, sign = np.abs(w) > lam, np.sign(w)
            z = sign * np.maximum(np.abs(w) - lam, 0)
            moved = on[:, None] * (j - sign[:, None])
            w, j = (
                d @ (inverse @ (y + d.T @ (2 * z - w))) + w - z,
                d @ (inverse @ (d.T @ (2 * moved - j))) + j - moved,
            )
        return w, j

    return run


def _operator_splitting(p: Array, q: Array, a: Array, low: Array, high: Array) -> Run:
    """x <- K (sigma x - q + A'(2 z - w)), w <- w + A x - z with z = clip(w), as OSQP with r = 1, sigma = 0."""
    inverse = np.linalg.inv(p + a.T @ a)

    def run(steps: int) -> tuple[Array, Array]:
        size = len(q)
        x, w = np.zeros(size), np.zeros(len(a))
        j, k = np.zeros((size, size)), np.zeros((len(a), size))
        for _ in range(steps):
            z, on = np.clip(w, low, high), (w > low) & (w < high)
            moved = on[:, None] * k
            x, j = inverse @ (a.T @ (2 * z - w) - q), inverse @ (a.T @ (2 * moved - k) - np.eye(size))
            w, k = w + a @ x - z, k + a @ j - moved
        return np.concatenate([x, w]), np.vstack([j, k])

    return run


def _primal_dual(d: Array, y: Array, lam: float) -> Run:
    tau = sigma = 0.5

    def run(steps: int) -> tuple[Array, Array]:
        x, v = np.zeros(len(y)), np.zeros(len(d))
        j, k = np.zeros((len(y), 1)), np.zeros((len(d), 1))
        for _ in range(steps):
            last, before = x, j
            x, j = (x - tau * (d.T @ v) + tau * y) / (1 + tau), (j - tau * (d.T @ k)) / (1 + tau)
            u, moved = v + sigma * (d @ (2 * x - last)), k + sigma * (d @ (2 * j - before))
            v = np.clip(u, -lam, lam)
            k = np.where(np.abs(u)[:, None] < lam, moved, np.sign(u)[:, None] * (np.abs(u)[:, None] > lam))
        return np.concatenate([x, v]), np.vstack([j, k])

    return run


def _equilibrium(w: Array, u: Array, bias: Array, given: Array) -> Run:
    def run(steps: int) -> tuple[Array, Array]:
        x, j = np.zeros(len(bias)), np.zeros((len(bias), len(given)))
        for _ in range(steps):
            z = w @ x + u @ given + bias
            x, j = np.maximum(z, 0), (z > 0)[:, None] * (w @ j + u)
        return x, j

    return run


def _sinkhorn(cost: Array, weights: Array, eps: float) -> Run:
    """Forward mode by hand: scores' derivatives beside them."""

    def half(scores: Array, slopes: Array, axis: int) -> tuple[Array, Array]:
        top = scores.max(axis=axis, keepdims=True)
        powers = np.exp(scores - top)
        sums = powers.sum(axis=axis)
        return np.log(sums) + top.squeeze(axis), (powers * slopes).sum(axis=axis) / sums

    def run(steps: int) -> tuple[Array, Array]:
        f, j = np.zeros(len(cost)), np.zeros(len(cost))
        for _ in range(steps):
            scores = (f[:, None] - cost) / eps
            level, slope = half(scores, (j[:, None] - scores) / eps, 0)
            h = eps * (np.log(weights) - level)
            k = np.log(weights) - level - eps * slope
            scores = (h[None, :] - cost) / eps
            level, slope = half(scores, (k[None, :] - scores) / eps, 1)
            f = eps * (np.log(weights) - level)
            j = np.log(weights) - level - eps * slope
        return f, j[:, None]

    return run


def _covariance(s: Array) -> Run:
    g = lam = 1.0
    weights = 1 - np.eye(len(s))

    def run(steps: int) -> tuple[Array, Array]:
        z, j = np.eye(len(s)), np.zeros_like(s)
        for _ in range(steps):
            level = g * lam * weights
            on, sign = np.abs(z) > level, np.sign(z)
            y = sign * np.maximum(np.abs(z) - level, 0)
            moved = on * (j - g * weights * sign)
            roots, vectors = np.linalg.eigh(2 * y - z - g * s)
            t = (roots + np.sqrt(roots**2 + 4 * g)) / 2
            x = vectors @ np.diag(t) @ vectors.T
            inner = vectors.T @ (2 * moved - j) @ vectors
            k = vectors @ (inner * (np.outer(t, t) / (np.outer(t, t) + g))) @ vectors.T
            z, j = z + x - y, j + k - moved
        return z.ravel(), j.reshape(-1, 1)

    return run
