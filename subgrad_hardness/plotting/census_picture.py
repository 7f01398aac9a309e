"""``plot_census``: verdicts, reasons of kinks, and how near the nearest ones are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.plotting.canvas import PALETTE, draw, label, require_output, write_picture
from subgrad_hardness.survey.result import CensusResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: So many bars of a panel; the rest is counted together.
_MOST_BARS = 8


def plot_census(result: CensusResult, output: str | os.PathLike[str]) -> None:
    """Draw a census: its verdicts, why and where there are kinks, and the distances to the nearest.

    Parameters
    ----------
    result : CensusResult
    output : path
        The picture to write, ``.png``, ``.svg`` or ``.pdf``.

    Returns
    -------
    None

    Raises
    ------
    ParameterError
        Another ending, or no matplotlib.
    OutputError
        The picture cannot be written.

    Notes
    -----
    The last panel counts the points whose least nonzero |preactivation| is at most that of the axis, which is
    logarithmic.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> import os, tempfile
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sh.plot_census(sh.census(net, [[0], [1]]), os.path.join(folder, "census.svg"))
    """
    require_output(output)
    write_picture(output, lambda: draw_census(result))


@draw.register(CensusResult)
def draw_census(result: CensusResult) -> Figure:
    """Four panels: verdicts, causes, places, distances."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6))
    panels = figure.subplots(2, 2)
    figure.suptitle(f"{len(result.records)} points; gradients: {label(result.gradients)}")
    draw_verdicts(panels[0][0], result)
    draw_causes(panels[0][1], result)
    draw_places(panels[1][0], result)
    draw_distances(panels[1][1], result)
    return figure


def draw_verdicts(axes: Axes, result: CensusResult) -> None:
    """What the gradients are."""
    judged = {name: number for name, number in result.verdicts.items() if number}
    _bars(axes, "the gradient is", judged, PALETTE[0], "points")


def draw_causes(axes: Axes, result: CensusResult) -> None:
    """Why nodes are at a kink."""
    _bars(axes, "why nodes are at a kink", result.causes, PALETTE[1], "nodes, over all points")


def draw_places(axes: Axes, result: CensusResult) -> None:
    """Where nodes are at a kink."""
    _bars(axes, "where nodes are at a kink", result.where, PALETTE[2], "nodes, over all points")


def _bars(axes: Any, title: str, numbers: Mapping[str, int], colour: str, unit: str) -> None:
    """Horizontal bars, the first on top, each with its number."""
    pairs = list(numbers.items())
    if len(pairs) > _MOST_BARS:
        rest = pairs[_MOST_BARS - 1 :]
        pairs = [*pairs[: _MOST_BARS - 1], (f"{len(rest)} others", sum(number for _, number in rest))]
    axes.set_title(title)
    if not pairs:
        axes.text(0.5, 0.5, "none", ha="center", va="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    bars = axes.barh([label(name) for name, _ in pairs], [number for _, number in pairs], color=colour)
    axes.bar_label(bars, padding=3)
    axes.set_ylim(max(len(pairs), 4) - 0.4, -0.6)  # from the top, and a single bar no wider than others
    axes.margins(x=0.15)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(unit)


def draw_distances(axes: Axes, result: CensusResult) -> None:
    """How many points are how near to a kink."""
    axes.set_title("nearest kink that is not met")
    values = sorted(as_double(record.nearest) for record in result.records if record.nearest is not None)
    values = [value for value in values if 0 < value < float("inf")]
    if not values:
        axes.text(0.5, 0.5, "none", ha="center", va="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    axes.step(values, range(1, len(values) + 1), where="post", color=PALETTE[5])
    axes.plot(values, range(1, len(values) + 1), ".", color=PALETTE[5])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("least |preactivation| that is not 0")
    axes.set_ylabel("points")
    axes.set_ylim(bottom=0)
