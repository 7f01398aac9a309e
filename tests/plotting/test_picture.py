"""``picture``: what plots return, in memory: shown by notebooks, changed, saved; the same as the file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.plotting.convergence import Convergence
from subgrad_hardness.plotting.costs import Costs
from subgrad_hardness.plotting.measuring import Series
from subgrad_hardness.plotting.shadow import Shadow

FOLD = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
PLANE = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1]]}]}
LASSO = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], "1/2", "1/2")

#: What is drawn into the file that is given, or into none.
PLOTS: dict[str, Callable[[Path | None], Any]] = {
    "fan": lambda file: sh.plot_fan(PLANE, file),
    "fan of one input": lambda file: sh.plot_fan(FOLD, file),
    "clarke": lambda file: sh.plot_clarke(PLANE, file),
    "piggyback": lambda file: sh.plot_piggyback(LASSO, file, steps=20),
}


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_it_is_the_picture_of_the_file(name: str, suffix: str, tmp_path: Path) -> None:
    PLOTS[name](tmp_path / f"a{suffix}")
    shown = sh.picture(PLOTS[name](None))
    shown.save(tmp_path / f"b{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    assert shown._repr_png_().startswith(b"\x89PNG")


def test_measured_pictures_are_drawn_from_what_was_measured(tmp_path: Path) -> None:
    transition = sh.plot_transition(variables=[4], ratios=[2, 3], seeds=1)
    scaling = sh.plot_scaling(None, "maxcut", {"vertices": [3, 4]}, fixed={"offset": "1"}, seeds=1)
    costs = sh.plot_cost(sizes=[2], vertices=[3], values=[2])
    census = sh.census(FOLD, [[0], [1]])
    assert [len(sh.picture(each).figure.axes) for each in (transition, scaling, costs, census)] == [2, 1, 2, 4]
    sh.plot_census(census, tmp_path / "a.svg")
    sh.picture(census).save(tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_what_is_changed_is_saved(tmp_path: Path) -> None:
    shown = sh.picture(sh.plot_fan(FOLD))
    shown.figure.axes[0].set_title("a title of mine")
    shown.save(tmp_path / "a.svg")
    before = (tmp_path / "a.svg").read_bytes()
    sh.plot_fan(FOLD, tmp_path / "b.svg")
    assert before != (tmp_path / "b.svg").read_bytes()
    with pytest.raises(ParameterError, match=r"a\.gif does not end in"):
        shown.save(tmp_path / "a.gif")
    assert not (tmp_path / "a.gif").exists()


def test_what_is_drawn_shows_itself_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    fan = sh.plot_fan(FOLD)
    shown = fan._repr_png_()
    assert shown is not None and shown.startswith(b"\x89PNG")
    assert all(hasattr(kind, "_repr_png_") for kind in (Shadow, Series, Costs, Convergence))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert fan._repr_png_() is None  # its text, then


def test_what_has_no_picture_is_refused() -> None:
    with pytest.raises(ParameterError, match="answer: nothing that has a picture, but dict"):
        sh.picture(FOLD)  # type: ignore[arg-type]


def test_what_is_no_name_of_a_picture_is_refused_in_one_line() -> None:
    net: Any = sh.load(FOLD)
    with pytest.raises(sh.ParameterError, match="output: a Program, expected the name of a picture"):
        sh.plot_cost(net)
