"""Gordan clauses: each one is valid, together they are complete, and few where they should be."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import combinations

import pytest
from pysat.solvers import Cadical195
from support.gordan_clauses import dense, is_valid

from subgrad_hardness.encoders.adders import TooLarge
from subgrad_hardness.encoders.gordan_clauses import Implication, implications
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite

MOST = 20_000


class Variables:
    """One variable a hyperplane, in CaDiCaL."""

    def __init__(self, found: Iterable[Implication]) -> None:
        self.numbers: dict[Key, int] = {}
        self.solver = Cadical195()
        for first, second, third in found:
            self.solver.add_clause([-self.literal(first), -self.literal(second), self.literal(third)])

    def literal(self, form: Key) -> int:
        line = max(form, opposite(form))
        number = self.numbers.setdefault(line, len(self.numbers) + 1)
        return number if line == form else -number

    def allow(self, forms: Sequence[Key]) -> bool:
        """Whether the clauses let all forms be positive."""
        return bool(self.solver.solve([self.literal(form) for form in forms]))


def random_forms(source: random.Random, size: int, count: int, largest: int = 2) -> list[Key]:
    found: set[Key] = set()
    while len(found) < count:
        form = {index: source.randint(-largest, largest) for index in range(size) if source.random() < 0.7}
        form = {index: entry for index, entry in form.items() if entry}
        if form:
            found.add(key_of(form))
    return sorted(found)


def with_dependent_ones(source: random.Random, forms: list[Key]) -> list[Key]:
    """And the opposites of positive combinations of a few."""
    found = set(forms)
    for _ in range(3):
        total: Form = {}
        for form in source.sample(forms, source.randint(1, len(forms))):
            add(total, dict(form), source.randint(1, 2))
        if total:
            found.add(opposite(key_of(total)))
    return sorted(found)


def subsets(source: random.Random, forms: list[Key], most: int) -> list[list[Key]]:
    every = [list(subset) for count in range(1, len(forms) + 1) for subset in combinations(forms, count)]
    return every if len(every) <= most else source.sample(every, most)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_a_set_of_forms_is_allowed_iff_it_is_positive_somewhere(size: int) -> None:
    """Exactly, for every set (or a sample of them): the cone is asked for each."""
    source = random.Random(f"gordan {size}")
    seen = {True: 0, False: 0}
    for _ in range(40):
        forms = with_dependent_ones(source, random_forms(source, size, source.randint(1, {1: 2, 2: 6}.get(size, 5))))
        found = implications(forms, MOST)
        assert all(is_valid(implication, size) for implication in found)
        variables = Variables(found)
        for subset in subsets(source, forms, 40):
            somewhere = isinstance(interior_point([dense(form, size) for form in subset], size), Feasible)
            assert variables.allow(subset) is somewhere, (forms, subset)
            seen[somewhere] += 1
    assert min(seen.values()) >= (200 if size > 1 else 30), seen


def test_larger_sets() -> None:
    """Many forms with larger entries, and sets of them that are just not positive anywhere."""
    source = random.Random("larger")
    seen = {True: 0, False: 0}
    for size, count in ((2, 40), (3, 24), (4, 12), (5, 9), (6, 9)):
        forms = random_forms(source, size, count, largest=9)
        found = implications(forms, 50_000)
        assert all(is_valid(implication, size) for implication in source.sample(found, min(len(found), 200)))
        variables = Variables(found)
        for _ in range(40):
            subset = source.sample(forms, min(size + 1, count - 1))
            somewhere = isinstance(interior_point([dense(form, size) for form in subset], size), Feasible)
            assert variables.allow(subset) is somewhere
            seen[somewhere] += 1
    assert min(seen.values()) > 20, seen


def test_a_form_with_two_histories() -> None:
    """Found by search: a combination is met twice, and only the later history has few enough members to go on."""
    rows = (
        *((-1, 0, 0, 0), (-1, -1, 1, 0), (1, -2, -4, -2), (3, 0, -2, 0), (0, -3, -3, -1)),
        *((0, -1, 1, 0), (0, 1, 1, 1), (0, 1, 0, -1), (0, 0, 0, 1)),
    )
    forms = [key_of({index: entry for index, entry in enumerate(row) if entry}) for row in rows]
    variables = Variables(implications(forms, MOST))
    for count in (4, 5):
        for subset in combinations(forms, count):
            somewhere = isinstance(interior_point([dense(form, 4) for form in subset], 4), Feasible)
            assert variables.allow(subset) is somewhere


def test_a_clause_that_is_missing_is_noticed() -> None:
    """x, y, z and -(x + y + z), all positive nowhere: no implication can be left out."""
    forms: list[Key] = [((0, 1),), ((1, 1),), ((2, 1),), ((0, -1), (1, -1), (2, -1))]
    found = implications(forms, MOST)
    assert not Variables(found).allow(forms)
    needed = [gone for gone in found if Variables(clause for clause in found if clause != gone).allow(forms)]
    assert len(needed) >= 2
    for three in combinations(forms, 3):
        assert Variables(found).allow(three)


def test_independent_forms_need_none_in_any_coordinates() -> None:
    """Signs of inputs, also after an integer change of the inputs, and with both sides of each hyperplane."""
    source = random.Random("independent")
    rows = [[int(i == j) for j in range(30)] for i in range(30)]
    for _ in range(200):
        target, other = source.sample(range(30), 2)
        rows[target] = [x + source.choice((1, -1)) * y for x, y in zip(rows[target], rows[other], strict=True)]
    for matrix in ([[int(i == j) for j in range(30)] for i in range(30)], rows):
        forms = [key_of({index: entry for index, entry in enumerate(row) if entry}) for row in matrix]
        assert implications(forms + [opposite(form) for form in forms], 0) == []


def test_two_dimensions_are_linear_and_differences_cubic() -> None:
    plane = [key_of({0: entry, 1: 1}) for entry in range(1, 100)]
    assert len(implications(plane + [opposite(form) for form in plane], MOST)) == 2 * (len(plane) - 2)
    for size in (4, 6, 9):
        differences = [key_of({i: 1, j: -1}) for i in range(size) for j in range(size) if i != j]
        count = size * (size - 1) * (size - 2) // 6  # triples, each with two cyclic orders
        assert len(implications(differences, MOST)) == 2 * count


def test_the_same_for_equal_sets() -> None:
    forms = random_forms(random.Random("order"), 3, 8)
    found = implications(forms, MOST)
    random.Random("shuffle").shuffle(forms)
    assert implications(forms, MOST) == found


def test_too_many_are_refused() -> None:
    forms = random_forms(random.Random("many"), 3, 60, largest=99)
    with pytest.raises(TooLarge):
        implications(forms, 300)
    with pytest.raises(TooLarge):
        implications([key_of({0: 1, 1: entry}) for entry in range(1, 99)], 50)
