"""Draw the pictures of docs/concepts.md, with the numbers that the package computes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib

import subgrad_hardness as sh

matplotlib.use("Agg")
import matplotlib.pyplot as plt

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
BLUE, ORANGE, GREY, RED = "#1f77b4", "#ff7f0e", "#999999", "#c1272d"

RELU = "inputs x; f = relu x; outputs f"
IDENTITY = "inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f"
ROUNDABOUT = "inputs x; m = -x; a = relu x; b = relu m; f = 2 a - b - x; outputs f"
RIDGE = "inputs x y; m = max x y; d = x - y; a = abs d; f = m + 1/2 a; outputs f"
#: x <- -x/2 + min(relu x, relu t)/2: its limit is 0.
HALF_MIN = {
    "inputs": ["x", "t"],
    "nodes": [
        {"id": "a", "op": "relu", "args": ["x"]},
        {"id": "b", "op": "relu", "args": ["t"]},
        {"id": "c", "op": "min", "args": ["a", "b"]},
        {"id": "f", "op": "affine", "args": ["x", "c"], "coefficients": ["-1/2", "1/2"]},
    ],
    "outputs": ["f"],
}


def slopes(net: Any) -> tuple[list[Fraction], list[Fraction]]:
    """The slopes of the pieces at 0, and the least and greatest one that backpropagation may return."""
    pieces = sorted(piece.jacobian[0][0] for piece in sh.lexicographic_subgradients(net).pieces)
    kinks = sh.info(net).kink_names
    # Affine in the slope of each kink: the ends are reached where all are 0 or 1.
    choices = [dict(zip(kinks, ends, strict=True)) for ends in product((0, 1), repeat=len(kinks))]
    values = [sh.gradient(net, relu_at_zero=choice).gradient[0][0] for choice in choices]
    return pieces, [min(values), max(values)]


def intervals(axis: Any, rows: list[tuple[str, list[Any], str]]) -> None:
    """One line a set: an interval by its ends, or points."""
    for height, (label, values, colour) in enumerate(reversed(rows)):
        numbers = [float(value) for value in values]
        if len(numbers) > 1 and not label.startswith("pieces"):
            axis.plot([min(numbers), max(numbers)], [height] * 2, color=colour, lw=5, solid_capstyle="butt")
        axis.plot(numbers, [height] * len(numbers), "o", color=colour, ms=8)
    axis.set_yticks(range(len(rows)), [label for label, _, _ in reversed(rows)])
    axis.set_ylim(-0.6, len(rows) - 0.4)
    axis.grid(axis="x", alpha=0.3)
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)


def draw_sets() -> Any:
    """Three programs of one input at 0: pieces, Clarke, backpropagation."""
    figure, axes = plt.subplots(3, 1, figsize=(7, 5.4), sharex=True, layout="constrained")
    names = ("relu(x)", "relu(x) - relu(-x) = x", "2 relu(x) - relu(-x) - x = relu(x)")
    for axis, text, name in zip(axes, (RELU, IDENTITY, ROUNDABOUT), names, strict=True):
        net = sh.Program.from_text(text)
        pieces, hull = slopes(net)
        intervals(
            axis,
            [("pieces (d_L)", pieces, BLUE), ("Clarke (d_C)", pieces, BLUE), ("may be returned (D_a)", hull, ORANGE)],
        )
        returned = float(sh.gradient(net).gradient[0][0])
        axis.plot([returned], [0], "x", color=RED, ms=12, mew=3)
        axis.set_title(name, loc="left", fontsize=11)
    axes[-1].set_xlabel("slope at 0; the cross is what backpropagation returns with relu'(0) = 0")
    return figure


def draw_lexicographic() -> Any:
    """A first direction that stays on the kink, and a second one that leaves it."""
    figure, axis = plt.subplots(figsize=(5, 4.2), layout="constrained")
    pieces = sh.lexicographic_subgradients(sh.Program.from_text(RIDGE)).pieces
    corners = [(-1, -1), (1, 1)]
    for piece, colour in zip(pieces, (BLUE, ORANGE), strict=True):
        corner = (1, -1) if piece.interior[0] > piece.interior[1] else (-1, 1)
        axis.fill(*zip(*corners, corner, strict=True), color=colour, alpha=0.25, lw=0)
        row = ", ".join(str(entry) for entry in piece.jacobian[0])
        axis.text(corner[0] * 0.55, corner[1] * 0.62, f"Jacobian ({row})", ha="center", fontsize=10)
    axis.plot([-1, 1], [-1, 1], color=GREY)
    arrow = {"arrowstyle": "-|>", "lw": 2, "color": "black", "mutation_scale": 18}
    axis.annotate("", (0.62, 0.62), (0, 0), arrowprops=arrow)
    axis.annotate("", (0.62, 0.92), (0.62, 0.62), arrowprops=arrow)
    axis.text(0.95, 0.06, "first: along the kink", fontsize=10, ha="right")
    axis.text(0.56, 0.84, "second: to one side", fontsize=10, ha="right")
    axis.plot([0], [0], "o", color="black")
    axis.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xlabel="x", ylabel="y")
    return figure


def draw_iterations() -> Any:
    """Three sets of derivatives of one limit."""
    figure, axis = plt.subplots(figsize=(7, 1.9), layout="constrained")
    it = sh.Iteration(HALF_MIN, state=["x"], parameters=["t"], start=[0], theta=[0])
    limit = [row[0] for row in sh.solution_kink(it).jacobian or ()]
    implicit = [vertex[0][0] for vertex in sh.implicit_set(it, jacobian="clarke").vertices]
    along = [vertex[0][0] for vertex in sh.piggyback_set(it, jacobian="clarke").vertices]
    rows = [
        ("of the limit (d_C)", limit, BLUE),
        ("implicit (J_imp)", implicit, ORANGE),
        ("along iterates (J_pb)", along, RED),
    ]
    intervals(axis, rows)
    axis.set_xlabel("derivative in t of the limit of x <- -x/2 + min(relu x, relu t)/2 at t = 0")
    return figure


def main() -> int:
    """All of them."""
    drawn = {
        "concept-sets": draw_sets,
        "concept-lexicographic": draw_lexicographic,
        "concept-iterations": draw_iterations,
    }
    for name, draw in drawn.items():
        draw().savefig(FOLDER / f"{name}.png", dpi=130, metadata={"Software": None})
        print(f"docs/pictures/{name}.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
