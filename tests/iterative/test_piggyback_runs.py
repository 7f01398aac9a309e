"""Runs of piggyback: exact ones against hand-made numbers, those in doubles against exact ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from support.iterations import GRAM, LINEAR, lasso, scalar

import subgrad_hardness as sh

HALF = scalar("inputs x t; a = relu t; f = -1/2 x + a", [0])


def last(iteration: sh.Iteration, steps: int, **options: Any) -> list[list[Fraction]]:
    """The Jacobians of the last two steps, one column."""
    found = sh.piggyback(iteration, steps=steps, **options)
    assert found.jacobians is not None
    return [[row[0] for row in jacobian] for jacobian in found.jacobians[-2:]]


def near(found: list[list[Fraction]], *expected: tuple[str | int, ...]) -> bool:
    """Up to what is left after many steps."""
    pairs = zip(found, expected, strict=True)
    return all(abs(x - Fraction(y)) < Fraction(1, 10**5) for rows in pairs for x, y in zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("convention", "limits"),
    [({"relu_at_zero": 0}, (0, 0)), ({"relu_at_zero": 1}, ("2/3", "2/3")), ({"relu_at_zero": "1/2"}, ("1/3", "1/3"))],
)
def test_each_convention_has_its_limit(convention: dict[str, Any], limits: tuple[Any, Any]) -> None:
    assert near(last(HALF, 30, **convention), (limits[0],), (limits[1],))


def test_alternating_conventions_make_a_cycle() -> None:
    assert near(last(HALF, 40, schedule=[0, 1]), ("-2/3",), ("4/3",))


def test_derivatives_that_alternate_for_ever() -> None:
    """The iterates converge, the active set alternates, and neither limit is a derivative."""
    found = last(lasso(GRAM, LINEAR, "5/4", lam=1), 80)
    assert near(found, ("-33/28", "-15/14"), ("-2/7", 0))


def test_what_frameworks_return_from_zero() -> None:
    iteration = lasso(GRAM, LINEAR, 1, lam=1)
    assert near(last(iteration, 60, relu_at_zero="1/2"), ("-6/7", "-2/3"), ("-2/3", "-2/7"))
    run = sh.piggyback(iteration, steps=4, relu_at_zero="1/2")
    assert run.met == ((), ("up1",), (), ("up1",))


def test_on_the_limit_after_one_step() -> None:
    """From (3, 0): one step to xbar, the tie there split once, then relu'(0) = 0: the word (1/2), then zeros."""
    run = sh.piggyback(
        lasso(GRAM, LINEAR, 1, lam=1), start=(3, 0), steps=2, schedule=["1/2", "1/2"], fixed_point=(2, 0)
    )
    assert run.iterates is not None and run.jacobians is not None
    assert run.iterates[1:] == ((Fraction(2), Fraction(0)),) * 2
    assert run.jacobians[2] == ((Fraction(-1),), (Fraction(-1, 4),))
    assert run.identified == 0


def test_conventions_by_node() -> None:
    found = last(HALF, 30, relu_at_zero={"a": 1})
    assert near(found, ("2/3",), ("2/3",))
    with pytest.raises(sh.ParameterError, match="relu'\\(0\\) at b: no node of this name"):
        sh.piggyback(HALF, relu_at_zero={"b": 1})


def test_doubles_agree_with_rationals() -> None:
    iteration = lasso(GRAM, LINEAR, "2/3", lam="1/2", all_of=True)
    exact = sh.piggyback(iteration, steps=25)
    floats = sh.piggyback(iteration, steps=25, mode="float", tolerance=0.0)
    assert exact.jacobians is not None and floats.jacobian is not None
    assert np.abs(np.array(exact.jacobians[-1], dtype=float) - floats.jacobian).max() < 1e-13
    backward = sh.piggyback(iteration, steps=500, mode="reverse", functional=[1, 2])
    settled = sh.piggyback(iteration, steps=500, mode="float")
    assert backward.jacobian is not None and settled.jacobian is not None
    assert np.abs(np.array([1.0, 2.0]) @ np.array(settled.jacobian) - backward.jacobian).max() < 1e-12


def test_doubles_of_a_larger_net_with_two_layers() -> None:
    """Dense blocks, gathered entries, blocked relus: the tangents are differences of values."""
    rng = np.random.default_rng(5)
    first, second = rng.integers(-3, 4, (9, 8)), rng.integers(-3, 4, (6, 9))
    program = sh.Program.from_layers([(first / 64).tolist(), (second / 16).tolist()], [np.arange(9) / 8, None])
    iteration = sh.Iteration(program, [f"x{k}" for k in range(6)], theta=[1, -2])
    run = sh.piggyback(iteration, steps=60, mode="float")
    moved = [sh.piggyback(iteration, [1 + e, -2], steps=60, mode="float").iterate for e in (1e-4, -1e-4)]
    assert run.jacobian is not None and moved[0] is not None and moved[1] is not None
    difference = (np.array(moved[0]) - np.array(moved[1])) / 2e-4
    assert np.abs(difference - np.array(run.jacobian)[:, 0]).max() < 1e-8


def test_relus_have_their_sides_from_some_step_on() -> None:
    run = sh.piggyback(lasso(GRAM, LINEAR, "1/2", lam="1/2"), start=(-5, 5), steps=30, fixed_point=("7/3", "1/3"))
    assert run.identified is not None and run.identified > 0
    assert (
        sh.piggyback(
            lasso(GRAM, LINEAR, "1/2", lam="1/2"), start=(-5, 5), steps=1, fixed_point=("7/3", "1/3")
        ).identified
        is None
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps: 0 is outside"),
        ({"mode": "fast"}, "mode: unknown mode 'fast'"),
        ({"start": [1, 2]}, "start: 2 entries, expected 1"),
        ({"jacobian": [[1, 2]]}, "jacobian"),
        ({"functional": [1]}, "functional: wanted by reverse runs"),
        ({"mode": "reverse"}, "functional: wanted by reverse runs"),
        ({"relu_at_zero": 2}, "relu'(0): 2 is outside [0, 1]"),
        ({"relu_at_zero": [0, 1]}, "relu'(0): a number, or numbers by node"),
        ({"schedule": []}, "schedule: empty"),
        ({"schedule": [0, 1], "mode": "float"}, "schedule: for exact runs only"),
    ],
)
def test_bad_input(options: dict[str, Any], message: str) -> None:
    with pytest.raises(sh.InputError) as caught:
        sh.piggyback(HALF, **options)
    assert str(caught.value).startswith(message)
