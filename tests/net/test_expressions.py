"""Nets as expressions: the values of the arithmetic, one node for what is used twice, two for what is written twice."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import subgrad_hardness as sh

NUMBERS: st.SearchStrategy[Any] = st.sampled_from([0, 1, -2, Fraction(1, 3), 0.5, "-2/7"])


#: What makes an expression of two and a number, and the same arithmetic in Fractions.
STEPS: list[tuple[Callable[[Any, Any, Any], Any], Callable[[Fraction, Fraction, Fraction], Fraction]]] = [
    (lambda a, b, c: a + b, lambda p, q, d: p + q),
    (lambda a, b, c: a - b, lambda p, q, d: p - q),
    (lambda a, b, c: c - a, lambda p, q, d: d - p),
    (lambda a, b, c: c * a + c, lambda p, q, d: d * p + d),
    (lambda a, b, c: a / 3, lambda p, q, d: p / 3),
    (lambda a, b, c: -abs(a), lambda p, q, d: -abs(p)),
    (lambda a, b, c: sh.relu(a) + 0, lambda p, q, d: max(p, Fraction(0))),
    (lambda a, b, c: -sh.maximum(a, b, c), lambda p, q, d: -max(p, q, d)),
    (lambda a, b, c: sh.minimum(c, a), lambda p, q, d: min(p, d)),
    (lambda a, b, c: a.apply("leaky_relu", slope="1/5"), lambda p, q, d: p if p > 0 else p / 5),
]


def values(expression: Any, *point: Any) -> tuple[Any, ...]:
    """Of the net that it gives."""
    return sh.value(expression.program(point=point))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """An expression of x and y, and its value at (1/3, -2)."""
    x, y = sh.variables("x y")
    made: list[tuple[Any, Fraction]] = [(x, Fraction(1, 3)), (y, Fraction(-2))]
    for _ in range(draw(st.integers(1, 12))):
        (a, p), (b, q) = draw(st.sampled_from(made)), draw(st.sampled_from(made))
        c = draw(NUMBERS)
        written, meant = draw(st.sampled_from(STEPS))
        made.append((written(a, b, c), meant(p, q, Fraction(c))))
    return made[-1]


@settings(max_examples=40, deadline=None)
@given(pairs())
def test_values(pair: tuple[Any, Any]) -> None:
    net = pair[0].program(point=["1/3", -2])
    assert net.inputs == ("x", "y")
    assert sh.value(net) == (pair[1],)


def test_twice_used_is_one_node_and_twice_written_is_two() -> None:
    [x] = sh.variables("x")
    once = sh.relu(x)
    assert sh.gradient((once - once).program()).singleton is True
    assert sh.gradient((sh.relu(x) - sh.relu(x)).program()).singleton is False
    both = 2 * x + 1
    text = sh.Vector([sh.relu(both), abs(both), x]).program().to_text()
    assert text == "inputs x\nn1 = 2 x + 1\nn2 = relu n1\nn3 = abs n1\noutputs n2 n3 x\n"


def test_sharing_keeps_towers_small() -> None:
    [x] = sh.variables(1)
    for _ in range(60):  # doubled each time: written out this would be 2^60 terms
        x = abs(x) + abs(x) - 1
    shared = x
    for _ in range(60):
        shared = shared + shared
    assert shared.program().form.unit_count < 300
    deep = x
    for _ in range(3000):
        deep = sh.relu(deep) + 1
    assert deep.program().form.unit_count > 3000


def test_vectors() -> None:
    v = sh.variables("a,b")
    weight = np.array([[1.0, -1.0], [0.5, 0.0]])
    for matrix in (weight, weight.tolist(), [["1", -1], ["1/2", Fraction(0)]]):
        hidden = sh.relu(matrix @ v + [0, "1/3"])
        assert values(hidden, 3, 1) == (2, Fraction(11, 6))
    assert values(([1, 2] @ v), 3, 1) == (5,)
    assert values((sum(v[1:], v[0]) + v @ np.array([2, 0], dtype=np.float32)), 3, 1) == (10,)
    assert values(sh.maximum(2, v, -v), 3, 1) == (3, 2)
    assert values((np.array([1, 2]) - abs(v) / 2)[1:], 3, 1) == (Fraction(3, 2),)


def test_smooth_operations() -> None:
    x, y = sh.variables("x y")
    assert values(x * y + x**2 - 1 / y + x**3, 2, 4) == (Fraction(79, 4),)


def test_inputs_and_names() -> None:
    x, _ = sh.variables("x y")
    [t] = sh.variables("t")
    net = (sh.relu(t - x).named("gap") + x.named("same")).program(name="three")
    assert (net.inputs, net.name) == (("x", "y", "t"), "three")
    assert set(sh.check(net).kink_names or ()) == {"gap"}
    assert x.program().to_text() == "inputs x y\nn1 = x\noutputs n1\n"


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda x: max(x, 0), TypeError, "use sh.maximum"),
        (lambda x: x if x else 0, TypeError, "use sh.maximum"),
        (lambda x: x + math.nan, sh.PointError, "constant"),
        (lambda x: x * "1/0", sh.PointError, "divides by zero"),
        (lambda x: x / 0, ZeroDivisionError, "divided by zero"),
        (lambda x: x.apply("foo"), sh.NetError, "unknown op 'foo'"),
        (lambda x: x.apply("leaky_relu"), sh.NetError, "leaky_relu"),
        (lambda x: x.apply("relu", 1), sh.NetError, "relu"),
        (lambda _: sh.variables("x x"), sh.NetError, "'x' stands twice"),
        (lambda _: sh.variables(""), sh.NetError, "no name"),
        (lambda x: (x + sh.variables("x")[0]).program(), sh.NetError, "taken already"),
        (lambda x: x.program(point=[1, 2]), sh.PointError, "2 entries, expected 1"),
        (lambda _: sh.variables(2) * [1], sh.NetError, "vectors of 2 and 1 entry"),
        (lambda _: [[1, 2, 3]] @ sh.variables(2), sh.PointError, "3 entries, expected 2"),
        (lambda _: cast(Any, sh.relu)(3), TypeError, "relu of a int"),
    ],
)
def test_what_is_refused(call: Callable[[Any], Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call(sh.variables("x")[0])
