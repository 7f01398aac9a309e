"""``picture``: the picture of an answer in memory, to be shown by a notebook, changed, or saved later."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from subgrad_hardness.plotting import census_picture, curves, fan_drawing, shadow_drawing
from subgrad_hardness.plotting.canvas import draw, figure_of, rendered, write_picture
from subgrad_hardness.plotting.convergence import Convergence
from subgrad_hardness.plotting.costs import Costs
from subgrad_hardness.plotting.fan import Fan
from subgrad_hardness.plotting.measuring import Series
from subgrad_hardness.plotting.shadow import Shadow
from subgrad_hardness.survey.result import CensusResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The modules that register how answers are drawn, for those whose own modules do not.
_DRAWING = (census_picture, curves, fan_drawing, shadow_drawing)

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
    return Picture(figure_of(partial(draw, answer)))
