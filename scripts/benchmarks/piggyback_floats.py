"""Piggyback in doubles beside plain numpy with the same products, in one run: seconds a step, and their ratios.

First Lassos of several shapes by forward-backward, p states, then every ready algorithm (``peers``).  Plain
numpy is what a reader would write: products with whole matrices.  Every method gets the same start, theta and number of
steps; each is timed several times in turn, in processor time, and the fastest counts; what is made once before the
steps is not in it.  The largest difference of the last Jacobians stands beside them.

    python scripts/benchmarks/piggyback_floats.py [--sizes 50,300]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from peers.plain_iterations import problems
from record import Record, add_json_option

import subgrad_hardness as sh
from subgrad_hardness.api.piggyback_floats import steps_of
from subgrad_hardness.iterative.float_run import forward_run

Array = Any
#: p, observations, part of the greatest lam, whether c is a parameter too.
PROBLEMS = ((500, 100, "1/4", False), (500, 800, "1/10000", False), (200, 60, "1/4", True), (50, 30, "1/8", False))


class Task(NamedTuple):
    """A Lasso with 1/2 x'Qx - c'x + lam |x|_1."""

    q: Array
    c: Array
    lam: float
    step: float
    of_c: bool

    @property
    def width(self) -> int:
        """How many parameters."""
        return 1 + len(self.c) * self.of_c


def task(size: int, rows: int, part: str, of_c: bool) -> Task:
    """Random integer data; numbers of few bits, so that the program is written soon."""
    rng = np.random.default_rng(0)
    x = rng.integers(-8, 9, (rows, size)).astype(float)
    truth = np.zeros(size)
    truth[: max(size // 25, 2)] = 3
    q, c = x.T @ x / 1024, x.T @ (x @ truth + rng.integers(-9, 10, rows)) / 1024
    over, under = map(int, part.split("/"))
    lam = float(np.ceil(np.abs(c).max() * over / under * 2**20) / 2**20)
    step = float(np.floor(2**20 / np.linalg.eigvalsh(q)[-1]) / 2**20)
    return Task(q, c, lam, step, of_c)


def plain(given: Task, steps: int) -> tuple[Array, Array]:
    """As a reader would write it."""
    size, g = len(given.c), given.step
    x, j = np.zeros(size), np.zeros((size, given.width))
    matrix, shift, b = np.eye(size) - g * given.q, g * given.c, np.zeros((size, given.width))
    if given.of_c:
        b[:, 1:] = g * np.eye(size)
    for _ in range(steps):
        z = matrix @ x + shift
        sign, on = np.sign(z), np.abs(z) > g * given.lam
        x = sign * np.maximum(np.abs(z) - g * given.lam, 0)
        b[:, 0] = -g * sign
        j = on[:, None] * (matrix @ j + b)
    return x, j


def fast(algorithm: Any, steps: int) -> tuple[Array, Array]:
    """The algorithm's step, and its products."""
    step, theta = algorithm.fast, np.array(algorithm.theta, dtype=float)
    x, j = np.array(algorithm.start, dtype=float), np.zeros((len(algorithm.state), len(theta)))
    for _ in range(steps):
        found = step.step(x, theta)
        x, j = found.value, found.jacobian(j)
    return x, j


def best(calls: dict[str, Callable[[], tuple[Array, Array]]], repeat: int) -> dict[str, tuple[float, Array]]:
    """Seconds and J of each; they take turns, so that a busy machine is busy for all."""
    found: dict[str, tuple[float, Array]] = {}
    for _ in range(repeat):
        for name, call in calls.items():
            begun = time.process_time()
            j = call()[1]
            spent = time.process_time() - begun
            found[name] = (min(spent, found[name][0]) if name in found else spent, j)
    return found


def compared(record: Record, title: str, algorithm: Any, run: Callable[[], tuple[Array, Array]], given: Any) -> None:
    """Times the run in numpy, ours and that of ``Algorithm.fast``; prints them."""
    steps = steps_of(algorithm, 0.0, levels=False)
    _ = algorithm.fast

    def ours() -> tuple[Array, Array]:
        done = forward_run(steps, given.steps, -1.0)
        return done.iterate, done.jacobian

    calls = {"plain numpy": run, "piggyback, float": ours, "Algorithm.fast": lambda: fast(algorithm, given.steps)}
    found = best(calls, given.repeat)
    base, truth = found["plain numpy"]
    on = int((truth != 0).any(axis=1).sum())
    print(f"{title}, p = {len(algorithm.state)}, m = {len(algorithm.parameters)}, {on} rows of J not 0 at the end")
    for name, (seconds, j) in found.items():
        error = np.abs(j - truth).max() / max(np.abs(truth).max(), 1e-300)
        each = seconds / given.steps * 1e6
        print(f"  {name:18} {each:9.1f} us a step   ratio {seconds / base:5.2f}   difference {error:.1e}", flush=True)
        record.row(
            f"{title}, p = {len(algorithm.state)}, m = {len(algorithm.parameters)}, {name}",
            seconds={"a step": seconds / given.steps},
            ratios={"over plain numpy": seconds / base},
            numbers={"difference": error},
        )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--steps", type=int, default=200, help="steps of each run (default 200)")
    parser.add_argument("--repeat", type=int, default=7, help="runs of each; the fastest counts (default 7)")
    parser.add_argument("--sizes", default="50,300", help="states of the algorithms (default 50,300)")
    add_json_option(parser)
    arguments = parser.parse_args()
    record = Record("piggyback_floats", arguments)
    for size, rows, part, of_c in PROBLEMS:
        given = task(size, rows, part, of_c)
        parameters = ("lam", "c") if of_c else ("lam",)
        algorithm = sh.iterations.lasso(given.q, given.c, given.lam, given.step, parameters=parameters)
        compared(record, "Lasso", algorithm, partial(plain, given, arguments.steps), arguments)
    for text in filter(None, arguments.sizes.split(",")):
        for problem in problems(int(text)):
            compared(record, problem.name, problem.algorithm, partial(problem.run, arguments.steps), arguments)


if __name__ == "__main__":
    main()
