"""Tangents in doubles, whichever way they are computed, against the backward pass of the same levels."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.tangents import Tangents
from subgrad_hardness.iterative.together import Together
from subgrad_hardness.net.building import GraphBuilder


def random_iteration(seed: int, width: int) -> sh.Iteration:
    """Two layers of relus, some that only constants reach; it does not contract much, so that patterns change."""
    stream = Stream(seed, "tangents")
    states, parameters = [f"x{i}" for i in range(3)], [f"t{i}" for i in range(width)]
    build = GraphBuilder([*states, *parameters])
    below = list(range(3 + width))
    for layer in range(2):
        terms = [[(node, stream.integer(-2, 2)) for node in below if stream.integer(0, 2)] for _ in range(7)]
        if not layer:
            terms.append([])
        below = [build.apply("relu", [build.sum(each, stream.integer(-1, 1))]) for each in terms]
    outputs = [build.sum([(node, Fraction(stream.integer(-9, 9), 64)) for node in below], 1) for _ in states]
    program = build.program(outputs, name="random")
    theta = [stream.integer(-2, 2) for _ in parameters]
    return sh.Iteration(program, states, parameters, start=[1, -1, 2], theta=theta)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("multiplied_out", [True, False])
def test_forward_is_backward(width: int, slope: float, multiplied_out: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not multiplied_out:
        monkeypatch.setattr("subgrad_hardness.iterative.levels.TRIED", 0)
    ways = set()
    for seed in range(4):
        iteration = random_iteration(seed, width)
        compiled = Compiled(iteration, slope)
        tangents, x, j = Tangents(compiled), compiled.start, np.ones((3, width))
        together = Together(compiled, j)
        for step in range(70):
            before = x
            x, values = compiled.step(x)
            if step < 3:
                assert x == pytest.approx([float(entry) for entry in iteration.step(list(map(Fraction, before)))])
            rows = [compiled.pull(unit, values) for unit in np.eye(3)]
            expected = np.array([a for a, _ in rows]) @ j + np.array([b for _, b in rows])
            last, j = j, tangents.step(j, values)
            together.step()
            size = 1e-9 * max(np.abs(expected).max(), 1.0)
            assert np.abs(j - expected).max() <= size and np.abs(together.jacobian - expected).max() <= size
            assert together.x == pytest.approx(x)
            assert together.moved()[1] == pytest.approx(np.abs(j - last).max(), abs=size)
            ways.add((tangents._plan is tangents._whole, tangents._multiplied is None))
    assert ways == {(True, True), (False, True), (False, False)}


@pytest.mark.parametrize("outputs", ["y t", "t y", "x y", "r x", "r r"])
def test_states_that_are_inputs_or_relus(outputs: str) -> None:
    """Columns of a table that are read and written: parameters stay what they are."""
    program = sh.Program.from_text(f"inputs x y t; r = relu y; s = relu r; outputs {outputs}")
    for state in (["x", "y"], ["y", "x"]):
        iteration = sh.Iteration(program, state, start=[3, -2], theta=[5])
        exact = sh.piggyback(iteration, steps=4, jacobian=[1, 2])
        found = sh.piggyback(iteration, steps=4, jacobian=[1, 2], mode="float", tolerance=-1.0)
        assert exact.iterates is not None and exact.jacobians is not None
        assert found.iterate == [float(entry) for entry in exact.iterates[-1]]
        assert found.jacobian == [[float(entry) for entry in row] for row in exact.jacobians[-1]]


def test_numbers_beyond_doubles_are_passed_on() -> None:
    text = f"inputs x t; r = relu x; f = {10**400} r + t; outputs f"
    with pytest.raises(sh.PointError, match="first iterate in doubles is beyond"):
        sh.fixed_point(sh.Iteration(sh.Program.from_text(text), ["x"], start=[1], theta=[0]))
