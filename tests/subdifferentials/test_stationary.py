"""Stationarity in three senses: known answers, and brute force under random constraints."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.exact_hulls import backpropagated, lexicographic
from support.fixture_nets import fixture
from support.random_programs import random_program

from subgrad_hardness import PointError, directional_derivative, stationary, verify
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Matrix, integer_direction

#: net -> (directional, clarke, autodiff).
KNOWN = {
    "relu": (True, True, True),
    "abs sum": (True, True, True),
    "relu x - relu y": (False, True, True),
    "max(-y,min(0,-x))": (False, True, True),
    "relu x-relu -x": (False, False, True),
    "hardsigmoid pair": (False, False, True),
    "clamp(x,0,0)": (True, True, True),
    "clamp(l,x,u) at l=x<u": (False, False, False),
    "median3": (False, False, False),
    "l1 3": (True, True, True),
    "permutahedron 4": (True, True, True),
    "four spikes (0 inside)": (True, True, True),
    "|x|-|y|": (False, True, True),
    "-|x|": (False, True, True),
    "|x|+2y": (False, False, False),
    "saddle min(max)": (False, True, True),
    "relu(|x|-|y|)": (True, True, True),
    "thin cone": (True, True, True),
    "mae at [0, 0]": (True, True, True),
    "mae at ['1/2', '1/2']": (False, False, False),
    "hinge at [1, 0]": (True, True, True),
    "hinge at ['1/2', '1/2']": (False, False, False),
    "corner pixel": (False, False, True),
    "norm inf 3": (True, True, True),
    "zonotope of 5 forms": (True, True, True),
    "type B3": (True, True, True),
    "Khan-Barton": (False, True, True),
}
NOTIONS = ("directional", "clarke", "autodiff")


@pytest.mark.parametrize("name", KNOWN)
def test_known(name: str) -> None:
    program = fixture(name)
    found = stationary(program)
    assert tuple(getattr(found, notion) for notion in NOTIONS) == KNOWN[name]
    assert (found.descent is not None) == (not found.directional)
    if found.descent is not None:
        assert directional_derivative(program, found.descent)[0] < 0
    assert set(found.certificates) == set(NOTIONS) and not found.why and not found.uncertified
    for certificate in found.certificates.values():
        assert verify(program, certificate)


def test_the_descent_of_khan_and_barton() -> None:
    (slope,) = directional_derivative(fixture("Khan-Barton"), (2, 1))
    assert slope == -1


def some_falls(members: list[Matrix], rows: list[tuple[int, ...]], size: int) -> bool:
    """Whether all members fall along some direction that the constraints allow."""
    cone = StrictCone(size)
    falls = [cone.add(integer_direction(tuple([-entry for entry in member[0]]))[0]) for member in members]
    return isinstance(cone.solve([*falls, *(cone.add(row, strict=False) for row in rows)]), Feasible)


@pytest.mark.parametrize("seed", range(40))
def test_random_nets_under_constraints(seed: int) -> None:
    program = random_program(seed, inputs=1 + seed % 3, nodes=3 + seed % 3)
    size, stream = program.input_count, Stream(seed, "constraints")
    rows = [stream.direction(size, 2) for _ in range(seed % 4)]
    found = stationary(program, constraints=rows)
    assert found.clarke == (not some_falls(lexicographic(program), rows, size))
    assert found.autodiff == (not some_falls(backpropagated(program), rows, size))
    for notion in ("clarke", "autodiff"):
        if getattr(found, notion):
            combined = [
                sum(times * row[index] for times, row in zip(found.multipliers[notion], rows, strict=False))
                for index in range(size)
            ]
            assert list(found.subgradients[notion]) == combined
            assert all(times >= 0 for times in found.multipliers[notion])
    for d in [stream.direction(size, 4) for _ in range(40)]:
        if all(sum(w * e for w, e in zip(row, d, strict=True)) >= 0 for row in rows):
            assert not found.directional or directional_derivative(program, d)[0] >= 0
    if found.descent is not None:
        assert directional_derivative(program, found.descent)[0] < 0
        assert all(sum(w * e for w, e in zip(row, found.descent, strict=True)) >= 0 for row in rows)
    assert not (found.directional and not found.clarke) and not (found.clarke and not found.autodiff)
    for certificate in found.certificates.values():
        assert verify(program, certificate)


def test_without_an_open_cone_there_is_a_verdict_and_no_certificate() -> None:
    found = stationary(fixture("|x|-|y|"), constraints=[[0, 1], [0, -1]])
    assert found.directional and "directional" not in found.certificates
    assert "no open cone" in found.uncertified["directional"]


def test_one_output_only() -> None:
    with pytest.raises(PointError, match="2 outputs"):
        stationary(fixture("vector (|x|,|y|)"))


def test_multipliers_are_exact() -> None:
    found = stationary(fixture("|x|+2y"), constraints=[[0, 3]])
    assert found.clarke and found.multipliers["clarke"] == (Fraction(2, 3),)
