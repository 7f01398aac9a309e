"""Heavy ball with curvatures 1 and 1/4, step 1, momentum 3/4: the set of derivatives grows, trajectories do not.

Above the hull of all J_k that some choice of slopes gives, from J_0 = 0, as its largest distance to (1, 1), which is
the derivative of the limit; below real runs from random starts, iterates and derivatives, and the rates of their
medians.  All in doubles; `momentum.py` has the proof that the set grows.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from subgrad_hardness.plotting.canvas import write_picture

Array = Any

STEP, MOMENTUM, CURVATURES = 1.0, 0.75, (1.0, 0.25)
MATRICES = tuple([np.array([[1 + MOMENTUM - STEP * h, -MOMENTUM], [1.0, 0.0]]) for h in CURVATURES])


def hull(points: Array) -> Array:
    """The vertices of a convex hull in the plane (monotone chain)."""
    order = points[np.lexsort((points[:, 1], points[:, 0]))]

    def chain(sequence: Array) -> list[Array]:
        kept: list[Array] = []
        for point in sequence:
            while len(kept) > 1:
                first, second = kept[-1] - kept[-2], point - kept[-2]
                if first[0] * second[1] - first[1] * second[0] > 1e-15 * np.abs(points).max() ** 2:
                    break
                kept.pop()
            kept.append(point)
        return kept[:-1]

    if len(order) < 3:
        return order
    return np.array(chain(order) + chain(order[::-1]))


def set_valued(steps: int) -> list[float]:
    """The greatest |first entry| of J_k - (1, 1) over the set, k = 0, 1, ..."""
    points = np.array([[-1.0, -1.0]])
    sizes = [1.0]
    for _ in range(steps):
        points = hull(np.concatenate([points @ matrix.T for matrix in MATRICES]))
        sizes.append(float(np.abs(points[:, 0]).max()))
    return sizes


def trajectory(rng: np.random.Generator, steps: int) -> tuple[list[float], list[float]]:
    """|x_k - theta| and |J_k - 1| of one run from a random start, theta = 0."""
    x, j = rng.standard_normal(2), np.zeros(2)
    iterates, derivatives = [abs(x[0])], [1.0]
    for _ in range(steps):
        curvature = CURVATURES[0] if x[0] < 0 else CURVATURES[1]
        x = np.array([x[0] - STEP * curvature * x[0] + MOMENTUM * (x[0] - x[1]), x[0]])
        j = np.array([j[0] - STEP * curvature * (j[0] - 1) + MOMENTUM * (j[0] - j[1]), j[0]])
        iterates.append(float(np.hypot(*x)))
        derivatives.append(float(np.hypot(*(j - 1))))
    return iterates, derivatives


def rates(runs: Array) -> tuple[float, float]:
    """The smallest and the largest factor a step of a run: lines through the logarithms of its last three quarters."""
    first = runs.shape[1] // 4
    slopes = np.polyfit(np.arange(first, runs.shape[1]), np.log(runs[:, first:]).T, 1)[0]
    return float(np.exp(slopes.min())), float(np.exp(slopes.max()))


def picture(sizes: list[float], iterates: Array, derivatives: Array) -> Any:
    """The set above, runs below."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import StrMethodFormatter

    figure = Figure(figsize=(6.4, 6.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.semilogy(sizes, color="C3", label="all choices of slopes")
    above.set_ylabel("largest |J - 1| in the set")
    for runs, name, colour in ((iterates, "iterates", "C0"), (derivatives, "derivatives", "C1")):
        low, middle, high = np.quantile(runs, [0.1, 0.5, 0.9], axis=0)
        below.semilogy(middle, color=colour, label=f"{name}: median, decile band")
        below.fill_between(range(len(middle)), low, high, color=colour, alpha=0.25, linewidth=0)
    below.set_xlabel("step")
    below.set_ylabel("distance to the limit")
    for axes in (above, below):
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    above.legend()
    below.legend()
    return figure


def main() -> None:
    """Prints sizes and rates; draws with --output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--steps", type=int, default=100, help="(default 100)")
    parser.add_argument("--runs", type=int, default=200, help="from random starts (default 200)")
    parser.add_argument("--output", metavar="FILE", help="draw to this file")
    arguments = parser.parse_args()
    sizes = set_valued(arguments.steps)
    rng = np.random.default_rng(0)
    both = [trajectory(rng, arguments.steps) for _ in range(arguments.runs)]
    iterates, derivatives = (np.array([run[part] for run in both]) for part in (0, 1))
    for number in (4, 8, 12, arguments.steps):
        if number <= arguments.steps:
            print(f"after {number:4} steps the set reaches {sizes[number]:.6g} from the derivative of the limit")
    for name, runs in (("iterates", iterates), ("derivatives", derivatives)):
        low, high = rates(runs)
        print(f"{name} of {arguments.runs} runs: factors of {low:.3f} to {high:.3f} a step")
    if arguments.output:
        write_picture(arguments.output, partial(picture, sizes, iterates, derivatives))


if __name__ == "__main__":
    main()
