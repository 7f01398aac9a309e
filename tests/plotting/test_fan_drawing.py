"""What a fan's picture shows: integers decide the cells, one colour is one Jacobian, names are no formulas."""

from __future__ import annotations

import json
import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Wedge
from support.cli_runner import ABS, Command, in_process
from support.paths import INSTANCES

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.plotting.canvas import colours, printable, title_lines
from subgrad_hardness.plotting.fan import Fan, fan_of
from subgrad_hardness.plotting.fan_drawing import MOST_OUTPUTS, draw_fan, thin_cells
from subgrad_hardness.plotting.turning import angle, spread, sweep, thin_width

NEEDLES = ("needle.json", "needle-1e40.json")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def drawn(net: Any) -> tuple[Fan, Figure]:
    fan = fan_of(sh.load(net))
    return fan, draw_fan(fan)


def wedges(figure: Figure, gid: str | None = None) -> list[Wedge]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Wedge) and patch.get_gid() == gid]


def legend(figure: Figure) -> dict[str, Any]:
    (found,) = figure.legends
    return {text.get_text(): handle for text, handle in zip(found.get_texts(), found.legend_handles, strict=True)}


def along(line: Line2D, axis: int) -> tuple[float, ...]:
    return tuple(np.asarray(line.get_xydata(), dtype=float)[:, axis].tolist())


def test_sweeps_are_decided_by_integers() -> None:
    huge = 10**40
    one, other = (huge, 1), (huge + 1, 1)  # the doubles of both angles are equal
    assert angle(one) == angle(other)
    assert sweep(other, one) < 1e-70
    assert sweep(one, other) == 360
    assert thin_width(other, one) == "5.7e-79"
    assert sweep((1, 0), (1, 0)) == 360
    assert sweep((1, 0), (-1, 0)) == 180
    assert sweep((-huge, 1), (huge, -1)) == 180
    assert sweep((0, 1), (1, 0)) == pytest.approx(270)
    far = 10**400
    assert sweep((far + 1, 1), (far, 1)) == 0
    assert thin_width((far + 1, 1), (far, 1)).endswith("e-799")


def test_sweeps_add_up_to_a_turn() -> None:
    source = random.Random(5)
    for _ in range(200):
        directions = {(source.randint(-9, 9), source.randint(-9, 9)) for _ in range(6)} - {(0, 0)}
        around = sorted(directions, key=angle)
        around = [d for n, d in enumerate(around) if not n or angle(d) > angle(around[n - 1]) + 1e-9]
        if len(around) > 1:
            total = sum(sweep(one, other) for one, other in zip(around, (*around[1:], around[0]), strict=True))
            assert total == pytest.approx(360)


@pytest.mark.parametrize("name", NEEDLES)
def test_a_thin_cell_is_a_mark_and_not_the_whole_disc(name: str) -> None:
    fan, figure = drawn(INSTANCES / name)
    disc, marks = wedges(figure), wedges(figure, "thin")
    assert len(thin_cells(fan)) == 2
    spans = [wedge.theta2 - wedge.theta1 for wedge in disc]
    assert sorted(map(round, spans)) == [0, 0, 180, 180]
    assert sum(spans) == pytest.approx(360)
    assert len(marks) == 2
    for mark in marks:
        assert mark.theta2 - mark.theta1 >= 3
    assert abs(marks[0].theta1 - marks[1].theta1) >= 3  # side by side
    assert {mark.get_facecolor() for mark in marks} == {to_rgba(colours(3)[number]) for *_, number in thin_cells(fan)}
    assert sum("a thin cell, drawn wider" in text for text in legend(figure)) == 2


def test_every_thin_cell_is_seen() -> None:
    fan, figure = drawn(sh.generate("tent", variables=6, ratio=1, seed=1))
    marks = sorted(wedges(figure, "thin"), key=lambda mark: mark.theta1)
    assert len(marks) == len(thin_cells(fan)) > 50
    for one, other in pairwise(marks):
        assert one.theta2 <= other.theta1 + 1e-9
    assert marks[-1].theta2 - marks[0].theta1 <= 360


def test_marks_are_spread_in_order_and_no_further_than_needed() -> None:
    assert spread([10, 20, 30], 5) == [10, 20, 30]
    assert spread([10, 10], 4) == [8, 12]
    assert spread([0, 1, 50], 4) == [-1.5, 2.5, 50]
    source = random.Random(2)
    for _ in range(50):
        centres = sorted(source.uniform(0, 30) for _ in range(12))
        places = spread(centres, 2.0)
        assert all(b - a >= 2 - 1e-9 for a, b in pairwise(places))
        assert sum(places) == pytest.approx(sum(centres))


@pytest.mark.parametrize("name", ["sum-of-abs.json", "wedge.json", "vanishing-trap.json", "sorting.json", "abs.json"])
def test_one_colour_is_one_jacobian_in_all_panels(name: str) -> None:
    fan, figure = drawn(INSTANCES / name)
    palette = [to_rgba(colour) for colour in colours(len(fan.jacobians))]
    assert len(set(palette)) == len(palette)
    entries = legend(figure)
    for number in range(len(fan.jacobians)):
        (handle,) = (entry for text, entry in entries.items() if text.startswith(f"J{number + 1} = "))
        assert handle.get_facecolor() == palette[number]
    if len(fan.point) == 2:
        assert Counter(wedge.get_facecolor() for wedge in wedges(figure)) == Counter(
            palette[number] for *_, number in fan.sectors
        )
    for axes in figure.axes[1::2]:
        dots = {to_rgba(line.get_color()) for line in axes.lines if line.get_marker() == "o"}
        assert dots == set(palette)


def test_each_subgradient_is_listed_once() -> None:
    shared = {  # both outputs have rows that several Jacobians share
        "inputs": 2,
        "layers": [{"weight": [[1, 0], [1, 1]], "activation": "relu"}, {"weight": [[1, 0], [0, 1], [0, 0]]}],
    }
    fan, figure = drawn(shared)
    assert len(fan.jacobians) == 4
    texts = [text for text in legend(figure) if text.startswith("J")]
    assert len(texts) == 4
    assert len({text.split(" = ")[1] for text in texts}) == 4
    first = figure.axes[1]
    dots = [line for line in first.lines if line.get_marker() == "o"]
    assert len(dots) == 4  # two places, two rings each
    assert len({line.get_markersize() for line in dots}) == 2


def test_colours_are_different_however_many() -> None:
    for count in (1, 7, 8, 60):
        assert len({tuple(round(255 * part) for part in colour) for colour in colours(count)}) == count


NAMES = [
    r"price $\foo$",
    "$",
    "_hidden",
    "a" * 5000,
    "x " * 900,
    "tab\there\nand there",
    "\x00\x07",
    "\ud800",
    "中文",
    "",
]


@pytest.mark.parametrize(("suffix", "first"), [(".png", 0), (".svg", 1), (".pdf", 1)])
def test_any_name_is_drawn(suffix: str, first: int, tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    """Each name in each format, and over both kinds of pictures."""
    for number, name in enumerate(NAMES):
        file = tmp_path / f"{number}{suffix}"
        program = sh.Program.from_layers([[[1] * (1 + (first + number) % 2)], [[1]]])._replace(name=name)
        sh.plot_fan(program, file)
        assert file.stat().st_size > 2000
    assert not recwarn.list


def test_a_name_is_no_formula(run: Command, tmp_path: Path) -> None:
    net, picture = tmp_path / "net.json", tmp_path / "a.svg"
    net.write_text(json.dumps({"name": r"price $\foo$", "inputs": 1, "layers": [{"weight": [[1]]}]}), "utf-8")
    ran = run("plot", "fan", net, "-o", picture)
    assert (ran.status, ran.err) == (0, "")


def test_titles_are_wrapped_and_cut() -> None:
    assert title_lines("short") == ["short"]
    lines = title_lines("word " * 100)
    assert len(lines) == 2
    assert all(len(line) <= 80 for line in lines)
    assert lines[1].endswith(" ...")
    assert max(map(len, title_lines("a" * 500))) <= 80
    assert title_lines("\n") == []
    assert printable("_a\tb\x00c") == " _a b c"


def test_one_input(run: Command, tmp_path: Path) -> None:
    fan, figure = drawn(INSTANCES / "backprop-outside.json")
    assert fan.sectors == (((1,), (1,), 0), ((-1,), (-1,), 1))
    assert fan.jacobians == (((Fraction(1),),), ((Fraction(0),),))
    assert fan.gradient == ((Fraction(-1),),)
    line, interval = figure.axes
    ends = {along(side, 1) for side in line.lines if len(along(side, 1)) == 2}
    assert ends == {(0.0, 1.0), (0.0, 0.0)}
    assert {text.get_text() for text in line.texts} == {"slope 1 (J1)", "slope 0 (J2)"}
    assert [along(interval.lines[0], 0)] == [(0.0, 1.0)]
    assert {along(cross, 0) for cross in interval.lines if cross.get_marker() == "x"} == {(-1.0,)}
    assert "backpropagation, relu'(0) = 0: (-1)" in legend(figure)
    file = tmp_path / "a.png"
    ran = run("plot", "fan", ABS, "-o", file)
    assert (ran.status, ran.out) == (0, f"{file}: both sides, 2 lexicographic subgradients\n")


def test_the_sides_of_a_line_are_the_subgradients() -> None:
    for file in sorted(INSTANCES.glob("*.json")):
        if file.name != "manifest.json" and sh.load(file).input_count == 1:
            fan = fan_of(sh.load(file))
            assert set(fan.jacobians) == {piece.jacobian for piece in sh.lexicographic_subgradients(file).pieces}
            for direction, _, number in fan.sectors:
                expected = sh.directional_derivative(file, direction)
                assert tuple(row[0] * direction[0] for row in fan.jacobians[number]) == expected


def test_many_outputs_and_numbers_of_any_size() -> None:
    fan, figure = drawn({"inputs": 1, "layers": [{"weight": [[number] for number in range(40)], "activation": "relu"}]})
    assert len(fan.gradient) == 40
    assert len(figure.axes) == 2 * MOST_OUTPUTS
    for weight in ("1e101", "-1e400"):
        with pytest.raises(ParameterError, match="numbers beyond the range of a picture"):
            drawn({"inputs": 1, "layers": [{"weight": [[weight]], "activation": "abs"}]})
    drawn({"inputs": 1, "layers": [{"weight": [["1e100"]], "activation": "abs"}]})
    drawn({"inputs": 2, "layers": [{"weight": [["1e-400", 1]], "activation": "abs"}]})
