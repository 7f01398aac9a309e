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


IRRATIONAL = {
    "ridge": lambda: sh.iterations.ridge([[2, 1], [1, 3]], [1, 2], "1/2", "1/4", parameters=("th", "c")),
    "group lasso": lambda: sh.iterations.group_lasso(
        [[2, 1, 0], [1, 3, 0], [0, 0, 1]], [3, 4, "1/8"], [[0, 1], [2]], "1/2", "1/4", parameters=("lam", "c")
    ),
    "graphical lasso": lambda: sh.iterations.graphical_lasso([[2, 1], [1, 1]], "1/2"),
    "sinkhorn": lambda: sh.iterations.sinkhorn([[0, 1], [1, 2]], ["1/2", "1/2"], ["1/4", "3/4"], 1),
    "simplex": lambda: sh.iterations.simplex_qp([[2, 1], [1, 3]], [1, 2], "1/4"),
}


@pytest.mark.parametrize("name", IRRATIONAL)
def test_steps_that_are_no_layers_run_in_doubles(name: str) -> None:
    """J against differences of the limits; v J backward, where I - A is regular."""
    algorithm = IRRATIONAL[name]()
    options: dict[str, Any] = {"mode": "float", "steps": 4000}
    found = sh.piggyback(algorithm, **options)
    jacobian, theta = np.array(found.jacobian), np.array([float(entry) for entry in algorithm.theta])
    for column, entry in enumerate(theta):
        ends = []
        for side in (entry + 1e-6, entry - 1e-6):
            moved = [*theta[:column].tolist(), side, *theta[column + 1 :].tolist()]
            ends.append(np.array(sh.piggyback(algorithm, moved, **options).iterate))
        assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(jacobian[:, column], abs=1e-6)
    if name != "sinkhorn":
        weights = list(range(1, 1 + len(algorithm.state)))
        back = sh.piggyback(algorithm, mode="reverse", functional=weights, steps=4000)
        assert back.jacobian[0] == pytest.approx(np.array(weights) @ jacobian, abs=1e-10)


def test_steps_with_many_parameters_are_those_of_the_levels() -> None:
    algorithm = CASES["qp"]()
    assert sh.piggyback(algorithm, mode="float", steps=30).jacobian == pytest.approx(
        np.array(sh.piggyback(algorithm.iteration, mode="float", steps=30).jacobian), abs=1e-12
    )
