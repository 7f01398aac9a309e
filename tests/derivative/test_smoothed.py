"""Smoothed functionals: their gradients against differences in another program, and where their ascents end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.compiled import compile_net
from subgrad_hardness.derivative.smoothed import Head, Smoothed
from subgrad_hardness.local.localise import localise

WIDTH = 0.3


def layers(seed: int) -> list[Any]:
    """Two layers of 12 and 8 relus in 5 inputs."""
    source = np.random.default_rng(seed)
    return [source.integers(1, 4, shape) * source.choice([-1, 1], shape) for shape in ((12, 5), (8, 12), (1, 8))]


def compiled(weights: list[Any], *, dense: bool) -> Any:
    *hidden, last = [{"weight": weight.tolist()} for weight in weights]
    given = [layer | {"activation": "relu"} for layer in hidden]
    return compile_net(localise(sh.load({"inputs": 5, "layers": [*given, last]})).net, dense=dense)


@pytest.mark.parametrize("dense", [False, True])
def test_gradients_are_those_of_the_smoothed_slopes(dense: bool) -> None:
    first, second, last = layers(3)
    source = np.random.default_rng(0)
    usual, places, along = source.standard_normal((20, 5)), source.standard_normal((7, 5)), np.arange(5.0) - 1
    usual /= np.linalg.norm(usual, axis=1, keepdims=True)
    sizes = [
        np.sqrt((values**2).mean(axis=0)) for values in (usual @ first.T, np.maximum(usual @ first.T, 0) @ second.T)
    ]

    def slope(values: Any, size: Any) -> Any:
        return (1 + np.tanh(values / (2 * WIDTH * size))) / 2

    def derivative(place: Any) -> float:
        inner = first @ place
        passed = second @ np.maximum(inner, 0)
        moved = slope(passed, sizes[1]) * (second @ (slope(inner, sizes[0]) * (first @ along)))
        return float((last @ moved)[0])

    smoothed = Smoothed(compiled([first, second, last], dense=dense), usual)
    found = smoothed._uphill(places, [Head(along, np.ones(1))], WIDTH)
    for place, row in zip(places, found, strict=True):
        steps = 1e-6 * np.eye(5)
        expected = np.array([derivative(place + step) - derivative(place - step) for step in steps])
        assert np.allclose(row / np.linalg.norm(row), expected / np.linalg.norm(expected), atol=1e-6)


def test_ascents_end_high_and_stop_at_limits() -> None:
    """Many directions of a sum of relus: most ascents find the cell in which all pass that can bring something."""
    source = np.random.default_rng(1)
    first = source.integers(-3, 4, (30, 5))
    net = compiled([first, np.ones((1, 30), dtype=int)], dense=True)
    starts, along = source.standard_normal((40, 5)), np.array([1.0, 2, 0, -1, 1])
    smoothed, head = Smoothed(net, starts), Head(along, np.ones(1))
    ends = smoothed.climbed(starts, [head], Limits())
    top = np.maximum(first @ along, 0).sum()  # at the direction itself
    values = np.where(first @ ends.T > 0, (first @ along)[:, np.newaxis], 0).sum(axis=0)
    assert (values > 0.95 * top).mean() > 0.9
    with pytest.raises(LimitReached):
        smoothed.climbed(starts, [head], Limits.seconds(0))
