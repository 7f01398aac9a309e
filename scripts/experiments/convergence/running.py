"""Runs of an algorithm in doubles beside its limit: errors of iterates and Jacobians, and the observed rates."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.algorithms.linearised import Linearised
from subgrad_hardness.plotting.convergence import Convergence, draw_convergence

Array = Any


class Sample(NamedTuple):
    """One random problem: its algorithm, how many steps, certified rates by name, and a state near its limit."""

    algorithm: Algorithm
    steps: int
    rates: dict[str, float]
    near: Array | None = None


class Run(NamedTuple):
    """Errors after 0, 1, ... steps, and the step from which the pattern is the limit's."""

    iterates: list[float]
    jacobians: list[float]
    identified: int | None
    rates: dict[str, float]


def pattern(found: Linearised) -> bytes:
    """Which slopes a step has; empty for smooth steps."""
    slopes = getattr(found.a, "slopes", getattr(found.a, "kept", None))
    return b"" if slopes is None else slopes.tobytes()


def limit(algorithm: Algorithm, steps: int, near: Array | None = None) -> tuple[Array, Array, Linearised]:
    """The limit by many steps, until only rounding moves it, and (I - A)^-1 B there."""
    x = np.array(algorithm.start, dtype=float) if near is None else near
    for _ in range(steps):
        new = algorithm.step(x).value
        moved, x = np.abs(new - x).max(), new
        if moved <= 2e-16 * np.abs(x).max():
            break
    found = algorithm.step(x)
    below = np.eye(len(x)) - found.a.forward(np.eye(len(x)))
    return x, np.linalg.solve(below, found.b), found


def run(sample: Sample) -> Run:
    """From the start, beside the limit."""
    algorithm = sample.algorithm
    x_limit, j_limit, at_limit = limit(algorithm, 20 * sample.steps, sample.near)
    wanted = pattern(at_limit)
    x = np.array(algorithm.start, dtype=float)
    j = np.zeros((len(x), len(algorithm.parameters)))
    iterates, jacobians, identified = [], [], 0
    for step in range(sample.steps + 1):
        iterates.append(float(np.linalg.norm(x - x_limit)))
        jacobians.append(float(np.linalg.norm(j - j_limit)))
        found = algorithm.step(x)
        if pattern(found) != wanted:
            identified = step + 1
        x, j = found.value, found.jacobian(j)
    return Run(iterates, jacobians, identified if wanted else None, sample.rates)


def observed(errors: list[float], start: int) -> float:
    """The factor a step between the given step and the one where rounding begins; NaN where that is too short."""
    floor = max(errors[0], 1.0) * 1e-11
    last = next((step for step, error in enumerate(errors) if error < floor), len(errors) - 1)
    first = max(start, last // 2)
    if last - first < 5 or errors[last] <= 0:
        return math.nan
    return float((errors[last] / errors[first]) ** (1 / (last - first)))


def experiment(name: str, draw: Callable[[int], Sample], repetitions: int) -> Convergence:
    """All runs; prints a line of the table."""
    runs = [run(draw(seed)) for seed in range(repetitions)]
    rates = {key: float(np.median([one.rates[key] for one in runs])) for key in runs[0].rates}
    seen = [[observed(one.iterates, one.identified or 0), observed(one.jacobians, one.identified or 0)] for one in runs]
    iterates, jacobians = np.nanmedian(np.array(seen), axis=0)
    beyond = 0
    for one, (rate, _) in zip(runs, seen, strict=True):
        beyond += rate > max(one.rates.values()) + 1e-4
    certified = ", ".join(f"{key} {value:.4f}" for key, value in rates.items())
    identified = None if runs[0].identified is None else tuple([one.identified or 0 for one in runs])
    patterns = "" if identified is None else f"; identified after {min(identified)} to {max(identified)} steps"
    print(
        f"{name}: iterates {iterates:.4f}, Jacobians {jacobians:.4f}; {certified}{patterns}; "
        f"final Jacobian error {max(one.jacobians[-1] for one in runs):.1e}; runs beyond the bound: {beyond}",
        flush=True,
    )
    return Convergence(
        name,
        tuple([tuple(one.iterates) for one in runs]),
        tuple([tuple(one.jacobians) for one in runs]),
        tuple(rates.items()),
        identified,
    )


def main(name: str, text: str | None, draw: Callable[[int], Sample]) -> None:
    """The command line of one experiment."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--repetitions", type=int, default=100, help="random problems (default 100)")
    parser.add_argument("--output", help="the picture: .png, .svg or .pdf")
    arguments = parser.parse_args()
    found = experiment(name, draw, arguments.repetitions)
    if arguments.output:
        draw_convergence(arguments.output, [found])
