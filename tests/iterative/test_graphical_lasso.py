"""The graphical Lasso exactly: the fixtures, and optimality and difference quotients on random covariances."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.rational import parse_rational

S2 = [[2, 1], [1, 1]]
ONES = [[1, 1], [1, 1]]


def rows(text: str) -> tuple[tuple[Fraction, ...], ...]:
    a, b, c, d = [parse_rational(word) for word in text.split()]
    return ((a, b), (c, d))


@pytest.mark.parametrize(
    ("weights", "lam", "x", "left", "right"),
    [
        (None, "1/2", "4/7 -2/7 -2/7 8/7", "-16/49 36/49 36/49 -32/49", "-16/49 36/49 36/49 -32/49"),
        (ONES, "1/2", "3/7 -1/7 -1/7 5/7", "-16/49 24/49 24/49 -36/49", "-16/49 24/49 24/49 -36/49"),
        (None, 1, "1/2 0 0 1", "0 1/2 1/2 0", "0 0 0 0"),
        (ONES, 1, "1/3 0 0 1/2", "-1/9 1/6 1/6 -1/4", "-1/9 0 0 -1/4"),
    ],
)
def test_fixtures_17_to_19(weights: Any, lam: Any, x: str, left: str, right: str) -> None:
    found = sh.graphical_lasso_solution(S2, lam, weights=weights)
    assert (found.x, found.left, found.right) == (rows(x), rows(left), rows(right))
    assert found.differentiable == (left == right)
    assert found.edge == (() if found.differentiable else ((0, 1),))


def test_random_covariances_are_optimal_and_derivatives_right() -> None:
    stream, solved, sparse, eps = Stream(4, "covariances"), 0, 0, Fraction(1, 10**7)
    for _ in range(12):
        size = stream.integer(2, 4)
        root = [[stream.integer(-2, 2) for _ in range(size)] for _ in range(size)]
        s = [
            [sum(a * b for a, b in zip(u, v, strict=True)) + 2 * (i == j) for j, v in enumerate(root)]
            for i, u in enumerate(root)
        ]
        lam = Fraction(stream.integer(1, 8), 4)
        try:
            found = sh.graphical_lasso_solution(s, lam)
        except sh.ParameterError as refused:
            assert "chordal" in str(refused)
            continue
        solved += 1
        inverse = invert([list(row) for row in found.x])
        for i in range(size):
            for j in range(size):
                gap, entry = inverse[i][j] - s[i][j], found.x[i][j]
                if i == j:
                    assert gap == 0
                elif entry:
                    assert gap == (lam if entry > 0 else -lam)
                else:
                    assert abs(gap) <= lam
                    sparse += 1
        near = sh.graphical_lasso_solution(s, lam + eps)
        for i in range(size):
            for j in range(size):
                quotient = (near.x[i][j] - found.x[i][j]) / eps
                assert abs(quotient - found.right[i][j]) < Fraction(1, 10**4)
    assert solved >= 8 and sparse >= 4


def invert(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    size = len(matrix)
    work = [[*row, *[Fraction(int(i == j)) for j in range(size)]] for i, row in enumerate(matrix)]
    for step in range(size):
        pivot = next(i for i in range(step, size) if work[i][step])
        work[step], work[pivot] = work[pivot], work[step]
        work[step] = [entry / work[step][step] for entry in work[step]]
        for other in range(size):
            if other != step:
                factor = work[other][step]
                work[other] = [a - factor * b for a, b in zip(work[other], work[step], strict=True)]
    return [row[size:] for row in work]


def test_a_cycle_is_no_chordal_graph() -> None:
    cycle = [[2, 1, 0, 1], [1, 2, 1, 0], [0, 1, 2, 1], [1, 0, 1, 2]]
    with pytest.raises(sh.ParameterError, match="S: the pattern of the solution is no chordal graph"):
        sh.graphical_lasso_solution(
            [[4 * e if i == j else e for j, e in enumerate(r)] for i, r in enumerate(cycle)], "1/4"
        )
