"""The pictures of costs: they show what was counted, and are drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import in_process

import subgrad_hardness as sh
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES
from subgrad_hardness.cost_model.random_programs import campaign
from subgrad_hardness.cost_model.tracing import exp, total
from subgrad_hardness.cost_model.weights import Weights
from subgrad_hardness.plotting.cost_pictures import draw_campaign, draw_limit, draw_table, limit_sizes


def test_the_curves(tmp_path: Path) -> None:
    file = tmp_path / "costs.png"
    costs = sh.plot_cost(file, sizes=[2, 8], vertices=[3, 4], values=[2])
    assert file.read_bytes()[:4] == b"\x89PNG"
    counted = {curve.name: curve for curve in costs.counted}
    assert len(counted) == 7 and all(curve.inputs == (2, 8) for curve in costs.counted)
    for curve in costs.counted:
        assert all(ratio <= bound for ratio, bound in zip(curve.ratios, curve.bounds, strict=True))
    assert counted["a Clarke subgradient, branch locking"].ratios[1] < 4
    assert counted["p directions at once"].ratios[1] > 2 * counted["p directions at once"].ratios[0]
    assert [curve.inputs for curve in costs.measured] == [(3, 4), (3, 4), (2,), (2,)]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    ran = run("plot", "cost", "--sizes", "2", "--vertices", "3", "--values", "2", "-o", tmp_path / "costs.svg")
    assert ran.status == 0 and "7 curves counted, 4 measured" in ran.out
    for wrong in ("0", "x", "999"):
        ran = run("plot", "cost", "--sizes", wrong, "-o", tmp_path / "other.svg")
        assert ran.status == 2 and ran.err.count("\n") == 1 and not (tmp_path / "other.svg").exists()


def test_bars_are_the_rows() -> None:
    """A bar's parts add up to the ratio; what is longer than twelve evaluations is hatched, and says its figure."""
    report = sh.cost(lambda *x: exp(total(a * a for a in x)), [1, 2, 3, 4, 5, 6], weights="nl=10")
    axes: Any = draw_table(report).axes[0]
    widths: dict[float, float] = {}
    hatched = set()
    for bar in axes.patches:
        place = round(bar.get_y() + bar.get_height() / 2)
        widths[place] = widths.get(place, 0) + bar.get_width()
        hatched |= {place} if bar.get_hatch() else set()
    ratios = [float(row.ratio or 0) for row in report.rows]
    assert hatched == {place for place, ratio in enumerate(ratios) if ratio > 12} != set()
    assert all(widths[place] == pytest.approx(ratio) for place, ratio in enumerate(ratios) if ratio <= 12)
    assert [text.get_text().split()[0] for text in axes.texts] == [f"{ratio:.4g}" for ratio in ratios]
    (free,) = draw_table(sh.cost(lambda a: a, [1])).axes
    assert free.get_xlabel() == "cost" and not free.patches


def test_histograms_hold_all_programs() -> None:
    tried = campaign(DICTIONARIES["pl"], 20, seed=2)
    assert tried.textbook == max(tried.textbook_ratios) and tried.structural == max(tried.structural_ratios)
    panels: Any = draw_campaign(tried, DICTIONARIES["pl"].bounds(Weights())).axes
    for axes, ratios in zip(panels, (tried.textbook_ratios, tried.structural_ratios), strict=True):
        assert sum(bar.get_height() for bar in axes.patches) == len(ratios) > 0


def test_the_limit() -> None:
    assert limit_sizes(1) == [1] and limit_sizes(17) == [1, 2, 4, 8, 17] and limit_sizes(32)[-2:] == [16, 32]
    axes: Any = draw_limit([2, 8]).axes[0]
    kink, smooth = ([float(y) for y in line.get_ydata()] for line in axes.lines[:2])
    assert kink == [2, 8] and smooth == [float(sh.forward_limit(p).smooth_ratio) for p in (2, 8)] and smooth[1] < 2.5


def test_costs_are_drawn_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    net = tmp_path / "fold.net"
    net.write_text("inputs x y; f = max x y; outputs f", encoding="utf-8")
    file = tmp_path / "drawn.png"
    for question in ((net, "--measure"), ("--random", "3"), ("--forward-limit", "2")):
        ran = run("cost", *question, "--plot", file)
        assert (ran.status, ran.err) == (0, "") and file.read_bytes()[:4] == b"\x89PNG"
        file.unlink()
    for wrong in ((net, "--plot", tmp_path / "drawn.txt"), ("--bounds", "pl", "--plot", file)):
        ran = run("cost", *wrong)
        assert (ran.status, ran.out) == (2, "") and ran.err.count("\n") == 1
    assert not list(tmp_path.glob("drawn*"))
