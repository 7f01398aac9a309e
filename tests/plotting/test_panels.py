"""``draw_panel``: every panel of every picture, drawn into axes of the caller's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.plotting.costs import Costs, Curve
from subgrad_hardness.plotting.measuring import Series, Timed

pytest.importorskip("matplotlib", reason="the extra plot is not installed")

FOLD = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
PLANE = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}]}
SPACE = {"inputs": 3, "layers": [{"weight": [[1, 2, 3]], "activation": "abs"}]}
LASSO = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], "1/2", "1/2")


def runs(varied: tuple[str, ...], **values: str) -> Series:
    times = (0.01, 0.02, 0.3, 10.0)
    timed = [Timed(values, seed, "auto", "unknown" if s > 9 else "distinct", s) for seed, s in enumerate(times)]
    return Series("ksat", varied, 10.0, tuple(timed))


CURVE = Curve("a gradient", (2, 4), (3.0, 4.0), (5.0, 5.0))
ANSWERS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "fan": (lambda: sh.plot_fan(PLANE), ("cells", "subdifferential")),
    "fan of one input": (lambda: sh.plot_fan(FOLD), ("cells", "subdifferential")),
    "clarke": (lambda: sh.plot_clarke(PLANE, onto=[0, 3]), ("subdifferential", "cells")),
    "transition": (lambda: runs(("variables", "ratio"), variables="9", ratio="4"), ("share", "seconds")),
    "scaling": (lambda: runs(("variables",), variables="9"), ("seconds",)),
    "cost": (lambda: Costs((CURVE,), (CURVE,)), ("counted", "measured")),
    "piggyback": (lambda: sh.plot_piggyback(LASSO, steps=5), ("iterates", "jacobians")),
    "census": (lambda: sh.census(FOLD, [[0], [1]]), ("verdicts", "causes", "places", "distances")),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_panel_is_drawn_into_axes_of_ones_own(name: str) -> None:
    from matplotlib.figure import Figure

    make, panels = ANSWERS[name]
    answer = make()
    figure = Figure()
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(2, 2, place)
        sh.draw_panel(answer, axes, panel)
        assert axes.has_data() or axes.patches
    assert figure.axes[0].get_title() or figure.axes[0].get_xlabel()
    with pytest.raises(ParameterError, match=f"panel: 'legend' is none of {', '.join(panels)}"):
        sh.draw_panel(answer, figure.axes[0], "legend")


def test_bodies_have_three_dimensions_where_the_axes_do() -> None:
    from matplotlib.figure import Figure

    body = sh.plot_clarke(SPACE)
    with pytest.raises(ParameterError, match="axes: this panel needs axes with projection='3d'"):
        sh.draw_panel(body, Figure().add_subplot())
    axes = Figure().add_subplot(projection="3d")
    sh.draw_panel(body, axes)
    assert axes.get_zlabel() == "g[2]"


def test_outputs_and_answers_that_there_are_not() -> None:
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    sh.draw_panel(sh.plot_fan(PLANE), axes, output=1)
    assert axes.get_title().endswith(", output 2")
    for output in (2, -1, True):
        with pytest.raises(ParameterError, match="output: not one of 2 outputs, from 0"):
            sh.draw_panel(sh.plot_fan(PLANE), axes, output=output)
    with pytest.raises(ParameterError, match="answer: nothing that has a picture, but dict"):
        sh.draw_panel(FOLD, axes)  # type: ignore[arg-type]


def test_times_have_quartiles_where_these_have_answers() -> None:
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    series = runs(("variables",), variables="9")
    more = [run._replace(seed=run.seed + 4, verdict="distinct", seconds=0.4) for run in series.runs]
    sh.draw_panel(series._replace(runs=(*series.runs, *more)), axes)
    (band,) = axes.collections
    assert set(np.asarray(band.get_paths()[0].vertices)[:, 1].tolist()) == {
        0.02,
        0.4,
    }  # of eight times 10.0 is the greatest
    empty = Figure().add_subplot()
    sh.draw_panel(series._replace(runs=tuple(run._replace(verdict="unknown") for run in series.runs)), empty)
    assert not empty.collections[0].get_paths()
