"""What membership, support and the shortest subgradient are by brute force: from a list of all Jacobians."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fractions import Fraction

import subgrad_hardness as sh
from subgrad_hardness.derivative.hull import in_convex_hull

Jacobian = tuple[tuple[Fraction, ...], ...]


def product(first: Jacobian, second: Jacobian) -> Fraction:
    """The sum of the products of the entries."""
    return sum(
        (x * y for left, right in zip(first, second, strict=True) for x, y in zip(left, right, strict=True)),
        Fraction(0),
    )


def combined(weights: Iterable[Fraction], members: Iterable[Jacobian]) -> Jacobian:
    """A weighted sum."""
    total: list[list[Fraction]] | None = None
    for weight, member in zip(weights, members, strict=True):
        scaled = [[weight * entry for entry in row] for row in member]
        if total is None:
            total = scaled
        else:
            total = [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(total, scaled, strict=True)]
    assert total is not None
    return tuple(map(tuple, total))


def vectors(all_members: Sequence[Jacobian], source: random.Random, count: int) -> list[Jacobian]:
    """Members, combinations of some, and matrices beside these."""
    half, found = Fraction(1, 2), []
    for number in range(count):
        first, second = source.choice(all_members), source.choice(all_members)
        middle = combined([half, half], [first, second])
        beside = tuple([tuple([entry + Fraction(source.randint(-3, 3), 4) for entry in row]) for row in middle])
        found.append((first, middle, beside)[number % 3])
    return found


def assert_contains(result: sh.ContainsResult, vector: Jacobian, all_members: Sequence[Jacobian]) -> None:
    """The result is the truth, and so is what it says why."""
    assert result.clarke is in_convex_hull(vector, all_members)
    assert result.lexicographic is (vector in all_members)
    if result.clarke:
        assert result.combination is not None and result.autodiff is True
        assert sum(part.weight for part in result.combination) == 1
        assert all(part.weight > 0 and part.jacobian in all_members for part in result.combination)
        weights, members = zip(*((part.weight, part.jacobian) for part in result.combination), strict=True)
        assert combined(weights, members) == vector
    else:
        separator = result.separator
        assert separator is not None and separator.value == product(separator.functional, vector) > separator.bound
        assert max(product(separator.functional, member) for member in all_members) <= separator.bound


def assert_supports(result: sh.SupportResult, all_members: Sequence[Jacobian]) -> None:
    """The value is the greatest, and is attained by a member."""
    assert result.functional is not None and result.member is not None
    best = max(product(result.functional, member) for member in all_members)
    assert result.value == result.attained == result.proved == best
    assert result.member.jacobian in all_members
    assert product(result.functional, result.member.jacobian) == best


def assert_shortest(result: sh.ShortestResult, all_members: Sequence[Jacobian]) -> None:
    """It is a combination of members, and no member has a smaller product with it: the optimality condition."""
    assert result.decided and result.subgradient is not None and result.combination is not None
    weights, members = zip(*((part.weight, part.jacobian) for part in result.combination), strict=True)
    assert sum(weights) == 1 and min(weights) > 0 and set(members) <= set(all_members)
    assert combined(weights, members) == result.subgradient
    assert result.squared == product(result.subgradient, result.subgradient)
    assert min(product(result.subgradient, member) for member in all_members) >= result.squared
