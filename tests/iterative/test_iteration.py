"""Iterations: names, files, exact steps, and the pairs of Jacobians in the three senses."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import Pair, pairs
from subgrad_hardness.iterative.reading import load_iteration
from subgrad_hardness.iterative.writing import to_object

MIN_OF_RELUS = sh.Program.from_text("inputs x t; a = relu x; b = relu t; m = min a b; f = -1/2 x + 1/2 m; outputs f")


def _pair(a: Any, b: Any) -> Pair:
    return Pair(((Fraction(a),),), ((Fraction(b),),))


def test_the_pairs_of_fixture_two() -> None:
    iteration = Iteration(MIN_OF_RELUS, ["x"])
    half = Fraction(1, 2)
    real = {_pair(-half, 0), _pair(0, 0), _pair(-half, half)}
    assert set(pairs(iteration, (Fraction(0),), "lexicographic")) == real
    assert set(pairs(iteration, (Fraction(0),), "clarke")) == real
    assert set(pairs(iteration, (Fraction(0),), "autodiff")) >= real
    with pytest.raises(sh.ParameterError, match="known: lexicographic, clarke, autodiff"):
        next(pairs(iteration, (Fraction(0),), "bouligand"))


def test_a_file_comes_back_equal_and_is_no_net(tmp_path: Path) -> None:
    iteration = Iteration(MIN_OF_RELUS, ["x"], theta=["1/3"], start=[2])
    file = tmp_path / "it.json"
    iteration.save(file)
    assert file.read_text() == iteration.dumps()
    assert json.loads(iteration.dumps()) == to_object(iteration)
    assert [path.name for path in tmp_path.iterdir()] == ["it.json"]
    again = load_iteration(file)
    assert again == iteration
    assert hash(again) == hash(iteration)
    assert again.dumps() == iteration.dumps()
    assert again != iteration.at(start=[3]) != iteration.at(theta=[2])
    assert again != Iteration(MIN_OF_RELUS, ["t"], theta=[2], start=["1/3"])
    assert again.step(again.start) == (-1 + Fraction(1, 6),)
    assert not any(load_iteration(again, theta=[0]).theta)
    with pytest.raises(sh.NetError, match=r"it\.json: version: 2 is an iteration"):
        sh.load(file)


def test_a_file_that_cannot_be_written_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    iteration, file = Iteration(MIN_OF_RELUS, ["x"]), tmp_path / "it.json"
    file.write_text("before")
    with pytest.raises(sh.OutputError, match=r"no/it\.json"):
        iteration.save(tmp_path / "no" / "it.json")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(sh.OutputError, match="No space left"):
        iteration.save(file)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_every_form_comes_back_equal(tmp_path: Path) -> None:
    layered = sh.Program.from_layers([[["1/3", -1], [2, 10**30]]], activations=["leaky_relu"], slope="-1/7")
    text = 'inputs u v; point 0.5 -1; name "of two"; provenance {"seed": 1}; f = relu v; outputs u f'
    for program in (layered, sh.to_graph(layered), sh.Program.from_text(text)):
        iteration = Iteration(program, tuple(reversed(program.inputs)))
        iteration.save(tmp_path / "it.json")
        assert load_iteration(tmp_path / "it.json") == iteration


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"iteration": {"state": ["y"]}}, "iteration.state[0]: 'y' is no input"),
        ({"iteration": {"state": ["x", "x"]}}, "iteration.state[1]: 'x' stands twice"),
        ({"iteration": {"state": []}}, "iteration.state: empty; an iteration has a state"),
        ({"iteration": {"state": ["x", "t"]}}, "iteration.outputs: 1 output, expected 2, the state's update"),
        ({"iteration": {"state": ["x"], "parameters": []}}, "the input 't' is neither state nor parameter"),
        ({"iteration": {"state": ["x"], "theta": [1, 2]}}, "iteration.theta: 2 entries, expected 1"),
        ({"iteration": {"state": ["x"], "start": ["a"]}}, "iteration.start[0]: "),
        ({"iteration": {"parameters": ["t"]}}, "iteration: no state"),
        ({"iteration": []}, "iteration: a list, expected an object"),
        ({"iteration": {"state": ["x"], "steps": 3}}, "unknown key"),
        ({"version": 1}, "version: an iteration's file has the version 2"),
    ],
)
def test_bad_iterations_are_one_line_with_the_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(sh.InputError) as caught:
        load_iteration(to_object(Iteration(MIN_OF_RELUS, ["x"])) | change)
    assert message in str(caught.value)
    assert str(caught.value).startswith("<iteration>: ")
    assert "\n" not in str(caught.value)
