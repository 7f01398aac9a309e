"""Make the pictures of docs/pictures.md and docs/cost.md: docs/pictures/*.png and the runs behind them, *.json.

python scripts/data/make_pictures.py            # measures, some minutes on a machine that does nothing else
python scripts/data/make_pictures.py --redraw   # draws the runs that are there again
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from subgrad_hardness import plot_cost, plot_fan, plot_scaling, plot_transition

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"

#: max(x, 2y, -x-y) - |x - y|/2 + relu(min(x + 3y, 2x - y)).
NET = {
    "name": "F(x, y) = max(x, 2y, -x-y) - |x-y|/2 + relu(min(x+3y, 2x-y))",
    "inputs": ["x", "y"],
    "nodes": [
        {"id": "2y", "op": "affine", "args": ["y"], "coefficients": [2]},
        {"id": "-x-y", "op": "affine", "args": ["x", "y"], "coefficients": [-1, -1]},
        {"id": "max", "op": "max", "args": ["x", "2y", "-x-y"]},
        {"id": "x-y", "op": "affine", "args": ["x", "y"], "coefficients": [1, -1]},
        {"id": "abs", "op": "abs", "args": ["x-y"]},
        {"id": "x+3y", "op": "affine", "args": ["x", "y"], "coefficients": [1, 3]},
        {"id": "2x-y", "op": "affine", "args": ["x", "y"], "coefficients": [2, -1]},
        {"id": "min", "op": "min", "args": ["x+3y", "2x-y"]},
        {"id": "relu", "op": "relu", "args": ["min"]},
        {"id": "F", "op": "affine", "args": ["max", "abs", "relu"], "coefficients": [1, "-1/2", 1]},
    ],
    "outputs": ["F"],
}


def say(text: str) -> None:
    """One line that is written over."""
    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Write the pictures; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--redraw", action="store_true", help="measure nothing")
    redraw = parser.parse_args().redraw
    FOLDER.mkdir(exist_ok=True)
    plot_fan(NET, FOLDER / "fan.png")
    if not redraw:
        plot_cost(FOLDER / "cost.png")
    runs = FOLDER / "transition.json"
    plot_transition(
        FOLDER / "transition.png",
        variables=(100, 150, 200),
        seeds=20,
        time_limit=30,
        data=None if redraw else runs,
        source=runs if redraw else None,
        announce=say,
    )
    runs = FOLDER / "scaling.json"
    plot_scaling(
        FOLDER / "scaling.png",
        "ksat",
        {"variables": [4, 6, 8, 10, 15, 20, 30, 50, 75, 100, 150]},
        fixed={"ratio": "4.26", "form": "layers3"},
        solvers=("auto", "phase", "circuit", "cells", "milp-scip", "cpsat"),
        seeds=5,
        time_limit=10,
        data=None if redraw else runs,
        source=runs if redraw else None,
        announce=say,
    )
    say("")
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.name}: {picture.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
