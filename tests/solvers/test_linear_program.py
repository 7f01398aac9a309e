"""Linear programs in floating point: optima, multipliers, changed bounds, and what has no optimum."""

from __future__ import annotations

import math

import pytest

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.solvers.linear_program import LinearProgram


@pytest.mark.parametrize("growing", (False, True))
def test_an_optimum_with_its_multipliers(growing: bool) -> None:
    """max x + y under x + 2 y <= 4, 3 x + y <= 6, x, y >= 0: 14/5 at (8/5, 6/5), multipliers 2/5 and 1/5."""
    program = LinearProgram(growing=growing)
    x, y = program.variable(0.0, objective=1.0), program.variable(0.0, objective=1.0)
    program.row([(x, 1.0), (y, 2.0)], upper=4.0)
    second = program.row([(x, 3.0)], upper=6.0)
    program.add_to_row(second, y, 1.0)
    optimum = program.solve(Limits())
    assert optimum is not None
    assert optimum.value == pytest.approx(14 / 5)
    assert optimum.point == pytest.approx([8 / 5, 6 / 5])
    assert optimum.multipliers == pytest.approx([2 / 5, 1 / 5])
    program.row([(x, 1.0)], upper=1.0)  # rows may join, and bounds may change
    program.bound_row(second, -math.inf, math.inf)
    program.bound_variable(y, 0.0, 1.0)
    again = program.solve(Limits())
    assert again is not None
    assert again.value == pytest.approx(2)
    assert again.reduced == pytest.approx([0, 1])


def test_without_an_optimum() -> None:
    unbounded = LinearProgram()
    unbounded.variable(objective=1.0)
    assert unbounded.solve(Limits()) is None
    infeasible = LinearProgram()
    x = infeasible.variable(0.0, objective=1.0)
    infeasible.row([(x, 1.0)], upper=-1.0)
    assert infeasible.solve(Limits()) is None


def test_limits() -> None:
    with pytest.raises(LimitReached):
        LinearProgram().solve(Limits.seconds(-1))
