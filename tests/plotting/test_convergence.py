"""Pictures of convergence: what is drawn, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.iterative.writing import to_object
from subgrad_hardness.plotting.convergence import Convergence, draw_convergence

pytest.importorskip("matplotlib", reason="pictures need the extra plot")

LASSO = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], "101/100", "1/2")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_near_a_kink_derivatives_wait_for_the_pattern(tmp_path: Path) -> None:
    """lam = 101/100, a hundredth from a kink: until the pattern is identified the Jacobian stays where it is."""
    drawn = sh.plot_piggyback(LASSO, tmp_path / "it.svg", fixed_point=["199/100", 0], steps=80)
    assert drawn.identified is not None
    (step,) = drawn.identified
    assert 10 < step < 25
    (errors,) = drawn.jacobians
    assert min(errors[: step + 1]) > 0.5 and errors[-1] < 1e-12


def test_command(run: Command, tmp_path: Path) -> None:
    file, picture = tmp_path / "lasso.json", tmp_path / "it.png"
    file.write_text(json.dumps(to_object(LASSO.iteration)))
    ran = run("plot", "piggyback", file, "--fixed-point", "199/100,0", "--steps", "60", "-o", picture)
    assert (ran.status, ran.err) == (0, "")
    assert "after 60 steps the Jacobian is " in ran.out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert run("plot", "piggyback", file, "--fixed-point", "0,0", "-o", picture).status == 2


def test_several_columns_of_many_runs(tmp_path: Path) -> None:
    curves = tuple([tuple([rate**step for step in range(30)]) for rate in (0.5, 0.6, 0.7)])
    smooth = Convergence("smooth", curves, curves, (("certified", 0.7),))
    bent = Convergence("bent", curves, curves, (("bound", 0.9), ("radius", 0.7)), (3, 5, 9))
    draw_convergence(tmp_path / "two.svg", [smooth, bent], "two algorithms")
    text = (tmp_path / "two.svg").read_text()
    assert text.startswith("<?xml")
    with pytest.raises(sh.ParameterError, match=r"does not end in \.png"):
        draw_convergence(tmp_path / "two.txt", [smooth])
