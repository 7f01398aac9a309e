"""The picture of a convergence: errors of iterates above, of their Jacobians below, a column an algorithm."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.plotting.canvas import PALETTE, draw, inline, label, title_lines, write_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of certified rates.
_LINES = (("--", PALETTE[5]), (":", PALETTE[2]), ("-.", PALETTE[3]))

#: Errors below this are rounding.
_FLOOR = 1e-17


class Convergence(NamedTuple):
    """Runs of one algorithm.

    Attributes
    ----------
    name : of the column.
    iterates, jacobians : for each run the errors after 0, 1, ... steps.
    rates : factors a step that were certified, by name; drawn as lines from the first error.
    identified : for each run the step from which the pattern is that of the limit; None where there is no pattern.
    """

    name: str
    iterates: tuple[tuple[float, ...], ...]
    jacobians: tuple[tuple[float, ...], ...]
    rates: tuple[tuple[str, float], ...] = ()
    identified: tuple[int, ...] | None = None

    def _repr_png_(self) -> bytes | None:
        """The picture, where a notebook shows this."""
        return inline(self)


def draw_convergence(path: str | os.PathLike[str], columns: Sequence[Convergence], title: str = "") -> None:
    """Write the picture: median, decile band, certified rates, and where patterns are identified.

    Raises ParameterError for another suffix than .png, .svg, .pdf or without matplotlib, and OutputError.
    """
    write_picture(path, lambda: draw_columns(columns, title))


@draw.register(Convergence)
def draw_column(column: Convergence) -> Figure:
    """The picture of one."""
    return draw_columns([column])


def draw_columns(columns: Sequence[Convergence], title: str = "") -> Figure:
    """The picture of ``draw_convergence``."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(max(4.8, 3.4 * len(columns)), 6.0), dpi=150)
    grid = figure.subplots(2, len(columns), squeeze=False, sharex="col")
    for number, column in enumerate(columns):
        above, below = grid[0][number], grid[1][number]
        draw_iterates(above, column)
        draw_jacobians(below, column)
        above.set_xlabel("")
        if number:
            above.set_ylabel("")
            below.set_ylabel("")
    if title:
        figure.suptitle("\n".join(title_lines(title)), fontsize=11)
    return figure


def draw_iterates(axes: Axes, column: Convergence) -> None:
    """The errors of the iterates, with the legend."""
    _curves(axes, column.iterates, column)
    axes.set_title("\n".join(title_lines(column.name)))
    axes.set_ylabel("error of the iterate")
    axes.legend(fontsize=7, loc="upper right", frameon=True, framealpha=0.8, edgecolor="none")


def draw_jacobians(axes: Axes, column: Convergence) -> None:
    """The errors of their Jacobians."""
    _curves(axes, column.jacobians, column)
    axes.set_ylabel("error of its Jacobian")


def _curves(axes: Axes, errors: Sequence[Sequence[float]], column: Convergence) -> None:
    """Median, deciles, certified rates and where patterns are identified, against the step."""
    import numpy as np

    values = np.maximum(np.array(errors, dtype=float), _FLOOR)
    steps = np.arange(values.shape[1])
    low, median, high = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
    colour = PALETTE[0]
    runs = len(values)
    axes.plot(steps, median, color=colour, label=f"median of {runs} runs" if runs > 1 else "the run")
    if runs > 1:
        axes.fill_between(steps, low, high, color=colour, alpha=0.2, linewidth=0, label="deciles")
    for (name, rate), (line, shade) in zip(column.rates, _LINES, strict=False):
        axes.plot(steps, median[0] * rate**steps, color=shade, linestyle=line, linewidth=1.2, label=label(name))
    if column.identified is not None:
        first, middle, last = np.quantile(column.identified, [0.1, 0.5, 0.9])
        axes.axvline(middle, color="#777777", linewidth=1, label="pattern identified")
        if runs > 1:
            axes.axvspan(first, last, color="#777777", alpha=0.12, linewidth=0)
    from matplotlib.ticker import FuncFormatter

    axes.set(xlabel="step", yscale="log", xlim=(0, len(steps) - 1))
    axes.yaxis.set_major_formatter(FuncFormatter(_plain))  # formulas are switched off for the names' sake
    bottom = max(1e-16, float(median.min()) / 10)
    axes.set_ylim(bottom, max(float(high.max()), bottom) * 10)


def _plain(value: float, _: int | None) -> str:
    return f"{value:.0e}"
