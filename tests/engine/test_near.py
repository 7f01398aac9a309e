"""A direction near a point of the circuit's cone: off the hyperplanes on which no goal is positive."""

from __future__ import annotations

from fractions import Fraction

import pytest

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine.circuit.near import positive_near
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.question.blocks import Block

# relu(x), relu(y) and two goals: x - |y| where x > 0, and -|y|, which is positive nowhere.
NORMAL = NormalForm(2, ({0: 1}, {1: 1}), ())
WEDGE, NEVER = Block({2: 1, 3: -2, 1: 1}, None), Block({3: -2, 1: 1}, None)


def test_a_point_that_is_positive_is_taken_as_it_is() -> None:
    assert positive_near(NORMAL, [NEVER, WEDGE], (5, 2), Stream(0, "near")) == (WEDGE, (5, 2))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("point", [(1, 1), (10**9, -(10**9)), (0, 0)])
def test_a_point_on_a_hyperplane_is_left(point: tuple[int, int], seed: int) -> None:
    """The goals are 0 on the wedge's boundary; the direction that is found lies beside it, and is the same again."""
    assert NORMAL.value(WEDGE.form, point) == 0
    block, near = positive_near(NORMAL, [NEVER, WEDGE], point, Stream(seed, "near"))
    assert block == WEDGE
    assert NORMAL.value(WEDGE.form, near) > 0
    assert positive_near(NORMAL, [NEVER, WEDGE], point, Stream(seed, "near")) == (block, near)
    if max(point) > 10**6:
        assert abs(Fraction(near[1], near[0]) + 1) < Fraction(1, 10**5)
