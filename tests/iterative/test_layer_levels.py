"""Runs of algorithms in floating point, without their programs: the same as with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.algorithm_cases import CASES

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms.layer_levels import algorithm_levels
from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.float_run import forward_run

#: Their steps are no layers.
OTHERS = {"simplex", "simplex alone"}


@pytest.mark.parametrize("slope", [0.0, 0.25])
@pytest.mark.parametrize("name", CASES)
def test_levels_of_the_step_are_those_of_the_program(name: str, slope: float) -> None:
    algorithm = CASES[name]()
    form = algorithm_levels(algorithm)
    assert (form is None) is (name in OTHERS)
    if form is None:
        return
    ours, theirs = Compiled(form, slope), Compiled(algorithm.iteration, slope)
    random = np.random.default_rng(5)
    for state in (ours.start, random.standard_normal(len(ours.start))):
        x, values = ours.step(state)
        other, others = theirs.step(state)
        assert x == pytest.approx(other)
        weights = random.standard_normal(len(x))
        for pulled, expected in zip(ours.pull(weights, values), theirs.pull(weights, others), strict=True):
            assert pulled == pytest.approx(expected)
        assert ours.passing().sum() == theirs.passing().sum()
    if algorithm.parameters:
        runs = [forward_run(each, 9, -1.0) for each in (ours, theirs)]
        assert runs[0].iterate == pytest.approx(runs[1].iterate, abs=1e-12)
        assert runs[0].jacobian == pytest.approx(runs[1].jacobian, abs=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {"theta": ["3/2"], "start": [1, -2]},
        {"jacobian": [["1/2"], [1]], "relu_at_zero": "1/2"},
        {"time_limit": 60},
        {"mode": "reverse", "functional": [1, 3]},
        {"tolerance": 1e-13, "steps": 4000},
    ],
)
def test_an_algorithm_runs_as_its_program_does(options: dict[str, Any]) -> None:
    algorithm = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 1, "1/2")
    given = {"mode": "float", "steps": 40, "tolerance": -1.0, **options}
    ours, theirs = sh.piggyback(algorithm, **given), sh.piggyback(algorithm.iteration, **given)
    assert (ours.mode, ours.theta, ours.steps) == (theirs.mode, theirs.theta, theirs.steps)
    assert ours.iterate == pytest.approx(theirs.iterate)
    assert np.array(ours.jacobian) == pytest.approx(np.array(theirs.jacobian))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": [1]}, "start: 1 entry, expected 2"),
        ({"theta": [1, 2]}, "theta: 2 entries, expected 1"),
        ({"functional": [1, 2]}, "functional: wanted by reverse runs"),
        ({"relu_at_zero": 2}, "outside"),
        ({"schedule": [0, 1]}, "schedule: for exact runs only"),
    ],
)
def test_bad_input_is_one_line(options: dict[str, Any], message: str) -> None:
    algorithm = sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 1, "1/2")
    with pytest.raises(sh.InputError, match=message):
        sh.piggyback(algorithm, mode="float", **options)
    with pytest.raises(sh.ParameterError, match="there is nothing to differentiate in"):
        sh.piggyback(sh.iterations.box_qp([[1]], [1], [0], [1], "1/2", parameters=[]), mode="float")
