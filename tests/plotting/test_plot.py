"""Pictures: the data behind them is exact, what is drawn again is the same, and bad requests are one line."""

from __future__ import annotations

import builtins
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support import small_nets
from support.cli_runner import WEDGE, Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.local.localise import localise
from subgrad_hardness.plotting import canvas
from subgrad_hardness.plotting.fan import MOST_SECTORS, fan_of, hull
from subgrad_hardness.plotting.measuring import Series, Timed, measure, median_seconds, timed

ABSOLUTES: dict[str, Any] = {
    "inputs": 2,
    "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1]]}],
}
LINEAR: dict[str, Any] = {"inputs": 2, "layers": [{"weight": [[1, 2]]}]}
PLANE = [net for net in small_nets.nets() if sh.load(net).input_count == 2]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def inside(start: tuple[int, ...], end: tuple[int, ...]) -> tuple[int, int]:
    """A direction strictly inside a sector: the sum of its sides, or a quarter turn on where that is not inside."""
    turn = start[0] * end[1] - start[1] * end[0]
    if turn > 0:
        return start[0] + end[0], start[1] + end[1]
    if start == end or turn < 0:  # more than half a turn
        return -start[1], start[0]
    return -start[1], start[0]  # half a turn


def test_the_fan_is_the_set_of_cells() -> None:
    assert len(PLANE) > 80
    several = 0
    for net in PLANE:
        fan = fan_of(sh.load(net))
        pieces = {piece.jacobian for piece in sh.lexicographic_subgradients(net).pieces}
        assert set(fan.jacobians) == pieces
        assert len(fan.jacobians) == len(pieces)
        several += len(pieces) > 2
        assert fan.gradient == sh.gradient(net).gradient
    assert several > 20


def test_in_each_sector_its_jacobian_is_the_derivative() -> None:
    for net in PLANE:
        fan = fan_of(sh.load(net))
        for start, end, number in fan.sectors:
            for direction in (start, inside(start, end), end):
                expected = sh.directional_derivative(net, direction)
                rows = fan.jacobians[number]
                assert tuple(row[0] * direction[0] + row[1] * direction[1] for row in rows) == expected


def test_the_sectors_close_up_and_rays_are_where_kinks_vanish() -> None:
    for net in PLANE:
        fan = fan_of(sh.load(net))
        for (_, end, _), (start, _, _) in zip(fan.sectors, (*fan.sectors[1:], fan.sectors[0]), strict=True):
            assert end == start
        starts = {start: number for start, _, number in fan.sectors}
        if not fan.rays:
            assert len(fan.sectors) == len(fan.jacobians) == 1
        for ray in fan.rays:
            before = next(number for _, end, number in fan.sectors if end == ray.direction)
            assert ray.differs == (starts[ray.direction] != before)


def test_known_fans() -> None:
    fan = fan_of(sh.load(ABSOLUTES))
    assert [ray.direction for ray in fan.rays] == [(1, 0), (0, 1), (-1, 0), (0, -1)]
    rows = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    assert [jacobian[0] for jacobian in fan.jacobians] == [tuple(map(Fraction, row)) for row in rows]
    flat = fan_of(sh.load(LINEAR))
    assert flat.sectors == (((1, 0), (1, 0), 0),)
    assert flat.rays == ()
    assert flat.jacobians == (flat.gradient,)
    assert flat.gradient == ((Fraction(1), Fraction(2)),)


def test_hull() -> None:
    source = random.Random(3)
    for _ in range(60):
        points = [
            (Fraction(source.randint(-4, 4), source.randint(1, 3)), Fraction(source.randint(-4, 4))) for _ in range(9)
        ]
        corners = hull(points)
        assert set(corners) <= set(points)
        for a, b in zip(corners, (*corners[1:], corners[0]), strict=True):
            if len(corners) > 2:  # everything is on the left of every side, and no corner is on a side
                turns = [(b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) for c in points]
                assert min(turns) == 0
                assert {c for c, turn in zip(points, turns, strict=True) if not turn} & set(corners) == {a, b}
    line = [(Fraction(k), Fraction(2 * k)) for k in range(4)]
    assert hull([line[1]] * 3) == [line[1]]
    assert hull(line) == [line[0], line[3]]


def test_limits_of_the_fan() -> None:
    with pytest.raises(ParameterError, match="net: 3 inputs; a fan is drawn for one input or two"):
        fan_of(sh.load({"inputs": 3, "layers": [{"weight": [[1, 2, 3]]}]}))
    tents = sh.generate("tent", variables=12, ratio=1, seed=1)
    with pytest.raises(ParameterError, match=f"more than {MOST_SECTORS} sectors"):
        fan_of(tents)
    with pytest.raises(LimitReached):
        fan_of(tents, Limits.seconds(-1))


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_picture_twice(suffix: str, tmp_path: Path) -> None:
    two = {"inputs": 2, "layers": [{"weight": [[1, 0], [1, 1]], "activation": "relu"}, {"weight": [[1, 1], [0, 2]]}]}
    for net in (ABSOLUTES, LINEAR, two):
        first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        fan = sh.plot_fan(net, first)
        assert sh.plot_fan(net, second) == fan
        assert first.read_bytes() == second.read_bytes()
        assert first.stat().st_size > 2000
        first.unlink()


def test_many_jacobians_and_numbers_of_any_size(tmp_path: Path) -> None:
    lines = [[k, 1] for k in range(-12, 13)]
    fan = sh.plot_fan(
        {"inputs": 2, "layers": [{"weight": lines, "activation": "abs"}, {"weight": [[1] * 25]}]}, tmp_path / "many.png"
    )
    assert len(fan.jacobians) == 50
    huge = {"inputs": 2, "layers": [{"weight": [["1e400", 1]], "activation": "relu"}]}
    with pytest.raises(ParameterError, match="plot: numbers beyond the range of a picture"):
        sh.plot_fan(huge, tmp_path / "huge.png")
    assert not (tmp_path / "huge.png").exists()


def test_measuring() -> None:
    runs = list(
        measure(
            "ksat", {"variables": ["4", "6"], "ratio": ["2", "8"]}, fixed={"k": "2"}, solvers=["circuit", "phase"],
            seeds=[0, 1, 2], time_limit=20,
        )
    )  # fmt: skip
    assert len(runs) == 2 * 2 * 2 * 3
    for run in runs:
        program = sh.generate("ksat", k=2, seed=run.seed, **run.parameters)
        assert run.verdict == sh.check(program).verdict
        assert 0 < run.seconds < 20
    assert {run.verdict for run in runs} == {"distinct", "unique"}


def test_a_solver_that_answers_nothing_is_not_asked_about_harder_nets() -> None:
    heard: list[str] = []
    runs = list(
        measure(
            "maxcut", {"vertices": ["4", "5", "6"]}, fixed={"offset": "1"}, solvers=["search", "auto"], seeds=[0, 1],
            time_limit=20, announce=heard.append,
        )
    )  # fmt: skip
    assert [run.parameters["vertices"] for run in runs if run.solver == "search"] == ["4", "4"]  # it never refutes
    assert [run.verdict for run in runs if run.solver == "auto"] == ["unique"] * 6
    assert heard[0] == "run 1 of 12: maxcut, vertices 4, seed 0, search"
    with pytest.raises(ParameterError, match="solvers: nobody is no solver"):
        list(measure("maxcut", {"vertices": ["4"]}, fixed={}, solvers=["nobody"], seeds=[0], time_limit=1))


def test_a_limit_is_no_answer() -> None:
    hard = sh.generate("clique", vertices=20, offset=1)
    verdict, seconds = timed(hard, "auto", 0.3)
    assert verdict == "unknown"
    assert seconds >= 0.25
    assert len(localise(hard).kink_units) > 100


def test_medians_count_nets_without_an_answer_as_the_slowest() -> None:
    def of(*times: float | None) -> float | None:
        return median_seconds(
            [Timed({}, 0, "auto", "unknown" if time is None else "unique", time or 9) for time in times]
        )

    assert of(1, 3, 2) == 2
    assert of(1, None, 2) == 2
    assert of(1, None, None) is None
    assert of(1, None) is None
    assert of() is None


TRANSITION = ["--variables", "4,6", "--ratios", "1:5:2", "--seeds", "2"]


def test_transition(run: Command, tmp_path: Path) -> None:
    data, first, again = tmp_path / "runs.json", tmp_path / "a.png", tmp_path / "b.png"
    ran = run("plot", "transition", *TRANSITION, "--set", "k=2", "--data", data, "-o", first)
    assert (ran.status, ran.out, ran.err) == (0, f"{first}: 12 runs, 0 without an answer\n", "")
    kept = json.loads(data.read_bytes())
    assert {entry["parameters"]["ratio"] for entry in kept["runs"]} == {"1", "3", "5"}
    assert run("plot", "transition", "--from", data, "-o", again).status == 0
    assert first.read_bytes() == again.read_bytes()
    other = run("plot", "scaling", "--from", data, "-o", again)
    assert (other.status, other.error) == (2, "data: 2 varied parameters, expected one")


def test_scaling(run: Command, tmp_path: Path) -> None:
    data, first, again = tmp_path / "runs.json", tmp_path / "a.svg", tmp_path / "b.svg"
    ran = run(
        "plot", "scaling", "maxcut", "--vary", "vertices=3,4", "--set", "offset=1", "--solvers", "auto,search",
        "--seeds", "2", "--time-limit", "9", "--data", data, "-o", first,
    )  # fmt: skip
    assert (ran.status, ran.out) == (0, f"{first}: 6 runs, 2 without an answer\n")
    text = first.read_text("utf-8")
    assert run("plot", "scaling", "--from", data, "-o", again).status == 0
    assert text == again.read_text("utf-8")
    series = Series.load(data)
    assert (series.family, series.varied, series.time_limit) == ("maxcut", ("vertices",), 9)
    other = run("plot", "transition", "--from", data, "-o", again)
    assert (other.status, other.error) == (2, "data: runs without variables")


def test_fan_command(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "fan.png"
    ran = run("plot", "fan", WEDGE, "-o", file)
    fan = fan_of(sh.load(WEDGE))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{file}: {len(fan.sectors)} cells, {len(fan.jacobians)} lexicographic subgradients\n"
    assert (
        run("plot", "fan", WEDGE, "--point", "1,5", "-o", file).out == f"{file}: 1 cell, 1 lexicographic subgradient\n"
    )
    file.unlink()
    stopped = run("plot", "fan", WEDGE, "--time-limit", "0", "-o", file)
    assert (stopped.status, stopped.out) == (
        3,
        "unknown: the time ran out before all cells were seen; nothing was drawn\n",
    )
    assert not file.exists()


@pytest.mark.parametrize(
    "case",
    [
        (["fan", WEDGE, "-o", "a.jpg"], 2, "output: a.jpg does not end in .png, .svg or .pdf"),
        (["fan", "none.json", "-o", "a.png"], 2, "none.json: cannot be read: No such file or directory"),
        (["fan", WEDGE, "-o", "none/a.png"], 74, "none/a.png: cannot be written: No such file or directory"),
        (["transition", "-o", "a.png", "--from", "none.json"], 2, "none.json: No such file or directory"),
        (
            ["transition", "-o", "a.png", "--ratios", "5:1:1"],
            2,
            "values: 5:1:1 holds no value: expected FIRST <= LAST and STEP > 0",
        ),
        (["transition", "-o", "a.png", "--ratios", "1:2"], 2, "values: expected FIRST:LAST:STEP, three numbers"),
        (["transition", "-o", "a.png", "--solver", "magic"], 2, "solvers: magic is no solver"),
        (["transition", "-o", "a.png", "--data", "none/a.json"], 74, "none/a.json: cannot be written"),
        (
            ["scaling", "maxcut", "-o", "a.png"],
            2,
            "vary: give the parameter that varies and its values, the easiest first, such as vertices=4,6,8",
        ),
        (["transition", "-o", "a.png", "--ratios", "1:9000:1"], 2, "values: 9000 values, expected at most 1000"),
        (["scaling", "-o", "a.png", "--vary", "variables"], 2, "vary: expected PARAMETER=VALUE"),
        (["scaling", "-o", "a.png", "--vary", "variables=3", "--set", "ratio"], 2, "set: expected PARAMETER=VALUE"),
        (["scaling", "4colour", "-o", "a.png", "--vary", "variables=3"], 2, 'family: "4colour" is unknown'),
        (["scaling", "-o", "a.png", "--vary", "colour=3", "--set", "ratio=2"], 2, "colour: unknown parameter of ksat"),
    ],
)
def test_bad_requests(
    case: tuple[list[str], int, str], run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, status, line = case
    monkeypatch.chdir(tmp_path)
    ran = run("plot", *arguments)
    assert ran.status == status
    assert ran.error.startswith(line)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"family": "ksat", "varied": [], "time_limit": 1, "runs": [1]}']
)
def test_a_file_that_holds_something_else(text: str, run: Command, tmp_path: Path) -> None:
    file = tmp_path / "runs.json"
    file.write_text(text, encoding="utf-8")
    ran = run("plot", "scaling", "--from", file, "-o", tmp_path / "a.png")
    assert ran.status == 2
    assert ran.error.startswith(f"{file}: no data of a picture")


def test_without_matplotlib(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "matplotlib":
            raise ModuleNotFoundError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    ran = run("plot", "fan", WEDGE, "-o", tmp_path / "a.png")
    assert (ran.status, ran.error) == (2, f"plot: {missing_extra('matplotlib', 'plot')}")


def test_an_interrupted_measurement_keeps_its_runs(tmp_path: Path) -> None:
    def stop(line: str) -> None:
        if line.startswith("run 3 of "):
            raise KeyboardInterrupt

    data, picture = tmp_path / "runs.json", tmp_path / "a.png"
    with pytest.raises(KeyboardInterrupt):
        sh.plot_transition(picture, variables=[4], ratios=[2, 3], seeds=2, data=data, announce=stop)
    assert len(Series.load(data).runs) == 2
    assert not picture.exists()


def test_colours_of_neighbours_differ() -> None:
    assert len(set(canvas.PALETTE)) == len(canvas.PALETTE) == len(canvas.MARKERS)
