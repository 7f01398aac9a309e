"""Bounds of fixed points of smooth F: against signs, decimals, and pairs of points; what has none is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.enclosure import enclosure
from subgrad_hardness.iterative.intervals import Interval, slopes_over

#: x <- t x (1 - x), with the fixed points 0 and 1 - 1/t, where its derivative is 2 - t.
LOGISTIC = "inputs x t; q = square x; d = mul t q; m = mul t x; f = m - d; outputs f"


def _iteration(text: str, start: Sequence[Any], theta: Any, state: Sequence[str] = ("x",)) -> sh.Iteration:
    return sh.Iteration(sh.Program.from_text(text), state, start=start, theta=[theta])


@pytest.mark.parametrize("theta", ["2", "1/7", "1e-9", "2e12"])
def test_heron_s_root(theta: str) -> None:
    """Its derivative in x is 0 at the root; that of the root is 1 / (2 root)."""
    t = Fraction(theta)
    found = sh.fixed_point_box(_iteration("inputs x t; d = div t x; f = 1/2 x + 1/2 d; outputs f", [1], t))
    assert found.jacobian is not None
    (low,), (high,) = found.low, found.high
    (((a,),), ((b,),)) = found.jacobian
    assert low > 0 and low * low < t < high * high and high - low < Fraction(1, 10**20)
    assert 2 * a * low <= 1 <= 2 * b * high and b - a < Fraction(1, 10**12)
    assert found.rate is not None and found.alone < low and not found.kinks and not found.exact


@pytest.mark.parametrize("theta", ["101/100", "5/4", "5/2", "29/10", "7/2"])
def test_bounds_leave_other_fixed_points_out(theta: str) -> None:
    t = Fraction(theta)
    found = sh.fixed_point_box(_iteration(LOGISTIC, ["1/3"], t))
    fixed = 1 - 1 / t
    assert found.low == found.high == (fixed,) and found.exact and found.alone < fixed
    assert (found.rate is not None) == (t < 3)
    assert found.rate is None or abs(2 - t) <= found.rate < 1
    assert found.jacobian is not None
    (((a,),), ((b,),)) = found.jacobian
    assert a <= 1 / t**2 <= b
    if found.rate is not None:  # as is said: iterates from there converge
        for x in (fixed - found.alone, fixed + found.alone):
            y = t * x * (1 - x)
            assert abs(y - fixed) <= found.rate * abs(x - fixed)


def test_rational_fixed_points_of_smooth_functions_are_found() -> None:
    """So that they need not be given; a ridge's step is affine in the state."""
    ridge = sh.iterations.ridge([[2, 1], [1, 3]], [1, 1], "1/3", "1/4")
    found = sh.fixed_point(ridge)
    assert found.state == ridge.iteration.step(found.state) and found.isolated and found.solvable and found.reached
    assert sh.solution_kink(ridge).jacobian == sh.solution_kink(ridge, fixed_point=found.state).jacobian
    assert sh.fixed_point(_iteration(LOGISTIC, ["1/3"], "5/2")).state == (Fraction(3, 5),)
    root = _iteration("inputs x t; d = div t x; f = 1/2 x + 1/2 d; outputs f", [1], 2)
    for call in (sh.fixed_point, sh.solution_kink):
        with pytest.raises(sh.PointError, match="fixed_point_box bounds irrational ones"):
            call(root)
    assert sh.contraction(root).fixed_point is None


def test_relus_that_may_be_kinks_are_named() -> None:
    """relu(x^2 - t) where x^2 = t is irrational: no bounds decide it, and nothing is said of the derivative."""
    text = "inputs x t; d = div t x; q = square x; z = q - t; r = relu z; f = 1/2 x + 1/2 d + 1/8 r; outputs f"
    found = sh.fixed_point_box(_iteration(text, [1], 2))
    assert found.low[0] ** 2 < 2 < found.high[0] ** 2 and found.kinks == ("r",) and found.jacobian is None
    apart = sh.fixed_point_box(_iteration(text.replace("z = q - t", "z = q - t - 1"), [1], 2))
    assert apart.kinks == () and apart.jacobian is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q = square x; f = x + q + t", "start: the iterates diverge"),  # no fixed point
        ("q = square x; f = x - q", "start: nothing is proved"),  # 0, not isolated to first order
        ("a = abs x; q = square x; f = a + 0 q", "start: nothing is proved"),  # all x >= 0
        ("z = x - t; d = div t z; f = d - 1", "d: div divides by zero"),
    ],
)
def test_what_is_not_proved_is_refused(text: str, message: str) -> None:
    with pytest.raises(sh.InputError, match=message):
        sh.fixed_point_box(_iteration(f"inputs x t; {text}; outputs f", [0 if "- q" in text else "1/4"], "1/4"))
    none = _iteration("inputs x t; q = square x; f = x + q + t; outputs f", [0], "1e-9")
    for centre in (Fraction(0), Fraction(1, 10**5), Fraction(-1)):
        assert enclosure(none, (centre,)) is None


def _plane(numbers: Sequence[int]) -> tuple[str, Callable[..., tuple[Any, Any]]]:
    """A map of two states and one parameter, as a program and as a formula."""
    a, b, c, d, e, g = numbers
    text = (
        f"inputs x y t; p = mul x y; q = square x; w = q + 3; v = div y w; k = y + {a}/4; r = relu k; u = mul t x;"
        f" f = {b}/16 p + {c}/12 r + {d}/16 u + t; h = {e}/12 x + {g}/12 v + 1; outputs f h"
    )

    def step(x: Any, y: Any, t: Any) -> tuple[Any, Any]:
        relu = max(y + type(x)(a) / 4, type(x)(0))
        return b * x * y / 16 + c * relu / 12 + d * t * x / 16 + t, e * x / 12 + g * (y / (x * x + 3)) / 12 + 1

    return text.replace("+ -", "- "), step


def test_random_maps_of_the_plane_against_decimals() -> None:
    stream, smooth = Stream(11, "boxes"), 0
    for _ in range(7):
        text, step = _plane([stream.integer(-4, 4) or 1 for _ in range(6)])
        t = Fraction(stream.integer(-8, 8), 8)
        found = sh.fixed_point_box(_iteration(text, [0, 0], t, ("x", "y")))
        with localcontext() as context:
            context.prec = 60
            eps = Decimal(10) ** -20
            ends = []
            for moved in (-eps, eps):
                x = y = Decimal(0)
                for _ in range(90):
                    x, y = step(x, y, Decimal(t.numerator) / t.denominator + moved)
                ends.append((Fraction(x), Fraction(y)))
        smooth += not found.kinks
        for i in range(2):
            middle = (ends[0][i] + ends[1][i]) / 2
            assert found.low[i] - Fraction(1, 10**18) <= middle <= found.high[i] + Fraction(1, 10**18)
            assert found.high[i] - found.low[i] < Fraction(1, 10**20)
            if found.jacobian is not None:
                slope = (ends[1][i] - ends[0][i]) / (2 * Fraction(1, 10**20))
                low, high = (each[i][0] for each in found.jacobian)
                assert low - Fraction(1, 10**12) <= slope <= high + Fraction(1, 10**12) and high - low < 1e-15
    assert smooth >= 5


def test_slopes_hold_the_differences_of_all_pairs() -> None:
    """F(x) - F(y) = A (x - y), row by row, for points of boxes that kinks and squares' bottoms cross."""
    stream = Stream(5, "slopes")
    nodes = [
        {"id": "s", "op": "square", "args": ["x"]},
        {"id": "w", "op": "affine", "args": ["s"], "coefficients": [1], "bias": 1},
        {"id": "p", "op": "mul", "args": ["x", "y"]},
        {"id": "c", "op": "power", "args": ["x"], "exponent": 3},
        {"id": "i", "op": "power", "args": ["w"], "exponent": -2},
        {"id": "d", "op": "div", "args": ["y", "w"]},
        {"id": "z", "op": "affine", "args": ["p"], "coefficients": [1], "bias": "-1/3"},
        {"id": "r", "op": "relu", "args": ["z"]},
        {"id": "f", "op": "affine", "args": ["c", "i", "r"], "coefficients": [1, "-1/2", 1]},
        {"id": "g", "op": "affine", "args": ["d", "s", "p"], "coefficients": [1, 1, "-2/3"]},
    ]
    net = {
        "version": 2,
        "inputs": ["x", "y"],
        "nodes": nodes,
        "outputs": ["f", "g"],
        "iteration": {"state": ["x", "y"]},
    }
    iteration = sh.load_iteration(net)
    for _ in range(60):
        centre = [Fraction(stream.integer(-20, 20), 10) for _ in range(2)]
        radii = [Fraction(stream.integer(0, 20), 10) for _ in range(2)]
        slopes = slopes_over(iteration, centre, radii)
        assert slopes is not None
        points = [
            [c + r * Fraction(stream.integer(-8, 8), 8) for c, r in zip(centre, radii, strict=True)] for _ in range(2)
        ]
        ends = [iteration.step(point) for point in points]
        for i, row in enumerate(slopes.a):
            low = high = Fraction(0)
            for entry, x, y in zip(row, *points, strict=True):
                products = [end * (x - y) for end in entry.ends]
                low, high = low + min(products), high + max(products)
            assert low <= ends[0][i] - ends[1][i] <= high
    assert slopes_over(_iteration("inputs x t; f = div t x; outputs f", [1], 1), [Fraction(1)], [Fraction(1)]) is None


def test_intervals_round_outwards() -> None:
    third = Interval.of(Fraction(1, 3))
    assert third.ends[0] < Fraction(1, 3) < third.ends[1]
    for value, exact in ((third * third, Fraction(1, 9)), (1 / third, Fraction(3)), (third**-3, Fraction(27))):
        assert value.ends[0] < exact < value.ends[1] and value.ends[1] - value.ends[0] < Fraction(1, 10**50)
    across = Interval.of(0, 2)
    powers = [tuple(map(int, value.ends)) for value in (across**2, across**3, across * across)]
    assert powers == [(0, 4), (-8, 8), (-4, 4)]
    with pytest.raises(ZeroDivisionError):
        across**-1
