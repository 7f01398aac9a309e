"""The four experiments in one picture, and their rates beside those certified."""

from __future__ import annotations

import argparse

import graphical_lasso
import lasso
import ridge
import trend_filtering
from convergence.running import experiment

from subgrad_hardness.plotting.convergence import draw_convergence


def main() -> None:
    """Runs them one after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=100, help="random problems each (default 100)")
    parser.add_argument("--output", help="the picture: .png, .svg or .pdf")
    arguments = parser.parse_args()
    columns = [
        experiment("ridge", ridge.draw, arguments.repetitions),
        experiment("Lasso", lasso.draw, arguments.repetitions),
        experiment("graphical Lasso", graphical_lasso.draw, arguments.repetitions),
        experiment("trend filtering", trend_filtering.draw, arguments.repetitions),
    ]
    if arguments.output:
        draw_convergence(arguments.output, columns)


if __name__ == "__main__":
    main()
