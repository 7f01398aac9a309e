"""The picture of costs: its curves say what was counted, and it is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli_runner import in_process

import subgrad_hardness as sh


def test_the_curves(tmp_path: Path) -> None:
    file = tmp_path / "costs.png"
    costs = sh.plot_cost(file, sizes=[2, 8], vertices=[3, 4])
    assert file.read_bytes()[:4] == b"\x89PNG"
    counted = {curve.name: curve for curve in costs.counted}
    assert len(counted) == 7 and all(curve.inputs == (2, 8) for curve in costs.counted)
    for curve in costs.counted:
        assert all(ratio <= bound for ratio, bound in zip(curve.ratios, curve.bounds, strict=True))
    assert counted["a Clarke subgradient, branch locking"].ratios[1] < 4
    assert counted["p directions at once"].ratios[1] > 2 * counted["p directions at once"].ratios[0]
    assert [curve.inputs for curve in costs.measured] == [(3, 4), (3, 4)]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    ran = run("plot", "cost", "--sizes", "2", "--vertices", "3", "-o", tmp_path / "costs.svg")
    assert ran.status == 0 and "7 curves counted, 2 measured" in ran.out
    for wrong in ("0", "x", "999"):
        ran = run("plot", "cost", "--sizes", wrong, "-o", tmp_path / "other.svg")
        assert ran.status == 2 and ran.err.count("\n") == 1 and not (tmp_path / "other.svg").exists()
