"""Bases, coordinates over them, solutions and dual bases, against their definitions, also where ranks are small."""

from __future__ import annotations

import random
import subprocess
import sys
from fractions import Fraction

import pytest

from subgrad_hardness.linear.elimination import dual_basis, independent, over_a_basis, solve

Vectors = list[list[int]]


def rank(vectors: Vectors) -> int:
    """Gaussian elimination with fractions, written out."""
    rows = [[Fraction(entry) for entry in vector] for vector in vectors]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            factor = rows[r][column] / rows[found][column]
            rows[r] = [x - factor * y for x, y in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


def drawn(source: random.Random) -> Vectors:
    """Vectors of a small rank, some of them zero or equal, some with large entries."""
    size, count = source.randint(1, 5), source.randint(1, 7)
    large = source.choice((2, 2, 10**12))
    basis = [[source.randint(-large, large) for _ in range(size)] for _ in range(source.randint(1, size))]
    vectors = []
    for _ in range(count):
        factors = [source.choice((-2, -1, 0, 0, 1, 3)) for _ in basis]
        vectors.append([sum(f * v[i] for f, v in zip(factors, basis, strict=True)) for i in range(size)])
    return vectors


def test_the_first_independent_vectors() -> None:
    source = random.Random("independent")
    ranks = set()
    for _ in range(200):
        vectors = drawn(source)
        expected = tuple(n for n in range(len(vectors)) if rank(vectors[: n + 1]) > rank(vectors[:n]))
        assert independent(vectors) == expected
        ranks.add(len(expected))
    assert ranks >= {0, 1, 2, 3}


def test_all_vectors_over_the_basis() -> None:
    source = random.Random("over a basis")
    denominators = set()
    for _ in range(200):
        vectors = drawn(source)
        over = over_a_basis(vectors)
        assert over.basis == independent(vectors)
        assert over.denominator > 0
        denominators.add(over.denominator)
        assert len(over.coordinates) == len(vectors)
        for vector, coordinates in zip(vectors, over.coordinates, strict=True):
            assert list(coordinates) == sorted(coordinates)
            assert all(coordinates.values())
            for index, entry in enumerate(vector):
                total = sum(c * vectors[over.basis[r]][index] for r, c in coordinates.items())
                assert total == over.denominator * entry
    assert len(denominators) > 5


def test_solutions_are_zero_off_the_first_independent_coordinates() -> None:
    source = random.Random("solve")
    proper = 0
    for _ in range(200):
        vectors = drawn(source)
        equations = [vectors[number] for number in independent(vectors)]
        if not equations:
            continue
        values = [source.randint(-9, 9) for _ in equations]
        point = solve(equations, values)
        for equation, value in zip(equations, values, strict=True):
            assert sum(c * x for c, x in zip(equation, point, strict=True)) == value
        chosen = independent([list(column) for column in zip(*equations, strict=True)])
        assert not any(x for index, x in enumerate(point) if index not in chosen)
        proper += len(chosen) < len(point)
    assert proper > 50


def test_the_dual_basis() -> None:
    source = random.Random("dual")
    factors: set[int] = set()
    while len(factors) < 10:
        size = source.randint(1, 4)
        vectors = [[source.randint(-3, 3) for _ in range(size)] for _ in range(size)]
        if rank(vectors) < size:
            continue
        dual = dual_basis(vectors)
        products = [[sum(v[i] * c for i, c in d.items()) for d in dual] for v in vectors]
        factor = products[0][0]
        assert factor > 0
        assert products == [[factor * (i == j) for j in range(size)] for i in range(size)]
        assert all(all(d.values()) for d in dual)
        factors.add(factor)


@pytest.mark.parametrize("vectors", [[], [[0, 0]], [[0, 0], [0, 0]]])
def test_nothing_to_eliminate(vectors: Vectors) -> None:
    assert independent(vectors) == ()
    over = over_a_basis(vectors)
    assert (over.basis, over.denominator) == ((), 1)
    assert over.coordinates == ({},) * len(vectors)


def test_python_flint_is_loaded_when_it_is_needed() -> None:
    code = "import sys, subgrad_hardness.linear.elimination as e; print('flint' in sys.modules); e.independent([[1]]);"
    code += "print('flint' in sys.modules); e.dual_basis([[1]]); print('flint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]
