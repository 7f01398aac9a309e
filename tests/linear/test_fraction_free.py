"""``linear.fraction_free`` against python-flint and against what a reduced form is."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import fmpz_mat

from subgrad_hardness.linear import elimination
from subgrad_hardness.linear.fraction_free import Reduced, reduced_row_echelon


def test_a_matrix_by_hand() -> None:
    """Columns 0 and 2 are independent, column 1 is twice column 0."""
    assert reduced_row_echelon([[2, 4, 1], [1, 2, 1]]) == Reduced(((1, 2, 0), (0, 0, 1)), 1, (0, 2))
    assert reduced_row_echelon([[0, -3], [0, 6]]) == Reduced(((0, 3),), 3, (1,))


@pytest.mark.parametrize("matrix", [[], [[]], [[], []], [[0, 0], [0, 0]]])
def test_nothing_to_reduce(matrix: list[list[int]]) -> None:
    assert reduced_row_echelon(matrix) == Reduced((), 1, ())


@pytest.mark.parametrize("seed", range(200))
def test_as_python_flint_reduces(seed: int) -> None:
    """The same rational matrix, whatever the common denominators; dependent rows and long entries among them."""
    drawn = random.Random(seed)
    height, width, size = drawn.randint(1, 7), drawn.randint(1, 7), drawn.choice([1, 2, 9, 10**40])
    matrix = [[drawn.randint(-size, size) for _ in range(width)] for _ in range(height)]
    if drawn.random() < 0.5:
        matrix[drawn.randrange(height)] = [3 * x - 5 * y for x, y in zip(matrix[0], matrix[-1], strict=True)]
    ours = reduced_row_echelon(matrix)
    theirs, denominator, rank = fmpz_mat(height, width, [entry for row in matrix for entry in row]).rref()
    assert len(ours.rows) == len(ours.pivots) == rank
    for number, row in enumerate(ours.rows):
        assert row[ours.pivots[number]] == ours.denominator > 0
        assert not any(row[: ours.pivots[number]])
        expected = [Fraction(int(theirs[number, column]), int(denominator)) for column in range(width)]
        assert [Fraction(entry, ours.denominator) for entry in row] == expected


@pytest.mark.parametrize("seed", range(60))
def test_small_and_large_matrices_give_the_same_answers(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """``elimination`` by Python's integers and by python-flint: the same bases and coordinates."""
    drawn = random.Random(seed)
    height, width, size = drawn.randint(1, 6), drawn.randint(0, 8), drawn.choice([1, 9, 10**30])
    vectors = [[drawn.randint(-size, size) for _ in range(height)] for _ in range(width)]
    answers = []
    for few in (10**9, -1):
        monkeypatch.setattr(elimination, "_FEW_PRODUCTS", few)
        over = elimination.over_a_basis(vectors)
        assert over.basis == elimination.independent(vectors)
        assert over.denominator > 0
        answers.append([{r: Fraction(c, over.denominator) for r, c in each.items()} for each in over.coordinates])
    assert answers[0] == answers[1]
