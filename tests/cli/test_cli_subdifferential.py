"""The command ``subdifferential``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.cli_runner import ABS, WEDGE, Command, in_process


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_everything_at_once(run: Command, tmp_path: Path) -> None:
    certificate, arrays = tmp_path / "c.json", tmp_path / "a.npz"
    ran = run("subdifferential", ABS, "--facets", "--volume", "--certificate", certificate, "--npz", arrays, "--json")
    assert ran.status == 0
    assert (ran.json["number"], ran.json["complete"], ran.json["certified"]) == (2, True, True)
    clarke = ran.json["clarke"]
    assert clarke["vertices"] == [[["-1"]], [["1"]]] and clarke["volume"] == "2" and clarke["shortest"] == [["0"]]
    assert clarke["largest"] == {"l1": "1", "l2_squared": "1", "linf": "1"}
    assert {(side["normal"][0], side["value"]) for side in clarke["facets"]} == {("1", "1"), ("-1", "1")}
    assert "VERIFIED complete" in run("verify", ABS, certificate).out
    assert sorted(np.load(arrays)["numerators"].ravel().tolist()) == [-1, 1]


def test_reports_for_people(run: Command) -> None:
    assert run("subdifferential", ABS, "--count").out == "2 lexicographic subgradients around (0)\n"
    assert "dimension 1, 2 vertices" in run("subdifferential", ABS, "--clarke").out
    stopped = run("subdifferential", WEDGE, "--limit", "1")
    assert stopped.status == 0 and stopped.out.startswith("at least 1 ") and "stopped after 1, as asked" in stopped.out
    late = run("subdifferential", WEDGE, "--time-limit", "0", "--json")
    assert late.status == 3 and late.json["number"] is None and late.json["complete"] is False


def test_no_certificate_of_a_part(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    ran = run("subdifferential", WEDGE, "--limit", "1", "--certificate", file)
    assert ran.status == 4 and "not all members are listed" in ran.err and not file.exists()


@pytest.mark.parametrize("option", [["--clarke"], ["--limit", "3"], ["--npz", "a.npz"], ["--certificate", "c.json"]])
def test_count_lists_nothing(run: Command, option: list[str]) -> None:
    assert "contradicts --count" in run("subdifferential", ABS, "--count", *option).error


def test_stationary_under_constraints_does_not_say_that_zero_is_a_subgradient(run: Command, tmp_path: Path) -> None:
    (tmp_path / "line.net").write_text("inputs x; f = x; outputs f")
    ran = run("stationary", tmp_path / "line.net", "--constraints", "1")
    assert ran.status == 0 and ran.out.count("YES") == 3
    assert "0 is" not in ran.out and "a local minimum under the constraints" in ran.out
    assert "by (1) = (1) times the constraints" in ran.out
    assert "a local minimum)" in run("stationary", tmp_path / "line.net").out


def test_summaries_that_ask_end_as_questions(run: Command) -> None:
    assert "net affine on a box or polyhedron?\n" in run("affine", "--help").out
