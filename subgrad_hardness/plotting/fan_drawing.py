"""The picture of a fan: the sectors coloured by Jacobian, and beside them the Clarke polytope."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.plotting.canvas import PALETTE
from subgrad_hardness.plotting.fan import Fan, hull

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: So many Jacobians get an entry in the legend.
_MOST_NAMED = 12
_LONGEST = 14


def draw_fan(fan: Fan) -> Figure:
    """Two panels an output: the fan on the left, the gradients and their hull on the right."""
    from matplotlib.figure import Figure

    outputs = len(fan.gradient)
    figure = Figure(figsize=(9.6, 4.4 * outputs), dpi=150)
    panels = figure.subplots(outputs, 2, squeeze=False, width_ratios=(1, 1.15))
    for output in range(outputs):
        _draw_sectors(panels[output][0], fan, output)
        _draw_polytope(panels[output][1], fan, output)
    point = ", ".join(map(_short, fan.point))
    title = f"F'(x0; .) at x0 = ({point}): {_count(len(fan.sectors), 'cell')}, "
    title += _count(len(fan.jacobians), "lexicographic subgradient")
    figure.suptitle(f"{fan.name}\n{title}" if fan.name else title, fontsize=11)
    return figure


def _draw_sectors(axes: Axes, fan: Fan, output: int) -> None:
    from matplotlib.patches import Wedge

    for start, end, number in fan.sectors:
        first, last = _angle(start), _angle(end)
        if last <= first:
            last += 360
        axes.add_patch(Wedge((0, 0), 1, first, last, facecolor=_colour(number), alpha=0.75, linewidth=0))
    for ray in fan.rays:
        x, y = _unit(ray.direction)
        style, width = ("-", 1.4) if ray.differs else (":", 1.0)
        axes.plot([0, x], [0, y], color="black", linestyle=style, linewidth=width)
    if any(not ray.differs for ray in fan.rays):
        axes.plot([], [], color="black", linestyle=":", label="a kink, but one Jacobian")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), fontsize=8)
    axes.plot([0], [0], marker="o", color="black", markersize=3)
    axes.set(xlim=(-1.08, 1.08), ylim=(-1.08, 1.08), aspect="equal", xticks=[], yticks=[])
    axes.set(xlabel="direction $d_1$", ylabel="direction $d_2$")
    axes.grid(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    which = f", output {output + 1}" if len(fan.gradient) > 1 else ""
    axes.set_title(f"cells by Jacobian{which}")


def _draw_polytope(axes: Axes, fan: Fan, output: int) -> None:
    points = [(jacobian[output][0], jacobian[output][1]) for jacobian in fan.jacobians]
    corners = hull(points)
    if len(corners) > 2:
        axes.fill(*_columns(corners), facecolor="#bbbbbb", alpha=0.45, edgecolor="#777777", zorder=1)
    elif len(corners) == 2:
        axes.plot(*_columns(corners), color="#777777", linewidth=2, zorder=1)
    for number, point in enumerate(points):
        label = None
        if number < _MOST_NAMED:
            label = f"({_short(point[0])}, {_short(point[1])})"
        axes.plot(
            *_columns([point]), "o", color=_colour(number), markeredgecolor="black", markersize=8, zorder=3, label=label
        )
    gradient = (fan.gradient[output][0], fan.gradient[output][1])
    label = f"backpropagation: ({_short(gradient[0])}, {_short(gradient[1])})"
    axes.plot(*_columns([gradient]), "x", color="black", markersize=9, markeredgewidth=2, zorder=4, label=label)
    more = len(points) - _MOST_NAMED
    axes.legend(
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        fontsize=8,
        title="gradients" + (f" (and {more} more)" if more > 0 else ""),
    )
    axes.margins(0.12)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(xlabel="$g_1$", ylabel="$g_2$")
    projection = ", this output's row" if len(fan.gradient) > 1 else ""
    axes.set_title(f"Clarke subdifferential{projection}")


def _colour(number: int) -> str | tuple[float, float, float, float]:
    if number < len(PALETTE):
        return PALETTE[number]
    from matplotlib import colormaps

    # Golden-ratio steps through a map keep neighbours apart, however many there are.
    return colormaps["turbo"]((number * 0.6180339887) % 1.0)


def _angle(direction: tuple[int, int]) -> float:
    x, y = _unit(direction)
    return math.degrees(math.atan2(y, x))


def _unit(direction: tuple[int, int]) -> tuple[float, float]:
    """The direction at length 1, for integers of any size."""
    largest = max(map(abs, direction))
    x, y = (float(Fraction(entry, largest)) for entry in direction)
    length = math.hypot(x, y)
    return x / length, y / length


def _columns(points: list[tuple[Fraction, Fraction]]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]


def _short(value: Fraction) -> str:
    text = format_rational(value)
    return text if len(text) <= _LONGEST else f"{float(value):.4g}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
