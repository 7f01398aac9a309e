"""Bounded combinations: every answer carries its evidence, whatever was asked before on the same system."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

import pytest
from support.boxes import Vector, ask, dot, hinges, judge, random_target, random_vector, systems

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.box import Bounds, BoxSystem, Combination, Packed, SeparatingPoint


def test_random_systems() -> None:
    said = systems(random.Random("box"), 1500)
    assert min(said["combination"], said["separation"]) > 300


@pytest.mark.parametrize("seed", range(12))
def test_one_system_answers_changing_questions(seed: int) -> None:
    """Other bounds, other targets, other vectors, and vectors that come later."""
    source = random.Random(f"box questions {seed}")
    system = BoxSystem(source.randint(1, 4))
    said: Counter[str] = Counter()
    for _ in range(12):
        system.add(random_vector(source, system.vectors, system.dimension))
        for _ in range(6):
            said[ask(source, system)] += 1
    assert min(said["combination"], said["separation"]) > 5


@pytest.mark.parametrize(
    ("vectors", "bounds", "target", "expected"),
    [
        ([(1,)], [(0, 2)], (2,), "combination"),
        ([(1,)], [(0, 2)], (3,), "separation"),
        ([(1,)], [(0, 2)], (-1,), "separation"),
        ([(1,)], [(1, 2)], (0,), "separation"),  # a lower end that is not zero counts where it is not mentioned
        ([(1,)], [(1, None)], (10**60,), "combination"),
        ([(1,)], [(None, -1)], (0,), "separation"),
        ([(2,)], [(0, 1)], (1,), "combination"),  # a half
        ([(1, 0), (0, 1), (1, 1)], [(0, 1)] * 3, (2, 2), "combination"),
        ([(1, 0), (0, 1), (1, 1)], [(0, 1)] * 3, (2, 0), "separation"),
        ([(1, 0), (-1, 0)], [(3, 3), (3, 3)], (0, 0), "combination"),
        ([(1, 0), (1, 0)], [(3, 3), (3, 3)], (0, 0), "separation"),
        ([(0, 0)], [(5, 6)], (0, 0), "combination"),
        ([(0, 0)], [(5, 6)], (0, 1), "separation"),
        ([(10**40, 1 - 10**40), (-(10**40), 10**40)], [(0, None), (0, None)], (0, 1), "combination"),
        ([(10**40, 1 - 10**40), (1 - 10**40, 10**40)], [(0, 1), (0, 1)], (1, 1), "combination"),
        ([(10**40, 1 - 10**40), (1 - 10**40, 10**40)], [(0, 1), (0, 1)], (1, 2), "separation"),
        ([], [], (0, 0), "combination"),
        ([], [], (0, 1), "separation"),
    ],
)
def test_corners(vectors: list[Vector], bounds: list[Bounds], target: Vector, expected: str) -> None:
    system = BoxSystem(len(target))
    question = {system.add(vector): bound for vector, bound in zip(vectors, bounds, strict=True)}
    assert judge(system.vectors, question, target, system.solve(question, target)) == expected


def test_the_units_are_vectors_too() -> None:
    """Left out unless they are named."""
    system = BoxSystem(2)
    assert isinstance(system.solve({}, (1, 0)), SeparatingPoint)
    assert system.solve({0: (0, 1)}, (1, 0)) == Combination({0: 1}, 1)
    assert isinstance(system.solve({0: (0, 1)}, (2, 0)), SeparatingPoint)
    assert isinstance(system.solve({}, (1, 0)), SeparatingPoint)


class Counted(Limits):
    """A limit that is reached at the last of so many looks."""

    left: ClassVar[int] = 0

    def check(self) -> None:
        Counted.left -= 1
        if Counted.left <= 0:
            raise LimitReached("time limit")


def test_a_limit_leaves_the_system_as_it_was() -> None:
    system = BoxSystem(2)
    question: dict[int, Bounds] = {system.add((1, 1)): (0, 1), system.add((1, -1)): (0, 1)}
    with pytest.raises(LimitReached):
        system.solve(question, (2, 0), Limits.seconds(-1))
    assert system.solve(question, (2, 0), Limits.seconds(100)) == Combination({2: 1, 3: 1}, 1)


@pytest.mark.parametrize("seed", range(20))
def test_a_limit_between_pivots(seed: int) -> None:
    """The basis is in order wherever the limit comes: what is asked next is answered right."""
    source = random.Random(f"box limits {seed}")
    system = BoxSystem(4)
    stopped = 0
    for _ in range(15):
        bounds = hinges(source, system, 4) | dict.fromkeys(source.sample(range(4), 2), (-1, 2))
        target = random_target(source, system.vectors, bounds, 4)
        Counted.left = source.randint(1, 4)
        try:
            system.solve(bounds, target, Counted())
        except LimitReached:
            stopped += 1
        ask(source, system)
        judge(system.vectors, bounds, target, system.solve(bounds, target))
    assert stopped > 4


def plain(vectors: Sequence[Vector], row: Sequence[int]) -> list[int]:
    return [dot(row, vector) for vector in vectors]


@pytest.mark.parametrize("size", [1, 10**3, 2**31, 2**40, 10**30])
def test_packed_products(size: int) -> None:
    """Also where lanes would overflow, and with vectors that come later."""
    source = random.Random(size)
    for dimension in range(1, 5):
        packed = Packed([])
        vectors: list[Vector] = []
        for _ in range(30):
            vectors.append(tuple(source.randint(-size, size) for _ in range(dimension)))
            packed.add(vectors[-1])
            row = [source.randint(-size, size) for _ in range(dimension)]
            assert list(packed.products(row)) == plain(vectors, row)
        assert list(Packed(vectors).products(row)) == plain(vectors, row)


@pytest.mark.parametrize("entry", [2**63 - 1, 1 - 2**63, 2**63, -(2**63), 2**64, 3 * 2**62])
def test_the_ends_of_a_lane(entry: int) -> None:
    vectors = [(entry, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (entry, 0)]
    packed = Packed(vectors)
    for row in ((1, 0), (-1, 0), (1, 1), (1, -1), (2, 0)):
        assert list(packed.products(row)) == plain(vectors, row)
