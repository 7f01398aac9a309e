"""The panels of a fan: the plane or the line around the point, and the subgradients of one output."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin
from typing import TYPE_CHECKING

from subgrad_hardness.api.shown import show_number
from subgrad_hardness.plotting.canvas import number_of
from subgrad_hardness.plotting.fan import Fan, hull
from subgrad_hardness.plotting.turning import angle, spread, sweep, unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Colours = Sequence[tuple[float, float, float]]

#: Sectors of fewer degrees are drawn once more outside the disc, as wide as this allows.
THIN = 1.0
_MARK = 5.0
_MARK_INNER, _MARK_OUTER = 1.05, 1.17

#: So many rings are drawn where Jacobians have one row, or rows too close to be told apart.
_MOST_RINGS = 4


def draw_sectors(axes: Axes, fan: Fan, output: int, palette: Colours) -> None:
    """The disc of directions, coloured by Jacobian; thin cells again at its rim."""
    from matplotlib.patches import Wedge

    for start, end, number in fan.sectors:
        first = angle(start)
        last = first + sweep(start, end)
        axes.add_patch(Wedge((0, 0), 1, first, last, facecolor=palette[number], linewidth=0))
    for ray in fan.rays:
        x, y = unit(ray.direction)
        style, width = ("-", 1.2) if ray.differs else (":", 1.0)
        axes.plot([0, x], [0, y], color="black", linestyle=style, linewidth=width)
    _draw_thin(axes, fan, palette)
    axes.plot([0], [0], marker="o", color="black", markersize=3)
    axes.set(xlim=(-1.22, 1.22), ylim=(-1.22, 1.22), aspect="equal", xticks=[], yticks=[])
    axes.set(xlabel="direction d\u2081", ylabel="direction d\u2082")
    axes.grid(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_title(f"cells by Jacobian{_which(fan, output)}")


def _draw_thin(axes: Axes, fan: Fan, palette: Colours) -> None:
    """Each thin cell as a mark of visible width outside the disc, joined to where it is."""
    from matplotlib.patches import Wedge

    cells = []
    for start, end, number in fan.sectors:
        width = sweep(start, end)
        if width < THIN:
            cells.append((angle(start) + width / 2, number))
    if not cells:
        return
    width = min(_MARK, 300 / len(cells))
    # The places are those on a line, so the circle is cut where the marks leave the widest gap.
    gaps = [(centre - cells[index - 1][0]) % 360 for index, (centre, _) in enumerate(cells)]
    cut = gaps.index(max(gaps))
    cells = cells[cut:] + cells[:cut]
    centres = [cells[0][0] + (centre - cells[0][0]) % 360 for centre, _ in cells]
    if len(cells) == 1 or max(gaps) == 0:
        centres = [centre for centre, _ in cells]
    for (centre, number), place in zip(cells, spread(centres, width), strict=True):
        mark = Wedge((0, 0), _MARK_OUTER, place - width / 2, place + width / 2, width=_MARK_OUTER - _MARK_INNER)
        mark.set(facecolor=palette[number], edgecolor="black", linewidth=0.8, gid="thin")
        axes.add_patch(mark)
        # The leader winds around the disc instead of crossing it.
        parts = [step / 20 for step in range(21)]
        leader = [_at(centre + part * (place - centre), 1 + part * (_MARK_INNER - 1)) for part in parts]
        axes.plot(*zip(*leader, strict=True), color="black", linewidth=0.6)


def _at(degrees: float, radius: float) -> tuple[float, float]:
    return radius * cos(radians(degrees)), radius * sin(radians(degrees))


def draw_line(axes: Axes, fan: Fan, output: int, palette: Colours) -> None:
    """The graph of F'(x0; d) over the line: a half-line for each side, with its slope."""
    for (direction,), _, number in fan.sectors:
        slope = fan.jacobians[number][output][0]
        axes.plot([0, direction], [0, direction * number_of(slope)], color=palette[number], linewidth=3)
        axes.annotate(
            f"slope {show_number(slope)} (J{number + 1})",
            (direction / 2, direction * number_of(slope) / 2),
            xytext=(0, 10),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
        )
    axes.plot([0], [0], marker="o", color="black", markersize=4)
    axes.margins(0.1, 0.25)
    axes.set(xlabel="direction d", ylabel="F'(x0; d)")
    axes.set_title(f"the derivative on both sides{_which(fan, output)}")


def draw_interval(axes: Axes, fan: Fan, output: int, palette: Colours) -> None:
    """The Clarke subdifferential of a net with one input: an interval, and where backpropagation is."""
    points = [(number_of(jacobian[output][0]), 0.0) for jacobian in fan.jacobians]
    ends = sorted(points)
    axes.plot([ends[0][0], ends[-1][0]], [0, 0], color="#bbbbbb", linewidth=8, solid_capstyle="butt", zorder=1)
    _draw_points(axes, points, (number_of(fan.gradient[output][0]), 0.0), palette)
    axes.margins(0.15)
    axes.set(ylim=(-1, 1), yticks=[], xlabel="slope g")
    axes.spines["left"].set_visible(False)
    axes.set_title(f"Clarke subdifferential{_which(fan, output)}")


def draw_polygon(axes: Axes, fan: Fan, output: int, palette: Colours) -> None:
    """The rows of one output in the plane of gradients, and their convex hull."""
    rows = [(jacobian[output][0], jacobian[output][1]) for jacobian in fan.jacobians]
    corners = [(number_of(x), number_of(y)) for x, y in hull(rows)]
    if len(corners) > 2:
        xs, ys = zip(*corners, strict=True)
        axes.fill(xs, ys, facecolor="#cccccc", edgecolor="#777777", zorder=1)
    elif len(corners) == 2:
        axes.plot(*zip(*corners, strict=True), color="#777777", linewidth=2, zorder=1)
    gradient = (number_of(fan.gradient[output][0]), number_of(fan.gradient[output][1]))
    _draw_points(axes, [(number_of(x), number_of(y)) for x, y in rows], gradient, palette)
    axes.margins(0.12)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(xlabel="g\u2081", ylabel="g\u2082")
    axes.set_title(f"Clarke subdifferential{', the rows' * (len(fan.gradient) > 1)}{_which(fan, output)}")


def _draw_points(
    axes: Axes, points: Sequence[tuple[float, float]], gradient: tuple[float, float], palette: Colours
) -> None:
    """A dot for each Jacobian, in its colour; those at one place as rings around one another."""
    every = [*points, gradient]
    span = max(max(axis) - min(axis) for axis in zip(*every, strict=True)) or 1.0
    places: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(points):
        places.setdefault((round(60 * (x / span)), round(60 * (y / span))), []).append(number)
    for numbers in places.values():
        rings = numbers[:_MOST_RINGS]
        for ring, number in enumerate(rings):
            x, y = points[numbers[0]]
            size = 9 + 5 * (len(rings) - 1 - ring)
            axes.plot([x], [y], "o", color=palette[number], markeredgecolor="black", markersize=size, zorder=3 + ring)
    axes.plot([gradient[0]], [gradient[1]], "x", color="white", markersize=7, markeredgewidth=3, zorder=8)
    axes.plot([gradient[0]], [gradient[1]], "x", color="black", markersize=6.5, markeredgewidth=1.6, zorder=9)


def _which(fan: Fan, output: int) -> str:
    return f", output {output + 1}" if len(fan.gradient) > 1 else ""
