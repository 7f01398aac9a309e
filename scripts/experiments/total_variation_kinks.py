"""How often an integer signal has a round lam exactly at a kink of total variation denoising."""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

import subgrad_hardness as sh
from subgrad_hardness.plotting.canvas import PALETTE, write_picture

LEVELS = (1, 5, 10, 20, 50)


def sine(rng: np.random.Generator, size: int) -> list[int]:
    """A sine and noise, as 8-bit integers."""
    values = 128 + 80 * np.sin(np.linspace(0, 4 * np.pi, size)) + 15 * rng.standard_normal(size)
    return [int(value) for value in np.clip(np.rint(values), 0, 255)]


def uniform(rng: np.random.Generator, size: int) -> list[int]:
    """Uniform in 0..255."""
    return [int(value) for value in rng.integers(0, 256, size)]


def main() -> None:
    """Prints a line for each kind and length: of so many signals, the share with lam at a kink."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signals", type=int, default=40, help="of each kind and length (default 40)")
    parser.add_argument("--sizes", default="200,1000", help="lengths (default 200,1000)")
    parser.add_argument("--plot", metavar="FILE", help="draw the shares (.png, .svg, .pdf)")
    arguments = parser.parse_args()
    told: dict[str, list[float]] = {}
    print("signals           ", *[f"lam={lam:<4}" for lam in LEVELS], " seconds a path")
    for name, draw in (("sine + noise", sine), ("uniform 0..255", uniform)):
        for size in map(int, arguments.sizes.split(",")):
            rng = np.random.default_rng(0)
            begun = time.perf_counter()
            paths = [sh.total_variation_path(draw(rng, size)) for _ in range(arguments.signals)]
            seconds = (time.perf_counter() - begun) / arguments.signals
            shares = [sum(path.is_kink(lam) for path in paths) / len(paths) for lam in LEVELS]
            told[f"{name}, n = {size}"] = shares
            print(f"{name:14} {size:5}", *[f"{share:7.0%} " for share in shares], f" {seconds:.3f}", flush=True)
    if arguments.plot:
        write_picture(arguments.plot, lambda: _figure(told))


def _figure(told: dict[str, list[float]]) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.5))
    axes = figure.subplots()
    for number, (name, shares) in enumerate(told.items()):
        places = [place + 0.2 * (number - (len(told) - 1) / 2) for place in range(len(LEVELS))]
        axes.bar(places, [100 * share for share in shares], width=0.18, color=PALETTE[number], label=name)
    axes.set_xticks(range(len(LEVELS)), [f"lam = {lam}" for lam in LEVELS])
    axes.set_ylabel("signals with lam at a kink, %")
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


if __name__ == "__main__":
    main()
