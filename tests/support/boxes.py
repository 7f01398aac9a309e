"""Random systems of bounded combinations, and a judge of the answers about them."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence

from subgrad_hardness.linear.box import Bounds, BoxSystem, Combination, SeparatingPoint

Vector = tuple[int, ...]


HUGE = 10**50


def dot(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(one, other, strict=True))


def judge(
    vectors: Sequence[Vector], bounds: Mapping[int, Bounds], target: Vector, answer: Combination | SeparatingPoint
) -> str:
    """Check an answer by its own evidence; what it says."""
    if isinstance(answer, Combination):
        taken, common = answer
        assert common > 0
        assert 0 not in taken.values()
        assert set(taken) <= set(bounds), "vectors that are not named are left out"
        assert math.gcd(common, *taken.values()) == 1
        for number, (low, high) in bounds.items():
            assert low is None or low * common <= taken.get(number, 0)
            assert high is None or taken.get(number, 0) <= high * common
        sums = [sum(taken[c] * vectors[c][i] for c in taken) for i in range(len(target))]
        assert sums == [common * entry for entry in target]
        return "combination"
    assert len(answer.point) == len(target)
    most = 0
    for number, (low, high) in bounds.items():
        slope = dot(vectors[number], answer.point)
        if slope:
            end = high if slope > 0 else low
            assert end is not None, "there is no largest value"
            most += slope * end
    assert dot(target, answer.point) > most
    return "separation"


def random_vector(source: random.Random, vectors: Sequence[Vector], dimension: int) -> Vector:
    """Often zero, a copy, an opposite, a multiple or a sum of earlier ones."""
    kind = source.random()
    if len(vectors) > dimension and kind < 0.4:
        one, other = source.choice(vectors), source.choice(vectors)
        a, b = source.choice(((1, 0), (-1, 0), (3, 0), (HUGE, 0), (1, 1), (2, -1)))
        return tuple(a * x + b * y for x, y in zip(one, other, strict=True))
    size = source.choice((1, 1, 2, 9, HUGE))
    return tuple(source.randint(-size, size) if source.random() < 0.7 else 0 for _ in range(dimension))


def random_bounds(source: random.Random) -> Bounds:
    size = source.choice((1, 2, 7, HUGE))
    low = source.randint(-size, size)
    kinds = ((0, size), (0, size), (-size, 0), (None, 0), (0, None), (None, low), (low, None), (low, low))
    return source.choice((*kinds, (low, low + size)))


def random_target(
    source: random.Random, vectors: Sequence[Vector], bounds: Mapping[int, Bounds], dimension: int
) -> Vector:
    """Anything, or a point of the set, often at its border, or a step away from there."""
    if source.random() < 0.4:
        return tuple(source.randint(-9, 9) * source.choice((1, 1, HUGE)) for _ in range(dimension))
    target = [0] * dimension
    for number, (low, high) in bounds.items():
        ends = [end for end in (low, high) if end is not None]
        y = source.choice(ends) if len(ends) == 2 or source.random() < 0.7 else ends[0] + (3 if low is not None else -3)
        target = [x + y * u for x, u in zip(target, vectors[number], strict=True)]
    if source.random() < 0.4:
        target[source.randrange(dimension)] += source.choice((1, -1))
    return tuple(target)


def ask(source: random.Random, system: BoxSystem) -> str:
    """A random question about some of the vectors, with the answer's evidence checked."""
    known = range(len(system.vectors))
    named = source.sample(known, source.randint(0, min(len(known), 6)))
    bounds = {number: random_bounds(source) for number in named}
    target = random_target(source, system.vectors, bounds, system.dimension)
    return judge(system.vectors, bounds, target, system.solve(bounds, target))


def systems(source: random.Random, count: int) -> Counter[str]:
    """Fresh systems, a question each."""
    said: Counter[str] = Counter()
    for _ in range(count):
        system = BoxSystem(source.randint(1, 4))
        for _ in range(source.randint(1, 7)):
            number = system.add(random_vector(source, system.vectors, system.dimension))
            assert number == len(system.vectors) - 1
        said[ask(source, system)] += 1
    return said


def hinges(source: random.Random, system: BoxSystem, count: int) -> dict[int, Bounds]:
    return {system.add(source.choices(range(-99, 100), k=system.dimension)): (0, 3) for _ in range(count)}
