"""``plot scaling``: what it does where little is said, and what it draws from files of any content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.plotting.curves import draw_scaling, draw_transition
from subgrad_hardness.plotting.measuring import Series, Timed


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def series(name: str, values: list[str], family: str = "f", solver: str = "auto") -> Series:
    runs = tuple(Timed({name: value}, 0, solver, "unique", 0.5 + place) for place, value in enumerate(values))
    return Series(family, (name,), 10.0, runs)


def test_bare(run: Command, tmp_path: Path) -> None:
    file, data = tmp_path / "a.png", tmp_path / "a.json"
    ran = run("plot", "scaling", "--seeds", "1", "--time-limit", "5", "--data", data, "-o", file)
    assert (ran.status, ran.err) == (0, "")
    runs = json.loads(data.read_bytes())["runs"]
    assert [entry["parameters"]["variables"] for entry in runs] == [str(size) for size in range(10, 90, 10)]
    assert ran.out == f"{file}: 8 runs, {sum(entry['verdict'] == 'unknown' for entry in runs)} without an answer\n"


def test_other_families_say_what_is_needed(tmp_path: Path) -> None:
    for family in sh.families():
        if family.name != "ksat":
            with pytest.raises(ParameterError, match="give the parameter that varies and its values") as caught:
                sh.plot_scaling(tmp_path / "a.png", family.name)
            assert all(parameter.option in str(caught.value) for parameter in family.parameters)
    with pytest.raises(ParameterError, match="2 parameters vary, expected one"):
        sh.plot_scaling(tmp_path / "a.png", "maxcut", {"vertices": [3], "k": [1]})


def test_words_stand_side_by_side() -> None:
    axes = draw_scaling(series("form", ["minmax", "layers3"])).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["minmax", "layers3"]
    assert np.asarray(axes.lines[0].get_xydata())[:, 0].tolist() == [0.0, 1.0]
    numbers = draw_scaling(series("size", ["10", "9", "1/2"])).axes[0]
    assert np.asarray(numbers.lines[0].get_xydata())[:, 0].tolist() == [0.5, 9.0, 10.0]


def test_seconds_are_written_plainly(tmp_path: Path) -> None:
    sh.plot_scaling(tmp_path / "a.svg", source=saved(tmp_path, series("size", ["1", "2"])))
    figure = draw_scaling(series("size", ["1", "2"]))
    figure.draw_without_rendering()
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels(which="both")]
    assert any(labels)
    assert not any("$" in label for label in labels)


def saved(folder: Path, runs: Series) -> Path:
    file = folder / "runs.json"
    runs.save(file)
    return file


@pytest.mark.parametrize("text", [r"$\foo$", "_x", "a\nb", "x" * 4000])
def test_texts_of_files_are_no_formulas(text: str, tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    for suffix in (".png", ".svg"):
        sh.plot_scaling(tmp_path / f"a{suffix}", source=saved(tmp_path, series(text, ["1", text], text, text)))
    assert not recwarn.list


def test_runs_that_cannot_be_drawn_are_refused() -> None:
    cases: list[tuple[Any, Series, str]] = [
        (draw_scaling, Series("f", ("size",), 1.0, series("other", ["1"]).runs), "runs without size"),
        (draw_scaling, Series("f", ("size",), 1.0, ()), "runs without size"),
        (draw_scaling, series("size", ["1e400"]), "beyond the range of a picture"),
        (
            draw_transition,
            Series("f", (), 1.0, (Timed({"variables": "x", "ratio": "1"}, 0, "", "unique", 1),)),
            "no numbers",
        ),
    ]
    for draw, runs, message in cases:
        with pytest.raises(ParameterError, match=message):
            draw(runs)


def test_a_deep_file_is_refused(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    file.write_text("[" * 200_000, "utf-8")
    ran = run("plot", "scaling", "--from", file, "-o", tmp_path / "a.png")
    assert ran.status == 2
    assert ran.error.startswith(f"{file}: no data of a picture")
