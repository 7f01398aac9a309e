"""Small programs whose costs were counted by hand: evaluation, both backward forms, values and gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest

from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.forward import forward
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.weights import Counts, Weights

UNIT, TEN = Weights(), Weights.of(nl=10)


def cost(program: StraightLine, weights: Weights = UNIT) -> int:
    return int(weights.cost(program.counts))


def sum_of_two() -> StraightLine:
    build = Builder("ab")
    return build.program(build.apply("add", 0, 1), point=[1, 2])


def factored() -> StraightLine:
    build = Builder("abc")
    return build.program(build.apply("mul", 0, build.apply("add", 1, 2)), point=[2, 3, 5])


def expanded() -> StraightLine:
    build = Builder("abc")
    return build.program(build.apply("add", build.apply("mul", 0, 1), build.apply("mul", 0, 2)), point=[2, 3, 5])


def second_level() -> StraightLine:
    build = Builder("abcd")
    first, second = build.call(expanded(), 0, 2, 3), build.call(factored(), 1, 2, 3)
    return build.program(build.apply("add", first, second), point=[2, 3, 5, 7])


def two_sums() -> StraightLine:
    build = Builder("abcd")
    return build.program(build.apply("mul", build.apply("add", 0, 1), build.apply("add", 2, 3)), point=[2, 3, 5, 7])


def quotient() -> StraightLine:
    build = Builder("xy")
    return build.program(build.apply("div", 0, 1), point=[3, 2])


def norm() -> StraightLine:
    build = Builder("xy")
    return build.program(build.apply("norm", 0, 1), point=[3, 4])


def zero() -> StraightLine:
    build = Builder("t")
    first = build.apply("add", build.apply("relu", build.apply("neg", 0)), 0)
    return build.program(build.apply("sub", first, build.apply("relu", 0)), point=[0])


def identity() -> StraightLine:
    build = Builder("x")
    first = build.apply("relu", 0)
    return build.program(build.apply("sub", first, build.apply("relu", build.apply("neg", 0))), point=[0])


def absolute() -> StraightLine:
    build = Builder("x")
    return build.program(build.apply("abs", 0), point=[0])


def product_of(n: int) -> StraightLine:
    build = Builder(n)
    result = 0
    for slot in range(1, n):
        result = build.apply("mul", result, slot)
    return build.program(result, point=range(1, n + 1))


def power(k: int) -> StraightLine:
    build, result = Builder("x"), 0
    for _ in range(k):
        result = build.apply("mul", result, result)
    return build.program(result, point=[2])


def dot(n: int) -> StraightLine:
    build = Builder(2 * n)
    return build.program(build.apply("sum", *[build.apply("mul", i, i + n) for i in range(n)]), point=range(2 * n))


def sum_of_relus(p: int) -> StraightLine:
    build = Builder(p)
    return build.program(build.apply("sum", *[build.apply("relu", slot) for slot in range(p)]), point=[0] * p)


Made = Callable[[], StraightLine]
TABLE: list[tuple[Made, int, int, int, int, int, tuple[object, ...]]] = [
    # program, level, cost, textbook, structural, textbook forward in p directions, value and gradient
    (sum_of_two, 0, 1, 5, 1, 7, (3, 1, 1)),
    (factored, 1, 2, 10, 2, 20, (16, 8, 2, 2)),
    (expanded, 1, 3, 15, 4, 30, (16, 8, 2, 2)),
    (second_level, 2, 6, 30, 9, 78, (60, 12, 12, 5, 5)),
    (two_sums, 1, 3, 15, 3, 39, (60, 12, 12, 5, 5)),
    (quotient, 0, 1, 8, 4, 10, (Fraction(3, 2), Fraction(1, 2), Fraction(-3, 4))),
    (norm, 0, 5, 12, 8, 14, (5, Fraction(3, 5), Fraction(4, 5))),
    (zero, 1, 5, 19, 5, 14, (0, 1)),
    (identity, 1, 4, 14, 4, 10, (0, 0)),
    (absolute, 0, 2, 4, 2, 3, (0, 0)),
]


@pytest.mark.parametrize(("make", "level", "value", "textbook", "structural", "pushed", "results"), TABLE)
def test_small_programs(  # noqa: PLR0917
    make: Made, level: int, value: int, textbook: int, structural: int, pushed: int, results: tuple[object, ...]
) -> None:
    program = make()
    assert program.point is not None
    told, written = backward(program, "textbook"), backward(program, at=program.point)
    assert (program.level, cost(program), cost(told), cost(written)) == (level, value, textbook, structural)
    assert cost(forward(program, len(program.inputs), "textbook")) == pushed
    for derived in (told, written, backward(program)):
        assert derived.run(program.point) == results


def test_the_quotient_operation_by_operation() -> None:
    program = quotient()
    assert backward(program, at=program.point).counts == Counts(add=1, mul=1, div=2)


@pytest.mark.parametrize(("n", "structural"), [(2, 1), (3, 4), (5, 10), (10, 25), (100, 295)])
def test_products(n: int, structural: int) -> None:
    program = product_of(n)
    assert cost(program) == n - 1
    assert cost(backward(program, "textbook")) == 5 * (n - 1)
    assert cost(backward(program, at=program.point)) == structural == 3 * n - 5
    if n == 10:
        assert cost(forward(program, n, "textbook")) == (n - 1) * (3 * n + 1) == 279


@pytest.mark.parametrize("k", [1, 2, 5, 9])
def test_squaring(k: int) -> None:
    program = power(k)
    found = backward(program, at=program.point)
    assert (cost(program), cost(backward(program, "textbook")), cost(found)) == (k, 5 * k, 4 * k - 2)
    assert found.run([2])[1] == 2**k * 2 ** (2**k - 1)


@pytest.mark.parametrize("n", [2, 5, 40])
def test_a_dot_product_has_its_gradient_for_nothing(n: int) -> None:
    program = dot(n)
    found = [cost(each) for each in (program, backward(program, "textbook"), backward(program, at=program.point))]
    assert found == [2 * n - 1, 8 * n - 1, 2 * n - 1]


@pytest.mark.parametrize("p", [2, 7, 100])
def test_sums_of_relus(p: int) -> None:
    program = sum_of_relus(p)
    found = [cost(each) for each in (program, backward(program, "textbook"), backward(program, at=program.point))]
    assert found == [2 * p - 1, 6 * p - 1, 2 * p - 1]


def test_transcendental_operations_have_a_weight_of_their_own() -> None:
    program = norm()
    told, written = backward(program, "textbook"), backward(program, at=program.point)
    assert [cost(each, TEN) for each in (program, told, written)] == [14, 21, 17]
    build = Builder("xy")
    program = build.program(build.apply("add", build.apply("elu", 0), build.apply("exp", 1)), point=[-1, 0])
    told, written = backward(program, "textbook"), backward(program, at=program.point)
    assert [cost(each) for each in (program, told, written)] == [6, 15, 7]
    assert [cost(each, TEN) for each in (program, told, written)] == [24, 33, 25]
    assert written.run([-1, 0])[1:] == pytest.approx((1 / math.e, 1))
