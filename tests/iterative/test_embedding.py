"""Families of nets as iterations: the limit is the net, the kinks of the limit are the net's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.iterative.reading import load_iteration


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_the_limit_is_the_net() -> None:
    """Every family: tests/family/test_families_more.py."""
    net = sh.generate("isotonic")
    iteration, value = sh.as_iteration(net), sh.value(net)
    assert iteration.step(value) == value
    assert iteration.step([0 * entry for entry in value]) == tuple([entry / 2 for entry in value])
    assert iteration.program.provenance == net.provenance


@pytest.mark.parametrize("ratio", [1, 8])
def test_kinks_of_the_limit_are_those_of_the_net(ratio: int) -> None:
    net = sh.generate("3sat", variables=4, ratio=ratio, seed=1)
    verdict = {"distinct": "kink", "unique": "smooth"}[sh.check(net).verdict]
    assert sh.solution_kink(sh.as_iteration(net), fixed_point=sh.value(net)).verdict == verdict


def test_command(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "it.json"
    assert run("generate", "3sat", "--variables", "3", "--ratio", "2", "--as-iteration", "-o", file).status == 0
    assert json.loads(file.read_text())["version"] == 2
    assert len(load_iteration(file).parameters) == len(sh.generate("3sat", variables=3, ratio=2).inputs)


def test_names_that_are_taken() -> None:
    net = {"inputs": ["y0"], "nodes": [{"id": "_y0", "op": "abs", "args": ["y0"]}], "outputs": ["_y0"]}
    assert sh.as_iteration(net).state == ("__y0",)
