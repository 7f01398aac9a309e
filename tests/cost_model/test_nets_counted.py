"""Layered nets counted, against numbers counted by hand and closed formulas; the two forward limits."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.forward_limit import any_matrices, random_matrices, row_sum, zero_one
from subgrad_hardness.cost_model.nets import layered_cost, net_program
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.weights import Weights


def cost(program: StraightLine) -> int:
    return int(Weights().cost(program.counts))


def layered(sizes: list[int]) -> sh.Program:
    """Dense layers without 0, 1 and -1, all relus on at (1, ..., 1)."""
    stream = Stream(1, "layered", *sizes)
    weights = [[[stream.integer(2, 9) for _ in range(a)] for _ in range(b)] for a, b in pairwise(sizes)]
    return sh.Program.from_layers(weights, point=[1] * sizes[0])


@pytest.mark.parametrize(
    ("sizes", "wrt", "batch", "expected"),
    [
        ([2, 3, 1], "inputs", 1, (17, 61, 27)),
        ([2, 3, 1], "both", 1, (17, 79, 33)),
        ([2, 3, 1], "both", 4, (71, 331, 162)),
        ([4, 8, 8, 1], "inputs", 1, (207, 795, 387)),
        ([4, 8, 8, 1], "both", 1, (207, 1003, 483)),
        ([4, 8, 8, 1], "both", 4, (831, 4027, 2247)),
        ([16, 32, 32, 1], "inputs", 1, (3135, 12411, 6159)),
        ([16, 32, 32, 1], "both", 1, (3135, 15547, 7695)),
    ],
)
def test_layered_nets(sizes: list[int], wrt: str, batch: int, expected: tuple[int, int, int]) -> None:
    program, chosen = net_program(layered(sizes), wrt, batch)
    written = backward(program, at=program.point, wrt=chosen)
    assert (cost(program), cost(backward(program, "textbook", wrt=chosen)), cost(written)) == expected
    assert tuple(layered_cost(sizes, batch, wrt)) == (expected[0], expected[2])


@pytest.mark.parametrize("wrt", ["inputs", "weights", "both"])
@pytest.mark.parametrize("sizes", [[5, 1], [3, 4, 1], [2, 5, 3, 1], [4, 4, 4, 4, 1]])
@pytest.mark.parametrize("batch", [1, 3])
def test_the_closed_formulas(sizes: list[int], wrt: str, batch: int) -> None:
    program, chosen = net_program(layered(sizes), wrt, batch)
    counted = cost(program), cost(backward(program, at=program.point, wrt=chosen))
    assert counted == tuple(layered_cost(sizes, batch, wrt))


def test_limits_of_wide_nets() -> None:
    ratios = {}
    for wrt, batch in (("inputs", 1), ("both", 1), ("both", 10**6), ("weights", 10**6)):
        found = layered_cost([1000, 1000, 1000, 1000, 1], batch, wrt)
        ratios[wrt, batch] = found.backward / found.cost
    assert [round(ratio, 2) for ratio in ratios.values()] == [2.0, 2.5, 3.0, 2.67]


def test_a_net_computes_what_its_program_computes() -> None:
    net = sh.Program.from_text(
        "inputs x y; a = 2 x - y + 1/3; b = max a y x; c = leaky_relu(1/5) b; d = hardtanh c; f = -c + d - x; "
        "outputs f d; point 1/7 -2"
    )
    program, chosen = net_program(net)
    assert program.run() == sh.value(net)
    assert backward(program, at=program.point, wrt=chosen).run(program.point)[2:] == sum(sh.gradient(net).gradient, ())


@pytest.mark.parametrize(("wrt", "batch"), [("weight", 1), ("inputs", 0)])
def test_what_makes_no_sense_is_refused(wrt: str, batch: int) -> None:
    with pytest.raises(ParameterError):
        net_program(layered([2, 3, 1]), wrt, batch)


def test_several_samples_have_one_output() -> None:
    net = sh.Program.from_text("inputs x; f = 2 x; g = relu x; outputs f g")
    with pytest.raises(ParameterError, match="several samples"):
        net_program(net, batch=2)


D = [[Fraction(5), Fraction(6)], [Fraction(7), Fraction(8)]]


def test_the_limit_for_zeros_and_ones() -> None:
    found = zero_one([[1, 0], [1, 1]], D)
    assert found.derivatives == (2, 1)
    assert found.slopes == ((5, 7, 1, 0), (11, 15, 1, 1))
    programs = (found.program, found.total, backward(found.total, "textbook"), found.backward)
    assert [cost(each) for each in programs] == [17, 35, 167, 43]


def test_the_limit_for_any_matrices() -> None:
    found = any_matrices([[Fraction(1), Fraction(2)], [Fraction(3), Fraction(4)]], D)
    assert found.derivatives == (4, 6)
    assert found.slopes == ((17, 23), (39, 53)) and found.other_slopes == ((1, 1), (1, 1))
    programs = (found.program, found.total, backward(found.total, "textbook"), found.backward)
    assert [cost(each) for each in programs] == [26, 53, 237, 89]


@pytest.mark.parametrize("p", [2, 3, 4, 6, 8])
def test_both_limits_multiply_matrices(p: int) -> None:
    import numpy as np

    b, d = random_matrices(p, seed=p)
    product = np.array(b, dtype=object) @ np.array(d, dtype=object).T
    first, second = zero_one(b, d), any_matrices([*d[1:], d[0]], d)
    assert cost(first.program) == 4 * p * p + p - 1 and cost(second.program) == 6 * p * p + p
    assert [row[:p] for row in first.slopes] == [tuple(row) for row in product] == list(first.product)
    assert [row[p:] for row in first.slopes] == [tuple(row) for row in b]
    other = np.array([*d[1:], d[0]], dtype=object) @ np.array(d, dtype=object).T
    assert list(second.slopes) == [tuple(row) for row in other] == list(second.product)


@pytest.mark.parametrize(("p", "value"), [(4, 35), (8, 135), (16, 527), (32, 2079)])
def test_away_from_the_kink_directions_cost_what_a_gradient_costs(p: int, value: int) -> None:
    program = row_sum(p)
    smooth = cost(backward(program, at=[Fraction(1)] * p)) + p * (2 * p - 1)  # a gradient, and p products with it
    assert cost(program) == value == 2 * p * p + p - 1
    assert smooth == value + p * (p - 1) + p * (2 * p - 1)
    assert 2 * smooth < 5 * value


def test_limits_refuse_other_matrices() -> None:
    with pytest.raises(ParameterError, match="square"):
        zero_one([[1, 0]], D)
    with pytest.raises(ParameterError, match="other than 0 and 1"):
        zero_one([[2, 0], [0, 1]], D)
