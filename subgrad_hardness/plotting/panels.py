"""``draw_panel``: one panel of a picture, into axes of the caller's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.plotting.canvas import colours, styled
from subgrad_hardness.plotting.census_picture import draw_causes, draw_distances, draw_places, draw_verdicts
from subgrad_hardness.plotting.convergence import Convergence, draw_iterates, draw_jacobians
from subgrad_hardness.plotting.costs import Costs, draw_counted, draw_measured
from subgrad_hardness.plotting.curves import draw_seconds, draw_share, draw_times
from subgrad_hardness.plotting.fan import Fan
from subgrad_hardness.plotting.fan_panels import draw_interval, draw_line, draw_polygon, draw_sectors
from subgrad_hardness.plotting.measuring import Series
from subgrad_hardness.plotting.picture import Drawable
from subgrad_hardness.plotting.shadow import Shadow
from subgrad_hardness.plotting.shadow_drawing import draw_body
from subgrad_hardness.survey.result import CensusResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Draws one panel into axes.
Panel = Callable[[Any], None]


def draw_panel(answer: Drawable, axes: Axes, panel: str | None = None, *, output: int = 0) -> None:
    """Draw one panel of an answer's picture into axes of yours.

    Parameters
    ----------
    answer : as for ``picture``
    axes : matplotlib's
        Where to draw; with ``projection="3d"`` for a subdifferential in three coordinates.
    panel : str, optional
        ``cells`` or ``subdifferential`` of ``plot_fan`` and ``plot_clarke``; ``share`` or ``seconds`` of
        ``plot_transition``; ``seconds`` of ``plot_scaling``; ``counted`` or ``measured`` of ``plot_cost``;
        ``iterates`` or ``jacobians`` of ``plot_piggyback``; ``verdicts``, ``causes``, ``places`` or ``distances`` of a
        census.  By default the first one.
    output : int
        Which output of a fan, from 0.

    Returns
    -------
    None

    Raises
    ------
    ParameterError
        An answer without a picture, a panel or output that it does not have, axes of other dimensions, numbers above
        10^100, or no matplotlib (the ``plot`` extra).

    See Also
    --------
    picture : all panels, with title and legend.

    Notes
    -----
    Nothing is computed anew.  The axes get a title and names; size, layout and the rest of the figure stay yours.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> from matplotlib.figure import Figure
    >>> left, right = Figure().subplots(1, 2)
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> fan = sh.plot_fan(net)
    >>> sh.draw_panel(fan, left)
    >>> sh.draw_panel(fan, right, "subdifferential")
    >>> right.get_title()
    'Clarke subdifferential'
    """
    with styled():
        panels = _panels(answer, output)
        name = next(iter(panels)) if panel is None else panel
        if name not in panels:
            raise ParameterError(f"{name!r} is none of {', '.join(panels)}", place="panel")
        solid = isinstance(answer, Shadow) and len(answer.onto) == 3 and name == "subdifferential"
        if solid != (axes.name == "3d"):
            which = "with" if solid else "without"
            raise ParameterError(f"this panel needs axes {which} projection='3d'", place="axes")
        panels[name](axes)


def _panels(answer: Drawable, output: int) -> dict[str, Panel]:
    """The panels by name, the first of them the one that is drawn where none is named."""
    if isinstance(answer, Fan):
        return _of_fan(answer, output)
    if isinstance(answer, Shadow):
        found: dict[str, Panel] = {"subdifferential": partial(draw_body, shadow=answer)}
        return found if answer.fan is None else {**found, "cells": _of_fan(answer.fan, 0)["cells"]}
    if isinstance(answer, Costs):
        return {"counted": partial(draw_counted, costs=answer), "measured": partial(draw_measured, costs=answer)}
    if isinstance(answer, Convergence):
        return {
            "iterates": partial(draw_iterates, column=answer),
            "jacobians": partial(draw_jacobians, column=answer),
        }
    if isinstance(answer, CensusResult):
        draws = {"verdicts": draw_verdicts, "causes": draw_causes, "places": draw_places, "distances": draw_distances}
        return {name: partial(draw, result=answer) for name, draw in draws.items()}
    if isinstance(answer, Series):
        if answer.varied == ("variables", "ratio"):
            return {"share": partial(draw_share, series=answer), "seconds": partial(draw_seconds, series=answer)}
        return {"seconds": partial(draw_times, series=answer)}
    raise ParameterError(f"nothing that has a picture, but {type(answer).__name__}", place="answer")


def _of_fan(fan: Fan, output: int) -> dict[str, Panel]:
    if isinstance(output, bool) or not isinstance(output, int) or not 0 <= output < len(fan.gradient):
        raise ParameterError(f"not one of {count(len(fan.gradient), 'output')}, from 0", place="output")
    palette = colours(len(fan.jacobians))
    around, beside = (draw_sectors, draw_polygon) if len(fan.point) == 2 else (draw_line, draw_interval)
    return {
        "cells": partial(around, fan=fan, output=output, palette=palette),
        "subdifferential": partial(beside, fan=fan, output=output, palette=palette),
    }
