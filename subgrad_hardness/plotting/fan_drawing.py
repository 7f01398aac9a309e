"""The picture of a fan: the sectors coloured by Jacobian, and beside them the Clarke subdifferential.

One colour is one Jacobian, in all panels and in the legend, which lists each Jacobian once.
"""

from __future__ import annotations

import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.common.words import count
from subgrad_hardness.plotting.canvas import colours, draw, number_of, title_lines
from subgrad_hardness.plotting.fan import Fan
from subgrad_hardness.plotting.fan_panels import THIN, Colours, draw_interval, draw_line, draw_polygon, draw_sectors
from subgrad_hardness.plotting.turning import sweep, thin_width

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

#: So many Jacobians, and so many thin cells, get an entry in the legend.
_MOST_NAMED, _MOST_THIN = 12, 4
#: So many outputs get panels.
MOST_OUTPUTS = 6
#: Columns of a legend's entry.
_WIDTH = 44


@draw.register(Fan)
def draw_fan(fan: Fan) -> Figure:
    """Two panels an output: around the point on the left, the subgradients and their hull on the right.

    Raises ParameterError for numbers that no picture can hold.
    """
    from matplotlib.figure import Figure

    for matrix in (*fan.jacobians, fan.gradient):
        for row in matrix:
            for entry in row:
                number_of(entry)
    outputs = min(len(fan.gradient), MOST_OUTPUTS)
    figure = Figure(figsize=(11.0, 4.4 * outputs), dpi=150)
    panels = figure.subplots(outputs, 2, squeeze=False, width_ratios=(1, 1.1))
    palette = colours(len(fan.jacobians))
    plane = len(fan.point) == 2
    for output in range(outputs):
        (draw_sectors if plane else draw_line)(panels[output][0], fan, output, palette)
        (draw_polygon if plane else draw_interval)(panels[output][1], fan, output, palette)
    handles = _legend(fan, palette)
    figure.legend(handles=handles, loc="outside right upper", fontsize=8, title="Jacobians", alignment="left")
    figure.suptitle("\n".join([*title_lines(fan.name), *title_lines(summary(fan))]), fontsize=11)
    return figure


def summary(fan: Fan) -> str:
    """What the picture shows, in one line."""
    pieces = count(len(fan.sectors), "cell") if len(fan.point) == 2 else "both sides"
    text = f"F'(x0; .) at x0 = {show_vector(fan.point)}: {pieces}, "
    text += count(len(fan.jacobians), "lexicographic subgradient")
    if len(fan.gradient) > MOST_OUTPUTS:
        text += f"; the first {MOST_OUTPUTS} of {len(fan.gradient)} outputs"
    return text


def _legend(fan: Fan, palette: Colours) -> list[Artist]:
    """Each Jacobian once, then the thin cells, backpropagation, and what the lines mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = [
        Patch(facecolor=palette[number], edgecolor="black", linewidth=0.5, label=_named(f"J{number + 1}", jacobian))
        for number, jacobian in enumerate(fan.jacobians[:_MOST_NAMED])
    ]
    if len(fan.jacobians) > _MOST_NAMED:
        handles.append(Patch(alpha=0, label=f"... and {len(fan.jacobians) - _MOST_NAMED} more"))
    thin = thin_cells(fan)
    for start, end, number in thin[:_MOST_THIN]:
        label = f"J{number + 1}: a thin cell, drawn wider ({thin_width(start, end)}\u00b0)"
        handles.append(Patch(facecolor=palette[number], edgecolor="black", linewidth=1.2, label=label))
    if len(thin) > _MOST_THIN:
        handles.append(Patch(alpha=0, label=f"... and {count(len(thin) - _MOST_THIN, 'more thin cell')}"))
    same = fan.jacobians.index(fan.gradient) + 1 if fan.gradient in fan.jacobians else None
    gradient = f"J{same}" if same else show_matrix(fan.gradient)
    label = textwrap.fill(f"backpropagation, relu'(0) = 0: {gradient}", _WIDTH, subsequent_indent="  ")
    handles.append(Line2D([], [], color="black", marker="x", markersize=8, markeredgewidth=2, linewidth=0, label=label))
    if len(fan.jacobians) > 1:
        handles.append(Patch(facecolor="#cccccc", edgecolor="#777777", label="Clarke subdifferential"))
    if any(not ray.differs for ray in fan.rays):
        handles.append(Line2D([], [], color="black", linestyle=":", label="a kink, but one Jacobian"))
    return handles


def thin_cells(fan: Fan) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
    """The sectors that cannot be seen at their true width."""
    return [sector for sector in fan.sectors if len(sector[0]) == 2 and sweep(sector[0], sector[1]) < THIN]


def _named(name: str, jacobian: tuple[tuple[Fraction, ...], ...]) -> str:
    return textwrap.fill(f"{name} = {show_matrix(jacobian)}", _WIDTH, subsequent_indent="  ")
