"""The cell enumeration: its set of Jacobians is the oracle's, and its points are inside."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from support import oracle, small_nets
from support.entered import TRAP, entered
from support.strategies import mappings

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.cell import Cell
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.local.local_net import Kink, LocalNet, Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.reading import load


def local_net(mapping: dict[str, Any]) -> LocalNet:
    return localise(load(mapping)).net


def check_cell(net: LocalNet, cell: Cell) -> Matrix:
    """The point is strictly inside, the signs are those at the point; the Jacobian."""
    values = net.values(cell.interior)
    kinks = [node for node in net.nodes if isinstance(node, Kink)]
    assert len(cell.signs) == len(kinks)
    slopes = [int(sign > 0) for sign in cell.signs]
    for kink, sign in zip(kinks, cell.signs, strict=True):
        level = values[kink.argument]
        assert (level > 0) - (level < 0) == sign
        if not sign:
            assert not any(net.gradient_row(kink.argument, slopes))
    assert net.gradient_rows(slopes) == cell.rows
    return net.scaled(cell.rows)


def jacobians(mapping: dict[str, Any]) -> frozenset[Matrix]:
    """The set that the cells give, every cell checked and none met twice."""
    net = local_net(mapping)
    found = list(cells(net))
    assert len({cell.signs for cell in found}) == len(found)
    return frozenset(check_cell(net, cell) for cell in found)


def test_small_nets() -> None:
    sizes = []
    for number, mapping in enumerate(small_nets.nets()):
        expected = small_nets.bouligand(number)
        assert jacobians(mapping) == expected, mapping
        sizes.append(len(expected))
    assert len(sizes) == 500
    assert min(sizes.count(1), len(sizes) - sizes.count(1)) > 150
    assert max(sizes) > 30


def test_interior_points_have_the_jacobian_of_the_cell() -> None:
    """By the oracle: the gradient of F a tiny step along the point, and off dead kinks by tinier ones."""
    for mapping in small_nets.nets()[::3]:
        net, read = local_net(mapping), oracle.read(mapping)
        for cell in cells(net):
            columns = [cell.interior, *[tuple(int(i == j) for j in range(net.inputs)) for i in range(net.inputs)]]
            assert net.scaled(cell.rows) == entered(read, columns)


@given(mappings())
@settings(max_examples=75, deadline=None, derandomize=True)
def test_any_program(mapping: dict[str, Any]) -> None:
    if small_nets.corners(mapping) <= 12:
        assert jacobians(mapping) == oracle.bouligand(oracle.read(mapping))


def test_the_trap_of_vanishing_preactivations() -> None:
    """SPEC 4: the witnesses stand only where z = relu(x) - relu(y) = 0, on an open set."""
    found = jacobians(TRAP)
    assert found == oracle.bouligand(oracle.read(TRAP))
    assert found == {oracle.exact(row) for row in ([0, 0], [-1, 0], [0, -1])}


@pytest.mark.parametrize("width", [2, 2**60, 10**40])
def test_needles(width: int) -> None:
    """F > 0 iff width * y < x < (width + 1) y; and the same shut."""

    def needle(top: int) -> dict[str, Any]:
        nodes = [
            {"id": "a", "op": "affine", "args": ["x", "y"], "coefficients": [1, -width]},
            {"id": "b", "op": "affine", "args": ["x", "y"], "coefficients": [-1, top]},
            {"id": "m", "op": "min", "args": ["a", "b"]},
            {"id": "n", "op": "min", "args": ["m", "y"]},
            {"id": "f", "op": "relu", "args": ["n"]},
        ]
        return {"inputs": ["x", "y"], "nodes": nodes, "outputs": ["f"]}

    opened, shut = needle(width + 1), needle(width)
    assert jacobians(opened) == oracle.bouligand(oracle.read(opened))
    assert len(jacobians(opened)) > 1
    assert jacobians(shut) == {oracle.exact([0, 0])}


def test_cells_of_an_arrangement() -> None:
    """n lines through the origin of the plane make 2n cells; the axes of 4-space 16."""
    lines = [[1, slope] for slope in range(12)]
    net = local_net({"inputs": 2, "layers": [{"weight": lines, "activation": "relu"}]})
    assert len(list(cells(net))) == 24
    axes = [[int(i == j) for j in range(4)] for i in range(4)]
    net = local_net({"inputs": 4, "layers": [{"weight": axes, "activation": "abs"}]})
    assert len(list(cells(net))) == 16
    repeated = [[1, 0], [2, 0], [-3, 0], [0, 0]]
    net = local_net({"inputs": 2, "layers": [{"weight": repeated, "activation": "relu"}]})
    assert len(list(cells(net))) == 2


def test_deep_nets_do_not_exhaust_the_stack() -> None:
    nodes = [{"id": f"r{n}", "op": "relu", "args": [f"r{n - 1}" if n else "x"]} for n in range(2000)]
    net = local_net({"inputs": ["x"], "nodes": nodes, "outputs": ["r1999"]})
    assert {cell.rows for cell in cells(net)} == {((1,),), ((0,),)}


def test_limits_are_looked_at() -> None:
    with pytest.raises(LimitReached):
        list(cells(local_net(TRAP), Limits.seconds(-1)))
