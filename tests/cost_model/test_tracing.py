"""Plain Python functions over numbers as programs."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.cost_model import tracing as t
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.programs import program_of
from subgrad_hardness.cost_model.weights import Counts


def test_every_operation_computes_what_python_computes() -> None:
    def function(x: Any, y: Any) -> list[Any]:
        return [
            x + y, 2 + x, x - y, 3 - x, x * y, 2 * x, x / y, 1 / x, -x, +x, abs(y), x**5, y**-2,
            t.relu(y), t.leaky_relu(y, Fraction(1, 2)), t.hardtanh(x), t.relu6(y), t.maximum(x, y, 1), t.minimum(x, y),
            t.total([x, y, 1]), t.norm([x, y]), t.exp(y), t.log(x), t.sqrt(x), t.softplus(y), t.sigmoid(y), t.tanh(y),
            t.elu(y, 2),
        ]  # fmt: skip

    point = [Fraction(3, 2), Fraction(-2)]
    found = t.trace(function, point).run()
    assert found == tuple(function(*point))
    x, y = 1.5, -2.0
    smooth = [math.hypot(x, y), math.exp(y), math.log(x), math.sqrt(x), math.log1p(math.exp(y))]
    smooth += [1 / (1 + math.exp(-y)), math.tanh(y), 2 * (math.exp(y) - 1)]
    assert found[-8:] == pytest.approx(smooth)
    assert found[11:13] == (Fraction(3, 2) ** 5, Fraction(1, 4))
    assert found[13:18] == (0, -1, 1, 0, Fraction(3, 2))


def test_powers_by_squaring() -> None:
    assert t.trace(lambda x: x**32, [2]).counts == Counts(mul=5)
    assert t.trace(lambda x: x**7, [2]).counts == Counts(mul=4)


def test_sums_numpy_and_lists() -> None:
    program = t.trace(lambda x: sum(x) * 1, [1, 2, 3])
    assert program.counts == Counts(add=2, mul=1)
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    program = t.trace(lambda x: np.exp(weights @ np.array(x, dtype=object)).sum(), [0, 0])
    assert program.run() == (2,)
    assert backward(program).run([0, 0])[1:] == (4, 6)


@pytest.mark.parametrize(
    ("function", "point", "message"),
    [
        (lambda x: x if x > 0 else -x, [1], "a condition on a traced number"),
        (lambda x: x if x == 1 else -x, [1], "a condition on a traced number"),
        (lambda x: math.exp(-x), [1], "functions of subgrad_hardness.cost_model.tracing"),
        (lambda x: x**0.5, [1], "exponents are integers"),
        (lambda x: x + "a", [1], "'a' is no number"),
        (lambda x: x + float("nan"), [1], "nan is no number"),
        (lambda x: [], [1], "returns nothing"),
        (lambda x, y: x, [1], "2 parameters, and a point of 1 entry"),
        (lambda *x: x[0], None, "how many inputs"),
        (lambda x: int("a"), [1], "ValueError"),
    ],
)
def test_what_cannot_be_traced(function: Callable[..., Any], point: list[int] | None, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        program_of(function, point)


def test_a_value_that_does_not_exist_names_the_step() -> None:
    with pytest.raises(PointError, match=r"step 1 \(div\): a quotient whose denominator is 0"):
        t.trace(lambda x, y: x / y, [1, 0]).run()
    with pytest.raises(PointError, match="a number outside its domain"):
        t.trace(t.log, [-1]).run()


def test_numbers_too_large_for_floats_decide_no_comparison() -> None:
    """Infinity less infinity is no number, which is neither above nor below 0 and not equal to it either."""
    with pytest.raises(PointError, match=r"step \d+ \(mul\): the value is too large for a float"):
        sh.cost(lambda x: t.relu(x * 1e300 * 1e300 - x * 1e300 * 1e300), [3])
    with pytest.raises(PointError, match=r"step \d+ \(sqrt\): the value is too small for a float"):
        sh.cost(lambda x: t.relu(t.sqrt(x)), [Fraction(1, 2 * 10**700)])


def test_comparisons_that_rounding_may_decide_are_said() -> None:
    def notes(function: Callable[..., Any], point: list[Any]) -> tuple[str, ...]:
        return sh.cost(function, point, methods=["backward"]).notes

    said = "of floats: branches and ties there are as the numbers are rounded"
    assert notes(lambda x: t.relu(t.exp(x) - t.exp(x)), [1]) == (f"1 comparison {said}",)
    assert notes(lambda x: sum(t.sort([t.exp(x), 2 * t.exp(x)])), [1]) == (f"1 comparison {said}",)
    assert notes(lambda x, y: t.maximum(t.log(x), y, y), [3, 1]) == (f"2 comparisons {said}",)
    for exact in (lambda x: t.relu(t.exp(x - x) - 1), lambda x: t.exp(t.relu(x)), lambda x: t.norm([x, 2 * x])):
        assert notes(exact, [1]) == ()
    net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "tanh"}, {"weight": [[1]], "activation": "relu"}]}
    report = sh.cost(net | {"point": [1]}, batch=5, methods=["backward"])
    assert report.notes == (f"5 comparisons {said}",)


def test_functions_in_files(tmp_path: Path) -> None:
    file = tmp_path / "functions.py"
    file.write_text("def f(x, y):\n    return x * y\nnumber = 3\n", encoding="utf-8")
    assert program_of(f"{file}:f", [2, 3]).program.run() == (6,)
    for name, message in ((f"{file}:g", "no function 'g'"), (f"{file}:number", "no function"), ("no.py:f", "no such")):
        with pytest.raises(ParameterError, match=message):
            program_of(name, [2, 3])
    file.write_text("1/0\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="ZeroDivisionError"):
        program_of(f"{file}:f", [2, 3])
    with pytest.raises(ParameterError, match="only nets have weights"):
        program_of(lambda x: x, [1], wrt="weights")
