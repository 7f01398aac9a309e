"""The picture of a Clarke subdifferential: its projection with the results of backpropagation, the fan beside it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.shown import show_number, show_vector
from subgrad_hardness.common.words import count
from subgrad_hardness.plotting.canvas import colours, draw, number_of, title_lines
from subgrad_hardness.plotting.fan_panels import draw_sectors
from subgrad_hardness.plotting.shadow import Mark, Shadow, Vector

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FACE, _EDGE, _MEMBER = "#9ecae1", "#34678a", "#0b3c5d"
#: A colour and a sign for what a result of backpropagation is.
_STANDING = {"lexicographic": "#009E73", "Clarke": "#E69F00", "no Clarke subgradient": "#D55E00"}
_SIGNS = ("X", "P", "D")
#: More members than this are drawn smaller.
_MANY = 60


@draw.register(Shadow)
def draw_shadow(shadow: Shadow) -> Figure:
    """One panel, or two where there is a fan.  Raises ParameterError for numbers that no picture can hold."""
    from matplotlib.figure import Figure

    beside = shadow.fan is not None
    figure = Figure(figsize=(12.0 if beside else 9.0, 6.0 if beside else 7.0), dpi=150)
    solid = len(shadow.onto) == 3
    # Marks lie within a translucent body and have to be seen: what is drawn last is on top.
    style: dict[str, Any] = {"projection": "3d", "computed_zorder": False} if solid else {}
    axes: Any = figure.add_subplot(1, 1 + beside, 1 + beside, **style)
    if shadow.fan is not None:
        sectors = figure.add_subplot(1, 2, 1)
        draw_sectors(sectors, shadow.fan, 0, colours(len(shadow.fan.jacobians)))
        sectors.set_title("cells by Jacobian")
    draw_body(axes, shadow)
    figure.legend(loc="outside lower center", fontsize=8, ncols=2)
    figure.suptitle("\n".join([*title_lines(shadow.name), *title_lines(summary(shadow))]), fontsize=11)
    return figure


def draw_body(axes: Any, shadow: Shadow) -> None:
    """The hull, its points and what backpropagation returns, into axes of two dimensions or three."""
    solid = len(shadow.onto) == 3
    _draw_hull(axes, shadow)
    _draw_points(axes, shadow)
    names = [_coordinate(shadow, c) for c in shadow.onto]
    axes.set_xlabel(names[0], labelpad=10 if solid else None)
    axes.set_ylabel(names[1], labelpad=10 if solid else None)
    if solid:
        axes.set_zlabel(names[2], labelpad=8)
        _same_scale(axes, shadow)
        elevation, turn = _view(shadow)
        axes.view_init(elev=elevation, azim=turn)
    else:
        axes.set_aspect("equal", adjustable="datalim")
        axes.margins(0.14)
    whole = len(shadow.onto) == shadow.inputs * shadow.outputs
    axes.set_title("Clarke subdifferential" if whole else "Clarke subdifferential, projected")


def summary(shadow: Shadow) -> str:
    """What the picture shows, in one line."""
    members = count(shadow.number, "lexicographic subgradient")
    return f"at x0 = {show_vector(shadow.point)}: {members}, the hull has dimension {shadow.dimension}"


def _draw_hull(axes: Any, shadow: Shadow) -> None:
    polygons = [[_placed(corner) for corner in face] for face in shadow.faces]
    if len(polygons[0]) < 3:
        axes.plot(*zip(*polygons[0], strict=True), color=_EDGE, linewidth=3, zorder=1)
    elif len(shadow.onto) == 2:
        axes.fill(*zip(*polygons[0], strict=True), facecolor=_FACE, edgecolor=_EDGE, alpha=0.6, zorder=1)
    else:
        from mpl_toolkits.mplot3d.art3d import Poly3DCollection

        axes.add_collection3d(Poly3DCollection(polygons, facecolor=_FACE, edgecolor=_EDGE, alpha=0.25, linewidth=0.9))


def _draw_points(axes: Any, shadow: Shadow) -> None:
    corners = set(shadow.body.vertices)
    inner = [_placed(member) for member in shadow.members if member not in corners]
    size = 26 if len(shadow.members) <= _MANY else 8
    outer = [_placed(corner) for corner in shadow.body.vertices]
    label = f"{count(len(outer), 'vertex', 'vertices')} (lexicographic)"
    axes.scatter(*zip(*outer, strict=True), s=size, color=_MEMBER, zorder=3, label=label)
    if inner:
        label = f"{count(len(inner), 'other place', 'other places')} of lexicographic subgradients"
        hollow = {"facecolors": "white", "edgecolors": _MEMBER}
        axes.scatter(*zip(*inner, strict=True), s=size, zorder=3, label=label, **hollow)
    at: dict[tuple[Vector, str], list[Mark]] = defaultdict(list)
    for mark in shadow.marks:
        at[mark.place, mark.standing].append(mark)
    for sign, ((place, standing), marks) in zip(_SIGNS, at.items(), strict=False):
        slopes = ", ".join([show_number(mark.slope) for mark in marks])
        label = f"backpropagation, relu'(0) = {slopes}: {standing}"
        style: dict[str, Any] = {"color": _STANDING[standing], "edgecolors": "black", "linewidths": 0.8, "marker": sign}
        extra = {"depthshade": False} if len(shadow.onto) == 3 else {}
        axes.scatter(*[[entry] for entry in _placed(place)], s=110, zorder=6, label=label, **style, **extra)


def _same_scale(axes: Any, shadow: Shadow) -> None:
    """One unit is as long on each of three axes."""
    places = [*map(_placed, shadow.body.vertices), *(_placed(mark.place) for mark in shadow.marks)]
    spans = [(min(column), max(column)) for column in zip(*places, strict=True)]
    widest = max(last - first for first, last in spans) or 1.0
    sizes = []
    for (first, last), bound in zip(spans, (axes.set_xlim, axes.set_ylim, axes.set_zlim), strict=True):
        size = max(1.1 * (last - first), 0.3 * widest)
        bound((first + last - size) / 2, (first + last + size) / 2)
        sizes.append(size / widest)
    from matplotlib.ticker import MaxNLocator

    for axis, size in zip((axes.xaxis, axes.yaxis, axes.zaxis), sizes, strict=True):
        axis.set_major_locator(MaxNLocator(max(1, round(4 * size)), steps=[1, 2, 5, 10]))  # else they overlap
    axes.set_box_aspect(sizes, zoom=0.88)


def _view(shadow: Shadow) -> tuple[float, float]:
    """Elevation and turn, in degrees, from which a body is seen: a flat one not from its edge."""
    if shadow.body.dimension != 2:
        return 22.0, -58.0
    x, y, z = [number_of(Fraction(entry)) for entry in shadow.body.equations[0].normal]
    return degrees(atan2(z, hypot(x, y))) - 15, degrees(atan2(y, x)) + 20


def _placed(vector: Vector) -> tuple[float, ...]:
    return tuple([number_of(entry) for entry in vector])


def _coordinate(shadow: Shadow, c: int) -> str:
    output, column = divmod(c, shadow.inputs)
    return f"g[{column}]" if shadow.outputs == 1 else f"J[{output}][{column}]"
