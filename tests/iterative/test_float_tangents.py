"""Tangents in doubles, whichever way they are computed, against the backward pass of the same levels."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.tangents import Tangents
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
def test_forward_is_backward(width: int, slope: float) -> None:
    ways = set()
    for seed in range(6):
        compiled = Compiled(random_iteration(seed, width), slope)
        tangents, x, j = Tangents(compiled), compiled.start, np.ones((3, width))
        for _ in range(70):
            x, values = compiled.step(x)
            rows = [compiled.pull(unit, values) for unit in np.eye(3)]
            expected = np.array([a for a, _ in rows]) @ j + np.array([b for _, b in rows])
            j = tangents.step(j, values)
            assert np.abs(j - expected).max() <= 1e-9 * max(np.abs(expected).max(), 1.0)
            ways.add((tangents._plan is tangents._whole, tangents._multiplied is None))
    assert ways == {(True, True), (False, True), (False, False)}


def test_numbers_beyond_doubles_are_passed_on() -> None:
    text = f"inputs x t; r = relu x; f = {10**400} r + t; outputs f"
    with pytest.raises(sh.PointError, match="diverge"):
        sh.fixed_point(sh.Iteration(sh.Program.from_text(text), ["x"], start=[1], theta=[0]))
