"""Strict cones: the exact simplex against Fourier-Motzkin elimination, and its multipliers."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracle
from support.ranks import rank

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.linear.cone import Feasible, Infeasible, StrictCone, interior_point

Form = tuple[int, ...]
HUGE = 10**50


def judge(
    forms: Sequence[Form],
    asked: Sequence[int],
    answer: Feasible | Infeasible,
    dimension: int,
    weak: Collection[int] = (),
) -> str:
    """Check an answer about ``asked`` from its own evidence; what it says.  ``weak`` forms may be 0."""
    if isinstance(answer, Feasible):
        assert len(answer.point) == dimension
        assert math.gcd(*answer.point) <= 1
        for number in asked:
            level = oracle.dot(forms[number], answer.point)
            assert level > 0 or (level == 0 and number in weak)
        return "feasible"
    used = [forms[number] for number in answer.forms]
    assert used
    assert len(used) == len(set(answer.forms)) == len(answer.multipliers)
    assert set(answer.forms) <= set(asked)
    assert not set(answer.forms) <= set(weak)
    assert all(multiplier > 0 for multiplier in answer.multipliers)
    assert math.gcd(*answer.multipliers) == 1
    for index in range(dimension):
        assert sum(m * form[index] for m, form in zip(answer.multipliers, used, strict=True)) == 0
    # Minimal support: n positively dependent forms of rank n - 1 have one dependence only.
    assert rank(used) == len(used) - 1
    return "infeasible"


def compare(forms: Sequence[Form], dimension: int) -> str:
    """The answer for all forms, checked by its evidence and against the elimination."""
    answer = interior_point(forms, dimension)
    said = judge(forms, range(len(forms)), answer, dimension)
    assert (oracle.positive_point(forms, dimension) is not None) == (said == "feasible")
    return said


def random_forms(source: random.Random, dimension: int) -> list[Form]:
    """A system that is degenerate more often than not."""
    size = source.choice((1, 1, 2, 3, 9, HUGE))
    entries = source.choice((1.0, 0.6))
    forms: list[Form] = []
    for _ in range(source.randint(1, 7)):
        kind = source.random()
        if forms and kind < 0.08:
            forms.append(source.choice(forms))
        elif forms and kind < 0.12:
            forms.append(tuple(-x for x in source.choice(forms)))
        elif forms and kind < 0.2:
            factor = source.choice((2, 7, HUGE))
            forms.append(tuple(factor * x for x in source.choice(forms)))
        elif len(forms) > 1 and kind < 0.35:
            one, other = source.sample(forms, 2)
            forms.append(tuple(x - source.choice((1, 2)) * y for x, y in zip(one, other, strict=True)))
        else:
            row = [source.randint(-size, size) if source.random() < entries else 0 for _ in range(dimension)]
            if any(row) or source.random() < 0.05:
                forms.append(tuple(row))
    return forms


@pytest.mark.parametrize("dimension", [1, 2, 3, 4])
def test_random_systems_are_decided_as_elimination_decides_them(dimension: int) -> None:
    source = random.Random(dimension)
    said = Counter(compare(random_forms(source, dimension), dimension) for _ in range(1000))
    assert said["feasible"] > 150
    assert said["infeasible"] > 150


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ([], "feasible"),
        ([(0, 0)], "infeasible"),
        ([(1, 0), (0, 0)], "infeasible"),
        ([(1, 0), (1, 0), (2, 0)], "feasible"),
        ([(1, 0), (-3, 0)], "infeasible"),
        ([(0, 1), (1, 0), (-1, 0)], "infeasible"),
        ([(1, 0), (0, 1), (-1, -1)], "infeasible"),
        ([(1, 0), (0, 1), (-1, 1)], "feasible"),
        ([(1, -(2**60)), (-1, 2**60 + 1)], "feasible"),
        ([(1, -(2**60)), (-1, 2**60)], "infeasible"),
        ([(1, -(10**40)), (-1, 10**40 + 1), (0, 1)], "feasible"),
        ([(1, -(10**40)), (-1, 10**40 + 1), (0, -1)], "infeasible"),
        ([(HUGE, -HUGE + 1), (-HUGE - 1, HUGE)], "feasible"),
        ([(10**40, 1 - 10**40), (1 - 10**40, 10**40)], "feasible"),
    ],
)
def test_cones_that_tempt(forms: list[Form], expected: str) -> None:
    assert compare(forms, 2) == expected


@given(st.data())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_thin_cones_are_found_and_shut_ones_are_not(data: st.DataObject) -> None:
    """A cone 10^-40 wide in three dimensions: a ray between forms that almost oppose each other."""
    entry = st.integers(-9, 9)
    ray = data.draw(st.tuples(entry, entry, entry).filter(any))
    other = data.draw(st.tuples(entry, entry, entry))
    factor = 10**40
    forms = []
    for _ in range(data.draw(st.integers(1, 3))):
        a = data.draw(st.tuples(entry, entry, entry))
        # a is turned by at most 10^-40 from the plane orthogonal to the ray
        square = sum(x * x for x in ray)
        along = sum(x * y for x, y in zip(a, ray, strict=True))
        flat = tuple(square * x - along * y for x, y in zip(a, ray, strict=True))
        forms.append(tuple(factor * x + y for x, y in zip(flat, ray, strict=True)))
        forms.append(tuple(-factor * x + y for x, y in zip(flat, ray, strict=True)))
    assert compare(forms, 3) == "feasible"
    shut = [*forms, tuple(-factor * x for x in ray)]
    assert compare(shut, 3) == "infeasible"
    compare([*forms, other], 3)


@pytest.mark.parametrize("seed", range(24))
def test_one_cone_answers_changing_subsets(seed: int) -> None:
    """Strict forms alone for even seeds, weak ones among them for odd seeds."""
    source = random.Random(f"subsets {seed}")
    dimension = source.randint(1, 4)
    cone = StrictCone(dimension)
    forms: list[Form] = []
    weak: set[int] = set()
    for _ in range(25):
        for form in random_forms(source, dimension)[:3]:
            strict = seed % 2 == 0 or source.random() < 0.4
            number = cone.add(form, strict)
            assert number == len(forms)
            forms.append(form)
            if not strict:
                weak.add(number)
        asked = source.sample(range(len(forms)), min(len(forms), source.randint(0, 6)))
        said = judge(forms, asked, cone.solve(asked), dimension, weak)
        assert said == judge(forms, asked, cone.solve(iter([*asked, *asked])), dimension, weak)
        parts = [[forms[n] for n in asked if (n in weak) == flag] for flag in (False, True)]
        assert (oracle.positive_point(parts[0], dimension, parts[1]) is not None) == (said == "feasible")


@pytest.mark.parametrize("dimension", [1, 2, 3, 4])
def test_strict_and_weak_forms_together(dimension: int) -> None:
    """Motzkin's theorem instead of Gordan's."""
    source = random.Random(f"weak {dimension}")
    said: Counter[str] = Counter()
    for _ in range(600):
        forms = random_forms(source, dimension)
        weak = {number for number in range(len(forms)) if source.random() < 0.6}
        cone = StrictCone(dimension)
        numbers = [cone.add(form, number not in weak) for number, form in enumerate(forms)]
        answer = judge(forms, numbers, cone.solve(numbers), dimension, weak)
        parts = [[forms[n] for n in numbers if (n in weak) == flag] for flag in (False, True)]
        assert (oracle.positive_point(parts[0], dimension, parts[1]) is not None) == (answer == "feasible")
        said[answer] += 1
    assert min(said["feasible"], said["infeasible"]) > 60


def test_many_dimensions() -> None:
    """Chains x_1 > 2 x_2 > 4 x_3 > ... > 0, open, then shut by one more form."""
    size = 60
    rows = [tuple({index: 1, index + 1: -2}.get(column, 0) for column in range(size)) for index in range(size)]
    answer = interior_point(rows, size)
    assert judge(rows, range(size), answer, size) == "feasible"
    last = tuple({0: -1, size - 1: 2 ** (size - 1)}.get(column, 0) for column in range(size))
    answer = interior_point([*rows, last], size)
    assert judge([*rows, last], range(size + 1), answer, size) == "infeasible"
    assert isinstance(answer, Infeasible)
    assert len(answer.forms) == size
    assert max(answer.multipliers) == 2 ** (size - 2)


def test_more_pivots_than_are_tried_greedily(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bland's rule alone decides the same."""
    monkeypatch.setattr("subgrad_hardness.linear.cone._GREEDY_PIVOTS", 0)
    monkeypatch.setattr("subgrad_hardness.linear.cone._GREEDY_PIVOTS_EACH", 0)
    source = random.Random("Bland")
    said = Counter(compare(random_forms(source, 4), 4) for _ in range(200))
    assert min(said["feasible"], said["infeasible"]) > 20


def test_limits_are_looked_at() -> None:
    with pytest.raises(LimitReached):
        interior_point([(1, 2)], 2, Limits.seconds(-1))
    assert isinstance(interior_point([(1, 2)], 2, Limits.seconds(100)), Feasible)


def test_sparse_forms() -> None:
    cone = StrictCone(5)
    numbers = [cone.add_sparse((1, 3), (2, -1)), cone.add_sparse((3,), (4,)), cone.add_sparse((1,), (-1,))]
    answer = cone.solve(numbers)
    assert judge([(0, 2, 0, -1, 0), (0, 0, 0, 4, 0), (0, -1, 0, 0, 0)], numbers, answer, 5) == "infeasible"
    assert cone.solve([]) == Feasible((0,) * 5)
    empty = cone.add_sparse((), ())
    assert cone.solve([numbers[0], empty]) == Infeasible((empty,), (1,))
