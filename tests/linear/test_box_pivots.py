"""The pivots of bounded combinations: hinges flip, the basis stays, Bland's rule comes in the end."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from support.boxes import Vector, dot, hinges, judge, random_target, systems

from subgrad_hardness.linear.box import Bounds, BoxSystem, Combination, SeparatingPoint, Standing


@pytest.fixture
def pivots(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What entered, pivot by pivot."""
    entered: list[int] = []
    pivot = BoxSystem.pivot

    def counted(system: BoxSystem, place: int, entering: int) -> None:
        entered.append(entering)
        pivot(system, place, entering)

    monkeypatch.setattr(BoxSystem, "pivot", counted)
    return entered


def test_many_hinges_flip_and_the_basis_stays(pivots: list[int]) -> None:
    """Far more hinges change sides than pivots are made; a question that was just asked costs none."""
    source = random.Random("many hinges")
    system = BoxSystem(3)
    bounds = hinges(source, system, 200)
    side = [number for number in bounds if dot(system.vectors[number], (3, 1, -2)) > 0]
    corner = [sum(3 * system.vectors[number][index] for number in side) for index in range(3)]
    for step, expected in ((-40, "combination"), (1, "separation")):
        target = (corner[0] + 3 * step, corner[1] + step, corner[2] - 2 * step)
        pivots.clear()
        answer = system.solve(bounds, target)
        assert judge(system.vectors, bounds, target, answer) == expected
        assert 0 < len(pivots) < 20
        if isinstance(answer, Combination):
            assert sum(value == 3 * answer.denominator for value in answer.numerators.values()) > 60
        pivots.clear()
        assert system.solve(bounds, target) == answer
        assert not pivots


@pytest.mark.parametrize("entry", [1, 2, -1])
@pytest.mark.parametrize(("low", "high"), [(0, 2), (1, 3), (-3, -1), (-2, 0)])
def test_one_pivot_does_where_the_others_flip(entry: int, low: int, high: int, pivots: list[int]) -> None:
    """Ten times the same vector: all but one go to an end, whichever side they come from."""
    system = BoxSystem(1)
    bounds: dict[int, Bounds] = {system.add((entry,)): (low, high) for _ in range(10)}
    for half in (19, 1, 13, 7):
        pivots.clear()
        target = (entry * (10 * low + half),)
        assert judge(system.vectors, bounds, target, system.solve(bounds, target)) == "combination"
        assert len(pivots) == 1
    assert isinstance(system.solve(bounds, (10 * entry * high + entry,)), SeparatingPoint)


def patch_greedy(monkeypatch: pytest.MonkeyPatch, pivots: int = 0, each: int = 0) -> None:
    monkeypatch.setattr("subgrad_hardness.linear.box._GREEDY_PIVOTS", pivots)
    monkeypatch.setattr("subgrad_hardness.linear.box._GREEDY_EACH", each)


def test_more_pivots_than_are_tried_greedily(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bland's rule alone decides as well."""
    patch_greedy(monkeypatch)
    said = systems(random.Random("Bland"), 400)
    assert min(said["combination"], said["separation"]) > 60


def test_blands_rule_enters_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it the longest vector enters."""
    vectors: list[Vector] = [(1, 0), (5, 0), (0, 1), (1, 9)]
    for expected in ({3: 2}, {3: 8, 5: 10}), ({2: 10}, {2: 10, 4: 18}):
        system = BoxSystem(2)
        question: dict[int, Bounds] = {system.add(vector): (0, None) for vector in vectors}
        for target, taken in zip(((10, 0), (10, 18)), expected, strict=True):
            answer = system.solve(question, target)
            assert judge(system.vectors, question, target, answer) == "combination"
            assert isinstance(answer, Combination)
            assert answer.numerators == taken
        patch_greedy(monkeypatch)


def off(system: BoxSystem, bounds: Mapping[int, Bounds], rest: Sequence[int], place: int) -> Fraction:
    """How far a basic variable is outside its bounds."""
    low, high = bounds.get(system.basis[place], (0, 0))
    value = Fraction(dot(system._rows[place], rest), system._denominators[place])
    nearest = value if low is None else max(value, Fraction(low))
    return abs(value - (nearest if high is None else min(nearest, Fraction(high))))


def test_what_leaves_is_off_the_most_and_then_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Greedy for so many pivots and so many for each dimension, then Bland's rule."""
    rules: list[bool] = []
    violated = BoxSystem.violated

    def watched(system: BoxSystem, state: Standing, bland: bool) -> tuple[int, int, int] | None:
        rules.append(bland)
        found = violated(system, state, bland)
        gaps = {
            position: gap
            for position in range(system.dimension)
            if (gap := off(system, state.bounds, state.rest, position))
        }
        assert (found is None) == (not gaps)
        if found is not None and bland:
            assert system.basis[found[0]] == min(system.basis[position] for position in gaps)
        elif found is not None:
            assert gaps[found[0]] > Fraction(999, 1000) * max(gaps.values())
        return found

    monkeypatch.setattr(BoxSystem, "violated", watched)
    patch_greedy(monkeypatch, 1, 1)
    source = random.Random("leaving")
    longest = 0
    for _ in range(100):
        system = BoxSystem(4)
        bounds = hinges(source, system, 9)
        rules.clear()
        target = random_target(source, system.vectors, bounds, 4)
        judge(system.vectors, bounds, target, system.solve(bounds, target))
        assert rules == [number >= 5 for number in range(len(rules))]
        longest = max(longest, len(rules))
    assert longest > 7


def test_numbers_beyond_floating_point() -> None:
    """Sizes to rank candidates by are no floats where they would overflow."""
    huge = 10**400
    system = BoxSystem(2)
    question: dict[int, Bounds] = {system.add((1, huge)): (0, None), system.add((1, -huge)): (0, None)}
    for target, expected in (((2 * huge, 0), "combination"), ((2, 3 * huge), "separation"), ((-huge, 1), "separation")):
        assert judge(system.vectors, question, target, system.solve(question, target)) == expected
    system = BoxSystem(1)
    question = {system.add((huge,)): (0, 1)}
    for entry, expected in ((huge, "combination"), (huge + 1, "separation"), (0, "combination"), (-1, "separation")):
        assert judge(system.vectors, question, (entry,), system.solve(question, (entry,))) == expected
