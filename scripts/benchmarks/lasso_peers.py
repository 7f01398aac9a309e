"""The derivative of a held-out loss in lam of a Lasso, by everybody: seconds beside errors, in one run.

100 x 500, lam a quarter of the greatest; the truth is the exact derivative.  Peers that are not installed are left
out (`pip install scikit-learn celer jax jaxopt optimistix torch cvxpylayers`).  First calls do not count.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from record import Record, add_json_option

import subgrad_hardness as sh

Array = Any
ROWS, COLUMNS = 100, 500


class Task:
    """The problem and what is asked: d/dlam of 1/2 |X' x - y'|^2 on held-out data."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        truth = np.zeros(COLUMNS)
        truth[:20] = rng.standard_normal(20)
        self.x, self.held = rng.standard_normal((ROWS, COLUMNS)), rng.standard_normal((50, COLUMNS))
        self.y = self.x @ truth + 0.5 * rng.standard_normal(ROWS)
        self.held_y = self.held @ truth + 0.5 * rng.standard_normal(50)
        self.lam = float(np.abs(self.x.T @ self.y).max() / 4)
        self.q, self.c = self.x.T @ self.x, self.x.T @ self.y
        self.q = (self.q + self.q.T) / 2
        self.step = float(1 / np.linalg.eigvalsh(self.q)[-1])

    def weights(self, solution: Array) -> Array:
        """The gradient of the held-out loss at a solution."""
        return self.held.T @ (self.held @ solution - self.held_y)

    def on_support(self, solution: Array) -> float:
        """The closed form on the support that a solver found."""
        on = np.flatnonzero(solution)
        slope = -np.linalg.solve(self.q[np.ix_(on, on)], np.sign(solution[on]))
        return float(self.weights(solution)[on] @ slope)


def exact(task: Task) -> float:
    """The exact solution and Jacobian; only the last product is in doubles."""
    found = sh.lasso_solution(task.x, task.y, task.lam)
    assert found.jacobian is not None
    solution, slope = (np.array([float(v) for v in found.dense(e)]) for e in (None, found.jacobian))
    return float(task.weights(solution) @ slope)


def our_piggyback(task: Task, steps: int = 1500) -> float:
    """Forward piggyback of ``sh.iterations.lasso`` in doubles."""
    algorithm = sh.iterations.lasso(task.q, task.c, task.lam, task.step)
    found = sh.piggyback(algorithm, mode="float", steps=steps, tolerance=-1.0)
    return float(task.weights(np.array(found.iterate)) @ np.array(found.jacobian)[:, 0])


def numpy_piggyback(task: Task, steps: int = 1500) -> float:
    """The same in plain numpy, as a reader would write it."""
    x, j, q, c, g, lam = np.zeros(COLUMNS), np.zeros(COLUMNS), task.q, task.c, task.step, task.lam
    for _ in range(steps):
        z = x - g * (q @ x - c)
        on = np.abs(z) > g * lam
        j = on * (j - g * (q @ j) - g * np.sign(z))
        x = np.sign(z) * np.maximum(np.abs(z) - g * lam, 0)
    return float(task.weights(x) @ j)


def scikit_learn(task: Task) -> float:
    from sklearn.linear_model import Lasso

    model = Lasso(alpha=task.lam / ROWS, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(task.x, task.y)
    return task.on_support(model.coef_)


def celer(task: Task) -> float:
    from celer import Lasso

    model = Lasso(alpha=task.lam / ROWS, fit_intercept=False, tol=1e-12).fit(task.x, task.y)
    return task.on_support(model.coef_)


def _jaxopt(task: Task, **options: Any) -> Callable[[], float]:
    import jax
    import jaxopt

    jax.config.update("jax_enable_x64", True)
    x, y, held, held_y = map(jax.numpy.asarray, (task.x, task.y, task.held, task.held_y))

    def residual(w: Any, data: Any) -> Any:
        return 0.5 * jax.numpy.sum((data[0] @ w - data[1]) ** 2)

    solver = jaxopt.ProximalGradient(
        fun=residual, prox=jaxopt.prox.prox_lasso, stepsize=task.step, tol=1e-10, **options
    )

    def loss(lam: Any) -> Any:
        w = solver.run(jax.numpy.zeros(COLUMNS), hyperparams_prox=lam, data=(x, y)).params
        return 0.5 * jax.numpy.sum((held @ w - held_y) ** 2)

    gradient = jax.jit(jax.grad(loss))
    return lambda: float(gradient(task.lam))


def jaxopt_implicit(task: Task) -> Callable[[], float]:
    return _jaxopt(task, maxiter=3000)


def jaxopt_unrolled(task: Task) -> Callable[[], float]:
    return _jaxopt(task, maxiter=3000, implicit_diff=False, unroll=True, jit=True)


def optimistix_implicit(task: Task) -> Callable[[], float]:
    import jax
    import optimistix as optx

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    q, c, held, held_y, g = map(jnp.asarray, (task.q, task.c, task.held, task.held_y, task.step))

    def update(w: Any, lam: Any) -> Any:
        z = w - g * (q @ w - c)
        return jnp.sign(z) * jnp.maximum(jnp.abs(z) - g * lam, 0)

    solver = optx.FixedPointIteration(rtol=1e-12, atol=1e-12)

    def loss(lam: Any) -> Any:
        w = optx.fixed_point(update, solver, jnp.zeros(COLUMNS), lam, max_steps=20_000).value
        return 0.5 * jnp.sum((held @ w - held_y) ** 2)

    gradient = jax.jit(jax.grad(loss))
    return lambda: float(gradient(task.lam))


def torch_unrolled(task: Task) -> Callable[[], float]:
    import torch

    q, c, held, held_y = (torch.tensor(a) for a in (task.q, task.c, task.held, task.held_y))

    def call() -> float:
        lam = torch.tensor(task.lam, dtype=torch.float64, requires_grad=True)
        w = torch.zeros(COLUMNS, dtype=torch.float64)
        for _ in range(1500):
            z = w - task.step * (q @ w - c)
            w = torch.sign(z) * torch.relu(torch.abs(z) - task.step * lam)
        (0.5 * ((held @ w - held_y) ** 2).sum()).backward()
        return float(lam.grad)

    return call


def cvxpylayers(task: Task) -> Callable[[], float]:
    import cvxpy as cp
    import torch
    from cvxpylayers.torch import CvxpyLayer

    w, lam = cp.Variable(COLUMNS), cp.Parameter(nonneg=True)
    problem = cp.Problem(cp.Minimize(0.5 * cp.sum_squares(task.x @ w - task.y) + lam * cp.norm1(w)))
    layer = CvxpyLayer(problem, parameters=[lam], variables=[w])
    held, held_y = torch.tensor(task.held), torch.tensor(task.held_y)

    def call() -> float:
        value = torch.tensor(task.lam, dtype=torch.float64, requires_grad=True)
        (found,) = layer(value)
        (0.5 * ((held @ found - held_y) ** 2).sum()).backward()
        return float(value.grad)

    return call


def plain(method: Callable[[Task], float]) -> Callable[[Task], Callable[[], float]]:
    """A method without a set-up."""

    def prepared(task: Task) -> Callable[[], float]:
        return lambda: method(task)

    return prepared


METHODS: dict[str, Callable[[Task], Callable[[], float]]] = {
    "ours, exact": plain(exact),
    "ours, piggyback in doubles": plain(our_piggyback),
    "numpy, piggyback": plain(numpy_piggyback),
    "scikit-learn + closed form": plain(scikit_learn),
    "celer + closed form": plain(celer),
    "jaxopt implicit (default)": jaxopt_implicit,
    "jaxopt unrolled": jaxopt_unrolled,
    "optimistix implicit": optimistix_implicit,
    "torch unrolled, 1500 steps": torch_unrolled,
    "cvxpylayers": cvxpylayers,
}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=0, help="of the problem (default 0)")
    parser.add_argument("--repeat", type=int, default=3, help="calls; the fastest counts (default 3)")
    parser.add_argument("--only", default="", help="names that hold this text")
    add_json_option(parser)
    arguments = parser.parse_args()
    record = Record("lasso_peers", arguments)
    task = Task(arguments.seed)
    truth = exact(task)
    print(f"d(held-out loss)/dlam = {truth:.12g}\n{'method':28} seconds   relative error")
    for name, prepare in METHODS.items():
        if arguments.only not in name:
            continue
        try:
            call = prepare(task)
            value, best = call(), float("inf")
            for _ in range(arguments.repeat):
                begun = time.perf_counter()
                value = call()
                best = min(best, time.perf_counter() - begun)
        except ImportError as missing:
            print(f"{name:28} not installed ({missing.name})")
            continue
        except Exception as problem:  # a peer's own failure is a result
            print(f"{name:28} failed: {type(problem).__name__}: {str(problem).splitlines()[0][:60]}")
            continue
        error = abs(value - truth) / abs(truth)
        print(f"{name:28} {best:7.4f}   {error:.1e}", flush=True)
        record.row(name, seconds={"wall": best}, numbers={"relative error": error})


if __name__ == "__main__":
    main()
