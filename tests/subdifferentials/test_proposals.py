"""Searches in floats: what they bring is exact, and nets of real size are decided by them; heaviest kinks first."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from support.fixture_nets import FIXTURES, fixture

import subgrad_hardness as sh
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.compiled import compile_net
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.multiplied import multiplied
from subgrad_hardness.subdifferentials.placing import Placing
from subgrad_hardness.subdifferentials.proposals import Proposer

SMALL = [name for name in FIXTURES if "1405" not in name]


def control(seed: int) -> dict[str, Any]:
    """6 inputs, 80 float32 units of which half have no bias, and so 40 kinks at the origin."""
    source = np.random.default_rng(seed)
    bias = source.standard_normal(80)
    bias[::2] = 0
    first, last = (np.float32(source.standard_normal(shape)).tolist() for shape in ((80, 6), (1, 80)))
    layers = [{"weight": first, "bias": np.float32(bias).tolist(), "activation": "relu"}, {"weight": last}]
    return {"inputs": 6, "layers": layers}


@pytest.mark.parametrize("name", SMALL)
def test_a_search_finds_members_above_the_bound_or_none(name: str) -> None:
    """On these small nets it finds the greatest from any start; above that nothing."""
    net = localise(fixture(name)).net
    rows = [cell.rows for cell in cells(net)]
    proposer = Proposer(net)
    shape = (len(net.outputs), net.inputs)
    asked = proposer.functional(
        tuple([tuple([Fraction(1 + i + 2 * k, 3) for i in range(shape[1])]) for k in range(shape[0])])
    )
    best = max(map(asked.numerator, rows))
    assert asked.floor(Fraction(best, asked.denominator)) == best
    assert proposer.better(asked, best, [], Limits()) == []
    level, found = min(map(asked.numerator, rows)) - 1, 0
    while elements := proposer.better(asked, level, [], Limits()):
        assert all(element.rows in rows and asked.numerator(element.rows) > level for element in elements)
        level, found = asked.numerator(elements[0].rows), found + 1
    assert level == best and found


@pytest.mark.parametrize("name", SMALL)
def test_multiplied_out_it_is_the_same_net(name: str) -> None:
    net = localise(fixture(name)).net
    same = multiplied(net, flatten(net))
    assert isinstance(same, LocalNet) and len(same.kinks) == len(net.kinks)
    source = np.random.default_rng(0)
    for direction in source.integers(-9, 10, (20, net.inputs)).tolist():
        assert same.output_values(direction) == net.output_values(direction)
        if any(direction):
            assert (
                lock_branches(same, [tuple(direction)], seed=1).rows
                == lock_branches(net, [tuple(direction)], seed=1).rows
            )


def test_matrices_and_gathered_sums_agree() -> None:
    net = localise(sh.load(control(0))).net
    directions = np.random.default_rng(1).standard_normal((50, 6))
    passing, outputs = compile_net(net).evaluate(directions)
    same, rounded = compile_net(net, dense=True).evaluate(directions)
    assert (passing == same).all() and np.allclose(outputs, rounded)
    along = np.array([1.0, -2.0, 0.5, 0.0, 1.0, 3.0])
    steps = compile_net(net).evaluate(directions + 1e-9 * along)[1]
    assert np.allclose(compile_net(net).derivatives(directions, along), (steps - outputs) / 1e-9, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_nets_like_those_of_controllers(seed: int) -> None:
    """40 kinks in 6 dimensions, a million cells: is the backpropagation gradient Clarke?  The combination says so."""
    program = sh.load(control(seed))
    net = localise(program).net
    assert len(net.kinks) == 40
    target = backpropagate(net, [0] * 40)
    placed = Placing(ClarkeSet(program), target).place(Limits.seconds(60), argued=False)
    assert placed.inside is True
    assert sum(weight for weight, _ in placed.combination) == 1
    for index in range(6):
        assert sum(weight * point.jacobian[0][index] for weight, point in placed.combination) == target[0][index]
