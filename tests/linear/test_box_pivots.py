"""The pivots of bounded combinations: hinges flip, the basis stays, Bland's rule comes in the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from support.boxes import Vector, dot, hinges, judge, random_target, systems

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.box import Bounds, BoxSystem, Combination, SeparatingPoint


class Looks(Limits):
    """A limit that is never reached; the system looks at it before each pivot, and once when it has the answer."""

    looked: Callable[[], object]

    @classmethod
    def calling(cls, looked: Callable[[], object]) -> Looks:
        """At each look ``looked`` is called."""
        looks = cls()
        looks.looked = looked
        return looks

    def check(self) -> None:
        self.looked()


def solved(
    system: BoxSystem, bounds: Mapping[int, Bounds], target: Sequence[int]
) -> tuple[Combination | SeparatingPoint, int]:
    """The answer, and the number of pivots that it took."""
    bases: list[None] = []
    answer = system.solve(bounds, target, Looks.calling(lambda: bases.append(None)))
    return answer, len(bases) - 1


def test_many_hinges_flip_and_the_basis_stays() -> None:
    """Far more hinges change sides than pivots are made; a question that was just asked costs none."""
    source = random.Random("many hinges")
    system = BoxSystem(3)
    bounds = hinges(source, system, 200)
    side = [number for number in bounds if dot(system.vectors[number], (3, 1, -2)) > 0]
    corner = [sum(3 * system.vectors[number][index] for number in side) for index in range(3)]
    for step, expected in ((-40, "combination"), (1, "separation")):
        target = (corner[0] + 3 * step, corner[1] + step, corner[2] - 2 * step)
        answer, pivots = solved(system, bounds, target)
        assert judge(system.vectors, bounds, target, answer) == expected
        assert 0 < pivots < 20
        if isinstance(answer, Combination):
            assert sum(value == 3 * answer.denominator for value in answer.numerators.values()) > 60
        assert solved(system, bounds, target) == (answer, 0)


@pytest.mark.parametrize("entry", [1, 2, -1])
@pytest.mark.parametrize(("low", "high"), [(0, 2), (1, 3), (-3, -1), (-2, 0)])
def test_one_pivot_does_where_the_others_flip(entry: int, low: int, high: int) -> None:
    """Ten times the same vector: all but one go to an end, whichever side they come from."""
    system = BoxSystem(1)
    bounds: dict[int, Bounds] = {system.add((entry,)): (low, high) for _ in range(10)}
    for half in (19, 1, 13, 7):
        target = (entry * (10 * low + half),)
        answer, pivots = solved(system, bounds, target)
        assert judge(system.vectors, bounds, target, answer) == "combination"
        assert pivots == 1
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


#: A basis, and how far each basic variable is outside its bounds.
Standing = tuple[list[int], list[Fraction]]


def standing(system: BoxSystem, bounds: Mapping[int, Bounds], target: Vector) -> Standing:
    """Where the system stands on the way to its answer."""
    rest = list(target)
    for number, value in system._last.items():
        rest = [entry - value * part for entry, part in zip(rest, system.vectors[number], strict=True)]
    gaps = []
    for number, row, denominator in zip(system.basis, system._rows, system._denominators, strict=True):
        low, high = bounds.get(number, (0, 0))
        stands = Fraction(dot(row, rest), denominator)
        nearest = stands if low is None else max(stands, Fraction(low))
        gaps.append(abs(stands - (nearest if high is None else min(nearest, Fraction(high)))))
    return list(system.basis), gaps


def watched(system: BoxSystem, bounds: Mapping[int, Bounds], target: Vector) -> tuple[bool, list[Standing]]:
    """Whether the target is a combination, and where the system stood at each look."""
    seen: list[Standing] = []
    answer = system.solve(bounds, target, Looks.calling(lambda: seen.append(standing(system, bounds, target))))
    return judge(system.vectors, bounds, target, answer) == "combination", seen


def test_what_leaves_is_off_the_most_and_then_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Greedy for so many pivots and so many for each dimension, then Bland's rule."""
    patch_greedy(monkeypatch, 1, 1)
    source = random.Random("leaving")
    longest = 0
    for _ in range(100):
        system = BoxSystem(4)
        bounds = hinges(source, system, 9)
        target = random_target(source, system.vectors, bounds, 4)
        found, seen = watched(system, bounds, target)
        for number, ((basis, gaps), (following, _)) in enumerate(pairwise(seen)):
            (place,) = (at for at in range(4) if basis[at] != following[at])
            if number >= 5:
                assert basis[place] == min(basis[at] for at in range(4) if gaps[at])
            else:
                assert gaps[place] > Fraction(999, 1000) * max(gaps)
        assert any(seen[-1][1]) is not found
        longest = max(longest, len(seen))
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
