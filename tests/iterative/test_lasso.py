"""The Lasso and total variation at real size, against enumeration of all supports and signs, and optimality alone."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.lasso.problem import Problem
from subgrad_hardness.iterative.lasso.solving import along_the_path

Rows = list[list[Fraction]]


def gauss(matrix: Rows, right: list[Fraction]) -> list[Fraction] | None:
    """The solution of a small square system, in Fractions."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for step in range(len(rows)):
        pivot = next((row for row in rows[step:] if row[step]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        rows.insert(step, [entry / pivot[step] for entry in pivot])
        for other in range(len(rows)):
            if other != step and rows[other][step]:
                factor = rows[other][step]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[step], strict=True)]
    return [row[-1] for row in rows]


def brute(q: Rows, c: list[Fraction], lam: Fraction) -> list[Fraction]:
    """The Lasso's solution: the signs in {-1, 0, 1} whose equations and conditions hold."""
    size = len(c)
    for signs in product((0, 1, -1), repeat=size):
        on = [i for i in range(size) if signs[i]]
        found = gauss([[q[i][j] for j in on] for i in on], [c[i] - lam * signs[i] for i in on])
        if found is None or any(value * signs[i] <= 0 for i, value in zip(on, found, strict=True)):
            continue
        x = [Fraction(0)] * size
        for i, value in zip(on, found, strict=True):
            x[i] = value
        slack = [c[i] - sum(a * b for a, b in zip(q[i], x, strict=True)) for i in range(size)]
        if all(abs(value) <= lam for value in slack):
            return x
    raise AssertionError("no solution")


def problem(stream: Stream) -> tuple[Rows, list[Fraction], Rows, list[Fraction]]:
    """X and y with small entries over 2 or 3, so that ties are frequent; X'X and X'y."""
    size = stream.integer(1, 3)
    x = [[Fraction(stream.integer(-2, 2), 3) for _ in range(size)] for _ in range(size + 1)]
    x += [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    y = [Fraction(stream.integer(-3, 3), 2) for _ in x]
    q = [[sum((row[i] * row[j] for row in x), Fraction(0)) for j in range(size)] for i in range(size)]
    return x, y, q, [sum((row[i] * value for row, value in zip(x, y, strict=True)), Fraction(0)) for i in range(size)]


def test_solutions_and_sides_against_enumeration() -> None:
    stream, kinks, stays, eps = Stream(0, "lasso"), 0, 0, Fraction(1, 10**12)
    for _ in range(60):
        x, y, q, c = problem(stream)
        path = sh.lasso_path(x, y, 0)
        assert path.lowest == 0
        for lam in [Fraction(stream.integer(1, 12), 6), *[value for value in path.breakpoints if value][:2]]:
            found = sh.lasso_solution(x, y, lam)
            true = brute(q, c, lam)
            assert found.dense() == true
            assert found.left is not None and found.right is not None
            right = [(b - a) / eps for a, b in zip(true, brute(q, c, lam + eps), strict=True)]
            left = [(b - a) / -eps for a, b in zip(true, brute(q, c, lam - eps), strict=True)]
            assert (found.dense(found.left), found.dense(found.right)) == (left, right)
            assert found.differentiable == (left == right)
            kinks += left != right
            stays += bool(found.edge) and left == right
            piece = path.at(lam)
            dense = dict(zip(piece.face.support, piece.face.solution(lam), strict=True))
            assert [dense.get(column, Fraction(0)) for column in range(len(c))] == true
    assert kinks > 20


def test_a_column_at_the_edge_that_stays_at_zero_is_no_kink() -> None:
    """r = (lam, 0) around lam = 1: X_1^T r = lam on both sides, and x_1 = 0."""
    found = sh.lasso_solution([[1, 1], [0, 1]], [2, 0], 1)
    assert (found.coefficients, found.edge) == ({0: Fraction(1)}, {1: 1})
    assert found.differentiable is True
    assert found.jacobian == {0: Fraction(-1)}


def test_fixture_10_and_11() -> None:
    # X'X = Q2 and X'y = c2 times 4, with lam times 4: the same solutions
    x, y = [[2, 1], [0, 1], [0, 1], [0, 1]], [6, 2, 0, 0]
    path = sh.lasso_path(x, y, 0)
    assert path.breakpoints == [12, 4]
    at_kink = sh.lasso_solution(x, y, 4)
    assert (at_kink.coefficients, at_kink.edge, at_kink.differentiable) == ({0: Fraction(2)}, {1: 1}, False)
    assert at_kink.left == {0: Fraction(-1, 6), 1: Fraction(-1, 6)}
    assert at_kink.right == {0: Fraction(-1, 4)}
    assert sh.lasso_solution(x, y, 12).coefficients == {}


def test_dependent_columns_are_said() -> None:
    found = sh.lasso_solution([[1, 1], [0, 0]], [3, 0], 1)
    assert found.unique is None and found.differentiable is None and found.left is None
    assert sum(found.dense()) == 2


def test_real_size_is_optimal_exactly() -> None:
    """Doubles, p > n: the optimality conditions again, in Fractions, from the answer alone; and along the path."""
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((20, 60)), rng.standard_normal(20)
    lam = Fraction(float(np.abs(x.T @ y).max() / 3))
    found = sh.lasso_solution(x, y, lam)
    rows = [[Fraction(entry) for entry in row] for row in x.tolist()]
    residual = [
        Fraction(value) - sum((row[column] * entry for column, entry in found.coefficients.items()), Fraction(0))
        for row, value in zip(rows, y.tolist(), strict=True)
    ]
    for column in range(60):
        product_ = sum((row[column] * entry for row, entry in zip(rows, residual, strict=True)), Fraction(0))
        entry = found.coefficients.get(column)
        assert abs(product_) < lam if entry is None else product_ == (lam if entry > 0 else -lam)
    again = along_the_path(Problem(x, y), lam, NO_LIMITS)
    assert again is not None and again.support.keys() == found.coefficients.keys()
    slope = found.jacobian
    assert slope is not None
    step = sh.lasso_solution(x, y, lam * (1 + Fraction(1, 10**9)))
    for column, entry in found.coefficients.items():
        assert step.coefficients[column] - entry == slope[column] * lam / 10**9


def test_total_variation_against_optimality() -> None:
    """x is the solution iff the sums of x - y are lam times the signs of the jumps, or less where there is none."""
    stream = Stream(1, "total variation")
    for _ in range(60):
        signal = [Fraction(stream.integer(0, 6)) for _ in range(stream.integer(2, 12))]
        path = sh.total_variation_path(signal)
        for lam in [Fraction(stream.integer(1, 20), stream.integer(1, 5)), *path.breakpoints[:2]]:
            x = path.solution(lam)
            total = Fraction(0)
            for here, after, value in zip(x, [*x[1:], None], signal, strict=True):
                total += here - value
                if after is None:
                    assert total == 0
                elif after == here:
                    assert abs(total) <= lam
                else:
                    assert total == (lam if after > here else -lam)
            eps = Fraction(1, 10**9)
            assert path.solution(lam + eps) == [a + eps * b for a, b in zip(x, path.right(lam), strict=True)]
            assert path.solution(lam - eps) == [a - eps * b for a, b in zip(x, path.left(lam), strict=True)]
            assert path.is_kink(lam) == (path.left(lam) != path.right(lam))


def test_fixture_15_path() -> None:
    path = sh.total_variation_path([0, 1, 5])
    assert path.breakpoints == (Fraction(1), Fraction(3))
    assert [path.right(lam) for lam in ("1/2", 2, 3)] == [[1, 0, -1], [Fraction(1, 2), Fraction(1, 2), -1], [0, 0, 0]]


def test_bad_problems_and_limits() -> None:
    with pytest.raises(sh.ParameterError, match="y: 1 entry, expected 2"):
        sh.lasso_solution([[1], [2]], [1], 1)
    with pytest.raises(sh.ParameterError, match="lam: not positive"):
        sh.lasso_solution([[1]], [1], 0)
    with pytest.raises(sh.ParameterError, match=r"X\[1\]: 1 entry, expected 2"):
        sh.lasso_path([[1, 2], [3]], [1, 2], 1)
    with pytest.raises(LimitReached):
        sh.lasso_path(np.eye(3), [1, 2, 3], 0, time_limit=0)
    with pytest.raises(LimitReached):
        sh.total_variation_path([1, 2, 3], time_limit=0)


def test_levels_at_which_nothing_is_known() -> None:
    path = sh.lasso_path(np.eye(2), [3, 2], 1)
    assert path.at(1).face.solution(Fraction(1)) == [2, 1]
    with pytest.raises(sh.ParameterError, match="lam: below 1, where what is known of the path ends"):
        path.at("1/2")
    fused = sh.total_variation_path([0, 1, 1, 5])
    for call in (fused.solution, fused.left, fused.right):
        with pytest.raises(sh.ParameterError, match="lam: negative"):
            call(-1)
