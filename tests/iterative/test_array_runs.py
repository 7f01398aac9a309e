"""Piggyback with arrays of other libraries: the same numbers, in their precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.iterative.array_run import Library, array_run, library_of
from subgrad_hardness.iterative.compiled import Compiled
from subgrad_hardness.iterative.float_run import forward_run


def _lasso(width: str) -> sh.Iteration:
    parameters = ["lam"] if width == "one" else ["lam", "c"]
    return sh.iterations.lasso([[1, "1/2"], ["1/2", 1]], [3, 2], 1, "1/2", parameters=parameters).iteration


@pytest.mark.parametrize("width", ["one", "three"])
@pytest.mark.parametrize("multiplied_out", [True, False])
def test_the_array_api_alone(width: str, multiplied_out: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With numpy's own arrays, which have the array API as well; also at kinks."""
    if not multiplied_out:
        monkeypatch.setattr("subgrad_hardness.iterative.levels.TRIED", 0)
    for slope in (0.0, 0.5):
        compiled = Compiled(_lasso(width).at(start=[0, 1]), slope)
        j = np.ones((2, len(compiled.theta)))
        expected = forward_run(compiled, 30, 0.0, j)
        found = array_run(compiled, Library(np.zeros(1)), j, 30, 0.0)
        assert found.steps == expected.steps
        assert found.iterate == pytest.approx(expected.iterate) and found.jacobian == pytest.approx(expected.jacobian)
    assert library_of([None, [1.0], np.zeros(2)]) is None


def _compared(make: Any, single: Any) -> None:
    lasso = _lasso("three")
    start = [0.5, -1.0]
    for options in ({"mode": "float"}, {"mode": "reverse", "functional": [1, -2]}):
        expected = sh.piggyback(lasso, steps=40, start=start, **options)
        found = sh.piggyback(lasso, steps=40, start=make(start), **options)
        assert type(found.iterate) is type(make(start)) and found.jacobian.dtype == make(start).dtype
        assert np.asarray(found.iterate) == pytest.approx(np.array(expected.iterate), abs=1e-6)
        assert np.asarray(found.jacobian) == pytest.approx(np.array(expected.jacobian), abs=1e-6)
        assert isinstance(found.to_json()["jacobian"][0][0], float)
    assert sh.piggyback(lasso, make([1, 3, 2]), steps=3, mode="float").iterate.dtype == single
    assert (
        sh.piggyback(lasso, start=make(start), steps=1).iterates == sh.piggyback(lasso, start=start, steps=1).iterates
    )


def test_torch() -> None:
    torch = pytest.importorskip("torch")
    _compared(torch.tensor, torch.get_default_dtype())
    doubles = sh.piggyback(_lasso("one"), start=torch.zeros(2, dtype=torch.float64), steps=500, mode="float")
    assert doubles.jacobian.dtype == torch.float64 and doubles.steps < 500


def test_jax() -> None:
    numpy = pytest.importorskip("jax.numpy")
    _compared(numpy.array, numpy.zeros(1).dtype)
