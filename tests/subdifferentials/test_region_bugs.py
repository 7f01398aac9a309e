"""Questions that verifiers of regions answered wrongly in public, asked here.

"Is y <= c on the box?" is: is relu(F - c) equal to zero there?
"""

from __future__ import annotations

from fractions import Fraction

import pytest

import subgrad_hardness as sh

NOTHING = sh.Program.from_text("inputs x; a = 0 x; outputs a")

#: github.com/sisl/NeuralVerification.jl/issues/82: Reluplex said that y <= 0.05 holds on [-1, 1].
FALSE_HOLDS = """
inputs x
b = x + 0.5; a = relu b; d = x + 0.1; c = relu d
y = 1 - 4 a - c; over = y - 0.05; f = relu over
outputs f
"""

#: github.com/sisl/NeuralVerification.jl/issues/161: ReluVal's bounds were too tight for |y - 0.99| <= 0.03.
TOO_TIGHT = """
inputs x
s = -0.975284591130944 x + 0.7085867110914621; a = relu s
t = 0.7885734449914388 x - 0.32828733144907973; b = relu t
u = 0.7617017307581886 x + 0.03467523300926967; c = relu u
v = 0.5385053811330853 x - 0.9088829434660597; d = relu v
y = 0.22497019553502984 a - 0.15284772561320548 b - 0.5211046247176414 c - 0.08316072904569483 d + 0.8324791917467058
over = y - 1.02; under = 0.96 - y; g = relu over; h = relu under; f = g + h
outputs f
"""


def test_bounds_that_are_not_tight_enough() -> None:
    program = sh.Program.from_text(FALSE_HOLDS)
    found = sh.equal(program, NOTHING, box=(-1, 1))
    assert found.verdict is False and found.point is not None and found.certificate is not None
    # 4 relu(x + 1/2) + relu(x + 1/10) < 0.95 there
    assert found.point[0] < Fraction("0.95") / 4 - Fraction(1, 2)
    held = sh.equal(program, NOTHING, box=(Fraction(-1, 4), 1))
    assert held.verdict is True and held.certificate is not None


def test_bounds_that_are_too_tight() -> None:
    program = sh.Program.from_text(TOO_TIGHT)
    found = sh.equal(program, NOTHING, box=("-0.1", "0.1"))
    assert found.verdict is False
    assert found.values[0][0] > 0
    held = sh.equal(program, NOTHING, box=("-0.1", 0))
    assert held.verdict is True and held.certificate is not None


@pytest.mark.parametrize("width", [Fraction(1, 10**5), Fraction(1, 10**6), Fraction(1, 10**30)])
def test_boxes_that_are_almost_points(width: Fraction) -> None:
    """Marabou #568: inputs whose bounds are closer than 10^-5 were taken to be fixed, and the answer was UNSAT."""
    tent = sh.Program.from_text("inputs x y; a = x - y; f = abs a; outputs f")
    found = sh.affine(tent, box=(1, 1 + width))
    assert found.verdict is False and found.kink is not None
    assert found.kink[0] == found.kink[1] and 1 < found.kink[0] < 1 + width
    assert sh.affine(tent, box=([1 + width, 1], [1 + 2 * width, 1 + width])).verdict is True


def test_bounds_that_contradict_each_other() -> None:
    """Marabou #813: a lower bound of 1.5 over an upper one of 0.5 was answered with the point 1.5."""
    with pytest.raises(sh.ParameterError, match="the ends are the wrong way round"):
        sh.affine(NOTHING, box=(1.5, 0.5))
    with pytest.raises(sh.ParameterError, match="no point satisfies all constraints"):
        sh.affine(NOTHING, constraints=[[-1, -1.5], [1, 0.5]])


def test_a_point_that_is_no_counterexample() -> None:
    """Marabou #325: a point was returned at which the property did not fail; here each point is replayed exactly."""
    first = sh.Program.from_text("inputs x; s = x - 1; a = relu s; f = 0.0000000001 a; outputs f")
    found = sh.equal(first, NOTHING, box=(0, 2))
    assert found.verdict is False and found.point is not None
    assert sh.value(first, found.point) != sh.value(NOTHING, found.point)
    assert sh.equal(first, NOTHING, box=(0, 1)).verdict is True
