"""``picture``: the picture of an answer in memory, to be shown by a notebook, changed, or saved later."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.plotting.canvas import figure_of, rendered, write_picture
from subgrad_hardness.plotting.census_picture import draw_census
from subgrad_hardness.plotting.convergence import Convergence, draw_columns
from subgrad_hardness.plotting.costs import Costs, draw_costs
from subgrad_hardness.plotting.curves import draw_scaling, draw_transition
from subgrad_hardness.plotting.fan import Fan
from subgrad_hardness.plotting.fan_drawing import draw_fan
from subgrad_hardness.plotting.measuring import Series
from subgrad_hardness.plotting.shadow import Shadow
from subgrad_hardness.plotting.shadow_drawing import draw_shadow
from subgrad_hardness.survey.result import CensusResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What has a picture.
Drawable = Fan | Shadow | Series | Costs | Convergence | CensusResult


class Picture:
    """A picture; a notebook shows it.

    Attributes
    ----------
    figure : matplotlib's, with its axes in ``figure.axes``; what is changed there is shown and saved.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def __repr__(self) -> str:
        return f"<Picture: {len(self.figure.axes)} axes>"

    def _repr_png_(self) -> bytes:
        return rendered(lambda: self.figure, ".png")

    def save(self, output: str | os.PathLike[str]) -> None:
        """Write a ``.png``, ``.svg`` or ``.pdf``, whole or not at all.  Raises ParameterError, OutputError."""
        write_picture(output, lambda: self.figure)


def picture(answer: Drawable) -> Picture:
    """The picture of what a ``plot_`` function has gathered, or of a census.

    Parameters
    ----------
    answer : what ``plot_fan``, ``plot_clarke``, ``plot_transition``, ``plot_scaling``, ``plot_cost`` or
        ``plot_piggyback`` returned, or a CensusResult

    Returns
    -------
    Picture
        ``figure`` is matplotlib's Figure; a notebook shows the picture.

    Raises
    ------
    ParameterError
        Something else, numbers above 10^100, or no matplotlib (the ``plot`` extra).

    Notes
    -----
    Nothing is computed anew.  ``draw_panel`` draws one panel into axes of yours.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> shown = sh.picture(sh.plot_fan(net))
    >>> _ = shown.figure.axes[0].set_title("an absolute value")
    """
    if isinstance(answer, Fan):
        return Picture(figure_of(lambda: draw_fan(answer)))
    if isinstance(answer, Shadow):
        return Picture(figure_of(lambda: draw_shadow(answer)))
    if isinstance(answer, Costs):
        return Picture(figure_of(lambda: draw_costs(answer)))
    if isinstance(answer, Convergence):
        return Picture(figure_of(lambda: draw_columns([answer])))
    if isinstance(answer, CensusResult):
        return Picture(figure_of(lambda: draw_census(answer)))
    if isinstance(answer, Series):
        draw = draw_transition if answer.varied == ("variables", "ratio") else draw_scaling
        return Picture(figure_of(lambda: draw(answer)))
    raise ParameterError(f"nothing that has a picture, but {type(answer).__name__}", place="answer")
