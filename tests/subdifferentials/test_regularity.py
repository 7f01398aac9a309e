"""Regularity, Lipschitz constants, and stationarity again: known answers, and fans with all their cells."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest
from support import oracle, plain_autodiff, small_nets
from support.fixture_nets import FIXTURES, fixture

import subgrad_hardness as sh
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.cell import walls
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.local.local_net import integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.norms import NORMS, largest_norms
from subgrad_hardness.subdifferentials.regularity import regularity

#: Fixtures that are not directionally stationary, not Clarke stationary, not stationary for backpropagation.
FALLING = {
    "relu x - relu y",
    "max(-y,min(0,-x))",
    "relu x-relu -x",
    "hardsigmoid pair",
    "clamp(l,x,u) at l=x<u",
    "median3",
    "max of 4",
    "top2 of 4",
    "|x|-|y|",
    "-|x|",
    "|x|+2y",
    "max(2x+y,x+3y,-x+y)",
    "saddle min(max)",
    "mae at ['1/2', '1/2']",
    "hinge at ['1/2', '1/2']",
    "corner pixel",
    "max(x,y)",
    "2-8-8-1",
    "3-8-8-1",
    "Khan-Barton",
}
NOT_CLARKE = FALLING - {
    "relu x - relu y",
    "max(-y,min(0,-x))",
    "|x|-|y|",
    "-|x|",
    "saddle min(max)",
    "2-8-8-1",
    "3-8-8-1",
    "Khan-Barton",
}
NOT_AUTODIFF = NOT_CLARKE - {"relu x-relu -x", "hardsigmoid pair", "corner pixel"}
SCALAR = [name for name in FIXTURES if "vector" not in name and "1405" not in name]
REGULAR = {
    "relu",
    "abs sum",
    "max(x,y,0)",
    "max(x,y)",
    "relu x-relu -x",
    "hardsigmoid pair",
    "clamp(x,0,0)",
    "l1 3",
    "max of 4",
    "top2 of 4",
    "permutahedron 3",
    "norm inf 3",
    "zonotope of 5 forms",
    "type B3",
    "|x|+2y",
    "max(2x+y,x+3y,-x+y)",
    "hinge at ['1/2', '1/2']",
    "zero: max(x,0)-max(x,max(x,0))",
    "zero: max(0,x)-max(x,max(0,x))",
}
IRREGULAR = {"-|x|", "|x|-|y|", "relu x - relu y", "saddle min(max)", "median3", "relu x+relu y-relu(x+y)"}


def verified(net: sh.Program, certificate: Statement | None, kinds: set[str]) -> None:
    assert certificate is not None and sh.verify(net, certificate).verdict in kinds


@pytest.mark.parametrize("name", SCALAR)
def test_known_stationarity(name: str) -> None:
    net = fixture(name)
    result = sh.stationary(net)
    assert result.directional is (name not in FALLING)
    assert result.clarke is (name not in NOT_CLARKE)
    assert result.autodiff is (name not in NOT_AUTODIFF)
    assert set(result.certificates) == {"directional", "clarke", "autodiff"}
    verified(net, result.certificates["directional"], {"minimum" if result.directional else "descent"})


@pytest.mark.parametrize("name", sorted(REGULAR | IRREGULAR))
def test_known_regularity(name: str) -> None:
    net = fixture(name)
    result = sh.regular(net)
    assert result.regular is (name in REGULAR)
    verified(net, result.certificate, {"regular" if result.regular else "irregular"})


def test_known_constants() -> None:
    found = sh.lipschitz(fixture("max(2x+y,x+3y,-x+y)"))
    assert found.l1 is not None and found.l2_squared is not None and found.linf is not None
    assert [norm.value for norm in (found.l1, found.l2_squared, found.linf)] == [4, 10, 3]


@pytest.mark.parametrize("call", [sh.regular, sh.lipschitz])
def test_one_output_only(call: Any) -> None:
    with pytest.raises(sh.PointError, match="2 outputs"):
        call(fixture("vector (|x|,|y|)"))


def test_limits_end_in_brackets() -> None:
    program = fixture("2-8-8-1")
    found = largest_norms(ClarkeSet(program), Limits.seconds(0))
    exact = sh.lipschitz(program)
    assert found.why == "time limit" and exact.decided and exact.l1 is not None
    for name in NORMS:
        bracket, value = getattr(found, name), getattr(exact, name).value
        assert bracket.attained <= value <= bracket.proved and bracket.attained < bracket.proved
    undecided = regularity(program, Limits.seconds(0), argued=False)
    assert undecided.regular is None and undecided.why is not None


ONE = [
    number
    for number in range(0, small_nets.COUNT, 2)
    if small_nets.corners(small_nets.nets()[number]) <= 7 and len(oracle.read(small_nets.nets()[number]).outputs) == 1
][::3]


def gradients(net: sh.Program) -> list[tuple[tuple[tuple[int, ...], ...], tuple[Fraction, ...]]]:
    """The walls of all cells, with the gradients there."""
    local = localise(net).net
    return [(walls(local, cell), local.scaled(cell.rows)[0]) for cell in cells(local)]


def inside(forms: list[tuple[int, ...]], size: int) -> bool:
    return isinstance(interior_point(forms, size), Feasible)


def falls(members: Any, rows: list[tuple[int, ...]], size: int) -> bool:
    """Whether all members are negative at one direction inside the constraints."""
    return inside([*(integer_direction([-entry for entry in row])[0] for row in members), *rows], size)


@pytest.mark.parametrize("number", ONE)
def test_stationary_on_all_cells(number: int) -> None:
    """Each notion against its definition, cell by cell and choice by choice; with constraints, and without."""
    data = small_nets.nets()[number]
    net, source = sh.load(data), random.Random(number)
    size, fan = net.input_count, gradients(net)
    plain = oracle.read(data)
    count = len(plain_autodiff.Tape(plain).kinks)
    all_choices = {plain_autodiff.Tape(plain, slopes).jacobian[0] for slopes in itertools.product((0, 1), repeat=count)}
    clarke_members = {row for (row,) in small_nets.bouligand(number)}
    row = tuple([source.randint(-2, 2) for _ in range(size)])
    for rows in ([], [row] if any(row) else [(1,) * size]):
        result = sh.stationary(net, constraints=rows)
        descends = any(
            inside([integer_direction([-entry for entry in gradient])[0], *sides, *rows], size)
            for sides, gradient in fan
        )
        assert result.directional is not descends
        assert result.clarke is not falls(clarke_members, rows, size)
        assert result.autodiff is not falls(all_choices, rows, size)
        for certificate in result.certificates.values():
            verified(net, certificate, {"minimum", "descent", "member", "outside", "support"})


@pytest.mark.parametrize("number", ONE[::2])
def test_regular_on_all_cells(number: int) -> None:
    """F' is convex iff on each cell its gradient is greatest among all; the norms are the greatest of the list."""
    net = sh.load(small_nets.nets()[number])
    fan = gradients(net)
    convex = not any(
        inside([*sides, integer_direction([y - x for x, y in zip(gradient, other, strict=True)])[0]], net.input_count)
        for sides, gradient in fan
        for _, other in fan
    )
    result = sh.regular(net)
    assert result.regular is convex
    verified(net, result.certificate, {"regular", "irregular"})
    found = sh.lipschitz(net)
    members = [row for (row,) in small_nets.bouligand(number)]
    assert found.decided and found.l1 and found.l2_squared and found.linf
    assert found.l1.value == max(sum(map(abs, row)) for row in members)
    assert found.l2_squared.value == max(sum(entry * entry for entry in row) for row in members)
    assert found.linf.value == max(max(map(abs, row)) for row in members)
