"""Derived programs compute what they say, at random points, and their relus keep the order of the numbering."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.fixture_nets import FIXTURES, fixture

from subgrad_hardness.api.pointwise import directional_derivative, value
from subgrad_hardness.certificate.definitions import numbered_relus
from subgrad_hardness.certificate.derived import difference, directional, homogenised, shifted, subadditive
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.program import Program

Vector = tuple[Fraction, ...]


def vectors(label: str, size: int, count: int) -> list[Vector]:
    """Random small vectors of rationals."""
    stream = Stream(3, label)
    return [tuple([Fraction(entry, 1 + number) for entry in stream.signed(size, 3)]) for number in range(count)]


def at(program: Program, point: Vector) -> Vector:
    return tuple(value(program, point))


def slope(program: Program, direction: Vector) -> Vector:
    return tuple(directional_derivative(program, direction))


def minus(first: Vector, *others: Vector) -> Vector:
    return tuple([left - sum(rest) for left, *rest in zip(first, *others, strict=True)])


@pytest.mark.parametrize("name", FIXTURES)
def test_values(name: str) -> None:
    program = fixture(name)
    size = program.input_count
    for d, u, far in zip(*[vectors(f"{name} {part}", size, 4) for part in ("d", "u", "far")], strict=True):
        t = Fraction(2, 3)
        moved = tuple([left + t * right for left, right in zip(d, u, strict=True)])
        both = tuple([left + right for left, right in zip(d, u, strict=True)])
        assert at(directional(program), d) == slope(program, d)
        assert at(shifted(program, u), (*d, t)) == minus(slope(program, moved), slope(program, d))
        assert at(subadditive(program), (*d, *u)) == minus(slope(program, both), slope(program, d), slope(program, u))
        whole = at(program, far)
        scaled = tuple([t * entry for entry in far])
        assert at(homogenised(program), (*scaled, t)) == tuple([t * entry for entry in whole])
        assert at(difference(program, directional(program)), far) == minus(whole, at(directional(program), far))


@pytest.mark.parametrize("name", ["median3", "corner pixel", "hinge at [1, 0]", "zero: max(0,x)-max(x,max(0,x))"])
def test_relus_keep_their_order(name: str) -> None:
    """Of each copy the relus that stay, by their numbers in the program."""
    program = fixture(name)
    localised = Localised(program)
    kinks = [node for node in numbered_relus(program) if node in localised.kinks]
    assert all(len(numbered_relus(made)) == copies * len(kinks) for made, copies in counted(program))
    for made, copies in counted(program):
        relus = numbered_relus(made)
        assert set(relus) == set(Localised(made).kinks)
        # Within a copy the rewriting has the kinks in the program's own topological order.
        order = sorted(range(len(kinks)), key=lambda rank: kinks[rank])
        for copy in range(copies):
            part = relus[copy * len(kinks) : (copy + 1) * len(kinks)]
            assert sorted(range(len(kinks)), key=lambda rank: part[rank]) == order
    assert len(numbered_relus(homogenised(program))) == len(numbered_relus(program))


def counted(program: Program) -> list[tuple[Program, int]]:
    u = (Fraction(1),) * program.input_count
    return [(directional(program), 1), (shifted(program, u), 2), (subadditive(program), 3)]
